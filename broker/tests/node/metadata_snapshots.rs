//! Snapshots of the metadata: when they are written, the log behind them, and what a broker reads back.

use std::path::Path;
use std::time::Duration;

use klamm_broker::{Broker, BrokerConfig};
use klamm_client::NewTopic;
use klamm_env::Env;
use klamm_sim::World;

use crate::{Stage, admin, start};

const LOG: &str = "__cluster_metadata-0";

impl Stage {
    /// Snapshots written since the directory was formatted, by end offset.
    fn snapshots(&mut self) -> Vec<i64> {
        let names = self.files(LOG);
        let offset = |name: &String| name.strip_suffix(".checkpoint")?.split_once('-')?.0.parse().ok();
        names.iter().filter_map(offset).filter(|offset| *offset > 0).collect()
    }

    /// Base offsets of the log's segments.
    fn segments(&mut self) -> Vec<i64> {
        let names = self.files(LOG);
        names.iter().filter_map(|name| name.strip_suffix(".log")?.parse().ok()).collect()
    }

    fn create_topics(&mut self, from: usize, count: usize) {
        self.ask(move |env| async move {
            for number in from..from + count {
                let topic = NewTopic::new(format!("topic-{number}"), 3, 1);
                admin(&env).create_topic(topic).await.expect("it is new");
            }
        });
    }

    fn topics(&mut self) -> usize {
        self.ask(async |env| admin(&env).list_topics(false).await.expect("it answers").len())
    }
}

#[test]
fn after_so_many_bytes_the_log_begins_at_the_snapshot() {
    let mut stage = Stage::with(&[("metadata.log.max.record.bytes.between.snapshots", "4096")]);
    assert_eq!(stage.snapshots(), [] as [i64; 0]);
    stage.create_topics(0, 40);
    let snapshots = stage.snapshots();
    assert_eq!(snapshots.len(), 1, "older ones are gone: {snapshots:?}");
    assert_eq!(stage.segments(), snapshots, "nothing is left that the snapshot holds");
    for (round, fault) in
        [World::kill, |world: &mut World, node| world.power_loss(&[node])].iter().enumerate()
    {
        let broker = stage.broker;
        fault(&mut stage.world, broker);
        stage.world.run_for(Duration::from_secs(1));
        stage.world.start(broker);
        assert_eq!(stage.topics(), 40 + round);
        stage.create_topics(40 + round, 1);
    }
}

#[test]
fn a_broker_that_is_often_restarted_trims_its_log_too() {
    let mut stage = Stage::with(&[("metadata.log.max.record.bytes.between.snapshots", "4096")]);
    for _ in 0..20 {
        let broker = stage.broker;
        stage.world.restart(broker);
        stage.world.run_for(Duration::from_secs(1));
    }
    assert_eq!(stage.snapshots().len(), 1);
}

#[test]
fn what_was_written_waits_an_hour_at_most() {
    let mut stage = Stage::with(&[]);
    stage.create_topics(0, 1);
    stage.world.run_for(Duration::from_secs(3500));
    assert_eq!(stage.snapshots(), [] as [i64; 0]);
    stage.world.run_for(Duration::from_secs(200));
    let first = stage.snapshots();
    assert_eq!(first.len(), 1);
    stage.world.run_for(Duration::from_secs(3 * 3600));
    assert_eq!(stage.snapshots(), first, "nothing was written, so there is nothing to save");
    stage.create_topics(1, 1);
    stage.world.run_for(Duration::from_secs(3700));
    assert!(stage.snapshots()[0] > first[0]);
    assert_eq!(stage.topics(), 2);
}

/// Serves until its disk fails.
async fn serve_until_it_fails(env: Env, config: BrokerConfig) {
    let broker = start(&env, config).await;
    broker.failed().await;
}

#[test]
fn a_snapshot_that_cannot_be_flushed_takes_the_directory_offline() {
    let never = [
        ("log.flush.offset.checkpoint.interval.ms", "100000000"),
        ("log.flush.start.offset.checkpoint.interval.ms", "100000000"),
        ("replica.high.watermark.checkpoint.interval.ms", "100000000"),
    ];
    let mut stage = Stage::running(7, &never, serve_until_it_fails);
    let broker = stage.broker;
    stage.create_topics(0, 1);
    stage.world.run_for(Duration::from_secs(10));
    stage.world.disk(broker).fail_next_syncs(1);
    stage.world.run_for(Duration::from_secs(3000));
    assert!(!stage.world.main_ended(broker), "nothing was to be flushed");
    stage.world.run_for(Duration::from_secs(700));
    assert!(stage.world.main_ended(broker));
    assert_eq!(stage.snapshots(), [] as [i64; 0]);
    stage.world.restart(broker);
    stage.world.run_for(Duration::from_secs(1));
    assert_eq!(stage.topics(), 1);
    let parts = stage.files(LOG).iter().filter(|name| name.ends_with(".part")).count();
    assert_eq!(parts, 0, "what was begun is not kept");
}

/// Serves once; the second time its snapshots are gone.
async fn lose_snapshots(env: Env, config: BrokerConfig) {
    let log = Path::new("/data").join(LOG);
    if env.stat(&log).await.is_err() {
        return serve_until_it_fails(env, config).await;
    }
    for entry in env.list(&log).await.expect("it is there") {
        if entry.name.ends_with(".checkpoint") {
            env.remove(&log.join(entry.name)).await.expect("a file");
        }
    }
    let refused = Broker::start(&env, config).await.err().expect("half an image is none").to_string();
    assert!(refused.contains("is in no snapshot: the latest ends at 0"), "{refused}");
}

#[test]
fn a_log_that_begins_behind_its_snapshots_is_refused() {
    let often = [("metadata.log.max.record.bytes.between.snapshots", "4096")];
    let mut stage = Stage::running(7, &often, lose_snapshots);
    stage.create_topics(0, 40);
    assert!(stage.segments()[0] > 0);
    let broker = stage.broker;
    stage.world.restart(broker);
    stage.world.run_for(Duration::from_secs(1));
    assert!(stage.world.main_ended(broker));
}
