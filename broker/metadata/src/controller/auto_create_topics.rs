//! Topics made because somebody asked for them (`auto.create.topics.enable`): those in which Kafka keeps its own state
//! are made by keys of their own. Not here: what is checked of a new topic.

use std::collections::BTreeMap;

use klamm_protocol::ErrorCode;
use klamm_protocol::create_topics_request::{CreatableTopic, CreatableTopicConfig, CreateTopicsRequest};

use super::{CreateTopics, Outcome, PARTITIONS_PER_REQUEST_MAX, create_topics};
use crate::config::{Configs, Definitions};
use crate::image::{ConfigResource, ResourceType};

/// Decides which topics are made of those that a client asked for and that are not there. The answer has a code for
/// each that was decided about: no more of them than one request may make, the first ones.
pub fn auto_create_topics(
    context: &mut CreateTopics<'_>,
    names: &[String],
) -> Outcome<BTreeMap<String, ErrorCode>> {
    let mut partitions: usize = 0;
    let mut topics = Vec::new();
    for name in names {
        let topic = automatic_topic(&context.configs, name);
        let count = if topic.num_partitions < 0 { context.partitions_default } else { topic.num_partitions };
        partitions = partitions.saturating_add(usize::try_from(count).unwrap_or(0));
        // The first one is decided about, however many partitions a topic has.
        if partitions > PARTITIONS_PER_REQUEST_MAX && !topics.is_empty() {
            break;
        }
        topics.push(topic);
    }
    let request = CreateTopicsRequest { topics, ..CreateTopicsRequest::default() };
    let outcome = create_topics(context, &request);
    let codes = outcome.response.topics.into_iter().map(|topic| (topic.name, topic.error_code));
    Outcome { records: outcome.records, response: codes.collect() }
}

/// Where the broker's keys for a topic of Kafka's own are, and what else such a topic needs.
struct InternalTopic {
    partitions: &'static str,
    replication_factor: &'static str,
    /// Configurations whose value a broker's key gives.
    configs_by_key: &'static [(&'static str, &'static str)],
    configs: &'static [(&'static str, &'static str)],
}

const CONSUMER_OFFSETS: InternalTopic = InternalTopic {
    partitions: "offsets.topic.num.partitions",
    replication_factor: "offsets.topic.replication.factor",
    configs_by_key: &[("segment.bytes", "offsets.topic.segment.bytes")],
    configs: &[("cleanup.policy", "compact"), ("compression.type", "producer")],
};

const TRANSACTION_STATE: InternalTopic = InternalTopic {
    partitions: "transaction.state.log.num.partitions",
    replication_factor: "transaction.state.log.replication.factor",
    configs_by_key: &[
        ("segment.bytes", "transaction.state.log.segment.bytes"),
        ("min.insync.replicas", "transaction.state.log.min.isr"),
    ],
    configs: &[
        ("cleanup.policy", "compact"),
        ("compression.type", "uncompressed"),
        ("unclean.leader.election.enable", "false"),
    ],
};

const SHARE_GROUP_STATE: InternalTopic = InternalTopic {
    partitions: "share.coordinator.state.topic.num.partitions",
    replication_factor: "share.coordinator.state.topic.replication.factor",
    configs_by_key: &[
        ("segment.bytes", "share.coordinator.state.topic.segment.bytes"),
        ("min.insync.replicas", "share.coordinator.state.topic.min.isr"),
    ],
    configs: &[("cleanup.policy", "delete"), ("compression.type", "uncompressed"), ("retention.ms", "-1")],
};

fn automatic_topic(configs: &Configs<'_>, name: &str) -> CreatableTopic {
    let internal = match name {
        "__consumer_offsets" => CONSUMER_OFFSETS,
        "__transaction_state" => TRANSACTION_STATE,
        "__share_group_state" => SHARE_GROUP_STATE,
        _ => {
            return CreatableTopic {
                name: name.to_owned(),
                num_partitions: -1,
                replication_factor: -1,
                ..CreatableTopic::default()
            };
        }
    };
    let by_key = internal.configs_by_key.iter().map(|(config, key)| (*config, broker_text(configs, key)));
    let fixed = internal.configs.iter().map(|(config, value)| (*config, (*value).to_owned()));
    let config = |(name, value): (&str, String)| CreatableTopicConfig {
        name: name.to_owned(),
        value: Some(value),
        ..CreatableTopicConfig::default()
    };
    CreatableTopic {
        name: name.to_owned(),
        num_partitions: broker_number(configs, internal.partitions),
        replication_factor: broker_number(configs, internal.replication_factor),
        configs: by_key.chain(fixed).map(config).collect(),
        ..CreatableTopic::default()
    }
}

fn broker_text(configs: &Configs<'_>, key: &str) -> String {
    let definition = Definitions::broker().get(key).expect("a key of Kafka's brokers");
    let broker = ConfigResource::new(ResourceType::Broker, configs.node_id.to_string());
    configs.text(&broker, definition).expect("each of these keys has a default").trim().to_owned()
}

fn broker_number<N: std::str::FromStr>(configs: &Configs<'_>, key: &str) -> N {
    let text = broker_text(configs, key);
    text.parse().unwrap_or_else(|_| unreachable!("{key} is checked at start, and {text} is no number"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::ConfigsImage;

    fn check(file: &[(&str, &str)], name: &str, partitions: i32, factor: i16, expected: &[(&str, &str)]) {
        let file = file.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let image = ConfigsImage::default();
        let topic = automatic_topic(&Configs { file: &file, image: &image, node_id: 1 }, name);
        assert_eq!((topic.num_partitions, topic.replication_factor), (partitions, factor), "{name}");
        let found: BTreeMap<_, _> =
            topic.configs.iter().map(|one| (one.name.as_str(), one.value.as_deref().unwrap_or(""))).collect();
        assert_eq!(found, expected.iter().copied().collect(), "{name}");
    }

    #[test]
    fn internal_topics_are_made_by_keys_of_their_own() {
        check(&[("offsets.topic.num.partitions", "3")], "t", -1, -1, &[]);
        check(
            &[
                ("offsets.topic.num.partitions", "3"),
                ("offsets.topic.replication.factor", "1"),
                ("offsets.topic.segment.bytes", "2097152"),
            ],
            "__consumer_offsets",
            3,
            1,
            &[("cleanup.policy", "compact"), ("compression.type", "producer"), ("segment.bytes", "2097152")],
        );
        check(
            &[("transaction.state.log.min.isr", "1")],
            "__transaction_state",
            50,
            3,
            &[
                ("cleanup.policy", "compact"),
                ("compression.type", "uncompressed"),
                ("min.insync.replicas", "1"),
                ("segment.bytes", "104857600"),
                ("unclean.leader.election.enable", "false"),
            ],
        );
        check(
            &[],
            "__share_group_state",
            50,
            3,
            &[
                ("cleanup.policy", "delete"),
                ("compression.type", "uncompressed"),
                ("min.insync.replicas", "2"),
                ("retention.ms", "-1"),
                ("segment.bytes", "104857600"),
            ],
        );
    }
}
