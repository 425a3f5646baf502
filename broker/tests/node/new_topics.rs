//! Topics while they are made. Not here: what is decided about them.

use std::time::Duration;

use klamm_client::NewTopic;
use klamm_env::Env;
use klamm_protocol::ErrorCode;

use crate::acks::produce;
use crate::{Stage, admin};

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
