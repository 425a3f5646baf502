//! Decisions of the controller: from a request and the image to records and an answer. Not here: writing records.

mod alter_configs;
mod auto_create_topics;
mod config_operation;
mod create_partitions;
mod create_topics;
mod delete_topics;
mod describe_configs;
mod placement;
mod producer_ids;
mod registration;

use std::collections::BTreeMap;

use klamm_protocol::ErrorCode;
use klamm_protocol::metadata_records::MetadataRecord;

pub use alter_configs::{alter_configs, incremental_alter_configs};
pub use auto_create_topics::auto_create_topics;
pub use create_partitions::create_partitions;
pub use create_topics::{CreateTopics, create_topics};
pub use delete_topics::delete_topics;
pub use describe_configs::{describe_config_resource, list_config_resources};
pub use producer_ids::{PRODUCER_ID_BLOCK, allocate_producer_ids};
pub use registration::{
    FEATURES, METADATA_VERSION, NodeRegistration, bootstrap_records, finalized_features, first_transaction,
    register_node, supported_features,
};

/// How often a request names each thing.
struct Named<K>(BTreeMap<K, usize>);

impl<K: Ord> Named<K> {
    fn count(names: impl IntoIterator<Item = K>) -> Self {
        let mut counts = BTreeMap::new();
        for name in names {
            *counts.entry(name).or_default() += 1;
        }
        Self(counts)
    }

    /// Whether it is named more than once.
    fn repeats(&self, name: &K) -> bool {
        self.0.get(name).is_some_and(|count| *count > 1)
    }
}

/// Most partitions that one request may make.
const PARTITIONS_PER_REQUEST_MAX: usize = 10_000;

/// Why a request that would make more is refused.
fn too_many_partitions() -> Refusal {
    let message =
        format!("Excessively large number of partitions per request: at most {PARTITIONS_PER_REQUEST_MAX}");
    Refusal::new(ErrorCode::POLICY_VIOLATION, message)
}

/// What a decision leads to.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome<R> {
    /// To be committed, all or none, before the answer leaves.
    pub records: Vec<MetadataRecord>,
    /// The answer.
    pub response: R,
}

/// Why something was refused: Kafka's code, and words for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The code.
    pub code: ErrorCode,
    /// The words; `None` where Kafka sends none.
    pub message: Option<String>,
}

/// Longest words of a refusal, in bytes: they may quote a peer, and must fit an answer.
const MESSAGE_BYTES_MAX: usize = 4096;

impl Refusal {
    fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        let mut message = message.into();
        message.truncate(message.floor_char_boundary(MESSAGE_BYTES_MAX));
        Self { code, message: Some(message) }
    }

    fn bare(code: ErrorCode) -> Self {
        Self { code, message: None }
    }
}

/// A result as it is told: code and words.
pub fn told<T>(result: &Result<T, Refusal>) -> (ErrorCode, Option<String>) {
    match result {
        Ok(_) => (ErrorCode::NONE, None),
        Err(refusal) => (refusal.code, refusal.message.clone()),
    }
}
