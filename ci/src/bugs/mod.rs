//! `cargo ci bugs`: every planted bug under `corpus/bugs/` is caught in the simulator, by the checker that it names.
//!
//! A bug is a patch to the product's own code. Above the patch stand what it does and three lines: `scenario:`,
//! `checker:`, and `seeds:`, how many it may take. A fourth, `fault:`, names the kind of fault that alone exposes it: with
//! that left out of all plans, the same seeds must not catch it.
//!
//! **Not here**: what the scenarios do; code that anybody ships.

mod copy;
mod header;
mod hunt;
mod table;
mod workshop;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, ensure};
use serde_json::json;

use self::header::Header;
use self::hunt::{Caught, Hunt, median};
use self::table::Row;
use self::workshop::Workshop;
use crate::workspace;

/// Arguments of `cargo ci bugs`.
#[derive(clap::Args)]
pub struct Args {
    /// These alone: names of patches without `.patch`.
    #[arg(long, value_name = "NAME", num_args = 1..)]
    only: Vec<String>,
    /// So many of them, others every day.
    #[arg(long, value_name = "N", conflicts_with = "only")]
    sample: Option<usize>,
    /// Only sees whether each patch applies.
    #[arg(long, conflicts_with_all = ["check", "table", "shrink"])]
    applies: bool,
    /// Only sees whether each patch applies, and whether the tree builds with it.
    #[arg(long, conflicts_with_all = ["table", "shrink"])]
    check: bool,
    /// Hunts each so often, from other seeds on; the table has medians.
    #[arg(long, value_name = "N", default_value_t = 1)]
    rounds: u64,
    /// Makes a failure of each small, and tells how small it got.
    #[arg(long)]
    shrink: bool,
    /// Writes the table into README.md.
    #[arg(long, conflicts_with_all = ["only", "sample"])]
    table: bool,
    /// One JSON object in place of text.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let root = workspace::root();
    let patches = chosen(patches(&root)?, args)?;
    if args.applies {
        patches.iter().try_for_each(|(_, patch)| applies(&root, patch))?;
        println!("bugs: {} patches apply", patches.len());
        return Ok(());
    }
    let workshop = Workshop::of(&root);
    let mut rows = Vec::new();
    for (name, patch) in patches {
        let row = one(args, &workshop, name, &patch)?;
        if !args.json {
            println!("{}", told(&row, args.check));
        }
        rows.push(row);
    }
    if args.check {
        return Ok(());
    }
    if args.json {
        let bug = |row: &Row| json!({ "bug": row.name, "scenario": row.header.scenario, "checker": row.header.checker, "fault": row.header.fault, "caught": row.caught });
        println!("{:#}", rows.iter().map(bug).collect::<serde_json::Value>());
    }
    if args.table {
        table::write(&root, &rows)?;
    }
    verdict(&rows)
}

/// Plants one bug, and hunts it.
fn one(args: &Args, workshop: &Workshop, name: String, patch: &Path) -> anyhow::Result<Row> {
    let header = Header::read(&std::fs::read_to_string(patch)?);
    let header = header.with_context(|| patch.display().to_string())?;
    let caught = || -> anyhow::Result<Caught> {
        workshop.plant(patch)?;
        if args.check {
            workshop.check()?;
            return Ok(Caught::default());
        }
        let hunt = Hunt { runner: &workshop.build()?, header: &header };
        let mut caught = hunt.all(args.rounds)?;
        if let Some(Some(seeds)) = caught.seeds.first().filter(|_| args.shrink) {
            let folder = tempfile::tempdir()?;
            caught.shrunk = Some(hunt.shrink(seeds - 1, &folder.path().join("plan.json"))?);
        }
        Ok(caught)
    };
    let caught = caught().with_context(|| format!("bug {name}"))?;
    Ok(Row { name, header, caught })
}

