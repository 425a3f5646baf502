//! An image written as records, for snapshots. Not here: reading them back, which is replay.

use klamm_protocol::metadata_records::register_broker_record::{BrokerEndpoint, BrokerFeature};
use klamm_protocol::metadata_records::register_controller_record::{ControllerEndpoint, ControllerFeature};
use klamm_protocol::metadata_records::{
    ConfigRecord, FeatureLevelRecord, MetadataRecord, PartitionRecord, ProducerIdsRecord,
    RegisterBrokerRecord, RegisterControllerRecord, TopicRecord,
};

use super::{BrokerImage, ControllerImage, MetadataImage, PartitionImage, TopicImage};

impl MetadataImage {
    /// Records that make this image when they are replayed onto an empty one.
    pub fn to_records(&self) -> Vec<MetadataRecord> {
        let features = self.features.iter().map(|(name, level)| feature_record(name, *level));
        let brokers = self.brokers.iter().map(|(id, broker)| broker.to_record(*id));
        let controllers = self.controllers.iter().map(|(id, controller)| controller.to_record(*id));
        let topics = self.topics.values().flat_map(|topic| topic.to_records());
        let configs = self.configs.iter().flat_map(|(resource, values)| {
            values.iter().map(|(name, value)| {
                MetadataRecord::Config(ConfigRecord {
                    resource_type: resource.kind.code(),
                    resource_name: resource.name.clone(),
                    name: name.clone(),
                    value: Some(value.clone()),
                    ..ConfigRecord::default()
                })
            })
        });
        let producer_ids = (self.next_producer_id > 0).then(|| {
            let next_producer_id = self.next_producer_id;
            MetadataRecord::ProducerIds(ProducerIdsRecord {
                broker_id: -1,
                next_producer_id,
                ..Default::default()
            })
        });
        let own = features.chain(brokers).chain(controllers).chain(topics).chain(configs).chain(producer_ids);
        own.chain(self.carried.iter().cloned()).collect()
    }
}

/// The record that finalizes a feature at a level.
pub(crate) fn feature_record(name: &str, level: i16) -> MetadataRecord {
    MetadataRecord::FeatureLevel(FeatureLevelRecord {
        name: name.to_owned(),
        feature_level: level,
        ..FeatureLevelRecord::default()
    })
}

impl BrokerImage {
    /// The record that registers this broker.
    pub(crate) fn to_record(&self, broker_id: i32) -> MetadataRecord {
        let end_points = self.endpoints.iter().cloned().map(|endpoint| BrokerEndpoint {
            name: endpoint.name,
            host: endpoint.host,
            port: endpoint.port,
            security_protocol: endpoint.security_protocol,
            ..BrokerEndpoint::default()
        });
        let features = self.features.iter().map(|(name, range)| BrokerFeature {
            name: name.clone(),
            min_supported_version: range.min,
            max_supported_version: range.max,
            ..BrokerFeature::default()
        });
        MetadataRecord::RegisterBroker(RegisterBrokerRecord {
            broker_id,
            incarnation_id: self.incarnation_id,
            broker_epoch: self.epoch,
            end_points: end_points.collect(),
            features: features.collect(),
            rack: self.rack.clone(),
            fenced: self.fenced,
            in_controlled_shutdown: self.in_controlled_shutdown,
            log_dirs: self.log_dirs.clone(),
            cordoned_log_dirs: self.cordoned_log_dirs.clone(),
            ..RegisterBrokerRecord::default()
        })
    }
}

impl ControllerImage {
    /// The record that registers this controller.
    pub(crate) fn to_record(&self, controller_id: i32) -> MetadataRecord {
        let end_points = self.endpoints.iter().cloned().map(|endpoint| ControllerEndpoint {
            name: endpoint.name,
            host: endpoint.host,
            port: endpoint.port,
            security_protocol: endpoint.security_protocol,
            ..ControllerEndpoint::default()
        });
        let features = self.features.iter().map(|(name, range)| ControllerFeature {
            name: name.clone(),
            min_supported_version: range.min,
            max_supported_version: range.max,
            ..ControllerFeature::default()
        });
        MetadataRecord::RegisterController(RegisterControllerRecord {
            controller_id,
            incarnation_id: self.incarnation_id,
            end_points: end_points.collect(),
            features: features.collect(),
            ..RegisterControllerRecord::default()
        })
    }
}

impl TopicImage {
    /// The records that make this topic.
    pub(crate) fn to_records(&self) -> Vec<MetadataRecord> {
        let topic = TopicRecord { name: self.name.clone(), topic_id: self.id, ..TopicRecord::default() };
        let partitions =
            (0..).zip(&self.partitions).map(|(index, partition)| partition.to_record(self, index));
        std::iter::once(MetadataRecord::Topic(topic)).chain(partitions).collect()
    }
}

impl PartitionImage {
    /// The record that makes this partition.
    pub(crate) fn to_record(&self, topic: &TopicImage, index: i32) -> MetadataRecord {
        let if_any = |replicas: &Vec<i32>| (!replicas.is_empty()).then(|| replicas.clone());
        MetadataRecord::Partition(PartitionRecord {
            partition_id: index,
            topic_id: topic.id,
            replicas: self.replicas.clone(),
            isr: self.isr.clone(),
            removing_replicas: self.removing_replicas.clone(),
            adding_replicas: self.adding_replicas.clone(),
            leader: self.leader,
            leader_recovery_state: self.leader_recovery_state,
            leader_epoch: self.leader_epoch,
            partition_epoch: self.partition_epoch,
            directories: self.directories.clone(),
            eligible_leader_replicas: if_any(&self.eligible_leader_replicas),
            last_known_elr: if_any(&self.last_known_elr),
            ..PartitionRecord::default()
        })
    }
}
