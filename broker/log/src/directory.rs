//! One of `log.dirs`.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use klamm_env::{Env, Space};

use crate::checkpoint::OffsetCheckpoint;
use crate::error::LogError;
use crate::name::{LogName, TopicPartition};

/// Whether a directory can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DirectoryState {
    /// Reads and writes.
    Online,
    /// A write found the disk full: reads only, until it is opened again.
    Full,
    /// A write or barrier failed: nothing, until it is opened again.
    Offline,
}

/// One of `log.dirs`, locked. Cloned cheaply; may be used from every lane.
#[derive(Clone)]
pub struct LogDirectory(std::sync::Arc<()>);

impl LogDirectory {
    /// Makes the directory if need be, locks it, and starts its syncer on the caller's lane.
    ///
    /// # Errors
    /// [`LogError::Locked`], [`LogError::Storage`].
    pub async fn open(env: &Env, path: &Path) -> Result<Self, LogError> {
        todo!()
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        todo!()
    }

    /// Whether it can be used.
    pub fn state(&self) -> DirectoryState {
        todo!()
    }

    /// Waits until it is no longer [`DirectoryState::Online`]; tells why.
    pub async fn failed(&self) -> String {
        todo!()
    }

    /// Takes it offline: an I/O error that somebody else met.
    pub fn take_offline(&self, why: &str) {
        todo!()
    }

    /// The logs inside, by name, and logs to be deleted. Other names are left out.
    ///
    /// # Errors
    /// [`LogError::Storage`].
    pub async fn list(&self) -> Result<Vec<LogName>, LogError> {
        todo!()
    }

    /// Reads `.kafka_cleanshutdown` and removes it durably: the epoch of the broker that stopped cleanly (-1 if it
    /// is not told); `None` after an unclean stop. Called once, before logs are opened.
    ///
    /// # Errors
    /// [`LogError::Storage`].
    pub async fn take_clean_shutdown(&self) -> Result<Option<i64>, LogError> {
        todo!()
    }

    /// Writes `.kafka_cleanshutdown`, durably; only after all logs were closed without error.
    ///
    /// # Errors
    /// [`LogError::Storage`].
    pub async fn write_clean_shutdown(&self, broker_epoch: i64) -> Result<(), LogError> {
        todo!()
    }

    /// Reads a checkpoint; empty if the file is not there or not readable as one.
    ///
    /// # Errors
    /// [`LogError::Storage`].
    pub async fn read_checkpoint(
        &self,
        which: OffsetCheckpoint,
    ) -> Result<BTreeMap<TopicPartition, i64>, LogError> {
        todo!()
    }

    /// Replaces a checkpoint, durably.
    ///
    /// # Errors
    /// [`LogError::Storage`].
    pub async fn write_checkpoint(
        &self,
        which: OffsetCheckpoint,
        offsets: &BTreeMap<TopicPartition, i64>,
    ) -> Result<(), LogError> {
        todo!()
    }

    /// Renames a log's directory to `<topic>-<partition>.<32 hex>-delete`, durably, and removes it after `delay` (a
    /// task of the caller's lane). No handle of that log may append from then on; open reads end as they began.
    ///
    /// # Errors
    /// [`LogError::Storage`].
    pub async fn delete_log(&self, partition: &TopicPartition, delay: Duration) -> Result<(), LogError> {
        todo!()
    }

    /// Removes what deletions before the last stop left behind (`*-delete`), after `delay`, in a task.
    ///
    /// # Errors
    /// [`LogError::Storage`].
    pub async fn remove_deleted(&self, delay: Duration) -> Result<(), LogError> {
        todo!()
    }

    /// Room on its volume.
    ///
    /// # Errors
    /// [`LogError::Storage`].
    pub async fn free_space(&self) -> Result<Space, LogError> {
        todo!()
    }
}

/// Drives `work` with at most `limit` at once; answers in the order they come. For opening many logs.
pub async fn bounded<F: Future>(work: impl IntoIterator<Item = F>, limit: usize) -> Vec<F::Output> {
    todo!()
}