/// One line of what became of a bug.
fn told(Row { name, header, caught }: &Row, only_checked: bool) -> String {
    if only_checked {
        return format!("{name}: applies and builds");
    }
    let Header { scenario, checker, seeds, fault, .. } = header;
    let mut line = match caught.median_seeds() {
        Some(seeds) => format!(
            "{name}: caught by {checker} in {scenario} after {seeds} seeds, {:.1} s",
            caught.median_seconds()
        ),
        None => format!("{name}: MISSED by {checker} in {seeds} seeds of {scenario}"),
    };
    if let Some(fault) = fault {
        line += &match caught.without_fault {
            None => format!("; not without {fault}"),
            Some(seed) => format!("; WITHOUT {fault}, TOO, under seed {seed}"),
        };
    }
    if let Some(shrunk) = &caught.shrunk {
        line += &format!("; shrunk to {} faults in {:.1} s", shrunk.faults, shrunk.seconds);
    }
    line
}

/// An error that names what was not caught, or not as it says.
fn verdict(rows: &[Row]) -> anyhow::Result<()> {
    let shrunk: Vec<_> = rows.iter().filter_map(|row| row.caught.shrunk.as_ref()).collect();
    let faults = median(shrunk.iter().map(|shrunk| shrunk.faults).collect());
    let millis = median(shrunk.iter().map(|shrunk| (shrunk.seconds * 1_000.0) as u64).collect());
    if let (Some(faults), Some(millis)) = (faults, millis) {
        eprintln!("shrunk to {faults} faults in {:.1} s, medians", millis as f64 / 1_000.0);
    }
    let is_wrong = |row: &&Row| row.caught.median_seeds().is_none() || row.caught.without_fault.is_some();
    let wrong: Vec<&str> = rows.iter().filter(is_wrong).map(|row| row.name.as_str()).collect();
    ensure!(wrong.is_empty(), "not caught, or not by its fault alone: {}", wrong.join(", "));
    eprintln!("{} planted bugs, all caught", rows.len());
    Ok(())
}

/// The patches, by name.
fn patches(root: &Path) -> anyhow::Result<Vec<(String, PathBuf)>> {
    let folder = root.join("corpus/bugs");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".patch"));
        if let Some(name) = name.map(str::to_owned) {
            found.push((name, path));
        }
    }
    found.sort();
    ensure!(!found.is_empty(), "no patch to try in {}", folder.display());
    Ok(found)
}

/// Those that the command line asks for.
fn chosen(mut patches: Vec<(String, PathBuf)>, args: &Args) -> anyhow::Result<Vec<(String, PathBuf)>> {
    if let Some(unknown) = args.only.iter().find(|only| patches.iter().all(|(name, _)| name != *only)) {
        anyhow::bail!("--only {unknown}: corpus/bugs has no patch of that name");
    }
    if !args.only.is_empty() {
        patches.retain(|(name, _)| args.only.contains(name));
    }
    if let Some(sample) = args.sample {
        let days = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() / 86_400;
        let first = usize::try_from(days)?.wrapping_mul(sample) % patches.len();
        patches.rotate_left(first);
        patches.truncate(sample);
    }
    Ok(patches)
}

/// Fails unless a patch has a header and applies to the workspace as it is.
fn applies(root: &Path, patch: &Path) -> anyhow::Result<()> {
    Header::read(&std::fs::read_to_string(patch)?).with_context(|| patch.display().to_string())?;
    let checked = Command::new("git").args(["apply", "--check"]).arg(patch).current_dir(root).status();
    ensure!(
        checked.context("git apply")?.success(),
        "{} does not apply any more: make it anew",
        patch.display()
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_that_does_not_apply_is_named() {
        let root = workspace::root();
        let folder = tempfile::tempdir().expect("a folder for tests");
        let check = |text: &str, expected: &str| {
            let patch = folder.path().join("bug.patch");
            std::fs::write(&patch, text).expect("the folder is ours");
            let error = applies(&root, &patch).expect_err("it must not be taken");
            assert!(format!("{error:#}").contains(expected), "{error:#}");
        };
        let header = "Why.\n\nscenario: s\nchecker: C\nseeds: 1\n";
        let stale = "--- a/LICENSE\n+++ b/LICENSE\n@@ -1,1 +1,1 @@\n-no such line\n+another\n";
        check(&format!("{header}\n{stale}"), "does not apply any more");
        check(stale, "`scenario: …` is missing");
    }
}
