//! Topics in Kafka's columns, or as JSON. Not here: asking for them.

use std::fmt::Write as _;

use klamm_client::{ConfigEntry, PartitionDescription, TopicDescription};
use serde_json::{Value, json};

/// Which topics and partitions of a description are shown.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Filter {
    /// Topics with a configuration of their own, without partitions.
    pub(super) overrides: bool,
    /// Partitions without a leader.
    pub(super) unavailable: bool,
    /// Partitions with replicas out of sync.
    pub(super) under_replicated: bool,
    /// Partitions below min.insync.replicas.
    pub(super) under_min_isr: bool,
    /// Partitions at min.insync.replicas.
    pub(super) at_min_isr: bool,
}

impl Filter {
    fn by_partition(self) -> bool {
        self.unavailable || self.under_replicated || self.under_min_isr || self.at_min_isr
    }

    fn shows(self, partition: &PartitionDescription, min_isr: usize) -> bool {
        let in_sync = partition.isr.len();
        !self.by_partition()
            || self.unavailable && partition.leader.is_none()
            || self.under_replicated && in_sync < partition.replicas.len()
            || self.under_min_isr && in_sync < min_isr
            || self.at_min_isr && in_sync == min_isr
    }
}

/// Names, one a line.
pub(super) fn list(names: &[String], as_json: bool) -> String {
    if as_json {
        return format!("{}\n", json!(names));
    }
    names.iter().map(|name| format!("{name}\n")).collect()
}

/// What became of topics, or why nothing did, as JSON.
pub(super) fn outcomes(outcomes: &[(String, Result<&str, String>)]) -> String {
    let value = |(name, outcome): &(String, Result<&str, String>)| match outcome {
        Ok(outcome) => json!({ "topic": name, "outcome": outcome }),
        Err(error) => json!({ "topic": name, "error": error }),
    };
    format!("{}\n", outcomes.iter().map(value).collect::<Value>())
}

/// Topics, and their partitions indented below them.
pub(super) fn describe(
    topics: &[(TopicDescription, Vec<ConfigEntry>)],
    filter: Filter,
    as_json: bool,
) -> String {
    let mut out = String::new();
    let mut values = Vec::new();
    for (topic, entries) in topics {
        let set: Vec<&ConfigEntry> = entries.iter().filter(|entry| !entry.is_default()).collect();
        if filter.overrides && set.is_empty() {
            continue;
        }
        let shown: Vec<&PartitionDescription> = topic
            .partitions
            .iter()
            .filter(|partition| !filter.overrides && filter.shows(partition, min_isr(entries)))
            .collect();
        if as_json {
            values.push(topic_json(topic, &set, &shown));
            continue;
        }
        if !filter.by_partition() {
            out.push_str(&topic_line(topic, &set));
        }
        for partition in shown {
            out.push_str(&partition_line(&topic.name, partition));
        }
    }
    if as_json { format!("{}\n", Value::from(values)) } else { out }
}

fn min_isr(entries: &[ConfigEntry]) -> usize {
    let entry = entries.iter().find(|entry| entry.name == "min.insync.replicas");
    entry.and_then(|entry| entry.value.as_deref()?.parse().ok()).unwrap_or(1)
}

fn topic_line(topic: &TopicDescription, set: &[&ConfigEntry]) -> String {
    let pair = |entry: &&ConfigEntry| format!("{}={}", entry.name, entry.value.as_deref().unwrap_or("null"));
    let configs: Vec<String> = set.iter().map(pair).collect();
    format!(
        "Topic: {}\tTopicId: {}\tPartitionCount: {}\tReplicationFactor: {}\tConfigs: {}\n",
        topic.name,
        topic.topic_id,
        topic.partitions.len(),
        topic.partitions.first().map_or(0, |partition| partition.replicas.len()),
        configs.join(",")
    )
}

fn partition_line(topic: &str, partition: &PartitionDescription) -> String {
    let ids = |ids: &[i32]| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let maybe = |known: &Option<Vec<i32>>| known.as_deref().map_or_else(|| "N/A".to_owned(), ids);
    let mut line = format!("\tTopic: {topic}\tPartition: {}\tLeader: ", partition.partition);
    match partition.leader {
        Some(leader) => write!(line, "{leader}"),
        None => write!(line, "none"),
    }
    .expect("text grows");
    writeln!(
        line,
        "\tReplicas: {}\tIsr: {}\tElr: {}\tLastKnownElr: {}",
        ids(&partition.replicas),
        ids(&partition.isr),
        maybe(&partition.elr),
        maybe(&partition.last_known_elr)
    )
    .expect("text grows");
    line
}

