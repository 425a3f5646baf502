//! One copy of the workspace with one folder for its builds: patches go into it one after the other, and each build finds
//! only what differs. Not here: which patches, and what is run.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};

use super::copy;

/// The copy, under `target/bugs/`.
pub(super) struct Workshop {
    root: PathBuf,
    tree: PathBuf,
    builds: PathBuf,
}

impl Workshop {
    pub(super) fn of(root: &Path) -> Self {
        let place = root.join("target/bugs");
        Self { root: root.to_owned(), tree: place.join("tree"), builds: place.join("build") }
    }

    /// Makes the copy the workspace with one patch.
    pub(super) fn plant(&self, patch: &Path) -> anyhow::Result<()> {
        copy::refresh(&self.root, &self.tree)?;
        // Without a repository around it, git takes paths as they are.
        let status = Command::new("git")
            .args(["apply", "--whitespace=nowarn"])
            .arg(patch)
            .current_dir(&self.tree)
            .env("GIT_DIR", self.tree.join("none"))
            .status()
            .context("git apply")?;
        ensure!(status.success(), "{} does not apply any more: make it anew", patch.display());
        Ok(())
    }

    /// Builds the runner of scenarios, and gives its path.
    pub(super) fn build(&self) -> anyhow::Result<PathBuf> {
        self.cargo(&["build", "--quiet", "--profile", "sim", "--package", "klamm-scenarios"])?;
        Ok(self.builds.join("sim/klamm-scenarios"))
    }

    /// Sees whether it would build.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        self.cargo(&["check", "--quiet", "--package", "klamm-scenarios"])
    }

    fn cargo(&self, arguments: &[&str]) -> anyhow::Result<()> {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let status = Command::new(cargo)
            .args(arguments)
            .current_dir(&self.tree)
            .env("CARGO_TARGET_DIR", &self.builds)
            .env("CARGO_INCREMENTAL", "1")
            .status()
            .with_context(|| format!("cargo {}", arguments.join(" ")))?;
        ensure!(status.success(), "the tree with the bug does not build");
        Ok(())
    }
}
