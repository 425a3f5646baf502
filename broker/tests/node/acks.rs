//! When an answer to Produce leaves. Not here: that nothing acknowledged is lost, which the scenarios judge.

use std::time::Duration;

use klamm_client::NewTopic;
use klamm_env::Env;
use klamm_protocol::produce_request::{PartitionProduceData, ProduceRequest, TopicProduceData};
use klamm_protocol::{ErrorCode, Records};
use klamm_records::{BatchBuilder, Compression, Compressor};

use crate::{Stage, admin, request};

/// Names topics by name.
pub(crate) const VERSION: i16 = 9;

/// A request to produce one record with acks=all.
pub(crate) fn one_record(env: &Env, codec: Compression, value: &[u8], timeout_ms: i32) -> ProduceRequest {
    let mut batch = BatchBuilder::new(Compressor::new(codec));
    batch.append(env.wall().0, None, Some(value), std::iter::empty()).expect("a small record");
    let partition = PartitionProduceData {
        records: Some(Records::Bytes(batch.build().freeze())),
        ..PartitionProduceData::default()
    };
    let topic =
        TopicProduceData { name: "t".into(), partition_data: vec![partition], ..TopicProduceData::default() };
    ProduceRequest { acks: -1, timeout_ms, topic_data: vec![topic], ..ProduceRequest::default() }
}

/// Produces one record with acks=all; gives the error, the offset, and how long the answer took.
pub(crate) async fn produce(env: Env, timeout_ms: i32) -> (ErrorCode, i64, Duration) {
    produce_value(env, timeout_ms, b"v").await
}

async fn produce_value(env: Env, timeout_ms: i32, value: &[u8]) -> (ErrorCode, i64, Duration) {
    let body = one_record(&env, Compression::Snappy, value, timeout_ms);
    let began = env.now();
    let answer = request(&env, &body, VERSION).await;
    let partition = &answer.responses[0].partition_responses[0];
    (partition.error_code, partition.base_offset, env.now() - began)
}

#[test]
fn a_flush_that_does_not_end_is_not_waited_for_without_end() {
    let mut stage = Stage::with(&[]);
    stage.ask(async |env| admin(&env).create_topic(NewTopic::new("t", 1, 1)).await.expect("it is new"));
    let (code, offset, _) = stage.ask(|env| produce(env, 30_000));
    assert_eq!((code, offset), (ErrorCode::NONE, 0));
    let (code, offset, _) = stage.ask(|env| produce(env, 0));
    assert_eq!((code, offset), (ErrorCode::NONE, 1), "no follower is waited for, so no time is needed");
    let broker = stage.broker;
    stage.world.disk(broker).set_stuck(true);
    let (code, offset, took) = stage.ask(|env| produce(env, 5_000));
    assert_eq!((code, offset), (ErrorCode::REQUEST_TIMED_OUT, -1));
    assert!(took >= Duration::from_secs(5) && took < Duration::from_secs(6), "{took:?}");
    stage.world.disk(broker).set_stuck(false);
    let (code, offset, _) = stage.ask(|env| produce(env, 30_000));
    assert_eq!((code, offset), (ErrorCode::NONE, 3), "what came too late is in the log all the same");
}

#[test]
fn a_batch_that_outgrows_the_limit_when_it_is_rewritten_is_refused() {
    let mut stage = Stage::with(&[]);
    stage.ask(async |env| {
        let topic = NewTopic::new("t", 1, 1)
            .config("compression.type", "uncompressed")
            .config("max.message.bytes", "10000");
        admin(&env).create_topic(topic).await.expect("it is new");
    });
    let sent =
        |stage: &mut Stage, len| stage.ask(async move |env| produce_value(env, 1_000, &vec![7; len]).await.0);
    assert_eq!(sent(&mut stage, 9_000), ErrorCode::NONE);
    assert_eq!(sent(&mut stage, 100_000), ErrorCode::MESSAGE_TOO_LARGE);
}

#[test]
fn a_batch_that_is_far_larger_than_it_looks_is_refused() {
    let mut stage = Stage::with(&[]);
    stage.ask(async |env| {
        for (name, limit) in [("t", None), ("other", Some("100000000"))] {
            let topic = NewTopic::new(name, 1, 1);
            let topic = limit
                .into_iter()
                .fold(topic, |topic, limit| topic.config("max.decompressed.message.bytes", limit));
            admin(&env).create_topic(topic).await.expect("it is new");
        }
    });
    let mut sent = |topic: &'static str, len| {
        stage.ask(async move |env: Env| {
            let mut body = one_record(&env, Compression::Gzip, &vec![7; len], 1_000);
            body.topic_data[0].name = topic.into();
            request(&env, &body, VERSION).await.responses[0].partition_responses[0].error_code
        })
    };
    assert_eq!(sent("t", 60 << 20), ErrorCode::NONE);
    assert_eq!(sent("t", 65 << 20), ErrorCode::MESSAGE_TOO_LARGE);
    assert_eq!(sent("other", 65 << 20), ErrorCode::NONE, "whoever wants that may set it");
}
