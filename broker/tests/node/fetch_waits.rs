//! When an answer to Fetch leaves. Not here: what is in it.

use std::time::Duration;

use klamm_client::NewTopic;
use klamm_env::Env;
use klamm_protocol::FetchRequest;
use klamm_protocol::fetch_request::{FetchPartition, FetchTopic};

use crate::acks::produce;
use crate::{Stage, admin, request};

/// Names topics by name.
const VERSION: i16 = 12;

/// Fetches from the start of both partitions; gives how many bytes came, and how long that took.
async fn fetch(env: Env, min_bytes: i32, max_wait_ms: i32) -> (usize, Duration) {
    let partition = |partition| FetchPartition {
        partition,
        fetch_offset: 0,
        partition_max_bytes: 1 << 20,
        ..FetchPartition::default()
    };
    let topic = FetchTopic {
        topic: "t".into(),
        partitions: vec![partition(0), partition(1)],
        ..FetchTopic::default()
    };
    let body = FetchRequest {
        max_wait_ms,
        min_bytes,
        max_bytes: 1 << 20,
        topics: vec![topic],
        ..FetchRequest::default()
    };
    let began = env.now();
    let answer = request(&env, &body, VERSION).await;
    let partitions = answer.responses.iter().flat_map(|topic| &topic.partitions);
    let bytes =
        partitions.map(|partition| partition.records.as_ref().map_or(0, |records| records.len())).sum();
    (bytes, env.now() - began)
}

#[test]
fn a_fetch_that_has_something_waits_for_more_and_no_longer() {
    let mut stage = Stage::with(&[]);
    stage.ask(async |env| admin(&env).create_topic(NewTopic::new("t", 2, 1)).await.expect("it is new"));
    stage.ask(|env| produce(env, 1_000));
    let (one_batch, took) = stage.ask(|env| fetch(env, 1, 60_000));
    assert!(one_batch > 0 && took < Duration::from_secs(1), "{one_batch} bytes after {took:?}");
    let (enough, took) = stage.ask(async move |env: Env| {
        let other = env.clone();
        env.spawn_local("another producer", async move {
            other.sleep(Duration::from_secs(2)).await;
            produce(other, 1_000).await;
        });
        fetch(env, i32::try_from(one_batch).expect("small") + 1, 60_000).await
    });
    assert_eq!(enough, 2 * one_batch);
    assert!(took >= Duration::from_secs(2) && took < Duration::from_secs(3), "{took:?}");
    let (bytes, took) = stage.ask(|env| fetch(env, 1 << 20, 5_000));
    assert!(bytes == enough && took >= Duration::from_secs(5) && took < Duration::from_secs(6), "{took:?}");
}
