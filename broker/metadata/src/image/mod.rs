//! The state of the cluster at one offset of the metadata log. Not here: how it changes.

mod carried;
mod cluster;
mod configs;
mod snapshot;
mod topics;

use std::collections::BTreeMap;
use std::sync::Arc;

use klamm_protocol::Uuid;

pub use carried::CarriedRecords;
pub use cluster::{BrokerImage, ControllerImage, Endpoint, FeatureRange};
pub use configs::{ConfigResource, ConfigsImage, ResourceType};
pub(crate) use snapshot::feature_record;
pub use topics::{METADATA_TOPIC, PartitionImage, TopicImage, topic_name_error};

/// An immutable picture of the cluster, shared between lanes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MetadataImage {
    /// Finalized features and their levels.
    pub features: BTreeMap<String, i16>,
    /// Registered brokers by id.
    pub brokers: BTreeMap<i32, BrokerImage>,
    /// Registered controllers by id.
    pub controllers: BTreeMap<i32, ControllerImage>,
    /// Topics by id.
    pub topics: BTreeMap<Uuid, Arc<TopicImage>>,
    /// Ids of topics by name.
    pub topic_ids: BTreeMap<String, Uuid>,
    /// Configuration set on resources.
    pub configs: ConfigsImage,
    /// The first producer id that no block holds.
    pub next_producer_id: i64,
    /// Records of features that this release does not act on.
    pub carried: CarriedRecords,
}

impl MetadataImage {
    /// The topic of that name.
    pub fn topic(&self, name: &str) -> Option<&Arc<TopicImage>> {
        self.topic_ids.get(name).and_then(|id| self.topics.get(id))
    }

    /// The topic of that id.
    pub fn topic_by_id(&self, id: Uuid) -> Option<&Arc<TopicImage>> {
        self.topics.get(&id)
    }

    /// Topics in the order of their names.
    pub fn topics_by_name(&self) -> impl Iterator<Item = &Arc<TopicImage>> {
        self.topic_ids.values().filter_map(|id| self.topics.get(id))
    }

    /// Ids of brokers that may lead, in order.
    pub fn unfenced_brokers(&self) -> Vec<i32> {
        self.brokers.iter().filter(|(_, broker)| !broker.fenced).map(|(id, _)| *id).collect()
    }
}
