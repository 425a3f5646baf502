//! The invariants, a file each, fed with a history event by event. Not here: reaching into a node; the history itself.
//!
//! A checker keeps what its invariant needs and no more, costs O(log n) per record, and reports what it finds as data.
//! Checkers overlap on purpose: one bug is often seen by several, the earliest of them by the bug's cause.

mod acked_record_not_lost;
mod consistent_read;
mod damage_reported;
mod duplicate;
mod epoch_fenced;
mod harmed;
mod inconsistent_offsets;
mod lost_write;
mod never_serves_damage;
mod nonmonotonic_poll;
mod nonmonotonic_send;
mod poll_skip;
mod sight;
mod spans;
mod unseen;
#[cfg(test)]
mod written;

use std::any::Any;
use std::fmt;
use std::time::Duration;

use serde::Serialize;

pub use acked_record_not_lost::AckedRecordNotLost;
pub use consistent_read::ConsistentRead;
pub use damage_reported::DamageReported;
pub use duplicate::Duplicate;
pub use epoch_fenced::EpochFenced;
pub use inconsistent_offsets::InconsistentOffsets;
pub use lost_write::LostWrite;
pub use never_serves_damage::NeverServesDamage;
pub use nonmonotonic_poll::NonmonotonicPoll;
pub use nonmonotonic_send::NonmonotonicSend;
pub use poll_skip::PollSkip;
pub use unseen::Unseen;

use crate::history::Event;

/// One invariant.
pub trait Checker: Send {
    /// Its name.
    fn invariant(&self) -> &'static str;

    /// Takes in the next event.
    fn observe(&mut self, event: &Event, found: &mut Found);

    /// Judges what only the end can tell: every partition has been read to its end by now.
    fn finish(&mut self, found: &mut Found);
}

/// The name under which a story that did not take place is reported.
const NOT_VACUOUS: &str = "NotVacuous";

/// An invariant that did not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// Its name.
    pub invariant: &'static str,
    /// When it showed, in microseconds since the world began.
    pub at_us: u64,
    /// The evidence: partition, offsets, values, clients.
    pub evidence: String,
}

impl Violation {
    /// That `invariant` did not hold at that time since the world began.
    pub fn new(invariant: &'static str, at: Duration, evidence: String) -> Self {
        Self { invariant, at_us: u64::try_from(at.as_micros()).unwrap_or(u64::MAX), evidence }
    }

    /// That a run was too small to mean anything: its story did not take place.
    pub fn vacuity(at: Duration, evidence: String) -> Self {
        Self::new(NOT_VACUOUS, at, evidence)
    }

    /// Whether it says no more than [`Violation::vacuity`].
    pub fn is_vacuity(&self) -> bool {
        self.invariant == NOT_VACUOUS
    }

    /// What a world that panicked, or in which a node died that must not, is reported as.
    pub fn of_panic(panic: &(dyn Any + Send), at: Duration) -> Self {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text =
            text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic without a message");
        Self::new("WorldRuns", at, text.to_owned())
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} at {}.{:06} s: {}",
            self.invariant,
            self.at_us / 1_000_000,
            self.at_us % 1_000_000,
            self.evidence
        )
    }
}

/// Violations of one invariant that are kept; the rest would say the same.
const KEPT_PER_INVARIANT: usize = 8;

/// Where a checker puts what it finds.
#[derive(Debug)]
pub struct Found {
    at: Duration,
    invariant: &'static str,
    violations: Vec<Violation>,
}

impl Found {
    /// The invariant in question does not hold.
    pub fn report(&mut self, evidence: impl FnOnce() -> String) {
        let kept = self.violations.iter().filter(|violation| violation.invariant == self.invariant).count();
        if kept < KEPT_PER_INVARIANT {
            let at_us = u64::try_from(self.at.as_micros()).unwrap_or(u64::MAX);
            self.violations.push(Violation { invariant: self.invariant, at_us, evidence: evidence() });
        }
    }
}

/// Several checkers on one history.
pub struct Checkers {
    checkers: Vec<Box<dyn Checker>>,
    found: Found,
}

impl Checkers {
    /// Those given.
    pub fn new(checkers: Vec<Box<dyn Checker>>) -> Self {
        Self { checkers, found: Found { at: Duration::ZERO, invariant: "", violations: Vec::new() } }
    }

    /// All there are.
    pub fn all() -> Self {
        Self::new(vec![
            Box::<AckedRecordNotLost>::default(),
            Box::<NeverServesDamage>::default(),
            Box::<DamageReported>::default(),
            Box::<ConsistentRead>::default(),
            Box::<EpochFenced>::default(),
            Box::<Duplicate>::default(),
            Box::<InconsistentOffsets>::default(),
            Box::<LostWrite>::default(),
            Box::<Unseen>::default(),
            Box::<PollSkip>::default(),
            Box::<NonmonotonicPoll>::default(),
            Box::<NonmonotonicSend>::default(),
        ])
    }

    /// Names of the invariants.
    pub fn invariants(&self) -> impl Iterator<Item = &'static str> {
        self.checkers.iter().map(|checker| checker.invariant())
    }

    /// Shows an event to every checker.
    pub fn observe(&mut self, event: &Event) {
        self.found.at = event.at;
        for checker in &mut self.checkers {
            self.found.invariant = checker.invariant();
            checker.observe(event, &mut self.found);
        }
    }

    /// Tells every checker that the history is over.
    pub fn finish(&mut self, at: Duration) {
        self.found.at = at;
        for checker in &mut self.checkers {
            self.found.invariant = checker.invariant();
            checker.finish(&mut self.found);
        }
    }

    /// What was found so far, in the order in which it showed.
    pub fn violations(&self) -> &[Violation] {
        &self.found.violations
    }
}
