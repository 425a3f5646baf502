//! `cargo sim shrink`: a failure again with less, as a file that the tests replay. Not here: how plans are made smaller.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;

use super::seed::{self, Run};
use crate::checkers::Violation;
use crate::plan::Plan;
use crate::scenario::Scenario;
use crate::shrink::shrink;

/// What the command line says about it.
#[derive(Debug, clap::Args)]
pub(super) struct ShrinkArgs {
    /// A name from `cargo sim list`.
    scenario: String,
    /// As printed by the failure.
    seed: u64,
    /// A plan to begin with in place of the one that the seed draws.
    #[arg(long, value_name = "FILE")]
    plan: Option<PathBuf>,
    /// Plans to run at most.
    #[arg(long, value_name = "N", default_value_t = 400)]
    runs: u32,
    /// The invariant whose failure is to stay; the first that is broken if nothing is said.
    #[arg(long, value_name = "INVARIANT")]
    invariant: Option<String>,
    /// Where the shrunk plan goes; `corpus/plans/SCENARIO-SEED.json` if nothing is said.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl ShrinkArgs {
    pub(super) fn scenario(&self) -> &str {
        &self.scenario
    }

    pub(super) fn seed(&self) -> u64 {
        self.seed
    }

    pub(super) fn plan(&self) -> Option<&Path> {
        self.plan.as_deref()
    }

    fn file(&self) -> PathBuf {
        self.out.clone().unwrap_or_else(|| {
            let here = Path::new(env!("CARGO_MANIFEST_DIR"));
            let root = here.parent().expect("this crate is a folder of the workspace");
            root.join("corpus/plans").join(format!("{}-{}.json", self.scenario, self.seed))
        })
    }
}

/// The first invariant that a run broke, or the one asked for; a run that was too small to mean anything broke none.
fn broken(run: &Run, asked: Option<&str>) -> Option<&'static str> {
    let mut broken = run.outcome.violations.iter().filter(|violation| !violation.is_vacuity());
    broken.find(|found| asked.is_none_or(|asked| asked == found.invariant)).map(|found| found.invariant)
}

/// Shrinks `plan`, and writes what is left to its file.
#[expect(
    clippy::disallowed_methods,
    reason = "the runner is outside the simulation: it measures real time, and the file is the user's own"
)]
pub(super) fn run(
    scenario: &dyn Scenario,
    plan: &Plan,
    args: &ShrinkArgs,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let began = std::time::Instant::now();
    let invariant = broken(&seed::run(scenario, plan), args.invariant.as_deref()).with_context(|| {
        format!("there is nothing to shrink: {} holds under seed {}", plan.scenario, plan.seed)
    })?;
    let breaks_it = |violation: &Violation| violation.invariant == invariant;
    let shrunk = shrink(plan, args.runs, |candidate| seed::run(scenario, candidate).breaks(invariant));
    let took = began.elapsed();
    let file = args.file();
    let placed = || -> std::io::Result<()> {
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&file, shrunk.plan.to_json() + "\n")
    };
    placed().with_context(|| format!("--out {}", file.display()))?;
    let run = Run { plan_file: Some(file), ..seed::run(scenario, &shrunk.plan) };
    writeln!(out, "{}", shrunk.plan.to_json())?;
    for violation in run.outcome.violations.iter().filter(|violation| breaks_it(violation)).take(1) {
        writeln!(out, "{violation}")?;
    }
    write_summary(plan, &shrunk.plan, out)?;
    let why = if shrunk.used_up { ", the most that it was allowed" } else { "" };
    writeln!(out, "{} runs{why}, {:.1} s", shrunk.runs, Duration::as_secs_f64(&took))?;
    writeln!(out, "replay: {}", run.replay_line())?;
    Ok(())
}

fn write_summary(before: &Plan, after: &Plan, out: &mut dyn Write) -> std::io::Result<()> {
    let size = |plan: &Plan| {
        let Plan { knobs, load_ms, faults, .. } = plan;
        let partitions = u32::from(knobs.topics) * u32::from(knobs.partitions);
        format!(
            "{} faults, {:.1} s of load, {} producers, {} consumers, {partitions} partitions",
            faults.len(),
            *load_ms as f64 / 1_000.0,
            knobs.producers,
            knobs.consumers,
        )
    };
    writeln!(out, "before: {}\nafter:  {}", size(before), size(after))
}
