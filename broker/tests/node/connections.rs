//! How connections end, and what they may hold meanwhile. Not here: what is answered.

use std::time::Duration;

use klamm_client::NewTopic;
use klamm_env::{Env, Stream};
use klamm_protocol::fetch_request::{FetchPartition, FetchTopic};
use klamm_protocol::incremental_alter_configs_request::{
    AlterConfigsResource, AlterableConfig, IncrementalAlterConfigsRequest,
};
use klamm_protocol::{ApiVersionsRequest, ErrorCode, FetchRequest, ProduceRequest};
use klamm_records::Compression;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::acks::{VERSION, one_record};
use crate::metrics_page::{read_page, values};
use crate::{Stage, admin, answer, connect, frame, request};

const MINUTE: Duration = Duration::from_secs(60);

impl Stage {
    /// With a topic `t` of one partition.
    fn with_topic(properties: &[(&str, &str)]) -> Self {
        let mut stage = Self::with(properties);
        stage.ask(async |env| admin(&env).create_topic(NewTopic::new("t", 1, 1)).await.expect("it is new"));
        stage
    }
}

/// Sets a key of the broker while it runs.
async fn set(env: &Env, key: &str, value: &str) -> ErrorCode {
    let config = AlterableConfig { name: key.into(), value: Some(value.into()), ..Default::default() };
    let broker = AlterConfigsResource {
        resource_type: 4,
        resource_name: "1".into(),
        configs: vec![config],
        ..Default::default()
    };
    let body = IncrementalAlterConfigsRequest { resources: vec![broker], ..Default::default() };
    request(env, &body, 1).await.responses[0].error_code
}

/// A connection over which an answer came, if the broker took it.
async fn accepted(env: &Env) -> Option<Box<dyn Stream>> {
    let mut stream = connect(env).await;
    stream.write_all(&frame(&ApiVersionsRequest::default(), 0)).await.ok()?;
    answer::<ApiVersionsRequest>(&mut stream, 0).await.ok()?;
    Some(stream)
}

#[test]
fn limits_of_connections_hold_from_the_moment_they_are_set() {
    for key in ["max.connections", "max.connections.per.ip"] {
        let mut stage = Stage::with(&[]);
        stage.ask(async move |env: Env| {
            assert_eq!(set(&env, key, "2").await, ErrorCode::NONE);
            env.sleep(Duration::from_secs(1)).await;
            let held = [accepted(&env).await, accepted(&env).await];
            assert!(held.iter().all(Option::is_some), "{key}");
            assert!(accepted(&env).await.is_none(), "{key}");
            drop(held);
            env.sleep(Duration::from_secs(1)).await;
            assert_eq!(set(&env, key, "3").await, ErrorCode::NONE);
            env.sleep(Duration::from_secs(1)).await;
            let held = [accepted(&env).await, accepted(&env).await, accepted(&env).await];
            assert!(held.iter().all(Option::is_some), "{key}");
            assert!(accepted(&env).await.is_none(), "{key}");
        });
    }
}

/// How many seconds it takes until so many connections are let in, after the keys were set while the broker runs.
fn seconds_to_let_in(keys: &'static [(&'static str, &'static str)], count: usize) -> u64 {
    let mut stage = Stage::with(&[]);
    stage.ask(async move |env: Env| {
        for (key, value) in keys {
            assert_eq!(set(&env, key, value).await, ErrorCode::NONE);
        }
        // Those that came to set them are forgotten.
        env.sleep(Duration::from_secs(5)).await;
        let began = env.now();
        let held: Vec<_> = futures_util::future::join_all((0..count).map(|_| accepted(&env))).await;
        assert!(held.iter().all(Option::is_some));
        (env.now() - began).as_secs()
    })
}

#[test]
fn connections_come_no_faster_than_is_allowed() {
    const ALL: &str = "max.connection.creation.rate";
    const ONE: &str = "listener.name.plaintext.max.connection.creation.rate";
    Stage::with(&[]).ask(async |env: Env| {
        assert_eq!(set(&env, ALL, "many").await, ErrorCode::INVALID_REQUEST);
        assert_eq!(set(&env, ONE, "many").await, ErrorCode::INVALID_REQUEST);
    });
    assert_eq!(seconds_to_let_in(&[], 20), 0);
    assert_eq!(seconds_to_let_in(&[(ALL, "4")], 20), 4);
    assert_eq!(seconds_to_let_in(&[(ONE, "4")], 20), 4);
    assert_eq!(seconds_to_let_in(&[(ALL, "2"), (ONE, "4")], 20), 9);
    assert_eq!(seconds_to_let_in(&[("listener.name.controller.max.connection.creation.rate", "1")], 20), 0);
}

