//! Record batches field by field, so that each can be wrong.
//!
//! **Not here**: right ones (`klamm-records` builds those and refuses to build others).

use std::time::{SystemTime, UNIX_EPOCH};

use bytes::BytesMut;
use klamm_records::{Compression, Compressor, crc32c};

/// A batch of format 2. What is `None` follows from the rest.
pub(super) struct RawBatch {
    pub(super) base_offset: i64,
    pub(super) partition_leader_epoch: i32,
    pub(super) magic: i8,
    pub(super) crc_is_wrong: bool,
    pub(super) attributes: i16,
    pub(super) last_offset_delta: Option<i32>,
    pub(super) base_timestamp_ms: i64,
    pub(super) max_timestamp_ms: Option<i64>,
    pub(super) producer_id: i64,
    pub(super) producer_epoch: i16,
    pub(super) base_sequence: i32,
    pub(super) record_count: Option<i32>,
    pub(super) records: Vec<Vec<u8>>,
    /// In place of the records.
    pub(super) payload: Option<Vec<u8>>,
}

impl RawBatch {
    fn bytes(&self) -> Vec<u8> {
        let count = i32::try_from(self.records.len()).expect("a probe has few records");
        let mut checked = Vec::new();
        checked.extend(self.attributes.to_be_bytes());
        checked.extend(self.last_offset_delta.unwrap_or(count - 1).to_be_bytes());
        checked.extend(self.base_timestamp_ms.to_be_bytes());
        checked.extend(self.max_timestamp_ms.unwrap_or(self.base_timestamp_ms).to_be_bytes());
        checked.extend(self.producer_id.to_be_bytes());
        checked.extend(self.producer_epoch.to_be_bytes());
        checked.extend(self.base_sequence.to_be_bytes());
        checked.extend(self.record_count.unwrap_or(count).to_be_bytes());
        checked.extend(self.payload.clone().unwrap_or_else(|| self.records.concat()));
        let mut counted = Vec::new();
        counted.extend(self.partition_leader_epoch.to_be_bytes());
        counted.extend(self.magic.to_be_bytes());
        counted.extend((crc32c(&checked) ^ u32::from(self.crc_is_wrong)).to_be_bytes());
        counted.extend(checked);
        let len = i32::try_from(counted.len()).expect("a probe's batch is small");
        [&self.base_offset.to_be_bytes()[..], &len.to_be_bytes(), &counted].concat()
    }
}

/// A good batch of one record, changed.
pub(super) fn batch(change: impl FnOnce(&mut RawBatch)) -> Vec<u8> {
    let mut batch = RawBatch {
        base_offset: 0,
        partition_leader_epoch: -1,
        magic: 2,
        crc_is_wrong: false,
        attributes: 0,
        last_offset_delta: None,
        base_timestamp_ms: now_ms(),
        max_timestamp_ms: None,
        producer_id: -1,
        producer_epoch: -1,
        base_sequence: -1,
        record_count: None,
        records: vec![record(|_| ())],
        payload: None,
    };
    change(&mut batch);
    batch.bytes()
}

/// One record of a batch.
pub(super) struct RawRecord {
    pub(super) attributes: u8,
    pub(super) timestamp_delta: i64,
    pub(super) offset_delta: i64,
    pub(super) key: Option<&'static [u8]>,
    pub(super) value: Vec<u8>,
    /// Count and headers, as bytes.
    pub(super) headers: Vec<u8>,
    /// What the length in front says too much.
    pub(super) len_error: i64,
}

/// A good record, changed.
pub(super) fn record(change: impl FnOnce(&mut RawRecord)) -> Vec<u8> {
    let mut record = RawRecord {
        attributes: 0,
        timestamp_delta: 0,
        offset_delta: 0,
        key: Some(b"k"),
        value: b"v".to_vec(),
        headers: varint(0),
        len_error: 0,
    };
    change(&mut record);
    let RawRecord { attributes, timestamp_delta, offset_delta, key, value, headers, len_error } = record;
    let fields = [
        vec![attributes],
        varint(timestamp_delta),
        varint(offset_delta),
        sized(key),
        sized(Some(&value)),
        headers,
    ];
    let fields = fields.concat();
    [varint(len(&fields) + len_error), fields].concat()
}

/// The record at an offset delta.
pub(super) fn record_at(offset_delta: i64) -> Vec<u8> {
    record(|record| record.offset_delta = offset_delta)
}

/// Bytes after their length, or null.
pub(super) fn sized(bytes: Option<&[u8]>) -> Vec<u8> {
    bytes.map_or_else(|| varint(-1), |bytes| [varint(len(bytes)), bytes.to_vec()].concat())
}

/// Zigzag, seven bits a byte, the lowest first.
pub(super) fn varint(value: i64) -> Vec<u8> {
    let mut bits = (value << 1 ^ value >> 63).cast_unsigned();
    let mut bytes = Vec::new();
    while bits >= 0x80 {
        bytes.push(bits as u8 | 0x80);
        bits >>= 7;
    }
    bytes.push(bits as u8);
    bytes
}

/// A message of format 0 (without a timestamp) or 1.
pub(super) fn old_message(timestamp_ms: Option<i64>) -> Vec<u8> {
    let mut checked = vec![u8::from(timestamp_ms.is_some()), 0];
    checked.extend(timestamp_ms.iter().flat_map(|timestamp_ms| timestamp_ms.to_be_bytes()));
    checked.extend((-1_i32).to_be_bytes());
    checked.extend(1_i32.to_be_bytes());
    checked.push(b'v');
    let size = i32::try_from(checked.len() + 4).expect("it is small");
    [&[0; 8][..], &size.to_be_bytes(), &crc32(&checked).to_be_bytes(), &checked].concat()
}

/// CRC-32 of Ethernet, which the old formats use.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 0 { crc >> 1 } else { crc >> 1 ^ 0xedb8_8320 };
    !bytes.iter().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}

pub(super) fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut out = BytesMut::new();
    Compressor::new(Compression::Gzip).compress(plain, &mut out);
    out.to_vec()
}

pub(super) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    i64::try_from(since).expect("not for another 292 million years")
}

fn len(bytes: &[u8]) -> i64 {
    i64::try_from(bytes.len()).expect("a probe is small")
}

#[cfg(test)]
mod tests {
    use klamm_records::RecordBatch;

    use super::*;

    #[test]
    fn an_unchanged_batch_is_a_right_one() {
        let bytes = batch(|batch| batch.records = vec![record_at(0), record_at(1)]);
        let batch = RecordBatch::parse(bytes.into()).expect("it is right");
        batch.check_crc().expect("it is right");
        assert_eq!((batch.header().record_count, batch.header().last_offset_delta), (2, 1));
    }

    #[test]
    fn checksums_and_varints() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(varint(-1), [1]);
        assert_eq!(varint(300), [0xd8, 0x04]);
        assert_eq!(varint(i64::MIN).len(), 10);
    }
}
