//! A node joins: its registration, its leadership, and the features a new cluster begins with. Not here: heartbeats.

use std::collections::BTreeMap;

use klamm_protocol::Uuid;
use klamm_protocol::metadata_records::{
    BeginTransactionRecord, BrokerRegistrationChangeRecord, ConfigRecord, EndTransactionRecord,
    MetadataRecord, PartitionChangeRecord,
};

use crate::image::{
    BrokerImage, ConfigResource, ControllerImage, Endpoint, FeatureRange, MetadataImage, PartitionImage,
    ResourceType,
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
        let led = (0..).zip(&topic.partitions).filter_map(|(partition_id, partition)| {
            let change = leads(partition, node_id)?;
            Some(PartitionChangeRecord { partition_id, topic_id: topic.id, ..change })
        });
        records.extend(led.map(MetadataRecord::PartitionChange));
    }
    records
}

/// The change that makes a node leader of a partition, if it alone may be: the only one in sync or, where a stop of Kafka's
/// has left none, the only one that is eligible or was known last (KIP-966).
fn leads(partition: &PartitionImage, node_id: i32) -> Option<PartitionChangeRecord> {
    let leads = PartitionChangeRecord { leader: node_id, ..PartitionChangeRecord::default() };
    let [eligible, last] = [&partition.eligible_leader_replicas, &partition.last_known_elr];
    match (&partition.isr[..], &eligible[..], &last[..]) {
        ([only], ..) if *only == node_id => Some(leads),
        ([], [only], _) | ([], [], [only]) if *only == node_id => Some(PartitionChangeRecord {
            isr: Some(vec![node_id]),
            eligible_leader_replicas: Some(Vec::new()),
            last_known_elr: Some(Vec::new()),
            ..leads
        }),
        _ => None,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_leads_what_it_alone_may() {
        let check = |isr: &[i32], eligible: &[i32], last: &[i32], expected: Option<Option<Vec<i32>>>| {
            let partition = PartitionImage {
                isr: isr.to_vec(),
                eligible_leader_replicas: eligible.to_vec(),
                last_known_elr: last.to_vec(),
                ..PartitionImage::default()
            };
            assert_eq!(
                leads(&partition, 1).map(|change| change.isr),
                expected,
                "{isr:?} {eligible:?} {last:?}"
            );
        };
        check(&[1], &[], &[], Some(None));
        check(&[1, 2], &[], &[], None);
        check(&[2], &[1], &[], None);
        check(&[], &[1], &[1], Some(Some(vec![1])));
        check(&[], &[1, 2], &[], None);
        check(&[], &[2], &[1], None);
        check(&[], &[], &[1], Some(Some(vec![1])));
        check(&[], &[], &[], None);
    }
}
