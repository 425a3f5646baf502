//! Changes of the metadata that cannot be written: refused, and the broker goes on. Not here: requests that are not whole.

use std::time::Duration;

use bytes::BytesMut;
use klamm_client::NewTopic;
use klamm_env::Env;
use klamm_protocol::create_partitions_request::{CreatePartitionsRequest, CreatePartitionsTopic};
use klamm_protocol::incremental_alter_configs_request::{
    AlterConfigsResource, AlterableConfig, IncrementalAlterConfigsRequest,
};
use klamm_protocol::{Decoder, ErrorCode, Message as _, Request as _, decode_response_header};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::{Stage, admin, connect, frame, request};

const TOPIC: i8 = 2;
const BROKER: i8 = 4;
const CLIENT_METRICS: i8 = 16;
const GROUP: i8 = 32;
const SET: i8 = 0;
const APPEND: i8 = 2;
/// Stands for as many bytes that are no UTF-8, each of which becomes three.
const HOSTILE: &str = "#";

fn change(kind: i8, resource: &str, key: &str, operation: i8, value: &str) -> AlterConfigsResource {
    let config = AlterableConfig {
        name: key.into(),
        config_operation: operation,
        value: Some(value.into()),
        ..AlterableConfig::default()
    };
    AlterConfigsResource {
        resource_type: kind,
        resource_name: resource.into(),
        configs: vec![config],
        ..AlterConfigsResource::default()
    }
}

/// Sends changes; gives the code of each, or nothing if the connection was closed.
async fn alter(env: Env, changes: Vec<AlterConfigsResource>) -> Option<Vec<ErrorCode>> {
    let body = IncrementalAlterConfigsRequest { resources: changes, ..Default::default() };
    let mut stream = connect(&env).await;
    let mut bytes = frame(&body, 1);
    bytes.iter_mut().filter(|byte| **byte == b'#').for_each(|byte| *byte = 0xff);
    stream.write_all(&bytes).await.expect("the broker reads");
    let size = stream.read_i32().await.ok()?;
    let mut frame = BytesMut::zeroed(usize::try_from(size).expect("positive"));
    stream.read_exact(&mut frame).await.expect("a whole answer");
    let mut answer = Decoder::new(frame.freeze());
    decode_response_header(&mut answer, IncrementalAlterConfigsRequest::KEY, 1).expect("a header");
    type Response = klamm_protocol::incremental_alter_configs_response::IncrementalAlterConfigsResponse;
    let answer = Response::decode(&mut answer, 1).expect("a body");
    Some(answer.responses.iter().map(|response| response.error_code).collect())
}

impl Stage {
    fn check(&mut self, changes: Vec<AlterConfigsResource>, expected: Option<&[ErrorCode]>) {
        let found = self.ask(move |env| alter(env, changes));
        assert_eq!(found.as_deref(), expected);
        let topics = self.ask(async |env| admin(&env).list_topics(false).await.expect("it goes on").len());
        assert_eq!(topics, 1);
    }
}

fn stage() -> Stage {
    let mut stage = Stage::with(&[]);
    stage.ask(async |env| admin(&env).create_topic(NewTopic::new("t", 1, 1)).await.expect("it is new"));
    stage
}

#[test]
fn text_that_grows_is_refused() {
    let mut stage = stage();
    let long = HOSTILE.repeat(20_000);
    let invalid = ErrorCode::INVALID_CONFIG;
    stage.check(vec![change(BROKER, "1", &long, SET, "v")], Some(&[invalid]));
    stage.check(vec![change(BROKER, "1", "plugin.key", SET, &long)], Some(&[invalid]));
    stage.check(vec![change(TOPIC, "t", &long, SET, "v")], Some(&[invalid]));
    // A name that comes back in the answer does not fit there either.
    stage.check(vec![change(GROUP, &long, "consumer.session.timeout.ms", SET, "45000")], None);
    stage.check(vec![change(CLIENT_METRICS, &long, "interval.ms", SET, "1000")], None);
}

#[test]
fn a_list_that_grows_is_refused_when_it_is_too_long_and_what_comes_with_it_is_not() {
    let mut stage = stage();
    let key = "leader.replication.throttled.replicas";
    let part =
        |number: usize| (0..3_000).map(|item| format!("{number}:{item:06}")).collect::<Vec<_>>().join(",");
    stage.check(vec![change(TOPIC, "t", key, APPEND, &part(1))], Some(&[ErrorCode::NONE]));
    let both = vec![change(TOPIC, "t", key, APPEND, &part(2)), change(BROKER, "1", "plugin.key", SET, "v")];
    stage.check(both, Some(&[ErrorCode::INVALID_CONFIG, ErrorCode::NONE]));
}

#[test]
fn changes_that_are_too_large_together_are_refused_together() {
    let mut stage = stage();
    let change = |number: usize| change(BROKER, "1", &format!("plugin.{number}"), SET, &"x".repeat(30_000));
    let few = (0..100).map(change).flat_map(|change| change.configs).collect();
    let few = AlterConfigsResource { configs: few, ..change(0) };
    stage.check(vec![few.clone()], Some(&[ErrorCode::NONE]));
    let many = (0..400).map(change).flat_map(|change| change.configs).collect();
    stage.check(vec![AlterConfigsResource { configs: many, ..few }], Some(&[ErrorCode::INVALID_REQUEST]));
}

#[test]
fn many_topics_do_not_gain_many_partitions_each_in_one_request() {
    let mut stage = stage();
    let asked = |name: &str, count| CreatePartitionsTopic {
        name: name.into(),
        count,
        assignments: None,
        ..Default::default()
    };
    let codes = |stage: &mut Stage, topics: Vec<CreatePartitionsTopic>| {
        let body = CreatePartitionsRequest { topics, timeout_ms: 1_000, ..Default::default() };
        let answer = stage.ask(async move |env: Env| request(&env, &body, 3).await);
        answer.results.iter().map(|result| result.error_code).collect::<Vec<_>>()
    };
    let names = ["t", "u"];
    assert_eq!(codes(&mut stage, vec![asked("t", 20_000)]), [ErrorCode::POLICY_VIOLATION]);
    assert_eq!(
        codes(&mut stage, names.map(|name| asked(name, 9)).into()),
        [ErrorCode::NONE, ErrorCode::UNKNOWN_TOPIC_OR_PARTITION]
    );
    stage.ask(async |env| admin(&env).create_topic(NewTopic::new("u", 1, 1)).await.expect("it is new"));
    assert_eq!(
        codes(&mut stage, names.map(|name| asked(name, 10_000)).into()),
        [ErrorCode::POLICY_VIOLATION; 2]
    );
    let broker = stage.broker;
    stage.world.restart(broker);
    stage.world.run_for(Duration::from_secs(1));
    let topics = stage.ask(async |env| admin(&env).list_topics(false).await.expect("it goes on").len());
    assert_eq!(topics, 2);
}
