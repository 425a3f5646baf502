//! What CI does, and the same on a laptop: `cargo ci`.
//!
//! ```text
//!   check ─┬─ tidy ── deps ── codegen --check     rules of this workspace, from its files and `cargo metadata`
//!          └─ rustfmt ── clippy                   everybody's rules, with the bans of clippy.toml
//! ```
//!
//! **Invariants**
//! 1. One folder a command: `Args` is its command line, `run` does it, its tests plant what it must catch.
//! 2. A finding is one line, `path:line: what is wrong; what is allowed`, and the exit code is then not 0.
//! 3. Nothing asks a question, and nothing but what the command is for is changed.
//!
//! **Not here**: anything that ships. Commands drive the built binary from outside.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is a command, and that is its output")]
#![allow(unreachable_pub, reason = "the modules of a binary speak to each other")]

mod behaviour;
mod bench;
mod brokers;
mod bugs;
mod check;
mod codegen;
mod deps;
mod finding;
mod interop;
mod madsim;
mod tidy;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Checks, generated code, foreign clients and benchmarks of Klamm.
#[derive(Parser)]
#[command(name = "cargo ci", bin_name = "cargo ci")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Holds what a broker does with odd and bad requests against what Apache Kafka does.
    Behaviour(behaviour::Args),
    /// Compares brokers under the same load: CPU, memory, throughput, latency.
    Bench(bench::Args),
    /// Plants each bug of the corpus in a copy of the tree, and sees the simulator catch it.
    Bugs(bugs::Args),
    /// Runs tidy, deps, codegen --check, bugs --applies, rustfmt and Clippy, all to the end, and says which failed.
    Check(check::Args),
    /// Writes the protocol's Rust code from its schema files.
    Codegen(codegen::Args),
    /// Holds the crates' dependencies against the table of who may depend on whom, and their licences.
    Deps(deps::Args),
    /// Drives foreign clients, installed by package name, against a broker.
    Interop(interop::Args),
    /// Builds the engine on madsim with its cfg, and runs the conformance suite and the stories on it.
    Madsim(madsim::Args),
    /// Holds every file against the rules of the house that neither rustfmt nor Clippy knows.
    Tidy(tidy::Args),
}

fn main() -> ExitCode {
    match run(&Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command) -> anyhow::Result<()> {
    match command {
        Command::Behaviour(args) => behaviour::run(args),
        Command::Bench(args) => bench::run(args),
        Command::Bugs(args) => bugs::run(args),
        Command::Check(args) => check::run(args),
        Command::Codegen(args) => codegen::run(args),
        Command::Deps(args) => deps::run(args),
        Command::Interop(args) => interop::run(args),
        Command::Madsim(args) => madsim::run(args),
        Command::Tidy(args) => tidy::run(args),
    }
}
