//! Runs scenarios on a tree with a bug until its checker has caught it. Not here: planting it.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, bail, ensure};
use serde::{Deserialize, Serialize};

use super::header::Header;

/// Rounds begin with seeds that lie so far apart.
const ROUNDS_APART: u64 = 100_000;

/// What became of a bug.
#[derive(Debug, Default, Serialize)]
pub(super) struct Caught {
    /// Seeds that each round took; `None` where it was not caught.
    pub(super) seeds: Vec<Option<u64>>,
    /// And how long.
    pub(super) seconds: Vec<f64>,
    /// With its fault left out, in so many seeds as it may take: the first that caught it all the same.
    pub(super) without_fault: Option<u64>,
    /// The smallest plan that shows it still.
    pub(super) shrunk: Option<Shrunk>,
}

/// What `shrink` came to.
#[derive(Debug, Serialize)]
pub(super) struct Shrunk {
    pub(super) faults: usize,
    pub(super) seconds: f64,
}

impl Caught {
    pub(super) fn median_seeds(&self) -> Option<u64> {
        let all: Option<Vec<u64>> = self.seeds.iter().copied().collect();
        median(all?)
    }

    pub(super) fn median_seconds(&self) -> f64 {
        let mut seconds = self.seconds.clone();
        seconds.sort_by(f64::total_cmp);
        seconds.get(seconds.len() / 2).copied().unwrap_or_default()
    }
}

/// The middle one, the higher of two.
pub(super) fn median<T: Ord + Copy>(mut all: Vec<T>) -> Option<T> {
    all.sort_unstable();
    all.get(all.len() / 2).copied()
}

/// What the runner says with `--json`, as far as it matters here.
#[derive(Deserialize)]
struct Report {
    reached_seed: Option<u64>,
}

/// The plan that shrinking wrote, as far as it matters here.
#[derive(Deserialize)]
struct Plan {
    faults: Vec<serde_json::Value>,
}

/// A runner built with the bug, and what it must catch.
pub(super) struct Hunt<'a> {
    pub(super) runner: &'a Path,
    pub(super) header: &'a Header,
}

impl Hunt<'_> {
    /// Hunts so often, each time from other seeds on, and then without the fault.
    pub(super) fn all(&self, rounds: u64) -> anyhow::Result<Caught> {
        let mut caught = Caught::default();
        for round in 0..rounds {
            let (began, from) = (Instant::now(), round * ROUNDS_APART);
            let seed = self.first_caught(from, None)?;
            caught.seeds.push(seed.map(|seed| seed - from + 1));
            caught.seconds.push(began.elapsed().as_secs_f64());
        }
        if let Some(fault) = &self.header.fault {
            caught.without_fault = self.first_caught(0, Some(fault))?;
        }
        Ok(caught)
    }

    /// The first seed that catches it.
    fn first_caught(&self, from: u64, without: Option<&str>) -> anyhow::Result<Option<u64>> {
        let Header { scenario, checker, seeds, .. } = self.header;
        let seeds = format!("{from}..{}", from + seeds);
        let mut command = Command::new(self.runner);
        command.args(["run", scenario, "--json", "--seeds", &seeds, "--until", checker]);
        command.args(without.iter().flat_map(|fault| ["--without", fault]));
        let output = command.output().with_context(|| self.runner.display().to_string())?;
        let Ok(report) = serde_json::from_slice::<Report>(&output.stdout) else {
            bail!("the runner gave no report: {}", String::from_utf8_lossy(&output.stderr));
        };
        Ok(report.reached_seed)
    }

    /// Shrinks the failure of one seed; the plan goes to `file`.
    pub(super) fn shrink(&self, seed: u64, file: &Path) -> anyhow::Result<Shrunk> {
        let began = Instant::now();
        let output = Command::new(self.runner)
            .args(["shrink", &self.header.scenario, &seed.to_string(), "--invariant", &self.header.checker])
            .arg("--out")
            .arg(file)
            .output()
            .with_context(|| self.runner.display().to_string())?;
        ensure!(output.status.success(), "shrink: {}", String::from_utf8_lossy(&output.stderr));
        let seconds = began.elapsed().as_secs_f64();
        let plan: Plan = serde_json::from_slice(&std::fs::read(file)?).context("the shrunk plan")?;
        Ok(Shrunk { faults: plan.faults.len(), seconds })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bug_that_one_round_misses_has_no_median() {
        let check = |seeds: &[Option<u64>], expected| {
            let caught = Caught { seeds: seeds.to_vec(), ..Caught::default() };
            assert_eq!(caught.median_seeds(), expected, "{seeds:?}");
        };
        check(&[Some(9), Some(1), Some(4)], Some(4));
        check(&[Some(2), Some(8)], Some(8));
        check(&[Some(1), None, Some(1)], None);
        check(&[], None);
    }
}
