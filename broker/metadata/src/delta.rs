//! How records change an image; those of a transaction that is aborted, or does not end, do not. Not here: which records,
//! and when they are committed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use klamm_protocol::Uuid;
use klamm_protocol::metadata_records::{
    BrokerRegistrationChangeRecord, ConfigRecord, MetadataRecord, PartitionChangeRecord, PartitionRecord,
    RegisterBrokerRecord, RegisterControllerRecord, TopicRecord,
};

use crate::image::{
    BrokerImage, ConfigResource, ControllerImage, Endpoint, FeatureRange, MetadataImage, PartitionImage,
    ResourceType, TopicImage,
};

/// What a delta touched.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// Topics that are new or have a partition that is new or changed.
    pub topics: BTreeSet<Uuid>,
    /// Topics that are gone, as they were.
    pub removed_topics: BTreeMap<Uuid, Arc<TopicImage>>,
    /// Resources whose configuration changed.
    pub configs: BTreeSet<ConfigResource>,
}

/// A record that does not fit the image: the metadata log is damaged, or written by somebody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplayError {
    record: &'static str,
    missing: String,
}

impl fmt::Display for ReplayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "metadata record {} is about {}, which is not there", self.record, self.missing)
    }
}

impl std::error::Error for ReplayError {}

/// An image in the making.
#[derive(Debug)]
pub struct MetadataDelta {
    image: MetadataImage,
    changes: Changes,
    /// Both as they were before the transaction that has begun, if one has (KIP-868).
    before_transaction: Option<Box<(MetadataImage, Changes)>>,
}

impl MetadataDelta {
    /// Begins from `image`.
    pub fn new(image: &MetadataImage) -> Self {
        Self { image: image.clone(), changes: Changes::default(), before_transaction: None }
    }

    /// The image as changed so far.
    pub fn image(&self) -> &MetadataImage {
        &self.image
    }

    /// Whether a transaction has begun that has not ended.
    pub fn in_transaction(&self) -> bool {
        self.before_transaction.is_some()
    }

    /// Ends with the new image and what differs from the old one, without a transaction that has not ended.
    pub fn finish(self) -> (Arc<MetadataImage>, Changes) {
        let (image, changes) = self.before_transaction.map_or((self.image, self.changes), |before| *before);
        (Arc::new(image), changes)
    }

    /// Applies one committed record. Those of features that this release does not act on are kept as they are.
    ///
    /// # Errors
    /// The record speaks of something that the image does not have.
    pub fn replay(&mut self, record: &MetadataRecord) -> Result<(), ReplayError> {
        match record {
            MetadataRecord::Topic(record) => self.topic(record),
            MetadataRecord::Partition(record) => return self.partition(record),
            MetadataRecord::PartitionChange(record) => return self.partition_change(record),
            MetadataRecord::ClearElr(record) => return self.clear_elr(&record.topic_name),
            MetadataRecord::RemoveTopic(record) => return self.remove_topic(record.topic_id),
            MetadataRecord::Config(record) => self.config(record),
            MetadataRecord::FeatureLevel(record) => self.feature(&record.name, record.feature_level),
            MetadataRecord::RegisterBroker(record) => self.register_broker(record),
            MetadataRecord::BrokerRegistrationChange(record) => return self.broker_change(record),
            MetadataRecord::FenceBroker(record) => return self.fence("FenceBrokerRecord", record.id, true),
            MetadataRecord::UnfenceBroker(record) => {
                return self.fence("UnfenceBrokerRecord", record.id, false);
            }
            MetadataRecord::UnregisterBroker(record) => {
                self.image.brokers.remove(&record.broker_id);
            }
            MetadataRecord::RegisterController(record) => self.register_controller(record),
            MetadataRecord::UnregisterController(record) => {
                self.image.controllers.remove(&record.controller_id);
            }
            MetadataRecord::ProducerIds(record) => self.image.next_producer_id = record.next_producer_id,
            MetadataRecord::BeginTransaction(_) => return self.begin_transaction(),
            MetadataRecord::EndTransaction(_) => {
                self.leave_transaction("EndTransactionRecord")?;
            }
            MetadataRecord::AbortTransaction(_) => {
                (self.image, self.changes) = self.leave_transaction("AbortTransactionRecord")?;
            }
            other => self.image.carried.replay(other),
        }
        Ok(())
    }

