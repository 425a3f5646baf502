//! poll-skip: successive polls of one consumer skip values known to be there. Not here: polls that go back.

use std::collections::BTreeMap;
use std::ops::Range;

use super::sight::{Positions, Sight};
use super::spans::Spans;
use super::{Checker, Found};
use crate::history::{ClientId, Event, Fact, Offset, Outcome, Partition};

/// Between what a consumer saw (or where it was placed) and what it sees next, no record is known, then or later.
#[derive(Debug, Default)]
pub struct PollSkip {
    logs: BTreeMap<Partition, Log>,
    positions: Positions,
}

#[derive(Debug, Default)]
struct Log {
    /// Offsets known to hold a record: acknowledged or read by anyone.
    known: Spans,
    /// Stretches that a consumer skipped with nothing known in them, by start.
    skipped: BTreeMap<(Offset, ClientId), Offset>,
    deleted_below: Option<Offset>,
}

impl Checker for PollSkip {
    fn invariant(&self) -> &'static str {
        "poll-skip"
    }

    fn observe(&mut self, event: &Event, found: &mut Found) {
        match &event.fact {
            Fact::Ended { partition, outcome: Outcome::Acknowledged(Some(offset)), .. } => {
                self.logs.entry(*partition).or_default().learn(*partition, *offset, found);
            }
            Fact::MayBeDeleted { partition, below } => {
                let log = self.logs.entry(*partition).or_default();
                log.deleted_below = log.deleted_below.max(Some(*below));
                log.skipped.retain(|_, end| *end > *below);
            }
            Fact::LossAllowed { partition } => {
                self.logs.remove(partition);
            }
            _ => {}
        }
        let Some(sight) = self.positions.sight(event) else { return };
        let log = self.logs.entry(sight.partition).or_default();
        for record in sight.records {
            log.learn(sight.partition, record.offset, found);
        }
        if let Some(consumer) = sight.consumer {
            log.follow(consumer, &sight, found);
        }
    }

    fn finish(&mut self, _: &mut Found) {}
}

impl Log {
    /// A record is at `offset`.
    fn learn(&mut self, partition: Partition, offset: Offset, found: &mut Found) {
        if !self.known.insert(offset) || self.deleted_below.is_some_and(|below| offset < below) {
            return;
        }
        for (&(start, consumer), &end) in self.skipped.range(..=(offset, ClientId(u32::MAX))) {
            if offset < end {
                found.report(|| skip(consumer, partition, &(start..end), offset));
            }
        }
    }

    /// What a consumer leaves out before and between the records of a poll.
    fn follow(&mut self, consumer: ClientId, sight: &Sight<'_>, found: &mut Found) {
        let mut expected = sight.range.start;
        for record in sight.records {
            let start = self.deleted_below.map_or(expected, |below| expected.max(below));
            if start < record.offset {
                let left_out = start..record.offset;
                match self.known.first_in(left_out.clone()) {
                    Some(offset) => found.report(|| skip(consumer, sight.partition, &left_out, offset)),
                    None => {
                        self.skipped.insert((left_out.start, consumer), left_out.end);
                    }
                }
            }
            expected = record.offset.next();
        }
    }
}

fn skip(consumer: ClientId, partition: Partition, left_out: &Range<Offset>, offset: Offset) -> String {
    let (start, end) = (left_out.start, left_out.end);
    format!("{consumer} went from {start} to {end} in {partition}, and a record is at {offset}")
}

#[cfg(test)]
mod tests {
    use super::super::written::*;
    use super::PollSkip;

    fn check(facts: &[super::Fact], expected: &[&str]) {
        super::super::written::check::<PollSkip>(facts, expected);
    }

    #[test]
    fn between_polls() {
        check(
            &[acked(2, 1), polled(9, &[(0, 1)]), polled(9, &[(2, 3)])],
            &["c9 went from 1 to 2 in t0-0, and a record is at 1"],
        );
    }

    #[test]
    fn within_a_poll() {
        check(
            &[polled(8, &[(0, 1), (1, 2), (2, 3)]), polled(9, &[(0, 1), (2, 3)])],
            &["c9 went from 1 to 2 in t0-0, and a record is at 1"],
        );
    }

    #[test]
    fn after_a_seek() {
        check(
            &[acked(1, 0), placed(9, Some(0)), polled(9, &[(1, 2)])],
            &["c9 went from 0 to 1 in t0-0, and a record is at 0"],
        );
    }

    #[test]
    fn known_only_later() {
        check(
            &[polled(9, &[(0, 1)]), polled(9, &[(2, 3)]), acked(2, 1)],
            &["c9 went from 1 to 2 in t0-0, and a record is at 1"],
        );
        check(
            &[polled(9, &[(0, 1), (3, 4)]), polled(8, &[(2, 3)])],
            &["c9 went from 1 to 3 in t0-0, and a record is at 2"],
        );
    }

    #[test]
    fn offsets_without_a_record_are_no_skip() {
        check(&[polled(9, &[(0, 1)]), polled(9, &[(2, 3)]), polled(8, &[(0, 1), (2, 3)])], &[]);
    }

    #[test]
    fn a_seek_is_no_skip() {
        check(
            &[acked(1, 0), acked(2, 1), polled(9, &[(0, 1)]), placed(9, Some(2)), polled(9, &[(2, 3)])],
            &[],
        );
        check(&[acked(1, 0), acked(2, 1), polled(9, &[(0, 1)]), placed(9, None), polled(9, &[(2, 3)])], &[]);
    }

    #[test]
    fn what_may_be_deleted_may_be_skipped() {
        check(&[acked(1, 0), acked(2, 1), may_be_deleted(2), placed(9, Some(0)), polled(9, &[(2, 3)])], &[]);
        check(
            &[acked(2, 1), acked(3, 2), may_be_deleted(2), placed(9, Some(0)), polled(9, &[(3, 4)])],
            &["c9 went from 2 to 3 in t0-0, and a record is at 2"],
        );
    }

    #[test]
    fn allowed_loss_is_forgotten() {
        check(&[acked(1, 0), placed(9, Some(0)), loss_allowed(), polled(9, &[(1, 2)])], &[]);
    }
}
