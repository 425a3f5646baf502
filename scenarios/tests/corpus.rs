//! Every plan in `corpus/plans` again: what once broke an invariant, shrunk, and plans worth keeping.

use std::path::{Path, PathBuf};

use klamm_scenarios::plan::{Fault, Plan};
use klamm_scenarios::runner::describe_failure;
use klamm_scenarios::scenario::Outcome;
use klamm_scenarios::stories;

#[expect(clippy::disallowed_methods, reason = "plans are read outside of any world")]
fn plans() -> Vec<(PathBuf, Plan)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus/plans");
    let entries = std::fs::read_dir(folder).expect("the folder is part of the project");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("it can be listed").path()).collect();
    files.sort();
    let read = |file: PathBuf| {
        let text = std::fs::read_to_string(&file).expect("the folder holds plans alone");
        let plan: Plan = serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{} is no plan: {error}", file.display()));
        assert_eq!(text.trim_end(), plan.to_json(), "{} is not as plans are written", file.display());
        (file, plan)
    };
    files.into_iter().map(read).collect()
}

fn replay(plan: &Plan) -> Outcome {
    let scenario = stories::ALL.iter().find(|scenario| scenario.name() == plan.scenario);
    let scenario = scenario.unwrap_or_else(|| panic!("no scenario is called {}", plan.scenario));
    let mut outcome = scenario.run(plan);
    // A shrunk plan need not tell the whole story; it stands for the one thing that once went wrong.
    outcome.violations.retain(|violation| !violation.is_vacuity());
    outcome
}

#[test]
fn every_plan_holds() {
    let plans = plans();
    assert!(!plans.is_empty(), "without a plan this test says nothing");
    let mut broken = Vec::new();
    for (file, plan) in &plans {
        let outcome = replay(plan);
        assert!(outcome.acknowledged > 0, "{} sends nothing", file.display());
        if !outcome.violations.is_empty() {
            broken.push(describe_failure(plan, Some(file), &outcome));
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

/// The plan by which this folder is tried, in which the power goes twice, once in the middle of a flush.
#[test]
fn the_short_power_loss_is_still_one() {
    let (_, plan) = plans()
        .into_iter()
        .find(|(file, _)| file.ends_with("power_loss-short.json"))
        .expect("it is part of the project");
    let losses = plan.faults.iter().filter(|planned| matches!(planned.fault, Fault::PowerLoss { .. }));
    assert_eq!(losses.count(), 2);
    assert!(replay(&plan).acknowledged >= 500);
}
