//! What the log knows of idempotent producers: epoch, and the last five batches of each.
//!
//! Not here: the file that keeps it (`producer_snapshot`), transactions' index and verification.

use std::collections::{BTreeMap, VecDeque};

use klamm_records::BatchHeader;

use crate::error::AppendError;

/// Batches of a producer that a repeated one is recognised among.
const BATCHES_KEPT: usize = 5;
/// Producers that one log knows. Anybody can send batches under new ids, and each is kept for a day by default.
const PRODUCERS_MAX: usize = 10_000;

/// One batch of a producer, as far as a duplicate's answer needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BatchMetadata {
    pub(crate) last_sequence: i32,
    pub(crate) last_offset: i64,
    pub(crate) offset_delta: i32,
    pub(crate) timestamp: i64,
}

impl BatchMetadata {
    /// What a snapshot holds for a producer of which only a marker is known.
    pub(crate) const NONE: Self = Self { last_sequence: -1, last_offset: -1, offset_delta: 0, timestamp: -1 };

    fn of(header: &BatchHeader) -> Self {
        Self {
            last_sequence: header.last_sequence(),
            last_offset: header.last_offset(),
            offset_delta: header.last_offset_delta,
            timestamp: header.max_timestamp,
        }
    }

    fn first_sequence(&self) -> i32 {
        klamm_records::next_sequence(self.last_sequence, self.offset_delta.wrapping_neg())
    }

    pub(crate) fn first_offset(&self) -> i64 {
        self.last_offset - i64::from(self.offset_delta)
    }
}

/// The state of one producer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProducerEntry {
    pub(crate) producer_epoch: i16,
    pub(crate) coordinator_epoch: i32,
    pub(crate) last_timestamp: i64,
    pub(crate) transaction_first_offset: Option<i64>,
    batches: VecDeque<BatchMetadata>,
}

impl ProducerEntry {
    /// A producer of which the log has nothing.
    pub(crate) fn unknown() -> Self {
        Self {
            producer_epoch: klamm_records::NO_PRODUCER_EPOCH,
            coordinator_epoch: -1,
            last_timestamp: klamm_records::NO_TIMESTAMP,
            transaction_first_offset: None,
            batches: VecDeque::new(),
        }
    }

    /// Its batches that are known, the newest last.
    pub(crate) fn batches(&self) -> impl Iterator<Item = &BatchMetadata> {
        self.batches.iter()
    }

    /// The newest of its batches that are known.
    pub(crate) fn last_batch(&self) -> Option<&BatchMetadata> {
        self.batches.back()
    }

    /// Moves to an epoch; batches of another one are forgotten.
    pub(crate) fn set_epoch(&mut self, producer_epoch: i16) {
        if self.producer_epoch != producer_epoch {
            self.producer_epoch = producer_epoch;
            self.batches.clear();
        }
    }

    pub(crate) fn push(&mut self, batch: BatchMetadata) {
        if self.batches.len() == BATCHES_KEPT {
            self.batches.pop_front();
        }
        self.batches.push_back(batch);
    }

    /// Where the log last had a batch of it; of a marker alone nothing is known.
    fn last_offset(&self) -> i64 {
        self.last_batch().map_or(-1, |batch| batch.last_offset)
    }

    fn last_sequence(&self) -> i32 {
        self.last_batch().map_or(klamm_records::NO_SEQUENCE, |batch| batch.last_sequence)
    }

    /// The batch in the log that `header` repeats, if any.
    fn duplicate_of(&self, header: &BatchHeader) -> Option<BatchMetadata> {
        if header.producer_epoch != self.producer_epoch {
            return None;
        }
        let same = |batch: &&BatchMetadata| {
            batch.first_sequence() == header.base_sequence && batch.last_sequence == header.last_sequence()
        };
        self.batches.iter().find(same).copied()
    }

