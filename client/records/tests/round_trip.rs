//! What is built is read back, in every codec; what is damaged is refused and never panics.

use std::io::Write;
use std::iter;

use bytes::{Bytes, BytesMut};
use klamm_records::{
    BATCH_HEADER_LEN, BatchBuilder, Batches, Compression, Compressor, Header, HeaderRef, Origin,
    ProduceRules, ProducerState, Record, RecordBatch, RecordsError, Stamp, TimestampType, produced_batch,
    recompress, renumber,
};
use lz4_flex::frame::{BlockMode, BlockSize, FrameEncoder, FrameInfo};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

const LIMIT: usize = 1 << 20;

fn rules() -> ProduceRules {
    ProduceRules {
        origin: Origin::Client,
        batch_bytes_max: LIMIT,
        decompressed_bytes_max: LIMIT,
        compacted: false,
        timestamp_type: TimestampType::CreateTime,
        timestamp_before_max_ms: i64::MAX,
        timestamp_after_max_ms: i64::MAX,
        now_ms: 0,
    }
}

fn build(compressor: Compressor, base_offset: i64, records: &[Record]) -> RecordBatch {
    let mut builder = BatchBuilder::new(compressor).base_offset(base_offset);
    for record in records {
        let headers = record
            .headers
            .iter()
            .map(|header| HeaderRef { key: &header.key, value: header.value.as_deref() });
        builder
            .append(record.timestamp, record.key.as_deref(), record.value.as_deref(), headers)
            .expect("small records fit");
    }
    RecordBatch::parse(builder.build().freeze()).expect("a built batch parses")
}

fn read(batch: &RecordBatch) -> Result<Vec<Record>, RecordsError> {
    batch.records(LIMIT)?.map(|record| record.map_err(RecordsError::from)).collect()
}

fn part() -> impl Strategy<Value = Bytes> {
    prop_oneof![
        vec(any::<u8>(), 0..40).prop_map(Bytes::from),
        (any::<u8>(), 0..5_000_usize).prop_map(|(byte, len)| Bytes::from(vec![byte; len])),
    ]
}

fn record() -> impl Strategy<Value = Record> {
    let header = (part(), option::of(part())).prop_map(|(key, value)| Header { key, value });
    (-1..2_000_000_000_000_i64, option::of(part()), option::of(part()), vec(header, 0..3))
        .prop_map(|(timestamp, key, value, headers)| Record { offset: 0, timestamp, key, value, headers })
}

fn records() -> impl Strategy<Value = Vec<Record>> {
    vec(record(), 1..20)
}

fn compressor() -> impl Strategy<Value = Compressor> {
    proptest::sample::select(&Compression::ALL[..]).prop_map(Compressor::new)
}

