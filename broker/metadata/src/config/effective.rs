//! The value that counts: what was set on a resource, then on the broker, then in its file, then the default.
//! Not here: answers to DescribeConfigs.

use std::collections::BTreeMap;

use super::definition::{Definition, Definitions, Synonym};
use super::value::{Kind, Value};
use crate::image::{ConfigResource, ConfigsImage, ResourceType};

/// Where a value comes from, with Kafka's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i8)]
pub enum Source {
    /// Set on the topic.
    Topic = 1,
    /// Set on the broker while it ran.
    DynamicBroker = 2,
    /// Set on all brokers while they ran.
    DynamicDefaultBroker = 3,
    /// In the broker's file.
    StaticBroker = 4,
    /// Nobody said anything.
    Default = 5,
    /// Set on a client metrics subscription.
    ClientMetrics = 7,
    /// Set on a group.
    Group = 8,
}

/// One place that names a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The key there.
    pub name: &'static str,
    /// The value; `None` is null.
    pub value: Option<String>,
    /// The place.
    pub source: Source,
}

/// What a broker knows of configuration: its file, and what was set while it ran.
#[derive(Clone, Copy, Debug)]
pub struct Configs<'a> {
    /// The broker's file.
    pub file: &'a BTreeMap<String, String>,
    /// What was set.
    pub image: &'a ConfigsImage,
    /// The broker's id.
    pub node_id: i32,
}

impl Configs<'_> {
    /// Every place that names a value for this key of `resource`, the one that counts first.
    pub fn origins(&self, resource: &ConfigResource, definition: &Definition) -> Vec<Origin> {
        let mut origins = Vec::new();
        let own = match resource.kind {
            ResourceType::Topic => Some(Source::Topic),
            ResourceType::Group => Some(Source::Group),
            ResourceType::ClientMetrics => Some(Source::ClientMetrics),
            ResourceType::Broker | ResourceType::BrokerLogger => None,
        };
        let Some(own) = own else {
            let default_only = resource.name.is_empty();
            self.broker_origins(Synonym { name: definition.name, factor: 1 }, default_only, &mut origins);
            for synonym in &definition.synonyms {
                self.broker_origins(*synonym, default_only, &mut origins);
            }
            push_default(definition, &mut origins);
            return origins;
        };
        if let Some(value) = self.image.value(resource, definition.name) {
            origins.push(Origin { name: definition.name, value: Some(value.to_owned()), source: own });
        }
        for synonym in &definition.synonyms {
            self.broker_origins(*synonym, false, &mut origins);
        }
        push_default(definition, &mut origins);
        origins
    }

    fn broker_origins(&self, key: Synonym, default_only: bool, origins: &mut Vec<Origin>) {
        let broker = |name: String| ConfigResource::new(ResourceType::Broker, name);
        let set = |name: String| self.image.value(&broker(name), key.name);
        let own = if default_only { None } else { set(self.node_id.to_string()) };
        let places = [
            (own, Source::DynamicBroker),
            (set(String::new()), Source::DynamicDefaultBroker),
            (self.file.get(key.name).map(String::as_str).filter(|_| !default_only), Source::StaticBroker),
        ];
        for (value, source) in places {
            if let Some(value) = value {
                origins.push(Origin { name: key.name, value: Some(value.to_owned()), source });
            }
        }
    }

    /// The text that counts for this key of `resource`, in the key's own unit.
    pub fn text(&self, resource: &ConfigResource, definition: &Definition) -> Option<String> {
        let origin = self.origins(resource, definition).into_iter().next()?;
        let factor =
            definition.synonyms.iter().find(|synonym| synonym.name == origin.name).map_or(1, |s| s.factor);
        let text = origin.value?;
        match text.trim().parse::<i64>() {
            Ok(number) if factor != 1 && number > 0 => Some(number.saturating_mul(factor).to_string()),
            _ => Some(text),
        }
    }

    /// The value that counts for a key of a topic.
    ///
    /// # Panics
    /// There is no such key, or what was stored is not a value of it: both were checked on the way in.
    pub fn topic_value(&self, topic: &str, name: &str) -> Value {
        let definition = Definitions::topic().get(name).expect("the caller names a key of topics");
        let resource = ConfigResource::new(ResourceType::Topic, topic);
        let text = self.text(&resource, definition).unwrap_or_default();
        definition.kind.value(name, &text).expect("values are checked before they are stored")
    }

    /// A number of a topic's key.
    pub fn topic_number(&self, topic: &str, name: &str) -> i64 {
        match self.topic_value(topic, name) {
            Value::Number(number) => number,
            other => unreachable!("{name} is a number, not {other:?}"),
        }
    }

    /// A text of a topic's key.
    pub fn topic_text(&self, topic: &str, name: &str) -> String {
        match self.topic_value(topic, name) {
            Value::Text(text) => text,
            other => unreachable!("{name} is a text, not {other:?}"),
        }
    }

    /// The items of a topic's list.
    pub fn topic_list(&self, topic: &str, name: &str) -> Vec<String> {
        match self.topic_value(topic, name) {
            Value::List(items) => items,
            other => unreachable!("{name} is a list, not {other:?}"),
        }
    }
}

fn push_default(definition: &Definition, origins: &mut Vec<Origin>) {
    if definition.default.is_some() || origins.is_empty() {
        let value = definition.default.map(str::to_owned);
        origins.push(Origin { name: definition.name, value, source: Source::Default });
    }
}

/// Whether the value is never shown.
pub fn is_sensitive(definition: &Definition) -> bool {
    definition.kind == Kind::Password
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(file: &[(&str, &str)], set: &[(ResourceType, &str, &str, &str)], key: &str, expected: &str) {
        let file = file.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let mut image = ConfigsImage::default();
        for (kind, resource, name, value) in set {
            image.set(&ConfigResource::new(*kind, *resource), (*name).to_owned(), Some((*value).to_owned()));
        }
        let configs = Configs { file: &file, image: &image, node_id: 1 };
        let definition = Definitions::topic().get(key).expect("a key");
        let text = configs.text(&ConfigResource::new(ResourceType::Topic, "t"), definition);
        assert_eq!(text.as_deref(), Some(expected));
    }

    #[test]
    fn the_nearest_place_counts() {
        use ResourceType::{Broker, Topic};
        check(&[], &[], "retention.ms", "604800000");
        check(&[("log.retention.hours", "2")], &[], "retention.ms", "7200000");
        check(&[("log.retention.hours", "2"), ("log.retention.ms", "5")], &[], "retention.ms", "5");
        check(&[("log.retention.hours", "-1")], &[], "retention.ms", "-1");
        check(&[("log.retention.ms", "5")], &[(Broker, "", "log.retention.ms", "6")], "retention.ms", "6");
        check(
            &[],
            &[
                (Broker, "", "log.retention.ms", "6"),
                (Broker, "1", "log.retention.ms", "7"),
                (Broker, "2", "log.retention.ms", "8"),
            ],
            "retention.ms",
            "7",
        );
        check(
            &[],
            &[(Broker, "1", "log.retention.ms", "7"), (Topic, "t", "retention.ms", "9")],
            "retention.ms",
            "9",
        );
    }
}
