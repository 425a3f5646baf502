//! `cargo ci madsim`: the engine on madsim, with the cfg that madsim asks for and a folder for what is built with it.
//!
//! **Not here**: what runs on the engine (`sim/madsim/tests`, `scenarios/tests/engines.rs`).

use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};

use crate::workspace;

/// Arguments of `cargo ci madsim`.
#[derive(clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(_args: &Args) -> anyhow::Result<()> {
    let mut tests = cargo("test");
    tests.args(["--package", "klamm-env-madsim", "--test", "conformance"]);
    tests.args(["--package", "klamm-scenarios", "--test", "engines"]);
    let status = tests.stdin(Stdio::null()).status().context("cargo test")?;
    ensure!(status.success(), "the tests on madsim: {status}");
    Ok(())
}

/// Cargo, about to build with the cfg: under `target/madsim/`, since everything that is linked with it has it too.
pub(crate) fn cargo(subcommand: &str) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .arg(subcommand)
        .current_dir(workspace::root())
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env("RUSTFLAGS", "--cfg madsim --deny warnings")
        .env("CARGO_TARGET_DIR", workspace::root().join("target/madsim"));
    command
}
