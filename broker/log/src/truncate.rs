//! Cutting the end of a log.

use crate::error::LogError;
use crate::log::Log;

impl Log {
    /// Cuts all records from `offset` on; durable when it returns. Nothing happens at or beyond the end.
    ///
    /// # Errors
    /// [`LogError::Storage`].
    pub async fn truncate_to(&self, offset: i64) -> Result<(), LogError> {
        todo!()
    }

    /// Removes everything; the log is empty and begins at `offset`.
    ///
    /// # Errors
    /// [`LogError::Storage`].
    pub async fn truncate_fully_and_start_at(&self, offset: i64) -> Result<(), LogError> {
        todo!()
    }
}
