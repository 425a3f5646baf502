//! The same records under another codec (a topic's `compression.type`), or at offsets without gaps.
//!
//! Not here: which codec a topic wants.

use bytes::{BufMut, BytesMut};

use crate::builder::seal;
use crate::{BATCH_HEADER_LEN, BatchBuilder, Compressor, ProducerState, RecordBatch, RecordsError};

/// `batch` with its records under the codec of `compressor`. Offsets, timestamps, the producer's fields, flags and the
/// records themselves stay; length, codec and CRC change.
pub fn recompress(
    batch: &RecordBatch,
    compressor: Compressor,
    decompressed_bytes_max: usize,
) -> Result<BytesMut, RecordsError> {
    let records = batch.decompressed(decompressed_bytes_max)?;
    let mut out = BytesMut::with_capacity(batch.size());
    out.put_bytes(0, BATCH_HEADER_LEN);
    compressor.compress(&records, &mut out);
    let mut header = *batch.header();
    header.attributes = header.attributes.with_compression(compressor.compression());
    seal(header, &mut out)?;
    Ok(out)
}

/// `batch` written anew with its records at consecutive offsets from the base offset on, for producers that number
/// them otherwise. Timestamps and the producer's fields stay; unknown attributes and a delete horizon, which no producer
/// has a use for, do not.
pub fn renumber(
    batch: &RecordBatch,
    compressor: Compressor,
    decompressed_bytes_max: usize,
) -> Result<BytesMut, RecordsError> {
    let header = batch.header();
    let records = batch.decompressed(decompressed_bytes_max)?;
    let mut builder = BatchBuilder::with_buffer(compressor, BytesMut::with_capacity(batch.size()))
        .base_offset(header.base_offset)
        .partition_leader_epoch(header.partition_leader_epoch);
    if header.attributes.is_control() {
        builder = builder.control();
    }
    if let Some(log_append_time) = header.log_append_time() {
        builder = builder.log_append_time(log_append_time);
    }
    builder.set_producer(ProducerState {
        producer_id: header.producer_id,
        producer_epoch: header.producer_epoch,
        base_sequence: header.base_sequence,
        transactional: header.attributes.is_transactional(),
    });
    for record in batch.record_refs(&records) {
        let record = record?;
        builder.append(record.timestamp, record.key, record.value, record.headers)?;
    }
    builder.try_build()
}
