//! A node joins: its registration, its leadership, and the features a new cluster begins with. Not here: heartbeats.

use std::collections::BTreeMap;

use klamm_protocol::Uuid;
use klamm_protocol::metadata_records::{
    BeginTransactionRecord, BrokerRegistrationChangeRecord, ConfigRecord, EndTransactionRecord,
    MetadataRecord, PartitionChangeRecord,
};

use crate::image::{
    BrokerImage, ConfigResource, ControllerImage, Endpoint, FeatureRange, MetadataImage, ResourceType,
};

/// Features with the lowest and highest level supported, and the level a new cluster begins with.
pub const FEATURES: [(&str, i16, i16, i16); 7] = [
    ("eligible.leader.replicas.version", 0, 1, 1),
    ("group.version", 0, 1, 1),
    ("kraft.version", 0, 1, 1),
    ("metadata.version", 7, 33, 33),
    ("share.version", 0, 2, 2),
    ("streams.version", 0, 1, 1),
    ("transaction.version", 0, 2, 2),
];

/// What Kafka calls the metadata.version that a new cluster begins with.
pub const METADATA_VERSION: &str = "4.4-IV2";

const KRAFT_VERSION: &str = "kraft.version";

/// What this release supports, by feature.
pub fn supported_features() -> BTreeMap<String, FeatureRange> {
    FEATURES
        .iter()
        .map(|(name, min, max, _)| ((*name).to_owned(), FeatureRange { min: *min, max: *max }))
        .collect()
}

/// What is finalized in `image`; kraft.version lives in the quorum's control records, so the caller gives it.
pub fn finalized_features(image: &MetadataImage, kraft_version: i16) -> BTreeMap<String, i16> {
    let mut features = image.features.clone();
    if kraft_version > 0 {
        features.insert(KRAFT_VERSION.to_owned(), kraft_version);
    }
    features
}

/// The records of a new cluster's first snapshot.
pub fn bootstrap_records() -> Vec<MetadataRecord> {
    let levels = FEATURES.iter().filter(|(name, ..)| *name != KRAFT_VERSION);
    level_records(levels.map(|(name, _, _, level)| (*name, *level)))
}

/// Levels of features: metadata.version first, which decides how the others are read.
fn level_records<'a>(levels: impl Iterator<Item = (&'a str, i16)>) -> Vec<MetadataRecord> {
    let mut levels: Vec<(&str, i16)> = levels.collect();
    levels.sort_by_key(|(name, _)| *name != "metadata.version");
    levels.into_iter().map(|(name, level)| crate::image::feature_record(name, level)).collect()
}

/// The transaction with which a new cluster's log begins (KIP-868): what its first snapshot has, which Kafka's own nodes do
/// not read.
pub fn first_transaction(image: &MetadataImage) -> Vec<MetadataRecord> {
    let begin = BeginTransactionRecord { name: Some("Bootstrap records".to_owned()), ..Default::default() };
    let mut records = vec![MetadataRecord::BeginTransaction(begin)];
    records.extend(level_records(image.features.iter().map(|(name, level)| (name.as_str(), *level))));
    records.push(MetadataRecord::EndTransaction(EndTransactionRecord::default()));
    records
}

/// Registers a node that is broker and controller at once, as number `epoch` of the metadata log, and makes it leader of
/// the partitions that it alone holds in sync, in a new leader epoch.
pub fn register_node(
    image: &MetadataImage,
    node_id: i32,
    epoch: i64,
    incarnation_id: Uuid,
    registration: NodeRegistration,
) -> Vec<MetadataRecord> {
    let controller = ControllerImage {
        incarnation_id,
        endpoints: registration.controller_endpoints,
        features: supported_features(),
    };
    let broker = BrokerImage {
        epoch,
        incarnation_id,
        endpoints: registration.broker_endpoints,
        features: supported_features(),
        rack: registration.rack,
        fenced: true,
        in_controlled_shutdown: false,
        log_dirs: registration.log_dirs,
        cordoned_log_dirs: None,
    };
    let unfence = BrokerRegistrationChangeRecord {
        broker_id: node_id,
        broker_epoch: epoch,
        fenced: -1,
        ..BrokerRegistrationChangeRecord::default()
    };
    let mut records = vec![
        broker.to_record(node_id),
        controller.to_record(node_id),
        MetadataRecord::BrokerRegistrationChange(unfence),
    ];
    records.extend(cluster_wide_min_isr(image));
    for topic in image.topics.values() {
        let led = (0..).zip(&topic.partitions).filter(|(_, partition)| partition.isr == [node_id]);
        records.extend(led.map(|(partition_id, _)| {
            let change = PartitionChangeRecord {
                partition_id,
                topic_id: topic.id,
                leader: node_id,
                ..PartitionChangeRecord::default()
            };
            MetadataRecord::PartitionChange(change)
        }));
    }
    records
}

/// With eligible leader replicas, the cluster agrees on one min.insync.replicas (KIP-966).
fn cluster_wide_min_isr(image: &MetadataImage) -> Option<MetadataRecord> {
    const KEY: &str = "min.insync.replicas";
    let all_brokers = ConfigResource::new(ResourceType::Broker, "");
    let agreed = image.configs.value(&all_brokers, KEY).is_some();
    let needed = image.features.get("eligible.leader.replicas.version").is_some_and(|level| *level > 0);
    (needed && !agreed).then(|| {
        MetadataRecord::Config(ConfigRecord {
            resource_type: ResourceType::Broker.code(),
            name: KEY.to_owned(),
            value: Some("1".to_owned()),
            ..ConfigRecord::default()
        })
    })
}

/// What a node says of itself.
#[derive(Clone, Debug, Default)]
pub struct NodeRegistration {
    /// Listeners for clients.
    pub broker_endpoints: Vec<Endpoint>,
    /// Listeners of the quorum.
    pub controller_endpoints: Vec<Endpoint>,
    /// Rack, if it has one.
    pub rack: Option<String>,
    /// Ids of log directories.
    pub log_dirs: Vec<Uuid>,
}
