//! What a scenario is, and what a run of it comes to. Not here: the scenarios; running many seeds.

use std::time::Duration;

use klamm_sim::Trace;

use crate::checkers::Violation;
use crate::history::{Event, Findings};
use crate::plan::{Palette, Plan};

/// A story that a world goes through under a plan.
pub trait Scenario: Sync {
    /// Its name on the command line.
    fn name(&self) -> &'static str;

    /// One line for `cargo sim list`.
    fn describe(&self) -> &'static str;

    /// From what its plans are drawn.
    fn palette(&self) -> Palette;

    /// Marks that must fire across a batch of seeds.
    fn marks(&self) -> &'static [&'static str];

    /// Runs one world, on this thread. A panic counts as a failure of this seed.
    fn run(&self, plan: &Plan) -> Outcome;

    /// The same, with every event of the world.
    fn run_traced(&self, plan: &Plan) -> (Outcome, Trace);
}

/// How one world ended.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What was broken; empty when all is well.
    pub violations: Vec<Violation>,
    /// Hash of the whole run, equal whenever the same plan runs on the same code.
    pub hash: u64,
    /// Virtual time that passed.
    pub simulated: Duration,
    /// Sends that were acknowledged.
    pub acknowledged: u64,
    /// Events of the history.
    pub events: u64,
    /// The last events around the first violation.
    pub tail: Vec<Event>,
}

impl Outcome {
    /// What a history comes to, in a world with that hash after that virtual time.
    pub fn new(findings: Findings, world_hash: u64, simulated: Duration) -> Self {
        Self {
            violations: findings.violations,
            hash: world_hash.rotate_left(32) ^ findings.hash,
            simulated,
            acknowledged: findings.acknowledged,
            events: findings.events,
            tail: findings.tail,
        }
    }
}
