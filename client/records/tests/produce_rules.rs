//! Odd and bad batches in a Produce request, and what Kafka 4.4 answers to each.

use bytes::{BufMut, Bytes, BytesMut};
use klamm_records::{
    BatchBuilder, Compression, Compressor, HeaderRef, Origin, ProduceRules, ProducerState, RecordBatch,
    RecordsError, Stamp, TimestampType, Validated, produced_batch,
};

const NOW: i64 = 1_700_000_000_000;
const HOUR: i64 = 3_600_000;
const INVALID_RECORD: i16 = 87;
const CORRUPT_MESSAGE: i16 = 2;
const INVALID_TIMESTAMP: i16 = 32;
const MESSAGE_TOO_LARGE: i16 = 10;
const UNKNOWN_SERVER_ERROR: i16 = -1;

fn rules() -> ProduceRules {
    ProduceRules {
        origin: Origin::Client,
        batch_bytes_max: 1_048_588,
        decompressed_bytes_max: 100 << 20,
        compacted: false,
        timestamp_type: TimestampType::CreateTime,
        timestamp_before_max_ms: i64::MAX,
        timestamp_after_max_ms: HOUR,
        now_ms: NOW,
    }
}

/// The code that a broker answers with, by the documentation of the variants.
fn code(error: &RecordsError) -> i16 {
    match error {
        RecordsError::Corrupt(_) => CORRUPT_MESSAGE,
        RecordsError::OldFormat { .. } | RecordsError::Invalid(_) => INVALID_RECORD,
        RecordsError::Rejected(records) if records.iter().any(|record| record.rejection.is_timestamp()) => {
            INVALID_TIMESTAMP
        }
        RecordsError::Rejected(_) => INVALID_RECORD,
        RecordsError::BatchTooLarge { .. } | RecordsError::DecompressedTooLarge { .. } => MESSAGE_TOO_LARGE,
        RecordsError::ZstdTooEarly { .. } => 76,
        RecordsError::UnknownCodec(_) | RecordsError::Decompression { .. } => UNKNOWN_SERVER_ERROR,
    }
}

fn produce(records: &[u8], rules: &ProduceRules) -> Result<Validated, i16> {
    produced_batch(&Bytes::copy_from_slice(records), 9)
        .and_then(|batch| rules.validate(&batch))
        .map_err(|error| code(&error))
}

fn check(records: &[u8], expected: Result<(), i16>) {
    assert_eq!(produce(records, &rules()).map(drop), expected);
}

fn good(compression: Compression, timestamps: &[i64]) -> BytesMut {
    let mut builder = BatchBuilder::new(Compressor::new(compression));
    for timestamp in timestamps {
        let header = [HeaderRef { key: b"h", value: Some(b"v") }];
        builder.append(*timestamp, Some(b"k"), Some(b"value"), header.into_iter()).expect("small");
    }
    builder.build()
}

/// A good batch with `bytes` written at `at`, its CRC right again.
fn with(timestamps: &[i64], at: usize, bytes: &[u8]) -> BytesMut {
    let mut batch = good(Compression::None, timestamps);
    batch[at..at + bytes.len()].copy_from_slice(bytes);
    resealed(batch)
}

fn resealed(mut batch: BytesMut) -> BytesMut {
    let length = (batch.len() - 12) as i32;
    batch[8..12].copy_from_slice(&length.to_be_bytes());
    let crc = klamm_records::crc32c(&batch[21..]);
    batch[17..21].copy_from_slice(&crc.to_be_bytes());
    batch
}

/// Count and last offset delta by hand around records by hand.
fn by_hand(count: i32, last_offset_delta: i32, records: &[u8]) -> BytesMut {
    let mut batch = with(&[NOW], 23, &last_offset_delta.to_be_bytes());
    batch[57..61].copy_from_slice(&count.to_be_bytes());
    batch.truncate(61);
    batch.put_slice(records);
    resealed(batch)
}

/// A record without key and headers at an offset delta below 64.
fn plain(offset_delta: u8) -> [u8; 8] {
    [14, 0, 0, offset_delta * 2, 1, 2, b'v', 0]
}

#[test]
fn frames() {
    let batch = good(Compression::None, &[NOW]);
    check(&batch, Ok(()));
    check(&[], Err(INVALID_RECORD));
    check(&[9; 5], Err(INVALID_RECORD));
    check(&[0; 17], Err(CORRUPT_MESSAGE));
    check(&[0; 100], Err(CORRUPT_MESSAGE));
    let mut crc = batch.clone();
    crc[17] ^= 1;
    check(&crc, Err(CORRUPT_MESSAGE));
    for (magic, expected) in [
        (0, INVALID_RECORD),
        (1, INVALID_RECORD),
        (3, CORRUPT_MESSAGE),
        (127, CORRUPT_MESSAGE),
        (255, CORRUPT_MESSAGE),
    ] {
        check(&with(&[NOW], 16, &[magic]), Err(expected));
    }
    check(&batch[..batch.len() - 1], Err(INVALID_RECORD));
    check(&batch[..40], Err(INVALID_RECORD));
    for length in [0_i32, -1, 13] {
        let mut batch = batch.clone();
        batch[8..12].copy_from_slice(&length.to_be_bytes());
        check(&batch, Err(CORRUPT_MESSAGE));
    }
    check(&[&batch[..], &[7]].concat(), Ok(()));
    check(&[&batch[..], &batch[..]].concat(), Err(INVALID_RECORD));
}

