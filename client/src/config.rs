//! Configuration under Kafka's property names. Not here: what the values do.

mod consumer;
mod duration;
mod properties;

use std::collections::BTreeMap;
use std::time::Duration;

use klamm_records::{Compression, Compressor};

use crate::error::ConfigError;
pub use consumer::{ConsumerConfig, IsolationLevel, OffsetReset};
use properties::Properties;

/// After how long producers and consumers close a connection that nobody uses.
const CONNECTIONS_MAX_IDLE_MS: u64 = 540_000;

/// The same of an Admin.
const ADMIN_CONNECTIONS_MAX_IDLE_MS: u64 = 300_000;

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
    /// `send.buffer.bytes`; `None` leaves it to the system, as -1 does. That is the default here, since systems of today
    /// fit the size to the connection.
    pub send_buffer: Option<usize>,
    /// `receive.buffer.bytes`; `None` as above.
    pub receive_buffer: Option<usize>,
}

impl ClientConfig {
    fn take(properties: &mut Properties<'_>, max_idle_ms: u64) -> Result<ClientConfig, ConfigError> {
        properties.expect(
            "security.protocol",
            "PLAINTEXT",
            "PLAINTEXT; encryption and authentication are not supported yet",
        )?;
        Ok(ClientConfig {
            bootstrap_servers: properties.servers("bootstrap.servers")?,
            client_id: properties.string("client.id", ""),
            client_rack: properties.string("client.rack", ""),
            request_timeout: properties.int_millis("request.timeout.ms", 30_000)?,
            default_api_timeout: properties.int_millis("default.api.timeout.ms", 60_000)?,
            metadata_max_age: properties.millis("metadata.max.age.ms", 300_000)?,
            metadata_max_idle: take_metadata_max_idle(properties)?,
            retry_backoff: properties.millis("retry.backoff.ms", 100)?,
            retry_backoff_max: properties.millis("retry.backoff.max.ms", 1_000)?,
            reconnect_backoff: properties.millis("reconnect.backoff.ms", 50)?,
            reconnect_backoff_max: properties.millis("reconnect.backoff.max.ms", 1_000)?,
            connection_setup_timeout: properties.millis("socket.connection.setup.timeout.ms", 10_000)?,
            connection_setup_timeout_max: properties
                .millis("socket.connection.setup.timeout.max.ms", 30_000)?,
            connections_max_idle: properties.optional_millis("connections.max.idle.ms", max_idle_ms)?,
            send_buffer: properties.socket_buffer("send.buffer.bytes")?,
            receive_buffer: properties.socket_buffer("receive.buffer.bytes")?,
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
        let retries = take_retries(&mut properties)?;
        let batch_size = properties.count("batch.size", 16_384, 0)?;
        let config = ProducerConfig {
            client: ClientConfig::take(&mut properties, CONNECTIONS_MAX_IDLE_MS)?,
            acks,
            enable_idempotence: take_idempotence(&mut properties, acks, in_flight, retries)?,
            batch_size,
            linger: properties.millis("linger.ms", 5)?,
            buffer_memory: take_buffer_memory(&mut properties, batch_size)?,
            max_request_size: properties.count("max.request.size", 1_048_576, 0)?,
            max_block: properties.millis("max.block.ms", 60_000)?,
            delivery_timeout: properties.int_millis("delivery.timeout.ms", 120_000)?,
            retries,
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

fn take_retries(properties: &mut Properties<'_>) -> Result<u32, ConfigError> {
    Ok(u32::try_from(properties.count("retries", i32::MAX as usize, 0)?).unwrap_or(u32::MAX))
}

/// What is forgotten sooner would have to be asked for again and again.
fn take_metadata_max_idle(properties: &mut Properties<'_>) -> Result<Duration, ConfigError> {
    let key = "metadata.max.idle.ms";
    let max_idle = properties.millis(key, 300_000)?;
    if max_idle < Duration::from_millis(5_000) {
        return Err(properties.wrong(key, "milliseconds, 5000 or more"));
    }
    Ok(max_idle)
}

/// A batch takes `batch.size` of the buffer: with less, nothing could be sent.
fn take_buffer_memory(properties: &mut Properties<'_>, batch_size: usize) -> Result<usize, ConfigError> {
    let buffer_memory = properties.bytes("buffer.memory", 33_554_432)?;
    if buffer_memory >= batch_size {
        return Ok(buffer_memory);
    }
    Err(if properties.is_set("buffer.memory") {
        properties.wrong("buffer.memory", &format!("at least batch.size = {batch_size}"))
    } else {
        properties.wrong("batch.size", &format!("at most buffer.memory = {buffer_memory}"))
    })
}

/// On unless it is turned off, or left open while acks or retries exclude it. Requests in flight do not turn it off: they
/// are refused, whatever else does; as in Kafka.
fn take_idempotence(
    properties: &mut Properties<'_>,
    acks: Acks,
    in_flight: usize,
    retries: u32,
) -> Result<bool, ConfigError> {
    let possible = acks == Acks::All && retries > 0;
    let asked = properties.is_set("enable.idempotence");
    if !properties.boolean("enable.idempotence", true)? {
        return Ok(false);
    }
    if asked && !possible {
        return Err(
            properties.wrong("enable.idempotence", "false, or true with acks=all and retries above 0")
        );
    }
    if in_flight > 5 {
        let allowed = "1 to 5, or more with enable.idempotence=false";
        return Err(properties.wrong("max.in.flight.requests.per.connection", allowed));
    }
    Ok(possible)
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
            client: ClientConfig::take(&mut properties, ADMIN_CONNECTIONS_MAX_IDLE_MS)?,
            retries: take_retries(&mut properties)?,
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
    fn idempotence_follows_acks_and_retries_unless_it_is_asked_for() {
        check(&[], "idempotence true, acks All");
        check(&[("acks", "1")], "idempotence false, acks Leader");
        check(&[("retries", "0")], "idempotence false, acks All");
        let refused =
            "enable.idempotence cannot be 'true'; allowed: false, or true with acks=all and retries above 0";
        check(&[("acks", "1"), ("enable.idempotence", "true")], refused);
        check(&[("retries", "0"), ("enable.idempotence", "true")], refused);
        let six = ("max.in.flight.requests.per.connection", "6");
        let refused = "max.in.flight.requests.per.connection cannot be '6'; allowed: 1 to 5, or more with \
                       enable.idempotence=false";
        check(&[six], refused);
        check(&[six, ("acks", "1")], refused);
        check(&[six, ("enable.idempotence", "false")], "idempotence false, acks All");
    }

    #[test]
    fn longs_may_be_long_and_ints_may_not() {
        check(&[("buffer.memory", "4294967296"), ("linger.ms", "0")], "idempotence true, acks All");
        for key in ["request.timeout.ms", "delivery.timeout.ms", "default.api.timeout.ms"] {
            let refused =
                format!("{key} cannot be '2147483648'; allowed: a whole number from 0 to 2147483647");
            check(&[(key, "2147483648")], &refused);
        }
        check(
            &[("metadata.max.idle.ms", "4999")],
            "metadata.max.idle.ms cannot be '4999'; allowed: milliseconds, 5000 or more",
        );
        check(
            &[("buffer.memory", "16383")],
            "buffer.memory cannot be '16383'; allowed: at least batch.size = 16384",
        );
        check(
            &[("batch.size", "33554433")],
            "batch.size cannot be '33554433'; allowed: at most buffer.memory = 33554432",
        );
    }

    #[test]
    fn clients_differ_in_how_long_a_connection_may_idle() {
        let idle = |config: ClientConfig| config.connections_max_idle.map(|idle| idle.as_secs());
        let admin = AdminConfig::from_properties(&map(&[])).expect("the defaults are sound");
        let consumer = ConsumerConfig::from_properties(&map(&[])).expect("the defaults are sound");
        assert_eq!((idle(admin.client), idle(consumer.client)), (Some(300), Some(540)));
    }

    #[test]
    fn a_consumer_may_begin_at_an_end_by_age_or_nowhere() {
        let check = |value: &str, expected: &str| {
            let outcome = match ConsumerConfig::from_properties(&map(&[("auto.offset.reset", value)])) {
                Ok(config) => format!("{:?}", config.auto_offset_reset),
                Err(error) => error.to_string(),
            };
            assert_eq!(outcome, expected);
        };
        check("earliest", "Earliest");
        check("by_duration:PT1H", "ByDuration(3600s)");
        let allowed = "latest, earliest, none or by_duration:PnDTnHnMn.nS, not negative";
        for value in ["by_duration", "by_duration:-PT1H", "sometime"] {
            check(value, &format!("auto.offset.reset cannot be '{value}'; allowed: {allowed}"));
        }
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
