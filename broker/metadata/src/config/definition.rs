//! The tables of configuration keys, one per kind of resource, read from `tables/`. Not here: rules for values.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::value::{InvalidValue, Kind, Rule, Value};

/// How much a key matters, as Kafka says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Importance {
    /// Most people should look at it.
    High,
    /// Some.
    Medium,
    /// Few.
    Low,
}

/// How a broker's key may change while the broker runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpdateMode {
    /// Never.
    ReadOnly,
    /// For one broker, or for all.
    PerBroker,
    /// For all brokers, or for one.
    ClusterWide,
    /// Belongs to the resource itself: a topic, a group.
    PerResource,
}

/// A broker key that stands in for a key that is not set, and what its value is multiplied with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Synonym {
    /// The broker's key.
    pub name: &'static str,
    /// Units of the key in one unit of the synonym.
    pub factor: i64,
}

/// One key.
#[derive(Clone, Debug)]
pub struct Definition {
    /// Its name.
    pub name: &'static str,
    /// The type of its values.
    pub kind: Kind,
    /// Its default as text; `None` is null.
    pub default: Option<&'static str>,
    /// Whether a value must be given.
    pub required: bool,
    /// What values are allowed beyond their type.
    pub rule: Rule,
    /// How much it matters.
    pub importance: Importance,
    /// How it may change.
    pub update_mode: UpdateMode,
    /// Left out of descriptions.
    pub internal: bool,
    /// Broker keys looked at when it is not set, in order.
    pub synonyms: Vec<Synonym>,
}

impl Definition {
    fn parse(line: &'static str) -> Option<Self> {
        let mut columns = line.split('|').map(str::trim);
        let mut next = || columns.next();
        Some(Self {
            name: next()?,
            kind: Kind::parse(next()?)?,
            required: false,
            default: match next()? {
                "null" | "(required)" => None,
                "(empty)" => Some(""),
                text => Some(text),
            },
            rule: Rule::parse(next()?)?,
            importance: match next()? {
                "high" => Importance::High,
                "medium" => Importance::Medium,
                _ => Importance::Low,
            },
            update_mode: match next()? {
                "read-only" => UpdateMode::ReadOnly,
                "per-broker" => UpdateMode::PerBroker,
                "cluster-wide" => UpdateMode::ClusterWide,
                _ => UpdateMode::PerResource,
            },
            internal: next()? == "internal",
            synonyms: next()?.split(',').filter(|name| *name != "-").map(parse_synonym).collect(),
        })
        .map(|definition| Self { required: line.contains("(required)"), ..definition })
    }

    /// Reads `text` as a value of this key.
    ///
    /// # Errors
    /// The text has not the key's type, or is outside what the key allows.
    pub fn value(&self, text: &str) -> Result<Value, InvalidValue> {
        let value = self.kind.value(self.name, text)?;
        self.rule.check(self.name, text, &value)?;
        Ok(value)
    }
}

fn parse_synonym(text: &'static str) -> Synonym {
    match text.split_once('*') {
        Some((name, factor)) => Synonym { name, factor: factor.parse().expect("tables hold whole factors") },
        None => Synonym { name: text, factor: 1 },
    }
}

/// All keys of one kind of resource, by name.
#[derive(Debug)]
pub struct Definitions(BTreeMap<&'static str, Definition>);

macro_rules! table {
    ($(#[$doc:meta])* $name:ident, $file:literal) => {
        $(#[$doc])*
        pub fn $name() -> &'static Definitions {
            static TABLE: LazyLock<Definitions> = LazyLock::new(|| Definitions::parse(include_str!($file)));
            &TABLE
        }
    };
}

impl Definitions {
    table!(
        /// Keys of a broker or controller.
        broker,
        "tables/broker.txt"
    );
    table!(
        /// Keys of a topic.
        topic,
        "tables/topic.txt"
    );
    table!(
        /// Keys of a group.
        group,
        "tables/group.txt"
    );
    table!(
        /// Keys of a client metrics subscription (KIP-714).
        client_metrics,
        "tables/client_metrics.txt"
    );

    fn parse(table: &'static str) -> Self {
        let lines = table.lines().filter(|line| !line.starts_with('#'));
        let definitions = lines.map(|line| Definition::parse(line).expect("tables are complete"));
        Self(definitions.map(|definition| (definition.name, definition)).collect())
    }

    /// The key of that name.
    pub fn get(&self, name: &str) -> Option<&Definition> {
        self.0.get(name)
    }

    /// All keys, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Definition> {
        self.0.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_is_a_value_that_its_key_allows() {
        for table in
            [Definitions::broker(), Definitions::topic(), Definitions::group(), Definitions::client_metrics()]
        {
            for definition in table.iter() {
                // An empty default stands for "not given", also where an empty value may not be given.
                if let Some(default) = definition.default.filter(|default| !default.is_empty()) {
                    definition.value(default).map_err(|error| error.to_string()).expect(definition.name);
                }
            }
        }
    }

    #[test]
    fn synonyms_of_topic_keys_are_broker_keys() {
        for definition in Definitions::topic().iter() {
            for synonym in &definition.synonyms {
                assert!(Definitions::broker().get(synonym.name).is_some(), "{}", synonym.name);
            }
        }
        let retention = Definitions::topic().get("retention.ms").expect("a key of topics");
        assert_eq!(retention.synonyms[2], Synonym { name: "log.retention.hours", factor: 3_600_000 });
    }
}
