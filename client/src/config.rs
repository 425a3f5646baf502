//! Configuration under Kafka's property names. Not here: what the values do.

mod consumer;
mod duration;
mod other_keys;
mod producer;
mod properties;

use std::collections::BTreeMap;
use std::time::Duration;

use tracing::warn;

use crate::error::ConfigError;
pub use consumer::{ConsumerConfig, IsolationLevel, OffsetReset};
pub use producer::{Acks, Partitioner, ProducerConfig};
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
    /// `metadata.recovery.rebootstrap.trigger.ms`: when no known broker has told its metadata for so long, those of
    /// `bootstrap.servers` are asked. `None` if `metadata.recovery.strategy` is none: once others are known, they are never
    /// asked again.
    pub rebootstrap_trigger: Option<Duration>,
}

impl ClientConfig {
    fn take(properties: &mut Properties<'_>, max_idle_ms: u64) -> Result<ClientConfig, ConfigError> {
        properties.expect(
            "security.protocol",
            "PLAINTEXT",
            "PLAINTEXT; encryption and authentication are not supported yet",
        )?;
        take_dns_lookup(properties)?;
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
            rebootstrap_trigger: take_rebootstrap_trigger(properties)?,
        })
    }
}

fn take_rebootstrap_trigger(properties: &mut Properties<'_>) -> Result<Option<Duration>, ConfigError> {
    let trigger = properties.millis("metadata.recovery.rebootstrap.trigger.ms", 300_000)?;
    let key = "metadata.recovery.strategy";
    match properties.string(key, "rebootstrap").to_ascii_lowercase().as_str() {
        "rebootstrap" => Ok(Some(trigger)),
        "none" => Ok(None),
        _ => Err(properties.wrong(key, "rebootstrap or none")),
    }
}

/// All addresses of a name are tried in any case.
fn take_dns_lookup(properties: &mut Properties<'_>) -> Result<(), ConfigError> {
    let (key, canonical) = ("client.dns.lookup", "resolve_canonical_bootstrap_servers_only");
    match properties.string(key, "use_all_dns_ips").as_str() {
        "use_all_dns_ips" => Ok(()),
        name if name == canonical => {
            warn!(key, "{key}={canonical} has no effect: addresses are tried without looking up their names");
            Ok(())
        }
        _ => Err(properties.wrong(key, &format!("use_all_dns_ips or {canonical}"))),
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
        let config = Self::take(&mut properties)?;
        properties.finish("admin");
        Ok(config)
    }

    fn take(properties: &mut Properties<'_>) -> Result<AdminConfig, ConfigError> {
        Ok(AdminConfig {
            client: ClientConfig::take(properties, ADMIN_CONNECTIONS_MAX_IDLE_MS)?,
            retries: take_retries(properties)?,
        })
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

    #[test]
    fn partitioners_are_those_that_are_there() {
        let check = |properties: &[(&str, &str)], expected: &str| {
            let outcome = match ProducerConfig::from_properties(&map(properties)) {
                Ok(config) => {
                    let timeout = config.partitioner_availability_timeout.as_millis();
                    format!("{:?} {} {timeout}", config.partitioner, config.partitioner_adaptive)
                }
                Err(error) => error.to_string(),
            };
            assert_eq!(outcome, expected);
        };
        let round_robin = "org.apache.kafka.clients.producer.RoundRobinPartitioner";
        check(&[], "ByKey true 0");
        check(&[("partitioner.class", "")], "ByKey true 0");
        check(&[("partitioner.class", round_robin)], "RoundRobin true 0");
        let adaptive = "partitioner.adaptive.partitioning.enable";
        check(&[(adaptive, "false"), ("partitioner.availability.timeout.ms", "9")], "ByKey false 9");
        check(
            &[("partitioner.class", "org.example.Mine")],
            &format!("partitioner.class cannot be 'org.example.Mine'; allowed: {round_robin}, or no value"),
        );
    }

    #[test]
    fn the_ways_to_brokers_are_those_that_are_there() {
        let check = |properties: &[(&str, &str)], expected: Result<Option<u64>, &str>| {
            let outcome = AdminConfig::from_properties(&map(properties));
            let outcome = outcome.map(|config| config.client.rebootstrap_trigger.map(|it| it.as_secs()));
            let expected = expected.map_err(str::to_owned);
            assert_eq!(outcome.map_err(|error| error.to_string()), expected, "{properties:?}");
        };
        check(&[], Ok(Some(300)));
        check(&[("metadata.recovery.rebootstrap.trigger.ms", "1000")], Ok(Some(1)));
        check(&[("metadata.recovery.strategy", "NONE")], Ok(None));
        check(
            &[("metadata.recovery.strategy", "pray")],
            Err("metadata.recovery.strategy cannot be 'pray'; allowed: rebootstrap or none"),
        );
        let canonical = "resolve_canonical_bootstrap_servers_only";
        check(&[("client.dns.lookup", canonical)], Ok(Some(300)));
        let refused =
            format!("client.dns.lookup cannot be 'default'; allowed: use_all_dns_ips or {canonical}");
        check(&[("client.dns.lookup", "default")], Err(&refused));
    }

    #[test]
    fn buffers_of_sockets_are_left_to_the_system_unless_they_are_set() {
        let check = |value: Option<&str>, expected: Result<Option<usize>, &str>| {
            let properties: Vec<_> = value.map(|value| ("send.buffer.bytes", value)).into_iter().collect();
            let outcome = AdminConfig::from_properties(&map(&properties));
            let outcome = outcome.map(|config| config.client.send_buffer).map_err(|error| error.to_string());
            assert_eq!(outcome, expected.map_err(str::to_owned), "{value:?}");
        };
        check(None, Ok(None));
        check(Some("-1"), Ok(None));
        check(Some("4096"), Ok(Some(4096)));
        let allowed = "bytes up to 2147483647, or -1 for what the system thinks best";
        check(Some("-2"), Err(&format!("send.buffer.bytes cannot be '-2'; allowed: {allowed}")));
    }
}
