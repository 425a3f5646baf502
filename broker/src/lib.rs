//! The broker's shell: listeners, dispatch, one handler file per API, and the controller beside it.
//!
//! ```text
//!   listener ─▶ connection ─▶ dispatch ─▶ handler ──┬─▶ partition ─▶ log ─▶ flush      (its own lane)
//!   (lane 0)    (one lane)    decode,     one file  │      └─ high watermark ─▶ purgatory
//!                             check       per API   └─▶ controller ─▶ metadata log     (lane 0)
//!                                                          └─ image ─▶ every lane
//! ```
//!
//! **Invariants**
//! 1. A lane shares nothing with another but messages, immutable images and counters. A partition lives on one lane.
//! 2. No answer to acks=1 or acks=all leaves, and no reader sees a record, before the high watermark has passed it;
//!    with `klamm.durability=fsync` that is not before its flush has returned.
//! 3. Answers on a connection leave in the order of the requests; only Produce requests are handled beside each other.
//! 4. A change of metadata is committed and taken over by every lane before it is answered.
//! 5. What a peer sends may cost it its connection, never the broker; frames, connections, sessions and requests in
//!    flight are bounded.
//!
//! **Not here**: decisions about metadata (klamm-metadata), bytes on disk (klamm-log), printing and signals (klamm).

mod answer_sender;
mod arrival;
mod binding;
mod broker;
mod config;
mod connection;
mod connection_rate;
mod controller;
mod deadlines;
mod decompression_budget;
mod dispatch;
mod fetch_limits;
mod fetch_session;
mod fetch_session_cache;
mod found_logs;
mod frame_reader;
mod handlers;
mod ids;
mod lane;
mod lane_affinity;
mod lanes;
mod listener;
mod loggers;
mod metadata_log;
mod metadata_snapshot;
mod metadata_view;
mod metrics;
mod needless_keys;
mod partition;
mod patience;
mod producer_ids;
mod purgatory;
mod quorum_state;
mod request_memory;
mod setting_warnings;
pub mod storage;
mod topic_settings;
mod unsupported_keys;
mod upkeep;

pub use broker::{Broker, StartError};
pub use config::{BrokerConfig, ConfigError, Durability, ListenerConfig, is_everywhere};
