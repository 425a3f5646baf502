//! Appending.

use bytes::Bytes;
use klamm_env::WallMillis;

use crate::error::AppendError;
use crate::log::Log;

/// What an append did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AppendInfo {
    /// Offset of the first record; of the batch in the log if this was a duplicate.
    pub first_offset: i64,
    /// Offset of the last record.
    pub last_offset: i64,
    /// Milliseconds that Produce answers: the stamp with `LogAppendTime`, a duplicate's own time stamp, else -1.
    pub log_append_time: i64,
    /// The log's start at that moment.
    pub log_start_offset: i64,
    /// The log's end after the append.
    pub log_end_offset: i64,
    /// Records appended; 0 for a duplicate.
    pub record_count: i64,
    /// Bytes appended; 0 for a duplicate.
    pub size: usize,
    /// Nothing was appended: the batch is one of the producer's last five. It may not be flushed yet.
    pub duplicate: bool,
}

impl Log {
    /// Appends validated batches (version 2, back to back, as `klamm-records` checks them) at the log's end:
    /// gives them offsets, `leader_epoch` and, with `LogAppendTime`, the time stamp `now`. One write; the record
    /// bytes are not copied. The bytes are durable once a [`Log::flush`] begun after this call has resolved.
    ///
    /// # Errors
    /// See [`AppendError`]; nothing is appended then.
    pub async fn append_as_leader(
        &self,
        batches: Bytes,
        leader_epoch: i32,
        now: WallMillis,
    ) -> Result<AppendInfo, AppendError> {
        todo!()
    }

    /// Appends batches exactly as they are: with their offsets and leader epochs. Also for the metadata log.
    ///
    /// # Errors
    /// See [`AppendError`]; sequences are followed, not checked.
    pub async fn append_as_follower(&self, batches: Bytes, now: WallMillis) -> Result<AppendInfo, AppendError> {
        todo!()
    }
}
