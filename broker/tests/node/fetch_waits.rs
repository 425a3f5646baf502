//! When an answer to Fetch leaves. Not here: what is in it.

use std::time::Duration;

use klamm_client::NewTopic;
use klamm_env::Env;
use klamm_protocol::FetchRequest;
use klamm_protocol::fetch_request::{FetchPartition, FetchTopic};
use tokio::io::AsyncWriteExt as _;

use crate::acks::produce;
use crate::metrics_page::{read_page, values};
use crate::{Stage, admin, connect, frame, request};

/// Names topics by name.
const VERSION: i16 = 12;

/// A fetch from the start of both partitions.
fn from_start(min_bytes: i32, max_wait_ms: i32) -> FetchRequest {
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
    FetchRequest {
        max_wait_ms,
        min_bytes,
        max_bytes: 1 << 20,
        topics: vec![topic],
        ..FetchRequest::default()
    }
}

/// Fetches from the start of both partitions; gives how many bytes came, and how long that took.
async fn fetch(env: Env, min_bytes: i32, max_wait_ms: i32) -> (usize, Duration) {
    let began = env.now();
    let answer = request(&env, &from_start(min_bytes, max_wait_ms), VERSION).await;
    let partitions = answer.responses.iter().flat_map(|topic| &topic.partitions);
    let bytes =
        partitions.map(|partition| partition.records.as_ref().map_or(0, |records| records.len())).sum();
    (bytes, env.now() - began)
}

/// Fetches partition 0 so often on one connection, two requests ahead, and checks that each answer is whole.
async fn fetch_often(env: Env, times: usize) {
    let mut once = from_start(0, 0);
    once.topics[0].partitions.truncate(1);
    let mut stream = connect(&env).await;
    let bytes = frame(&once, VERSION);
    stream.write_all(&bytes).await.expect("it reads");
    for _ in 1..times {
        stream.write_all(&bytes).await.expect("it reads");
        let answer = crate::answer::<FetchRequest>(&mut stream, VERSION).await.expect("it answers");
        let records = answer.responses[0].partitions[0].records.as_ref();
        assert!(records.is_some_and(|records| !records.is_empty()));
    }
    env.sleep(Duration::from_secs(20)).await;
}

#[test]
fn a_connection_moves_to_the_lane_that_it_fetches_from() {
    let mut stage = Stage::with(&[("klamm.metrics.listener", "broker:9100")]);
    stage.ask(async |env| admin(&env).create_topic(NewTopic::new("t", 2, 1)).await.expect("it is new"));
    stage.ask(|env| produce(env, 1_000));
    let page = stage.ask(async |env| {
        for _ in 0..4 {
            let other = env.clone();
            env.spawn_local("consumer", async move { fetch_often(other, 100).await });
        }
        env.sleep(Duration::from_secs(10)).await;
        read_page(env).await
    });
    let sum = |name: &str| {
        let of_name = |(series, _): &(&str, f64)| series.starts_with(name) && series.contains("PLAINTEXT");
        values(&page).into_iter().filter(of_name).map(|(_, value)| value).sum::<f64>()
    };
    // Of the two on the other lane one went, after which its new lane serves more than the old one and takes no other.
    assert_eq!(sum("klamm_lane_connections_moved"), 1.0);
    assert_eq!(sum("kafka_server_socket_server_metrics_connection_count"), 4.0);
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

#[test]
fn the_brokers_own_limit_counts_and_nobody_waits_for_more() {
    let mut stage = Stage::with(&[("fetch.max.bytes", "1024")]);
    stage.ask(async |env| admin(&env).create_topic(NewTopic::new("t", 2, 1)).await.expect("it is new"));
    for _ in 0..20 {
        stage.ask(|env| produce(env, 1_000));
    }
    let (bytes, took) = stage.ask(|env| fetch(env, 1 << 20, 60_000));
    assert!(bytes > 900 && bytes <= 1024 && took < Duration::from_secs(1), "{bytes} bytes after {took:?}");
}

/// Fetches that wait, and in how many partitions.
async fn waiting(env: Env) -> (f64, f64) {
    let page = read_page(env).await;
    let values = values(&page);
    let of = |name| {
        values
            [format!("kafka_server_delayedoperationpurgatory_{name}{{delayedOperation=\"Fetch\"}}").as_str()]
    };
    (of("numdelayedoperations"), of("purgatorysize"))
}

#[test]
fn who_has_gone_waits_nowhere() {
    let mut stage = Stage::with(&[("klamm.metrics.listener", "broker:9100")]);
    stage.ask(async |env| admin(&env).create_topic(NewTopic::new("t", 2, 1)).await.expect("it is new"));
    stage.ask(|env| produce(env, 1_000));
    stage.ask(|env| fetch(env, 1, 60_000));
    assert_eq!(stage.ask(waiting), (0.0, 0.0), "the other partition is idle");
    stage.ask(async |env: Env| {
        let whole = FetchRequest { session_epoch: 0, ..from_start(1, 0) };
        let session_id = request(&env, &whole, VERSION).await.session_id;
        // On one lane and the other: the session is on one of them.
        let mut streams = Vec::new();
        for session_epoch in 1..=2 {
            let more = FetchRequest {
                session_id,
                session_epoch,
                topics: Vec::new(),
                ..from_start(1 << 20, i32::MAX)
            };
            let mut stream = connect(&env).await;
            stream.write_all(&frame(&more, VERSION)).await.expect("the broker reads");
            env.sleep(Duration::from_secs(1)).await;
            streams.push(stream);
        }
        assert_eq!(waiting(env.clone()).await, (2.0, 4.0));
        drop(streams);
        env.sleep(Duration::from_secs(60)).await;
    });
    assert_eq!(stage.ask(waiting), (0.0, 0.0));
}
