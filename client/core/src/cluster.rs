//! What is known of the cluster, as an immutable snapshot. Not here: when it is asked for again (`metadata`).

use std::collections::BTreeMap;
use std::sync::Arc;

use klamm_protocol::{ErrorCode, MetadataResponse, Uuid, metadata_response};

use crate::Endpoint;

/// Nodes and topics as of the last answers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cluster {
    /// The cluster's id.
    pub cluster_id: Option<String>,
    /// The node that takes a controller's requests.
    pub controller_id: Option<i32>,
    /// Nodes by id.
    pub nodes: BTreeMap<i32, Endpoint>,
    /// Topics by name; also those that could not be described, with their error.
    pub topics: BTreeMap<Arc<str>, Topic>,
}

/// What is known of a topic.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Topic {
    /// Why nothing more is known.
    pub error: ErrorCode,
    /// Its id; zero from brokers before 2.8.
    pub id: Uuid,
    /// Whether the cluster uses it itself.
    pub is_internal: bool,
    /// Its partitions; the index is the number.
    pub partitions: Vec<Partition>,
}

/// What is known of a partition.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Partition {
    /// Who leads it.
    pub leader: Option<i32>,
    /// Since when; -1 if the broker does not say.
    pub leader_epoch: i32,
    /// Who holds it.
    pub replicas: Vec<i32>,
    /// Who of them is in sync.
    pub isr: Vec<i32>,
    /// Who of them is down.
    pub offline_replicas: Vec<i32>,
}

impl From<metadata_response::MetadataResponsePartition> for Partition {
    fn from(answer: metadata_response::MetadataResponsePartition) -> Self {
        Partition {
            leader: (answer.leader_id >= 0).then_some(answer.leader_id),
            leader_epoch: answer.leader_epoch,
            replicas: answer.replica_nodes,
            isr: answer.isr_nodes,
            offline_replicas: answer.offline_replicas,
        }
    }
}

impl Cluster {
    /// A topic that is there.
    pub fn topic(&self, name: &str) -> Option<&Topic> {
        self.topics.get(name).filter(|topic| topic.error.is_none())
    }

    /// A partition that is there.
    pub fn partition(&self, topic: &str, partition: i32) -> Option<&Partition> {
        self.topic(topic)?.partitions.get(usize::try_from(partition).ok()?)
    }

    /// Who leads a partition, and since when.
    pub fn leader(&self, topic: &str, partition: i32) -> Option<(i32, i32)> {
        let partition = self.partition(topic, partition)?;
        partition.leader.map(|leader| (leader, partition.leader_epoch))
    }

    /// Takes over an answer. What it says of a partition counts unless a later leader epoch of the same topic is
    /// known already, since nodes answer from what each of them has seen.
    pub(crate) fn update(&mut self, response: MetadataResponse) {
        self.cluster_id = response.cluster_id;
        self.controller_id = (response.controller_id >= 0).then_some(response.controller_id);
        let sound = |broker: &metadata_response::MetadataResponseBroker| {
            let port = u16::try_from(broker.port).ok()?;
            (broker.node_id >= 0).then(|| (broker.node_id, Endpoint { host: broker.host.clone(), port }))
        };
        self.nodes = response.brokers.iter().filter_map(sound).collect();
        for topic in response.topics {
            let Some(name) = topic.name.clone() else { continue };
            let before = self.topics.remove(name.as_str()).filter(|before| before.id == topic.topic_id);
            self.topics.insert(name.into(), Topic::from_answer(topic, before.as_ref()));
        }
    }
}

impl Topic {
    fn from_answer(answer: metadata_response::MetadataResponseTopic, before: Option<&Topic>) -> Self {
        // Partitions are numbered from 0 without gaps; what a node says beyond their count is not believed.
        let mut partitions =
            vec![Partition { leader_epoch: -1, ..Partition::default() }; answer.partitions.len()];
        for partition in answer.partitions {
            let Ok(index) = usize::try_from(partition.partition_index) else { continue };
            let Some(slot) = partitions.get_mut(index) else { continue };
            let known = before.and_then(|topic| topic.partitions.get(index));
            *slot = match known {
                Some(known) if known.leader_epoch > partition.leader_epoch && partition.leader_epoch >= 0 => {
                    known.clone()
                }
                _ => partition.into(),
            };
        }
        Topic { error: answer.error_code, id: answer.topic_id, is_internal: answer.is_internal, partitions }
    }
}