/// A message as brokers before 0.11 had them: CRC, magic, attributes, timestamp (magic 1), null key, null value.
#[test]
fn true_old_messages() {
    for (magic, length) in [(0_i8, 14), (1, 22)] {
        let mut message = BytesMut::new();
        message.put_i64(0);
        message.put_i32(length);
        message.put_u32(0xdead_beef);
        message.put_i8(magic);
        message.put_bytes(0xff, length as usize - 5);
        let error = produced_batch(&message.freeze(), 3).expect_err("old");
        assert_eq!(error, RecordsError::OldFormat { magic });
    }
}

#[test]
fn header_fields() {
    check(&with(&[NOW], 0, &5_i64.to_be_bytes()), Err(INVALID_RECORD));
    check(&with(&[NOW], 0, &(-1_i64).to_be_bytes()), Err(INVALID_RECORD));
    check(&with(&[NOW], 12, &77_i32.to_be_bytes()), Ok(()));
    check(&with(&[NOW], 21, &[0, 0x20]), Err(INVALID_RECORD));
    check(&with(&[NOW], 21, &[0, 0x40]), Ok(()));
    check(&with(&[NOW], 21, &[0, 0x08]), Ok(()));
    check(&with(&[NOW], 21, &[0x40, 0]), Ok(()));
    for codec in 1..8 {
        check(&with(&[NOW], 21, &[0, codec]), Err(UNKNOWN_SERVER_ERROR));
    }
    for (producer_id, base_sequence, expected) in
        [(9, -1, Err(INVALID_RECORD)), (9, -5, Err(INVALID_RECORD)), (9, i32::MAX, Ok(())), (-2, -1, Ok(()))]
    {
        let producer = ProducerState { producer_id, producer_epoch: 0, base_sequence, transactional: false };
        let mut batch = good(Compression::None, &[NOW]);
        Stamp { producer: Some(producer), ..Stamp::default() }.apply(&mut batch);
        check(&batch, expected);
    }
}

#[test]
fn counts_and_offsets() {
    check(&by_hand(1, 5, &plain(0)), Err(INVALID_RECORD));
    check(&by_hand(1, -1, &plain(0)), Err(INVALID_RECORD));
    check(&by_hand(0, 0, &[]), Err(INVALID_RECORD));
    check(&by_hand(0, -1, &[]), Err(INVALID_RECORD));
    check(&by_hand(-1, 0, &plain(0)), Err(INVALID_RECORD));
    check(&by_hand(2, 1, &plain(0)), Err(INVALID_RECORD));
    let two = |second| [plain(0), plain(second)].concat();
    check(&by_hand(1, 1, &two(1)), Err(INVALID_RECORD));
    check(&by_hand(1, 0, &two(1)), Err(INVALID_RECORD));
    check(&by_hand(i32::MAX, i32::MAX - 1, &plain(0)), Err(INVALID_RECORD));
    for (second, consecutive_offsets) in [(1, true), (5, false), (0, false)] {
        let validated = produce(&by_hand(2, 1, &two(second)), &rules());
        assert_eq!(validated.map(|validated| validated.consecutive_offsets), Ok(consecutive_offsets));
    }
}

#[test]
fn record_structure() {
    let with_byte = |at: usize, byte: u8| {
        let mut record = plain(0);
        record[at] = byte;
        by_hand(1, 0, &record)
    };
    check(&with_byte(0, 12), Err(INVALID_RECORD));
    check(&with_byte(0, 16), Err(INVALID_RECORD));
    check(&with_byte(0, 1), Err(INVALID_RECORD));
    check(&with_byte(1, 0xff), Ok(()));
    check(&with_byte(4, 3), Err(INVALID_RECORD));
    check(&with_byte(7, 1), Err(INVALID_RECORD));
    check(&by_hand(1, 0, &[20, 0, 0, 0, 1, 2, b'v', 0x80, 0x89, 0x7a, 0]), Err(INVALID_RECORD));
    check(&by_hand(1, 0, &[18, 0, 0, 0, 1, 2, b'v', 2, 1, 1]), Err(INVALID_RECORD));
    check(&by_hand(1, 0, &[20, 0, 0, 0, 1, 2, b'v', 2, 2, b'h', 1]), Ok(()));
}

