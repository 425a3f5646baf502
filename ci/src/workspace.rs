//! Where the workspace is, and which files belong to it.
//!
//! **Not here**: what a file must look like.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

/// The folder of the workspace's `Cargo.toml`.
pub fn root() -> PathBuf {
    let ci = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    ci.parent().expect("the crate's folder lies in the workspace's").to_path_buf()
}

/// The workspace's files: paths relative to its root, with their text (none for what is not UTF-8).
#[derive(Debug, Default)]
pub struct Tree {
    files: BTreeMap<String, Option<String>>,
}

impl Tree {
    /// Reads every file that git tracks or would track.
    ///
    /// # Errors
    /// When git is missing or `root` is not a checkout.
    pub fn read(root: &Path) -> anyhow::Result<Self> {
        let listing = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(root)
            .output()
            .context("git ls-files")?;
        anyhow::ensure!(
            listing.status.success(),
            "git ls-files: {}",
            String::from_utf8_lossy(&listing.stderr)
        );
        let listing = String::from_utf8(listing.stdout).context("a file's name is not UTF-8")?;
        let files = listing
            .split_terminator('\0')
            .filter_map(|path| Some((path.to_owned(), std::fs::read(root.join(path)).ok()?)))
            .map(|(path, bytes)| (path, String::from_utf8(bytes).ok()))
            .collect();
        Ok(Self { files })
    }

    /// A tree of the given files.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        Self {
            files: files.iter().map(|(path, text)| ((*path).to_owned(), Some((*text).to_owned()))).collect(),
        }
    }

    /// Every path, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// The text of one file.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path)?.as_deref()
    }

    /// Path and text of each file whose name ends in `suffix`.
    pub fn texts<'a>(&'a self, suffix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.files
            .iter()
            .filter(move |(path, _)| path.ends_with(suffix))
            .filter_map(|(path, text)| Some((path.as_str(), text.as_deref()?)))
    }

    /// Whether `path` is a file of the tree or a folder above one.
    pub fn has(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        path.is_empty()
            || self.files.contains_key(path)
            || self.files.range(folder.clone()..).next().is_some_and(|(first, _)| first.starts_with(&folder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_and_files_are_there_and_prefixes_of_names_are_not() {
        let tree = Tree::of(&[("a/b.rs", ""), ("a-c", "")]);
        assert!(tree.has("a") && tree.has("a/") && tree.has("a/b.rs") && tree.has(""));
        assert!(!tree.has("a/b") && !tree.has("b"));
    }

    #[test]
    fn this_file_is_in_the_tree() {
        let tree = Tree::read(&root()).expect("the tests run in a checkout");
        assert!(
            tree.text("ci/src/workspace.rs").is_some_and(|text| text.contains("fn this_file_is_in_the_tree"))
        );
    }
}
