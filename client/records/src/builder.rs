//! Building a batch: records are written behind room for the header, which is filled in at the end.
//!
//! Not here: when a batch is full or old enough to be sent (the client's accumulator).

use bytes::{BufMut, BytesMut};

use crate::header::{CRC_FROM, FRAME_LEN, MAGIC};
use crate::record::RecordParts;
use crate::{
    Attributes, BATCH_HEADER_LEN, BatchHeader, Compression, Compressor, HeaderRef, NO_PARTITION_LEADER_EPOCH,
    NO_PRODUCER_EPOCH, NO_PRODUCER_ID, NO_SEQUENCE, NO_TIMESTAMP, RecordsError, TimestampType, crc32c,
    record_len,
};

/// The largest batch that the length field can tell.
const BATCH_SIZE_MAX: usize = i32::MAX as usize;

/// Who sends a batch, for idempotence and transactions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProducerState {
    /// The producer's id.
    pub producer_id: i64,
    /// Its epoch.
    pub producer_epoch: i16,
    /// Sequence of the batch's first record.
    pub base_sequence: i32,
    /// Whether the batch is part of a transaction.
    pub transactional: bool,
}

impl ProducerState {
    /// A batch of nobody in particular.
    pub const NONE: ProducerState = ProducerState {
        producer_id: NO_PRODUCER_ID,
        producer_epoch: NO_PRODUCER_EPOCH,
        base_sequence: NO_SEQUENCE,
        transactional: false,
    };
}

/// A batch being written.
#[derive(Debug)]
pub struct BatchBuilder {
    buffer: BytesMut,
    header: BatchHeader,
    compressor: Compressor,
}

impl BatchBuilder {
    /// An empty batch whose records have the codec of `compressor` when it is built.
    pub fn new(compressor: Compressor) -> BatchBuilder {
        BatchBuilder::with_buffer(compressor, BytesMut::new())
    }

    /// The same, written into `buffer`, whose content is dropped and whose capacity is used.
    pub fn with_buffer(compressor: Compressor, mut buffer: BytesMut) -> BatchBuilder {
        buffer.clear();
        buffer.put_bytes(0, BATCH_HEADER_LEN);
        let none = ProducerState::NONE;
        let header = BatchHeader {
            base_offset: 0,
            batch_length: 0,
            partition_leader_epoch: NO_PARTITION_LEADER_EPOCH,
            magic: MAGIC,
            crc: 0,
            attributes: Attributes::default().with_compression(compressor.compression()),
            last_offset_delta: -1,
            base_timestamp: NO_TIMESTAMP,
            max_timestamp: NO_TIMESTAMP,
            producer_id: none.producer_id,
            producer_epoch: none.producer_epoch,
            base_sequence: none.base_sequence,
            record_count: 0,
        };
        BatchBuilder { buffer, header, compressor }
    }

    /// Offset of the first record; before the first append.
    #[must_use]
    pub fn base_offset(mut self, base_offset: i64) -> Self {
        self.header.base_offset = base_offset;
        self
    }

    /// The leader's epoch.
    #[must_use]
    pub fn partition_leader_epoch(mut self, partition_leader_epoch: i32) -> Self {
        self.header.partition_leader_epoch = partition_leader_epoch;
        self
    }

    /// Marks the batch as one of control records.
    #[must_use]
    pub fn control(mut self) -> Self {
        self.header.attributes = self.header.attributes.with_control(true);
        self
    }

    /// Gives all records the time of the append, in milliseconds.
    #[must_use]
    pub fn log_append_time(mut self, now_ms: i64) -> Self {
        self.header.attributes = self.header.attributes.with_timestamp_type(TimestampType::LogAppendTime);
        self.header.max_timestamp = now_ms;
        self
    }

    /// Who sends the batch; until it is built it may change, as sequences are given when a batch is first sent.
    pub fn set_producer(&mut self, producer: ProducerState) {
        self.header.producer_id = producer.producer_id;
        self.header.producer_epoch = producer.producer_epoch;
        self.header.base_sequence = producer.base_sequence;
        self.header.attributes = self.header.attributes.with_transactional(producer.transactional);
    }

