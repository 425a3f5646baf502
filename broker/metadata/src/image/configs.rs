//! Configuration that was set on resources. Not here: defaults and how they are looked up.

use std::collections::BTreeMap;

/// What can be configured, with Kafka's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(i8)]
pub enum ResourceType {
    /// A topic.
    Topic = 2,
    /// A broker by id, or all of them by the empty name.
    Broker = 4,
    /// Levels of a broker's loggers; never stored.
    BrokerLogger = 8,
    /// A client metrics subscription (KIP-714).
    ClientMetrics = 16,
    /// A group.
    Group = 32,
}

impl ResourceType {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Topic, Self::Broker, Self::BrokerLogger, Self::ClientMetrics, Self::Group];

    /// The type with Kafka's number `code`.
    pub fn from_code(code: i8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Kafka's number.
    pub fn code(self) -> i8 {
        self as i8
    }
}

/// One resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConfigResource {
    /// What it is.
    pub kind: ResourceType,
    /// Its name; a broker's is its id in digits.
    pub name: String,
}

impl ConfigResource {
    /// A resource of `kind` with that name.
    pub fn new(kind: ResourceType, name: impl Into<String>) -> Self {
        Self { kind, name: name.into() }
    }
}

/// All that was set, by resource and key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfigsImage(pub(crate) BTreeMap<ConfigResource, BTreeMap<String, String>>);

impl ConfigsImage {
    /// What was set on `resource`.
    pub fn of(&self, resource: &ConfigResource) -> Option<&BTreeMap<String, String>> {
        self.0.get(resource)
    }

    /// One key of `resource`, if it was set.
    pub fn value(&self, resource: &ConfigResource, name: &str) -> Option<&str> {
        self.0.get(resource)?.get(name).map(String::as_str)
    }

    /// Resources on which something was set.
    pub fn resources(&self) -> impl Iterator<Item = &ConfigResource> {
        self.0.keys()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&ConfigResource, &BTreeMap<String, String>)> {
        self.0.iter()
    }

    pub(crate) fn set(&mut self, resource: &ConfigResource, name: String, value: Option<String>) {
        let values = self.0.entry(resource.clone()).or_default();
        match value {
            Some(value) => values.insert(name, value),
            None => values.remove(&name),
        };
        if values.is_empty() {
            self.0.remove(resource);
        }
    }

    pub(crate) fn remove(&mut self, resource: &ConfigResource) {
        self.0.remove(resource);
    }
}
