//! Configuration of a consumer. Not here: what all clients share.

use std::collections::BTreeMap;
use std::time::Duration;

use super::properties::Properties;
use super::{CONNECTIONS_MAX_IDLE_MS, ClientConfig, duration};
use crate::error::ConfigError;

/// Where to begin where there is no position, or none that is still there: `auto.offset.reset`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OffsetReset {
    /// At the first record there is.
    Earliest,
    /// Behind the last one.
    Latest,
    /// At the first record that is not older than this, behind the last one if all are (KIP-1106).
    ByDuration(Duration),
    /// Nowhere: poll fails.
    None,
}

/// Which records are shown: `isolation.level`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IsolationLevel {
    /// All up to the high watermark.
    ReadUncommitted,
    /// Those of no transaction or of a committed one, up to the last stable offset.
    ReadCommitted,
}

/// Configuration of a [`Consumer`](crate::Consumer).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumerConfig {
    /// What all clients share.
    pub client: ClientConfig,
    /// `auto.offset.reset`.
    pub auto_offset_reset: OffsetReset,
    /// `isolation.level`.
    pub isolation_level: IsolationLevel,
    /// `fetch.min.bytes`.
    pub fetch_min_bytes: i32,
    /// `fetch.max.bytes`: of one answer.
    pub fetch_max_bytes: i32,
    /// `max.partition.fetch.bytes`: of one partition in an answer.
    pub max_partition_fetch_bytes: i32,
    /// `fetch.max.wait.ms`.
    pub fetch_max_wait: Duration,
    /// `max.poll.records`.
    pub max_poll_records: usize,
    /// `check.crcs`.
    pub check_crcs: bool,
    /// `allow.auto.create.topics`.
    pub allow_auto_create_topics: bool,
}

impl ConsumerConfig {
    /// The defaults, for these servers (`host:port,host:port`).
    ///
    /// # Errors
    /// An address that is none.
    pub fn new(bootstrap_servers: &str) -> Result<ConsumerConfig, ConfigError> {
        Self::from_properties(&BTreeMap::from([("bootstrap.servers".into(), bootstrap_servers.into())]))
    }

    /// From Kafka's properties. A key that means nothing here is warned of.
    ///
    /// # Errors
    /// A value that is not allowed.
    pub fn from_properties(map: &BTreeMap<String, String>) -> Result<ConsumerConfig, ConfigError> {
        let mut properties = Properties::new(map);
        let config = Self::take(&mut properties)?;
        properties.finish("consumer");
        Ok(config)
    }

    pub(super) fn take(properties: &mut Properties<'_>) -> Result<ConsumerConfig, ConfigError> {
        let bytes = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
        Ok(ConsumerConfig {
            client: ClientConfig::take(properties, CONNECTIONS_MAX_IDLE_MS)?,
            auto_offset_reset: take_reset(properties)?,
            isolation_level: match properties.string("isolation.level", "read_uncommitted").as_str() {
                "read_uncommitted" => IsolationLevel::ReadUncommitted,
                "read_committed" => IsolationLevel::ReadCommitted,
                _ => return Err(properties.wrong("isolation.level", "read_uncommitted or read_committed")),
            },
            fetch_min_bytes: bytes(properties.count("fetch.min.bytes", 1, 0)?),
            fetch_max_bytes: bytes(properties.count("fetch.max.bytes", 52_428_800, 0)?),
            max_partition_fetch_bytes: bytes(properties.count("max.partition.fetch.bytes", 1_048_576, 0)?),
            fetch_max_wait: properties.int_millis("fetch.max.wait.ms", 500)?,
            max_poll_records: properties.count("max.poll.records", 500, 1)?,
            check_crcs: properties.boolean("check.crcs", true)?,
            allow_auto_create_topics: properties.boolean("allow.auto.create.topics", true)?,
        })
    }
}

fn take_reset(properties: &mut Properties<'_>) -> Result<OffsetReset, ConfigError> {
    let key = "auto.offset.reset";
    let value = properties.string(key, "latest");
    let by_duration =
        || value.strip_prefix("by_duration:").and_then(duration::parse).map(OffsetReset::ByDuration);
    match value.as_str() {
        "earliest" => Ok(OffsetReset::Earliest),
        "latest" => Ok(OffsetReset::Latest),
        "none" => Ok(OffsetReset::None),
        _ => by_duration().ok_or_else(|| {
            properties.wrong(key, "latest, earliest, none or by_duration:PnDTnHnMn.nS, not negative")
        }),
    }
}
