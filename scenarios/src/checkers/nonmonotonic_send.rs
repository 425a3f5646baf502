//! nonmonotonic-send: one producer's records go backwards in log order. Not here: producers that do not promise order.

use std::collections::{BTreeMap, BTreeSet};

use super::{Checker, Found};
use crate::history::{ClientId, Delivery, Event, Fact, Offset, Outcome, Partition};
use crate::value::ValueId;

/// In every partition the values of an ordered producer stand in the order in which it sent them.
#[derive(Debug, Default)]
pub struct NonmonotonicSend {
    /// Where each value was first known to be; ids of one client are ordered as its calls.
    offsets: BTreeMap<Partition, BTreeMap<ValueId, Offset>>,
    at_least_once: BTreeSet<ClientId>,
}

impl Checker for NonmonotonicSend {
    fn invariant(&self) -> &'static str {
        "nonmonotonic-send"
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

impl NonmonotonicSend {
    fn learn(&mut self, partition: Partition, value: ValueId, offset: Offset, found: &mut Found) {
        if value == ValueId::DAMAGED || self.at_least_once.contains(&value.client) {
            return;
        }
        let offsets = self.offsets.entry(partition).or_default();
        if offsets.contains_key(&value) {
            return;
        }
        let mine = |(other, _): &(&ValueId, &Offset)| other.client == value.client;
        let before = offsets.range(..value).next_back().filter(mine).filter(|(_, at)| **at > offset);
        let after = offsets.range(value..).next().filter(mine).filter(|(_, at)| **at < offset);
        if let Some((earlier, at)) = before {
            found.report(|| {
                format!(
                    "{earlier} was sent before {value}, and stands behind it: {at} > {offset} in {partition}"
                )
            });
        }
        if let Some((later, at)) = after {
            found.report(|| {
                format!(
                    "{value} was sent before {later}, and stands behind it: {offset} > {at} in {partition}"
                )
            });
        }
        offsets.insert(value, offset);
    }
}

#[cfg(test)]
mod tests {
    use super::super::written::*;
    use super::NonmonotonicSend;

    fn check(facts: &[super::Fact], expected: &[&str]) {
        super::super::written::check::<NonmonotonicSend>(facts, expected);
    }

    #[test]
    fn by_acknowledgements() {
        check(
            &[sent(1), sent(2), acked(1, 5), acked(2, 4)],
            &["c1#1 was sent before c1#2, and stands behind it: 5 > 4 in t0-0"],
        );
        check(
            &[sent(1), sent(2), acked(2, 4), acked(1, 5)],
            &["c1#1 was sent before c1#2, and stands behind it: 5 > 4 in t0-0"],
        );
    }

    #[test]
    fn by_a_reader() {
        check(
            &[sent(1), sent(2), unknown(1), acked(2, 0), polled(9, &[(0, 2), (1, 1)])],
            &["c1#1 was sent before c1#2, and stands behind it: 1 > 0 in t0-0"],
        );
    }

    #[test]
    fn gaps_are_fine() {
        check(&[sent(1), sent(2), sent(3), acked(3, 9), acked(1, 2), polled(9, &[(2, 1), (9, 3)])], &[]);
    }

    #[test]
    fn plain_retries_may_reorder() {
        check(&[sent_at_least_once(1), sent_at_least_once(2), acked(1, 5), acked(2, 4)], &[]);
    }

    #[test]
    fn allowed_loss_is_forgotten() {
        check(&[sent(1), sent(2), acked(1, 5), loss_allowed(), acked(2, 0)], &[]);
    }
}
