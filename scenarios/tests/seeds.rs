//! Every scenario under a batch of seeds, and the same seeds again in this process and in a fresh one.

use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use klamm_scenarios::marks::{self, Marks};
use klamm_scenarios::plan::{Fault, Plan, Planned};
use klamm_scenarios::scenario::{Outcome, Scenario};
use klamm_scenarios::stories;
use tracing_subscriber::EnvFilter;

/// Of each scenario, beginning where `cargo sim` begins too.
const SEEDS: u64 = 35;
/// Virtual seconds of a run, at least.
const SECONDS_MIN: u64 = 60;

fn scenario(name: &str) -> &'static dyn Scenario {
    *stories::ALL.iter().find(|scenario| scenario.name() == name).expect("it is one of them")
}

fn run(scenario: &dyn Scenario, seed: u64) -> Outcome {
    scenario.run(&Plan::draw(scenario.name(), &scenario.palette(), seed))
}

/// On all cores, so that none waits for the scenario that takes longest.
#[expect(clippy::disallowed_methods, reason = "worlds are run side by side from outside the simulation")]
fn batch(name: &str) {
    let scenario = scenario(name);
    let next = AtomicU64::new(0);
    let work = || {
        let mut fired = Marks::new();
        while let seed @ ..SEEDS = next.fetch_add(1, Ordering::Relaxed) {
            marks::take();
            let outcome = run(scenario, seed);
            marks::merge(&mut fired, &marks::take());
            assert_eq!(outcome.violations, [], "cargo sim replay {name} {seed}");
            assert!(outcome.simulated.as_secs() >= SECONDS_MIN, "{name} {seed} took {:?}", outcome.simulated);
        }
        fired
    };
    let mut fired = Marks::new();
    thread::scope(|scope| {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            marks::merge(&mut fired, &worker.join().expect("each of its seeds holds"));
        }
    });
    assert_eq!(marks::unfired(scenario.marks(), &fired), [""; 0], "marks of {name}");
}

#[test]
fn steady() {
    batch("steady");
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
    assert_eq!(found, ["Progress"], "{violations:?}");
}

fn hashes() -> Vec<String> {
    let hash = |scenario: &&dyn Scenario| {
        let outcome = run(*scenario, 3);
        assert_eq!(outcome.violations, [], "{} 3", scenario.name());
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
