//! What CI does, on a laptop too: `cargo ci`. One module a command; each has `Args` and `run`.
//!
//! **Not here**: anything that ships. Commands drive the built binary from outside.

mod codegen;

use clap::{Parser, Subcommand};

/// Checks, generated code, foreign clients and benchmarks of Klamm.
#[derive(Parser)]
#[command(name = "cargo ci")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Writes the protocol's Rust code from its schema files.
    Codegen(codegen::Args),
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Codegen(args) => codegen::run(&args),
    }
}