    fn check_epoch(&self, header: &BatchHeader) -> Result<(), AppendError> {
        if header.producer_epoch >= self.producer_epoch {
            return Ok(());
        }
        Err(AppendError::InvalidProducerEpoch {
            producer_id: header.producer_id,
            producer_epoch: header.producer_epoch,
            current_producer_epoch: self.producer_epoch,
        })
    }

    fn check_sequence(&self, header: &BatchHeader) -> Result<(), AppendError> {
        let first = header.base_sequence;
        let last = self.last_sequence();
        let follows = if self.producer_epoch == klamm_records::NO_PRODUCER_EPOCH {
            // Nothing is left of this producer: any sequence may have come before.
            true
        } else if header.producer_epoch != self.producer_epoch {
            first == 0
        } else {
            i64::from(first) == i64::from(last) + 1 || (first == 0 && last == i32::MAX)
        };
        if follows {
            return Ok(());
        }
        Err(AppendError::OutOfOrderSequence {
            producer_id: header.producer_id,
            first_sequence: first,
            last_sequence: last,
        })
    }

    fn add(&mut self, header: &BatchHeader) {
        self.set_epoch(header.producer_epoch);
        self.push(BatchMetadata::of(header));
        self.last_timestamp = header.max_timestamp;
        if header.attributes.is_transactional() && self.transaction_first_offset.is_none() {
            self.transaction_first_offset = Some(header.base_offset);
        }
    }

    fn end_transaction(&mut self, header: &BatchHeader, coordinator_epoch: i32) {
        self.set_epoch(header.producer_epoch);
        self.coordinator_epoch = coordinator_epoch;
        self.last_timestamp = header.max_timestamp;
        self.transaction_first_offset = None;
    }

    fn is_expired(&self, now_ms: i64, expiration_ms: i64) -> bool {
        self.transaction_first_offset.is_none() && now_ms.saturating_sub(self.last_timestamp) >= expiration_ms
    }
}

/// A batch that is about to be appended, as producers' state sees it.
pub(crate) struct Incoming<'a> {
    /// Its header, with offsets assigned unless it is only looked up.
    pub(crate) header: &'a BatchHeader,
    /// Coordinator epoch of a transaction marker inside.
    pub(crate) coordinator_epoch: Option<i32>,
}

/// A producer with a live state in a log (DescribeProducers).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActiveProducer {
    /// The producer.
    pub producer_id: i64,
    /// Its newest epoch.
    pub producer_epoch: i16,
    /// Sequence of its last record; -1 if unknown.
    pub last_sequence: i32,
    /// Time stamp of its last batch, in milliseconds.
    pub last_timestamp: i64,
    /// Epoch of the coordinator that wrote its last marker; -1 if none did.
    pub coordinator_epoch: i32,
    /// Where its open transaction began; -1 without one.
    pub current_transaction_start_offset: i64,
}

/// All producers of one log, up to an offset.
#[derive(Debug, Default)]
pub(crate) struct ProducerState {
    producers: BTreeMap<i64, ProducerEntry>,
}

impl ProducerState {
    pub(crate) fn new(producers: BTreeMap<i64, ProducerEntry>) -> Self {
        Self { producers }
    }

    pub(crate) fn producers(&self) -> &BTreeMap<i64, ProducerEntry> {
        &self.producers
    }

    pub(crate) fn active(&self) -> Vec<ActiveProducer> {
        let describe = |(producer_id, entry): (&i64, &ProducerEntry)| ActiveProducer {
            producer_id: *producer_id,
            producer_epoch: entry.producer_epoch,
            last_sequence: entry.last_sequence(),
            last_timestamp: entry.last_timestamp,
            coordinator_epoch: entry.coordinator_epoch,
            current_transaction_start_offset: entry.transaction_first_offset.unwrap_or(-1),
        };
        self.producers.iter().map(describe).collect()
    }

