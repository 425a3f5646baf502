//! Configuration under Kafka's property names. Not here: what the values do.

mod properties;

use std::collections::BTreeMap;
use std::time::Duration;

use klamm_records::{Compression, Compressor};

use crate::error::ConfigError;
use properties::Properties;

/// What all clients share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientConfig {
    /// `bootstrap.servers`: `host:port`, at least one.
    pub bootstrap_servers: Vec<String>,
    /// `client.id`.
    pub client_id: String,
    /// `client.rack`.
    pub client_rack: String,
    /// `request.timeout.ms`.
    pub request_timeout: Duration,
    /// `default.api.timeout.ms`; for producers, how long a call other than send may take.
    pub default_api_timeout: Duration,
    /// `metadata.max.age.ms`.
    pub metadata_max_age: Duration,
    /// `metadata.max.idle.ms`.
    pub metadata_max_idle: Duration,
    /// `retry.backoff.ms`.
    pub retry_backoff: Duration,
    /// `retry.backoff.max.ms`.
    pub retry_backoff_max: Duration,
    /// `reconnect.backoff.ms`.
    pub reconnect_backoff: Duration,
    /// `reconnect.backoff.max.ms`.
    pub reconnect_backoff_max: Duration,
    /// `socket.connection.setup.timeout.ms`.
    pub connection_setup_timeout: Duration,
    /// `socket.connection.setup.timeout.max.ms`.
    pub connection_setup_timeout_max: Duration,
    /// `connections.max.idle.ms`; `None` for never (-1).
    pub connections_max_idle: Option<Duration>,
}

impl ClientConfig {
    fn take(properties: &mut Properties<'_>) -> Result<ClientConfig, ConfigError> {
        properties.expect(
            "security.protocol",
            "PLAINTEXT",
            "PLAINTEXT; encryption and authentication are not supported yet",
        )?;
        Ok(ClientConfig {
            bootstrap_servers: properties.servers("bootstrap.servers")?,
            client_id: properties.string("client.id", ""),
            client_rack: properties.string("client.rack", ""),
            request_timeout: properties.millis("request.timeout.ms", 30_000)?,
            default_api_timeout: properties.millis("default.api.timeout.ms", 60_000)?,
            metadata_max_age: properties.millis("metadata.max.age.ms", 300_000)?,
            metadata_max_idle: properties.millis("metadata.max.idle.ms", 300_000)?,
            retry_backoff: properties.millis("retry.backoff.ms", 100)?,
            retry_backoff_max: properties.millis("retry.backoff.max.ms", 1_000)?,
            reconnect_backoff: properties.millis("reconnect.backoff.ms", 50)?,
            reconnect_backoff_max: properties.millis("reconnect.backoff.max.ms", 1_000)?,
            connection_setup_timeout: properties.millis("socket.connection.setup.timeout.ms", 10_000)?,
            connection_setup_timeout_max: properties
                .millis("socket.connection.setup.timeout.max.ms", 30_000)?,
            connections_max_idle: properties.optional_millis("connections.max.idle.ms", 540_000)?,
        })
    }
}

/// How many replicas must have a record before it is acknowledged: `acks`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acks {
    /// 0: nobody says whether it arrived.
    None,
    /// 1: the leader.
    Leader,
    /// all: every replica in sync.
    All,
}

/// Configuration of a [`Producer`](crate::Producer).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProducerConfig {
    /// What all clients share.
    pub client: ClientConfig,
    /// `acks`.
    pub acks: Acks,
    /// `enable.idempotence`: no duplicates and no reordering within a partition.
    pub enable_idempotence: bool,
    /// `batch.size`, in bytes before compression.
    pub batch_size: usize,
    /// `linger.ms`.
    pub linger: Duration,
    /// `buffer.memory`, in bytes.
    pub buffer_memory: usize,
    /// `max.request.size`, in bytes.
    pub max_request_size: usize,
    /// `max.block.ms`: how long send waits for metadata and for room in the buffer.
    pub max_block: Duration,
    /// `delivery.timeout.ms`: from send to acknowledgement.
    pub delivery_timeout: Duration,
    /// `retries`.
    pub retries: u32,
    /// `max.in.flight.requests.per.connection`.
    pub max_in_flight_requests_per_connection: usize,
    /// `compression.type` and its level.
    pub compressor: Compressor,
    /// `partitioner.ignore.keys`.
    pub partitioner_ignore_keys: bool,
}

impl ProducerConfig {
    /// The defaults, for these servers (`host:port,host:port`).
    ///
    /// # Errors
    /// An address that is none.
    pub fn new(bootstrap_servers: &str) -> Result<ProducerConfig, ConfigError> {
        Self::from_properties(&BTreeMap::from([("bootstrap.servers".into(), bootstrap_servers.into())]))
    }

