//! CreateTopics, DeleteTopics, CreatePartitions and DeleteRecords: names, numbers, assignments, configs, places.
//!
//! **Not here**: alteration of configs (`configs`).

use anyhow::Result;
use klamm_protocol::create_partitions_request::{CreatePartitionsAssignment, CreatePartitionsTopic};
use klamm_protocol::create_topics_request::{
    CreatableReplicaAssignment, CreatableTopic, CreatableTopicConfig,
};
use klamm_protocol::delete_records_request::{DeleteRecordsPartition, DeleteRecordsTopic};
use klamm_protocol::delete_topics_request::DeleteTopicState;
use klamm_protocol::{
    CreatePartitionsRequest, CreateTopicsRequest, CreateTopicsResponse, DeleteRecordsRequest,
    DeleteRecordsResponse, DeleteTopicsRequest, DeleteTopicsResponse, Uuid,
};

use super::probes::{Change, Probes, codes_alone};
use super::produce::NO_TOPIC_ID;
use super::target::BROKER_ID as ME;

const NAMES: &[Change<CreateTopicsRequest>] = &[
    (7, "validate_only, good (reference)", |_| ()),
    (7, "defaults -1/-1", |r| (of(r).num_partitions, of(r).replication_factor) = (-1, -1)),
    (7, "name ''", |r| named(r, "")),
    (7, "name '.'", |r| named(r, ".")),
    (7, "name '..'", |r| named(r, "..")),
    (7, "name 'a/b'", |r| named(r, "a/b")),
    (7, "name 250 characters", |r| named(r, &"x".repeat(250))),
    (7, "name 'a b'", |r| named(r, "a b")),
    (7, "name '__consumer_offsets'", |r| named(r, "__consumer_offsets")),
    (7, "name 'f1'", |r| named(r, "f1")),
    (7, "name \"a_b\" while \"a.b\" exists", |r| named(r, "a_b")),
];

const NUMBERS: &[Change<CreateTopicsRequest>] = &[
    (7, "partitions 0", |r| of(r).num_partitions = 0),
    (7, "partitions -2", |r| of(r).num_partitions = -2),
    (7, "replication factor 0", |r| of(r).replication_factor = 0),
    (7, "replication factor 2 with 1 broker", |r| of(r).replication_factor = 2),
    (7, "replication factor -2", |r| of(r).replication_factor = -2),
    (7, "partitions 2147483647", |r| of(r).num_partitions = i32::MAX),
    (7, "partitions 10001", |r| of(r).num_partitions = 10_001),
    (7, "assignments together with partitions=1", |r| of(r).assignments = assignments(&[(0, &[ME])])),
    (7, "assignment [1]", |r| assigned(r, &[(0, &[ME])])),
    (7, "assignment to unknown broker 99", |r| assigned(r, &[(0, &[99])])),
    (7, "assignment broker twice", |r| assigned(r, &[(0, &[ME, ME])])),
    (7, "assignment starts at partition 1", |r| assigned(r, &[(1, &[ME])])),
    (7, "assignment partition 0 twice", |r| assigned(r, &[(0, &[ME]), (0, &[ME])])),
    (7, "assignment with no brokers", |r| assigned(r, &[(0, &[])])),
    (7, "assignments of unequal length", |r| assigned(r, &[(0, &[ME]), (1, &[ME, ME])])),
    (7, "assignment to broker -1", |r| assigned(r, &[(0, &[-1])])),
];

const CONFIGS: &[Change<CreateTopicsRequest>] = &[
    (7, "unknown config key", |r| config(r, "no.such", Some("1"))),
    (7, "config value not a number", |r| config(r, "retention.ms", Some("x"))),
    (7, "config value out of range", |r| config(r, "min.insync.replicas", Some("0"))),
    (7, "config value null", |r| config(r, "retention.ms", None)),
    (7, "cleanup.policy \"foo\"", |r| config(r, "cleanup.policy", Some("foo"))),
    (7, "cleanup.policy empty", |r| config(r, "cleanup.policy", Some(""))),
    (7, "segment.bytes 100 (below 1 MiB)", |r| config(r, "segment.bytes", Some("100"))),
    (7, "remote.storage.enable=true, no tiered storage", |r| {
        config(r, "remote.storage.enable", Some("true"));
    }),
    (7, "config value with blanks \" 5 \"", |r| config(r, "retention.ms", Some(" 5 "))),
    (7, "same topic twice in the request", |r| {
        let again = of(r).clone();
        r.topics.push(again);
    }),
    (7, "no topics", |r| r.topics.clear()),
    (7, "timeout_ms 0, not validate_only", |r| for_good(r, "tzero", 0)),
    (7, "timeout_ms -1, not validate_only", |r| for_good(r, "tneg", -1)),
    (7, "created: configs in the answer", |r| for_good(r, "tcre", 5000)),
];

