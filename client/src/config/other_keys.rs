//! Keys of Kafka's clients that are not obeyed, each with its reason. Not here: those that are, which their owners take.

/// Why a key is not obeyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// What it asks for is so in any case, or there is nothing that it could be about.
    Needless(&'static str),
    /// Who sets it misses something.
    Unsupported(&'static str),
}

use Fate::{Needless, Unsupported};

const BYTES: Fate = Needless("keys and values are bytes");
const AUTHENTICATION: Fate = Unsupported("there is neither encryption nor authentication");
const GROUPS: Fate = Unsupported("there are no consumer groups");
const METRICS: Fate = Unsupported("clients gather no metrics");
const CLASSES: Fate = Unsupported("no classes are loaded");

/// Whole keys.
const KEYS: [(&str, Fate); 25] = [
    ("auto.commit.interval.ms", GROUPS),
    (
        "bootstrap.controllers",
        Unsupported("controllers are not asked directly; bootstrap.servers names brokers"),
    ),
    ("bootstrap.resolve.timeout.ms", Needless("names are looked up at every attempt to connect")),
    ("buffer.memory.allocation.strategy", Needless("a batch takes all of its memory when it begins")),
    ("config.providers", CLASSES),
    ("enable.auto.commit", GROUPS),
    ("enable.metrics.push", METRICS),
    ("exclude.internal.topics", Needless("there is no subscription to a pattern that could match them")),
    ("heartbeat.interval.ms", GROUPS),
    ("interceptor.classes", CLASSES),
    ("internal.throw.on.fetch.stable.offset.unsupported", GROUPS),
    ("key.deserializer", BYTES),
    ("key.serializer", BYTES),
    ("max.poll.interval.ms", GROUPS),
    ("metadata.cluster.check.enable", Unsupported("whether a broker is the one that was meant is not asked")),
    ("metric.reporters", METRICS),
    ("metrics.num.samples", METRICS),
    ("metrics.recording.level", METRICS),
    ("metrics.sample.window.ms", METRICS),
    ("partition.assignment.strategy", GROUPS),
    ("partitioner.rack.aware", Unsupported("racks are not looked at when a partition is chosen")),
    ("security.providers", AUTHENTICATION),
    ("session.timeout.ms", GROUPS),
    ("value.deserializer", BYTES),
    ("value.serializer", BYTES),
];

/// Beginnings of keys.
const PREFIXES: [(&str, Fate); 6] = [
    ("config.providers.", CLASSES),
    ("group.", GROUPS),
    ("sasl.", AUTHENTICATION),
    ("share.", Unsupported("there are no share groups")),
    ("ssl.", AUTHENTICATION),
    ("transaction.", Unsupported("there are no transactions")),
];

/// What is known of a key that nobody takes.
pub(super) fn fate(key: &str) -> Option<Fate> {
    let whole = KEYS.iter().find(|(name, _)| *name == key);
    let prefix = || PREFIXES.iter().find(|(prefix, _)| key.starts_with(prefix));
    whole.or_else(prefix).map(|(_, fate)| *fate)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::properties::Properties;
    use super::super::{AdminConfig, ConsumerConfig, ProducerConfig};
    use super::*;

    const KAFKAS_KEYS: &str = include_str!("../../../corpus/client-keys/kafka-4.4.txt");

    /// Keys of a kind of client that are neither taken nor told of; and those that are both.
    fn check(kind: &str, take: impl FnOnce(&mut Properties<'_>)) {
        let servers = BTreeMap::from([("bootstrap.servers".to_owned(), "one:9092".to_owned())]);
        let mut properties = Properties::new(&servers);
        take(&mut properties);
        let keys = KAFKAS_KEYS.lines().filter_map(|line| line.split_once(" | "));
        let keys: Vec<&str> = keys.filter(|(of, _)| *of == kind).map(|(_, key)| key).collect();
        assert!(keys.len() > 20, "{kind} has {} keys", keys.len());
        let missing: Vec<&str> =
            keys.into_iter().filter(|key| properties.is_taken(key) == fate(key).is_some()).collect();
        assert_eq!(missing, [""; 0], "{kind}");
    }

    #[test]
    fn every_key_of_kafkas_clients_is_obeyed_or_told_of() {
        check("producer", |properties| {
            drop(ProducerConfig::take(properties).expect("the defaults are sound"));
        });
        check("consumer", |properties| {
            drop(ConsumerConfig::take(properties).expect("the defaults are sound"));
        });
        check("admin", |properties| drop(AdminConfig::take(properties).expect("the defaults are sound")));
    }

    #[test]
    fn keys_that_nobody_has_heard_of_have_no_reason() {
        assert_eq!(fate("sasl.mechanism"), Some(AUTHENTICATION));
        assert_eq!(fate("key.serializer"), Some(BYTES));
        assert_eq!(fate("key.serialiser"), None);
    }
}
