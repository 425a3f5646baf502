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

use std::path::Path;

use crate::finding::{Finding, verdict};
use crate::workspace;

/// Arguments of `cargo ci deps`.
#[derive(clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(_args: &Args) -> anyhow::Result<()> {
    verdict("deps", check(&workspace::root())?)
}

/// What the rules have against the workspace at `root`.
fn check(root: &Path) -> anyhow::Result<Vec<Finding>> {
    let graph = graph::Graph::read(root)?;
    let mut found = Vec::new();
    edges::check(&graph, &mut found);
    licences::check(&graph, &mut found);
    rivals::check(&graph, &mut found);
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A workspace of an engine and the seam; the seam's manifest ends in these lines.
    fn check_planted(lines: &str) -> Vec<String> {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("it lies in the folder")).expect("it can be written");
            fs::write(path, text).expect("it can be written");
        };
        let package = |name| format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n");
        write("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"sim\", \"sim/env\"]\n");
        write("sim/Cargo.toml", &package("klamm-sim"));
        write("sim/src/lib.rs", "");
        write("sim/env/Cargo.toml", &format!("{}{lines}", package("klamm-env")));
        write("sim/env/src/lib.rs", "");
        check(folder.path()).expect("cargo reads it").iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_edge_that_the_table_does_not_allow_is_found_in_a_workspace() {
        assert_eq!(check_planted(""), [""; 0]);
        assert_eq!(check_planted("[dev-dependencies]\nklamm-sim = { path = \"..\" }\n"), [""; 0]);
        let found = check_planted("[dependencies]\nklamm-sim = { path = \"..\" }\n");
        assert!(found.len() == 1 && found[0].starts_with("sim/env/Cargo.toml:5: klamm-env"), "{found:?}");
    }
}
