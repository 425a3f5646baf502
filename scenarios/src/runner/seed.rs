//! One seed: a world that is run, whatever becomes of it. Not here: many of them.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::checkers::Violation;
use crate::marks::{self, Marks};
use crate::plan::Plan;
use crate::scenario::{Outcome, Scenario};

/// What a seed came to.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) scenario: &'static str,
    pub(super) seed: u64,
    /// The plan's file, where it is not the seed's own plan.
    pub(super) plan_file: Option<PathBuf>,
    pub(super) outcome: Outcome,
    pub(super) marks: Marks,
}

impl Run {
    /// Whether an invariant did not hold.
    pub(super) fn breaks(&self, invariant: &str) -> bool {
        self.outcome.violations.iter().any(|violation| violation.invariant == invariant)
    }

    /// The line that runs it again.
    pub(super) fn replay_line(&self) -> String {
        replay_line(self.scenario, self.seed, self.plan_file.as_deref())
    }
}

/// The line that runs a seed again, or the plan in `file`.
pub(super) fn replay_line(scenario: &str, seed: u64, file: Option<&Path>) -> String {
    let plan = file.map(|file| format!(" --plan {}", file.display()));
    format!("cargo sim replay {scenario} {seed}{}", plan.unwrap_or_default())
}

/// Runs a plan on this thread.
pub(super) fn run(scenario: &dyn Scenario, plan: &Plan) -> Run {
    marks::take();
    let outcome =
        catch_unwind(AssertUnwindSafe(|| scenario.run(plan))).unwrap_or_else(|panic| panicked(&*panic));
    Run { scenario: scenario.name(), seed: plan.seed, plan_file: None, outcome, marks: marks::take() }
}

fn panicked(panic: &(dyn Any + Send)) -> Outcome {
    Outcome {
        violations: vec![Violation::of_panic(panic, Duration::ZERO)],
        hash: 0,
        simulated: Duration::ZERO,
        acknowledged: 0,
        events: 0,
        tail: Vec::new(),
    }
}
