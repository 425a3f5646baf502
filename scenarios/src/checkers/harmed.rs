//! Which records a history excuses, since the only copy of them was harmed. Not here: harming it.

use std::collections::BTreeMap;

use super::spans::Spans;
use crate::history::{Event, Fact, Offset, Partition};

/// Offsets whose records were harmed.
#[derive(Clone, Debug, Default)]
pub(super) struct Harmed(BTreeMap<Partition, Spans>);

impl Harmed {
    /// Takes in what `event` says of harm.
    pub(super) fn note(&mut self, event: &Event) {
        if let Fact::Harmed { partition, first, last } = event.fact {
            let spans = self.0.entry(partition).or_default();
            (first.0..=last.0).for_each(|offset| _ = spans.insert(Offset(offset)));
        }
    }

    /// Whether the record at an offset was harmed.
    pub(super) fn holds(&self, partition: Partition, offset: Offset) -> bool {
        self.0.get(&partition).is_some_and(|spans| spans.contains(offset))
    }

    /// Whether anything of a partition was harmed.
    pub(super) fn touches(&self, partition: Partition) -> bool {
        self.0.contains_key(&partition)
    }
}
