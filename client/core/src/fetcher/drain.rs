//! Records out of batches that were fetched, as they are asked for. Not here: fetching.

use std::collections::{BTreeSet, VecDeque};
use std::fmt;

use klamm_protocol::fetch_response::AbortedTransaction;
use klamm_records::{
    ControlRecordType, InvalidRecord, NO_PARTITION_LEADER_EPOCH, Record, RecordBatch, Records, RecordsError,
    TimestampType,
};

use super::FetcherConfig;
use crate::TopicPartition;

/// No batch is decompressed to more than this.
const DECOMPRESSED_BYTES_MAX: usize = 256 << 20;

/// Batches of one partition that wait to be read. Decoding happens when records are asked for, one batch at a time.
#[derive(Debug)]
pub struct Drain {
    /// The partition.
    pub partition: TopicPartition,
    /// What is read next.
    pub position: i64,
    pub(super) generation: u64,
    batches: VecDeque<RecordBatch>,
    /// The batch that is being read.
    open: Option<Open>,
    check_crcs: bool,
    /// By first offset; `None` unless only committed records are to be seen.
    aborted: Option<VecDeque<(i64, i64)>>,
    aborted_producers: BTreeSet<i64>,
    /// What is wrong at `position`: there is no way past it.
    damage: Option<DrainError>,
}

#[derive(Debug)]
struct Open {
    records: Records,
    next_offset: i64,
    timestamp_type: TimestampType,
    leader_epoch: Option<i32>,
}

/// Why no more records come out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrainError {
    /// The position that could not be read.
    pub position: i64,
    /// What is wrong there.
    pub reason: String,
}

impl fmt::Display for DrainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at offset {}: {}", self.position, self.reason)
    }
}

impl std::error::Error for DrainError {}

impl Drain {
    pub(super) fn new(
        partition: TopicPartition,
        generation: u64,
        position: i64,
        batches: Vec<RecordBatch>,
        config: &FetcherConfig,
    ) -> Self {
        Drain {
            partition,
            position,
            generation,
            batches: batches.into(),
            open: None,
            check_crcs: config.check_crcs,
            aborted: config.read_committed.then(VecDeque::new),
            aborted_producers: BTreeSet::new(),
            damage: None,
        }
    }

    /// Leaves out the records of these transactions, if only committed ones are to be seen.
    pub(super) fn without_aborted(mut self, aborted: &[AbortedTransaction]) -> Self {
        if let Some(list) = &mut self.aborted {
            list.extend(aborted.iter().map(|aborted| (aborted.first_offset, aborted.producer_id)));
            list.make_contiguous().sort_unstable();
        }
        self
    }

    /// Whether everything was read.
    pub fn is_done(&self) -> bool {
        self.open.is_none() && self.batches.is_empty() && self.damage.is_none()
    }

    /// Whether reading has met damage.
    pub fn is_damaged(&self) -> bool {
        self.damage.is_some()
    }

    /// Hands up to `max` records to `take`, with who gave the timestamp and the leader's epoch; returns how many.
    ///
    /// # Errors
    /// A damaged batch, now or at an earlier call. What is before it was handed over.
    pub fn read(
        &mut self,
        max: usize,
        take: impl FnMut(Record, TimestampType, Option<i32>),
    ) -> Result<usize, DrainError> {
        if let Some(damage) = &self.damage {
            return Err(damage.clone());
        }
        let outcome = self.read_sound(max, take);
        self.damage = outcome.as_ref().err().cloned();
        outcome
    }

    fn read_sound(
        &mut self,
        max: usize,
        mut take: impl FnMut(Record, TimestampType, Option<i32>),
    ) -> Result<usize, DrainError> {
        let mut count = 0;
        while count < max && !self.is_done() {
            let Some(open) = &mut self.open else {
                self.open_next()?;
                continue;
            };
            match open.records.next() {
                None => {
                    self.position = self.position.max(open.next_offset);
                    self.open = None;
                }
                Some(Ok(record)) if record.offset < self.position => {}
                Some(Ok(record)) => {
                    self.position = record.offset.saturating_add(1);
                    take(record, open.timestamp_type, open.leader_epoch);
                    count += 1;
                }
                Some(Err(error)) => return Err(self.damaged(&error)),
            }
        }
        Ok(count)
    }

    /// Opens the next batch that has something to show.
    fn open_next(&mut self) -> Result<(), DrainError> {
        let Some(batch) = self.batches.front() else { return Ok(()) };
        let header = *batch.header();
        if self.check_crcs {
            batch.check_crc().map_err(|error| self.undecodable(&error))?;
        }
        if header.attributes.is_control() || self.is_aborted(header.last_offset(), header.producer_id) {
            if header.attributes.is_control() && self.is_abort_marker()? {
                self.aborted_producers.remove(&header.producer_id);
            }
            self.position = self.position.max(header.next_offset());
            self.batches.pop_front();
            return Ok(());
        }
        let batch = self.batches.front().expect("it was there a moment ago");
        let records = batch.records(DECOMPRESSED_BYTES_MAX).map_err(|error| self.undecodable(&error))?;
        let epoch = header.partition_leader_epoch;
        self.open = Some(Open {
            records,
            next_offset: header.next_offset(),
            timestamp_type: header.attributes.timestamp_type(),
            leader_epoch: (epoch != NO_PARTITION_LEADER_EPOCH).then_some(epoch),
        });
        self.batches.pop_front();
        Ok(())
    }

    /// Whether the first batch belongs to a transaction that was aborted.
    fn is_aborted(&mut self, last_offset: i64, producer_id: i64) -> bool {
        let Some(aborted) = &mut self.aborted else { return false };
        while let Some((first_offset, aborted_producer)) = aborted.front().copied()
            && first_offset <= last_offset
        {
            self.aborted_producers.insert(aborted_producer);
            aborted.pop_front();
        }
        let transactional =
            self.batches.front().is_some_and(|batch| batch.header().attributes.is_transactional());
        transactional && self.aborted_producers.contains(&producer_id)
    }

    fn is_abort_marker(&self) -> Result<bool, DrainError> {
        let Some(batch) = self.batches.front() else { return Ok(false) };
        let mut records = batch.records(DECOMPRESSED_BYTES_MAX).map_err(|error| self.undecodable(&error))?;
        let Some(Ok(record)) = records.next() else { return Ok(false) };
        let kind = ControlRecordType::from_key(record.key.as_deref().unwrap_or_default());
        Ok(kind == Ok(ControlRecordType::Abort))
    }

    fn damaged(&self, error: &InvalidRecord) -> DrainError {
        DrainError { position: self.position, reason: error.to_string() }
    }

    fn undecodable(&self, error: &RecordsError) -> DrainError {
        DrainError { position: self.position, reason: error.to_string() }
    }
}
