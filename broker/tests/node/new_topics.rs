//! Topics while they are made. Not here: what is decided about them.

use std::time::Duration;

use klamm_client::NewTopic;
use klamm_env::Env;
use klamm_protocol::ErrorCode;
use klamm_protocol::metadata_request::{MetadataRequest, MetadataRequestTopic};

use crate::acks::produce;
use crate::{Stage, admin, request};

/// Produces again and again until it is taken; gives the other answers, each once.
async fn produce_until_taken(env: Env) -> Vec<ErrorCode> {
    let mut codes = Vec::new();
    loop {
        match produce(env.clone(), 1_000).await.0 {
            ErrorCode::NONE => return codes,
            code if codes.last() == Some(&code) => {}
            code => codes.push(code),
        }
    }
}

#[test]
fn a_topic_whose_logs_are_not_open_yet_is_not_led_yet() {
    let mut stage = Stage::with(&[]);
    let broker = stage.broker;
    stage.world.disk(broker).set_slowness(20);
    let codes = stage.ask(async |env: Env| {
        let creation = async {
            admin(&env).create_topic(NewTopic::new("t", 300, 1)).await.expect("it is new");
        };
        futures_util::future::join(produce_until_taken(env.clone()), creation).await.0
    });
    assert_eq!(codes, [ErrorCode::UNKNOWN_TOPIC_OR_PARTITION, ErrorCode::NOT_LEADER_OR_FOLLOWER]);
}

#[test]
fn a_topic_whose_log_cannot_be_opened_is_offline() {
    let mut stage = Stage::with(&[]);
    let broker = stage.broker;
    // Something else has the name of its directory.
    stage.world.disk(broker).make_dir("/data/t-0/partition.metadata");
    stage.ask(async |env| admin(&env).create_topic(NewTopic::new("t", 1, 1)).await.expect("it is new"));
    stage.world.run_for(Duration::from_secs(1));
    assert_eq!(stage.ask(|env| produce(env, 1_000)).0, ErrorCode::KAFKA_STORAGE_ERROR);
}

/// Asks for topics, and lets them be made; gives the code of each.
pub(crate) async fn ask_for(env: Env, names: Vec<String>) -> Vec<ErrorCode> {
    let topic = |name| MetadataRequestTopic { name: Some(name), ..MetadataRequestTopic::default() };
    let topics = Some(names.into_iter().map(topic).collect());
    let body = MetadataRequest { topics, allow_auto_topic_creation: true, ..MetadataRequest::default() };
    request(&env, &body, 9).await.topics.iter().map(|topic| topic.error_code).collect()
}

#[test]
fn topics_that_are_asked_for_are_made_together_and_not_without_end() {
    let mut stage = Stage::with(&[("num.partitions", "1000")]);
    let names = |count| (0..count).map(|number| format!("topic.{number:03}")).collect::<Vec<_>>();
    let unknown = ErrorCode::UNKNOWN_TOPIC_OR_PARTITION;
    let asked = [names(13), vec!["no topic".into(), "topic_003".into()]].concat();
    let codes = stage.ask(async |env| ask_for(env, asked).await);
    assert_eq!(codes, [vec![unknown; 13], vec![ErrorCode::INVALID_TOPIC_EXCEPTION, unknown]].concat());
    let codes = stage.ask(async move |env| ask_for(env, names(13)).await);
    assert_eq!(
        codes,
        [[ErrorCode::NONE; 10].as_slice(), &[unknown; 3]].concat(),
        "ten thousand partitions at once"
    );
    let codes = stage.ask(async move |env| ask_for(env, names(13)).await);
    assert_eq!(codes, [ErrorCode::NONE; 13]);
    let codes = stage.ask(async |env| ask_for(env, vec!["topic_003".into()]).await);
    assert_eq!(codes, [ErrorCode::INVALID_TOPIC_EXCEPTION]);
}
