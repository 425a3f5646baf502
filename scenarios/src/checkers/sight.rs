//! What an event lets one see of a partition: a stretch of offsets and everything in it. Not here: judging what is missing.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::history::{ClientId, Event, Fact, Offset, Partition, Record};

/// A stretch of a partition, seen whole: what is not among `records` is not there.
#[derive(Clone, Debug)]
pub(super) struct Sight<'a> {
    pub(super) partition: Partition,
    /// Who looked; `None` for the disks themselves.
    pub(super) consumer: Option<ClientId>,
    /// From where the look began to behind the last record seen.
    pub(super) range: Range<Offset>,
    pub(super) records: &'a [Record],
}

impl Sight<'_> {
    /// Who saw it, for evidence.
    pub(super) fn by(&self) -> String {
        self.consumer.map_or_else(|| "a scan of the disks".to_owned(), |consumer| consumer.to_string())
    }

    /// Offsets of `known` that should be in sight and are not.
    pub(super) fn missing<'k, T>(&self, known: &'k BTreeMap<Offset, T>) -> Vec<(Offset, &'k T)> {
        if self.range.start >= self.range.end {
            return Vec::new();
        }
        let seen = |offset: &Offset| match self.records.binary_search_by_key(offset, |record| record.offset) {
            Ok(_) => true,
            Err(_) => self.records.iter().any(|record| record.offset == *offset),
        };
        let due = known.range(self.range.clone());
        due.filter(|(offset, _)| !seen(offset)).map(|(offset, held)| (*offset, held)).collect()
    }
}

/// Where each consumer stands, as its polls and seeks tell.
#[derive(Clone, Debug, Default)]
pub(super) struct Positions(BTreeMap<(ClientId, Partition), Offset>);

impl Positions {
    /// What `event` lets one see, and moves the consumer who looked.
    pub(super) fn sight<'a>(&mut self, event: &'a Event) -> Option<Sight<'a>> {
        match &event.fact {
            Fact::Placed { consumer, partition, offset: Some(offset) } => {
                self.0.insert((*consumer, *partition), *offset);
                None
            }
            Fact::Placed { consumer, partition, offset: None } => {
                self.0.remove(&(*consumer, *partition));
                None
            }
            Fact::LossAllowed { partition } => {
                self.0.retain(|(_, of), _| of != partition);
                None
            }
            Fact::Polled { consumer, partition, records } => {
                let (first, last) = (records.first()?.offset, records.last()?.offset);
                let start = self.0.insert((*consumer, *partition), last.next()).unwrap_or(first);
                Some(Sight {
                    partition: *partition,
                    consumer: Some(*consumer),
                    range: start..last.next(),
                    records,
                })
            }
            Fact::Scanned { partition, from, records } => {
                Some(Sight { partition: *partition, consumer: None, range: *from..Offset::MAX, records })
            }
            _ => None,
        }
    }
}