    fn begin_transaction(&mut self) -> Result<(), ReplayError> {
        if self.in_transaction() {
            let missing = "the end of the transaction before it".to_owned();
            return Err(ReplayError { record: "BeginTransactionRecord", missing });
        }
        self.before_transaction = Some(Box::new((self.image.clone(), self.changes.clone())));
        Ok(())
    }

    /// What was before the transaction, which is over.
    fn leave_transaction(&mut self, record: &'static str) -> Result<(MetadataImage, Changes), ReplayError> {
        let missing = || ReplayError { record, missing: "a transaction".to_owned() };
        self.before_transaction.take().map(|before| *before).ok_or_else(missing)
    }

    fn topic(&mut self, record: &TopicRecord) {
        let topic = TopicImage { id: record.topic_id, name: record.name.clone(), partitions: Vec::new() };
        self.image.topic_ids.insert(topic.name.clone(), topic.id);
        self.image.topics.insert(topic.id, Arc::new(topic));
        self.changes.topics.insert(record.topic_id);
    }

    fn topic_mut(&mut self, record: &'static str, id: Uuid) -> Result<&mut TopicImage, ReplayError> {
        self.changes.topics.insert(id);
        let topic = self.image.topics.get_mut(&id).map(Arc::make_mut);
        topic.ok_or_else(|| ReplayError { record, missing: format!("topic {id}") })
    }

    fn partition(&mut self, record: &PartitionRecord) -> Result<(), ReplayError> {
        let topic = self.topic_mut("PartitionRecord", record.topic_id)?;
        let partition = PartitionImage {
            replicas: record.replicas.clone(),
            directories: record.directories.clone(),
            isr: record.isr.clone(),
            removing_replicas: record.removing_replicas.clone(),
            adding_replicas: record.adding_replicas.clone(),
            eligible_leader_replicas: record.eligible_leader_replicas.clone().unwrap_or_default(),
            last_known_elr: record.last_known_elr.clone().unwrap_or_default(),
            leader: record.leader,
            leader_recovery_state: record.leader_recovery_state,
            leader_epoch: record.leader_epoch,
            partition_epoch: record.partition_epoch,
        };
        match usize::try_from(record.partition_id) {
            Ok(index) if index < topic.partitions.len() => topic.partitions[index] = partition,
            Ok(index) if index == topic.partitions.len() => topic.partitions.push(partition),
            _ => {
                let missing = format!(
                    "partition {} of topic {} without the one before",
                    record.partition_id, topic.name
                );
                return Err(ReplayError { record: "PartitionRecord", missing });
            }
        }
        Ok(())
    }

    fn partition_change(&mut self, record: &PartitionChangeRecord) -> Result<(), ReplayError> {
        let topic = self.topic_mut("PartitionChangeRecord", record.topic_id)?;
        let index = usize::try_from(record.partition_id).ok();
        let name = &topic.name;
        let missing = || format!("partition {} of topic {name}", record.partition_id);
        let partition = index
            .and_then(|index| topic.partitions.get_mut(index))
            .ok_or_else(|| ReplayError { record: "PartitionChangeRecord", missing: missing() })?;
        partition.change(record);
        Ok(())
    }

    /// Forgets the eligible leader replicas of a topic, or of all if it has no name.
    fn clear_elr(&mut self, topic_name: &str) -> Result<(), ReplayError> {
        let of = |topic: &Arc<TopicImage>| {
            let with_elr = (0..).zip(&topic.partitions).filter(|(_, partition)| partition.has_elr());
            with_elr.map(|(index, _)| (topic.id, index)).collect::<Vec<_>>()
        };
        let partitions: Vec<(Uuid, i32)> = if topic_name.is_empty() {
            self.image.topics.values().flat_map(of).collect()
        } else {
            let missing = || ReplayError { record: "ClearElrRecord", missing: format!("topic {topic_name}") };
            of(self.image.topic(topic_name).ok_or_else(missing)?)
        };
        for (topic_id, partition_id) in partitions {
            self.partition_change(&PartitionChangeRecord {
                topic_id,
                partition_id,
                eligible_leader_replicas: Some(Vec::new()),
                last_known_elr: Some(Vec::new()),
                ..PartitionChangeRecord::default()
            })?;
        }
        Ok(())
    }

    fn remove_topic(&mut self, id: Uuid) -> Result<(), ReplayError> {
        let topic = self.image.topics.remove(&id);
        let topic = topic
            .ok_or_else(|| ReplayError { record: "RemoveTopicRecord", missing: format!("topic {id}") })?;
        self.image.topic_ids.remove(&topic.name);
        self.image.configs.remove(&ConfigResource::new(ResourceType::Topic, topic.name.as_str()));
        self.changes.topics.remove(&id);
        self.changes.removed_topics.insert(id, topic);
        Ok(())
    }