#[test]
fn compressed_payloads() {
    for compression in &Compression::ALL[1..] {
        let batch = good(*compression, &[NOW, NOW]);
        check(&batch, Ok(()));
        let mut one = batch.clone();
        one[57..61].copy_from_slice(&1_i32.to_be_bytes());
        one[23..27].copy_from_slice(&0_i32.to_be_bytes());
        check(&resealed(one), Err(INVALID_RECORD));
        let mut three = batch.clone();
        three[57..61].copy_from_slice(&3_i32.to_be_bytes());
        three[23..27].copy_from_slice(&2_i32.to_be_bytes());
        check(&resealed(three), Err(INVALID_RECORD));
        let mut cut = batch.clone();
        cut.truncate(batch.len() - 5);
        check(&resealed(cut), Err(UNKNOWN_SERVER_ERROR));
    }
    let mut behind = good(Compression::Gzip, &[NOW]);
    behind.put_slice(b"junk");
    check(&resealed(behind), Ok(()));
    let mut empty = good(Compression::Gzip, &[NOW]);
    empty.truncate(61);
    check(&resealed(empty), Err(UNKNOWN_SERVER_ERROR));
}

#[test]
fn a_large_record_in_few_bytes() {
    let value = vec![b'x'; 30 << 20];
    let mut builder = BatchBuilder::new(Compressor::new(Compression::Gzip));
    builder.append(NOW, None, Some(&value), std::iter::empty()).expect("below 2 GiB");
    let batch = builder.build();
    check(&batch, Ok(()));
    let bounded = ProduceRules { decompressed_bytes_max: 1 << 20, ..rules() };
    assert_eq!(produce(&batch, &bounded), Err(MESSAGE_TOO_LARGE));
    let small = ProduceRules { batch_bytes_max: 1_000, ..rules() };
    assert_eq!(produce(&batch, &small), Err(MESSAGE_TOO_LARGE));
}

#[test]
fn zstd_needs_a_newer_request() {
    let records = good(Compression::Zstd, &[NOW]).freeze();
    assert_eq!(produced_batch(&records, 6).map_err(|error| code(&error)), Err(76));
    assert!(produced_batch(&records, 7).is_ok());
}

#[test]
fn keys_of_compacted_topics() {
    let compacted = ProduceRules { compacted: true, ..rules() };
    let mut builder = BatchBuilder::new(Compressor::default());
    for key in [Some(&b"k"[..]), None] {
        builder.append(NOW, key, None, std::iter::empty()).expect("small");
    }
    let batch = RecordBatch::parse(builder.build().freeze()).expect("a batch");
    let error = compacted.validate(&batch).expect_err("the second has no key");
    assert_eq!(code(&error), INVALID_RECORD);
    let RecordsError::Rejected(rejected) = &error else { panic!("{error}") };
    assert_eq!(rejected.iter().map(|record| record.batch_index).collect::<Vec<_>>(), [1]);
    assert_eq!(
        error.to_string(),
        "1 records were refused, the first: a compacted topic does not accept a record without a key"
    );
}

#[test]
fn timestamps() {
    check(&good(Compression::None, &[NOW + 2 * HOUR]), Err(INVALID_TIMESTAMP));
    check(&good(Compression::Lz4, &[NOW, NOW + 2 * HOUR]), Err(INVALID_TIMESTAMP));
    for timestamp in [-1, -5, 0, NOW + HOUR] {
        check(&good(Compression::None, &[timestamp]), Ok(()));
    }
    let before = ProduceRules { timestamp_before_max_ms: HOUR, ..rules() };
    assert_eq!(produce(&good(Compression::None, &[NOW - HOUR - 1]), &before), Err(INVALID_TIMESTAMP));
    assert!(produce(&good(Compression::None, &[NOW - HOUR]), &before).is_ok());
    for in_header in [0, NOW + 2 * HOUR] {
        let validated = produce(&with(&[NOW], 35, &in_header.to_be_bytes()), &rules());
        assert_eq!(validated.map(|validated| validated.max_timestamp), Ok(NOW));
    }
    let append_time = ProduceRules { timestamp_type: TimestampType::LogAppendTime, ..rules() };
    let validated = produce(&good(Compression::None, &[NOW + 2 * HOUR]), &append_time);
    assert_eq!(validated.map(|validated| validated.max_timestamp), Ok(NOW + 2 * HOUR));
    assert_eq!(produce(&with(&[NOW], 21, &[0, 0x08]), &append_time), Err(INVALID_TIMESTAMP));
}

#[test]
fn the_broker_itself_writes_control_batches() {
    let control = with(&[NOW], 21, &[0, 0x20]);
    let coordinator = ProduceRules { origin: Origin::Coordinator, ..rules() };
    assert!(produce(&control, &coordinator).is_ok());
}
