//! `klamm completion`: a script that completes command lines. Not here: what the commands take; clap knows.

use anyhow::Result;
use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::Klamm;
use crate::output;

const EXAMPLE: &str = "\
Example:
  klamm completion bash > /etc/bash_completion.d/klamm";

/// Prints a script that lets a shell complete klamm's command lines
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(crate) struct Completion {
    /// The shell
    shell: Shell,
}

impl Completion {
    /// Prints the script.
    pub(crate) fn run(self) -> Result<()> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Klamm::command(), "klamm", &mut script);
        output::print(&String::from_utf8_lossy(&script))
    }
}
