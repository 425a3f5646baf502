//! ListOffsets and OffsetForLeaderEpoch: timestamps with a meaning, epochs, places.
//!
//! **Not here**: offsets by time of real records (`interop`).

use anyhow::Result;
use klamm_protocol::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use klamm_protocol::offset_for_leader_epoch_request::{OffsetForLeaderPartition, OffsetForLeaderTopic};
use klamm_protocol::{
    ListOffsetsRequest, ListOffsetsResponse, OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse,
};

use super::probes::{Change, Probes};

const LIST_OFFSETS: &[Change<ListOffsetsRequest>] = &[
    (11, "timestamp -1 (latest)", |_| ()),
    (11, "timestamp -2 (earliest)", |r| of(r).timestamp = -2),
    (11, "timestamp -3 (max timestamp)", |r| of(r).timestamp = -3),
    (11, "timestamp -4 (earliest local)", |r| of(r).timestamp = -4),
    (11, "timestamp -5 (latest tiered)", |r| of(r).timestamp = -5),
    (11, "timestamp -6 (earliest pending upload)", |r| of(r).timestamp = -6),
    (11, "timestamp -7 (undefined)", |r| of(r).timestamp = -7),
    (11, "timestamp -100 (undefined)", |r| of(r).timestamp = -100),
    (11, "timestamp 0 (by time)", |r| of(r).timestamp = 0),
    (11, "timestamp 9000000000000000 (far future)", |r| of(r).timestamp = 9_000_000_000_000_000),
    (6, "timestamp -3 at v6 (before it was defined)", |r| of(r).timestamp = -3),
    (7, "timestamp -4 at v7", |r| of(r).timestamp = -4),
    (8, "timestamp -5 at v8", |r| of(r).timestamp = -5),
    (10, "timestamp -6 at v10", |r| of(r).timestamp = -6),
    (9, "timestamp -3 on an empty log", |r| of(empty(r)).timestamp = -3),
    (9, "timestamp -1 on an empty log", |r| of(empty(r)).timestamp = -1),
    (9, "timestamp 0 on an empty log", |r| of(empty(r)).timestamp = 0),
    (9, "unknown topic", |r| r.topics[0].name = "nope".to_owned()),
    (9, "partition 99", |r| of(r).partition_index = 99),
    (9, "current_leader_epoch 5 (newer)", |r| of(r).current_leader_epoch = 5),
    (9, "replica_id 99", |r| r.replica_id = 99),
    (9, "isolation_level 5", |r| r.isolation_level = 5),
    (9, "topic name \"a/b\"", |r| r.topics[0].name = "a/b".to_owned()),
];

const EPOCHS: &[Change<OffsetForLeaderEpochRequest>] = &[
    (4, "epoch 0 (reference)", |_| ()),
    (4, "epoch 9 (not yet known)", |r| r.topics[0].partitions[0].leader_epoch = 9),
    (4, "epoch -1", |r| r.topics[0].partitions[0].leader_epoch = -1),
    (4, "current_leader_epoch 5", |r| r.topics[0].partitions[0].current_leader_epoch = 5),
    (4, "unknown topic", |r| r.topics[0].topic = "nope".to_owned()),
    (4, "partition 99", |r| r.topics[0].partitions[0].partition = 99),
];

fn of(request: &mut ListOffsetsRequest) -> &mut ListOffsetsPartition {
    &mut request.topics[0].partitions[0]
}

/// Of the topic without records.
fn empty(request: &mut ListOffsetsRequest) -> &mut ListOffsetsRequest {
    request.topics[0].name = "f2".to_owned();
    request
}

fn latest(version: i16) -> ListOffsetsRequest {
    let partition = ListOffsetsPartition { timestamp: -1, current_leader_epoch: -1, ..Default::default() };
    let topic = ListOffsetsTopic { name: "f1".to_owned(), partitions: vec![partition], ..Default::default() };
    let timeout_ms = if version >= 10 { 1000 } else { 0 };
    ListOffsetsRequest { replica_id: -1, topics: vec![topic], timeout_ms, ..Default::default() }
}

fn first_epoch(_version: i16) -> OffsetForLeaderEpochRequest {
    let partition =
        OffsetForLeaderPartition { current_leader_epoch: -1, leader_epoch: 0, ..Default::default() };
    let topic =
        OffsetForLeaderTopic { topic: "f1".to_owned(), partitions: vec![partition], ..Default::default() };
    OffsetForLeaderEpochRequest { replica_id: -1, topics: vec![topic], ..Default::default() }
}

pub(super) fn probe(probes: &mut Probes<'_>) -> Result<()> {
    probes.target.filled_topic()?;
    probes.each(latest, listed, LIST_OFFSETS);
    let mut request = latest(9);
    let earliest = ListOffsetsPartition { timestamp: -2, ..of(&mut request).clone() };
    request.topics[0].partitions.push(earliest);
    let answers = |response: &ListOffsetsResponse, _: i16| {
        format!("{} partition answers", response.topics.first().map_or(0, |topic| topic.partitions.len()))
    };
    probes.ask(9, "same partition twice", &request, answers);
    probes.each(first_epoch, ended, EPOCHS);
    Ok(())
}

/// Times of day as `(ms)`.
fn listed(response: &ListOffsetsResponse, _version: i16) -> String {
    let partition = response.topics.first().and_then(|topic| topic.partitions.first());
    let Some(partition) = partition else { return "no partition".to_owned() };
    let timestamp = match partition.timestamp {
        timestamp if timestamp > 1_000_000_000_000 => "(ms)".to_owned(),
        timestamp => timestamp.to_string(),
    };
    format!("offset={} timestamp={timestamp} leader_epoch={}", partition.offset, partition.leader_epoch)
}

fn ended(response: &OffsetForLeaderEpochResponse, _version: i16) -> String {
    let partition = response.topics.first().and_then(|topic| topic.partitions.first());
    let Some(partition) = partition else { return "no partition".to_owned() };
    format!("leader_epoch={} end_offset={}", partition.leader_epoch, partition.end_offset)
}
