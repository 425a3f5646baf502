//! Fetch: places, positions, limits, sessions, replicas.
//!
//! **Not here**: what is fetched by right requests.

use std::fmt::Write as _;

use anyhow::{Result, anyhow};
use klamm_protocol::fetch_request::{FetchPartition, FetchTopic, ForgottenTopic};
use klamm_protocol::{FetchRequest, FetchResponse, Uuid};

use super::connection::{ANSWER_WAIT, CLIENT_ID, Connection};
use super::probes::{Change, Probes};
use super::produce::NO_TOPIC_ID;
use super::target::BROKER_ID;

const ROWS: &[Change<FetchRequest>] = &[
    (12, "good (reference)", |_| ()),
    (16, "good", |_| ()),
    (4, "good", |_| ()),
    (12, "unknown topic name", |r| r.topics[0].topic = "nope".to_owned()),
    (13, "unknown topic id", |r| r.topics[0].topic_id = NO_TOPIC_ID),
    (13, "zero topic id", |r| r.topics[0].topic_id = Uuid::ZERO),
    (12, "partition 99", |r| of(r).partition = 99),
    (12, "partition -1", |r| of(r).partition = -1),
    (12, "offset = end (10), waits max_wait", |r| of(r).fetch_offset = 10),
    (12, "offset above end (11)", |r| of(r).fetch_offset = 11),
    (12, "offset below log start (1)", |r| of(r).fetch_offset = 1),
    (12, "offset -1", |r| of(r).fetch_offset = -1),
    (12, "offset -2", |r| of(r).fetch_offset = -2),
    (12, "current_leader_epoch 5 (newer than the broker knows)", |r| of(r).current_leader_epoch = 5),
    (12, "current_leader_epoch -2", |r| of(r).current_leader_epoch = -2),
    (12, "last_fetched_epoch 0, offset 5", |r| of(r).last_fetched_epoch = 0),
    (12, "last_fetched_epoch 0, offset 50 (consumer)", |r| {
        (of(r).last_fetched_epoch, of(r).fetch_offset) = (0, 50);
    }),
    (12, "last_fetched_epoch 9, offset 5", |r| of(r).last_fetched_epoch = 9),
    (12, "partition_max_bytes 0", |r| of(r).partition_max_bytes = 0),
    (12, "partition_max_bytes 1 (smaller than the batch)", |r| of(r).partition_max_bytes = 1),
    (12, "partition_max_bytes -1", |r| of(r).partition_max_bytes = -1),
    (12, "max_bytes 0", |r| r.max_bytes = 0),
    (12, "max_bytes 1", |r| r.max_bytes = 1),
    (12, "max_bytes -1", |r| r.max_bytes = -1),
    (12, "min_bytes -1", |r| r.min_bytes = -1),
    (12, "max_wait_ms -1", |r| r.max_wait_ms = -1),
    (12, "max_wait_ms -1 at end of log", |r| (r.max_wait_ms, of(r).fetch_offset) = (-1, 10)),
    (12, "min_bytes 0 at end of log", |r| {
        (r.min_bytes, r.max_wait_ms, of(r).fetch_offset) = (0, 5000, 10);
    }),
    (12, "isolation_level 2", |r| r.isolation_level = 2),
    (12, "isolation_level -1", |r| r.isolation_level = -1),
    (12, "unknown rack id \"zz\"", |r| r.rack_id = "zz".to_owned()),
    (12, "session id 12345 unknown, epoch 1", |r| (r.session_id, r.session_epoch) = (12345, 1)),
    (12, "session id 0, epoch 5", |r| r.session_epoch = 5),
    (12, "session id 0, epoch 0 (create session)", |r| r.session_epoch = 0),
    (12, "forgotten topic in a sessionless fetch", |r| {
        let topic = ForgottenTopic { topic: "f1".to_owned(), partitions: vec![0], ..Default::default() };
        r.forgotten_topics_data = vec![topic];
    }),
    (12, "replica_id 1 (the broker itself)", |r| r.replica_id = BROKER_ID),
    (12, "replica_id 99 (not a replica)", |r| r.replica_id = 99),
    (12, "replica_id -2", |r| r.replica_id = -2),
    (15, "v15 replica_state replica 99", |r| {
        (r.replica_state.replica_id, r.replica_state.replica_epoch) = (99, -1);
    }),
    (12, "cluster_id tag with a wrong id", |r| r.cluster_id = Some("nope".to_owned())),
    (12, "empty topics, no session", |r| r.topics.clear()),
];

