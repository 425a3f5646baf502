//! Configurations in Kafka's form, or as JSON. Not here: asking for them.

use std::fmt::Write as _;

use klamm_client::{ConfigEntry, ConfigResource, ConfigResourceType};
use serde_json::{Value, json};

/// One thing and its keys.
#[derive(Debug)]
pub(super) struct Entity {
    pub(super) resource: ConfigResource,
    pub(super) entries: Vec<ConfigEntry>,
}

/// Kafka's number for where values come from that were set on the resource itself.
fn dynamic_source(resource: &ConfigResource) -> i8 {
    match resource.kind {
        ConfigResourceType::Topic => 1,
        ConfigResourceType::Broker if resource.name.is_empty() => 3,
        ConfigResourceType::Broker => 2,
        ConfigResourceType::BrokerLogger => 6,
        ConfigResourceType::ClientMetrics => 7,
        ConfigResourceType::Group => 8,
    }
}

/// Keys that were set on the resource itself.
pub(super) fn dynamic<'a>(
    resource: &ConfigResource,
    entries: &'a [ConfigEntry],
) -> impl Iterator<Item = &'a ConfigEntry> {
    let source = dynamic_source(resource);
    entries.iter().filter(move |entry| entry.source == source)
}

fn kind_name(kind: ConfigResourceType) -> &'static str {
    match kind {
        ConfigResourceType::Topic => "topic",
        ConfigResourceType::Broker => "broker",
        ConfigResourceType::BrokerLogger => "broker-logger",
        ConfigResourceType::ClientMetrics => "client-metric",
        ConfigResourceType::Group => "group",
    }
}

/// A resource by kind and name.
pub(super) fn title_of(resource: &ConfigResource) -> String {
    format!("{} {}", kind_name(resource.kind), resource.name)
}

/// What was changed.
pub(super) fn altered(resource: &ConfigResource) -> String {
    match (resource.kind, resource.name.as_str()) {
        (ConfigResourceType::Broker, "") => {
            "Completed updating default config for brokers in the cluster.\n".to_owned()
        }
        (kind, name) => format!("Completed updating config for {} {name}.\n", kind_name(kind)),
    }
}

/// The same, with the keys; not with their values, which may be secret.
pub(super) fn altered_json(resource: &ConfigResource, set: &[String], deleted: &[String]) -> String {
    let kind = kind_name(resource.kind);
    format!("{}\n", json!({ "type": kind, "name": resource.name, "set": set, "deleted": deleted }))
}

/// A paragraph per entity: keys set on it, or all.
pub(super) fn describe(entities: &mut [Entity], all: bool, as_json: bool) -> String {
    let mut out = String::new();
    let mut values = Vec::new();
    for Entity { resource, entries } in entities {
        entries.sort_by(|one, other| one.name.cmp(&other.name));
        // Every logger has a level of its own.
        let every = all || resource.kind == ConfigResourceType::BrokerLogger;
        let shown: Vec<&ConfigEntry> =
            if every { entries.iter().collect() } else { dynamic(resource, entries).collect() };
        if as_json {
            values.push(entity_json(resource, &shown));
            continue;
        }
        out.push_str(&title(resource, all));
        for entry in shown {
            out.push_str(&line(entry));
        }
    }
    if as_json { format!("{}\n", Value::from(values)) } else { out }
}

fn title(resource: &ConfigResource, all: bool) -> String {
    let kind = kind_name(resource.kind);
    match (resource.name.as_str(), all) {
        ("", _) => format!("Default configs for {kind}s in the cluster are:\n"),
        (name, true) => format!("All configs for {kind} {name} are:\n"),
        (name, false) => format!("Dynamic configs for {kind} {name} are:\n"),
    }
}

fn line(entry: &ConfigEntry) -> String {
    let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "null".to_owned());
    let mut synonyms = String::new();
    for synonym in &entry.synonyms {
        let comma = if synonyms.is_empty() { "" } else { ", " };
        let source = ConfigEntry::source_name(synonym.source);
        write!(synonyms, "{comma}{source}:{}={}", synonym.name, text(&synonym.value)).expect("text grows");
    }
    format!(
        "  {}={} sensitive={} synonyms={{{synonyms}}}\n",
        entry.name,
        text(&entry.value),
        entry.is_sensitive
    )
}

