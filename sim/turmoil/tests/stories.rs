//! The product's load on turmoil: steady, and with the broker cut off from its clients.
#![allow(clippy::print_stderr, reason = "a task that panics takes its world along: the seed is told before")]

use std::time::Duration;

use klamm_env_turmoil::{Config, World};
use klamm_scenarios::one_broker::anywhere::{Ground, Job, NODES, perform};
use klamm_scenarios::plan::Plan;
use klamm_scenarios::runner::describe_failure;
use klamm_scenarios::scenario::Outcome;
use klamm_scenarios::stories;

const SEEDS: u64 = 20;

struct Turmoil(World);

impl Ground for Turmoil {
    fn start(&mut self, node: &str, job: Job) {
        self.0.start(node, job);
    }

    fn run_for(&mut self, time: Duration) {
        self.0.run_for(time);
    }

    fn cut(&mut self, from: &str, to: &str) {
        self.0.cut(from, to);
    }

    fn heal(&mut self, from: &str, to: &str) {
        self.0.heal(from, to);
    }
}

/// The plan of that name and seed, without faults unless `cut`.
fn run(name: &str, seed: u64, cut: bool) -> (Plan, Outcome) {
    let story = stories::ALL.iter().find(|story| story.name() == name).expect("it is one of them");
    let mut plan = Plan::draw(name, &story.palette(), seed);
    if !cut {
        plan.faults.clear();
    }
    let knobs = &plan.knobs;
    let micros = |micros: u32| Duration::from_micros(micros.into());
    let latency = (micros(knobs.latency_us_min), micros(knobs.latency_us_max));
    let mut world = Turmoil(World::new(Config { seed, latency, lanes: knobs.lanes }, &NODES));
    let outcome = perform(&plan, &mut world);
    (plan, outcome)
}

fn batch(name: &str, cut: bool) {
    for seed in 0..SEEDS {
        eprintln!("{name}, seed {seed}");
        let (plan, outcome) = run(name, seed, cut);
        assert_eq!(plan.faults.is_empty(), !cut);
        assert_eq!(outcome.violations, [], "{}", describe_failure(&plan, None, &outcome));
    }
}

#[test]
fn steady() {
    batch("steady", false);
}

#[test]
fn partition() {
    batch("partition", true);
}
