//! What a broker makes of its partitions when it registers: it leads all of them, in new epochs. Not here: fencing.

use std::time::Duration;

use klamm_client::NewTopic;
use klamm_env::Env;
use klamm_protocol::ErrorCode;
use klamm_protocol::list_offsets_request::{ListOffsetsPartition, ListOffsetsRequest, ListOffsetsTopic};

use crate::acks::produce;
use crate::{Stage, admin, request};

const EARLIEST: i64 = -2;
const LATEST: i64 = -1;

/// An end of the topic's log: its offset and its leader epoch.
async fn end(env: Env, timestamp: i64) -> (i64, i32) {
    let partition = ListOffsetsPartition { timestamp, current_leader_epoch: -1, ..Default::default() };
    let topic = ListOffsetsTopic { name: "t".into(), partitions: vec![partition], ..Default::default() };
    let body = ListOffsetsRequest { replica_id: -1, topics: vec![topic], ..Default::default() };
    let answer = request(&env, &body, 7).await;
    let partition = &answer.topics[0].partitions[0];
    (partition.offset, partition.leader_epoch)
}

#[test]
fn the_end_of_a_log_is_in_the_epoch_of_the_restart() {
    let mut stage = Stage::with(&[]);
    stage.ask(async |env| admin(&env).create_topic(NewTopic::new("t", 1, 1)).await.expect("it is new"));
    assert_eq!(stage.ask(|env| produce(env, 1_000)).1, 0);
    assert_eq!(stage.ask(|env| end(env, LATEST)), (1, 0));
    for restarts in 1..4 {
        let broker = stage.broker;
        stage.world.restart(broker);
        stage.world.run_for(Duration::from_secs(1));
        assert_eq!(stage.ask(|env| end(env, LATEST)), (1, restarts));
        assert_eq!(stage.ask(|env| end(env, EARLIEST)), (0, 0));
    }
}

#[test]
fn thousands_of_partitions_are_led_after_a_restart() {
    let mut stage = Stage::with(&[]);
    stage.ask(async |env| admin(&env).create_topic(NewTopic::new("t", 1, 1)).await.expect("it is new"));
    stage.ask(async |env| admin(&env).create_topic(NewTopic::new("many", 2500, 1)).await.expect("it is new"));
    let broker = stage.broker;
    stage.world.restart(broker);
    stage.world.run_for(Duration::from_secs(5));
    assert_eq!(stage.ask(|env| produce(env, 1_000)).0, ErrorCode::NONE);
    let topics = stage
        .ask(async |env| admin(&env).describe_topics(vec!["many".to_owned()]).await.expect("it answers"));
    let (_, many) = topics.into_iter().next().expect("one");
    let many = many.expect("it is there");
    assert!(many.partitions.len() == 2500 && many.partitions.iter().all(|it| it.leader_epoch == 1));
}
