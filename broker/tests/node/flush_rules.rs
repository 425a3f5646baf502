//! When a log is flushed for which no answer waits (`klamm.durability=os`). Not here: flushes before the answer (`acks`).

use std::time::Duration;

use klamm_client::NewTopic;
use klamm_protocol::ErrorCode;

use crate::acks::produce;
use crate::{DATA, Stage, admin};

/// Produces so many records, one after the other, to a topic with this key; whether they are on the medium right after,
/// and after two seconds more.
fn check(
    key: Option<(&'static str, &'static str)>,
    broker: &[(&str, &str)],
    records: usize,
    expected: [bool; 2],
) {
    let mut stage = Stage::with(&[&[("klamm.durability", "os")], broker].concat());
    stage.ask(async move |env| {
        let topic = NewTopic::new("t", 1, 1);
        let topic = key.into_iter().fold(topic, |topic, (key, value)| topic.config(key, value));
        admin(&env).create_topic(topic).await.expect("it is new");
    });
    for _ in 0..records {
        assert_eq!(stage.ask(|env| produce(env, 30_000)).0, ErrorCode::NONE);
    }
    let node = stage.broker;
    let found = [Duration::from_millis(100), Duration::from_secs(2)].map(|wait| {
        stage.world.run_for(wait);
        stage.world.disk(node).is_durable(format!("{DATA}/t-0/00000000000000000000.log"))
    });
    assert_eq!(found, expected, "{key:?} {broker:?} {records}");
}

#[test]
fn a_log_is_flushed_after_so_many_records_or_so_long() {
    check(None, &[], 4, [false, false]);
    check(Some(("flush.messages", "3")), &[], 2, [false, false]);
    check(Some(("flush.messages", "3")), &[], 3, [true, true]);
    check(Some(("flush.messages", "3")), &[], 4, [false, false]);
    check(Some(("flush.ms", "1000")), &[], 3, [false, true]);
    check(Some(("flush.ms", "5000")), &[], 3, [false, false]);
    check(Some(("flush.ms", "9223372036854775806")), &[], 3, [false, false]);
    check(None, &[("log.flush.interval.messages", "2")], 2, [true, true]);
    check(None, &[("log.flush.interval.ms", "1000")], 1, [false, true]);
    check(None, &[("log.flush.scheduler.interval.ms", "1000")], 1, [false, true]);
}
