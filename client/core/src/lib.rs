//! The client's decisions, sans-IO: connections, metadata, batches, sequences, fetches.
//!
//! ```text
//!   application's calls ─▶ Accumulator ─▶ Sender ──┐                    ┌─▶ frames to write
//!                          (batches)     (sequences,│                    │
//!                                         retries)  ├─▶ Network ─ effects┼─▶ connect, close
//!   application's polls ◀─ Fetcher ─────────────────┤   (one queue a     │
//!                          (positions, resets)      │    node, versions, └─▶ answers, by request
//!                          Metadata ────────────────┘    correlation)
//! ```
//!
//! Time is an argument ([`Moment`]), so is randomness (a draw from 0 to 1), and effects are values.
//!
//! **Invariants**
//! 1. Nothing here waits, locks, or knows a socket; the same calls give the same effects.
//! 2. A peer's bytes never panic; what a peer can make grow is bounded (frames, requests in flight, topics kept).
//! 3. Batches of one partition get consecutive sequences in the order of sending and keep them over retries until the
//!    broker is known not to have them.
//! 4. A partition's position never moves back but by a seek or a reset.
//!
//! **Not here**: tasks, timers, sockets and callbacks (`klamm-client`); groups and transactions.

mod backoff;
mod cluster;
mod fetcher;
mod metadata;
mod network;
mod producer;
mod time;
mod topic_partition;

pub use backoff::Backoff;
pub use cluster::{Cluster, Partition, Topic};
pub use fetcher::{
    Currency, Drain, DrainError, FetchError, Fetcher, FetcherConfig, FetcherEffect, ResetTo,
    list_offsets_request,
};
pub use metadata::{Metadata, MetadataConfig};
pub use network::{
    Answer, Body, ByVersion, ConnectionId, Endpoint, INTRODUCTION_VERSION_MAX, Network, NetworkConfig,
    NetworkEffect, NodeVersions, Outgoing, RequestError, introduction, with_ids_if_known,
};
pub use producer::{
    Accumulator, AccumulatorConfig, AppendError, Appended, Batch, Delivered, DeliveryError, NewRecord,
    Partitioning, ProducerIdentity, Sender, SenderConfig, SenderEffect, partition_for_key,
};
pub use time::Moment;
pub use topic_partition::TopicPartition;
