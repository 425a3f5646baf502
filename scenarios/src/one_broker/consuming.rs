//! Consumers: under load, and at the end the one that reads everything. Not here: judging what they saw.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use klamm_client::{Consumer, ConsumerConfig, ConsumerRecord, ConsumerRecords, TopicPartition};
use rand::RngExt as _;

use super::load::LoadEnd;
use super::tap::Tap;
use super::{BOOTSTRAP, topic_name};
use crate::history::{ClientId, Fact, Offset, Partition, Record};
use crate::sometimes;
use crate::value::Value;

/// What comes through to a slow reader: less than is written, and many seconds for one answer.
pub(super) const NARROW_BYTES_PER_SECOND: u64 = 10_000;
/// The most that an answer to a slow reader holds: more than the broker's socket takes at once.
const SLOW_FETCH_BYTES_MAX: u32 = 250_000;
const POLL: Duration = Duration::from_secs(1);
const PAUSE_AFTER_ERROR: Duration = Duration::from_millis(200);
const FIRST_CONSUMER: u32 = 1_000;
const LAST_READER: ClientId = ClientId(2_000);

/// Where each partition ends, once nobody writes any more.
#[derive(Clone, Default)]
pub(super) struct Ends(Arc<Mutex<Option<BTreeMap<Partition, i64>>>>);

impl Ends {
    fn set(&self, ends: BTreeMap<Partition, i64>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(ends);
    }

    /// Whether the ends are known, and those who read up to `next` have reached them.
    fn reached(&self, next: &BTreeMap<Partition, i64>) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .as_ref()
            .is_some_and(|ends| ends.iter().all(|(partition, end)| next.get(partition) >= Some(end)))
    }
}

/// How many records a consumer has seen.
#[derive(Clone, Default)]
pub(super) struct Seen(Arc<AtomicU64>);

impl Seen {
    fn add(&self, records: usize) {
        self.0.fetch_add(records as u64, Ordering::Relaxed);
    }

    pub(super) fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// What a consumer does.
#[derive(Clone)]
pub(super) struct Reading {
    /// Which consumer it is.
    pub(super) number: u16,
    /// It dawdles until the load is over.
    pub(super) slow: bool,
    pub(super) load_end: LoadEnd,
    pub(super) partitions: Arc<[Partition]>,
    pub(super) ends: Ends,
    pub(super) seen: Seen,
}

/// Polls all partitions from their beginning until their ends are known and reached.
pub(super) async fn consume(tap: Tap, reading: Reading) {
    let number = u32::from(reading.number);
    let config = if reading.slow { slow_config() } else { config() };
    let mut reader = Reader::new(&tap, ClientId(FIRST_CONSUMER + number), &reading.partitions, config);
    let mut rng = tap.env.stream("dawdling");
    while !reading.ends.reached(&reader.next) {
        reading.seen.add(reader.poll(&tap).await);
        if reading.slow && tap.now() < reading.load_end.at() {
            tap.env.sleep(Duration::from_millis(rng.random_range(100..3_000))).await;
        }
    }
}

/// Asks where every partition ends, tells the others, and reads up to there.
pub(super) async fn read_to_the_end(tap: Tap, partitions: Arc<[Partition]>, ends: Ends) {
    let mut reader = Reader::new(&tap, LAST_READER, &partitions, config());
    ends.set(reader.ends(&tap, &partitions).await);
    while !ends.reached(&reader.next) {
        reader.poll(&tap).await;
    }
}

struct Reader {
    client: ClientId,
    consumer: Consumer,
    /// The next offset that it will see.
    next: BTreeMap<Partition, i64>,
}

impl Reader {
    fn new(tap: &Tap, client: ClientId, partitions: &[Partition], config: ConsumerConfig) -> Self {
        let mut consumer = Consumer::new(&tap.env, config);
        consumer.assign(partitions.iter().map(|partition| place(*partition))).expect("well-formed names");
        let mut next = BTreeMap::new();
        for partition in partitions.iter().copied() {
            tap.record(Fact::Placed { consumer: client, partition, offset: Some(Offset(0)) });
            consumer.seek(&place(partition), 0).expect("it is assigned");
            next.insert(partition, 0);
        }
        Self { client, consumer, next }
    }

    /// How many records came.
    async fn poll(&mut self, tap: &Tap) -> usize {
        match self.consumer.poll(POLL).await {
            Ok(records) => self.polled(tap, &records),
            Err(error) => {
                if let Some((place, offset)) = error.damaged_at() {
                    self.pass_over(tap, partition_at(&place.topic, place.partition), offset);
                    return 0;
                }
                assert!(!error.is_fatal(), "a consumer cannot go on: {error}");
                tracing::info!(%error, "a poll failed");
                self.back_to_the_ends(tap).await;
                tap.env.sleep(PAUSE_AFTER_ERROR).await;
                0
            }
        }
    }

