//! What a leader writes into a batch when it appends it: offsets, its epoch, timestamps.
//!
//! Not here: changes to records; for those see `recompress`.

use bytes::{Bytes, BytesMut};

use crate::header::CRC_FROM;
use crate::{BATCH_HEADER_LEN, BatchHeader, ProducerState, RecordBatch, TimestampType, crc};

/// Fields to write; `None` leaves one as it is. Base offset and leader epoch are outside the CRC. For the others a new
/// CRC is derived from the stored one and the header alone, so the records are not read and damage stays visible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stamp {
    /// Offset of the first record.
    pub base_offset: Option<i64>,
    /// Epoch of the leader that appends.
    pub partition_leader_epoch: Option<i32>,
    /// Who set the timestamps, and the largest one (the time of the append with LogAppendTime).
    pub timestamps: Option<(TimestampType, i64)>,
    /// Who sends the batch, when a client sends it anew under another epoch or sequence.
    pub producer: Option<ProducerState>,
}

impl Stamp {
    /// Writes into the whole batch, in place.
    ///
    /// # Panics
    /// If `batch` is shorter than a header.
    pub fn apply(&self, batch: &mut [u8]) {
        let (front, records) = batch.split_first_chunk_mut().expect("a batch has a header");
        self.apply_to_header(front, records.len());
    }

    /// The header that results, and the payload as it is: to be written one after the other where the batch's bytes
    /// are shared and may not change.
    pub fn split(&self, batch: &RecordBatch) -> (Bytes, Bytes) {
        let front: &[u8; BATCH_HEADER_LEN] = batch.bytes().first_chunk().expect("a batch has a header");
        let mut front = *front;
        self.apply_to_header(&mut front, batch.size() - BATCH_HEADER_LEN);
        (Bytes::copy_from_slice(&front), batch.payload())
    }

    /// The stamped batch, in the same memory if nobody else holds it.
    pub fn apply_to(&self, batch: RecordBatch) -> RecordBatch {
        let mut bytes =
            batch.into_bytes().try_into_mut().unwrap_or_else(|shared| BytesMut::from(&shared[..]));
        self.apply(&mut bytes);
        RecordBatch::parse(bytes.freeze()).expect("a stamp changes neither length nor magic")
    }

    /// Writes into a header in front of `records_len` bytes.
    pub fn apply_to_header(&self, front: &mut [u8; BATCH_HEADER_LEN], records_len: usize) {
        let before = *front;
        let mut header = BatchHeader::read(front);
        header.base_offset = self.base_offset.unwrap_or(header.base_offset);
        header.partition_leader_epoch = self.partition_leader_epoch.unwrap_or(header.partition_leader_epoch);
        if let Some((timestamp_type, max_timestamp)) = self.timestamps {
            header.attributes = header.attributes.with_timestamp_type(timestamp_type);
            header.max_timestamp = max_timestamp;
        }
        if let Some(producer) = self.producer {
            header.attributes = header.attributes.with_transactional(producer.transactional);
            header.producer_id = producer.producer_id;
            header.producer_epoch = producer.producer_epoch;
            header.base_sequence = producer.base_sequence;
        }
        header.write(front);
        if front[CRC_FROM..] != before[CRC_FROM..] {
            header.crc =
                crc::with_front_replaced(header.crc, &before[CRC_FROM..], &front[CRC_FROM..], records_len);
            header.write(front);
        }
    }
}
