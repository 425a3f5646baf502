//! A set of offsets, kept as spans: small when offsets follow each other. Not here: what is at them.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::history::Offset;

/// A set of offsets.
#[derive(Clone, Debug, Default)]
pub(super) struct Spans(BTreeMap<i64, i64>);

impl Spans {
    /// Adds an offset; whether it was new.
    pub(super) fn insert(&mut self, offset: Offset) -> bool {
        let Offset(at) = offset;
        let before = self.0.range(..=at).next_back().map(|(&start, &end)| (start, end));
        if before.is_some_and(|(_, end)| at < end) {
            return false;
        }
        let start = before.filter(|(_, end)| *end == at).map_or(at, |(start, _)| start);
        let end = self.0.remove(&(at + 1)).unwrap_or(at + 1);
        self.0.insert(start, end);
        true
    }

    /// The lowest member within `range`.
    pub(super) fn first_in(&self, range: Range<Offset>) -> Option<Offset> {
        let Range { start: Offset(from), end: Offset(until) } = range;
        if from >= until {
            return None;
        }
        if self.contains(Offset(from)) {
            return Some(Offset(from));
        }
        self.0.range(from..until).next().map(|(&start, _)| Offset(start))
    }

    /// Whether `offset` is a member.
    pub(super) fn contains(&self, offset: Offset) -> bool {
        self.0.range(..=offset.0).next_back().is_some_and(|(_, &end)| offset.0 < end)
    }

    /// The highest member.
    pub(super) fn last(&self) -> Option<Offset> {
        self.0.last_key_value().map(|(_, &end)| Offset(end - 1))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn like_a_set(offsets in proptest::collection::vec(0_i64..40, 0..60), from in 0_i64..42, len in 0_i64..10) {
            let (mut spans, mut set) = (Spans::default(), BTreeSet::new());
            for offset in offsets {
                prop_assert_eq!(spans.insert(Offset(offset)), set.insert(offset));
            }
            let first = set.range(from..from + len).next().map(|&offset| Offset(offset));
            prop_assert_eq!(spans.first_in(Offset(from)..Offset(from + len)), first);
            prop_assert_eq!(spans.contains(Offset(from)), set.contains(&from));
            prop_assert_eq!(spans.last(), set.last().map(|&offset| Offset(offset)));
            let gaps = set.iter().filter(|&&offset| !set.contains(&(offset + 1))).count();
            prop_assert_eq!(spans.0.len(), gaps);
        }
    }
}
