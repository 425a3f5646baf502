//! The broker's node: from a bare disk to a broker that serves, until its disk fails. Not here: starting it again.

use std::collections::BTreeMap;
use std::time::Duration;

use klamm_broker::{Broker, BrokerConfig, storage};
use klamm_env::Env;
use klamm_env::rand_core::Rng as _;

use super::BROKER;
use crate::plan::{Durability, Knobs};
use crate::sometimes;

/// Where its logs are.
pub(super) const LOG_DIR: &str = "/data";
/// `max.connections.per.ip`.
pub(super) const CONNECTIONS_PER_IP_MAX: u32 = 100;
const CLUSTER_ID: &str = "c2NlbmFyaW9zLW9mLTEyMw";
/// How long at most a broker goes on with a disk that failed, before it ends.
const GRACE_MS_MAX: u32 = 2_000;

/// Its configuration.
pub(super) fn config(knobs: &Knobs) -> BrokerConfig {
    let durability = match knobs.durability {
        Durability::Fsync => "fsync",
        Durability::Os => "os",
    };
    let per_ip_max = CONNECTIONS_PER_IP_MAX.to_string();
    let listeners = format!("PLAINTEXT://{BROKER}:9092,CONTROLLER://{BROKER}:9093");
    let properties = [
        ("process.roles", "broker,controller"),
        ("node.id", "1"),
        ("controller.listener.names", "CONTROLLER"),
        ("listeners", &listeners),
        ("log.dirs", LOG_DIR),
        ("klamm.durability", durability),
        ("auto.create.topics.enable", "false"),
        ("log.flush.offset.checkpoint.interval.ms", "7000"),
        ("max.connections.per.ip", &per_ip_max),
    ];
    let properties: BTreeMap<String, String> =
        properties.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    BrokerConfig::from_properties(properties).expect("a good configuration")
}

/// What the node runs.
pub(super) async fn serve(env: Env, config: BrokerConfig) {
    if let Err(error) = storage::format(&env, &config, CLUSTER_ID, true).await {
        env.die(&format!("not formatted: {error}"));
    }
    let broker = match Broker::start(&env, config).await {
        Ok(broker) => broker,
        Err(error) => env.die(&format!("not started: {error}")),
    };
    let why = broker.failed().await;
    sometimes!("a log directory failed under a broker");
    let grace_ms = env.stream("grace").next_u32() % GRACE_MS_MAX;
    env.sleep(Duration::from_millis(grace_ms.into())).await;
    env.die(&why);
}