    /// Appends a record at the next offset and returns that, less the base offset. A batch that would become too long
    /// for its length field stays as it was.
    pub fn append<'a>(
        &mut self,
        timestamp: i64,
        key: Option<&'a [u8]>,
        value: Option<&'a [u8]>,
        headers: impl Iterator<Item = HeaderRef<'a>> + Clone,
    ) -> Result<i32, RecordsError> {
        let too_large = RecordsError::BatchTooLarge { size: self.buffer.len(), size_max: BATCH_SIZE_MAX };
        let offset_delta = self.header.last_offset_delta.checked_add(1).ok_or(too_large)?;
        self.append_at(offset_delta, timestamp, key, value, headers)?;
        Ok(offset_delta)
    }

    /// Appends a record at a delta of the caller's, which must be above the one before (offsets have gaps where
    /// compaction dropped records).
    ///
    /// # Panics
    /// If the delta is not above the one before.
    pub fn append_at<'a>(
        &mut self,
        offset_delta: i32,
        timestamp: i64,
        key: Option<&'a [u8]>,
        value: Option<&'a [u8]>,
        headers: impl Iterator<Item = HeaderRef<'a>> + Clone,
    ) -> Result<(), RecordsError> {
        assert!(offset_delta > self.header.last_offset_delta, "offsets in a batch grow");
        let base_timestamp = if self.is_empty() { timestamp } else { self.header.base_timestamp };
        let timestamp_delta = timestamp.wrapping_sub(base_timestamp);
        let parts = RecordParts { timestamp_delta, offset_delta, key, value, headers };
        let body_len = parts.body_len();
        let size = self.buffer.len().saturating_add(body_len).saturating_add(size_of::<u64>());
        if size > BATCH_SIZE_MAX {
            return Err(RecordsError::BatchTooLarge { size, size_max: BATCH_SIZE_MAX });
        }
        parts.put(body_len, &mut self.buffer);
        self.header.base_timestamp = base_timestamp;
        if self.header.attributes.timestamp_type() == TimestampType::CreateTime {
            self.header.max_timestamp = self.header.max_timestamp.max(timestamp);
        }
        self.header.last_offset_delta = offset_delta;
        self.header.record_count += 1;
        Ok(())
    }

    /// Says that the batch spans offsets up to this delta, beyond its last record (as compaction leaves them).
    pub fn extend_to(&mut self, last_offset_delta: i32) {
        self.header.last_offset_delta = self.header.last_offset_delta.max(last_offset_delta);
    }

    /// How many records there are.
    pub fn record_count(&self) -> i32 {
        self.header.record_count
    }

    /// Whether there is no record yet.
    pub fn is_empty(&self) -> bool {
        self.header.record_count == 0
    }

    /// Bytes of the batch so far, header included, before compression.
    pub fn size(&self) -> usize {
        self.buffer.len()
    }

    /// The most bytes that a batch with just this record can have, before compression.
    pub fn size_of_one<'a>(
        key: Option<&'a [u8]>,
        value: Option<&'a [u8]>,
        headers: impl Iterator<Item = HeaderRef<'a>> + Clone,
    ) -> usize {
        BATCH_HEADER_LEN + record_len(key, value, headers)
    }

    /// The largest timestamp so far.
    pub fn max_timestamp(&self) -> i64 {
        self.header.max_timestamp
    }

    /// The batch: compressed, its header and CRC written. An empty one has no records and is refused by brokers.
    ///
    /// # Panics
    /// If a batch of almost 2 GiB became longer by being compressed.
    pub fn build(self) -> BytesMut {
        self.try_build().expect("a batch of less than 2 GiB is not made longer than that")
    }

    /// The same for records of a peer's choice.
    pub(crate) fn try_build(mut self) -> Result<BytesMut, RecordsError> {
        if self.compressor.compression() != Compression::None {
            let mut compressed = BytesMut::with_capacity(BATCH_HEADER_LEN + self.buffer.len() / 2);
            compressed.put_bytes(0, BATCH_HEADER_LEN);
            self.compressor.compress(&self.buffer[BATCH_HEADER_LEN..], &mut compressed);
            self.buffer = compressed;
        }
        seal(self.header, &mut self.buffer)?;
        Ok(self.buffer)
    }
}

/// Writes `header` in front of the payload that `batch` has behind room for it, with the length and CRC that result.
pub(crate) fn seal(mut header: BatchHeader, batch: &mut BytesMut) -> Result<(), RecordsError> {
    header.batch_length = batch_length(batch.len())?;
    let room = batch.first_chunk_mut().expect("room for the header is left in front");
    header.write(room);
    header.crc = crc32c(&batch[CRC_FROM..]);
    batch[CRC_FROM - size_of::<u32>()..CRC_FROM].copy_from_slice(&header.crc.to_be_bytes());
    Ok(())
}

/// The length field of a batch of so many bytes.
fn batch_length(size: usize) -> Result<i32, RecordsError> {
    let too_large = RecordsError::BatchTooLarge { size, size_max: BATCH_SIZE_MAX };
    if size > BATCH_SIZE_MAX { Err(too_large) } else { Ok((size - FRAME_LEN) as i32) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_field_ends_at_2_gib() {
        let check = |size, expected: Option<i32>| assert_eq!(batch_length(size).ok(), expected, "{size}");
        check(BATCH_HEADER_LEN, Some(49));
        check(BATCH_SIZE_MAX, Some(i32::MAX - 12));
        check(BATCH_SIZE_MAX + 1, None);
        check(3 << 30, None);
    }
}
