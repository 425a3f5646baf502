//! nonmonotonic-poll: successive polls of one consumer go back. Not here: what they skip.

use std::collections::BTreeMap;

use super::{Checker, Found};
use crate::history::{ClientId, Event, Fact, Offset, Partition};

/// Until it is placed anew, each record that a consumer sees is beyond the one before.
#[derive(Debug, Default)]
pub struct NonmonotonicPoll(BTreeMap<(ClientId, Partition), Offset>);

impl Checker for NonmonotonicPoll {
    fn invariant(&self) -> &'static str {
        "nonmonotonic-poll"
    }

    fn observe(&mut self, event: &Event, found: &mut Found) {
        match &event.fact {
            Fact::Placed { consumer, partition, offset } => {
                match offset {
                    Some(offset) => self.0.insert((*consumer, *partition), *offset),
                    None => self.0.remove(&(*consumer, *partition)),
                };
            }
            Fact::Polled { consumer, partition, records } => {
                for record in records {
                    let offset = record.offset;
                    let expected = self.0.insert((*consumer, *partition), offset.next());
                    if let Some(expected) = expected.filter(|expected| offset < *expected) {
                        found.report(|| {
                            format!("{consumer} stood at {expected} of {partition} and was given {offset}")
                        });
                    }
                }
            }
            Fact::LossAllowed { partition } => self.0.retain(|(_, of), _| of != partition),
            _ => {}
        }
    }

    fn finish(&mut self, _: &mut Found) {}
}

#[cfg(test)]
mod tests {
    use super::super::written::*;
    use super::NonmonotonicPoll;

    fn check(facts: &[super::Fact], expected: &[&str]) {
        super::super::written::check::<NonmonotonicPoll>(facts, expected);
    }

    #[test]
    fn back_between_polls() {
        check(
            &[polled(9, &[(0, 1), (1, 2)]), polled(9, &[(1, 2)])],
            &["c9 stood at 2 of t0-0 and was given 1"],
        );
    }

    #[test]
    fn back_within_a_poll() {
        check(&[polled(9, &[(1, 2), (0, 1)])], &["c9 stood at 2 of t0-0 and was given 0"]);
        check(&[polled(9, &[(1, 2), (1, 2)])], &["c9 stood at 2 of t0-0 and was given 1"]);
    }

    #[test]
    fn before_the_place_it_sought() {
        check(&[placed(9, Some(5)), polled(9, &[(4, 1)])], &["c9 stood at 5 of t0-0 and was given 4"]);
    }

    #[test]
    fn placed_anew() {
        check(&[polled(9, &[(5, 1)]), placed(9, Some(0)), polled(9, &[(0, 2)])], &[]);
        check(&[polled(9, &[(5, 1)]), placed(9, None), polled(9, &[(0, 2)])], &[]);
        check(&[polled(9, &[(5, 1)]), loss_allowed(), polled(9, &[(0, 2)])], &[]);
    }

    #[test]
    fn each_consumer_for_itself() {
        check(&[polled(8, &[(5, 1)]), polled(9, &[(0, 2)]), polled(8, &[(6, 1)])], &[]);
    }
}
