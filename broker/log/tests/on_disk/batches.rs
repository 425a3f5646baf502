//! Batches that the tests append, and what they read back. Not here: any test.
#![allow(dead_code, reason = "each test file uses its part")]

use bytes::Bytes;
use klamm_log::{Log, LogConfig};
use klamm_records::{BatchBuilder, Batches, Compression, Compressor, ProducerState, Record, RecordBatch};

/// Segments and indexes so small that a few appends roll.
pub(crate) fn small() -> LogConfig {
    LogConfig {
        segment_bytes: 1000,
        index_interval_bytes: 100,
        segment_index_bytes: 1024,
        ..LogConfig::default()
    }
}

/// A batch of records with these values, from `timestamp` on a millisecond apart.
pub(crate) fn batch(values: &[String], timestamp: i64) -> Bytes {
    build(values, timestamp, ProducerState::NONE, Compression::None)
}

/// A batch of an idempotent producer.
pub(crate) fn sent_by(producer_id: i64, producer_epoch: i16, base_sequence: i32, values: &[String]) -> Bytes {
    let producer = ProducerState { producer_id, producer_epoch, base_sequence, transactional: false };
    build(values, 1000, producer, Compression::None)
}

/// A batch with everything chosen.
pub(crate) fn build(
    values: &[String],
    timestamp: i64,
    producer: ProducerState,
    compression: Compression,
) -> Bytes {
    let mut builder = BatchBuilder::new(Compressor::new(compression));
    builder.set_producer(producer);
    for (value, at) in values.iter().zip(timestamp..) {
        builder.append(at, None, Some(value.as_bytes()), std::iter::empty()).expect("a small record");
    }
    builder.build().freeze()
}

/// So many different values.
pub(crate) fn values(from: usize, count: usize) -> Vec<String> {
    (from..from + count).map(|number| format!("value {number:05}")).collect()
}

/// Every batch that has records from `from` up to the bound.
pub(crate) async fn read_batches(log: &Log, from: i64, upper_bound: i64) -> Vec<RecordBatch> {
    let mut batches = Vec::new();
    let mut next = from;
    while next < upper_bound {
        let bytes = log.read_bytes(next, 300, upper_bound).await.expect("a read inside of the log");
        let before = next;
        for batch in Batches::new(bytes) {
            let batch = batch.expect("a sound batch");
            batch.check_crc().expect("a CRC that fits");
            next = batch.header().next_offset();
            batches.push(batch);
        }
        assert!(next > before, "a read at {before} found nothing below {upper_bound}");
    }
    batches
}

/// Its records, with text as their values.
pub(crate) fn records(batch: &RecordBatch) -> Vec<Record> {
    batch.records(1 << 20).expect("records").map(|record| record.expect("a record")).collect()
}

/// A record's value.
pub(crate) fn value(record: &Record) -> String {
    String::from_utf8(record.value.as_ref().expect("a value").to_vec()).expect("text")
}

/// Offset and value of every record from `from` up to the bound.
pub(crate) async fn read_all(log: &Log, from: i64, upper_bound: i64) -> Vec<(i64, String)> {
    let batches = read_batches(log, from, upper_bound).await;
    let records = batches.iter().flat_map(records).filter(|record| record.offset >= from);
    records.map(|record| (record.offset, value(&record))).collect()
}