fn entity_json(resource: &ConfigResource, entries: &[&ConfigEntry]) -> Value {
    let configs: Vec<Value> = entries
        .iter()
        .map(|entry| {
            let synonyms: Vec<Value> = entry
                .synonyms
                .iter()
                .map(|synonym| {
                    let source = ConfigEntry::source_name(synonym.source);
                    json!({ "name": synonym.name, "value": synonym.value, "source": source })
                })
                .collect();
            json!({
                "name": entry.name,
                "value": entry.value,
                "source": ConfigEntry::source_name(entry.source),
                "sensitive": entry.is_sensitive,
                "synonyms": synonyms,
            })
        })
        .collect();
    json!({ "type": kind_name(resource.kind), "name": resource.name, "configs": configs })
}

#[cfg(test)]
mod tests {
    use klamm_client::ConfigSynonym;

    use super::*;

    fn entry(name: &str, value: Option<&str>, source: i8, synonyms: &[(&str, i8)]) -> ConfigEntry {
        let value = value.map(str::to_owned);
        let synonyms = synonyms.iter().map(|(name, source)| ConfigSynonym {
            name: (*name).to_owned(),
            value: value.clone(),
            source: *source,
        });
        ConfigEntry {
            name: name.to_owned(),
            synonyms: synonyms.collect(),
            value,
            source,
            is_sensitive: source == 4,
            is_read_only: false,
            config_type: 0,
            documentation: None,
        }
    }

    fn entities() -> Vec<Entity> {
        let topic = vec![
            entry("segment.ms", Some("5"), 1, &[("segment.ms", 1)]),
            entry(
                "cleanup.policy",
                Some("compact,delete"),
                1,
                &[("cleanup.policy", 1), ("log.cleanup.policy", 5)],
            ),
            entry("flush.ms", Some("9"), 5, &[]),
        ];
        let broker =
            vec![entry("ssl.key.password", None, 4, &[]), entry("log.cleaner.threads", Some("2"), 3, &[])];
        vec![
            Entity { resource: ConfigResource::topic("orders"), entries: topic },
            Entity { resource: ConfigResource::broker(1), entries: broker.clone() },
            Entity { resource: ConfigResource::broker_default(), entries: broker },
        ]
    }

    #[test]
    fn what_was_set() {
        insta::assert_snapshot!(describe(&mut entities(), false, false), @r#"
        Dynamic configs for topic orders are:
          cleanup.policy=compact,delete sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:cleanup.policy=compact,delete, DEFAULT_CONFIG:log.cleanup.policy=compact,delete}
          segment.ms=5 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:segment.ms=5}
        Dynamic configs for broker 1 are:
        Default configs for brokers in the cluster are:
          log.cleaner.threads=2 sensitive=false synonyms={}
        "#);
    }

    #[test]
    fn everything() {
        insta::assert_snapshot!(describe(&mut entities()[..2], true, false), @r#"
        All configs for topic orders are:
          cleanup.policy=compact,delete sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:cleanup.policy=compact,delete, DEFAULT_CONFIG:log.cleanup.policy=compact,delete}
          flush.ms=9 sensitive=false synonyms={}
          segment.ms=5 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:segment.ms=5}
        All configs for broker 1 are:
          log.cleaner.threads=2 sensitive=false synonyms={}
          ssl.key.password=null sensitive=true synonyms={}
        "#);
        insta::assert_snapshot!(describe(&mut entities()[..1], false, true), @r#"[{"configs":[{"name":"cleanup.policy","sensitive":false,"source":"DYNAMIC_TOPIC_CONFIG","synonyms":[{"name":"cleanup.policy","source":"DYNAMIC_TOPIC_CONFIG","value":"compact,delete"},{"name":"log.cleanup.policy","source":"DEFAULT_CONFIG","value":"compact,delete"}],"value":"compact,delete"},{"name":"segment.ms","sensitive":false,"source":"DYNAMIC_TOPIC_CONFIG","synonyms":[{"name":"segment.ms","source":"DYNAMIC_TOPIC_CONFIG","value":"5"}],"value":"5"}],"name":"orders","type":"topic"}]"#);
    }

    #[test]
    fn what_was_changed() {
        let check = |resource, expected: &str| assert_eq!(altered(&resource), expected);
        check(ConfigResource::topic("orders"), "Completed updating config for topic orders.\n");
        check(ConfigResource::broker(1), "Completed updating config for broker 1.\n");
        check(
            ConfigResource::broker_default(),
            "Completed updating default config for brokers in the cluster.\n",
        );
        let set = ["segment.ms".to_owned()];
        insta::assert_snapshot!(altered_json(&ConfigResource::topic("orders"), &set, &[]), @r#"{"deleted":[],"name":"orders","set":["segment.ms"],"type":"topic"}"#);
    }
}
