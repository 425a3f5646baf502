//! One partition replica's log, and the directory that holds many of them, in Kafka's bytes.
//!
//! ```text
//!   LogDirectory (one of log.dirs)             Log (one replica's directory, one lane)
//!   ┌───────────────────────────────┐          ┌───────────────────────────────────────────┐
//!   │ .lock  meta.properties        │  holds   │ append ─▶ segment: .log .index .timeindex │
//!   │ *-offset-checkpoint           │ ───────▶ │                    .sidecar               │
//!   │                               │          │           producer state: .snapshot       │
//!   │ .kafka_cleanshutdown          │          │           leader-epoch-checkpoint         │
//!   │ syncer: one barrier, many logs│ ◀─────── │ flush     partition.metadata              │
//!   └───────────────────────────────┘  ticket  └───────────────────────────────────────────┘
//! ```
//!
//! **Invariants**
//! 1. What lies below [`Log::flushed_end_offset`] survives the loss of power; a flush resolves only after a
//!    barrier that began after the append has returned.
//! 2. A failed write or barrier takes the whole directory offline until it is opened again. No barrier is retried.
//!    A read that fails is tried once more, and costs what lies there.
//! 3. A reader sees whole appends only: the end moves after the bytes are written.
//! 4. Batches are stored as they came: only base offset, leader epoch and, with `LogAppendTime`, the time stamp
//!    are written anew; record bytes are neither decompressed nor copied.
//! 5. An index is a hint: it is written after the bytes it points to, checked when loaded and rebuilt from the log.
//! 6. What is read was held against the sidecar since it came from the disk. Damage is said once, kept where it is, and not
//!    served; only what was never known to be flushed is cut.
//! 7. An idle log has no task and no timer, and keeps at most one file open, which goes when others are needed more.
//!
//! **Not here**: the high watermark and who may lead (the replica's), validation of records (`klamm-records`),
//! compaction, the transaction index, and the contents of metadata snapshots.

mod append;
pub mod atomic_file;
mod check;
mod checkpoint;
mod config;
mod directory;
mod epoch_cache;
mod error;
mod index;
mod leftovers;
mod log;
mod meta_properties;
mod name;
mod open_files;
mod producer_snapshot;
mod producer_state;
mod read;
mod read_by_time;
mod readable;
mod recovery;
mod retention;
mod scan;
mod segment;
mod sidecar;
mod snapshots;
mod syncer;
mod time_index;
mod truncate;

pub use append::AppendInfo;
pub use checkpoint::OffsetCheckpoint;
pub use config::LogConfig;
pub use directory::{DirectoryState, LogDirectory, bounded};
pub use epoch_cache::EpochEnd;
pub use error::{AppendError, LogError};
pub use log::{Log, LogStart};
pub use meta_properties::MetaProperties;
pub use name::{LogName, TopicId, TopicPartition, Uuid};
pub use producer_state::ActiveProducer;
pub use read::{OffsetAndTimestamp, ReadSlice, TimestampQuery};
