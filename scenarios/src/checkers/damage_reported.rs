//! DamageReported: whoever asks for a harmed record is told so, and nobody is told of damage where there is none.
//! Not here: what the harm was; serving something else instead.

use std::collections::{BTreeMap, BTreeSet};

use super::harmed::Harmed;
use super::{Checker, Found};
use crate::history::{Event, Fact, Offset, Outcome, Partition};
use crate::value::ValueId;

/// By the end, each acknowledged record that was harmed has been told of as damaged after that, or been read as it was.
#[derive(Debug, Default)]
pub struct DamageReported {
    harmed: Harmed,
    acknowledged: BTreeMap<Partition, BTreeMap<Offset, ValueId>>,
    /// Harmed, and told or read since.
    settled: BTreeMap<Partition, BTreeSet<Offset>>,
}

impl Checker for DamageReported {
    fn invariant(&self) -> &'static str {
        "DamageReported"
    }

    fn observe(&mut self, event: &Event, found: &mut Found) {
        self.harmed.note(event);
        match &event.fact {
            Fact::Ended { value, partition, outcome: Outcome::Acknowledged(Some(offset)) } => {
                self.acknowledged.entry(*partition).or_default().insert(*offset, *value);
            }
            Fact::DamageTold { consumer, partition, offset } => {
                if self.harmed.holds(*partition, *offset) {
                    self.settled.entry(*partition).or_default().insert(*offset);
                } else {
                    found.report(|| {
                        format!(
                            "{consumer} was told of damage at {partition} {offset}, where nothing was harmed"
                        )
                    });
                }
            }
            Fact::Polled { partition, records, .. } if self.harmed.touches(*partition) => {
                let offsets = records.iter().map(|record| record.offset);
                let harmed = offsets.filter(|offset| self.harmed.holds(*partition, *offset));
                self.settled.entry(*partition).or_default().extend(harmed);
            }
            Fact::LossAllowed { partition } => {
                self.acknowledged.remove(partition);
            }
            _ => {}
        }
    }

    fn finish(&mut self, found: &mut Found) {
        for (partition, held) in &self.acknowledged {
            let settled = self.settled.get(partition);
            for (offset, value) in held {
                let is_settled = settled.is_some_and(|settled| settled.contains(offset));
                if self.harmed.holds(*partition, *offset) && !is_settled {
                    found.report(|| {
                        format!("{value} at {partition} {offset} was harmed, and nobody was told")
                    });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::written::*;
    use super::DamageReported;

    fn check(facts: &[super::Fact], expected: &[&str]) {
        super::super::written::check::<DamageReported>(facts, expected);
    }

    #[test]
    fn told_or_read_as_it_was() {
        check(&[acked(1, 4), harmed(4, 4), damage_told(9, 4)], &[]);
        check(&[acked(1, 4), harmed(4, 4), polled(9, &[(4, 1)])], &[]);
        check(&[harmed(4, 4), damage_told(9, 4), acked(1, 4)], &[]);
    }

    #[test]
    fn nobody_was_told() {
        check(
            &[acked(1, 4), acked(2, 5), harmed(4, 5), damage_told(9, 5)],
            &["c1#1 at t0-0 4 was harmed, and nobody was told"],
        );
        check(
            &[acked(1, 4), polled(9, &[(4, 1)]), harmed(4, 4)],
            &["c1#1 at t0-0 4 was harmed, and nobody was told"],
        );
        check(&[sent(1), unknown(1), harmed(4, 4)], &[]);
    }

    #[test]
    fn told_of_what_is_sound() {
        check(
            &[acked(1, 4), harmed(5, 6), damage_told(9, 4)],
            &["c9 was told of damage at t0-0 4, where nothing was harmed"],
        );
    }
}
