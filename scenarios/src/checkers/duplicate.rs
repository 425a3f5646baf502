//! duplicate: one value at more than one offset of a partition. Not here: producers that promise no more than at least once.

use std::collections::{BTreeMap, BTreeSet};

use super::{Checker, Found};
use crate::history::{ClientId, Delivery, Event, Fact, Offset, Outcome, Partition};
use crate::value::ValueId;

/// A value of an ordered producer is at one offset of a partition, whoever tells of it.
#[derive(Debug, Default)]
pub struct Duplicate {
    offsets: BTreeMap<Partition, BTreeMap<ValueId, Offset>>,
    at_least_once: BTreeSet<ClientId>,
}

impl Checker for Duplicate {
    fn invariant(&self) -> &'static str {
        "duplicate"
    }

    fn observe(&mut self, event: &Event, found: &mut Found) {
        match &event.fact {
            Fact::Sent { value, delivery: Delivery::AtLeastOnce, .. } => {
                self.at_least_once.insert(value.id.client);
            }
            Fact::Ended { value, partition, outcome: Outcome::Acknowledged(Some(offset)) } => {
                self.learn(*partition, *value, *offset, found);
            }
            Fact::Polled { partition, records, .. } | Fact::Scanned { partition, records, .. } => {
                for record in records {
                    self.learn(*partition, record.value.id, record.offset, found);
                }
            }
            Fact::LossAllowed { partition } => {
                self.offsets.remove(partition);
            }
            _ => {}
        }
    }

    fn finish(&mut self, _: &mut Found) {}
}

impl Duplicate {
    fn learn(&mut self, partition: Partition, value: ValueId, offset: Offset, found: &mut Found) {
        if value == ValueId::DAMAGED || self.at_least_once.contains(&value.client) {
            return;
        }
        let first = *self.offsets.entry(partition).or_default().entry(value).or_insert(offset);
        if first != offset {
            found.report(|| format!("{value} is at {first} and at {offset} of {partition}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::written::*;
    use super::Duplicate;

    fn check(facts: &[super::Fact], expected: &[&str]) {
        super::super::written::check::<Duplicate>(facts, expected);
    }

    #[test]
    fn twice_in_the_log() {
        check(&[sent(1), polled(9, &[(0, 1), (1, 1)])], &["c1#1 is at 0 and at 1 of t0-0"]);
        check(&[sent(1), acked(1, 3), scanned(0, &[(2, 1)])], &["c1#1 is at 3 and at 2 of t0-0"]);
    }

    #[test]
    fn a_send_of_unknown_outcome_is_there_once_too() {
        check(
            &[sent(1), unknown(1), polled(8, &[(4, 1)]), polled(9, &[(5, 1)])],
            &["c1#1 is at 4 and at 5 of t0-0"],
        );
    }

    #[test]
    fn read_twice_is_there_once() {
        check(&[sent(1), acked(1, 0), polled(8, &[(0, 1)]), polled(9, &[(0, 1)])], &[]);
    }

    #[test]
    fn plain_retries_may_duplicate() {
        check(&[sent_at_least_once(1), polled(9, &[(0, 1), (1, 1)])], &[]);
    }

    #[test]
    fn after_allowed_loss_it_may_be_sent_again() {
        check(&[sent(1), acked(1, 3), loss_allowed(), polled(9, &[(0, 1)])], &[]);
    }
}
