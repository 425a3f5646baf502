//! How many round trips the simulator makes in a second of real time: `sim/examples/ping_pong.rs`.
//!
//! **Not here**: what the nodes do.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::brokers::command::run;
use crate::workspace;

/// Building it and running it.
const PATIENCE: Duration = Duration::from_secs(900);

/// Runs the example, optimised.
pub(super) fn round_trips_a_second() -> Result<f64> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["run", "--quiet", "--release", "--package", "klamm-sim", "--example", "ping_pong"]);
    let output = String::from_utf8(run(command.current_dir(workspace::root()), PATIENCE)?)?;
    rate(&output).with_context(|| format!("the example tells no rate: {output}"))
}

/// The rate in `... round trips in ...: RATE a second, ...`.
fn rate(line: &str) -> Option<f64> {
    let (_, rest) = line.split_once(": ")?;
    rest.split_once(" a second")?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_read_from_the_line() {
        let line = "900000 round trips in 0.600 s: 1500000 a second, hash 0x1";
        assert_eq!(rate(line), Some(1_500_000.0));
        assert_eq!(rate("error: no such example"), None);
    }
}
