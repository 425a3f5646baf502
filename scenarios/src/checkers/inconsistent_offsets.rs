//! inconsistent-offsets: one offset that ever held two values. Not here: offsets that hold none (control records, gaps).

use std::collections::BTreeMap;

use super::{Checker, Found};
use crate::history::{Event, Fact, Offset, Outcome, Partition};
use crate::value::ValueId;

/// Acknowledgements, polls and disks name one value for an offset.
#[derive(Debug, Default)]
pub struct InconsistentOffsets(BTreeMap<Partition, BTreeMap<Offset, ValueId>>);

impl Checker for InconsistentOffsets {
    fn invariant(&self) -> &'static str {
        "inconsistent-offsets"
    }

    fn observe(&mut self, event: &Event, found: &mut Found) {
        match &event.fact {
            Fact::Ended { value, partition, outcome: Outcome::Acknowledged(Some(offset)) } => {
                self.learn(*partition, *offset, *value, found);
            }
            Fact::Polled { partition, records, .. } | Fact::Scanned { partition, records, .. } => {
                for record in records {
                    self.learn(*partition, record.offset, record.value.id, found);
                }
            }
            Fact::LossAllowed { partition } => {
                self.0.remove(partition);
            }
            _ => {}
        }
    }

    fn finish(&mut self, _: &mut Found) {}
}

impl InconsistentOffsets {
    fn learn(&mut self, partition: Partition, offset: Offset, value: ValueId, found: &mut Found) {
        let held = *self.0.entry(partition).or_default().entry(offset).or_insert(value);
        if held != value {
            found.report(|| format!("{partition} {offset} held {held} and {value}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::written::*;
    use super::InconsistentOffsets;
    use crate::history::{Offset, Record};
    use crate::value::Value;

    fn check(facts: &[super::Fact], expected: &[&str]) {
        super::super::written::check::<InconsistentOffsets>(facts, expected);
    }

    #[test]
    fn two_acknowledgements() {
        check(&[acked(1, 0), acked(2, 0)], &["t0-0 0 held c1#1 and c1#2"]);
        check(&[acked(1, 0), acked(1, 0), acked(2, 1)], &[]);
    }

    #[test]
    fn two_readers() {
        check(&[polled(8, &[(3, 1)]), polled(9, &[(3, 2)])], &["t0-0 3 held c1#1 and c1#2"]);
        check(&[polled(8, &[(3, 1)]), polled(9, &[(3, 1)])], &[]);
    }

    #[test]
    fn damage_is_another_value() {
        let rotten = Record { offset: Offset(3), value: Value::decode(&[]), leader_epoch: 0 };
        check(&[acked(1, 3), polled_records(8, vec![rotten])], &["t0-0 3 held c1#1 and damaged"]);
    }

    #[test]
    fn deletion_does_not_free_an_offset() {
        check(&[acked(1, 0), may_be_deleted(1), acked(2, 0)], &["t0-0 0 held c1#1 and c1#2"]);
    }

    #[test]
    fn allowed_loss_does() {
        check(&[acked(1, 0), loss_allowed(), acked(2, 0)], &[]);
    }
}
