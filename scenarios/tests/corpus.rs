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

fn plan(name: &str) -> Plan {
    plans().into_iter().find(|(file, _)| file.ends_with(name)).expect("it is part of the project").1
}

/// A plan still brings the fault that its story is about, and nothing is broken by it any more.
fn check(name: &str, brings: impl Fn(&Fault) -> bool) {
    let plan = plan(name);
    assert!(plan.faults.iter().any(|planned| brings(&planned.fault)), "{name} tells another story");
    let outcome = replay(&plan);
    assert_eq!(outcome.violations, [], "{}", describe_failure(&plan, None, &outcome));
}

/// A lane starved with several batches of a producer in the log and none of them answered; then the broker was killed. A
/// snapshot kept the last of them alone, so those before it were refused when they were sent again, and the producer took
/// that for a loss and wrote them anew.
#[test]
fn a_producer_is_known_by_five_batches_after_a_restart() {
    check("stalls-324.json", |fault| matches!(fault, Fault::RestartLoop { .. }));
}

/// A byte rotted three seconds after its fault, when the load was over and everybody had read that record.
#[test]
fn what_nobody_will_read_does_not_rot() {
    check("everything-76.json", |fault| matches!(fault, Fault::Rot { .. }));
}

/// A reader was beyond what the power had left of the log. It was told, found the log longer than that again, and never
/// asked once more.
#[test]
fn a_reader_that_was_ahead_reads_on() {
    check("power_loss-405.json", |fault| matches!(fault, Fault::PowerLoss { .. }));
}

/// The plan by which this folder is tried, in which the power goes twice, once in the middle of a flush.
#[test]
fn the_short_power_loss_is_still_one() {
    let plan = plan("power_loss-short.json");
    let losses = plan.faults.iter().filter(|planned| matches!(planned.fault, Fault::PowerLoss { .. }));
    assert_eq!(losses.count(), 2);
    assert!(replay(&plan).acknowledged >= 500);
}
