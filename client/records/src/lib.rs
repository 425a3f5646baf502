//! Record batches: read, validated, built, re-stamped; compression; CRC-32C.
//!
//! ```text
//!  a buffer of batches, back to back          one batch (magic 2)
//!  ┌────────┬────────┬───────┬─ ─ ─           ┌──────────────┬──────────────────────────────┐
//!  │ batch  │ batch  │ batch │ part            │ header, 61 B │ records, as they are or      │
//!  └────────┴────────┴───────┴─ ─ ─           │              │ compressed as one stream     │
//!      Batches ──► RecordBatch                 └──────────────┴──────────────────────────────┘
//!                    │  header()                 BatchHeader    │ BatchBuilder writes both
//!                    │  records(limit)           Record…        │ Stamp rewrites header fields in place
//!                    └► ProduceRules::validate   what Kafka's broker checks before it appends
//! ```
//!
//! **Invariants**
//! 1. No input makes this crate panic, and nothing is allocated from a number in the input before that number is
//!    held against the bytes that are there or against the caller's bound.
//! 2. Reading a header, walking batches and checking them shallowly allocate nothing and copy nothing.
//! 3. Decompression is always under a bound in bytes that the caller names.
//! 4. Re-stamping never makes a damaged batch look sound: a new CRC is derived from the stored one.
//! 5. The same input gives the same bytes on every machine.
//!
//! **Not here**: message sets of magic 0 and 1 (they are recognised and refused), the sequence window of a producer
//! (the log's), error numbers (each variant of [`RecordsError`] names the one that Kafka answers), files, sockets.

mod batch;
mod builder;
pub mod compression;
mod control;
mod crc;
mod error;
mod header;
mod recompress;
mod record;
mod stamp;
mod validate;
mod varint;
mod walk;

pub use batch::{Batches, Frame, RecordBatch};
pub use builder::{BatchBuilder, ProducerState};
pub use compression::{Compression, Compressor, LevelError};
pub use control::{ControlRecordType, EndTransactionMarker, control_batch, end_transaction_batch};
pub use crc::crc32c;
pub use error::{Corruption, InvalidRecord, RecordRejection, RecordsError, RejectedRecord};
pub use header::{
    Attributes, BATCH_HEADER_LEN, BatchHeader, NO_PARTITION_LEADER_EPOCH, NO_PRODUCER_EPOCH, NO_PRODUCER_ID,
    NO_SEQUENCE, NO_TIMESTAMP, TimestampType, next_sequence,
};
pub use recompress::{recompress, renumber};
pub use record::{Header, HeaderRef, HeadersRef, Record, RecordRef, RecordRefs, Records, record_len};
pub use stamp::Stamp;
pub use validate::{Origin, ProduceRules, Validated, produced_batch};
