//! Metadata, DescribeTopicPartitions and DescribeCluster: names, ids, limits, cursors, endpoint types.
//!
//! **Not here**: requests whose bytes are wrong (`framing`).

use anyhow::Result;
use klamm_protocol::describe_topic_partitions_request::{Cursor, TopicRequest};
use klamm_protocol::metadata_request::MetadataRequestTopic;
use klamm_protocol::{
    DescribeClusterRequest, DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse, MetadataRequest,
    MetadataResponse, Uuid,
};

use super::probes::{Change, Probes, codes_alone};
use super::produce::NO_TOPIC_ID;

const UNKNOWN: &[Change<MetadataRequest>] = &[
    (12, "unknown topic, auto-create off in the request", |r| named(r, "nope")),
    (12, "unknown topic, auto-create on (first answer)", |r| created(r, "gone")),
];

const NAMES: &[Change<MetadataRequest>] = &[
    (12, "... asked again", |r| created(r, "gone")),
    (0, "v0 (no flag: implies auto-create) invalid name \"a/b\"", |r| named(r, "a/b")),
    (12, "topic name ''", |r| named(r, "")),
    (12, "topic name 'a/b'", |r| named(r, "a/b")),
    (12, "topic name '.'", |r| named(r, ".")),
    (12, "topic name '..'", |r| named(r, "..")),
    (12, "topic name 'a b'", |r| named(r, "a b")),
    (12, "topic name 250 characters", |r| named(r, &"x".repeat(250))),
    (12, "topic name '\\xe9'", |r| named(r, "\u{e9}")),
    (12, "topic name 'a:b'", |r| named(r, "a:b")),
    (12, "topic name \"x\"*249 (longest legal), auto-create off", |r| named(r, &"x".repeat(249))),
    (12, "topic name \"a/b\" with auto-create on", |r| created(r, "a/b")),
    (12, "unknown topic id, name null", |r| of(r).topic_id = NO_TOPIC_ID),
    (12, "zero id, name null", |r| of(r).topic_id = Uuid::ZERO),
];

/// The one topic that the request asks about, at first by id alone.
fn of(request: &mut MetadataRequest) -> &mut MetadataRequestTopic {
    &mut request.topics.as_mut().expect("it asks about a topic")[0]
}

fn named(request: &mut MetadataRequest, name: &str) {
    *of(request) = by_name(name);
}

fn created(request: &mut MetadataRequest, name: &str) {
    named(request, name);
    request.allow_auto_topic_creation = true;
}

fn by_name(name: &str) -> MetadataRequestTopic {
    MetadataRequestTopic { name: Some(name.to_owned()), ..Default::default() }
}

fn about(version: i16, topic: MetadataRequestTopic) -> MetadataRequest {
    // Before version 4 there is no such field, and its default is on.
    let allow_auto_topic_creation = version < 4;
    MetadataRequest { topics: Some(vec![topic]), allow_auto_topic_creation, ..Default::default() }
}

pub(super) fn probe(probes: &mut Probes<'_>) -> Result<()> {
    let topic_id = probes.target.filled_topic()?;
    probes.target.delete(&["gone"])?;
    let blank = |version| about(version, MetadataRequestTopic { name: None, ..Default::default() });
    probes.each(blank, topic_seen, UNKNOWN);
    probes.target.led("gone")?;
    probes.each(blank, topic_seen, NAMES);
    let by_id = |version, name: Option<&str>| {
        let name = name.map(str::to_owned);
        about(version, MetadataRequestTopic { topic_id, name, ..Default::default() })
    };
    probes.ask(12, "known id and its name", &by_id(12, Some("f1")), topic_seen);
    probes.ask(12, "known id and another name", &by_id(12, Some("zzz")), topic_seen);
    probes.ask(10, "topic id at v10 with null name", &by_id(10, None), topic_seen);
    probes.ask(11, "topic id at v11 with null name", &by_id(11, None), topic_seen);
    lists(probes);
    describe_topic_partitions(probes);
    describe_cluster(probes);
    Ok(())
}

