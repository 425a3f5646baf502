//! Removing old segments.

use klamm_env::WallMillis;

use crate::error::LogError;
use crate::log::Log;

impl Log {
    /// Moves the log's start up to `offset` (DeleteRecords, a metadata snapshot); nothing happens if it is there
    /// already. Segments below go with the next [`Log::delete_old_segments`].
    ///
    /// # Errors
    /// [`LogError::OffsetOutOfRange`] above `high_watermark`.
    pub fn delete_records_before(&self, offset: i64, high_watermark: i64) -> Result<(), LogError> {
        todo!()
    }

    /// Removes segments that the log's start, `retention.bytes` or `retention.ms` has passed, and which lie wholly
    /// below `high_watermark`; also forgets producers that have expired. Returns how many segments went. Their
    /// files are renamed to `*.deleted` and removed after `file.delete.delay.ms`.
    ///
    /// # Errors
    /// [`LogError::Storage`].
    pub async fn delete_old_segments(&self, high_watermark: i64, now: WallMillis) -> Result<usize, LogError> {
        todo!()
    }
}