fn topic_json(topic: &TopicDescription, set: &[&ConfigEntry], shown: &[&PartitionDescription]) -> Value {
    let configs: serde_json::Map<String, Value> =
        set.iter().map(|entry| (entry.name.clone(), json!(entry.value))).collect();
    let partitions: Vec<Value> = shown
        .iter()
        .map(|partition| {
            json!({
                "partition": partition.partition,
                "leader": partition.leader,
                "replicas": partition.replicas,
                "isr": partition.isr,
                "elr": partition.elr,
                "lastKnownElr": partition.last_known_elr,
            })
        })
        .collect();
    json!({
        "topic": topic.name,
        "topicId": topic.topic_id.to_string(),
        "internal": topic.is_internal,
        "configs": configs,
        "partitions": partitions,
    })
}

#[cfg(test)]
mod tests {
    use klamm_protocol::Uuid;

    use super::*;

    fn topics() -> Vec<(TopicDescription, Vec<ConfigEntry>)> {
        let partition = |partition, leader, isr: &[i32]| PartitionDescription {
            partition,
            leader,
            replicas: vec![1, 2],
            isr: isr.to_vec(),
            elr: Some(Vec::new()),
            last_known_elr: Some(Vec::new()),
            ..Default::default()
        };
        let orders = TopicDescription {
            name: "orders".to_owned(),
            topic_id: Uuid::METADATA_TOPIC,
            is_internal: false,
            partitions: vec![partition(0, Some(1), &[1, 2]), partition(1, None, &[])],
        };
        let plain = TopicDescription {
            name: "plain".to_owned(),
            partitions: vec![PartitionDescription { elr: None, ..partition(0, Some(2), &[2]) }],
            ..orders
        };
        let entry = |name: &str, value: &str, source| ConfigEntry {
            name: name.to_owned(),
            value: Some(value.to_owned()),
            source,
            is_sensitive: false,
            is_read_only: false,
            config_type: 0,
            synonyms: Vec::new(),
            documentation: None,
        };
        let set =
            vec![entry("min.insync.replicas", "1", 3), entry("retention.ms", "5", 1), entry("a", "b", 5)];
        vec![(orders, set), (plain, vec![entry("min.insync.replicas", "1", 5)])]
    }

    #[test]
    fn columns() {
        insta::assert_snapshot!(describe(&topics(), Filter::default(), false), @r#"
        Topic: orders	TopicId: AAAAAAAAAAAAAAAAAAAAAQ	PartitionCount: 2	ReplicationFactor: 2	Configs: min.insync.replicas=1,retention.ms=5
        	Topic: orders	Partition: 0	Leader: 1	Replicas: 1,2	Isr: 1,2	Elr: 	LastKnownElr: 
        	Topic: orders	Partition: 1	Leader: none	Replicas: 1,2	Isr: 	Elr: 	LastKnownElr: 
        Topic: plain	TopicId: AAAAAAAAAAAAAAAAAAAAAQ	PartitionCount: 1	ReplicationFactor: 2	Configs: 
        	Topic: plain	Partition: 0	Leader: 2	Replicas: 1,2	Isr: 2	Elr: N/A	LastKnownElr:
        "#);
        insta::assert_snapshot!(list(&["a".to_owned(), "b".to_owned()], false), @r#"
        a
        b
        "#);
    }

    #[test]
    fn filters() {
        let check = |filter: Filter, expected: &[&str]| {
            let text = describe(&topics(), filter, false);
            let lines: Vec<&str> =
                text.lines().map(|line| line.split("\tLeader").next().unwrap_or("")).collect();
            assert_eq!(lines.len(), expected.len(), "{text}");
            for (line, part) in lines.iter().zip(expected) {
                assert!(line.contains(part), "{line} {part}");
            }
        };
        let none = Filter::default();
        check(Filter { overrides: true, ..none }, &["Topic: orders\tTopicId"]);
        check(Filter { unavailable: true, ..none }, &["orders\tPartition: 1"]);
        check(Filter { under_replicated: true, ..none }, &["orders\tPartition: 1", "plain\tPartition: 0"]);
        check(Filter { under_min_isr: true, ..none }, &["orders\tPartition: 1"]);
        check(Filter { at_min_isr: true, ..none }, &["plain\tPartition: 0"]);
    }

    #[test]
    fn json_has_the_same() {
        insta::assert_snapshot!(describe(&topics()[..1], Filter::default(), true), @r#"[{"configs":{"min.insync.replicas":"1","retention.ms":"5"},"internal":false,"partitions":[{"elr":[],"isr":[1,2],"lastKnownElr":[],"leader":1,"partition":0,"replicas":[1,2]},{"elr":[],"isr":[],"lastKnownElr":[],"leader":null,"partition":1,"replicas":[1,2]}],"topic":"orders","topicId":"AAAAAAAAAAAAAAAAAAAAAQ"}]"#);
        insta::assert_snapshot!(list(&["a".to_owned()], true), @r#"["a"]"#);
        let made = [("a".to_owned(), Ok("created")), ("b".to_owned(), Err("no".to_owned()))];
        insta::assert_snapshot!(outcomes(&made), @r#"[{"outcome":"created","topic":"a"},{"error":"no","topic":"b"}]"#);
    }
}
