//! A disk without room: nothing is written, everything is read. Not here: that nothing is lost, which the scenarios judge.

use std::time::Duration;

use klamm_client::NewTopic;
use klamm_env::Env;
use klamm_protocol::create_topics_request::{CreatableTopic, CreateTopicsRequest};
use klamm_protocol::delete_topics_request::{DeleteTopicState, DeleteTopicsRequest};
use klamm_protocol::fetch_request::{FetchPartition, FetchRequest, FetchTopic};
use klamm_protocol::init_producer_id_request::InitProducerIdRequest;
use klamm_protocol::{ErrorCode, Uuid};
use klamm_records::Batches;

use crate::acks::produce;
use crate::{Stage, admin, request};

/// Of no topic.
const ID: Uuid = Uuid([7; 16]);

/// Fetches everything of the topic; gives how many records there are.
async fn read(env: Env) -> i64 {
    let partition = FetchPartition { partition_max_bytes: 1 << 20, ..FetchPartition::default() };
    let topic = FetchTopic { topic: "t".into(), partitions: vec![partition], ..FetchTopic::default() };
    let body = FetchRequest { max_bytes: 1 << 20, topics: vec![topic], ..FetchRequest::default() };
    let answer = request(&env, &body, 12).await;
    let partition = &answer.responses[0].partitions[0];
    assert_eq!(partition.error_code, ErrorCode::NONE);
    let Some(klamm_protocol::Records::Bytes(bytes)) = &partition.records else { return 0 };
    let batches =
        Batches::new(bytes.clone()).map(|batch| i64::from(batch.expect("whole").header().record_count));
    batches.sum()
}

async fn create(env: Env) -> ErrorCode {
    let topic =
        CreatableTopic { name: "u".into(), num_partitions: 1, replication_factor: 1, ..Default::default() };
    let body = CreateTopicsRequest { topics: vec![topic], ..CreateTopicsRequest::default() };
    request(&env, &body, 7).await.topics[0].error_code
}

/// Deletes a topic by name and something by id; gives what each answer is about, and its error.
async fn delete(env: Env) -> Vec<(Option<String>, Uuid, ErrorCode)> {
    let by_name = DeleteTopicState { name: Some("t".into()), ..Default::default() };
    let by_id = DeleteTopicState { topic_id: ID, ..Default::default() };
    let body = DeleteTopicsRequest { topics: vec![by_name, by_id], timeout_ms: 1_000, ..Default::default() };
    let answer = request(&env, &body, 6).await;
    answer.responses.into_iter().map(|topic| (topic.name, topic.topic_id, topic.error_code)).collect()
}

#[test]
fn a_full_disk_takes_nothing_more_and_gives_what_it_has() {
    let mut stage = Stage::with(&[]);
    stage.ask(async |env| admin(&env).create_topic(NewTopic::new("t", 1, 1)).await.expect("it is new"));
    for _ in 0..5 {
        assert_eq!(stage.ask(|env| produce(env, 1_000)).0, ErrorCode::NONE);
    }
    let broker = stage.broker;
    let capacity = 1 << 30;
    stage.world.disk(broker).fill(0);
    for _ in 0..3 {
        assert_eq!(stage.ask(|env| produce(env, 1_000)).0, ErrorCode::KAFKA_STORAGE_ERROR);
        assert_eq!(stage.ask(create), ErrorCode::KAFKA_STORAGE_ERROR);
        let full = ErrorCode::KAFKA_STORAGE_ERROR;
        let undeleted = [(Some("t".to_owned()), Uuid::default(), full), (None, ID, full)];
        assert_eq!(stage.ask(delete), undeleted);
        assert_eq!(stage.ask(read), 5);
        stage.world.run_for(Duration::from_secs(60));
    }
    let body = InitProducerIdRequest {
        transactional_id: None,
        producer_id: -1,
        producer_epoch: -1,
        ..Default::default()
    };
    let code = stage.ask(async move |env: Env| request(&env, &body, 4).await.error_code);
    assert_eq!(code, ErrorCode::KAFKA_STORAGE_ERROR);
    stage.world.disk(broker).set_capacity(capacity);
    assert_eq!(
        stage.ask(|env| produce(env, 1_000)).0,
        ErrorCode::KAFKA_STORAGE_ERROR,
        "not before a restart"
    );
    stage.world.restart(broker);
    stage.world.run_for(Duration::from_secs(1));
    assert_eq!(stage.ask(|env| produce(env, 1_000)).1, 5);
    assert_eq!(stage.ask(create), ErrorCode::NONE);
    assert_eq!(stage.ask(read), 6);
}

#[test]
fn a_change_that_fills_the_disk_is_refused() {
    let mut stage = Stage::with(&[]);
    let broker = stage.broker;
    stage.world.disk(broker).fill(0);
    assert_eq!(stage.ask(create), ErrorCode::KAFKA_STORAGE_ERROR);
    assert_eq!(stage.ask(create), ErrorCode::KAFKA_STORAGE_ERROR);
    stage.world.disk(broker).set_capacity(1 << 30);
    stage.world.restart(broker);
    stage.world.run_for(Duration::from_secs(1));
    assert_eq!(stage.ask(create), ErrorCode::NONE);
}
