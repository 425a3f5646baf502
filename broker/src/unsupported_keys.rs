//! Keys that Kafka obeys and this release does not, though people who set them rely on it: each deserves a warning, and
//! those that keep strangers out stop the start, since a broker that is open in silence is worse than none.
//!
//! Not here: keys that nobody knows; those that nobody misses ([`crate::needless_keys`]); when the warnings are given.

use std::collections::BTreeMap;

use klamm_metadata::config::Definitions;

use crate::config::ConfigError;

/// Whole keys of a broker.
const KEYS: [&str; 26] = [
    "allow.everyone.if.no.acl.found",
    "alter.config.policy.class.name",
    "authorizer.class.name",
    "client.quota.callback.class",
    "compression.lz4.level",
    "config.providers",
    "connections.max.reauth.ms",
    "controller.quorum.auto.join.enable",
    "cordoned.log.dirs",
    "create.topic.policy.class.name",
    "early.start.listeners",
    "follower.fetch.last.tiered.offset.enable",
    "log.preallocate",
    "max.connections.per.ip.overrides",
    "metric.reporters",
    "principal.builder.class",
    "replica.selector.class",
    "security.inter.broker.protocol",
    "security.providers",
    "server.max.startup.time.ms",
    "share.coordinator.state.topic.compression.codec",
    "share.coordinator.state.topic.prune.interval.ms",
    "share.coordinator.threads",
    "super.users",
    "telemetry.max.bytes",
    "transaction.state.log.load.buffer.size",
];

/// Beginnings of a broker's keys.
const PREFIXES: [&str; 38] = [
    "add.partitions.to.txn.",
    "alter.log.dirs.replication.quota.",
    "config.providers.",
    "controller.quota.",
    "delegation.token.",
    "errors.deadletterqueue.",
    "group.",
    "internal.metadata.",
    "kafka.metrics.",
    "listener.name.",
    "log.cleaner.",
    "log.local.retention.",
    "log.remote.copy.",
    "offset.metadata.",
    "offsets.commit.",
    "offsets.load.",
    "offsets.retention.",
    "offsets.topic.compression.",
    "quota.",
    "remote.fetch.",
    "remote.list.",
    "remote.log.",
    "replication.quota.",
    "sasl.",
    "share.coordinator.append.",
    "share.coordinator.cached.",
    "share.coordinator.cold.",
    "share.coordinator.load.",
    "share.coordinator.snapshot.",
    "share.coordinator.write.",
    "ssl.",
    "transaction.abort.",
    "transaction.max.",
    "transaction.partition.",
    "transaction.remove.",
    "transaction.two.",
    "transactional.id.",
    "unstable.",
];

/// Keys of a topic.
const TOPIC_KEYS: [&str; 14] = [
    "compression.lz4.level",
    "delete.retention.ms",
    "errors.deadletterqueue.group.enable",
    "local.retention.bytes",
    "local.retention.ms",
    "max.compaction.lag.ms",
    "min.cleanable.dirty.ratio",
    "min.compaction.lag.ms",
    "preallocate",
    "remote.copy.lag.bytes",
    "remote.copy.lag.ms",
    "remote.log.copy.disable",
    "remote.log.delete.on.disable",
    "remote.storage.enable",
];

/// What a listener's own keys begin with, before its name in small letters.
const OF_LISTENER: &str = "listener.name.";

/// The key of a listener of its own for this key of the broker, as far as that is obeyed.
pub(crate) fn key_of_listener(listener: &str, key: &str) -> String {
    format!("{OF_LISTENER}{}.{key}", listener.to_lowercase())
}

/// The broker's key that a listener's own key stands for, if it is obeyed.
pub(crate) fn obeyed_of_listener(key: &str) -> Option<&'static str> {
    const OBEYED: &str = "max.connection.creation.rate";
    let listener = key.strip_prefix(OF_LISTENER)?.strip_suffix(OBEYED)?.strip_suffix('.')?;
    (!listener.is_empty()).then_some(OBEYED)
}

/// Whether a broker's key is one of them.
pub(crate) fn is_unsupported(key: &str) -> bool {
    let named = KEYS.contains(&key) || PREFIXES.iter().any(|prefix| key.starts_with(prefix));
    named && obeyed_of_listener(key).is_none()
}

/// Whether a topic's key is one of them.
pub(crate) fn is_unsupported_of_topic(key: &str) -> bool {
    TOPIC_KEYS.contains(&key)
}

