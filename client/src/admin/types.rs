//! What Admin takes and gives. Not here: the messages of the wire.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use klamm_client_core::Partition;
use klamm_protocol::{ApiKey, Uuid};

/// A topic to be created.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct NewTopic {
    /// Its name.
    pub name: String,
    /// Partitions; `None` takes the broker's default.
    pub num_partitions: Option<i32>,
    /// Replicas of each; `None` takes the broker's default.
    pub replication_factor: Option<i16>,
    /// Brokers by partition, in place of the two above.
    pub replica_assignment: BTreeMap<i32, Vec<i32>>,
    /// Configuration that differs from the defaults.
    pub configs: BTreeMap<String, String>,
}

impl NewTopic {
    /// A topic of so many partitions and replicas.
    pub fn new(name: impl Into<String>, num_partitions: i32, replication_factor: i16) -> Self {
        NewTopic {
            name: name.into(),
            num_partitions: Some(num_partitions),
            replication_factor: Some(replication_factor),
            ..NewTopic::default()
        }
    }

    /// The same with a configuration.
    #[must_use]
    pub fn config(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.configs.insert(key.into(), value.into());
        self
    }
}

/// A topic that was created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatedTopic {
    /// Its id; zero from brokers before 2.8.
    pub topic_id: Uuid,
    /// Partitions; -1 if the broker does not say.
    pub num_partitions: i32,
    /// Replicas; -1 if the broker does not say.
    pub replication_factor: i16,
}

/// Partitions to be added.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct NewPartitions {
    /// How many there shall be in all.
    pub total_count: i32,
    /// Brokers of each new partition.
    pub assignments: Option<Vec<Vec<i32>>>,
}

/// A broker.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Node {
    /// Its id.
    pub id: i32,
    /// Host it is reached at.
    pub host: String,
    /// Port.
    pub port: i32,
    /// Its rack.
    pub rack: Option<String>,
    /// Whether it is fenced (only shown when asked for).
    pub is_fenced: bool,
}

/// The cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterDescription {
    /// Its id.
    pub cluster_id: String,
    /// The broker that takes the controller's requests.
    pub controller_id: Option<i32>,
    /// Its brokers by id.
    pub nodes: Vec<Node>,
}

/// A topic of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicListing {
    /// Its name.
    pub name: String,
    /// Its id; zero from brokers before 2.8.
    pub topic_id: Uuid,
    /// Whether the cluster uses it itself.
    pub is_internal: bool,
}

/// A topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicDescription {
    /// Its name.
    pub name: String,
    /// Its id; zero from brokers before 2.8.
    pub topic_id: Uuid,
    /// Whether the cluster uses it itself.
    pub is_internal: bool,
    /// Its partitions by number.
    pub partitions: Vec<PartitionDescription>,
}

/// A partition.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct PartitionDescription {
    /// Its number.
    pub partition: i32,
    /// The leader, if there is one.
    pub leader: Option<i32>,
    /// The leader's epoch; -1 if the broker does not say.
    pub leader_epoch: i32,
    /// Brokers that hold it, the preferred leader first.
    pub replicas: Vec<i32>,
    /// Those in sync.
    pub isr: Vec<i32>,
    /// Those that are down.
    pub offline_replicas: Vec<i32>,
    /// Eligible leaders beyond the ISR (KIP-966), if the broker says.
    pub elr: Option<Vec<i32>>,
    /// The last known eligible leaders (KIP-966), if the broker says.
    pub last_known_elr: Option<Vec<i32>>,
}

impl PartitionDescription {
    /// What metadata tells, which knows nothing of eligible leaders.
    pub(crate) fn of(partition: i32, known: Partition) -> Self {
        let Partition { leader, leader_epoch, replicas, isr, offline_replicas } = known;
        PartitionDescription {
            partition,
            leader,
            leader_epoch,
            replicas,
            isr,
            offline_replicas,
            elr: None,
            last_known_elr: None,
        }
    }
}

/// What has a configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(i8)]
pub enum ConfigResourceType {
    /// A topic.
    Topic = 2,
    /// A broker; an empty name is the default of all brokers.
    Broker = 4,
    /// A broker's loggers.
    BrokerLogger = 8,
    /// Subscriptions of client metrics (KIP-714).
    ClientMetrics = 16,
    /// A group.
    Group = 32,
}

impl ConfigResourceType {
    /// Every type.
    pub const ALL: [Self; 5] =
        [Self::Topic, Self::Broker, Self::BrokerLogger, Self::ClientMetrics, Self::Group];

    pub(crate) fn from_number(number: i8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind as i8 == number)
    }
}

/// One thing that has a configuration.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConfigResource {
    /// Its kind.
    pub kind: ConfigResourceType,
    /// Its name: of the topic, or the broker's id.
    pub name: String,
}

impl ConfigResource {
    /// A topic's.
    pub fn topic(name: impl Into<String>) -> Self {
        ConfigResource { kind: ConfigResourceType::Topic, name: name.into() }
    }

    /// A broker's.
    pub fn broker(id: i32) -> Self {
        ConfigResource { kind: ConfigResourceType::Broker, name: id.to_string() }
    }

