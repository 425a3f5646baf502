//! The metadata log as others on its lane may look at it while the controller writes. Not here: reading records.

use std::cell::Cell;
use std::rc::Rc;

use klamm_env::{Instant, WallMillis};
use klamm_log::Log;

/// What the controller notes while it writes.
#[derive(Debug)]
pub(crate) struct Written {
    /// Time stamp of the last batch; -1 before the first.
    pub(crate) last_timestamp: Cell<WallMillis>,
    /// Bytes of the latest snapshot; of the one that was read, if none was written since the start.
    pub(crate) snapshot_bytes: Cell<usize>,
    /// Snapshots read since the node started: the one that it began from, if any.
    pub(crate) snapshots_loaded: usize,
    /// When it was written, or when the node started.
    pub(crate) snapshot_at: Cell<Instant>,
}

/// One look at the log, always up to date.
#[derive(Clone)]
pub(crate) struct MetadataView {
    pub(crate) log: Log,
    /// The epoch in which this node leads the quorum.
    pub(crate) epoch: i32,
    pub(crate) written: Rc<Written>,
}

impl MetadataView {
    /// Everything below is committed: with one voter, what is flushed.
    pub(crate) fn high_watermark(&self) -> i64 {
        self.log.flushed_end_offset()
    }
}
