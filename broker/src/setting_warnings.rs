//! Warnings of settings that are taken, as Kafka takes them, and do nothing: given when they are made while the broker
//! runs, and of those that were made before when it starts.
//!
//! Not here: which keys these are ([`crate::unsupported_keys`], [`crate::needless_keys`]), those of the broker's file.

use std::collections::BTreeSet;

use klamm_metadata::config::Definitions;
use klamm_metadata::{Changes, ConfigResource, MetadataImage, ResourceType};

use crate::config::BrokerConfig;
use crate::needless_keys::{why_needless, why_needless_of_topic};
use crate::unsupported_keys::{is_unsupported, is_unsupported_of_topic, obeyed_of_listener};

/// Keys that may be altered while the broker runs, and that it only reads in its file.
const READ_IN_FILE_ONLY: [&str; 2] = ["listener.security.protocol.map", "listeners"];

/// Warnings of what `changes` brought: `before` is the metadata without them, `after` with them.
pub(crate) fn of_changes(
    config: &BrokerConfig,
    before: &MetadataImage,
    after: &MetadataImage,
    changes: &Changes,
) -> Vec<String> {
    let mut warnings = Vec::new();
    for resource in &changes.configs {
        let known = before.configs.of(resource);
        for (key, value) in after.configs.of(resource).into_iter().flatten() {
            if known.and_then(|known| known.get(key)) != Some(value) {
                warnings.extend(of_setting(resource, key, value));
            }
        }
    }
    for name in touched_topics(after, changes) {
        if is_compacted(config, after, name) && !is_compacted(config, before, name) {
            warnings.push(of_compaction(name));
        }
    }
    warnings
}

/// Topics whose settings may be others than before.
fn touched_topics<'a>(image: &'a MetadataImage, changes: &'a Changes) -> BTreeSet<&'a str> {
    if changes.configs.iter().any(|resource| resource.kind == ResourceType::Broker) {
        return image.topic_ids.keys().map(String::as_str).collect();
    }
    let changed = changes.topics.iter().filter_map(|id| image.topic_by_id(*id));
    let set = changes.configs.iter().filter(|resource| resource.kind == ResourceType::Topic);
    changed.map(|topic| topic.name.as_str()).chain(set.map(|resource| resource.name.as_str())).collect()
}

/// Warnings of all that is set when the broker starts.
pub(crate) fn at_start(config: &BrokerConfig, image: &MetadataImage) -> Vec<String> {
    let changes = Changes {
        topics: image.topics.keys().copied().collect(),
        configs: image.configs.resources().cloned().collect(),
        ..Changes::default()
    };
    of_changes(config, &MetadataImage::default(), image, &changes)
}

/// Whether a topic that is there is compacted by its settings.
fn is_compacted(config: &BrokerConfig, image: &MetadataImage, topic: &str) -> bool {
    let policy = || config.configs(&image.configs).topic_list(topic, "cleanup.policy");
    image.topic(topic).is_some() && policy().iter().any(|item| item == "compact")
}

fn of_compaction(topic: &str) -> String {
    format!(
        "topic {topic} has cleanup.policy compact, but this release compacts nothing: records with a key that came again stay, and the topic grows"
    )
}

fn of_setting(resource: &ConfigResource, key: &str, value: &str) -> Option<String> {
    let (definitions, whose) = match resource.kind {
        ResourceType::Topic => (Definitions::topic(), format!("of topic {}", resource.name)),
        ResourceType::Broker if resource.name.is_empty() => {
            (Definitions::broker(), "of all brokers".to_owned())
        }
        ResourceType::Broker => (Definitions::broker(), format!("of broker {}", resource.name)),
        ResourceType::Group => (Definitions::group(), format!("of group {}", resource.name)),
        ResourceType::ClientMetrics => {
            (Definitions::client_metrics(), format!("of client metrics {}", resource.name))
        }
        ResourceType::BrokerLogger => return None,
    };
    let definition = definitions.get(key);
    if definition.is_some_and(|definition| definition.default == Some(value.trim())) {
        return None;
    }
    let why = match resource.kind {
        ResourceType::Topic if is_unsupported_of_topic(key) => "this release does not obey it",
        ResourceType::Topic => why_needless_of_topic(key)?,
        ResourceType::Broker if is_unsupported(key) => "this release does not obey it",
        ResourceType::Broker if READ_IN_FILE_ONLY.contains(&key) => {
            "it is read in the broker's file, and only when that starts"
        }
        ResourceType::Broker if definition.is_none() && obeyed_of_listener(key).is_none() => {
            "nobody knows it"
        }
        ResourceType::Broker => why_needless(key)?,
        _ => "this release has neither groups nor metrics of clients",
    };
    Some(format!("the key {key} {whose} has no effect: {why}"))
}