    /// The default of all brokers.
    pub fn broker_default() -> Self {
        ConfigResource { kind: ConfigResourceType::Broker, name: String::new() }
    }
}

/// A key's value and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigEntry {
    /// The key.
    pub name: String,
    /// The value; `None` if it is null or sensitive.
    pub value: Option<String>,
    /// Where the value comes from, Kafka's number: 1 topic, 2 broker, 3 all brokers, 4 server.properties, 5 default.
    pub source: i8,
    /// Whether the value is a secret.
    pub is_sensitive: bool,
    /// Whether it cannot be altered.
    pub is_read_only: bool,
    /// The type of the value, Kafka's number; 0 if the broker does not say.
    pub config_type: i8,
    /// What else would give a value, in order.
    pub synonyms: Vec<ConfigSynonym>,
    /// What the key is for, if asked for.
    pub documentation: Option<String>,
}

impl ConfigEntry {
    /// Whether nobody has set it.
    pub fn is_default(&self) -> bool {
        self.source == 5
    }

    /// The name that Kafka's tools print for the source.
    pub fn source_name(source: i8) -> &'static str {
        match source {
            1 => "DYNAMIC_TOPIC_CONFIG",
            2 => "DYNAMIC_BROKER_CONFIG",
            3 => "DYNAMIC_DEFAULT_BROKER_CONFIG",
            4 => "STATIC_BROKER_CONFIG",
            5 => "DEFAULT_CONFIG",
            6 => "DYNAMIC_BROKER_LOGGER_CONFIG",
            7 => "DYNAMIC_CLIENT_METRICS_CONFIG",
            8 => "DYNAMIC_GROUP_CONFIG",
            _ => "UNKNOWN",
        }
    }
}

/// A synonym of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigSynonym {
    /// The key.
    pub name: String,
    /// Its value.
    pub value: Option<String>,
    /// Where from: see [`ConfigEntry::source`].
    pub source: i8,
}

/// One change of a configuration (KIP-339).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlterConfigOp {
    /// Gives the key this value.
    Set(String, String),
    /// Gives the key its default.
    Delete(String),
    /// Adds to a list.
    Append(String, String),
    /// Takes from a list.
    Subtract(String, String),
}

/// Which offset of a partition is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OffsetSpec {
    /// The first there is.
    Earliest,
    /// The next to be written.
    Latest,
    /// That of the record with the largest timestamp (KIP-734).
    MaxTimestamp,
    /// The first that is on the broker's own disk (KIP-405).
    EarliestLocal,
    /// The last that is in tiered storage (KIP-1005).
    LatestTiered,
    /// The first that is not in tiered storage yet (KIP-1023).
    EarliestPendingUpload,
    /// The first not older than this time, in milliseconds since 1970.
    Timestamp(i64),
}

impl OffsetSpec {
    pub(crate) fn to_wire(self) -> i64 {
        match self {
            OffsetSpec::Latest => -1,
            OffsetSpec::Earliest => -2,
            OffsetSpec::MaxTimestamp => -3,
            OffsetSpec::EarliestLocal => -4,
            OffsetSpec::LatestTiered => -5,
            OffsetSpec::EarliestPendingUpload => -6,
            OffsetSpec::Timestamp(time) => time,
        }
    }
}

/// An offset that was asked for; offset -1 if there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListedOffset {
    /// The offset; -1 if no record fits.
    pub offset: i64,
    /// The record's timestamp; -1 if it was not asked for by time.
    pub timestamp: i64,
    /// Its leader epoch; -1 if unknown.
    pub leader_epoch: i32,
}

/// A log directory of a broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogDirDescription {
    /// Its path on the broker.
    pub path: String,
    /// Bytes on the volume; `None` if the broker does not say.
    pub total_bytes: Option<i64>,
    /// Bytes the broker may still use.
    pub usable_bytes: Option<i64>,
    /// Replicas in it.
    pub replicas: Vec<ReplicaInfo>,
}

/// A replica in a log directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplicaInfo {
    /// Topic.
    pub topic: String,
    /// Partition.
    pub partition: i32,
    /// Bytes in its segments.
    pub size: i64,
    /// How far it lags behind, in offsets.
    pub offset_lag: i64,
    /// Whether it will take the place of the current one when it has caught up.
    pub is_future: bool,
}

/// The versions that a node serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeApiVersions {
    /// The node.
    pub node: Node,
    /// By the number of the API (also of those unknown here): lowest and highest version.
    pub apis: BTreeMap<i16, RangeInclusive<i16>>,
    /// Features it supports, lowest and highest level.
    pub supported_features: BTreeMap<String, RangeInclusive<i16>>,
    /// Features that are finalized, and their level.
    pub finalized_features: BTreeMap<String, i16>,
}

impl NodeApiVersions {
    /// The version that this client would use of an API; `None` if there is no common one.
    pub fn usable(&self, key: ApiKey) -> Option<i16> {
        let theirs = self.apis.get(&(key as i16))?;
        let ours = key.valid_versions();
        let highest = *theirs.end().min(&key.latest_stable_version());
        (highest >= *theirs.start().max(ours.start())).then_some(highest)
    }
}
