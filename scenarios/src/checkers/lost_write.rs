//! lost-write: a committed value ordered before the highest value read, never read itself. Not here: values beyond that.

use std::collections::BTreeMap;

use super::harmed::Harmed;
use super::spans::Spans;
use super::{Checker, Found};
use crate::history::{Event, Fact, Offset, Outcome, Partition};
use crate::value::ValueId;

/// By the end, everything acknowledged below the highest offset that anyone read has been read by someone.
#[derive(Debug, Default)]
pub struct LostWrite {
    seen: BTreeMap<Partition, Seen>,
    harmed: Harmed,
}

#[derive(Debug, Default)]
struct Seen {
    read: Spans,
    unread: BTreeMap<Offset, ValueId>,
    deleted_below: Option<Offset>,
}

impl Checker for LostWrite {
    fn invariant(&self) -> &'static str {
        "lost-write"
    }

    fn observe(&mut self, event: &Event, _: &mut Found) {
        self.harmed.note(event);
        match &event.fact {
            Fact::Ended { value, partition, outcome: Outcome::Acknowledged(Some(offset)) } => {
                let seen = self.seen.entry(*partition).or_default();
                if !seen.read.contains(*offset) && seen.deleted_below.is_none_or(|below| below <= *offset) {
                    seen.unread.insert(*offset, *value);
                }
            }
            Fact::Polled { partition, records, .. } => {
                let seen = self.seen.entry(*partition).or_default();
                for record in records {
                    seen.read.insert(record.offset);
                    if seen.unread.get(&record.offset) == Some(&record.value.id) {
                        seen.unread.remove(&record.offset);
                    }
                }
            }
            Fact::MayBeDeleted { partition, below } => {
                let seen = self.seen.entry(*partition).or_default();
                seen.deleted_below = seen.deleted_below.max(Some(*below));
                seen.unread = seen.unread.split_off(below);
            }
            Fact::LossAllowed { partition } => {
                self.seen.remove(partition);
            }
            _ => {}
        }
    }

    fn finish(&mut self, found: &mut Found) {
        for (partition, seen) in &self.seen {
            let Some(highest) = seen.read.last() else { continue };
            let unread = seen.unread.range(..highest);
            for (offset, value) in unread.filter(|(offset, _)| !self.harmed.holds(*partition, **offset)) {
                found.report(|| {
                    format!("{value} was acknowledged at {partition} {offset} and never read; {highest} was")
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::written::*;
    use super::LostWrite;

    fn check(facts: &[super::Fact], expected: &[&str]) {
        super::super::written::check::<LostWrite>(facts, expected);
    }

    #[test]
    fn passed_over_by_all() {
        check(
            &[acked(1, 0), acked(2, 1), polled(8, &[(0, 1), (2, 3)]), polled(9, &[(2, 3)])],
            &["c1#2 was acknowledged at t0-0 1 and never read; 2 was"],
        );
        check(
            &[acked(1, 0), polled(8, &[(0, 2), (1, 3)])],
            &["c1#1 was acknowledged at t0-0 0 and never read; 1 was"],
        );
    }

    #[test]
    fn read_by_one_is_enough() {
        check(
            &[acked(1, 0), acked(2, 1), polled(8, &[(1, 2)]), placed(8, Some(0)), polled(8, &[(0, 1)])],
            &[],
        );
        check(&[polled(8, &[(0, 1), (1, 2)]), acked(1, 0), acked(2, 1)], &[]);
    }

    #[test]
    fn beyond_the_highest_read_is_not_ordered_before_it() {
        check(&[acked(1, 0), acked(2, 1), polled(8, &[(0, 1)])], &[]);
        check(&[acked(1, 0)], &[]);
    }

    #[test]
    fn not_known_committed() {
        check(&[sent(1), unknown(1), sent(2), failed(2), polled(8, &[(7, 3)])], &[]);
    }

    #[test]
    fn deleted_or_allowed_to_be_lost() {
        check(&[acked(1, 0), acked(2, 1), may_be_deleted(1), polled(8, &[(1, 2), (2, 3)])], &[]);
        check(&[may_be_deleted(1), acked(1, 0), polled(8, &[(2, 3)])], &[]);
        check(&[acked(1, 0), loss_allowed(), polled(8, &[(1, 2)])], &[]);
        check(&[acked(1, 0), harmed(0, 0), polled(8, &[(1, 2)])], &[]);
    }
}
