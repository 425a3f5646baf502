//! AckedRecordNotLost: no acknowledged record disappears. Not here: acks=0 and sends of unknown outcome.

use std::collections::BTreeMap;
use std::time::Duration;

use super::harmed::Harmed;
use super::sight::Positions;
use super::{Checker, Found};
use crate::history::{Event, Fact, Offset, Outcome, Partition};
use crate::value::ValueId;

/// Whoever looks at an acknowledged offset, in the log or on the disks, finds the acknowledged value; and the log never
/// ends before it.
#[derive(Debug, Default)]
pub struct AckedRecordNotLost {
    /// Per partition and offset: what was acknowledged there, and when.
    acknowledged: BTreeMap<Partition, BTreeMap<Offset, (ValueId, Duration)>>,
    deleted_below: BTreeMap<Partition, Offset>,
    positions: Positions,
    harmed: Harmed,
}

impl Checker for AckedRecordNotLost {
    fn invariant(&self) -> &'static str {
        "AckedRecordNotLost"
    }

    fn observe(&mut self, event: &Event, found: &mut Found) {
        self.harmed.note(event);
        match &event.fact {
            Fact::Ended { value, partition, outcome: Outcome::Acknowledged(Some(offset)) }
                if self.deleted_below.get(partition).is_none_or(|below| below <= offset) =>
            {
                let held = self.acknowledged.entry(*partition).or_default();
                held.entry(*offset).or_insert((*value, event.at));
            }
            Fact::EndRead { partition, end, asked } => {
                let Some(held) = self.acknowledged.get(partition) else { return };
                let lost = held.range(*end..).find(|(_, (_, at))| at <= asked);
                if let Some((offset, (value, _))) = lost {
                    found.report(|| {
                        format!("{partition} ends at {end}, but {value} was acknowledged at {offset}")
                    });
                }
            }
            Fact::MayBeDeleted { partition, below } => {
                let kept_from = self.deleted_below.entry(*partition).or_insert(*below);
                *kept_from = (*kept_from).max(*below);
                if let Some(held) = self.acknowledged.get_mut(partition) {
                    *held = held.split_off(below);
                }
            }
            Fact::LossAllowed { partition } => {
                self.acknowledged.remove(partition);
            }
            _ => {}
        }
        self.look(event, found);
    }

    fn finish(&mut self, _: &mut Found) {}
}

impl AckedRecordNotLost {
    fn look(&mut self, event: &Event, found: &mut Found) {
        let Some(sight) = self.positions.sight(event) else { return };
        let Some(held) = self.acknowledged.get(&sight.partition) else { return };
        let missing = sight.missing(held).into_iter();
        let missing = missing.filter(|(offset, _)| !self.harmed.holds(sight.partition, *offset));
        for (offset, (value, _)) in missing {
            found.report(|| {
                format!(
                    "{} found nothing at {} {offset}, where {value} was acknowledged",
                    sight.by(),
                    sight.partition
                )
            });
        }
        for record in sight.records {
            let Some((value, _)) = held.get(&record.offset) else { continue };
            if *value != record.value.id {
                found.report(|| {
                    let (by, partition) = (sight.by(), sight.partition);
                    let (offset, other) = (record.offset, record.value.id);
                    format!("{by} found {other} at {partition} {offset}, where {value} was acknowledged")
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::written::*;
    use super::AckedRecordNotLost;

    fn check(facts: &[super::Fact], expected: &[&str]) {
        super::super::written::check::<AckedRecordNotLost>(facts, expected);
    }

    #[test]
    fn a_reader_passes_over_it() {
        check(
            &[acked(1, 0), acked(2, 1), acked(3, 2), placed(9, Some(0)), polled(9, &[(0, 1), (2, 3)])],
            &["c9 found nothing at t0-0 1, where c1#2 was acknowledged"],
        );
        check(
            &[acked(1, 0), acked(2, 1), placed(9, Some(0)), polled(9, &[(1, 2)])],
            &["c9 found nothing at t0-0 0, where c1#1 was acknowledged"],
        );
    }

    #[test]
    fn another_value_is_there() {
        check(
            &[acked(1, 5), polled(9, &[(5, 2)])],
            &["c9 found c1#2 at t0-0 5, where c1#1 was acknowledged"],
        );
    }

    #[test]
    fn the_disks_do_not_hold_it() {
        check(
            &[acked(1, 0), acked(2, 1), scanned(0, &[(0, 1)])],
            &["a scan of the disks found nothing at t0-0 1, where c1#2 was acknowledged"],
        );
        check(&[acked(1, 0), acked(2, 1), scanned(0, &[(0, 1), (1, 2), (2, 3)])], &[]);
    }

    #[test]
    fn the_log_ends_before_it() {
        check(&[acked(1, 7), end_read(7, 1)], &["t0-0 ends at 7, but c1#1 was acknowledged at 7"]);
        check(&[acked(1, 7), end_read(8, 1)], &[]);
        check(&[sent(1), acked(1, 7), end_read(7, 1)], &[]);
    }

    #[test]
    fn what_was_not_acknowledged_may_go() {
        check(&[sent(1), unknown(1), sent(2), failed(2), placed(9, Some(0)), polled(9, &[(4, 3)])], &[]);
    }

    #[test]
    fn what_may_be_deleted_may_go() {
        check(&[acked(1, 0), acked(2, 1), may_be_deleted(1), placed(9, Some(0)), polled(9, &[(1, 2)])], &[]);
        check(&[may_be_deleted(1), acked(1, 0), placed(9, Some(0)), polled(9, &[(1, 2)])], &[]);
        check(
            &[acked(1, 0), acked(2, 1), may_be_deleted(1), placed(9, Some(0)), polled(9, &[(2, 3)])],
            &["c9 found nothing at t0-0 1, where c1#2 was acknowledged"],
        );
    }

    #[test]
    fn what_was_harmed_may_be_missing_and_nothing_else_there() {
        let acked = [acked(1, 0), acked(2, 1), acked(3, 2), harmed(1, 1)];
        let with = |last| [&acked[..], &[last]].concat();
        check(&with(scanned(0, &[(0, 1), (2, 3)])), &[]);
        check(
            &with(scanned(0, &[(0, 1)])),
            &["a scan of the disks found nothing at t0-0 2, where c1#3 was acknowledged"],
        );
        check(&with(polled(9, &[(1, 5)])), &["c9 found c1#5 at t0-0 1, where c1#2 was acknowledged"]);
        check(&with(end_read(1, 9)), &["t0-0 ends at 1, but c1#2 was acknowledged at 1"]);
    }

    #[test]
    fn a_seek_passes_over_nothing() {
        check(&[acked(1, 0), acked(2, 1), placed(9, Some(1)), polled(9, &[(1, 2)])], &[]);
        check(&[acked(1, 0), polled(9, &[(0, 1)]), acked(2, 1), placed(9, None), polled(9, &[(2, 3)])], &[]);
    }

    #[test]
    fn allowed_loss_is_none() {
        check(&[acked(1, 0), loss_allowed(), acked(2, 0), placed(9, Some(0)), polled(9, &[(0, 2)])], &[]);
    }
}
