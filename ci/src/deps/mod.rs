//! `cargo ci deps`: what the crates depend on, held against rules that are data.
//!
//! ```text
//!   edges      who may depend on whom (`table`), and which doors to the world are for engines alone
//!   licences   everything that is built has a licence from the list
//!   rivals     one crate for one job, in one version
//! ```
//!
//! **Not here**: known vulnerabilities; `cargo deny check` reads `deny.toml` where the network reaches the
//! advisory database.

mod edges;
mod graph;
mod licences;
mod rivals;
mod table;

use crate::finding::verdict;
use crate::workspace;

/// Arguments of `cargo ci deps`.
#[derive(clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(_args: &Args) -> anyhow::Result<()> {
    let graph = graph::Graph::read(&workspace::root())?;
    let mut found = Vec::new();
    edges::check(&graph, &mut found);
    licences::check(&graph, &mut found);
    rivals::check(&graph, &mut found);
    verdict("deps", found)
}