    /// From Kafka's properties. A key that means nothing here is warned of.
    ///
    /// # Errors
    /// A value that is not allowed, or two that contradict each other.
    pub fn from_properties(map: &BTreeMap<String, String>) -> Result<ProducerConfig, ConfigError> {
        let mut properties = Properties::new(map);
        properties.ignore(&["key.serializer", "value.serializer"]);
        properties.refuse(&["transactional.id"], "nothing yet: there are no transactions")?;
        let in_flight = properties.count("max.in.flight.requests.per.connection", 5, 1)?;
        let acks = take_acks(&mut properties)?;
        let config = ProducerConfig {
            client: ClientConfig::take(&mut properties)?,
            acks,
            enable_idempotence: take_idempotence(&mut properties, acks, in_flight)?,
            batch_size: properties.count("batch.size", 16_384, 0)?,
            linger: properties.millis("linger.ms", 5)?,
            buffer_memory: properties.count("buffer.memory", 33_554_432, 0)?,
            max_request_size: properties.count("max.request.size", 1_048_576, 0)?,
            max_block: properties.millis("max.block.ms", 60_000)?,
            delivery_timeout: properties.millis("delivery.timeout.ms", 120_000)?,
            retries: u32::try_from(properties.count("retries", i32::MAX as usize, 0)?).unwrap_or(u32::MAX),
            max_in_flight_requests_per_connection: in_flight,
            compressor: take_compressor(&mut properties)?,
            partitioner_ignore_keys: properties.boolean("partitioner.ignore.keys", false)?,
        };
        let shortest = config.linger + config.client.request_timeout;
        if config.delivery_timeout < shortest {
            let allowed = format!("at least linger.ms + request.timeout.ms = {}", shortest.as_millis());
            if properties.is_set("delivery.timeout.ms") {
                return Err(properties.wrong("delivery.timeout.ms", &allowed));
            }
            properties.finish("producer");
            return Ok(ProducerConfig { delivery_timeout: shortest, ..config });
        }
        properties.finish("producer");
        Ok(config)
    }
}

fn take_acks(properties: &mut Properties<'_>) -> Result<Acks, ConfigError> {
    match properties.string("acks", "all").as_str() {
        "0" => Ok(Acks::None),
        "1" => Ok(Acks::Leader),
        "all" | "-1" => Ok(Acks::All),
        _ => Err(properties.wrong("acks", "all, -1, 0 or 1")),
    }
}

/// On unless it is turned off, or left open while acks or the requests in flight exclude it; as in Kafka.
fn take_idempotence(
    properties: &mut Properties<'_>,
    acks: Acks,
    in_flight: usize,
) -> Result<bool, ConfigError> {
    let possible = acks == Acks::All && in_flight <= 5;
    let asked = properties.is_set("enable.idempotence");
    let enabled = properties.boolean("enable.idempotence", possible)?;
    if asked && enabled && !possible {
        let allowed = "false, or true with acks=all and max.in.flight.requests.per.connection up to 5";
        return Err(properties.wrong("enable.idempotence", allowed));
    }
    Ok(enabled)
}

fn take_compressor(properties: &mut Properties<'_>) -> Result<Compressor, ConfigError> {
    let codecs = "none, gzip, snappy, lz4 or zstd";
    let compression: Compression = properties
        .string("compression.type", "none")
        .parse()
        .map_err(|_| properties.wrong("compression.type", codecs))?;
    let mut compressor = Compressor::new(compression);
    for codec in [Compression::Gzip, Compression::Lz4, Compression::Zstd] {
        let key = format!("compression.{}.level", codec.name());
        if let Some(level) = properties.integer(&key, "a whole number")? {
            let chosen = i32::try_from(level)
                .ok()
                .and_then(|level| Compressor::with_level(codec, level).ok())
                .ok_or_else(|| properties.wrong(&key, "a level of the codec"))?;
            if codec == compression {
                compressor = chosen;
            }
        }
    }
    Ok(compressor)
}

