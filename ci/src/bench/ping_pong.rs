//! How many round trips a simulator makes in a second of real time: an example of each engine.
//!
//! **Not here**: what the nodes do (`sim/conformance/src/ping_pong.rs`).

use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use super::subject::Subject;
use crate::brokers::command::run;
use crate::{madsim, workspace};

/// Building it and running it.
const PATIENCE: Duration = Duration::from_secs(900);

/// Runs the example of this engine, optimised.
pub(super) fn round_trips_a_second(engine: Subject) -> Result<f64> {
    let (mut command, package, example) = match engine {
        Subject::Simulator => (plain_cargo(), "klamm-sim", "ping_pong"),
        Subject::Turmoil => (plain_cargo(), "klamm-env-turmoil", "ping_pong_turmoil"),
        Subject::Madsim => (madsim::cargo("run"), "klamm-env-madsim", "ping_pong_madsim"),
        _ => bail!("{} is no simulator", engine.name()),
    };
    command.args(["--quiet", "--release", "--package", package, "--example", example]);
    let output = String::from_utf8(run(&mut command, PATIENCE)?)?;
    rate(&output).with_context(|| format!("the example tells no rate: {output}"))
}

fn plain_cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.arg("run").current_dir(workspace::root());
    command
}

/// The rate in `... round trips in ...: RATE a second...`.
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