const DELETE_TOPICS: &[Change<DeleteTopicsRequest>] = &[
    (6, "unknown name", |r| r.topics.push(by_name("nope"))),
    (6, "unknown id", |r| r.topics.push(by_id(NO_TOPIC_ID))),
    (6, "neither", |r| r.topics.push(DeleteTopicState { name: None, ..Default::default() })),
    (6, "same name twice", |r| r.topics = vec![by_name("f2"), by_name("f2")]),
    (6, "empty name", |r| r.topics.push(by_name(""))),
    (6, "invalid name \"a/b\"", |r| r.topics.push(by_name("a/b"))),
    (6, "timeout 0", |r| (r.topics, r.timeout_ms) = (vec![by_name("tzero")], 0)),
    (6, "empty list", |_| ()),
    (1, "unknown name", |r| r.topic_names.push("nope".to_owned())),
];

const CREATE_PARTITIONS: &[Change<CreatePartitionsRequest>] = &[
    (3, "2 -> 4 (reference, validate_only)", |_| ()),
    (3, "same count 2", |r| r.topics[0].count = 2),
    (3, "lower count 1", |r| r.topics[0].count = 1),
    (3, "count 0", |r| r.topics[0].count = 0),
    (3, "count -1", |r| r.topics[0].count = -1),
    (3, "unknown topic", |r| r.topics[0].name = "nope".to_owned()),
    (3, "one assignment for two new partitions", |r| new_on(r, &[&[ME]])),
    (3, "assignment to unknown broker", |r| new_on(r, &[&[99], &[99]])),
    (3, "assignment of wrong replication factor", |r| new_on(r, &[&[ME, 2], &[ME, 2]])),
    (3, "three assignments for two", |r| new_on(r, &[&[ME], &[ME], &[ME]])),
    (3, "empty assignment list", |r| new_on(r, &[])),
    (3, "to 2147483647", |r| r.topics[0].count = i32::MAX),
    (3, "same topic twice", |r| {
        let again = CreatePartitionsTopic { count: 5, ..r.topics[0].clone() };
        r.topics.push(again);
    }),
];

const DELETE_RECORDS: &[Change<DeleteRecordsRequest>] = &[
    (2, "offset above high watermark", |r| r.topics[0].partitions[0].offset = 11),
    (2, "offset -2", |r| r.topics[0].partitions[0].offset = -2),
    (2, "offset below log start (1)", |r| r.topics[0].partitions[0].offset = 1),
    (2, "unknown topic", |r| r.topics[0].name = "nope".to_owned()),
    (2, "partition 99", |r| r.topics[0].partitions[0].partition_index = 99),
    (2, "compact-only topic", |r| records_of(r, "fc")),
    (2, "__consumer_offsets before it exists", |r| records_of(r, "__consumer_offsets")),
    (2, "offset -1 (= high watermark)", |r| r.topics[0].partitions[0].offset = -1),
];

fn of(request: &mut CreateTopicsRequest) -> &mut CreatableTopic {
    &mut request.topics[0]
}

fn named(request: &mut CreateTopicsRequest, name: &str) {
    name.clone_into(&mut of(request).name);
}

fn for_good(request: &mut CreateTopicsRequest, name: &str, timeout_ms: i32) {
    named(request, name);
    (request.validate_only, request.timeout_ms) = (false, timeout_ms);
}

fn assignments(brokers: &[(i32, &[i32])]) -> Vec<CreatableReplicaAssignment> {
    let assignment = |(partition_index, brokers): &(i32, &[i32])| CreatableReplicaAssignment {
        partition_index: *partition_index,
        broker_ids: brokers.to_vec(),
        ..Default::default()
    };
    brokers.iter().map(assignment).collect()
}

fn assigned(request: &mut CreateTopicsRequest, brokers: &[(i32, &[i32])]) {
    let topic = of(request);
    (topic.num_partitions, topic.replication_factor) = (-1, -1);
    topic.assignments = assignments(brokers);
}