fn at_offsets(mut records: Vec<Record>, base_offset: i64) -> Vec<Record> {
    for (offset, record) in (base_offset..).zip(&mut records) {
        record.offset = offset;
    }
    records
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn built_batches_are_read_back(compressor in compressor(), records in records(), base_offset in 0..1_i64 << 40) {
        let batch = build(compressor, base_offset, &records);
        batch.check_crc()?;
        let expected = at_offsets(records, base_offset);
        prop_assert_eq!(batch.header().record_count as usize, expected.len());
        prop_assert_eq!(batch.header().max_timestamp, expected.iter().map(|r| r.timestamp).max().unwrap_or(-1));
        prop_assert_eq!(batch.header().last_offset(), base_offset + expected.len() as i64 - 1);
        let payload = batch.decompressed(LIMIT)?;
        let borrowed: Vec<_> = batch
            .record_refs(&payload)
            .map(|record| record.map(|record| record.to_record(&payload)))
            .collect::<Result<_, _>>()?;
        prop_assert_eq!(&borrowed, &expected);
        prop_assert_eq!(read(&batch)?, expected);
    }

    #[test]
    fn validation_agrees_with_reading(compressor in compressor(), records in records()) {
        let batch = build(compressor, 0, &records);
        let validated = rules().validate(&batch)?;
        prop_assert!(validated.consecutive_offsets);
        prop_assert_eq!(validated.max_timestamp, batch.header().max_timestamp);
        prop_assert_eq!(validated.decompressed_bytes, batch.decompressed(LIMIT)?.len());
    }

    #[test]
    fn recompressing_keeps_the_records(from in compressor(), to in compressor(), records in records()) {
        let batch = build(from, 7, &records);
        let other = RecordBatch::parse(recompress(&batch, to, LIMIT)?.freeze())?;
        other.check_crc()?;
        prop_assert_eq!(other.header().attributes.compression(), Ok(to.compression()));
        prop_assert_eq!(read(&other)?, read(&batch)?);
        let renumbered = RecordBatch::parse(renumber(&batch, from, LIMIT)?.freeze())?;
        prop_assert_eq!(renumbered, batch);
    }

    #[test]
    fn stamps_keep_the_crc_right(
        compressor in compressor(),
        records in records(),
        base_offset: i64,
        partition_leader_epoch: i32,
        now: i64,
        producer_id: i64,
    ) {
        let batch = build(compressor, 0, &records);
        let producer = ProducerState { producer_id, producer_epoch: 3, base_sequence: 9, transactional: true };
        let stamp = Stamp {
            base_offset: Some(base_offset),
            partition_leader_epoch: Some(partition_leader_epoch),
            timestamps: Some((TimestampType::LogAppendTime, now)),
            producer: Some(producer),
        };
        let (header, payload) = stamp.split(&batch);
        let stamped = stamp.apply_to(batch);
        prop_assert_eq!(&[header, payload].concat(), stamped.bytes());
        stamped.check_crc()?;
        prop_assert_eq!(stamped.header().base_offset, base_offset);
        prop_assert_eq!(stamped.header().partition_leader_epoch, partition_leader_epoch);
        prop_assert_eq!(stamped.header().producer_id, producer_id);
        prop_assert_eq!(stamped.header().log_append_time(), Some(now));
        prop_assert!(read(&stamped)?.iter().all(|record| record.timestamp == now));
    }

    #[test]
    fn a_flipped_bit_is_seen(compressor in compressor(), records in records(), bit: proptest::sample::Index) {
        let batch = build(compressor, 0, &records);
        let mut bytes = BytesMut::from(&batch.bytes()[..]);
        let bit = bit.index(bytes.len() * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
        let outside_the_crc = (12..16).contains(&(bit / 8));
        let outcome = produced_batch(&bytes.freeze(), 9).and_then(|batch| rules().validate(&batch));
        prop_assert_eq!(outcome.is_ok(), outside_the_crc, "bit {} of byte {}", bit % 8, bit / 8);
    }

    #[test]
    fn a_stamp_does_not_hide_damage(compressor in compressor(), records in records(), bit: proptest::sample::Index) {
        let batch = build(compressor, 0, &records);
        let mut bytes = BytesMut::from(&batch.bytes()[..]);
        let bit = BATCH_HEADER_LEN * 8 + bit.index((bytes.len() - BATCH_HEADER_LEN) * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
        Stamp { timestamps: Some((TimestampType::LogAppendTime, 5)), ..Stamp::default() }.apply(&mut bytes);
        prop_assert!(RecordBatch::parse(bytes.freeze())?.check_crc().is_err());
    }

    /// The CRC is made right again, so that everything behind it meets the damage.
    #[test]
    fn damage_under_a_right_crc_never_panics(
        compressor in compressor(),
        records in records(),
        flips in vec((any::<proptest::sample::Index>(), any::<u8>()), 1..6),
        cut: proptest::sample::Index,
    ) {
        let batch = build(compressor, 0, &records);
        let mut payload = batch.payload().to_vec();
        payload.truncate(cut.index(payload.len() * 2).max(1));
        for (at, value) in flips {
            let at = at.index(payload.len());
            payload[at] = value;
        }
        let damaged = with_payload(&batch, &payload);
        let validated = rules().validate(&damaged);
        let read = read(&damaged);
        prop_assert_eq!(validated.is_ok(), read.is_ok(), "{:?} {:?}", validated, read);
        let _ = recompress(&damaged, Compressor::new(Compression::Lz4), LIMIT);
        let _ = renumber(&damaged, Compressor::new(Compression::None), LIMIT);
    }

    #[test]
    fn any_bytes_are_taken_or_refused(bytes in vec(any::<u8>(), 0..200), compression in 0..8_u8) {
        for batch in Batches::new(Bytes::from(bytes.clone())) {
            if batch.is_err() { break }
        }
        let frame = build(Compressor::default(), 0, &[Record::default()]);
        let mut whole = with_payload(&frame, &bytes).into_bytes().to_vec();
        whole[22] = compression;
        let batch = RecordBatch::parse(Bytes::from(whole))?;
        prop_assert!(rules().validate(&batch).is_err(), "the CRC does not fit");
        let _ = batch.records(LIMIT).map(Iterator::count);
    }

    #[test]
    fn batches_back_to_back(batches in vec((compressor(), records()), 0..4), cut in 0..200_usize) {
        let batches: Vec<_> = batches.iter().map(|(compressor, records)| build(*compressor, 3, records)).collect();
        let tail = build(Compressor::default(), 0, &[Record { value: Some(vec![0; 200].into()), ..Record::default() }]);
        let mut all: Vec<u8> = batches.iter().flat_map(|batch| batch.bytes().to_vec()).collect();
        all.extend_from_slice(&tail.bytes()[..cut]);
        let mut walk = Batches::new(Bytes::from(all));
        let walked: Vec<_> = walk.by_ref().collect::<Result<_, _>>()?;
        prop_assert_eq!(walked, batches);
        prop_assert_eq!(walk.rest(), &tail.bytes()[..cut]);
    }

    #[test]
    fn size_estimates_hold(records in records()) {
        let mut size_max = BATCH_HEADER_LEN;
        for record in &records {
            let headers = record.headers.iter().map(|h| HeaderRef { key: &h.key, value: h.value.as_deref() });
            let one = BatchBuilder::size_of_one(record.key.as_deref(), record.value.as_deref(), headers);
            size_max += one - BATCH_HEADER_LEN;
        }
        let size = build(Compressor::default(), 0, &records).size();
        prop_assert!(size <= size_max && size + 20 * records.len() >= size_max, "{} of {}", size, size_max);
    }
}

/// `batch` with another payload, length and CRC made to fit.
fn with_payload(batch: &RecordBatch, payload: &[u8]) -> RecordBatch {
    let mut bytes = BytesMut::from(&batch.bytes()[..BATCH_HEADER_LEN]);
    bytes.extend_from_slice(payload);
    let length = (bytes.len() - 12) as i32;
    bytes[8..12].copy_from_slice(&length.to_be_bytes());
    let crc = klamm_records::crc32c(&bytes[21..]);
    bytes[17..21].copy_from_slice(&crc.to_be_bytes());
    RecordBatch::parse(bytes.freeze()).expect("the length fits")
}

#[test]
fn the_bound_on_decompressed_bytes_is_exact() {
    let value = Bytes::from(vec![7; 30_000]);
    for compression in Compression::ALL {
        let batch = build(
            Compressor::new(compression),
            0,
            &[Record { value: Some(value.clone()), ..Record::default() }],
        );
        let size = batch.decompressed(LIMIT).expect("below the limit").len();
        assert_eq!(batch.decompressed(size).expect("at the limit").len(), size);
        let within = ProduceRules { decompressed_bytes_max: size, ..rules() };
        assert!(within.validate(&batch).is_ok(), "{compression}");
        if compression != Compression::None {
            let too_large = RecordsError::DecompressedTooLarge { size_max: size - 1 };
            assert_eq!(batch.decompressed(size - 1), Err(too_large.clone()));
            let below = ProduceRules { decompressed_bytes_max: size - 1, ..rules() };
            assert_eq!(below.validate(&batch), Err(too_large));
        }
    }
}

#[test]
fn every_cut_of_a_compressed_stream_is_an_error() {
    let records = vec![
        Record {
            value: Some(Bytes::from_static(b"some words and some words again")),
            ..Record::default()
        };
        9
    ];
    for compression in &Compression::ALL[1..] {
        let batch = build(Compressor::new(*compression), 0, &records);
        let payload = batch.payload();
        for len in 0..payload.len() {
            let cut = with_payload(&batch, &payload[..len]);
            assert!(rules().validate(&cut).is_err(), "{compression} cut to {len} of {}", payload.len());
            assert!(read(&cut).is_err(), "{compression} cut to {len} of {}", payload.len());
        }
    }
}

#[test]
fn streams_of_other_writers_are_read() {
    let expected: Vec<u8> = (0..100_000_u32).flat_map(|number| (number / 7).to_le_bytes()).collect();
    let frame = build(Compressor::default(), 0, &[Record::default()]);
    let check = |compression: Compression, payload: &[u8]| {
        let mut bytes = BytesMut::from(with_payload(&frame, payload).bytes().as_ref());
        bytes[22] = compression.id();
        let batch = RecordBatch::parse(bytes.freeze()).expect("a batch");
        assert!(batch.decompressed(LIMIT).expect("readable") == expected, "{compression}");
    };
    let raw = snap::raw::Encoder::new().compress_vec(&expected).expect("small");
    check(Compression::Snappy, &raw);
    let mut framed = BytesMut::new();
    let (first, second) = expected.split_at(50_000);
    Compressor::new(Compression::Snappy).compress(first, &mut framed);
    Compressor::new(Compression::Snappy).compress(second, &mut framed);
    check(Compression::Snappy, &framed);
    check(Compression::Lz4, &lz4_frame(BlockMode::Independent, &expected));
    let mut behind = BytesMut::new();
    Compressor::new(Compression::Gzip).compress(&expected, &mut behind);
    behind.extend_from_slice(b"junk behind the stream");
    check(Compression::Gzip, &behind);
    for (compression, level) in
        [(Compression::Gzip, 1), (Compression::Gzip, 9), (Compression::Zstd, -5), (Compression::Zstd, 22)]
    {
        let mut out = BytesMut::new();
        Compressor::with_level(compression, level).expect("a level").compress(&expected, &mut out);
        check(compression, &out);
    }
}

/// A frame of large blocks, with all checksums that there are.
fn lz4_frame(block_mode: BlockMode, content: &[u8]) -> Vec<u8> {
    let info = FrameInfo::new()
        .block_size(BlockSize::Max1MB)
        .block_mode(block_mode)
        .content_checksum(true)
        .block_checksums(true);
    let mut encoder = FrameEncoder::with_frame_info(info, Vec::new());
    encoder.write_all(content).expect("memory");
    encoder.finish().expect("memory")
}

/// `payload` as the records of a batch of that codec, whatever it is.
fn holding(compression: Compression, payload: &[u8]) -> RecordBatch {
    let frame = build(Compressor::default(), 0, &[Record::default()]);
    let mut bytes = with_payload(&frame, payload).into_bytes().to_vec();
    bytes[22] = compression.id();
    with_payload(&RecordBatch::parse(Bytes::from(bytes)).expect("a batch"), payload)
}

/// Java's reader, and with it every Java consumer, stops at such a frame: it must not get into a log.
#[test]
fn lz4_blocks_that_depend_on_one_another_are_refused() {
    let content = build(Compressor::default(), 0, &[Record::default()]).payload();
    let check = |block_mode, expected: bool| {
        let batch = holding(Compression::Lz4, &lz4_frame(block_mode, &content));
        let validated = rules().validate(&batch);
        assert_eq!(validated.is_ok(), expected, "{block_mode:?}: {validated:?}");
        assert_eq!(batch.decompressed(LIMIT).is_ok(), expected, "{block_mode:?}");
        assert_eq!(recompress(&batch, Compressor::default(), LIMIT).is_ok(), expected, "{block_mode:?}");
    };
    check(BlockMode::Independent, true);
    check(BlockMode::Linked, false);
}

/// Java's reader goes on over all members, up to what begins as none.
#[test]
fn gzip_members_behind_one_another_are_one_stream() {
    let content: Vec<u8> = (0..20_000_u32).flat_map(u32::to_be_bytes).collect();
    let gzip = |content: &[u8]| {
        let mut out = BytesMut::new();
        Compressor::new(Compression::Gzip).compress(content, &mut out);
        out
    };
    let (front, back) = content.split_at(33_333);
    let members = [gzip(front), gzip(b""), gzip(back)].concat();
    let check = |stream: &[u8], bytes_max: usize, expected: Result<&[u8], ()>| {
        let read = holding(Compression::Gzip, stream).decompressed(bytes_max);
        assert_eq!(read.as_deref().map_err(|_| ()), expected);
    };
    check(&members, content.len(), Ok(&content));
    check(&members, content.len() - 1, Err(()));
    check(&[&members[..], b"\x1f\x8b\x09 of no method that there is"].concat(), LIMIT, Ok(&content));
    check(&[&members[..], &[0; 64]].concat(), LIMIT, Ok(&content));
    check(&members[..members.len() - 9], LIMIT, Err(()));
    let mut rotten = members.clone();
    rotten[members.len() - 6] ^= 1;
    check(&rotten, LIMIT, Err(()));
    let empty = gzip(b"").repeat(10_000);
    check(&empty, 0, Ok(b""));
}

#[test]
fn levels_are_held_to_their_ranges() {
    assert!(Compressor::with_level(Compression::Gzip, -1).is_ok());
    let error = Compressor::with_level(Compression::Gzip, 0).expect_err("below the lowest");
    assert_eq!(error.to_string(), "gzip has no level 0, only 1 to 9 and the default -1");
    assert!(Compressor::with_level(Compression::Lz4, 18).is_err());
    assert!(Compressor::with_level(Compression::Zstd, 23).is_err());
    assert!(Compressor::with_level(Compression::Snappy, 1).is_err());
}

#[test]
fn gaps_in_offsets_are_kept_and_closed() {
    let mut builder = BatchBuilder::new(Compressor::new(Compression::Gzip)).base_offset(100);
    for delta in [2, 3, 9] {
        builder.append_at(delta, 5, Some(b"k"), None, iter::empty()).expect("small");
    }
    builder.extend_to(12);
    let batch = RecordBatch::parse(builder.build().freeze()).expect("a batch");
    let offsets =
        |batch: &RecordBatch| read(batch).expect("sound").iter().map(|r| r.offset).collect::<Vec<_>>();
    assert_eq!(offsets(&batch), [102, 103, 109]);
    assert_eq!(batch.header().next_offset(), 113);
    let closed = renumber(&batch, Compressor::new(Compression::Gzip), LIMIT).expect("sound");
    let closed = RecordBatch::parse(closed.freeze()).expect("a batch");
    assert_eq!(offsets(&closed), [100, 101, 102]);
}
