//! What Kafka's broker checks before it appends what a client sent, in its order, with its answers.
//!
//! Three doors: [`produced_batch`] takes the one batch out of a Produce request's records; [`ProduceRules::check`]
//! looks at header and CRC without allocating; [`ProduceRules::validate`] does that and then walks the records.
//!
//! Not here: authorization, producer epochs and the window of sequences (the log's).

use bytes::Bytes;

use crate::batch::Frame;
use crate::header::MAGIC;
use crate::walk::walk;
use crate::{
    BatchHeader, Compression, InvalidRecord, NO_TIMESTAMP, RecordBatch, RecordRef, RecordRejection,
    RecordsError, RejectedRecord, TimestampType,
};

/// Produce requests carry zstd from this version on.
const PRODUCE_VERSION_OF_ZSTD: i16 = 7;
/// So many refused records of a batch are listed.
const REJECTED_MAX: usize = 1_000;

/// The batch in the records of one partition of a Produce request. Bytes behind it that cannot be a whole batch are
/// dropped, as Kafka does.
pub fn produced_batch(records: &Bytes, produce_version: i16) -> Result<RecordBatch, RecordsError> {
    let frame = Frame::peek(records)?
        .filter(|frame| frame.size <= records.len())
        .ok_or(RecordsError::Invalid(InvalidRecord::NoBatch))?;
    if frame.magic != MAGIC {
        return Err(RecordsError::OldFormat { magic: frame.magic });
    }
    let batch = RecordBatch::parse(records.slice(..frame.size))?;
    if produce_version < PRODUCE_VERSION_OF_ZSTD
        && batch.header().attributes.compression()? == Compression::Zstd
    {
        return Err(RecordsError::ZstdTooEarly { produce_version });
    }
    let behind = &records[frame.size..];
    if Frame::peek(behind)?.is_some_and(|second| second.size <= behind.len()) {
        return Err(InvalidRecord::SecondBatch.into());
    }
    Ok(batch)
}

/// Where a batch comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Origin {
    /// A producer.
    #[default]
    Client,
    /// A coordinator within the broker, which may write control records.
    Coordinator,
}

/// The rules of a topic and of this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProduceRules {
    /// Who sent the batch.
    pub origin: Origin,
    /// Longest batch in bytes (`max.message.bytes`).
    pub batch_bytes_max: usize,
    /// Bound on the bytes of the records without compression.
    pub decompressed_bytes_max: usize,
    /// Whether records need keys (`cleanup.policy` has `compact`).
    pub compacted: bool,
    /// Who sets timestamps (`message.timestamp.type`).
    pub timestamp_type: TimestampType,
    /// How far a timestamp may lie behind now, in milliseconds (`message.timestamp.before.max.ms`).
    pub timestamp_before_max_ms: i64,
    /// How far it may lie ahead (`message.timestamp.after.max.ms`).
    pub timestamp_after_max_ms: i64,
    /// Now, in milliseconds since 1970.
    pub now_ms: i64,
}

/// What validation learnt of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validated {
    /// The largest timestamp of the records, which the header may tell otherwise.
    pub max_timestamp: i64,
    /// Bytes of the records without compression.
    pub decompressed_bytes: usize,
    /// Whether records have the offset deltas 0, 1, 2, …; if not, [`crate::renumber`] gives them these.
    pub consecutive_offsets: bool,
}

impl ProduceRules {
    /// Checks header, length and CRC.
    pub fn check(&self, batch: &RecordBatch) -> Result<(), RecordsError> {
        let header = batch.header();
        let client = self.origin == Origin::Client;
        if client && header.base_offset != 0 {
            return Err(InvalidRecord::BaseOffset(header.base_offset).into());
        }
        if batch.size() > self.batch_bytes_max {
            let (size, size_max) = (batch.size(), self.batch_bytes_max);
            return Err(RecordsError::BatchTooLarge { size, size_max });
        }
        batch.check_crc()?;
        header.attributes.compression()?;
        if client { check_client_header(header).map_err(RecordsError::from) } else { Ok(()) }
    }

    /// Checks all, record by record.
    pub fn validate(&self, batch: &RecordBatch) -> Result<Validated, RecordsError> {
        self.check(batch)?;
        let mut rejected = Vec::new();
        let mut max_timestamp = NO_TIMESTAMP;
        let mut consecutive_offsets = true;
        let decompressed_bytes = walk(batch, self.decompressed_bytes_max, |batch_index, record| {
            max_timestamp = max_timestamp.max(record.timestamp);
            consecutive_offsets &= record.offset_delta == batch_index;
            if let Some(rejection) = self.reject(batch.header(), record)
                && rejected.len() < REJECTED_MAX
            {
                rejected.push(RejectedRecord { batch_index, rejection });
            }
        })?;
        if !rejected.is_empty() {
            return Err(RecordsError::Rejected(rejected));
        }
        Ok(Validated { max_timestamp, decompressed_bytes, consecutive_offsets })
    }

    fn reject(&self, header: &BatchHeader, record: &RecordRef<'_>) -> Option<RecordRejection> {
        if self.compacted && record.key.is_none() {
            return Some(RecordRejection::MissingKey);
        }
        let timestamp = record.timestamp;
        if self.timestamp_type == TimestampType::CreateTime && timestamp != NO_TIMESTAMP {
            let earliest = self.now_ms.saturating_sub(self.timestamp_before_max_ms);
            let latest = self.now_ms.saturating_add(self.timestamp_after_max_ms);
            return (!(earliest..=latest).contains(&timestamp))
                .then_some(RecordRejection::TimestampOutOfRange { timestamp, earliest, latest });
        }
        (header.attributes.timestamp_type() == TimestampType::LogAppendTime)
            .then_some(RecordRejection::LogAppendTime)
    }
}

fn check_client_header(header: &BatchHeader) -> Result<(), InvalidRecord> {
    let (count, span) = (header.record_count, i64::from(header.last_offset_delta) + 1);
    if span <= 0 {
        return Err(InvalidRecord::OffsetRange(header.last_offset_delta));
    }
    if count <= 0 {
        return Err(InvalidRecord::Count(count));
    }
    if span != i64::from(count) {
        return Err(InvalidRecord::CountMismatch { span, count });
    }
    if header.attributes.is_control() {
        return Err(InvalidRecord::ControlBatch);
    }
    if header.has_producer_id() && header.base_sequence < 0 {
        let (producer_id, base_sequence) = (header.producer_id, header.base_sequence);
        return Err(InvalidRecord::Sequence { producer_id, base_sequence });
    }
    Ok(())
}