/// Where to begin where there is no position, or none that is still there: `auto.offset.reset`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OffsetReset {
    /// At the first record there is.
    Earliest,
    /// Behind the last one.
    Latest,
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
        properties.ignore(&["key.deserializer", "value.deserializer"]);
        let bytes = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
        let config = ConsumerConfig {
            client: ClientConfig::take(&mut properties)?,
            auto_offset_reset: match properties.string("auto.offset.reset", "latest").as_str() {
                "earliest" => OffsetReset::Earliest,
                "latest" => OffsetReset::Latest,
                "none" => OffsetReset::None,
                _ => return Err(properties.wrong("auto.offset.reset", "latest, earliest or none")),
            },
            isolation_level: match properties.string("isolation.level", "read_uncommitted").as_str() {
                "read_uncommitted" => IsolationLevel::ReadUncommitted,
                "read_committed" => IsolationLevel::ReadCommitted,
                _ => return Err(properties.wrong("isolation.level", "read_uncommitted or read_committed")),
            },
            fetch_min_bytes: bytes(properties.count("fetch.min.bytes", 1, 0)?),
            fetch_max_bytes: bytes(properties.count("fetch.max.bytes", 52_428_800, 0)?),
            max_partition_fetch_bytes: bytes(properties.count("max.partition.fetch.bytes", 1_048_576, 0)?),
            fetch_max_wait: properties.millis("fetch.max.wait.ms", 500)?,
            max_poll_records: properties.count("max.poll.records", 500, 1)?,
            check_crcs: properties.boolean("check.crcs", true)?,
            allow_auto_create_topics: properties.boolean("allow.auto.create.topics", true)?,
        };
        properties.finish("consumer");
        Ok(config)
    }
}

/// Configuration of an [`Admin`](crate::Admin).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminConfig {
    /// What all clients share.
    pub client: ClientConfig,
    /// `retries`.
    pub retries: u32,
}

impl AdminConfig {
    /// The defaults, for these servers (`host:port,host:port`).
    ///
    /// # Errors
    /// An address that is none.
    pub fn new(bootstrap_servers: &str) -> Result<AdminConfig, ConfigError> {
        Self::from_properties(&BTreeMap::from([("bootstrap.servers".into(), bootstrap_servers.into())]))
    }

    /// From Kafka's properties. A key that means nothing here is warned of.
    ///
    /// # Errors
    /// A value that is not allowed.
    pub fn from_properties(map: &BTreeMap<String, String>) -> Result<AdminConfig, ConfigError> {
        let mut properties = Properties::new(map);
        let config = AdminConfig {
            client: ClientConfig::take(&mut properties)?,
            retries: u32::try_from(properties.count("retries", i32::MAX as usize, 0)?).unwrap_or(u32::MAX),
        };
        properties.finish("admin");
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(properties: &[(&str, &str)]) -> BTreeMap<String, String> {
        let servers = [("bootstrap.servers", "one:9092, two:9093")];
        servers.iter().chain(properties).map(|(key, value)| ((*key).into(), (*value).into())).collect()
    }

    fn check(properties: &[(&str, &str)], expected: &str) {
        let outcome = match ProducerConfig::from_properties(&map(properties)) {
            Ok(config) => format!("idempotence {}, acks {:?}", config.enable_idempotence, config.acks),
            Err(error) => error.to_string(),
        };
        assert_eq!(outcome, expected, "{properties:?}");
    }

    #[test]
    fn idempotence_follows_acks_and_requests_in_flight_unless_it_is_asked_for() {
        check(&[], "idempotence true, acks All");
        check(&[("acks", "1")], "idempotence false, acks Leader");
        check(&[("max.in.flight.requests.per.connection", "6")], "idempotence false, acks All");
        check(
            &[("acks", "1"), ("enable.idempotence", "true")],
            "enable.idempotence cannot be 'true'; allowed: false, or true with acks=all and \
             max.in.flight.requests.per.connection up to 5",
        );
    }

    #[test]
    fn bad_values_are_refused_with_what_is_allowed() {
        check(&[("acks", "2")], "acks cannot be '2'; allowed: all, -1, 0 or 1");
        check(
            &[("batch.size", "-1")],
            "batch.size cannot be '-1'; allowed: a whole number from 0 to 2147483647",
        );
        check(
            &[("compression.type", "brotli")],
            "compression.type cannot be 'brotli'; allowed: none, gzip, snappy, lz4 or zstd",
        );
        check(
            &[("compression.zstd.level", "99")],
            "compression.zstd.level cannot be '99'; allowed: a level of the codec",
        );
        check(
            &[("delivery.timeout.ms", "1000")],
            "delivery.timeout.ms cannot be '1000'; allowed: at least linger.ms + request.timeout.ms = 30005",
        );
        check(
            &[("security.protocol", "SSL")],
            "security.protocol cannot be 'SSL'; allowed: PLAINTEXT; encryption and authentication are not \
             supported yet",
        );
        check(
            &[("bootstrap.servers", "nowhere")],
            "bootstrap.servers cannot be 'nowhere'; allowed: host:port, separated by commas",
        );
        let missing = ConsumerConfig::from_properties(&BTreeMap::new()).expect_err("servers are missing");
        assert_eq!(
            missing.to_string(),
            "bootstrap.servers is missing; allowed: host:port, separated by commas"
        );
    }

    #[test]
    fn keys_that_mean_nothing_here_do_no_harm() {
        check(
            &[("key.serializer", "x"), ("sasl.mechanism", "PLAIN"), ("nonsense", "1")],
            "idempotence true, acks All",
        );
    }
}
