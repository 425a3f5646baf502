//! The lines about batches and their records. Not here: reading them from a file.

use std::fmt::Write as _;

use klamm_records::{RecordBatch, RecordsError};

use super::decoder::{self, Decoder};

/// Bound on what one batch may decompress to.
const DECOMPRESSED_BYTES_MAX: usize = 1 << 30;

/// What is printed of each batch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Detail {
    /// A line per record.
    pub(super) records: bool,
    /// Keys and values too, read like this.
    pub(super) contents: Option<Decoder>,
    /// Keys and values alone.
    pub(super) skip_record_metadata: bool,
}

/// The line about a batch.
pub(super) fn summary(batch: &RecordBatch, position: u64) -> String {
    let header = batch.header();
    let attributes = header.attributes;
    let compression = attributes.compression().map_or("unknown", |compression| compression.name());
    let delete_horizon = match header.delete_horizon_ms() {
        Some(horizon_ms) => format!("OptionalLong[{horizon_ms}]"),
        None => "OptionalLong.empty".to_owned(),
    };
    format!(
        "baseOffset: {} lastOffset: {} count: {} baseSequence: {} lastSequence: {} producerId: {} producerEpoch: {} \
         partitionLeaderEpoch: {} isTransactional: {} isControl: {} deleteHorizonMs: {delete_horizon} \
         position: {position} {}: {} size: {} magic: {} compresscodec: {compression} crc: {} isvalid: {}\n",
        header.base_offset,
        header.last_offset(),
        header.record_count,
        header.base_sequence,
        header.last_sequence(),
        header.producer_id,
        header.producer_epoch,
        header.partition_leader_epoch,
        attributes.is_transactional(),
        attributes.is_control(),
        attributes.timestamp_type().name(),
        header.max_timestamp,
        batch.size(),
        header.magic,
        header.crc,
        batch.check_crc().is_ok(),
    )
}

/// The lines about a batch's records; each record's offset also goes to `seen`.
pub(super) fn records(
    batch: &RecordBatch,
    detail: Detail,
    mut seen: impl FnMut(i64),
) -> Result<String, RecordsError> {
    let header = batch.header();
    let control = header.attributes.is_control();
    let mut out = String::new();
    for (record, at) in batch.records(DECOMPRESSED_BYTES_MAX)?.zip(0..) {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                writeln!(out, "| malformed record: {error}").expect("text grows");
                break;
            }
        };
        seen(record.offset);
        out.push('|');
        if !detail.skip_record_metadata {
            let size = |part: &Option<bytes::Bytes>| part.as_ref().map_or(-1, |part| part.len() as i64);
            let sequence = if header.base_sequence < 0 {
                klamm_records::NO_SEQUENCE
            } else {
                klamm_records::next_sequence(header.base_sequence, at)
            };
            let header_keys: Vec<_> =
                record.headers.iter().map(|header| String::from_utf8_lossy(&header.key)).collect();
            write!(
                out,
                " offset: {} {}: {} keySize: {} valueSize: {} sequence: {sequence} headerKeys: [{}]",
                record.offset,
                header.attributes.timestamp_type().name(),
                record.timestamp,
                size(&record.key),
                size(&record.value),
                header_keys.join(","),
            )
            .expect("text grows");
            if control {
                out.push_str(&decoder::control(&record));
            }
        }
        if let Some(decoder) = detail.contents.filter(|_| !control) {
            let (key, value) = decoder.text(&record);
            for (name, text) in [("key", key), ("payload", value)] {
                if let Some(text) = text {
                    write!(out, " {name}: {text}").expect("text grows");
                }
            }
        }
        out.push('\n');
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use klamm_records::{BatchBuilder, Compression, Compressor, HeaderRef, ProducerState};

    use super::*;

    const CONTENTS: Detail =
        Detail { records: true, contents: Some(Decoder::Text), skip_record_metadata: false };

    fn shown(batch: &RecordBatch, detail: Detail) -> String {
        summary(batch, 100) + &records(batch, detail, |_| {}).expect("a sound batch")
    }

    #[test]
    fn a_batch_and_its_records() {
        let mut builder =
            BatchBuilder::new(Compressor::new(Compression::Gzip)).base_offset(40).partition_leader_epoch(3);
        builder.set_producer(ProducerState {
            producer_id: 9,
            producer_epoch: 1,
            base_sequence: 7,
            transactional: true,
        });
        let headers = [HeaderRef { key: b"h1", value: Some(b"v") }, HeaderRef { key: b"h2", value: None }];
        builder.append(1000, Some(b"k"), Some(b"val"), headers.into_iter()).expect("it fits");
        builder.append(1001, None, Some(b"x\xff"), std::iter::empty()).expect("it fits");
        builder.append(1002, Some(b"gone"), None, std::iter::empty()).expect("it fits");
        let batch = RecordBatch::parse(builder.build().freeze()).expect("a sound batch");
        insta::assert_snapshot!(shown(&batch, CONTENTS), @r#"
        baseOffset: 40 lastOffset: 42 count: 3 baseSequence: 7 lastSequence: 9 producerId: 9 producerEpoch: 1 partitionLeaderEpoch: 3 isTransactional: true isControl: false deleteHorizonMs: OptionalLong.empty position: 100 CreateTime: 1002 size: 124 magic: 2 compresscodec: gzip crc: 2335855660 isvalid: true
        | offset: 40 CreateTime: 1000 keySize: 1 valueSize: 3 sequence: 7 headerKeys: [h1,h2] key: k payload: val
        | offset: 41 CreateTime: 1001 keySize: -1 valueSize: 2 sequence: 8 headerKeys: [] payload: x�
        | offset: 42 CreateTime: 1002 keySize: 4 valueSize: -1 sequence: 9 headerKeys: [] key: gone
        "#);
        insta::assert_snapshot!(shown(&batch, Detail { skip_record_metadata: true, ..CONTENTS }), @r#"
        baseOffset: 40 lastOffset: 42 count: 3 baseSequence: 7 lastSequence: 9 producerId: 9 producerEpoch: 1 partitionLeaderEpoch: 3 isTransactional: true isControl: false deleteHorizonMs: OptionalLong.empty position: 100 CreateTime: 1002 size: 124 magic: 2 compresscodec: gzip crc: 2335855660 isvalid: true
        | key: k payload: val
        | payload: x�
        | key: gone
        "#);
        let mut damaged = batch.bytes().to_vec();
        damaged[30] ^= 1;
        let damaged = RecordBatch::parse(Bytes::from(damaged)).expect("the frame is sound");
        assert!(summary(&damaged, 0).ends_with("isvalid: false\n"));
    }
}