fn lists(probes: &mut Probes<'_>) {
    let all = MetadataRequest { topics: None, ..Default::default() };
    let none = MetadataRequest::default();
    probes.ask(1, "v1 null topics = all", &all, some_topics);
    probes.ask(1, "v1 empty topics = none", &none, some_topics);
    probes.ask(0, "v0 empty topics = all", &none, some_topics);
    let twice = MetadataRequest { topics: Some(vec![by_name("f1"), by_name("f1")]), ..Default::default() };
    probes.ask(9, "same topic twice", &twice, answers);
    let many = (0..50_000).map(|number| by_name(&format!("q{number}"))).collect();
    let many = MetadataRequest { topics: Some(many), allow_auto_topic_creation: false, ..Default::default() };
    probes.ask(9, "50 000 unknown topics, auto-create off", &many, answers);
}

fn describe_topic_partitions(probes: &mut Probes<'_>) {
    let about = |name: &str| DescribeTopicPartitionsRequest {
        topics: vec![TopicRequest { name: name.to_owned(), ..Default::default() }],
        ..Default::default()
    };
    let limited =
        |response_partition_limit| DescribeTopicPartitionsRequest { response_partition_limit, ..about("f1") };
    let from = |topic_name: &str, partition_index| {
        let cursor = Cursor { topic_name: topic_name.to_owned(), partition_index, ..Default::default() };
        DescribeTopicPartitionsRequest { cursor: Some(cursor), ..about("f1") }
    };
    probes.ask(0, "unknown topic", &about("nope"), codes_alone);
    probes.ask(0, "invalid name", &about("a/b"), codes_alone);
    probes.ask(0, "limit 0", &limited(0), partitions_and_cursor);
    probes.ask(0, "limit -1", &limited(-1), partitions);
    probes.ask(0, "cursor at partition -1", &from("f1", -1), codes_alone);
    let topics =
        |response: &DescribeTopicPartitionsResponse, _: i16| format!("{} topics", response.topics.len());
    probes.ask(0, "cursor at a topic that is not there", &from("zzz", 0), topics);
}

fn describe_cluster(probes: &mut Probes<'_>) {
    let of = |endpoint_type| DescribeClusterRequest { endpoint_type, ..Default::default() };
    for endpoint_type in [0, 2, 3] {
        let input = format!("endpoint_type {endpoint_type} on the broker listener");
        probes.ask(1, &input, &of(endpoint_type), codes_alone);
    }
    let input = "endpoint_type 1 (brokers) on the controller listener";
    probes.ask_controller(1, input, &of(1), codes_alone);
    probes.ask_controller(1, "endpoint_type 2 on the controller listener", &of(2), codes_alone);
}

/// Long names in few letters.
fn topic_seen(response: &MetadataResponse, _version: i16) -> String {
    let Some(topic) = response.topics.first() else { return "no topic".to_owned() };
    let name = match topic.name.as_deref() {
        None => "null",
        Some(long) if long.len() > 100 => "x*250",
        Some(name) => name,
    };
    format!("name={name} partitions={}", topic.partitions.len())
}

/// How many topics there are is up to what else is on the broker.
fn some_topics(response: &MetadataResponse, _version: i16) -> String {
    if response.topics.is_empty() { "0 topics".to_owned() } else { "some topics".to_owned() }
}

fn answers(response: &MetadataResponse, _version: i16) -> String {
    format!("{} answers", response.topics.len())
}

fn partitions(response: &DescribeTopicPartitionsResponse, _version: i16) -> String {
    let count: usize = response.topics.iter().map(|topic| topic.partitions.len()).sum();
    format!("{count} partitions")
}

fn partitions_and_cursor(response: &DescribeTopicPartitionsResponse, version: i16) -> String {
    let cursor = response.next_cursor.as_ref();
    let cursor = cursor.map(|cursor| format!(", cursor {}/{}", cursor.topic_name, cursor.partition_index));
    partitions(response, version) + &cursor.unwrap_or_default()
}
