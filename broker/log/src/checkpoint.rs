//! Offset checkpoints.

/// One of a log directory's files with an offset per partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OffsetCheckpoint {
    /// `recovery-point-offset-checkpoint`: flushed up to here.
    RecoveryPoint,
    /// `log-start-offset-checkpoint`: only logs whose start lies above their first segment's.
    LogStart,
    /// `replication-offset-checkpoint`: high watermarks.
    HighWatermark,
}