fn of(request: &mut FetchRequest) -> &mut FetchPartition {
    &mut request.topics[0].partitions[0]
}

fn good(version: i16, topic_id: Uuid) -> FetchRequest {
    let partition =
        FetchPartition { fetch_offset: 5, partition_max_bytes: 100_000, ..FetchPartition::default() };
    let mut topic = FetchTopic { partitions: vec![partition], ..FetchTopic::default() };
    if version >= 13 {
        topic.topic_id = topic_id;
    } else {
        topic.topic = "f1".to_owned();
    }
    FetchRequest {
        max_wait_ms: 100,
        min_bytes: 1,
        max_bytes: 1_000_000,
        session_epoch: -1,
        topics: vec![topic],
        ..FetchRequest::default()
    }
}

pub(super) fn probe(probes: &mut Probes<'_>) -> Result<()> {
    let topic_id = probes.target.filled_topic()?;
    probes.each(|version| good(version, topic_id), fetched, ROWS);
    sessions(probes, topic_id)?;
    let mut request = good(12, topic_id);
    let again = of(&mut request).clone();
    request.topics[0].partitions.push(FetchPartition { fetch_offset: 6, ..again });
    let answers = |response: &FetchResponse, _: i16| {
        format!("{} partition answers", response.responses.first().map_or(0, |topic| topic.partitions.len()))
    };
    probes.ask(12, "same partition twice", &request, answers);
    Ok(())
}

fn sessions(probes: &mut Probes<'_>, topic_id: Uuid) -> Result<()> {
    let mut connection = Connection::open(&probes.target.bootstrap).map_err(|error| anyhow!("{error}"))?;
    let opening = FetchRequest { session_epoch: 0, ..good(12, topic_id) };
    let session_id = connection
        .call(CLIENT_ID, &opening, 12, ANSWER_WAIT)
        .map_err(|error| anyhow!("no session: {error}"))?
        .session_id;
    let full = |version, session_epoch| FetchRequest { session_id, session_epoch, ..good(version, topic_id) };
    let empty = |session_epoch| FetchRequest { topics: Vec::new(), ..full(12, session_epoch) };
    let rows = [
        (12, "session: epoch 7 where 1 is expected", full(12, 7)),
        (12, "session: epoch 1, no topics listed, nothing new", empty(1)),
        (12, "session: same request again (epoch 1 reused)", empty(1)),
        (13, "session made with v12 then used with v13 (topic ids)", full(13, 2)),
        (12, "session: close (epoch -1)", empty(-1)),
        (12, "session: used after close", empty(3)),
    ];
    for (version, input, request) in rows {
        probes.ask_on(&mut connection, version, input, &request, fetched);
    }
    Ok(())
}

/// The first partition's positions and bytes.
fn fetched(response: &FetchResponse, version: i16) -> String {
    let partition = response.responses.first().and_then(|topic| topic.partitions.first());
    let Some(partition) = partition else {
        let session = if response.session_id == 0 { "0" } else { "set" };
        return format!("responses empty, session_id {session}");
    };
    let mut text =
        format!("high_watermark={} lso={}", partition.high_watermark, partition.last_stable_offset);
    match version {
        ..5 => text += " log_start=null",
        5.. => text += &format!(" log_start={}", partition.log_start_offset),
    }
    match &partition.records {
        Some(records) => text += &format!(" records={} bytes", records.len()),
        None => text += " records=null bytes",
    }
    if partition.diverging_epoch != Default::default() {
        let diverging = &partition.diverging_epoch;
        write!(text, " diverging_epoch={}/{}", diverging.epoch, diverging.end_offset).expect("it has room");
    }
    if partition.current_leader != Default::default() {
        write!(text, " current_leader={:?}", partition.current_leader).expect("it has room");
    }
    text
}
