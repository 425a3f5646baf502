//! The file `<offset>.snapshot`, version 1: what is known of producers at an offset.
//!
//! ```text
//! int16 version = 1 │ uint32 CRC-32C of all after it │ int32 count │ count × 46 bytes:
//!   int64 producer id │ int16 epoch │ int32 last sequence │ int64 last offset │ int32 offset delta │
//!   int64 timestamp │ int32 coordinator epoch │ int64 first offset of the open transaction (-1)
//! ```
//!
//! A producer has an entry for each of its batches that are known, the newest last: a batch that is sent again after a restart
//! may be any of them. Kafka writes the newest alone, and keeps the last entry of those that it reads of one producer.
//!
//! Not here: when a snapshot is taken or removed (`log`), what the fields mean (`producer_state`).

use std::collections::BTreeMap;

use bytes::{Buf, BufMut, Bytes, BytesMut};

use crate::producer_state::{BatchMetadata, ProducerEntry};

const VERSION: i16 = 1;
const HEAD_LEN: usize = 10;
const ENTRY_LEN: usize = 46;
const CRC_FROM: usize = 6;
const COUNT_AT: usize = 6;

/// Writes the entries of all producers.
pub(crate) fn encode(producers: &BTreeMap<i64, ProducerEntry>) -> Bytes {
    let mut out = BytesMut::with_capacity(HEAD_LEN + producers.len() * ENTRY_LEN);
    out.put_i16(VERSION);
    out.put_u32(0);
    out.put_i32(0);
    let mut count = 0;
    for (producer_id, entry) in producers {
        count += put_producer(&mut out, *producer_id, entry);
    }
    out[COUNT_AT..HEAD_LEN].copy_from_slice(&count.to_be_bytes());
    let crc = klamm_records::crc32c(&out[CRC_FROM..]);
    out[2..CRC_FROM].copy_from_slice(&crc.to_be_bytes());
    out.freeze()
}

/// Writes what is known of a producer; in how many entries.
fn put_producer(out: &mut BytesMut, producer_id: i64, entry: &ProducerEntry) -> i32 {
    let mut count = 1;
    for (batch, _newer) in entry.batches().zip(entry.batches().skip(1)) {
        put_entry(out, producer_id, entry, batch, batch.timestamp);
        count += 1;
    }
    let newest = entry.last_batch().unwrap_or(&BatchMetadata::NONE);
    put_entry(out, producer_id, entry, newest, entry.last_timestamp);
    count
}

fn put_entry(
    out: &mut BytesMut,
    producer_id: i64,
    entry: &ProducerEntry,
    batch: &BatchMetadata,
    timestamp: i64,
) {
    out.put_i64(producer_id);
    out.put_i16(entry.producer_epoch);
    out.put_i32(batch.last_sequence);
    out.put_i64(batch.last_offset);
    out.put_i32(batch.offset_delta);
    out.put_i64(timestamp);
    out.put_i32(entry.coordinator_epoch);
    out.put_i64(entry.transaction_first_offset.unwrap_or(-1));
}

/// Reads a snapshot; `Err` says why it is none.
pub(crate) fn decode(bytes: &[u8]) -> Result<BTreeMap<i64, ProducerEntry>, &'static str> {
    let mut rest = bytes;
    if rest.len() < HEAD_LEN {
        return Err("too short");
    }
    if rest.get_i16() != VERSION {
        return Err("not version 1");
    }
    if rest.get_u32() != klamm_records::crc32c(&bytes[CRC_FROM..]) {
        return Err("its CRC does not match");
    }
    let count = usize::try_from(rest.get_i32()).map_err(|_| "a negative count")?;
    if rest.len() != count.saturating_mul(ENTRY_LEN) {
        return Err("its length does not match its count");
    }
    let mut producers: BTreeMap<i64, ProducerEntry> = BTreeMap::new();
    while rest.has_remaining() {
        let producer_id = rest.get_i64();
        let producer_epoch = rest.get_i16();
        let batch = BatchMetadata {
            last_sequence: rest.get_i32(),
            last_offset: rest.get_i64(),
            offset_delta: rest.get_i32(),
            timestamp: rest.get_i64(),
        };
        let entry = producers.entry(producer_id).or_insert_with(ProducerEntry::unknown);
        entry.set_epoch(producer_epoch);
        entry.last_timestamp = batch.timestamp;
        entry.coordinator_epoch = rest.get_i32();
        entry.transaction_first_offset = Some(rest.get_i64()).filter(|offset| *offset >= 0);
        if batch.last_offset >= 0 {
            entry.push(batch);
        }
    }
    Ok(producers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(last_sequence: i32, last_offset: i64) -> BatchMetadata {
        BatchMetadata { last_sequence, last_offset, offset_delta: 1, timestamp: 1000 + last_offset }
    }

    #[test]
    fn an_empty_snapshot_has_ten_bytes() {
        assert_eq!(&encode(&BTreeMap::new())[..], [0, 1, 0x48, 0x67, 0x4b, 0xc7, 0, 0, 0, 0]);
    }

    #[test]
    fn bytes_of_one_producer() {
        let mut entry = ProducerEntry::unknown();
        entry.set_epoch(3);
        entry.push(batch(7, 42));
        entry.last_timestamp = 1042;
        let bytes = encode(&BTreeMap::from([(9, entry)]));
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        insta::assert_snapshot!(hex, @"0001a3ce56be000000010000000000000009000300000007000000000000002a000000010000000000000412ffffffffffffffffffffffff");
        assert_eq!(bytes.len(), HEAD_LEN + ENTRY_LEN);
    }

    #[test]
    fn what_was_written_is_read() {
        let with_batches = |numbers: std::ops::Range<i32>| {
            let mut entry = ProducerEntry::unknown();
            entry.set_epoch(0);
            for number in numbers {
                entry.push(batch(number * 2 + 1, i64::from(number) * 2 + 1));
            }
            entry.last_timestamp = 1013;
            entry.transaction_first_offset = Some(12);
            entry
        };
        let mut marker_only = ProducerEntry::unknown();
        marker_only.set_epoch(4);
        marker_only.coordinator_epoch = 2;
        marker_only.last_timestamp = 77;
        let bytes = encode(&BTreeMap::from([(1, with_batches(0..7)), (2, marker_only.clone())]));
        assert_eq!(bytes.len(), HEAD_LEN + 6 * ENTRY_LEN);
        assert_eq!(decode(&bytes), Ok(BTreeMap::from([(1, with_batches(2..7)), (2, marker_only)])));
    }

    #[test]
    fn damage_is_found() {
        let mut entry = ProducerEntry::unknown();
        entry.push(batch(1, 1));
        let sound = encode(&BTreeMap::from([(1, entry)]));
        for place in 0..sound.len() {
            let mut bytes = sound.to_vec();
            bytes[place] ^= 0x10;
            assert!(decode(&bytes).is_err(), "byte {place}");
            assert!(decode(&sound[..place]).is_err(), "cut at {place}");
        }
    }
}
