//! Small batches that claim or hold much: what is allocated for them stays near the caller's bound.
//!
//! One test alone in its process, since the allocator counts for the whole of it. Not here: the window of zstd, which
//! the library beneath takes from the system itself.

use bytes::{BufMut, Bytes, BytesMut};
use klamm_records::{
    BATCH_HEADER_LEN, BatchBuilder, Compression, Compressor, Origin, ProduceRules, RecordBatch, RecordsError,
    TimestampType, recompress, renumber,
};
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

const BOUND: usize = 1 << 20;
/// A buffer grows by doubling, and the decoders have tables.
const ALLOCATED_MAX: usize = 3 * BOUND + (1 << 19);

/// What `work` allocates at most at a time.
fn allocated<T>(work: impl FnOnce() -> T) -> (T, usize) {
    ALLOCATOR.reset_peak_usage();
    let before = ALLOCATOR.current_usage();
    let done = work();
    (done, ALLOCATOR.peak_usage().saturating_sub(before))
}

/// A way into a batch's records.
type Door<'a> = (&'a str, &'a dyn Fn() -> Result<(), RecordsError>);

fn check(what: &str, batch: &RecordBatch, too_large: bool) {
    let rules = ProduceRules {
        origin: Origin::Client,
        batch_bytes_max: usize::MAX,
        decompressed_bytes_max: BOUND,
        compacted: false,
        timestamp_type: TimestampType::CreateTime,
        timestamp_before_max_ms: i64::MAX,
        timestamp_after_max_ms: i64::MAX,
        now_ms: 0,
    };
    let to = Compressor::new(Compression::None);
    let doors: [Door<'_>; 4] = [
        ("decompressed", &|| batch.decompressed(BOUND).map(drop)),
        ("validated", &|| rules.validate(batch).map(drop)),
        ("recompressed", &|| recompress(batch, to, BOUND).map(drop)),
        ("renumbered", &|| renumber(batch, to, BOUND).map(drop)),
    ];
    for (door, open) in doors {
        let (outcome, bytes) = allocated(open);
        let expected = Err(RecordsError::DecompressedTooLarge { size_max: BOUND });
        assert!(outcome.is_err() && (outcome == expected || !too_large), "{what} {door}: {outcome:?}");
        assert!(bytes <= ALLOCATED_MAX, "{what} {door}: {bytes} bytes were allocated");
    }
}

/// A batch of one record whose compressed payload is this.
fn holding(compression: Compression, payload: &[u8]) -> RecordBatch {
    let mut builder = BatchBuilder::new(Compressor::default());
    builder.append(0, None, None, std::iter::empty()).expect("small");
    let mut bytes = BytesMut::from(&builder.build()[..BATCH_HEADER_LEN]);
    bytes.put_slice(payload);
    bytes[22] = compression.id();
    let length = (bytes.len() - 12) as i32;
    bytes[8..12].copy_from_slice(&length.to_be_bytes());
    let crc = klamm_records::crc32c(&bytes[21..]);
    bytes[17..21].copy_from_slice(&crc.to_be_bytes());
    RecordBatch::parse(Bytes::from(bytes)).expect("the length fits")
}

#[test]
fn what_is_allocated_stays_near_the_bound() {
    let zeros = vec![0; 40 << 20];
    for compression in &Compression::ALL[1..] {
        let mut builder = BatchBuilder::new(Compressor::new(*compression));
        builder.append(0, None, Some(&zeros), std::iter::empty()).expect("below 2 GiB");
        let batch = RecordBatch::parse(builder.build().freeze()).expect("a batch");
        check(compression.name(), &batch, true);
    }
    // One raw block of what frames have in blocks of 32 KiB.
    let one_block = snap::raw::Encoder::new().compress_vec(&zeros).expect("memory");
    check("one block of snappy", &holding(Compression::Snappy, &one_block), true);
    // 40 MiB in the preamble, and nothing that comes out.
    let claim = [&[0x80, 0x80, 0x80, 0x14][..], &[0; 2 << 20]].concat();
    check("a claim of snappy", &holding(Compression::Snappy, &claim), true);
}
