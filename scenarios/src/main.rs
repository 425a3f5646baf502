//! `cargo sim`: the seeded scenarios from the command line. Not here: anything but the list of scenarios.

use std::io;
use std::process::ExitCode;

use clap::Parser as _;
use klamm_scenarios::runner::{Args, Runner};
use klamm_scenarios::stories;

fn main() -> anyhow::Result<ExitCode> {
    Runner::new(stories::ALL).run(&Args::parse(), &mut io::stdout().lock())
}
