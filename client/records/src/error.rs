//! What may be wrong with record bytes, each variant naming the error that Kafka's broker answers with.
//!
//! Not here: error numbers; the broker maps variants to them.

use crate::Compression;

/// Why bytes were refused as records.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordsError {
    /// The frame of a batch does not hold together (`CORRUPT_MESSAGE`).
    #[error(transparent)]
    Corrupt(#[from] Corruption),
    /// A message set from before Kafka 0.11 (`INVALID_RECORD` in answer to Produce,
    /// `UNSUPPORTED_FOR_MESSAGE_FORMAT` where a log is read).
    #[error("message format {magic} is not supported, only record batches of magic 2 are")]
    OldFormat {
        /// 0 or 1.
        magic: i8,
    },
    /// A sound frame around something that no producer may send or no reader can take apart (`INVALID_RECORD`).
    #[error(transparent)]
    Invalid(#[from] InvalidRecord),
    /// Single records break a rule of the topic: `INVALID_TIMESTAMP` if any is refused for its timestamp
    /// ([`RecordRejection::is_timestamp`]), else `INVALID_RECORD`; each goes into `record_errors`.
    #[error("{} records were refused, the first: {}", .0.len(), first_rejection(.0))]
    Rejected(Vec<RejectedRecord>),
    /// The batch is longer than `max.message.bytes` (`MESSAGE_TOO_LARGE`).
    #[error("the batch has {size} bytes, more than the {size_max} allowed")]
    BatchTooLarge {
        /// Bytes of the whole batch, with its header.
        size: usize,
        /// The limit in bytes.
        size_max: usize,
    },
    /// Decompressing would go beyond the caller's bound (`MESSAGE_TOO_LARGE`).
    #[error("the records decompress to more than the {size_max} bytes allowed")]
    DecompressedTooLarge {
        /// The bound in bytes.
        size_max: usize,
    },
    /// Zstandard in a Produce request before version 7 (`UNSUPPORTED_COMPRESSION_TYPE`, KIP-110).
    #[error("zstd needs Produce version 7, the request has version {produce_version}")]
    ZstdTooEarly {
        /// Version of the Produce request.
        produce_version: i16,
    },
    /// The attributes name a codec that does not exist (`UNKNOWN_SERVER_ERROR`, as Kafka answers).
    #[error("compression codec {0} does not exist")]
    UnknownCodec(u8),
    /// Garbage or a cut stream where compressed records should be (`UNKNOWN_SERVER_ERROR`, as Kafka answers).
    #[error("the {compression} stream cannot be decompressed: {reason}")]
    Decompression {
        /// The codec that the attributes name.
        compression: Compression,
        /// What the decoder said.
        reason: String,
    },
}

fn first_rejection(rejected: &[RejectedRecord]) -> &dyn std::fmt::Display {
    rejected.first().map_or(&"none", |first| &first.rejection)
}

/// A frame that does not hold together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Corruption {
    /// The length field is below the smallest batch there can be.
    #[error("batch length {length} is below the minimum of {length_min}")]
    Length {
        /// The length field.
        length: i32,
        /// The smallest length for this format.
        length_min: i32,
    },
    /// The length field differs from the bytes handed in as one batch.
    #[error("the batch says it has {declared} bytes, {actual} are there")]
    Size {
        /// Bytes by the length field, frame included.
        declared: usize,
        /// Bytes handed in.
        actual: usize,
    },
    /// Neither a known format nor an old one.
    #[error("unknown magic {0}")]
    Magic(i8),
    /// CRC-32C over attributes to end differs.
    #[error("stored CRC {stored:08x}, computed CRC {computed:08x}")]
    Checksum {
        /// The CRC field.
        stored: u32,
        /// What the bytes give.
        computed: u32,
    },
}

/// A batch or record that is refused as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRecord {
    /// Not one whole batch in the records of a partition.
    #[error("there is no complete record batch")]
    NoBatch,
    /// Format 2 allows one batch per partition in a Produce request.
    #[error("there is more than one record batch")]
    SecondBatch,
    /// A client's base offset is always 0.
    #[error("the base offset of a produced batch must be 0, but it is {0}")]
    BaseOffset(i64),
    /// `last_offset_delta` is negative.
    #[error("the last offset delta is {0}")]
    OffsetRange(i32),
    /// The record count is zero or negative.
    #[error("the record count is {0}")]
    Count(i32),
    /// The offsets span another number of records than the batch says it has.
    #[error("the offsets span {span} records, but the record count is {count}")]
    CountMismatch {
        /// `last_offset_delta` + 1.
        span: i64,
        /// The record count field.
        count: i32,
    },
    /// A client sent a control batch.
    #[error("clients may not write control records")]
    ControlBatch,
    /// A batch with a producer id whose base sequence is negative.
    #[error("base sequence {base_sequence} of producer {producer_id} is negative")]
    Sequence {
        /// The batch's producer id.
        producer_id: i64,
        /// The batch's base sequence.
        base_sequence: i32,
    },
    /// The bytes end within a record.
    #[error("the records end within a record")]
    Truncated,
    /// Bytes are left after the last record.
    #[error("bytes remain after the last record")]
    TrailingBytes,
    /// A record's fields take more or fewer bytes than its length says.
    #[error("a record's length says {declared} bytes, its fields take {read}")]
    RecordLength {
        /// Bytes by the length field.
        declared: usize,
        /// Bytes by the fields.
        read: usize,
    },
    /// A length that may not be negative is, or is below -1.
    #[error("a length is {0}")]
    NegativeLength(i32),
    /// The header count is negative or above what the record's bytes can hold.
    #[error("the header count is {0}")]
    HeaderCount(i32),
    /// A variable-length integer with more bytes than its type can have.
    #[error("a variable-length integer is too long")]
    VarintTooLong,
    /// The key of a control record is too short or has a negative version.
    #[error("a control record's key or value is malformed")]
    Control,
}

/// One refused record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RejectedRecord {
    /// Position in the batch, from 0.
    pub batch_index: i32,
    /// Why.
    pub rejection: RecordRejection,
}

/// Why one record was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecordRejection {
    /// A compacted topic's records need keys.
    #[error("a compacted topic does not accept a record without a key")]
    MissingKey,
    /// Outside `message.timestamp.before.max.ms` and `message.timestamp.after.max.ms`.
    #[error("timestamp {timestamp} is out of range, it should be within [{earliest}, {latest}]")]
    TimestampOutOfRange {
        /// The record's timestamp in milliseconds.
        timestamp: i64,
        /// Earliest timestamp allowed now.
        earliest: i64,
        /// Latest timestamp allowed now.
        latest: i64,
    },
    /// The producer marked its batch LogAppendTime, which is the broker's to do.
    #[error("a producer may not set the timestamp type to LogAppendTime")]
    LogAppendTime,
}

impl RecordRejection {
    /// Whether the answer is `INVALID_TIMESTAMP`.
    pub fn is_timestamp(&self) -> bool {
        !matches!(self, RecordRejection::MissingKey)
    }
}