    /// The batch in the log that a producer's batch repeats.
    pub(crate) fn duplicate(&self, header: &BatchHeader) -> Option<BatchMetadata> {
        if !header.has_producer_id() || header.attributes.is_control() {
            return None;
        }
        self.producers.get(&header.producer_id)?.duplicate_of(header)
    }

    /// Whether a client's batch may follow what is known.
    pub(crate) fn check(&self, incoming: &Incoming<'_>) -> Result<(), AppendError> {
        let header = incoming.header;
        let Some(entry) = self.producers.get(&header.producer_id).filter(|_| header.has_producer_id()) else {
            return Ok(());
        };
        entry.check_epoch(header)?;
        let producer_id = header.producer_id;
        match incoming.coordinator_epoch {
            Some(epoch) if epoch < entry.coordinator_epoch => {
                Err(AppendError::CoordinatorFenced { producer_id })
            }
            Some(_) => Ok(()),
            None => {
                entry.check_sequence(header)?;
                if entry.transaction_first_offset.is_some() && !header.attributes.is_transactional() {
                    return Err(AppendError::InvalidTransactionState { producer_id });
                }
                Ok(())
            }
        }
    }

    /// Takes in a batch that is in the log.
    pub(crate) fn apply(&mut self, incoming: &Incoming<'_>) {
        let header = incoming.header;
        if !header.has_producer_id() {
            return;
        }
        let entry = self.producers.entry(header.producer_id).or_insert_with(ProducerEntry::unknown);
        match incoming.coordinator_epoch {
            Some(epoch) => entry.end_transaction(header, epoch),
            None if header.attributes.is_control() => {}
            None => entry.add(header),
        }
        if self.producers.len() > PRODUCERS_MAX {
            self.forget_longest_idle();
        }
    }

    /// Makes room for an eighth of all producers by those whose last batch lies furthest back, so that this is seldom done.
    /// Such a producer is one that the log has never seen, when it comes back. Open transactions are kept.
    fn forget_longest_idle(&mut self) {
        let idle = self.producers.values().filter(|entry| entry.transaction_first_offset.is_none());
        let mut offsets: Vec<i64> = idle.map(ProducerEntry::last_offset).collect();
        let doomed = (PRODUCERS_MAX / 8).min(offsets.len());
        let Some(last) = doomed.checked_sub(1) else { return };
        let (_, bound, _) = offsets.select_nth_unstable(last);
        let bound = *bound;
        self.producers
            .retain(|_, entry| entry.transaction_first_offset.is_some() || entry.last_offset() > bound);
    }

    pub(crate) fn remove_expired(&mut self, now_ms: i64, expiration_ms: i64) {
        self.producers.retain(|_, entry| !entry.is_expired(now_ms, expiration_ms));
    }
}

#[cfg(test)]
mod tests {
    use klamm_records::Attributes;

    use super::*;

    fn header(base_offset: i64, producer_epoch: i16, base_sequence: i32, records: i32) -> BatchHeader {
        BatchHeader {
            base_offset,
            batch_length: 49,
            partition_leader_epoch: 0,
            magic: 2,
            crc: 0,
            attributes: Attributes(0),
            last_offset_delta: records - 1,
            base_timestamp: 0,
            max_timestamp: 1000 + base_offset,
            producer_id: 7,
            producer_epoch,
            base_sequence,
            record_count: records,
        }
    }