/// Sends a Produce and these bytes behind it, and perhaps the end; gives the answer's error and how many bytes follow it.
async fn produce_before(env: Env, behind: Vec<u8>, end: bool) -> (ErrorCode, usize) {
    let mut stream = connect(&env).await;
    let sent = [frame(&one_record(&env, Compression::None, b"v", 1_000), VERSION), behind].concat();
    stream.write_all(&sent).await.expect("the broker reads");
    if end {
        stream.shutdown().await.expect("it is open");
    }
    let answered = answer::<ProduceRequest>(&mut stream, VERSION).await.expect("an answer");
    let more = stream.read_to_end(&mut Vec::new()).await.unwrap_or(0);
    (answered.responses[0].partition_responses[0].error_code, more)
}

#[test]
fn what_came_before_the_end_is_answered() {
    let mut stage = Stage::with_topic(&[]);
    let mut check = |behind: &[u8], end| {
        let behind = behind.to_vec();
        let told = stage.ask(move |env| produce_before(env, behind, end));
        assert_eq!(told, (ErrorCode::NONE, 0));
    };
    check(&[], true);
    check(&[0, 0, 0, 9, 1], true);
    check(&i32::MAX.to_be_bytes(), false);
    check(&[0, 0, 0, 4, 0x7f, 0xff, 0, 0], false);
    check(&[0, 0, 0, 4, 0, 0, 0x7f, 0xff], false);
}

/// A request to produce a record of so many bytes.
fn record_of(env: &Env, bytes: usize) -> ProduceRequest {
    one_record(env, Compression::None, &vec![7; bytes], 1_000)
}

/// Produces a record of so many bytes; gives the error.
async fn produce(env: &Env, bytes: usize) -> ErrorCode {
    let answer = request(env, &record_of(env, bytes), VERSION).await;
    answer.responses[0].partition_responses[0].error_code
}

#[test]
fn a_size_alone_takes_no_memory_from_others() {
    let mut stage = Stage::with_topic(&[]);
    stage.ask(async |env: Env| {
        let mut silent = Vec::new();
        for _ in 0..10 {
            let mut stream = connect(&env).await;
            stream.write_all(&(100_i32 << 20).to_be_bytes()).await.expect("the broker reads");
            silent.push(stream);
        }
        for _ in 0..4 {
            let produced = env.timeout(Duration::from_secs(5), produce(&env, 500_000)).await;
            assert_eq!(produced, Ok(ErrorCode::NONE));
        }
        env.sleep(MINUTE).await;
        for mut stream in silent {
            let closed = env.timeout(Duration::from_secs(1), stream.read_u8()).await;
            assert!(matches!(closed, Ok(Err(_))), "the rest is not waited for: {closed:?}");
        }
    });
}

/// Fetches 4 MB and sends a Produce of so many bytes behind it, but reads nothing for a minute; gives how many bytes
/// come after that.
async fn read_late(env: Env, behind: usize) -> usize {
    for _ in 0..8 {
        assert_eq!(produce(&env, 500_000).await, ErrorCode::NONE);
    }
    let partition = FetchPartition { partition_max_bytes: i32::MAX, ..FetchPartition::default() };
    let topic = FetchTopic { topic: "t".into(), partitions: vec![partition], ..FetchTopic::default() };
    let fetch = FetchRequest {
        max_wait_ms: 1_000,
        min_bytes: i32::MAX,
        max_bytes: i32::MAX,
        topics: vec![topic],
        ..FetchRequest::default()
    };
    let mut stream = connect(&env).await;
    stream.write_all(&frame(&fetch, 12)).await.expect("the broker reads");
    stream.write_all(&frame(&record_of(&env, behind), VERSION)).await.expect("the broker reads");
    stream.shutdown().await.expect("it is open");
    env.sleep(MINUTE).await;
    let mut read = Vec::new();
    let _ = stream.read_to_end(&mut read).await;
    read.len()
}

#[test]
fn who_does_not_read_may_not_hold_what_others_need() {
    let mut stage = Stage::with_topic(&[]);
    let whole = stage.ask(|env| read_late(env, 10));
    assert!(whole > 4_000_000, "a consumer may take its time: {whole} bytes");
    let cut = stage.ask(|env| read_late(env, 100_000));
    assert!(cut < 4_000_000, "{cut} bytes");
}

#[test]
fn batches_that_wait_for_the_disk_are_counted() {
    let pool = ("queued.max.request.bytes", "200000");
    let mut stage = Stage::with_topic(&[pool, ("klamm.metrics.listener", "broker:9100")]);
    let mut used = |stuck| {
        let broker = stage.broker;
        stage.world.disk(broker).set_stuck(stuck);
        stage.ask(async move |env: Env| {
            for bytes in if stuck { [1, 30_000, 1, 30_000] } else { [1; 4] } {
                let code = produce(&env, bytes).await;
                assert_eq!(code == ErrorCode::REQUEST_TIMED_OUT, stuck, "{code}");
            }
            let page = read_page(env).await;
            values(&page)["kafka_network_socketserver_memorypoolused"]
        })
    };
    assert_eq!(used(false), 0.0);
    assert!(used(true) > 60_000.0, "the batches are there still");
    assert_eq!(used(false), 0.0);
}
