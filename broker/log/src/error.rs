//! What can go wrong, one enum per kind of operation. Not here: Kafka's error codes, which the broker chooses.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::open_files::is_out_of_handles;

/// A log or log directory could not do what was asked.
#[derive(Debug)]
pub enum LogError {
    /// The disk failed. The directory is offline from here on (KAFKA_STORAGE_ERROR).
    Storage(io::Error),
    /// The directory went offline earlier (KAFKA_STORAGE_ERROR).
    Offline,
    /// The offset lies below the log's start or above its end (OFFSET_OUT_OF_RANGE).
    OffsetOutOfRange {
        /// The offset asked for.
        offset: i64,
        /// First offset that is there.
        log_start_offset: i64,
        /// Offset of the next record to come.
        log_end_offset: i64,
    },
    /// Records that the disk does not have as they were written are not served (CORRUPT_MESSAGE).
    Damaged {
        /// The first of them.
        first_offset: i64,
        /// The last of them.
        last_offset: i64,
    },
    /// Another process holds the directory's lock.
    Locked(PathBuf),
    /// A file that cannot be rebuilt is not in Kafka's format.
    Malformed {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it, and what is allowed.
        reason: String,
    },
}

impl LogError {
    /// No file could be opened because the process or the system had no handle left. The disk has not failed, and the
    /// operation may succeed when others have ended.
    pub fn is_out_of_handles(&self) -> bool {
        matches!(self, Self::Storage(error) if is_out_of_handles(error))
    }
}

impl fmt::Display for LogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Storage(error) => write!(f, "the log directory's disk failed: {error}"),
            Self::Offline => f.write_str("the log directory is offline"),
            Self::OffsetOutOfRange { offset, log_start_offset, log_end_offset } => {
                write!(f, "offset {offset} is outside of the log: {log_start_offset} to {log_end_offset}")
            }
            Self::Damaged { first_offset, last_offset } => {
                write!(f, "the records from offset {first_offset} to {last_offset} are damaged on the disk")
            }
            Self::Locked(path) => write!(
                f,
                "log directory {} is locked by another process; stop that process or choose another directory (log.dirs)",
                path.display()
            ),
            Self::Malformed { path, reason } => write!(f, "{}: {reason}", path.display()),
        }
    }
}

impl std::error::Error for LogError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Storage(error) => Some(error),
            _ => None,
        }
    }
}

/// Why batches were not appended. Nothing of them is in the log.
#[derive(Debug)]
pub enum AppendError {
    /// The log or its disk failed (KAFKA_STORAGE_ERROR).
    Log(LogError),
    /// The sequence neither continues the producer's last one nor repeats one of its last five batches
    /// (OUT_OF_ORDER_SEQUENCE_NUMBER).
    OutOfOrderSequence {
        /// The producer.
        producer_id: i64,
        /// First sequence of the batch.
        first_sequence: i32,
        /// Last sequence in the log; -1 if there is none.
        last_sequence: i32,
    },
    /// The producer has a newer epoch already (INVALID_PRODUCER_EPOCH).
    InvalidProducerEpoch {
        /// The producer.
        producer_id: i64,
        /// The batch's epoch.
        producer_epoch: i16,
        /// The newest epoch in the log.
        current_producer_epoch: i16,
    },
    /// A batch outside of a transaction while the producer's transaction is open (INVALID_TXN_STATE).
    InvalidTransactionState {
        /// The producer.
        producer_id: i64,
    },
    /// A transaction marker of an old coordinator (TRANSACTION_COORDINATOR_FENCED).
    CoordinatorFenced {
        /// The producer.
        producer_id: i64,
    },
    /// All batches together are larger than a segment may be (RECORD_LIST_TOO_LARGE).
    LargerThanSegment {
        /// Bytes of all batches.
        size: usize,
        /// The topic's `segment.bytes`.
        segment_bytes: u32,
    },
    /// A follower's batch does not lie at or beyond the log's end, or offsets inside go backwards.
    OffsetsNotMonotonic {
        /// First offset of the batch.
        base_offset: i64,
        /// Where the next batch may begin.
        log_end_offset: i64,
    },
    /// A later leader has written or taken office already (NOT_LEADER_OR_FOLLOWER).
    OldLeaderEpoch {
        /// Epoch of the append or of one of its batches.
        leader_epoch: i32,
        /// The newest epoch that the log knows.
        latest_epoch: i32,
    },
    /// The bytes are not whole record batches of version 2 (CORRUPT_MESSAGE).
    Corrupt(&'static str),
}

impl From<LogError> for AppendError {
    fn from(error: LogError) -> Self {
        Self::Log(error)
    }
}

impl fmt::Display for AppendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Log(error) => error.fmt(f),
            Self::OutOfOrderSequence { producer_id, first_sequence, last_sequence } => write!(
                f,
                "producer {producer_id} sent sequence {first_sequence} after {last_sequence} in the log"
            ),
            Self::InvalidProducerEpoch { producer_id, producer_epoch, current_producer_epoch } => write!(
                f,
                "producer {producer_id} sent epoch {producer_epoch}, older than {current_producer_epoch}"
            ),
            Self::InvalidTransactionState { producer_id } => {
                write!(f, "producer {producer_id} wrote outside of the transaction that it has open")
            }
            Self::CoordinatorFenced { producer_id } => {
                write!(f, "an older transaction coordinator wrote a marker for producer {producer_id}")
            }
            Self::LargerThanSegment { size, segment_bytes } => {
                write!(f, "{size} bytes in one append exceed the segment size of {segment_bytes}")
            }
            Self::OffsetsNotMonotonic { base_offset, log_end_offset } => {
                write!(
                    f,
                    "a batch at offset {base_offset} does not continue the log, which ends at {log_end_offset}"
                )
            }
            Self::OldLeaderEpoch { leader_epoch, latest_epoch } => {
                write!(f, "a batch of leader epoch {leader_epoch} after one of epoch {latest_epoch}")
            }
            Self::Corrupt(what) => write!(f, "not a record batch: {what}"),
        }
    }
}

impl std::error::Error for AppendError {}
