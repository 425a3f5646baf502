//! Producer, Consumer and Admin.
//!
//! ```text
//!   application, any runtime           a lane of the Env
//!   ┌──────────────────────┐  jobs   ┌────────────────────────────────┐
//!   │ Producer · Consumer  │ ──────▶ │ decisions of klamm-client-core │ ── Env ──▶ brokers
//!   │ Admin       (Send)   │ ◀────── │ one task a connection          │
//!   └──────────────────────┘ answers └────────────────────────────────┘
//! ```
//!
//! ```no_run
//! use klamm_client::{Admin, AdminConfig, NewTopic, Producer, ProducerConfig, ProducerRecord};
//! # async fn example(env: klamm_env::Env) -> Result<(), klamm_client::Error> {
//! let admin = Admin::new(&env, AdminConfig::new("localhost:9092")?);
//! admin.create_topic(NewTopic::new("words", 1, 1)).await?;
//! let producer = Producer::new(&env, ProducerConfig::new("localhost:9092")?);
//! let metadata = producer.send(ProducerRecord::to("words").value("hello")).await?.await?;
//! assert_eq!(metadata.offset, Some(0));
//! # Ok(())
//! # }
//! ```
//!
//! **Invariants**
//! 1. Handles are `Send` and need no runtime: all waiting on time and sockets happens on a lane of their Env.
//! 2. The same code runs on every engine.
//! 3. A [`Call`] begins when it is made, so that several can be under way at once; only sending and polling wait to be awaited.
//! 4. Records are written once, into the batch that is sent, and read as slices of the answer they came in.
//!
//! **Not here**: groups, transactions, encryption, serialisers; the engines (the caller brings an [`Env`](klamm_env::Env)).

mod admin;
mod config;
mod consumer;
mod error;
mod link;
mod offsets;
mod producer;
mod record;

pub use admin::{
    Admin, AlterConfigOp, ClusterDescription, ConfigEntry, ConfigResource, ConfigResourceType, ConfigSynonym,
    CreatedTopic, Each, ListedOffset, LogDirDescription, NewPartitions, NewTopic, Node, NodeApiVersions,
    OffsetSpec, PARTITIONS_PER_RESPONSE, PartitionDescription, ReplicaInfo, TopicDescription, TopicListing,
};
pub use config::{
    Acks, AdminConfig, ClientConfig, ConsumerConfig, IsolationLevel, OffsetReset, Partitioner, ProducerConfig,
};
pub use consumer::Consumer;
pub use error::{ConfigError, Error};
pub use link::Call;
pub use producer::{Delivery, Producer};
pub use record::{
    ConsumerRecord, ConsumerRecords, Header, OffsetAndTimestamp, ProducerRecord, RecordMetadata,
    TimestampType, TopicPartition,
};
