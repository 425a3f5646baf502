//! A topic that is deleted and made again begins anew. Not here: what clients make of it.

use std::collections::BTreeMap;
use std::time::Duration;

use klamm_client::{NewTopic, TopicPartition};
use klamm_protocol::ErrorCode;

use crate::acks::produce;
use crate::{Stage, admin};

impl Stage {
    fn create(&mut self) {
        self.ask(async |env| admin(&env).create_topic(NewTopic::new("t", 1, 1)).await.expect("it is new"));
    }

    fn produce(&mut self, count: i64) {
        for offset in 0..count {
            let (code, found, _) = self.ask(|env| produce(env, 1_000));
            assert_eq!((code, found), (ErrorCode::NONE, offset));
        }
    }

    /// The first fifty.
    fn delete_records(&mut self) {
        self.ask(async |env| {
            let before = BTreeMap::from([(TopicPartition::new("t", 0), 50)]);
            for (_, outcome) in admin(&env).delete_records(before).await.expect("an answer") {
                outcome.expect("deleted");
            }
        });
    }

    fn end(&mut self) -> i64 {
        // The next record tells it.
        self.ask(|env| produce(env, 1_000)).1
    }
}

/// Deletes the topic, and lets the broker die `after` that was asked; tells whether its directory outlived it.
fn die_while_it_is_deleted(stage: &mut Stage, after: Duration, power_too: bool) -> bool {
    let (broker, env) = (stage.broker, stage.world.env(stage.clients));
    stage.world.disk(broker).set_slowness(20);
    let client = env.clone();
    env.spawn_local("deletion", async move {
        // Nobody answers when the broker dies first.
        let _ = admin(&client).delete_topics(vec!["t".to_owned()]).await;
    });
    stage.world.run_for(after);
    stage.world.disk(broker).set_slowness(1);
    if power_too {
        stage.world.power_loss(&[broker]);
    } else {
        stage.world.kill(broker);
    }
    let clients = stage.clients;
    stage.world.restart(clients);
    let is_there = stage.files("").contains(&"t-0".to_owned());
    stage.world.start(broker);
    stage.world.run_for(Duration::from_secs(1));
    is_there
}

#[test]
fn whenever_the_broker_dies_while_a_topic_is_deleted_the_next_one_begins_anew() {
    let mut left_behind = 0;
    for step in 0..60 {
        let mut stage = Stage::with(&[]);
        stage.create();
        stage.produce(60);
        stage.delete_records();
        let broker = stage.broker;
        stage.world.restart(broker);
        stage.world.run_for(Duration::from_secs(1));
        let is_there = die_while_it_is_deleted(&mut stage, Duration::from_millis(step), step % 2 == 1);
        let topics =
            stage.ask(async |env| admin(&env).list_topics(false).await.expect("it serves again").len());
        if topics == 1 {
            assert_eq!(stage.end(), 60, "step {step}");
            continue;
        }
        let strays = stage.files("").iter().filter(|name| name.ends_with("-stray")).count();
        assert_eq!(strays, usize::from(is_there), "step {step}");
        left_behind += strays;
        stage.create();
        stage.produce(10);
        stage.world.restart(broker);
        stage.world.run_for(Duration::from_secs(1));
        assert_eq!(stage.end(), 10, "step {step}");
    }
    assert!(left_behind > 0, "no crash came between the record and the directory");
}

/// A flipped bit of its topic id had a log set aside, as one that the metadata does not know.
#[test]
fn a_log_whose_topic_id_rotted_is_opened() {
    const ID: std::ops::Range<usize> = 21..43;
    let mut stage = Stage::with(&[]);
    let broker = stage.broker;
    stage.create();
    stage.produce(10);
    for (end, at) in (10..).zip(ID.step_by(3)) {
        assert!(stage.world.disk(broker).rot("/data/t-0/partition.metadata", at, 1));
        stage.world.restart(broker);
        stage.world.run_for(Duration::from_secs(1));
        assert_eq!(stage.end(), end, "byte {at}");
    }
    assert_eq!(stage.files("").iter().filter(|name| name.ends_with("-stray")).count(), 0);
}

#[test]
fn records_of_the_new_topic_outlive_a_kill_though_the_old_one_began_later() {
    for restarted_before in [false, true] {
        let mut stage = Stage::with(&[]);
        let broker = stage.broker;
        stage.create();
        stage.produce(60);
        stage.delete_records();
        if restarted_before {
            stage.world.restart(broker);
            stage.world.run_for(Duration::from_secs(1));
        }
        stage.ask(async |env| {
            for (_, outcome) in admin(&env).delete_topics(vec!["t".to_owned()]).await.expect("an answer") {
                outcome.expect("deleted");
            }
        });
        stage.create();
        stage.produce(10);
        stage.world.restart(broker);
        stage.world.run_for(Duration::from_secs(1));
        assert_eq!(stage.end(), 10);
    }
}
