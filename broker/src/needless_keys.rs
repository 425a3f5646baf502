//! Keys that Kafka obeys and that are not missed here, each with the reason: they tune what Klamm has in another form, or
//! what a node that is alone never does.
//!
//! Together with [`crate::unsupported_keys`] and the keys that are read, they are all keys there are; a test holds that.
//!
//! Not here: keys whose absence somebody would notice.

/// Keys of a broker that there is nothing to do for, by reason.
const NEEDLESS: [(&str, &[&str]); 9] = [
    (
        "lanes do the work of all threads (klamm.lanes)",
        &[
            "background.threads",
            "num.io.threads",
            "num.network.threads",
            "num.recovery.threads.per.data.dir",
            "num.replica.alter.log.dirs.threads",
            "num.replica.fetchers",
        ],
    ),
    (
        "what no longer waits is taken out at once",
        &[
            "delete.records.purgatory.purge.interval.requests",
            "fetch.purgatory.purge.interval.requests",
            "producer.purgatory.purge.interval.requests",
            "share.fetch.purgatory.purge.interval.requests",
        ],
    ),
    ("waiting requests are bounded by their bytes (queued.max.request.bytes)", &["queued.max.requests"]),
    (
        "the node is alone: it speaks with no other broker, follows none, and is its own quorum",
        &[
            "broker.heartbeat.interval.ms",
            "broker.session.timeout.ms",
            "controlled.shutdown.enable",
            "controller.quorum.append.linger.ms",
            "controller.quorum.bootstrap.servers",
            "controller.quorum.election.backoff.max.ms",
            "controller.quorum.election.timeout.ms",
            "controller.quorum.fetch.max.bytes",
            "controller.quorum.fetch.snapshot.max.bytes",
            "controller.quorum.fetch.timeout.ms",
            "controller.quorum.request.timeout.ms",
            "controller.quorum.retry.backoff.ms",
            "controller.socket.timeout.ms",
            "initial.broker.registration.timeout.ms",
            "inter.broker.listener.name",
            "metadata.max.idle.interval.ms",
            "replica.fetch.backoff.ms",
            "replica.fetch.max.bytes",
            "replica.fetch.min.bytes",
            "replica.fetch.response.max.bytes",
            "replica.fetch.wait.max.ms",
            "replica.lag.time.max.ms",
            "replica.socket.receive.buffer.bytes",
            "replica.socket.timeout.ms",
            "request.timeout.ms",
            "socket.connection.setup.timeout.max.ms",
            "socket.connection.setup.timeout.ms",
        ],
    ),
    (
        "a partition has one replica, which leads it for as long as it lives",
        &[
            "auto.leader.rebalance.enable",
            "leader.imbalance.check.interval.seconds",
            "log.dir.failure.timeout.ms",
            "unclean.leader.election.enable",
            "unclean.leader.election.interval.ms",
        ],
    ),
    (
        "nobody logs in, so nobody fails to (see the keys that begin with sasl)",
        &["connection.failed.authentication.delay.ms"],
    ),
    (
        "metadata that a snapshot holds is deleted with the next one, which is sooner than they ask for",
        &["metadata.max.retention.bytes", "metadata.max.retention.ms"],
    ),
    (
        "a task of the log begins after its first interval, and producers are forgotten when segments are looked through",
        &["log.initial.task.delay.ms", "producer.id.expiration.check.interval.ms"],
    ),
    (
        "metrics are counts and quantiles of the last minutes (klamm.metrics.listener), which tell of slow decisions too",
        &[
            "controller.performance.always.log.threshold.ms",
            "controller.performance.sample.period.ms",
            "metrics.num.samples",
            "metrics.recording.level",
            "metrics.sample.window.ms",
        ],
    ),
];

/// Keys of a topic that there is nothing to do for.
const NEEDLESS_OF_TOPIC: [(&str, &[&str]); 1] = [(
    "a partition has one replica, to which nothing is copied",
    &[
        "follower.replication.throttled.replicas",
        "leader.replication.throttled.replicas",
        "unclean.leader.election.enable",
    ],
)];

