//! What a run comes to: who died, what checkers found, whether there was a load at all. Not here: the run.

use std::time::Duration;

use klamm_sim::Cause;

use super::stage::Stage;
use super::{PROGRESS, disk_scan};
use crate::checkers::Violation;
use crate::plan::Fault;
use crate::scenario::Outcome;
use crate::sometimes;

/// Sends that must have been acknowledged, or the load was none.
const ACKNOWLEDGED_MIN: u64 = 500;

/// Notes if there was hardly any load.
pub(super) fn demand_a_load(outcome: &mut Outcome, now: Duration) {
    if outcome.acknowledged < ACKNOWLEDGED_MIN {
        let evidence =
            format!("{} sends were acknowledged, fewer than {ACKNOWLEDGED_MIN}", outcome.acknowledged);
        outcome.violations.push(Violation::vacuity(now, evidence));
    }
}

impl Stage<'_> {
    /// Nobody died but by the plan, and a broker of itself after what ends one.
    pub(super) fn check_deaths(&self) -> Result<(), Violation> {
        let failures = self.plan.faults.iter().filter(|planned| ends_a_broker(&planned.fault));
        let first = failures.map(|planned| self.load_began + Duration::from_millis(planned.at_ms)).min();
        let nodes = [&self.producers[..], &self.consumers[..], &[self.broker]].concat();
        for death in nodes.iter().chain(&self.strangers).flat_map(|node| self.world.deaths(*node)) {
            let expected = match &death.cause {
                Cause::Killed | Cause::PowerLost => true,
                Cause::Died(_) => first.is_some_and(|first| first <= death.at),
                Cause::Panicked { .. } => false,
            };
            if !expected {
                return Err(Violation::new("WorldRuns", death.at, format!("{} {}", death.node, death.cause)));
            }
        }
        Ok(())
    }

    /// What was found, and why the play broke off if it did.
    pub(super) fn judge(
        &mut self,
        played: Result<(), Violation>,
        all_sends_succeed: bool,
        losses_min: u32,
    ) -> Outcome {
        let now = self.world.now();
        if let Err(violation) = played {
            let mut outcome = Outcome::new(self.history.break_off(), self.world.hash(), now);
            outcome.violations.push(violation);
            return outcome;
        }
        let rolled = disk_scan::segments_max(&mut self.world, self.broker) > 1;
        sometimes!("a segment was rolled", rolled);
        let findings = self.history.finish(now);
        let given_up = findings.given_up;
        let mut outcome = Outcome::new(findings, self.world.hash(), now);
        if all_sends_succeed && given_up > 0 {
            let evidence = format!("{given_up} sends were given up");
            outcome.violations.push(Violation::new(PROGRESS, now, evidence));
        }
        demand_a_load(&mut outcome, now);
        let losses = self.losses.count();
        if losses < losses_min {
            let evidence = format!("the power went {losses} times under load, less often than {losses_min}");
            outcome.violations.push(Violation::vacuity(now, evidence));
        }
        outcome
    }
}

/// A disk that fails; and a broker that is started while its own name does not resolve has nothing to listen at.
fn ends_a_broker(fault: &Fault) -> bool {
    matches!(
        fault,
        Fault::DiskFull { .. }
            | Fault::FailWrite {}
            | Fault::FailSync {}
            | Fault::FailRead {}
            | Fault::NoName { .. }
    )
}
