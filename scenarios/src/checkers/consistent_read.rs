//! ConsistentRead: what a consumer reads was sent there as it is, and never changes or goes. Not here: what was never read.

use std::collections::BTreeMap;
use std::time::Duration;

use super::harmed::Harmed;
use super::sight::{Positions, Sight};
use super::{Checker, Found};
use crate::history::{ClientId, Event, Fact, Offset, Partition};
use crate::value::{Value, ValueId};

/// Every record read is byte for byte one that was sent to that partition, and whoever looks at its offset again finds
/// it again.
#[derive(Debug, Default)]
pub struct ConsistentRead {
    sent: BTreeMap<ValueId, (Partition, Value)>,
    /// Per partition and offset: what was read there, by whom, and when first.
    read: BTreeMap<Partition, BTreeMap<Offset, (Value, ClientId, Duration)>>,
    deleted_below: BTreeMap<Partition, Offset>,
    positions: Positions,
    harmed: Harmed,
}

impl Checker for ConsistentRead {
    fn invariant(&self) -> &'static str {
        "ConsistentRead"
    }

    fn observe(&mut self, event: &Event, found: &mut Found) {
        self.harmed.note(event);
        match &event.fact {
            Fact::Sent { value, partition, .. } => {
                self.sent.insert(value.id, (*partition, *value));
            }
            Fact::EndRead { partition, end, asked } => {
                let Some(held) = self.read.get(partition) else { return };
                let gone = held.range(*end..).find(|(_, (_, _, at))| at <= asked);
                if let Some((offset, (value, by, _))) = gone {
                    found.report(|| {
                        format!("{partition} ends at {end}, but {by} read {} at {offset}", value.id)
                    });
                }
            }
            Fact::MayBeDeleted { partition, below } => {
                let kept_from = self.deleted_below.entry(*partition).or_insert(*below);
                *kept_from = (*kept_from).max(*below);
                if let Some(held) = self.read.get_mut(partition) {
                    *held = held.split_off(below);
                }
            }
            Fact::LossAllowed { partition } => {
                self.read.remove(partition);
            }
            _ => {}
        }
        if let Some(sight) = self.positions.sight(event) {
            self.look(&sight, event.at, found);
        }
    }

    fn finish(&mut self, _: &mut Found) {}
}

impl ConsistentRead {
    fn look(&mut self, sight: &Sight<'_>, at: Duration, found: &mut Found) {
        let partition = sight.partition;
        let held = self.read.entry(partition).or_default();
        let missing = sight.missing(held).into_iter();
        for (offset, (value, reader, _)) in
            missing.filter(|(offset, _)| !self.harmed.holds(partition, *offset))
        {
            let by = sight.by();
            found.report(|| {
                format!("{reader} read {} at {partition} {offset}; {by} found nothing there", value.id)
            });
        }
        let kept_from = self.deleted_below.get(&partition).copied().unwrap_or(Offset(i64::MIN));
        for record in sight.records {
            let (offset, value) = (record.offset, record.value);
            match held.get(&offset) {
                Some((before, reader, _)) if *before != value => found.report(|| {
                    let (before, by) = (before.id, sight.by());
                    format!("{reader} read {before} at {partition} {offset}, where {by} found {}", value.id)
                }),
                Some(_) => {}
                None => {
                    if self.sent.get(&value.id) != Some(&(partition, value)) {
                        let by = sight.by();
                        found.report(|| {
                            format!("{by} found {} at {partition} {offset}, never sent there so", value.id)
                        });
                    }
                    if let Some(consumer) = sight.consumer.filter(|_| offset >= kept_from) {
                        held.insert(offset, (value, consumer, at));
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::written::*;
    use super::ConsistentRead;
    use crate::history::{Fact, Offset, Partition, Record};
    use crate::value::Value;

    fn check(facts: &[Fact], expected: &[&str]) {
        let mut all = vec![sent(1), sent(2), sent(3)];
        all.extend_from_slice(facts);
        super::super::written::check::<ConsistentRead>(&all, expected);
    }

    #[test]
    fn it_changes() {
        check(
            &[polled(8, &[(0, 1)]), polled(9, &[(0, 2)])],
            &["c8 read c1#1 at t0-0 0, where c9 found c1#2"],
        );
    }

    #[test]
    fn it_goes() {
        check(
            &[polled(8, &[(0, 1), (1, 2)]), polled(9, &[(0, 1), (2, 3)])],
            &["c8 read c1#2 at t0-0 1; c9 found nothing there"],
        );
        check(
            &[polled(8, &[(0, 1), (1, 2)]), scanned(0, &[(0, 1)])],
            &["c8 read c1#2 at t0-0 1; a scan of the disks found nothing there"],
        );
        check(&[polled(8, &[(0, 1)]), end_read(0, 4)], &["t0-0 ends at 0, but c8 read c1#1 at 0"]);
        check(&[polled(8, &[(0, 1)]), end_read(0, 3)], &[]);
    }

    #[test]
    fn it_was_never_sent() {
        check(&[polled(8, &[(0, 7)])], &["c8 found c1#7 at t0-0 0, never sent there so"]);
    }

    #[test]
    fn it_was_sent_elsewhere() {
        let partition = Partition { topic: 0, index: 1 };
        let consumer = crate::history::ClientId(8);
        check(
            &[Fact::Polled { consumer, partition, records: vec![record(0, 1)] }],
            &["c8 found c1#1 at t0-1 0, never sent there so"],
        );
    }

    #[test]
    fn its_bytes_differ() {
        let forged = Value { id: id(1), hash: 1 };
        let record = Record { offset: Offset(0), value: forged, leader_epoch: 0 };
        check(&[polled_records(8, vec![record])], &["c8 found c1#1 at t0-0 0, never sent there so"]);
        let rotten = Value::decode(&[0; 20]);
        let record = Record { value: rotten, ..record };
        check(&[polled_records(8, vec![record])], &["c8 found damaged at t0-0 0, never sent there so"]);
    }

    #[test]
    fn a_send_of_unknown_outcome_may_appear() {
        check(&[unknown(1), polled(8, &[(0, 1)]), polled(9, &[(0, 1)])], &[]);
    }

    #[test]
    fn deletion_and_allowed_loss_are_no_change() {
        check(
            &[polled(8, &[(0, 1), (1, 2)]), may_be_deleted(1), placed(9, Some(0)), polled(9, &[(1, 2)])],
            &[],
        );
        check(&[polled(8, &[(0, 1)]), loss_allowed(), placed(9, Some(0)), polled(9, &[(0, 2)])], &[]);
    }
}
