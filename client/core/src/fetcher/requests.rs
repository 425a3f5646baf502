//! What is asked next: fetches, and offsets to begin at. Not here: what the answers mean.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use klamm_protocol::{FetchRequest, ListOffsetsRequest, Uuid, fetch_request, list_offsets_request};

use super::{Asked, Assigned, BUFFERED_MAX, FetchError, Fetcher, FetcherEffect, Place, Sent};
use crate::{Cluster, Moment, TopicPartition};

/// Consumers are no replicas.
const NO_REPLICA: i32 = -1;

/// Partitions of one node, and what they need.
#[derive(Default)]
struct Group {
    fetch: Vec<(TopicPartition, i32)>,
    list: Vec<(TopicPartition, i32)>,
    /// A partition has all that may wait: a fetch now would leave it out, and hold back the next one with it.
    full: bool,
}

impl Fetcher {
    /// What to do now. One fetch is out at a node at a time. `wall_ms` is what records' timestamps are held against.
    pub fn poll(
        &mut self,
        now: Moment,
        wall_ms: i64,
        cluster: &Cluster,
        available: impl Fn(i32) -> bool,
    ) -> Vec<FetcherEffect> {
        let mut groups: BTreeMap<i32, Group> = BTreeMap::new();
        let mut effects = Vec::new();
        let mut leaderless = false;
        for (partition, assigned) in &mut self.partitions {
            let wants_place = matches!(assigned.place, Place::Reset(Some(_)));
            let resting = assigned.paused || assigned.is_damaged();
            if assigned.place == Place::Reset(None) || resting && !wants_place {
                continue;
            }
            let Some((leader, epoch)) = cluster.leader(&partition.topic, partition.partition) else {
                leaderless |= assigned.not_before <= now;
                let topic = cluster.topics.get(&partition.topic);
                let refusal = topic.map(|topic| topic.error).filter(|code| !code.is_retriable());
                if let Some(code) = refusal.filter(|code| code.is_error()) {
                    assigned.error.get_or_insert(FetchError::Refused(code));
                }
                continue;
            };
            let group = groups.entry(leader).or_default();
            let due = assigned.not_before <= now && !assigned.asked && assigned.error.is_none();
            group.full |= !wants_place && assigned.buffered.len() >= BUFFERED_MAX;
            if due && available(leader) {
                let list = if wants_place { &mut group.list } else { &mut group.fetch };
                list.push((partition.clone(), epoch));
            }
        }
        if leaderless {
            effects.push(FetcherEffect::RefreshMetadata);
        }
        let busy: BTreeSet<i32> = self.fetches.values().map(|sent| sent.node).collect();
        for (node, group) in groups {
            if !group.list.is_empty() {
                effects.push(self.list_offsets(wall_ms, node, group.list));
            }
            if !group.fetch.is_empty() && !group.full && !busy.contains(&node) {
                effects.push(self.fetch(cluster, node, group.fetch));
            }
        }
        effects
    }

    fn fetch(
        &mut self,
        cluster: &Cluster,
        node: i32,
        partitions: Vec<(TopicPartition, i32)>,
    ) -> FetcherEffect {
        let mut topics: BTreeMap<Arc<str>, fetch_request::FetchTopic> = BTreeMap::new();
        let mut sent = Sent { node, partitions: Vec::with_capacity(partitions.len()) };
        for (partition, current_leader_epoch) in partitions {
            let topic_id = cluster.topic(&partition.topic).map_or(Uuid::default(), |topic| topic.id);
            let assigned = self.partitions.get_mut(&partition).expect("it was chosen from these");
            let asked = asked(&partition, topic_id, assigned);
            let topic = topics.entry(partition.topic.clone()).or_insert_with(|| fetch_request::FetchTopic {
                topic: partition.topic.to_string(),
                topic_id,
                ..Default::default()
            });
            topic.partitions.push(fetch_request::FetchPartition {
                partition: partition.partition,
                current_leader_epoch,
                fetch_offset: asked.offset,
                partition_max_bytes: self.config.partition_max_bytes,
                ..Default::default()
            });
            sent.partitions.push(asked);
        }
        let body = FetchRequest {
            replica_id: NO_REPLICA,
            max_wait_ms: i32::try_from(self.config.max_wait.as_millis()).unwrap_or(i32::MAX),
            min_bytes: self.config.min_bytes,
            max_bytes: self.config.max_bytes,
            isolation_level: i8::from(self.config.read_committed),
            topics: topics.into_values().collect(),
            rack_id: self.config.rack.clone(),
            ..FetchRequest::default()
        };
        let request = self.number();
        self.fetches.insert(request, sent);
        FetcherEffect::Fetch { node, request, body }
    }

    fn list_offsets(
        &mut self,
        wall_ms: i64,
        node: i32,
        partitions: Vec<(TopicPartition, i32)>,
    ) -> FetcherEffect {
        let mut sent = Sent { node, partitions: Vec::with_capacity(partitions.len()) };
        let mut times = Vec::with_capacity(partitions.len());
        for (partition, leader_epoch) in partitions {
            let assigned = self.partitions.get_mut(&partition).expect("it was chosen from these");
            let Place::Reset(Some(end)) = assigned.place else { continue };
            sent.partitions.push(asked(&partition, Uuid::default(), assigned));
            times.push((partition, leader_epoch, end.timestamp(wall_ms)));
        }
        let body = list_offsets_request(self.config.read_committed, self.config.max_wait, times);
        let request = self.number();
        self.lists.insert(request, sent);
        FetcherEffect::ListOffsets { node, request, body }
    }

    fn number(&mut self) -> u64 {
        self.next_request += 1;
        self.next_request
    }
}

/// Asks for offsets by time (or one of the special times), each with the leader epoch that is known, or -1.
pub fn list_offsets_request(
    read_committed: bool,
    timeout: Duration,
    times: impl IntoIterator<Item = (TopicPartition, i32, i64)>,
) -> ListOffsetsRequest {
    let mut topics: BTreeMap<Arc<str>, list_offsets_request::ListOffsetsTopic> = BTreeMap::new();
    for (TopicPartition { topic, partition: partition_index }, current_leader_epoch, timestamp) in times {
        let topic = topics.entry(topic.clone()).or_insert_with(|| list_offsets_request::ListOffsetsTopic {
            name: topic.to_string(),
            ..Default::default()
        });
        topic.partitions.push(list_offsets_request::ListOffsetsPartition {
            partition_index,
            current_leader_epoch,
            timestamp,
            ..Default::default()
        });
    }
    ListOffsetsRequest {
        replica_id: NO_REPLICA,
        isolation_level: i8::from(read_committed),
        topics: topics.into_values().collect(),
        timeout_ms: i32::try_from(timeout.as_millis()).unwrap_or(i32::MAX),
        ..ListOffsetsRequest::default()
    }
}

fn asked(partition: &TopicPartition, topic_id: Uuid, assigned: &mut Assigned) -> Asked {
    assigned.asked = true;
    let offset = match assigned.place {
        Place::At(offset) => offset,
        Place::Reset(_) => -1,
    };
    Asked { partition: partition.clone(), topic_id, generation: assigned.generation, offset }
}
