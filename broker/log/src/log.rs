//! One replica's log.

use std::path::Path;
use std::rc::Rc;

use klamm_env::WallMillis;

use crate::config::LogConfig;
use crate::directory::LogDirectory;
use crate::error::LogError;
use crate::name::{TopicId, TopicPartition};

/// What the directory's checkpoints say of a log that is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct LogStart {
    /// Everything below was flushed (`recovery-point-offset-checkpoint`); 0 if unknown.
    pub recovery_point: i64,
    /// First offset to serve (`log-start-offset-checkpoint`); 0 if unknown.
    pub log_start_offset: i64,
    /// The directory was left by a clean stop: nothing is scanned.
    pub clean: bool,
}

/// Where a leader epoch ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EpochEnd {
    /// The largest epoch in the log that is not above the one asked for; -1 if there is none.
    pub leader_epoch: i32,
    /// First offset beyond it; -1 if there is none.
    pub end_offset: i64,
}

/// One replica's log: a handle that is cloned cheaply and never leaves its lane. Appends, rolls, cuts and
/// deletions take turns, in the order they were called; reads run beside them.
#[derive(Clone)]
pub struct Log(Rc<()>);

impl Log {
    /// Opens or makes the log of `partition` in `directory`. Unless `start.clean`, what lies beyond the recovery
    /// point is checked batch by batch, a torn tail is cut, and what is left is flushed before this returns.
    ///
    /// # Errors
    /// [`LogError::Storage`], and [`LogError::Malformed`] if `partition.metadata` names another topic id.
    pub async fn open(
        directory: &LogDirectory,
        partition: &TopicPartition,
        topic_id: Option<TopicId>,
        config: LogConfig,
        start: LogStart,
    ) -> Result<Self, LogError> {
        todo!()
    }

    /// The partition.
    pub fn partition(&self) -> &TopicPartition {
        todo!()
    }

    /// The topic's id as `partition.metadata` has it.
    pub fn topic_id(&self) -> Option<TopicId> {
        todo!()
    }

    /// The directory of its files; metadata snapshots lie there too.
    pub fn path(&self) -> &Path {
        todo!()
    }

    /// First offset that may be read.
    pub fn log_start_offset(&self) -> i64 {
        todo!()
    }

    /// Offset of the next record to come.
    pub fn log_end_offset(&self) -> i64 {
        todo!()
    }

    /// Everything below is on the disk; also the recovery point to checkpoint.
    pub fn flushed_end_offset(&self) -> i64 {
        todo!()
    }

    /// The flushed end with fsync durability, else the end: no reader, follower or answer goes beyond.
    pub fn visible_end_offset(&self) -> i64 {
        todo!()
    }

    /// Asks the directory's syncer for a barrier over what was appended so far. The request is made by this call,
    /// not by the first poll; dropping the future takes nothing back. It yields the flushed end offset.
    ///
    /// # Errors
    /// [`LogError::Storage`] once for the barrier that failed, [`LogError::Offline`] from then on.
    pub fn flush(&self) -> impl Future<Output = Result<i64, LogError>> + use<> {
        async { todo!() }
    }

    /// Closes the active segment, unless it is empty, and begins another at the log's end.
    ///
    /// # Errors
    /// [`LogError::Storage`].
    pub async fn roll(&self) -> Result<(), LogError> {
        todo!()
    }

    /// Settings in force.
    pub fn config(&self) -> LogConfig {
        todo!()
    }

    /// Other settings from the next operation on.
    pub fn update_config(&self, config: LogConfig) {
        todo!()
    }

    /// Bytes in all segments, without indexes.
    pub fn size(&self) -> u64 {
        todo!()
    }

    /// How many segments there are; at least 1.
    pub fn segment_count(&self) -> usize {
        todo!()
    }

    /// The newest leader epoch in the log or assigned to it.
    pub fn latest_epoch(&self) -> Option<i32> {
        todo!()
    }

    /// Notes that `leader_epoch` begins at the log's end; older or equal ones change nothing. Appends do it too.
    ///
    /// # Errors
    /// [`LogError::Storage`].
    pub async fn assign_leader_epoch(&self, leader_epoch: i32) -> Result<(), LogError> {
        todo!()
    }

    /// Where `leader_epoch` ends (OffsetForLeaderEpoch, KIP-320).
    pub fn end_offset_for_epoch(&self, leader_epoch: i32) -> EpochEnd {
        todo!()
    }

    /// Clean stop: writes what is left of indexes, trims them, writes a producer snapshot, flushes all of it.
    /// Appends fail from then on.
    ///
    /// # Errors
    /// [`LogError::Storage`]; the directory must not be marked as cleanly stopped then.
    pub async fn close(&self, now: WallMillis) -> Result<(), LogError> {
        todo!()
    }
}