    fn config(&mut self, record: &ConfigRecord) {
        let Some(kind) = ResourceType::from_code(record.resource_type) else { return };
        let resource = ConfigResource::new(kind, record.resource_name.as_str());
        self.image.configs.set(&resource, record.name.clone(), record.value.clone());
        self.changes.configs.insert(resource);
    }

    fn feature(&mut self, name: &str, level: i16) {
        if level == 0 {
            self.image.features.remove(name);
        } else {
            self.image.features.insert(name.to_owned(), level);
        }
    }

    fn register_broker(&mut self, record: &RegisterBrokerRecord) {
        let endpoints = record.end_points.iter().map(|endpoint| Endpoint {
            name: endpoint.name.clone(),
            host: endpoint.host.clone(),
            port: endpoint.port,
            security_protocol: endpoint.security_protocol,
        });
        let features = record.features.iter().map(|feature| {
            let range =
                FeatureRange { min: feature.min_supported_version, max: feature.max_supported_version };
            (feature.name.clone(), range)
        });
        let broker = BrokerImage {
            epoch: record.broker_epoch,
            incarnation_id: record.incarnation_id,
            endpoints: endpoints.collect(),
            features: features.collect(),
            rack: record.rack.clone(),
            fenced: record.fenced,
            in_controlled_shutdown: record.in_controlled_shutdown,
            log_dirs: record.log_dirs.clone(),
            cordoned_log_dirs: record.cordoned_log_dirs.clone(),
        };
        self.image.brokers.insert(record.broker_id, broker);
    }

    fn broker_mut(&mut self, record: &'static str, id: i32) -> Result<&mut BrokerImage, ReplayError> {
        let broker = self.image.brokers.get_mut(&id);
        broker.ok_or_else(|| ReplayError { record, missing: format!("broker {id}") })
    }

    fn fence(&mut self, record: &'static str, id: i32, fenced: bool) -> Result<(), ReplayError> {
        self.broker_mut(record, id)?.fenced = fenced;
        Ok(())
    }

    fn broker_change(&mut self, record: &BrokerRegistrationChangeRecord) -> Result<(), ReplayError> {
        let broker = self.broker_mut("BrokerRegistrationChangeRecord", record.broker_id)?;
        // In both fields 0 leaves things as they are; fenced: 1 fences, -1 unfences; in_controlled_shutdown: 1 sets.
        match record.fenced {
            1 => broker.fenced = true,
            -1 => broker.fenced = false,
            _ => {}
        }
        broker.in_controlled_shutdown |= record.in_controlled_shutdown == 1;
        if !record.log_dirs.is_empty() {
            broker.log_dirs.clone_from(&record.log_dirs);
        }
        if record.cordoned_log_dirs.is_some() {
            broker.cordoned_log_dirs.clone_from(&record.cordoned_log_dirs);
        }
        Ok(())
    }

    fn register_controller(&mut self, record: &RegisterControllerRecord) {
        let endpoints = record.end_points.iter().map(|endpoint| Endpoint {
            name: endpoint.name.clone(),
            host: endpoint.host.clone(),
            port: endpoint.port,
            security_protocol: endpoint.security_protocol,
        });
        let features = record.features.iter().map(|feature| {
            let range =
                FeatureRange { min: feature.min_supported_version, max: feature.max_supported_version };
            (feature.name.clone(), range)
        });
        let controller = ControllerImage {
            incarnation_id: record.incarnation_id,
            endpoints: endpoints.collect(),
            features: features.collect(),
        };
        self.image.controllers.insert(record.controller_id, controller);
    }
}

impl PartitionImage {
    fn has_elr(&self) -> bool {
        !self.eligible_leader_replicas.is_empty() || !self.last_known_elr.is_empty()
    }