#[cfg(test)]
mod tests {
    use klamm_metadata::MetadataDelta;
    use klamm_protocol::Uuid;
    use klamm_protocol::metadata_records::{ConfigRecord, MetadataRecord, TopicRecord};

    use super::*;

    fn config(extra: &str) -> BrokerConfig {
        let file = format!(
            "process.roles=broker,controller\nnode.id=1\ncontroller.listener.names=CONTROLLER\n\
             listeners=PLAINTEXT://:9092,CONTROLLER://:9093\n{extra}"
        );
        BrokerConfig::parse(&file, &[]).expect("good")
    }

    fn setting(kind: ResourceType, name: &str, key: &str, value: Option<&str>) -> MetadataRecord {
        MetadataRecord::Config(ConfigRecord {
            resource_type: kind.code(),
            resource_name: name.to_owned(),
            name: key.to_owned(),
            value: value.map(str::to_owned),
            ..ConfigRecord::default()
        })
    }

    fn topic(name: &str) -> MetadataRecord {
        let topic_id = Uuid([name.as_bytes()[0]; 16]);
        MetadataRecord::Topic(TopicRecord { name: name.to_owned(), topic_id, ..TopicRecord::default() })
    }

    /// Commits each of `steps` after the other with this in the broker's file; parts of the warnings of each.
    fn check(file: &str, steps: &[&[MetadataRecord]], expected: &[&[&str]]) {
        let config = config(file);
        let mut image = std::sync::Arc::<MetadataImage>::default();
        for (records, expected) in steps.iter().zip(expected) {
            let mut delta = MetadataDelta::new(&image);
            records.iter().for_each(|record| delta.replay(record).expect("it fits"));
            let (after, changes) = delta.finish();
            let warnings = of_changes(&config, &image, &after, &changes);
            assert_eq!(warnings.len(), expected.len(), "{warnings:?}");
            for (warning, part) in warnings.iter().zip(*expected) {
                assert!(warning.contains(part), "{warning}");
            }
            image = after;
        }
        let at_start = at_start(&config, &image);
        assert_eq!(at_start.len(), expected.last().map_or(0, |last| last.len()), "{at_start:?}");
    }

    #[test]
    fn a_setting_without_effect_is_told_when_it_is_made() {
        use ResourceType::{Broker, Group, Topic};
        check("", &[&[topic("a"), setting(Topic, "a", "retention.ms", Some("1"))]], &[&[]]);
        check("", &[&[topic("a"), setting(Topic, "a", "preallocate", Some("false"))]], &[&[]]);
        let told = "the key preallocate of topic a has no effect: this release does not obey it";
        check("", &[&[topic("a"), setting(Topic, "a", "preallocate", Some("true"))]], &[&[told]]);
        let threads = setting(Broker, "1", "num.io.threads", Some("9"));
        check("", &[&[threads]], &[&["num.io.threads of broker 1 has no effect: lanes"]]);
        check("", &[&[setting(Broker, "", "max.connections", Some("9"))]], &[&[]]);
        check(
            "",
            &[&[setting(Broker, "", "no.such.key", Some("9"))]],
            &[&["all brokers has no effect: nobody"]],
        );
        check("", &[&[setting(Group, "g", "consumer.session.timeout.ms", Some("9"))]], &[&["of group g"]]);
        let rate = "listener.name.plaintext.max.connection.creation.rate";
        check("", &[&[setting(Broker, "1", rate, Some("9"))]], &[&[]]);
    }

    #[test]
    fn a_compacted_topic_is_told_once() {
        use ResourceType::{Broker, Topic};
        let compact = |value| setting(Topic, "a", "cleanup.policy", value);
        let once: &[&str] = &["topic a has cleanup.policy compact"];
        check("", &[&[topic("a"), compact(Some("compact"))]], &[once]);
        check("", &[&[topic("a")], &[compact(Some("delete,compact"))]], &[&[], once]);
        check("log.cleanup.policy=compact", &[&[topic("a")]], &[once]);
        check(
            "",
            &[&[topic("a")], &[setting(Broker, "", "log.cleanup.policy", Some("compact"))]],
            &[&[], once],
        );
        let both = [compact(Some("compact")), setting(Topic, "a", "retention.ms", Some("1"))];
        check("", &[&[topic("a"), both[0].clone()], &both[1..], &[compact(None)]], &[once, &[], &[]]);
    }
}
