//! What may lie at the top level, and which folders have a `clippy.toml` of their own.
//!
//! Clippy takes the nearest `clippy.toml` above a crate. Engines and `ci` touch the world, so theirs has no bans; a
//! crate in a folder below an engine's must therefore bring the bans back with a link to the root's file.
//!
//! Not here: what a file must look like.

use std::collections::BTreeSet;

use crate::finding::Finding;
use crate::workspace::Tree;

/// The house itself, and what Cargo, rustup, rustfmt, Clippy, cargo-deny, git and CI look for by name.
const TOP_LEVEL: [&str; 22] = [
    ".cargo",
    ".ci",
    ".git",
    ".gitattributes",
    ".github",
    ".gitignore",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "broker",
    "ci",
    "client",
    "clippy.toml",
    "corpus",
    "deny.toml",
    "rust-toolchain.toml",
    "rustfmt.toml",
    "scenarios",
    "sim",
];

/// Crates that may touch the world directly.
const PERMISSIVE: [&str; 5] = [
    "sim/clippy.toml",
    "sim/tokio/clippy.toml",
    "sim/turmoil/clippy.toml",
    "sim/madsim/clippy.toml",
    "ci/clippy.toml",
];

/// Crates below an engine's folder that may not.
const STRICT: [&str; 3] = ["sim/env", "sim/conformance", "sim/hosted"];

pub(super) fn check(tree: &Tree, found: &mut Vec<Finding>) {
    let entries: BTreeSet<&str> = tree.paths().filter_map(|path| path.split('/').next()).collect();
    for entry in entries {
        if !TOP_LEVEL.contains(&entry) {
            let allowed = format!("the top level is fixed: {}", TOP_LEVEL.join(" "));
            found.push(Finding::new(entry, 1, "not an entry of the top level", allowed));
        }
    }
    let Some(bans) = tree.text("clippy.toml") else { return };
    for (path, text) in tree.texts("clippy.toml") {
        if text != bans && !PERMISSIVE.contains(&path) {
            let allowed = "only engines and ci have one of their own; elsewhere it is a link to the root's";
            found.push(Finding::new(path, 1, "a clippy.toml that differs from the root's", allowed));
        }
    }
    for folder in STRICT {
        let path = format!("{folder}/clippy.toml");
        if tree.has(folder) && !tree.has(&path) {
            let wrong = "without it, Clippy takes the permissive file of the folder above";
            found.push(Finding::new(path, 1, wrong, "make it a link to the root's clippy.toml"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::check;

    #[test]
    fn an_entry_that_is_not_of_the_house_is_found() {
        let found = check(&[("README.md", ""), ("scripts/run.sh", "")]);
        assert!(
            found.len() == 1 && found[0].starts_with("scripts:1: not an entry of the top level"),
            "{found:?}"
        );
    }

    #[test]
    fn bans_cannot_be_lifted_by_a_file_in_between() {
        let bans = ("clippy.toml", "bans");
        assert_eq!(check(&[bans, ("sim/clippy.toml", ""), ("broker/clippy.toml", "bans")]), [""; 0]);
        let found = check(&[bans, ("broker/clippy.toml", "")]);
        assert!(found.len() == 1 && found[0].starts_with("broker/clippy.toml:1: "), "{found:?}");
        let found = check(&[bans, ("sim/clippy.toml", ""), ("sim/env/Cargo.toml", "")]);
        assert!(found.len() == 1 && found[0].starts_with("sim/env/clippy.toml:1: without it"), "{found:?}");
    }
}