fn config(request: &mut CreateTopicsRequest, name: &str, value: Option<&str>) {
    let value = value.map(str::to_owned);
    of(request).configs.push(CreatableTopicConfig { name: name.to_owned(), value, ..Default::default() });
}

fn new_on(request: &mut CreatePartitionsRequest, brokers: &[&[i32]]) {
    let assignment =
        |ids: &&[i32]| CreatePartitionsAssignment { broker_ids: ids.to_vec(), ..Default::default() };
    request.topics[0].assignments = Some(brokers.iter().map(assignment).collect());
}

fn records_of(request: &mut DeleteRecordsRequest, topic: &str) {
    topic.clone_into(&mut request.topics[0].name);
    request.topics[0].partitions[0].offset = 0;
}

fn by_name(name: &str) -> DeleteTopicState {
    DeleteTopicState { name: Some(name.to_owned()), ..Default::default() }
}

fn by_id(topic_id: Uuid) -> DeleteTopicState {
    DeleteTopicState { name: None, topic_id, ..Default::default() }
}

pub(super) fn probe(probes: &mut Probes<'_>) -> Result<()> {
    let target = probes.target;
    let topic_id = target.filled_topic()?;
    target.fresh_topic("fc", 2, &[("cleanup.policy", "compact")])?;
    target.fresh_topic("goodt", 2, &[])?;
    target.delete(&["a_b", "tzero", "tneg", "tcre"])?;
    target.fresh_topic("a.b", 2, &[])?;

    for rows in [NAMES, NUMBERS, CONFIGS] {
        probes.each(|_| zz(), created, rows);
    }
    let mut existing = zz();
    named(&mut existing, "f1");
    probes.ask(2, "existing topic", &existing, codes_alone);
    probes.ask_controller(7, "through the controller listener", &zz(), created);

    let none = |_| DeleteTopicsRequest { timeout_ms: 5000, ..Default::default() };
    probes.each(none, deleted, DELETE_TOPICS);
    let both = DeleteTopicState { topic_id, ..by_name("f1") };
    let request = DeleteTopicsRequest { topics: vec![both], ..none(6) };
    probes.ask(6, "name and id together", &request, deleted);
    let request = DeleteTopicsRequest { topics: vec![by_name("f1"), by_id(topic_id)], ..none(6) };
    probes.ask(6, "name and its id as two entries", &request, deleted);

    probes.each(|_| to_four_partitions(), codes_alone, CREATE_PARTITIONS);
    probes.each(|_| up_to_4(), low_watermark, DELETE_RECORDS);
    Ok(())
}

/// A topic that is validated and not created.
fn zz() -> CreateTopicsRequest {
    let topic = CreatableTopic {
        name: "zz".to_owned(),
        num_partitions: 1,
        replication_factor: 1,
        ..Default::default()
    };
    CreateTopicsRequest { topics: vec![topic], timeout_ms: 5000, validate_only: true, ..Default::default() }
}

fn to_four_partitions() -> CreatePartitionsRequest {
    let topic =
        CreatePartitionsTopic { name: "goodt".to_owned(), count: 4, assignments: None, ..Default::default() };
    CreatePartitionsRequest {
        topics: vec![topic],
        timeout_ms: 5000,
        validate_only: true,
        ..Default::default()
    }
}

fn up_to_4() -> DeleteRecordsRequest {
    let partition = DeleteRecordsPartition { offset: 4, ..Default::default() };
    let topic =
        DeleteRecordsTopic { name: "f1".to_owned(), partitions: vec![partition], ..Default::default() };
    DeleteRecordsRequest { topics: vec![topic], timeout_ms: 3000, ..Default::default() }
}

fn created(response: &CreateTopicsResponse, _version: i16) -> String {
    let Some(topic) = response.topics.first() else { return "topics empty".to_owned() };
    let configs =
        topic.configs.as_ref().map_or_else(|| "null".to_owned(), |configs| configs.len().to_string());
    format!("partitions={} rf={} configs={configs}", topic.num_partitions, topic.replication_factor)
}

fn deleted(response: &DeleteTopicsResponse, version: i16) -> String {
    match version {
        ..5 => String::new(),
        5.. => format!("{} answers", response.responses.len()),
    }
}

fn low_watermark(response: &DeleteRecordsResponse, _version: i16) -> String {
    let partition = response.topics.first().and_then(|topic| topic.partitions.first());
    partition.map_or_else(
        || "no partition".to_owned(),
        |partition| format!("low_watermark={}", partition.low_watermark),
    )
}
