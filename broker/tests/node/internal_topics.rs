//! Topics in which a cluster keeps its own state, asked for by clients. Not here: what is in them.

use klamm_client::NewTopic;
use klamm_env::Env;
use klamm_protocol::ErrorCode;
use klamm_protocol::create_topics_request::{CreatableTopic, CreateTopicsRequest};
use klamm_protocol::delete_records_request::{
    DeleteRecordsPartition, DeleteRecordsRequest, DeleteRecordsTopic,
};
use klamm_protocol::describe_configs_request::{DescribeConfigsRequest, DescribeConfigsResource};
use klamm_protocol::metadata_request::{MetadataRequest, MetadataRequestTopic};
use klamm_records::Compression;

use crate::acks::{VERSION, one_record};
use crate::new_topics::ask_for;
use crate::{Stage, admin, request, request_of};

const OFFSETS: &str = "__consumer_offsets";
const METADATA: &str = "__cluster_metadata";

#[test]
fn the_topic_of_the_metadata_log_is_made_by_nobody() {
    let mut stage = Stage::with(&[]);
    let code = stage.ask(async |env: Env| {
        let topic = CreatableTopic {
            name: METADATA.into(),
            num_partitions: 1,
            replication_factor: 1,
            ..Default::default()
        };
        let body = CreateTopicsRequest { topics: vec![topic], timeout_ms: 1_000, ..Default::default() };
        request(&env, &body, 7).await.topics[0].error_code
    });
    assert_eq!(code, ErrorCode::INVALID_REQUEST);
    for _ in 0..2 {
        let codes = stage.ask(async |env| ask_for(env, vec![METADATA.into(), "t".into()]).await);
        assert_eq!(codes[0], ErrorCode::UNKNOWN_TOPIC_OR_PARTITION);
    }
    assert_eq!(stage.ask(async |env| admin(&env).list_topics(true).await.expect("an answer").len()), 1);
}

#[test]
fn a_topic_of_offsets_that_is_asked_for_is_made_by_its_own_keys() {
    let mut stage = Stage::with(&[
        ("num.partitions", "2"),
        ("offsets.topic.num.partitions", "7"),
        ("offsets.topic.replication.factor", "1"),
        ("offsets.topic.segment.bytes", "2097152"),
    ]);
    stage.ask(async |env| ask_for(env, vec![OFFSETS.into()]).await);
    let (partitions, is_internal) = stage.ask(async |env: Env| {
        let topic = MetadataRequestTopic { name: Some(OFFSETS.into()), ..Default::default() };
        let body = MetadataRequest { topics: Some(vec![topic]), ..Default::default() };
        let topic = request(&env, &body, 9).await.topics.swap_remove(0);
        (topic.partitions.len(), topic.is_internal)
    });
    assert_eq!((partitions, is_internal), (7, true));
    let values = stage.ask(async |env: Env| {
        let keys = ["cleanup.policy", "segment.bytes"].map(String::from);
        let asked = DescribeConfigsResource {
            resource_type: 2,
            resource_name: OFFSETS.into(),
            configuration_keys: Some(keys.into()),
            ..Default::default()
        };
        let body = DescribeConfigsRequest { resources: vec![asked], ..Default::default() };
        let described = request(&env, &body, 4).await.results.swap_remove(0);
        described.configs.into_iter().filter_map(|config| config.value).collect::<Vec<_>>()
    });
    assert_eq!(values, ["compact", "2097152"]);
}

#[test]
fn only_the_admin_client_writes_to_internal_topics_and_nobody_deletes_their_records() {
    let mut stage = Stage::with(&[]);
    stage.ask(async |env| admin(&env).create_topic(NewTopic::new(OFFSETS, 1, 1)).await.expect("it is new"));
    let mut produced = |client_id| {
        stage.ask(async move |env: Env| {
            let mut body = one_record(&env, Compression::None, b"v", 1_000);
            body.topic_data[0].name = OFFSETS.into();
            let answer = request_of(client_id, &env, &body, VERSION).await;
            answer.responses[0].partition_responses[0].error_code
        })
    };
    assert_eq!(produced(None), ErrorCode::INVALID_TOPIC_EXCEPTION);
    assert_eq!(produced(Some("raw")), ErrorCode::INVALID_TOPIC_EXCEPTION);
    assert_eq!(produced(Some("__admin_client")), ErrorCode::NONE);
    let deleted = stage.ask(async |env: Env| {
        let partition =
            |partition_index| DeleteRecordsPartition { partition_index, offset: -1, ..Default::default() };
        let topic = DeleteRecordsTopic {
            name: OFFSETS.into(),
            partitions: vec![partition(0), partition(1)],
            ..Default::default()
        };
        let body = DeleteRecordsRequest { topics: vec![topic], timeout_ms: 1_000, ..Default::default() };
        let partitions = request(&env, &body, 2).await.topics.swap_remove(0).partitions;
        partitions.iter().map(|one| (one.error_code, one.low_watermark)).collect::<Vec<_>>()
    });
    assert_eq!(
        deleted,
        [(ErrorCode::INVALID_TOPIC_EXCEPTION, -1), (ErrorCode::UNKNOWN_TOPIC_OR_PARTITION, -1)]
    );
}