    fn change(&mut self, record: &PartitionChangeRecord) {
        const LEADER_UNCHANGED: i32 = -2;
        let set = |field: &mut Vec<i32>, change: &Option<Vec<i32>>| {
            if let Some(change) = change {
                field.clone_from(change);
            }
        };
        set(&mut self.isr, &record.isr);
        set(&mut self.replicas, &record.replicas);
        set(&mut self.removing_replicas, &record.removing_replicas);
        set(&mut self.adding_replicas, &record.adding_replicas);
        set(&mut self.eligible_leader_replicas, &record.eligible_leader_replicas);
        set(&mut self.last_known_elr, &record.last_known_elr);
        if let Some(directories) = &record.directories {
            self.directories.clone_from(directories);
        }
        if record.leader != LEADER_UNCHANGED {
            self.leader = record.leader;
            self.leader_epoch += 1;
        }
        if record.leader_recovery_state >= 0 {
            self.leader_recovery_state = record.leader_recovery_state;
        }
        self.partition_epoch += 1;
    }
}

#[cfg(test)]
mod tests {
    use klamm_protocol::metadata_records::{
        AbortTransactionRecord, BeginTransactionRecord, ClearElrRecord, EndTransactionRecord,
    };

    use super::*;

    /// Three topics, the last of which has nothing to forget: the epochs of each after the record, and whether it
    /// still has eligible leaders.
    fn cleared(topic_name: &str) -> Result<Vec<(i32, i32, bool)>, ReplayError> {
        let mut delta = MetadataDelta::new(&MetadataImage::default());
        for (number, name) in (1..).zip(["a", "b", "c"]) {
            let topic_id = Uuid([number; 16]);
            delta.topic(&TopicRecord { name: name.into(), topic_id, ..Default::default() });
            delta.partition(&PartitionRecord {
                partition_id: 0,
                topic_id,
                leader: 1,
                leader_epoch: 5,
                partition_epoch: 7,
                eligible_leader_replicas: (name != "c").then(|| vec![2]),
                ..Default::default()
            })?;
        }
        let record = ClearElrRecord { topic_name: topic_name.into(), ..Default::default() };
        delta.replay(&MetadataRecord::ClearElr(record))?;
        let (image, _) = delta.finish();
        let partitions = image.topics_by_name().map(|topic| &topic.partitions[0]);
        Ok(partitions.map(|it| (it.leader_epoch, it.partition_epoch, it.has_elr())).collect())
    }

    #[test]
    fn eligible_leaders_are_forgotten() {
        assert_eq!(cleared(""), Ok(vec![(5, 8, false), (5, 8, false), (5, 7, false)]));
        assert_eq!(cleared("b"), Ok(vec![(5, 7, true), (5, 8, false), (5, 7, false)]));
        let error = cleared("d").expect_err("there is no such topic").to_string();
        assert_eq!(error, "metadata record ClearElrRecord is about topic d, which is not there");
    }

    /// Replays what the letters stand for: a small one is a topic of that name, `B`, `E` and `A` begin, end and abort a
    /// transaction. Gives the topics that are there and in the changes, and a `*` if a transaction is open.
    fn replayed(records: &str) -> Result<String, String> {
        let mut delta = MetadataDelta::new(&MetadataImage::default());
        for letter in records.chars() {
            let record = match letter {
                'B' => MetadataRecord::BeginTransaction(BeginTransactionRecord::default()),
                'E' => MetadataRecord::EndTransaction(EndTransactionRecord::default()),
                'A' => MetadataRecord::AbortTransaction(AbortTransactionRecord::default()),
                name => {
                    let topic_id = Uuid([u8::try_from(name).expect("ASCII"); 16]);
                    MetadataRecord::Topic(TopicRecord { name: name.into(), topic_id, ..Default::default() })
                }
            };
            delta.replay(&record).map_err(|error| error.to_string())?;
        }
        let open = if delta.in_transaction() { "*" } else { "" };
        let (image, changes) = delta.finish();
        assert_eq!(image.topics.keys().collect::<Vec<_>>(), changes.topics.iter().collect::<Vec<_>>());
        Ok(image.topics_by_name().map(|topic| topic.name.as_str()).collect::<String>() + open)
    }

    #[test]
    fn a_transaction_counts_when_it_has_ended() {
        let check = |records, expected: Result<&str, &str>| {
            assert_eq!(replayed(records).as_deref().map_err(String::as_str), expected, "{records}");
        };
        check("aBbEc", Ok("abc"));
        check("aBbcAd", Ok("ad"));
        check("aBb", Ok("a*"));
        check("BaEBbABc", Ok("a*"));
        check("aE", Err("metadata record EndTransactionRecord is about a transaction, which is not there"));
        check(
            "BEA",
            Err("metadata record AbortTransactionRecord is about a transaction, which is not there"),
        );
        check(
            "BB",
            Err(
                "metadata record BeginTransactionRecord is about the end of the transaction before it, which is not there",
            ),
        );
    }
}
