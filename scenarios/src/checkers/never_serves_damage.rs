//! NeverServesDamage: what is served is what was written, at the place where it was written. Not here: what is missing.

use std::collections::BTreeMap;

use super::{Checker, Found};
use crate::history::{ClientId, Delivery, Event, Fact, Offset, Outcome, Partition, Record};
use crate::value::{Value, ValueId};

/// Whatever befalls the disks, nobody polls bytes that nobody sent, a record of another partition, or an acknowledged one at
/// another offset than it was acknowledged at.
#[derive(Debug, Default)]
pub struct NeverServesDamage {
    sent: BTreeMap<ValueId, Sent>,
}

#[derive(Debug)]
struct Sent {
    value: Value,
    partition: Partition,
    delivery: Delivery,
    /// Where it was acknowledged.
    offset: Option<Offset>,
}

impl Checker for NeverServesDamage {
    fn invariant(&self) -> &'static str {
        "NeverServesDamage"
    }

    fn observe(&mut self, event: &Event, found: &mut Found) {
        match &event.fact {
            Fact::Sent { value, partition, delivery } => {
                let (value, partition, delivery) = (*value, *partition, *delivery);
                self.sent.insert(value.id, Sent { value, partition, delivery, offset: None });
            }
            Fact::Ended { value, outcome: Outcome::Acknowledged(offset), .. } => {
                if let Some(sent) = self.sent.get_mut(value) {
                    sent.offset = *offset;
                }
            }
            Fact::LossAllowed { partition } => {
                let of = self.sent.values_mut().filter(|sent| sent.partition == *partition);
                of.for_each(|sent| sent.offset = None);
            }
            Fact::Polled { consumer, partition, records } => {
                for record in records {
                    self.judge(*consumer, *partition, record, found);
                }
            }
            _ => {}
        }
    }

    fn finish(&mut self, _: &mut Found) {}
}

impl NeverServesDamage {
    fn judge(&self, consumer: ClientId, partition: Partition, record: &Record, found: &mut Found) {
        let (offset, id) = (record.offset, record.value.id);
        let Some(sent) = self.sent.get(&id).filter(|sent| sent.value == record.value) else {
            found.report(|| format!("{consumer} was served {id} at {partition} {offset}, which nobody sent"));
            return;
        };
        if sent.partition != partition {
            found.report(|| {
                format!("{consumer} was served {id} at {partition} {offset}, sent to {}", sent.partition)
            });
        }
        let place = sent.offset.filter(|place| sent.delivery == Delivery::Ordered && *place != offset);
        if let Some(place) = place {
            found.report(|| {
                format!("{consumer} was served {id} at {partition} {offset}; its place is {place}")
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::written::*;
    use super::NeverServesDamage;
    use crate::value::ValueId;

    fn check(facts: &[super::Fact], expected: &[&str]) {
        super::super::written::check::<NeverServesDamage>(facts, expected);
    }

    #[test]
    fn what_was_sent_may_be_served() {
        check(&[sent(1), polled(9, &[(0, 1)]), acked(1, 0), polled(8, &[(0, 1)])], &[]);
        check(&[sent(1), unknown(1), polled(9, &[(0, 1)])], &[]);
    }

    #[test]
    fn bytes_that_are_no_value() {
        let mut flipped = record(0, 1);
        flipped.value.id = ValueId::DAMAGED;
        check(
            &[sent(1), acked(1, 0), polled_records(9, vec![flipped])],
            &["c9 was served damaged at t0-0 0, which nobody sent"],
        );
        let mut other_bytes = record(0, 1);
        other_bytes.value.hash ^= 1;
        check(
            &[sent(1), polled_records(9, vec![other_bytes])],
            &["c9 was served c1#1 at t0-0 0, which nobody sent"],
        );
    }

    #[test]
    fn a_record_at_another_offset() {
        check(
            &[sent(1), acked(1, 3), polled(9, &[(7, 1)])],
            &["c9 was served c1#1 at t0-0 7; its place is 3"],
        );
        check(&[sent_at_least_once(1), acked(1, 3), polled(9, &[(3, 1), (7, 1)])], &[]);
        check(&[sent(1), acked(1, 3), loss_allowed(), polled(9, &[(7, 1)])], &[]);
    }

    #[test]
    fn a_record_of_another_partition() {
        let misplaced = super::Fact::Sent {
            value: value(2),
            partition: super::Partition { topic: 1, index: 3 },
            delivery: crate::history::Delivery::Ordered,
        };
        check(&[misplaced, polled(9, &[(4, 2)])], &["c9 was served c1#2 at t0-0 4, sent to t1-3"]);
    }
}
