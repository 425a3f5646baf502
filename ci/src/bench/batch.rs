//! Record batches that are built before anything is measured, the same bytes for every broker.
//!
//! **Not here**: sending them (`load`).

use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use klamm_records::{BatchBuilder, Compression, Compressor, record_len};

/// Bytes of a record's value.
const VALUE_BYTES: usize = 1024;

/// What a producer's `batch.size` would be.
const BATCH_BYTES_MAX: usize = 64 << 10;

/// As many records of 1 KiB as fit into 64 KiB, at offsets from 0 on.
pub(super) fn full() -> Bytes {
    build(0, i32::MAX).0
}

/// One record of 1 KiB.
pub(super) fn of_one() -> Bytes {
    build(0, 1).0
}

/// Full batches at ascending offsets, as many as fit into `bytes_max`, and how many records they hold.
pub(super) fn back_to_back(bytes_max: usize) -> (Bytes, i64) {
    let (mut all, mut offset) = (Vec::new(), 0);
    loop {
        let (batch, count) = build(offset, i32::MAX);
        if all.len() + batch.len() > bytes_max {
            return (all.into(), offset);
        }
        all.extend_from_slice(&batch);
        offset += i64::from(count);
    }
}

fn build(base_offset: i64, records_max: i32) -> (Bytes, i32) {
    let value = value();
    // Retention must not take it for an old one.
    let now_ms = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    let now_ms = i64::try_from(now_ms).expect("not for another 292 million years");
    let mut batch = BatchBuilder::new(Compressor::new(Compression::None)).base_offset(base_offset);
    while batch.record_count() < records_max {
        let record = record_len(None, Some(&value), std::iter::empty());
        if batch.size() + record > BATCH_BYTES_MAX {
            break;
        }
        batch.append(now_ms, None, Some(&value), std::iter::empty()).expect("64 KiB are not too much");
    }
    let count = batch.record_count();
    (batch.build().freeze(), count)
}

/// Letters that nothing compresses well, always the same ones.
fn value() -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let letter = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        b' ' + (state >> 40) as u8 % 95
    };
    std::iter::repeat_with(letter).take(VALUE_BYTES).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_batch_has_room_for_no_further_record() {
        let (batch, count) = build(0, i32::MAX);
        assert_eq!(count, 63);
        assert!(batch.len() <= BATCH_BYTES_MAX && batch.len() + VALUE_BYTES > BATCH_BYTES_MAX);
        assert!(of_one().len() < VALUE_BYTES + 100);
    }
}
