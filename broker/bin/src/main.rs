//! The one binary: a broker, and Kafka's tools under Kafka's names.
//!
//! ```text
//!   argv ── called_as ──▶ commands (clap) ──▶ broker ────────▶ klamm-broker
//!                                        ├──▶ topics, … ─────▶ klamm-client
//!                                        └──▶ dump-log ──────▶ files
//! ```
//!
//! **Invariants**
//! 1. An error is one sentence on stderr, and the exit code is 1, for a command line that cannot be too.
//! 2. A tool's stdout carries answers alone.
//! 3. Flags, their defaults and the columns of answers are Kafka's; what is ours alone has a flag of its own (`--json`).
//!
//! **Not here**: anything a library could do.

mod called_as;
mod commands;
mod connection;
mod logging;
mod output;

use clap::Parser;

fn main() {
    let outcome = match commands::Klamm::try_parse_from(called_as::arguments(std::env::args_os())) {
        Ok(klamm) => klamm.run(),
        Err(error) => std::process::exit(say(&error)),
    };
    if let Err(error) = outcome {
        std::process::exit(report(&error));
    }
}

/// Says what is wrong with a command line, or the help that it asked for; the process's exit code.
fn say(error: &clap::Error) -> i32 {
    // Whoever does not listen misses it.
    let _ = error.print();
    i32::from(error.use_stderr())
}

/// Says what stopped a command; the process's exit code.
fn report(error: &anyhow::Error) -> i32 {
    if output::is_closed_pipe(error) {
        return 0;
    }
    output::complain(&format!("klamm: {error:#}\n"));
    1
}
