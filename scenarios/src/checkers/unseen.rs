//! unseen: acknowledged, and never polled by anyone by the end. Not here: where in the log it should have been.

use std::collections::BTreeMap;

use super::harmed::Harmed;
use super::{Checker, Found};
use crate::history::{Event, Fact, Offset, Outcome, Partition};
use crate::value::ValueId;

/// By the end, someone has polled each value that was acknowledged.
#[derive(Debug, Default)]
pub struct Unseen {
    /// Sends under way, and those acknowledged that nobody polled.
    open: BTreeMap<ValueId, Open>,
    deleted_below: BTreeMap<Partition, Offset>,
    harmed: Harmed,
}

#[derive(Debug)]
struct Open {
    partition: Partition,
    polled: bool,
    /// Its offset, if it is acknowledged and if that told one.
    acknowledged: Option<Option<Offset>>,
}

impl Checker for Unseen {
    fn invariant(&self) -> &'static str {
        "unseen"
    }

    fn observe(&mut self, event: &Event, _: &mut Found) {
        self.harmed.note(event);
        match &event.fact {
            Fact::Sent { value, partition, .. } => {
                self.open.insert(value.id, Open { partition: *partition, polled: false, acknowledged: None });
            }
            Fact::Ended { value, outcome: Outcome::Acknowledged(offset), .. } => {
                if let Some(open) = self.open.get_mut(value) {
                    open.acknowledged = Some(*offset);
                    if open.polled {
                        self.open.remove(value);
                    }
                }
            }
            Fact::Ended { value, outcome: Outcome::Failed | Outcome::Unknown, .. } => {
                self.open.remove(value);
            }
            Fact::Polled { records, .. } => {
                for record in records {
                    let Some(open) = self.open.get_mut(&record.value.id) else { continue };
                    open.polled = true;
                    if open.acknowledged.is_some() {
                        self.open.remove(&record.value.id);
                    }
                }
            }
            Fact::MayBeDeleted { partition, below } => {
                let kept_from = self.deleted_below.entry(*partition).or_insert(*below);
                *kept_from = (*kept_from).max(*below);
            }
            Fact::LossAllowed { partition } => {
                self.open.retain(|_, open| open.partition != *partition || open.acknowledged.is_none());
            }
            _ => {}
        }
    }

    fn finish(&mut self, found: &mut Found) {
        for (value, open) in &self.open {
            let Some(offset) = open.acknowledged else { continue };
            let partition = open.partition;
            let may_be_deleted = match (self.deleted_below.get(&partition), offset) {
                (None, _) => false,
                (Some(_), None) => true,
                (Some(below), Some(offset)) => offset < *below,
            };
            let is_harmed = offset.map_or_else(
                || self.harmed.touches(partition),
                |offset| self.harmed.holds(partition, offset),
            );
            if !may_be_deleted && !is_harmed {
                let place =
                    offset.map_or_else(|| partition.to_string(), |offset| format!("{partition} {offset}"));
                found.report(|| format!("{value} was acknowledged at {place}, and nobody ever polled it"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::written::*;
    use super::Unseen;

    fn check(facts: &[super::Fact], expected: &[&str]) {
        super::super::written::check::<Unseen>(facts, expected);
    }

    #[test]
    fn nobody_polled_it() {
        check(
            &[sent(1), acked(1, 0), sent(2), acked(2, 1), polled(9, &[(0, 1)])],
            &["c1#2 was acknowledged at t0-0 1, and nobody ever polled it"],
        );
        check(&[sent(1), acked_somewhere(1)], &["c1#1 was acknowledged at t0-0, and nobody ever polled it"]);
    }

    #[test]
    fn a_scan_is_no_poll() {
        check(
            &[sent(1), acked(1, 0), scanned(0, &[(0, 1)])],
            &["c1#1 was acknowledged at t0-0 0, and nobody ever polled it"],
        );
    }

    #[test]
    fn polled_before_or_after_the_acknowledgement() {
        check(&[sent(1), polled(9, &[(0, 1)]), acked(1, 0), sent(2), acked(2, 1), polled(9, &[(1, 2)])], &[]);
    }

    #[test]
    fn not_acknowledged() {
        check(&[sent(1), unknown(1), sent(2), failed(2), sent(3)], &[]);
    }

    #[test]
    fn deleted_or_allowed_to_be_lost() {
        check(
            &[sent(1), acked(1, 0), sent(2), acked(2, 1), may_be_deleted(1)],
            &["c1#2 was acknowledged at t0-0 1, and nobody ever polled it"],
        );
        check(&[sent(1), acked_somewhere(1), may_be_deleted(1)], &[]);
        check(&[sent(1), acked(1, 0), loss_allowed()], &[]);
        check(&[sent(1), acked(1, 0), harmed(0, 0)], &[]);
        check(
            &[sent(1), loss_allowed(), acked(1, 0)],
            &["c1#1 was acknowledged at t0-0 0, and nobody ever polled it"],
        );
    }
}
