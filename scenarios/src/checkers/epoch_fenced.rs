//! EpochFenced: no record is accepted from an older leader or producer epoch. Not here: brokers' and members' epochs.

use std::collections::BTreeMap;

use super::{Checker, Found};
use crate::history::{Event, Fact, Offset, Partition};

/// Along a partition's offsets, leader epochs never go down, nor do the epochs of one producer id.
#[derive(Debug, Default)]
pub struct EpochFenced {
    leaders: BTreeMap<Partition, Epochs>,
    producers: BTreeMap<(Partition, i64), Epochs>,
}

/// Lowest and highest offset known of each epoch.
#[derive(Debug, Default)]
struct Epochs(BTreeMap<i32, (Offset, Offset)>);

impl Epochs {
    /// Adds a record's epoch; returns offset and epoch of one that it contradicts.
    fn learn(&mut self, epoch: i32, offset: Offset) -> Option<(Offset, i32)> {
        let (low, high) = self.0.entry(epoch).or_insert((offset, offset));
        if (*low..=*high).contains(&offset) && *low != *high {
            return None;
        }
        (*low, *high) = ((*low).min(offset), (*high).max(offset));
        let older = self.0.range(..epoch).next_back().filter(|(_, (_, high))| *high >= offset);
        let newer = self.0.range(epoch + 1..).next().filter(|(_, (low, _))| *low <= offset);
        older.map(|(epoch, (_, high))| (*high, *epoch)).or(newer.map(|(epoch, (low, _))| (*low, *epoch)))
    }
}

impl Checker for EpochFenced {
    fn invariant(&self) -> &'static str {
        "EpochFenced"
    }

    fn observe(&mut self, event: &Event, found: &mut Found) {
        match &event.fact {
            Fact::Polled { partition, records, .. } | Fact::Scanned { partition, records, .. } => {
                let epochs = self.leaders.entry(*partition).or_default();
                for record in records.iter().filter(|record| record.leader_epoch >= 0) {
                    let (offset, epoch) = (record.offset, record.leader_epoch);
                    if let Some((at, other)) = epochs.learn(epoch, offset) {
                        found.report(|| {
                            format!("{partition} {offset} has leader epoch {epoch}, but {at} has leader epoch {other}")
                        });
                    }
                }
            }
            Fact::BatchAccepted { partition, producer_id, producer_epoch, base_offset }
                if *producer_id >= 0 =>
            {
                let epochs = self.producers.entry((*partition, *producer_id)).or_default();
                if let Some((at, other)) = epochs.learn(i32::from(*producer_epoch), *base_offset) {
                    found.report(|| {
                        format!(
                            "{partition} {base_offset} was taken from producer {producer_id} in epoch {producer_epoch}, \
                             but {at} in epoch {other}"
                        )
                    });
                }
            }
            Fact::LossAllowed { partition } => {
                self.leaders.remove(partition);
                self.producers.retain(|(of, _), _| of != partition);
            }
            _ => {}
        }
    }

    fn finish(&mut self, _: &mut Found) {}
}

#[cfg(test)]
mod tests {
    use super::super::written::*;
    use super::EpochFenced;
    use crate::history::{Fact, Offset, Record};

    fn check(facts: &[Fact], expected: &[&str]) {
        super::super::written::check::<EpochFenced>(facts, expected);
    }

    fn polled_epochs(records: &[(i64, i32)]) -> Fact {
        let record = |&(offset, leader_epoch): &(i64, i32)| Record { leader_epoch, ..record(offset, 1) };
        polled_records(9, records.iter().map(record).collect())
    }

    fn accepted(producer_id: i64, producer_epoch: i16, base_offset: i64) -> Fact {
        Fact::BatchAccepted {
            partition: PARTITION,
            producer_id,
            producer_epoch,
            base_offset: Offset(base_offset),
        }
    }

    #[test]
    fn an_older_leader_behind_a_newer() {
        check(
            &[polled_epochs(&[(0, 1), (1, 2), (2, 1)])],
            &["t0-0 2 has leader epoch 1, but 1 has leader epoch 2"],
        );
        check(
            &[polled_epochs(&[(5, 1)]), polled_epochs(&[(3, 2)])],
            &["t0-0 3 has leader epoch 2, but 5 has leader epoch 1"],
        );
        check(
            &[polled_epochs(&[(5, 1)]), polled_epochs(&[(5, 2)])],
            &["t0-0 5 has leader epoch 2, but 5 has leader epoch 1"],
        );
    }

    #[test]
    fn leaders_in_turn() {
        check(&[polled_epochs(&[(4, 3), (5, 3), (6, 7)]), polled_epochs(&[(0, 1), (1, 3), (4, 3)])], &[]);
        check(&[polled_epochs(&[(4, -1), (5, 3), (6, -1)])], &[]);
    }

    #[test]
    fn an_older_producer_behind_a_newer() {
        check(
            &[accepted(7, 0, 0), accepted(7, 1, 5), accepted(7, 0, 9)],
            &["t0-0 9 was taken from producer 7 in epoch 0, but 5 in epoch 1"],
        );
    }

    #[test]
    fn producers_in_turn() {
        check(
            &[accepted(7, 0, 0), accepted(7, 0, 3), accepted(7, 0, 0), accepted(7, 1, 5), accepted(8, 0, 9)],
            &[],
        );
        check(&[accepted(-1, -1, 0), accepted(-1, -1, 5)], &[]);
    }

    #[test]
    fn allowed_loss_is_forgotten() {
        check(
            &[
                accepted(7, 1, 5),
                polled_epochs(&[(5, 4)]),
                loss_allowed(),
                accepted(7, 0, 6),
                polled_epochs(&[(6, 3)]),
            ],
            &[],
        );
    }
}
