//! A broker that stops while it is asked for changes, and one that does not start. Not here: brokers that die.

use std::time::Duration;

use klamm_broker::{Broker, BrokerConfig};
use klamm_client::NewTopic;
use klamm_env::{Env, ListenOptions};

use crate::{Stage, admin, start};

/// How long a broker serves before it stops.
const SERVES: Duration = Duration::from_secs(3);

async fn serve_and_stop(env: Env, config: BrokerConfig) {
    let broker = start(&env, config).await;
    env.sleep(SERVES).await;
    broker.stop().await.expect("its disk works");
}

/// Makes topics and deletes every other one, until nobody answers.
async fn make_and_delete(env: Env, who: u32) {
    let admin = admin(&env);
    for number in 0.. {
        let name = format!("topic-{who}-{number}");
        if admin.create_topic(NewTopic::new(name.clone(), 2, 1)).await.is_err() {
            return;
        }
        if number % 2 == 0 && admin.delete_topics(vec![name]).await.is_err() {
            return;
        }
    }
}

#[test]
fn changes_that_wait_when_the_broker_stops_are_whole_or_not_made() {
    let mut stage = Stage::running(7, &[], serve_and_stop);
    let env = stage.world.env(stage.clients);
    for who in 0..6 {
        env.spawn_local("changes", make_and_delete(env.clone(), who));
    }
    stage.world.run_for(SERVES);
    let (broker, clients) = (stage.broker, stage.clients);
    stage.world.restart(clients);
    assert!(stage.stopped_cleanly());
    let logs: Vec<String> = stage
        .files("")
        .into_iter()
        .filter(|name| name.starts_with("topic-") && !name.contains('.'))
        .collect();
    assert!(logs.len() > 20, "it was under load: {logs:?}");
    for log in &logs {
        let closed = stage.files(log).contains(&"00000000000000000000.snapshot".to_owned());
        assert!(closed, "{log} was open when the broker said that it had stopped");
    }
    stage.world.restart(broker);
    stage.world.run_for(Duration::from_secs(1));
    let topics = stage.ask(async |env| admin(&env).list_topics(false).await.expect("it serves again"));
    let mut known: Vec<String> =
        topics.iter().flat_map(|topic| [0, 1].map(|index| format!("{}-{index}", topic.name))).collect();
    known.sort();
    assert!(known == logs, "nothing is left of a topic that was deleted: {known:?} {logs:?}");
}

/// Serves once; the second time something else has its port.
async fn find_the_port_in_use(env: Env, config: BrokerConfig) {
    if env.stat(std::path::Path::new("/data/.kafka_cleanshutdown")).await.is_err() {
        return serve_and_stop(env, config).await;
    }
    let address = env.resolve("broker", 9093).await.expect("this host")[0];
    let _other = env.listen(address, ListenOptions::default()).await.expect("nobody has it yet");
    let refused = Broker::start(&env, config).await.err().expect("it cannot listen").to_string();
    assert!(refused.contains("in use by another process"), "{refused}");
}

#[test]
fn a_start_that_fails_for_a_port_leaves_the_word_of_the_last_stop() {
    let mut stage = Stage::running(7, &[], find_the_port_in_use);
    stage.world.run_for(SERVES);
    assert!(stage.stopped_cleanly());
    let broker = stage.broker;
    stage.world.restart(broker);
    stage.world.run_for(SERVES);
    assert!(stage.world.main_ended(broker) && stage.stopped_cleanly());
}