    fn incoming(header: &BatchHeader) -> Incoming<'_> {
        Incoming { header, coordinator_epoch: None }
    }

    /// Offers batches `(epoch, first sequence, records)`; tells what each was: its offset, `dup` of one, an error.
    fn check(batches: &[(i16, i32, i32)], expected: &[&str]) {
        let mut state = ProducerState::default();
        let mut next = 0;
        let answers: Vec<String> = batches
            .iter()
            .map(|(epoch, sequence, records)| {
                let header = header(next, *epoch, *sequence, *records);
                if let Some(known) = state.duplicate(&header) {
                    return format!("dup {}", known.first_offset());
                }
                match state.check(&incoming(&header)) {
                    Ok(()) => {
                        state.apply(&incoming(&header));
                        next = header.next_offset();
                        header.base_offset.to_string()
                    }
                    Err(AppendError::OutOfOrderSequence { .. }) => "45".to_owned(),
                    Err(AppendError::InvalidProducerEpoch { .. }) => "47".to_owned(),
                    Err(other) => other.to_string(),
                }
            })
            .collect();
        assert_eq!(answers, expected);
    }

    #[test]
    fn sequences_go_on_without_gap() {
        check(&[(0, 0, 1), (0, 1, 3), (0, 4, 1), (0, 6, 1)], &["0", "1", "4", "45"]);
        check(&[(0, 7, 1), (0, 8, 1)], &["0", "1"]);
        check(&[(0, i32::MAX, 1), (0, 0, 1), (0, 1, 1)], &["0", "1", "2"]);
        check(&[(0, i32::MAX - 1, 4), (0, i32::MAX - 1, 4), (0, 2, 1)], &["0", "dup 0", "4"]);
    }

    #[test]
    fn the_last_five_batches_are_known_again() {
        check(
            &[
                (0, 0, 1),
                (0, 1, 1),
                (0, 2, 1),
                (0, 3, 1),
                (0, 4, 1),
                (0, 5, 1),
                (0, 1, 1),
                (0, 5, 1),
                (0, 0, 1),
            ],
            &["0", "1", "2", "3", "4", "5", "dup 1", "dup 5", "45"],
        );
        check(&[(0, 0, 2), (0, 1, 1), (0, 0, 1)], &["0", "45", "45"]);
    }

    #[test]
    fn a_new_epoch_begins_at_sequence_zero() {
        check(&[(0, 0, 1), (1, 1, 1), (1, 0, 1), (0, 1, 1), (-1, 0, 1)], &["0", "45", "1", "47", "47"]);
    }

    #[test]
    fn the_longest_idle_make_room_for_others() {
        let mut state = ProducerState::default();
        let mut append = |producer_id, offset, transactional| {
            let mut header = BatchHeader { producer_id, ..header(offset, 0, 0, 1) };
            header.attributes = header.attributes.with_transactional(transactional);
            state.apply(&incoming(&header));
            state.producers.len()
        };
        let many = PRODUCERS_MAX as i64;
        append(0, 0, true);
        for producer_id in 1..many {
            append(producer_id, producer_id, false);
        }
        assert_eq!(append(5, many, false), PRODUCERS_MAX);
        assert_eq!(append(many, many + 1, false), PRODUCERS_MAX + 1 - PRODUCERS_MAX / 8);
        let known = |producer_id| state.producers.contains_key(&producer_id);
        assert!(known(0), "its transaction is open");
        assert!(known(5) && known(many - 1) && known(many), "they wrote lately");
        assert!(!known(1) && !known(4) && !known(6));
    }

    #[test]
    fn a_transaction_stays_open_until_its_marker() {
        let mut state = ProducerState::default();
        let mut data = header(0, 0, 0, 1);
        data.attributes = data.attributes.with_transactional(true);
        state.apply(&incoming(&data));
        assert_eq!(state.active()[0].current_transaction_start_offset, 0);
        let plain = header(1, 0, 1, 1);
        assert!(matches!(state.check(&incoming(&plain)), Err(AppendError::InvalidTransactionState { .. })));
        let mut marker = header(1, 0, -1, 1);
        marker.attributes = marker.attributes.with_control(true).with_transactional(true);
        state.apply(&Incoming { header: &marker, coordinator_epoch: Some(3) });
        assert_eq!(state.active()[0].current_transaction_start_offset, -1);
        let old = Incoming { header: &marker, coordinator_epoch: Some(2) };
        assert!(matches!(state.check(&old), Err(AppendError::CoordinatorFenced { .. })));
        state.remove_expired(2001 + 99, 100);
        assert_eq!(state.active().len(), 0);
    }
}
