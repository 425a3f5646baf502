//! The lines about batches and their records. Not here: reading them from a file.

use klamm_records::{BatchHeader, InvalidRecord, Record, RecordBatch, RecordsError};

use super::decoder::{self, Decoder};
use super::line::{Field, Kind, Line};

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
pub(super) fn summary(batch: &RecordBatch, position: u64) -> Line {
    let header = batch.header();
    let attributes = header.attributes;
    let compression = attributes.compression().map_or("unknown", |compression| compression.name());
    Line::new(Kind::Entry)
        .with("baseOffset", header.base_offset)
        .with("lastOffset", header.last_offset())
        .with("count", header.record_count)
        .with("baseSequence", header.base_sequence)
        .with("lastSequence", header.last_sequence())
        .with("producerId", header.producer_id)
        .with("producerEpoch", header.producer_epoch)
        .with("partitionLeaderEpoch", header.partition_leader_epoch)
        .with("isTransactional", attributes.is_transactional())
        .with("isControl", attributes.is_control())
        .with("deleteHorizonMs", Field::Optional(header.delete_horizon_ms()))
        .with("position", position)
        .with(attributes.timestamp_type().name(), header.max_timestamp)
        .with("size", batch.size())
        .with("magic", header.magic)
        .with("compresscodec", compression)
        .with("crc", header.crc)
        .with("isvalid", batch.check_crc().is_ok())
}

/// A batch's records, a line each, up to the first that is malformed, and why it is; each record's offset also goes to
/// `seen`.
pub(super) fn records(
    batch: &RecordBatch,
    detail: Detail,
    mut seen: impl FnMut(i64),
) -> Result<(Vec<Line>, Option<InvalidRecord>), RecordsError> {
    let mut lines = Vec::new();
    for (record, at) in batch.records(DECOMPRESSED_BYTES_MAX)?.zip(0..) {
        match record {
            Ok(record) => {
                seen(record.offset);
                lines.push(line(batch.header(), &record, at, detail));
            }
            Err(error) => return Ok((lines, Some(error))),
        }
    }
    Ok((lines, None))
}

fn line(header: &BatchHeader, record: &Record, at: i32, detail: Detail) -> Line {
    let control = header.attributes.is_control();
    let mut line = Line::new(Kind::Record);
    if !detail.skip_record_metadata {
        let size = |part: &Option<bytes::Bytes>| part.as_ref().map_or(-1, |part| part.len() as i64);
        let sequence = if header.base_sequence < 0 {
            klamm_records::NO_SEQUENCE
        } else {
            klamm_records::next_sequence(header.base_sequence, at)
        };
        let keys = record.headers.iter().map(|header| String::from_utf8_lossy(&header.key).into_owned());
        line = line
            .with("offset", record.offset)
            .with(header.attributes.timestamp_type().name(), record.timestamp)
            .with("keySize", size(&record.key))
            .with("valueSize", size(&record.value))
            .with("sequence", sequence)
            .with("headerKeys", Field::List(keys.collect()));
        if control {
            line = decoder::control(record, line);
        }
    }
    if let Some(decoder) = detail.contents.filter(|_| !control) {
        let (key, value) = decoder.fields(record);
        for (name, field) in [("key", key), ("payload", value)] {
            if let Some(field) = field {
                line = line.with(name, field);
            }
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use klamm_records::{BatchBuilder, Compression, Compressor, HeaderRef, ProducerState};

    use super::super::line::Dump;
    use super::*;

    const CONTENTS: Detail =
        Detail { records: true, contents: Some(Decoder::Text), skip_record_metadata: false };

    fn shown(batch: &RecordBatch, detail: Detail) -> String {
        let (records, malformed) = records(batch, detail, |_| {}).expect("a sound batch");
        assert!(malformed.is_none());
        Dump::Lines(std::iter::once(summary(batch, 100)).chain(records).collect()).text()
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
        assert!(Dump::Lines(vec![summary(&damaged, 0)]).text().ends_with("isvalid: false\n"));
    }
}
