//! `cargo ci bugs`: every planted bug under `corpus/bugs/` is caught in the simulator, by the checker that it names.
//!
//! A bug is a patch to the product's own code. Above the patch stand what it does and three lines: `scenario:`,
//! `checker:`, and `seeds:`, how many it may take. It is applied to a copy of the tree under `target/bugs/`.
//!
//! **Not here**: what the scenarios do; code that anybody ships.

mod copy;
mod header;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail, ensure};
use serde::Deserialize;

use self::header::Header;
use crate::workspace;

/// Seeds that one call of the runner gets: a bug is usually caught by the first few.
const SEEDS_AT_ONCE: u64 = 10;

/// Arguments of `cargo ci bugs`.
#[derive(clap::Args)]
pub struct Args {
    /// Only this one: the name of its patch without `.patch`.
    bug: Option<String>,
}

/// Runs the command.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let root = workspace::root();
    let mut missed = Vec::new();
    let patches = patches(&root, args.bug.as_deref())?;
    for (name, patch) in &patches {
        let header =
            Header::read(&std::fs::read_to_string(patch)?).with_context(|| patch.display().to_string())?;
        match hunt(&root, patch, &header).with_context(|| format!("bug {name}"))? {
            Some(seeds) => {
                println!("{name}: caught by {} in {} after {seeds} seeds", header.checker, header.scenario);
            }
            None => {
                println!(
                    "{name}: MISSED by {} in {} seeds of {}",
                    header.checker, header.seeds, header.scenario
                );
                missed.push(name.as_str());
            }
        }
    }
    ensure!(missed.is_empty(), "not caught: {}", missed.join(", "));
    println!("{} planted bugs, all caught", patches.len());
    Ok(())
}

/// The patches, by name.
fn patches(root: &Path, only: Option<&str>) -> anyhow::Result<Vec<(String, PathBuf)>> {
    let folder = root.join("corpus/bugs");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let name =
            path.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_suffix(".patch"));
        let Some(name) = name.map(str::to_owned) else { continue };
        if only.is_none_or(|only| only == name) {
            found.push((name, path));
        }
    }
    found.sort();
    ensure!(!found.is_empty(), "no patch to try in {}", folder.display());
    Ok(found)
}

/// How many seeds it took until the checker named caught it; `None` if it did not.
fn hunt(root: &Path, patch: &Path, header: &Header) -> anyhow::Result<Option<u64>> {
    let place = root.join("target/bugs");
    let tree = place.join("tree");
    copy::refresh(root, &tree)?;
    apply(&tree, patch)?;
    let runner = build(&tree, &place.join("build"))?;
    for from in (0..header.seeds).step_by(usize::try_from(SEEDS_AT_ONCE)?) {
        let until = header.seeds.min(from + SEEDS_AT_ONCE);
        if let Some(seed) = first_caught(&runner, header, from, until)? {
            return Ok(Some(seed + 1));
        }
    }
    Ok(None)
}

fn apply(tree: &Path, patch: &Path) -> anyhow::Result<()> {
    // Without a repository around it, git takes paths as they are.
    let status = Command::new("git")
        .args(["apply", "--whitespace=nowarn"])
        .arg(patch)
        .current_dir(tree)
        .env("GIT_DIR", tree.join("none"))
        .status()
        .context("git apply")?;
    ensure!(status.success(), "{} does not apply any more: make it anew", patch.display());
    Ok(())
}

fn build(tree: &Path, target: &Path) -> anyhow::Result<PathBuf> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let status = Command::new(cargo)
        .args(["build", "--quiet", "--profile", "sim", "--package", "klamm-scenarios"])
        .current_dir(tree)
        .env("CARGO_TARGET_DIR", target)
        .status()
        .context("cargo build")?;
    ensure!(status.success(), "the tree with the bug does not build");
    Ok(target.join("sim/klamm-scenarios"))
}

/// What the runner says with `--json`, as far as it matters here.
#[derive(Deserialize)]
struct Report {
    failed: Vec<Failure>,
}

#[derive(Deserialize)]
struct Failure {
    seed: u64,
    violations: Vec<Violation>,
}

#[derive(Deserialize)]
struct Violation {
    invariant: String,
}

fn first_caught(runner: &Path, header: &Header, from: u64, until: u64) -> anyhow::Result<Option<u64>> {
    let output = Command::new(runner)
        .args(["run", &header.scenario, "--json", "--seeds", &format!("{from}..{until}")])
        .output()
        .with_context(|| runner.display().to_string())?;
    let Ok(report) = serde_json::from_slice::<Report>(&output.stdout) else {
        bail!("the runner gave no report: {}", String::from_utf8_lossy(&output.stderr));
    };
    let caught =
        |failure: &&Failure| failure.violations.iter().any(|found| found.invariant == header.checker);
    Ok(report.failed.iter().find(caught).map(|failure| failure.seed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_patch_has_a_header_and_applies() {
        let root = workspace::root();
        for (name, patch) in patches(&root, None).expect("there are patches") {
            let text = std::fs::read_to_string(&patch).expect("it was listed");
            Header::read(&text).unwrap_or_else(|error| panic!("{name}: {error:#}"));
            let checked =
                Command::new("git").args(["apply", "--check"]).arg(&patch).current_dir(&root).status();
            assert!(
                checked.is_ok_and(|status| status.success()),
                "{name} does not apply any more: make it anew"
            );
        }
    }
}