/// Why there is nothing to do for a broker's key, if that is so.
pub(crate) fn why_needless(key: &str) -> Option<&'static str> {
    why(&NEEDLESS, key)
}

/// Why there is nothing to do for a topic's key, if that is so.
pub(crate) fn why_needless_of_topic(key: &str) -> Option<&'static str> {
    why(&NEEDLESS_OF_TOPIC, key)
}

fn why(needless: &[(&'static str, &[&str])], key: &str) -> Option<&'static str> {
    needless.iter().find(|(_, keys)| keys.contains(&key)).map(|(reason, _)| *reason)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use klamm_metadata::config::Definitions;

    use super::*;
    use crate::unsupported_keys::{is_unsupported, is_unsupported_of_topic};

    /// Where keys of brokers are read, by name.
    const READ_IN: [&str; 14] = [
        include_str!("binding.rs"),
        include_str!("broker.rs"),
        include_str!("config.rs"),
        include_str!("connection.rs"),
        include_str!("connection_rate.rs"),
        include_str!("handlers/delete_topics.rs"),
        include_str!("handlers/describe_topic_partitions.rs"),
        include_str!("handlers/metadata.rs"),
        include_str!("lane.rs"),
        include_str!("listener.rs"),
        include_str!("topic_settings.rs"),
        include_str!("upkeep.rs"),
        include_str!("../metadata/src/controller/auto_create_topics.rs"),
        include_str!("../metadata/src/controller/registration.rs"),
    ];
    /// Where keys of topics are read. As the broker's keys stand in for them, these are read there as well.
    const OF_TOPIC_READ_IN: [&str; 1] = [include_str!("topic_settings.rs")];

    fn is_named(key: &str, sources: &[&str]) -> bool {
        let quoted = format!("\"{key}\"");
        sources
            .iter()
            .any(|source| source.split("#[cfg(test)]").next().is_some_and(|it| it.contains(&quoted)))
    }

    /// Each of `keys` has to be one of these and no other: read, warned of, needless.
    fn check<'a>(
        keys: impl Iterator<Item = &'a str>,
        is_read: impl Fn(&str) -> bool,
        is_warned_of: impl Fn(&str) -> bool,
        is_needless: impl Fn(&str) -> bool,
    ) {
        for key in keys {
            let is = [is_read(key), is_warned_of(key), is_needless(key)];
            assert_eq!(is.iter().filter(|it| **it).count(), 1, "{key}: read, warned of, needless: {is:?}");
        }
    }

    #[test]
    fn every_key_is_read_or_warned_of_or_needless() {
        let of_topic_is_read = |key: &str| is_named(key, &OF_TOPIC_READ_IN);
        let stand_ins: BTreeSet<&str> = Definitions::topic()
            .iter()
            .filter(|definition| of_topic_is_read(definition.name))
            .flat_map(|definition| definition.synonyms.iter().map(|synonym| synonym.name))
            .collect();
        // Set on a topic of Kafka's own, by that name.
        let set_only = |key: &str| key == "unclean.leader.election.enable";
        check(
            Definitions::broker().iter().map(|definition| definition.name),
            |key| stand_ins.contains(key) || is_named(key, &READ_IN) && !set_only(key),
            is_unsupported,
            |key| why_needless(key).is_some(),
        );
        check(
            Definitions::topic().iter().map(|definition| definition.name),
            of_topic_is_read,
            is_unsupported_of_topic,
            |key| why_needless_of_topic(key).is_some(),
        );
    }

    #[test]
    fn what_is_needless_is_a_key() {
        let known = |needless: &[(&str, &[&str])], definitions: &Definitions| {
            for key in needless.iter().flat_map(|(_, keys)| *keys) {
                assert!(definitions.get(key).is_some(), "{key}");
            }
        };
        known(&NEEDLESS, Definitions::broker());
        known(&NEEDLESS_OF_TOPIC, Definitions::topic());
    }
}
