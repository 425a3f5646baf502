//! What a topic says of its records' time stamps, changed while it is written to. Not here: how a batch is stamped
//! (`klamm-log`).

use std::time::Duration;

use klamm_client::{AlterConfigOp, ConfigResource, NewTopic};
use klamm_env::Env;
use klamm_protocol::produce_request::{PartitionProduceData, ProduceRequest, TopicProduceData};
use klamm_protocol::{ErrorCode, Records};
use klamm_records::{BatchBuilder, Compression, Compressor};

use crate::acks::VERSION;
use crate::{Stage, admin, request};

const HOUR_MS: i64 = 3_600_000;

/// Produces one record that is so much younger than now; gives the error, and the stamp as an age in milliseconds if
/// it was the broker's own.
fn produce(stage: &mut Stage, younger_ms: i64) -> (ErrorCode, Option<i64>) {
    stage.ask(async move |env: Env| {
        let now = env.wall().0;
        let mut batch = BatchBuilder::new(Compressor::new(Compression::None));
        batch.append(now + younger_ms, None, Some(b"v"), std::iter::empty()).expect("a small record");
        let records = Some(Records::Bytes(batch.build().freeze()));
        let partition = PartitionProduceData { records, ..Default::default() };
        let topic =
            TopicProduceData { name: "t".into(), partition_data: vec![partition], ..Default::default() };
        let body =
            ProduceRequest { acks: -1, timeout_ms: 1_000, topic_data: vec![topic], ..Default::default() };
        let answer = request(&env, &body, VERSION).await;
        let partition = &answer.responses[0].partition_responses[0];
        let stamp = partition.log_append_time_ms;
        (partition.error_code, (stamp >= 0).then(|| env.wall().0 - stamp))
    })
}

fn alter(stage: &mut Stage, op: AlterConfigOp) {
    let changes = [(ConfigResource::topic("t"), vec![op])].into();
    let answers = stage.ask(|env| async move { admin(&env).incremental_alter_configs(changes, false).await });
    assert!(answers.expect("it answers").into_iter().all(|(_, each)| each.is_ok()));
    stage.world.run_for(Duration::from_millis(100));
}

fn set(key: &str, value: &str) -> AlterConfigOp {
    AlterConfigOp::Set(key.to_owned(), value.to_owned())
}

#[test]
fn whose_time_stamps_count_may_change_any_time() {
    let mut stage = Stage::with(&[]);
    stage.ask(async |env| admin(&env).create_topic(NewTopic::new("t", 1, 1)).await.expect("it is new"));
    assert_eq!(produce(&mut stage, -HOUR_MS), (ErrorCode::NONE, None));
    alter(&mut stage, set("message.timestamp.type", "LogAppendTime"));
    let (code, age) = produce(&mut stage, -HOUR_MS);
    // The machines' clocks differ a little.
    assert!(code.is_none() && age.is_some_and(|age| age.abs() < 60_000), "{code:?} {age:?}");
    alter(&mut stage, AlterConfigOp::Delete("message.timestamp.type".to_owned()));
    assert_eq!(produce(&mut stage, -HOUR_MS), (ErrorCode::NONE, None));
}

#[test]
fn how_old_and_young_records_may_be_may_change_any_time() {
    let mut stage = Stage::with(&[]);
    stage.ask(async |env| admin(&env).create_topic(NewTopic::new("t", 1, 1)).await.expect("it is new"));
    let taken =
        |stage: &mut Stage| [-HOUR_MS, 0, HOUR_MS / 2].map(|younger| produce(stage, younger).0.is_none());
    assert_eq!(taken(&mut stage), [true, true, true]);
    alter(&mut stage, set("message.timestamp.before.max.ms", "60000"));
    assert_eq!(taken(&mut stage), [false, true, true]);
    alter(&mut stage, set("message.timestamp.after.max.ms", "60000"));
    assert_eq!(taken(&mut stage), [false, true, false]);
    assert_eq!(produce(&mut stage, HOUR_MS / 2).0, ErrorCode::INVALID_TIMESTAMP);
    alter(&mut stage, set("message.timestamp.type", "LogAppendTime"));
    assert_eq!(taken(&mut stage), [true, true, true], "the broker's own time is never out of bounds");
}
