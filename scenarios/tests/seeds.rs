//! Every scenario under a batch of seeds, and the same seeds again in this process and in a fresh one.
#![expect(clippy::disallowed_types, reason = "a seed is also run by a fresh process")]

use std::collections::BTreeSet;
use std::process::{Command, ExitCode};

use clap::Parser as _;
use klamm_scenarios::plan::{Fault, Kind, Plan, Planned};
use klamm_scenarios::runner::{Args, Runner, describe_failure};
use klamm_scenarios::scenario::Scenario;
use klamm_scenarios::stories;
use tracing_subscriber::EnvFilter;

/// Of each scenario, beginning where `cargo sim` begins too.
const SEEDS: u64 = 20;
/// Virtual seconds of a run, at least.
const SECONDS_MIN: f64 = 60.0;
/// Sends of a run that are acknowledged, at least.
const ACKNOWLEDGED_MIN: u64 = 500;

fn scenario(name: &str) -> &'static dyn Scenario {
    *stories::ALL.iter().find(|scenario| scenario.name() == name).expect("it is one of them")
}

/// What `cargo sim run` does with the first seeds.
fn batch(name: &str) {
    let args = Args::try_parse_from(["cargo sim", "run", name, "--seeds", &format!("0..{SEEDS}"), "--json"])
        .expect("that is how it is called");
    let mut out = Vec::new();
    let runner = Runner::new(stories::ALL);
    let code = runner.run(&args, &mut out).expect("the scenario is there, and the buffer takes all");
    let found: serde_json::Value = serde_json::from_slice(&out).expect("it is JSON");
    assert_eq!((code, &found["seeds"]), (ExitCode::SUCCESS, &SEEDS.into()), "{found:#}");
    assert_eq!(found["marks_never_fired"], serde_json::json!([]), "{found:#}");
    assert!(found["simulated_min_s"].as_f64() >= Some(SECONDS_MIN), "{found:#}");
    assert!(found["acknowledged_min"].as_u64() >= Some(ACKNOWLEDGED_MIN), "{found:#}");
}

#[test]
fn steady() {
    batch("steady");
}

#[test]
fn partition() {
    batch("partition");
}

#[test]
fn power_loss() {
    batch("power_loss");
}

#[test]
fn disk_full() {
    batch("disk_full");
}

#[test]
fn fsync_error() {
    batch("fsync_error");
}

#[test]
fn slow_reader() {
    batch("slow_reader");
}

#[test]
fn connection_storm() {
    batch("connection_storm");
}

#[test]
fn rot() {
    batch("rot");
}

#[test]
fn bad_network() {
    batch("bad_network");
}

#[test]
fn stalls() {
    batch("stalls");
}

#[test]
fn bad_clock() {
    batch("bad_clock");
}

#[test]
fn everything() {
    batch("everything");
}

#[test]
fn everything_draws_each_fault_that_any_story_does() {
    let kinds = |scenario: &dyn Scenario| scenario.palette().offers.iter().map(|offer| offer.kind);
    let everything: BTreeSet<Kind> = kinds(scenario("everything")).collect();
    let any: BTreeSet<Kind> = stories::ALL.iter().flat_map(|scenario| kinds(*scenario)).collect();
    assert_eq!(everything, any);
}

/// A plan may leave out what a story promises; then its green means nothing.
#[test]
fn a_seed_in_which_the_power_goes_once_fails() {
    let scenario = scenario("power_loss");
    let mut plan = Plan::draw(scenario.name(), &scenario.palette(), 3);
    let is_loss = |planned: &Planned| matches!(planned.fault, Fault::PowerLoss { .. });
    let first = plan.faults.iter().copied().find(is_loss);
    plan.faults = first.into_iter().collect();
    let violations = scenario.run(&plan).violations;
    let found: Vec<_> = violations.iter().map(|violation| violation.invariant).collect();
    assert_eq!(found, ["NotVacuous"], "{violations:?}");
}

fn hashes() -> Vec<String> {
    let hash = |scenario: &&dyn Scenario| {
        let plan = Plan::draw(scenario.name(), &scenario.palette(), 3);
        let outcome = scenario.run(&plan);
        assert_eq!(outcome.violations, [], "{}", describe_failure(&plan, None, &outcome));
        format!("{} 3 {:016x}", scenario.name(), outcome.hash)
    };
    stories::ALL.iter().map(hash).collect()
}

/// What the fresh process of the next test runs.
#[test]
#[ignore = "prints hashes for the_same_in_a_fresh_process"]
fn prints_hashes() {
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::from_default_env())
        .with_timer(klamm_sim::Stamp)
        .with_writer(std::io::stderr)
        .init();
    println!("\n{}", hashes().join("\n"));
}

#[test]
fn the_same_in_a_fresh_process() {
    let here = hashes();
    assert_eq!(here, hashes());
    let child = Command::new(std::env::current_exe().expect("a test knows its file"))
        .args(["--exact", "prints_hashes", "--ignored", "--nocapture"])
        .env_clear()
        .env("RUST_LOG", "trace")
        .current_dir("/")
        .output()
        .expect("a test can be run");
    assert!(!child.stderr.is_empty(), "at this level there is much to say");
    let printed = String::from_utf8_lossy(&child.stdout);
    for line in here {
        assert!(printed.lines().any(|printed| printed == line), "{line} is not in {printed}");
    }
}