/// Those of a file that ask for something: a value that is Kafka's default does not.
pub(crate) fn unsupported_keys(properties: &BTreeMap<String, String>) -> Vec<String> {
    let asks = |key: &str, value: &str| {
        let default = Definitions::broker().get(key).and_then(|definition| definition.default);
        !value.is_empty() && default != Some(value)
    };
    let set = properties.iter().filter(|(key, value)| is_unsupported(key) && asks(key, value.trim()));
    set.map(|(key, _)| key.clone()).collect()
}

/// Refuses what would keep strangers out, and does not.
///
/// # Errors
/// Such a key is set.
pub(crate) fn check_open(properties: &BTreeMap<String, String>) -> Result<(), ConfigError> {
    for (key, value) in properties {
        let value = value.trim();
        if key == "authorizer.class.name" && !value.is_empty() {
            return Err(ConfigError(format!(
                "authorizer.class.name is {value}, but this release has no authorizer and would let everybody do everything; leave the key out to allow that"
            )));
        }
        let asks_for_certificates = key == "ssl.client.auth"
            || (key.starts_with("listener.name.") && key.ends_with(".ssl.client.auth"));
        if asks_for_certificates && value.eq_ignore_ascii_case("required") {
            return Err(ConfigError(format!(
                "{key} is required, but this release has no TLS and would ask nobody for a certificate; allowed is none"
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(key: &str, value: &str, warned: bool, refused: Option<&str>) {
        let properties = BTreeMap::from([(key.to_owned(), value.to_owned())]);
        assert_eq!(unsupported_keys(&properties), vec![key; usize::from(warned)], "{key}={value}");
        let error = check_open(&properties).err().map(|ConfigError(message)| message);
        match (refused, &error) {
            (Some(part), Some(message)) => assert!(message.contains(part), "{message}"),
            _ => assert_eq!(error, None, "{key}={value}"),
        }
        assert_eq!(error.is_some(), refused.is_some(), "{key}={value}");
    }

    #[test]
    fn what_is_relied_on_is_told() {
        check("super.users", "User:admin", true, None);
        check("ssl.keystore.location", "/etc/keys", true, None);
        check("sasl.enabled.mechanisms", "SCRAM-SHA-512", true, None);
        check("create.topic.policy.class.name", "org.example.Policy", true, None);
        check("listener.name.plaintext.max.connections", "10", true, None);
        check("compression.lz4.level", "12", true, None);
        check("offsets.retention.minutes", "1", true, None);
        check("quota.window.num", "5", true, None);
        check("log.cleaner.enable", "false", true, None);
    }

    #[test]
    fn what_asks_for_nothing_is_not() {
        check("ssl.client.auth", "none", false, None);
        check("security.inter.broker.protocol", "PLAINTEXT", false, None);
        check("quota.window.num", "11", false, None);
        check("super.users", " ", false, None);
        check("authorizer.class.name", "", false, None);
        check("no.such.key", "1", false, None);
        check("listener.name.plaintext.max.connection.creation.rate", "10", false, None);
        check("max.connection.creation.rate", "10", false, None);
    }

    #[test]
    fn what_would_keep_strangers_out_is_refused() {
        let authorizer = "org.apache.kafka.metadata.authorizer.StandardAuthorizer";
        check("authorizer.class.name", authorizer, true, Some("leave the key out"));
        check("ssl.client.auth", "required", true, Some("allowed is none"));
        check("ssl.client.auth", "requested", true, None);
        let of_listener = "listener.name.outside.ssl.client.auth";
        check(of_listener, "Required", true, Some("listener.name.outside.ssl.client.auth is required"));
    }

    #[test]
    fn the_file_that_comes_with_kafka_has_none_of_them() {
        let keys = "process.roles node.id controller.quorum.bootstrap.servers listeners inter.broker.listener.name \
            advertised.listeners controller.listener.names listener.security.protocol.map num.network.threads \
            num.io.threads socket.send.buffer.bytes socket.receive.buffer.bytes socket.request.max.bytes log.dirs \
            num.partitions num.recovery.threads.per.data.dir offsets.topic.replication.factor \
            share.coordinator.state.topic.replication.factor share.coordinator.state.topic.min.isr \
            transaction.state.log.replication.factor transaction.state.log.min.isr log.flush.interval.messages \
            log.flush.interval.ms log.retention.hours log.retention.bytes log.segment.bytes \
            log.retention.check.interval.ms";
        for key in keys.split_whitespace() {
            assert!(!is_unsupported(key), "{key}");
        }
    }
}
