//! Registered brokers and controllers. Not here: their heartbeats.

use std::collections::BTreeMap;

use klamm_protocol::Uuid;

/// Where a listener can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The listener's name.
    pub name: String,
    /// Advertised host.
    pub host: String,
    /// Advertised port.
    pub port: u16,
    /// Kafka's number of the security protocol: 0 PLAINTEXT, 1 SSL, 2 SASL_PLAINTEXT, 3 SASL_SSL.
    pub security_protocol: i16,
}

/// Levels of one feature that a node supports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeatureRange {
    /// The lowest.
    pub min: i16,
    /// The highest.
    pub max: i16,
}

/// One registered broker.
#[derive(Clone, Debug, PartialEq)]
pub struct BrokerImage {
    /// Offset of its registration: tells this start from earlier ones.
    pub epoch: i64,
    /// Made anew at each start.
    pub incarnation_id: Uuid,
    /// Its listeners.
    pub endpoints: Vec<Endpoint>,
    /// What it supports.
    pub features: BTreeMap<String, FeatureRange>,
    /// Its rack.
    pub rack: Option<String>,
    /// Whether it may not lead.
    pub fenced: bool,
    /// Whether it is on its way down.
    pub in_controlled_shutdown: bool,
    /// Ids of its log directories.
    pub log_dirs: Vec<Uuid>,
    /// Log directories that take no new replicas (KIP-1066).
    pub cordoned_log_dirs: Option<Vec<Uuid>>,
}

/// One registered controller.
#[derive(Clone, Debug, PartialEq)]
pub struct ControllerImage {
    /// Made anew at each start.
    pub incarnation_id: Uuid,
    /// Its listeners.
    pub endpoints: Vec<Endpoint>,
    /// What it supports.
    pub features: BTreeMap<String, FeatureRange>,
}
