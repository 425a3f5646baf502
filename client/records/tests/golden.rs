//! Bytes of one small batch in each codec, taken apart by hand, and held against another implementation.

use bytes::{Bytes, BytesMut};
use kafka_protocol::indexmap::IndexMap;
use kafka_protocol::protocol::StrBytes;
use kafka_protocol::records as other;
use klamm_records::{
    BatchBuilder, Compression, Compressor, HeaderRef, ProducerState, RecordBatch, TimestampType,
};

const LIMIT: usize = 1 << 20;
const VALUE: &[u8] = b"value value value value value value";

fn batch(compression: Compression) -> RecordBatch {
    let mut builder =
        BatchBuilder::new(Compressor::new(compression)).base_offset(256).partition_leader_epoch(5);
    builder.set_producer(ProducerState {
        producer_id: 1000,
        producer_epoch: 2,
        base_sequence: 40,
        transactional: true,
    });
    let headers = [HeaderRef { key: b"h", value: Some(b"v") }, HeaderRef { key: b"n", value: None }];
    builder.append(1_700_000_000_000, Some(b"key"), Some(VALUE), headers.into_iter()).expect("small");
    builder.append(1_700_000_000_100, None, None, std::iter::empty()).expect("small");
    RecordBatch::parse(builder.build().freeze()).expect("a batch")
}

fn hex(bytes: &[u8]) -> String {
    let line = |line: &[u8]| line.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    bytes.chunks(32).map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn uncompressed_by_hand() {
    let batch = batch(Compression::None);
    let by_hand = [
        "0000000000000100", // base offset
        "0000006d",         // length
        "00000005",         // partition leader epoch
        "02",               // magic
        &hex(&klamm_records::crc32c(&batch.bytes()[21..]).to_be_bytes()),
        "0010",             // attributes: transactional
        "00000001",         // last offset delta
        "0000018bcfe56800", // base timestamp
        "0000018bcfe56864", // max timestamp
        "00000000000003e8", // producer id
        "0002",             // producer epoch
        "00000028",         // base sequence
        "00000002",         // record count
        "66",               // length 51
        "00",               // attributes
        "00",               // timestamp delta 0
        "00",               // offset delta 0
        "06",               // key length 3
        "6b6579",           // key
        "46",               // value length 35
        &hex(VALUE).replace('\n', ""),
        "04",       // two headers
        "02680276", // h: v
        "026e01",   // n: null
        "0e",       // length 7
        "00",       // attributes
        "c801",     // timestamp delta 100
        "02",       // offset delta 1
        "01",       // null key
        "01",       // null value
        "00",       // no headers
    ]
    .concat();
    assert_eq!(hex(batch.bytes()).replace('\n', ""), by_hand);
}

#[test]
fn bytes_of_each_codec() {
    for compression in &Compression::ALL[1..] {
        insta::assert_snapshot!(compression.name(), hex(batch(*compression).bytes()));
    }
}

fn codec_there(compression: Compression) -> other::Compression {
    match compression {
        Compression::None => other::Compression::None,
        Compression::Gzip => other::Compression::Gzip,
        Compression::Snappy => other::Compression::Snappy,
        Compression::Lz4 => other::Compression::Lz4,
        Compression::Zstd => other::Compression::Zstd,
    }
}

fn records_there() -> Vec<other::Record> {
    let record = |index: i64, key: Option<Bytes>, value: Option<Bytes>, headers| other::Record {
        transactional: true,
        control: false,
        partition_leader_epoch: 5,
        producer_id: 1000,
        producer_epoch: 2,
        timestamp_type: other::TimestampType::Creation,
        offset: 256 + index,
        sequence: 40 + index as i32,
        timestamp: 1_700_000_000_000 + 100 * index,
        key,
        value,
        headers,
        delete_horizon: false,
    };
    let name = StrBytes::from_static_str;
    let headers = IndexMap::from([(name("h"), Some(Bytes::from_static(b"v"))), (name("n"), None)]);
    vec![
        record(0, Some(Bytes::from_static(b"key")), Some(Bytes::from_static(VALUE)), headers),
        record(1, None, None, IndexMap::new()),
    ]
}

#[test]
fn another_implementation_writes_and_reads_the_same() {
    for compression in Compression::ALL {
        let ours = batch(compression);
        let mut bytes = ours.bytes().clone();
        let read_there = other::RecordBatchDecoder::decode(&mut bytes).expect("it reads ours");
        assert_eq!(read_there.records, records_there(), "{compression}");

        let mut written_there = BytesMut::new();
        let options = other::RecordEncodeOptions { version: 2, compression: codec_there(compression) };
        other::RecordBatchEncoder::encode(&mut written_there, &records_there(), &options).expect("it writes");
        let theirs = RecordBatch::parse(written_there.freeze()).expect("we read theirs");
        theirs.check_crc().expect("the CRC fits");
        let both = [&ours, &theirs].map(|batch| batch.decompressed(LIMIT).expect("readable"));
        assert_eq!(both[0], both[1], "{compression}");
        let mut header = *theirs.header();
        (header.batch_length, header.crc) = (ours.header().batch_length, ours.header().crc);
        assert_eq!(&header, ours.header(), "{compression}");
        assert_eq!(header.attributes.timestamp_type(), TimestampType::CreateTime);
    }
}
