//! Reading by offset and by time.

use std::sync::Arc;

use bytes::Bytes;
use klamm_env::File;

use crate::error::LogError;
use crate::log::Log;

/// A range of one segment's file that holds batches from the one with the offset asked for. The last may be cut.
#[derive(Clone)]
pub struct ReadSlice {
    /// Base offset of the first batch in the range; the offset asked for when the range is empty.
    pub base_offset: i64,
    /// The segment's file; `None` when the range is empty.
    pub file: Option<Arc<dyn File>>,
    /// Where the range begins.
    pub at: u64,
    /// Bytes in it.
    pub len: usize,
}

impl ReadSlice {
    /// The bytes themselves.
    ///
    /// # Errors
    /// [`LogError::Storage`], also when the file ends early because the log was cut meanwhile.
    pub async fn bytes(&self) -> Result<Bytes, LogError> {
        todo!()
    }
}

/// What `ListOffsets` asks a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimestampQuery {
    /// The first offset (-2, and -4 without tiered storage).
    Earliest,
    /// The upper bound (-1).
    Latest,
    /// The first record with the largest time stamp (-3).
    MaxTimestamp,
    /// The first record whose time stamp is this or later, in milliseconds.
    At(i64),
}

/// An answer to a [`TimestampQuery`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OffsetAndTimestamp {
    /// The record's time stamp; -1 for earliest and latest.
    pub timestamp: i64,
    /// The record's offset.
    pub offset: i64,
    /// Leader epoch of its batch; -1 if unknown.
    pub leader_epoch: i32,
}

impl Log {
    /// Finds the range that begins with the batch that holds `offset` (or the next one, where there is a gap),
    /// within one segment, of at most `max_bytes`, or of one whole batch if that is larger and `min_one_batch` is
    /// set, and of records below `upper_bound` only. Empty at and beyond the bound.
    ///
    /// # Errors
    /// [`LogError::OffsetOutOfRange`] below the log's start and above its end; [`LogError::Storage`].
    pub async fn read(
        &self,
        offset: i64,
        max_bytes: usize,
        min_one_batch: bool,
        upper_bound: i64,
    ) -> Result<ReadSlice, LogError> {
        todo!()
    }

    /// [`Log::read`], and the bytes read.
    ///
    /// # Errors
    /// As [`Log::read`].
    pub async fn read_bytes(&self, offset: i64, max_bytes: usize, upper_bound: i64) -> Result<Bytes, LogError> {
        todo!()
    }

    /// Looks for an offset by time among records below `upper_bound`; `None` if there is no such record.
    ///
    /// # Errors
    /// [`LogError::Storage`].
    pub async fn offset_for_timestamp(
        &self,
        query: TimestampQuery,
        upper_bound: i64,
    ) -> Result<Option<OffsetAndTimestamp>, LogError> {
        todo!()
    }
}
