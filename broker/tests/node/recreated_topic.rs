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

    fn end(&mut self) -> i64 {
        // The next record tells it.
        self.ask(|env| produce(env, 1_000)).1
    }
}

#[test]
fn records_of_the_new_topic_outlive_a_kill_though_the_old_one_began_later() {
    for restarted_before in [false, true] {
        let mut stage = Stage::with(&[]);
        let broker = stage.broker;
        stage.create();
        stage.produce(60);
        stage.ask(async |env| {
            let before = BTreeMap::from([(TopicPartition::new("t", 0), 50)]);
            for (_, outcome) in admin(&env).delete_records(before).await.expect("an answer") {
                outcome.expect("deleted");
            }
        });
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
