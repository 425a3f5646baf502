//! `cargo ci check`: all that is checked without running a broker, each step to its end.
//!
//! **Not here**: the rules. A step is a command that anybody can run by hand; its line says how.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::workspace;

#[cfg(test)]
mod planted_tests;

/// Arguments of `cargo ci check`.
#[derive(clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(_args: &Args) -> anyhow::Result<()> {
    let root = workspace::root();
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let ci = std::env::current_exe().context("this program's own path")?;
    let ci = ci.to_str().context("this program's own path is not UTF-8")?;
    let mut outcomes = Vec::new();
    for step in STEPS {
        println!("── {}: cargo {}", step.name, step.arguments.join(" "));
        let (program, arguments) = match step.arguments {
            ["ci", own @ ..] => (ci, own),
            all => (cargo.as_str(), all),
        };
        let start = Instant::now();
        outcomes.push((step.name, succeeds(&root, program, arguments)?, start.elapsed()));
    }
    summary(&outcomes)
}

struct Step {
    name: &'static str,
    /// What follows the word `cargo`.
    arguments: &'static [&'static str],
}

const STEPS: [Step; 7] = [
    Step { name: "tidy", arguments: &["ci", "tidy"] },
    Step { name: "deps", arguments: &["ci", "deps"] },
    Step { name: "codegen", arguments: &["ci", "codegen", "--check"] },
    Step { name: "bugs", arguments: &["ci", "bugs", "--applies"] },
    Step { name: "rustfmt", arguments: RUSTFMT },
    Step { name: "clippy", arguments: CLIPPY },
    Step { name: "rustdoc", arguments: RUSTDOC },
];

const RUSTFMT: &[&str] = &["fmt", "--all", "--check"];
const CLIPPY: &[&str] = &["clippy", "--quiet", "--workspace", "--all-targets", "--", "--deny", "warnings"];
const RUSTDOC: &[&str] = &[
    "--config",
    "build.rustdocflags=['--deny', 'warnings']",
    "doc",
    "--quiet",
    "--workspace",
    "--no-deps",
    "--document-private-items",
];

/// Runs one program in `folder`, its output going where ours goes, with nothing to read.
fn succeeds(folder: &Path, program: &str, arguments: &[&str]) -> anyhow::Result<bool> {
    let status = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .stdin(std::process::Stdio::null())
        .status()
        .with_context(|| format!("{program} {}", arguments.join(" ")))?;
    Ok(status.success())
}

/// One line a step, and an error that names those that failed.
fn summary(outcomes: &[(&str, bool, Duration)]) -> anyhow::Result<()> {
    println!("── check");
    for (name, passed, took) in outcomes {
        println!("{} {name} ({:.1} s)", if *passed { "ok    " } else { "FAILED" }, took.as_secs_f64());
    }
    let failed: Vec<&str> =
        outcomes.iter().filter(|(_, passed, _)| !passed).map(|(name, ..)| *name).collect();
    anyhow::ensure!(
        failed.is_empty(),
        "check: {} of {} failed: {}",
        failed.len(),
        outcomes.len(),
        failed.join(", ")
    );
    println!("check: all {} passed", outcomes.len());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failure_is_named_and_none_is_needed_to_pass() {
        let took = Duration::from_secs(1);
        let failed = summary(&[("a", false, took), ("b", true, took), ("c", false, took)]);
        assert_eq!(failed.expect_err("two failed").to_string(), "check: 2 of 3 failed: a, c");
        summary(&[("a", true, took)]).expect("none failed");
    }
}
