//! Configuration of a producer. Not here: what all clients share.

use std::collections::BTreeMap;
use std::time::Duration;

use klamm_records::{Compression, Compressor};

use super::properties::Properties;
use super::{CONNECTIONS_MAX_IDLE_MS, ClientConfig, take_retries};
use crate::error::ConfigError;

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

/// How partitions are chosen for records that name none: `partitioner.class`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Partitioner {
    /// No class: by the key; without one, a batch's worth of records to one partition, then to another.
    ByKey,
    /// Kafka's RoundRobinPartitioner: each record to the next partition, whatever its key.
    RoundRobin,
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
    /// `partitioner.class`.
    pub partitioner: Partitioner,
    /// `partitioner.ignore.keys`.
    pub partitioner_ignore_keys: bool,
    /// `partitioner.adaptive.partitioning.enable`: records without a key go where less waits.
    pub partitioner_adaptive: bool,
    /// `partitioner.availability.timeout.ms`; zero is never.
    pub partitioner_availability_timeout: Duration,
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
        let config = Self::take(&mut properties)?;
        properties.finish("producer");
        Ok(config)
    }

    pub(super) fn take(properties: &mut Properties<'_>) -> Result<ProducerConfig, ConfigError> {
        properties.refuse(&["transactional.id"], "nothing yet: there are no transactions")?;
        let in_flight = properties.count("max.in.flight.requests.per.connection", 5, 1)?;
        let acks = take_acks(properties)?;
        let retries = take_retries(properties)?;
        let batch_size = properties.count("batch.size", 16_384, 0)?;
        let config = ProducerConfig {
            client: ClientConfig::take(properties, CONNECTIONS_MAX_IDLE_MS)?,
            acks,
            enable_idempotence: take_idempotence(properties, acks, in_flight, retries)?,
            batch_size,
            linger: properties.millis("linger.ms", 5)?,
            buffer_memory: take_buffer_memory(properties, batch_size)?,
            max_request_size: properties.count("max.request.size", 1_048_576, 0)?,
            max_block: properties.millis("max.block.ms", 60_000)?,
            delivery_timeout: properties.int_millis("delivery.timeout.ms", 120_000)?,
            retries,
            max_in_flight_requests_per_connection: in_flight,
            compressor: take_compressor(properties)?,
            partitioner: take_partitioner(properties)?,
            partitioner_ignore_keys: properties.boolean("partitioner.ignore.keys", false)?,
            partitioner_adaptive: properties.boolean("partitioner.adaptive.partitioning.enable", true)?,
            partitioner_availability_timeout: properties.millis("partitioner.availability.timeout.ms", 0)?,
        };
        let shortest = config.linger + config.client.request_timeout;
        if config.delivery_timeout >= shortest {
            return Ok(config);
        }
        let key = "delivery.timeout.ms";
        if properties.is_set(key) {
            let allowed = format!("at least linger.ms + request.timeout.ms = {}", shortest.as_millis());
            return Err(properties.wrong(key, &allowed));
        }
        Ok(ProducerConfig { delivery_timeout: shortest, ..config })
    }
}

fn take_partitioner(properties: &mut Properties<'_>) -> Result<Partitioner, ConfigError> {
    let (key, round_robin) = ("partitioner.class", "org.apache.kafka.clients.producer.RoundRobinPartitioner");
    match properties.string(key, "").as_str() {
        "" => Ok(Partitioner::ByKey),
        name if name == round_robin => Ok(Partitioner::RoundRobin),
        _ => Err(properties.wrong(key, &format!("{round_robin}, or no value"))),
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