    fn polled(&mut self, tap: &Tap, records: &ConsumerRecords) -> usize {
        let mut by_partition: BTreeMap<Partition, Vec<Record>> = BTreeMap::new();
        for record in records {
            by_partition.entry(partition_at(&record.topic, record.partition)).or_default().push(seen(record));
        }
        let count = by_partition.values().map(Vec::len).sum();
        for (partition, records) in by_partition {
            let last = records.last().map_or(-1, |record| record.offset.0);
            self.next.insert(partition, last + 1);
            tap.record(Fact::Polled { consumer: self.client, partition, records });
        }
        count
    }

    /// Goes on behind a record that is damaged.
    fn pass_over(&mut self, tap: &Tap, partition: Partition, offset: i64) {
        sometimes!("a reader was told of damage");
        tap.record(Fact::DamageTold { consumer: self.client, partition, offset: Offset(offset) });
        self.go_to(tap, partition, offset + 1);
    }

    fn go_to(&mut self, tap: &Tap, partition: Partition, offset: i64) {
        tap.record(Fact::Placed { consumer: self.client, partition, offset: Some(Offset(offset)) });
        self.consumer.seek(&place(partition), offset).expect("it is assigned");
        self.next.insert(partition, offset);
    }

    /// Goes back to where partitions end that lost what was read of them, as they may where nothing is flushed.
    async fn back_to_the_ends(&mut self, tap: &Tap) {
        let partitions: Vec<Partition> = self.next.keys().copied().collect();
        let places: Vec<TopicPartition> = partitions.iter().copied().map(place).collect();
        let Ok(ends) = self.consumer.end_offsets(&places).await else { return };
        for (partition, place) in partitions.into_iter().zip(places) {
            let Some(end) = ends.get(&place).copied().filter(|end| *end < self.next[&partition]) else {
                continue;
            };
            sometimes!("a reader was ahead of what was left");
            self.go_to(tap, partition, end);
        }
    }

    async fn ends(&mut self, tap: &Tap, partitions: &[Partition]) -> BTreeMap<Partition, i64> {
        let places: Vec<TopicPartition> = partitions.iter().map(|partition| place(*partition)).collect();
        loop {
            let asked = tap.now();
            match self.consumer.end_offsets(&places).await {
                Ok(found) => {
                    let end = |partition: &Partition| found.get(&place(*partition)).copied();
                    let ends = partitions.iter().filter_map(|partition| Some((*partition, end(partition)?)));
                    let ends: BTreeMap<Partition, i64> = ends.collect();
                    for (partition, end) in &ends {
                        tap.record(Fact::EndRead { partition: *partition, end: Offset(*end), asked });
                    }
                    return ends;
                }
                Err(error) => {
                    assert!(!error.is_fatal(), "a consumer cannot go on: {error}");
                    tap.env.sleep(PAUSE_AFTER_ERROR).await;
                }
            }
        }
    }
}

fn config() -> ConsumerConfig {
    with_limits([("max.poll.records", "500".to_owned()), ("request.timeout.ms", "3000".to_owned())])
}

/// Of one who waits for its answers however slowly they come, and takes little of them at a time.
fn slow_config() -> ConsumerConfig {
    with_limits([
        ("max.poll.records", "5".to_owned()),
        ("request.timeout.ms", "60000".to_owned()),
        ("fetch.max.bytes", SLOW_FETCH_BYTES_MAX.to_string()),
    ])
}

fn with_limits<const N: usize>(limits: [(&str, String); N]) -> ConsumerConfig {
    let properties = [
        ("bootstrap.servers", BOOTSTRAP.to_owned()),
        ("auto.offset.reset", "none".to_owned()),
        ("default.api.timeout.ms", "10000".to_owned()),
        ("reconnect.backoff.max.ms", "500".to_owned()),
        ("retry.backoff.max.ms", "500".to_owned()),
        ("socket.connection.setup.timeout.ms", "1000".to_owned()),
    ];
    let properties: BTreeMap<String, String> =
        properties.into_iter().chain(limits).map(|(key, value)| (key.to_owned(), value)).collect();
    ConsumerConfig::from_properties(&properties).expect("a good configuration")
}

fn place(partition: Partition) -> TopicPartition {
    TopicPartition { topic: topic_name(partition.topic).into(), partition: partition.index.into() }
}

fn partition_at(topic: &str, index: i32) -> Partition {
    let topic = topic.strip_prefix('t').and_then(|number| number.parse().ok());
    let topic = topic.expect("a consumer hears of what it was assigned");
    Partition { topic, index: u16::try_from(index).expect("a small number") }
}

fn seen(record: &ConsumerRecord) -> Record {
    Record {
        offset: Offset(record.offset),
        value: Value::decode(record.value.as_deref().unwrap_or_default()),
        leader_epoch: record.leader_epoch.unwrap_or(-1),
    }
}
