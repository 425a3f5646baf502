//! One reader of one partition: a fetch at a time, from the start of the log to its end and again. All batches of a
//! topic of the load are alike, so that the header of the first tells how many records came.
//!
//! **Not here**: looking into the records; fetch sessions.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use klamm_protocol::fetch_request::{FetchPartition, FetchTopic};
use klamm_protocol::fetch_response::PartitionData;
use klamm_protocol::{ErrorCode, FetchRequest, FetchResponse};
use klamm_records::BatchHeader;

use super::connection::{Connection, Prepared};
use super::{FETCH_VERSION, Topic};

/// Kafka's default of `max.partition.fetch.bytes`.
const PARTITION_BYTES_MAX: i32 = 1 << 20;
/// Kafka's default of `fetch.max.bytes`.
const BYTES_MAX: i32 = 50 << 20;
/// Kafka's default of `fetch.max.wait.ms`.
const WAIT_MS_MAX: i32 = 500;

/// How long a new partition may take until its leader serves it.
const LEADER_DEADLINE: Duration = Duration::from_secs(20);

/// A reader at a position.
pub(in crate::bench) struct Reader {
    connection: Connection,
    topic: Topic,
    offset: i64,
}

/// What one answer held.
struct Taken {
    bytes: u64,
    next_offset: i64,
    high_watermark: i64,
}

impl Reader {
    /// A reader of partition 0 at its start.
    pub(in crate::bench) fn connect(topic: &Topic) -> Result<Self> {
        Ok(Self { connection: Connection::open(topic.address)?, topic: *topic, offset: 0 })
    }

    /// Reads at least `bytes` of batches, from the start again whenever the end is reached; how many it read.
    pub(in crate::bench) fn run(mut self, bytes: u64) -> Result<u64> {
        let mut read = 0;
        while read < bytes {
            self.ask()?;
            let taken = self.take()?;
            ensure!(taken.bytes > 0, "the broker gives nothing at offset {}", self.offset);
            read += taken.bytes;
            self.offset = if taken.next_offset >= taken.high_watermark { 0 } else { taken.next_offset };
        }
        Ok(read)
    }

    /// Goes to an offset.
    pub(super) fn seek(&mut self, offset: i64) {
        self.offset = offset;
    }

    /// Sends a fetch from the position, to be answered as soon as there is a byte.
    pub(super) fn ask(&mut self) -> Result<()> {
        self.connection.send(&mut request(&self.topic, 0, self.offset, WAIT_MS_MAX)?)
    }

    /// Waits until records come from the position on, and goes behind them.
    pub(super) fn wait_for_records(&mut self) -> Result<()> {
        loop {
            let taken = self.take()?;
            if taken.bytes > 0 {
                self.offset = taken.next_offset;
                return Ok(());
            }
            self.ask()?;
        }
    }

    fn take(&mut self) -> Result<Taken> {
        let from = self.offset;
        self.connection.skim(FETCH_VERSION, |response: FetchResponse| {
            let partition = only_partition(response)?;
            ensure!(partition.error_code.is_none(), "Fetch at offset {from}: {}", partition.error_code);
            taken(&partition, from)
        })
    }
}

fn taken(partition: &PartitionData, from: i64) -> Result<Taken> {
    let records = partition.records.as_ref().and_then(|records| records.as_bytes());
    let bytes = records.map_or(0, |records| records.len());
    let mut next_offset = from;
    if let Some(header) = records.and_then(|records| records.first_chunk()) {
        let first = BatchHeader::read(header);
        let others = (bytes / first.batch_size()).checked_sub(1);
        let others = others.with_context(|| format!("{bytes} bytes at offset {from} hold no whole batch"))?;
        let records_each = i64::from(first.last_offset_delta) + 1;
        next_offset = first.next_offset() + records_each * i64::try_from(others)?;
    }
    Ok(Taken { bytes: bytes as u64, next_offset, high_watermark: partition.high_watermark })
}

fn only_partition(response: FetchResponse) -> Result<PartitionData> {
    ensure!(response.error_code.is_none(), "Fetch: {}", response.error_code);
    let topic = response.responses.into_iter().next().context("Fetch answers with the topic")?;
    topic.partitions.into_iter().next().context("Fetch answers with the partition")
}

fn request(topic: &Topic, partition: i32, fetch_offset: i64, max_wait_ms: i32) -> Result<Prepared> {
    let partition = FetchPartition {
        partition,
        fetch_offset,
        partition_max_bytes: PARTITION_BYTES_MAX,
        ..Default::default()
    };
    let topic = FetchTopic { topic_id: topic.id, partitions: vec![partition], ..Default::default() };
    let request = FetchRequest {
        max_wait_ms,
        min_bytes: 1,
        max_bytes: BYTES_MAX,
        topics: vec![topic],
        ..Default::default()
    };
    Prepared::new(&request, FETCH_VERSION)
}

/// Waits until the leader of a new partition answers.
pub(super) fn wait_until_served(topic: Topic, partition: i32) -> Result<()> {
    let mut connection = Connection::open(topic.address)?;
    let mut request = request(&topic, partition, 0, 0)?;
    let begun = Instant::now();
    loop {
        connection.send(&mut request)?;
        let error = connection.receive(FETCH_VERSION, |response: FetchResponse| {
            if response.error_code.is_error() {
                return Ok(response.error_code);
            }
            only_partition(response).map(|partition| partition.error_code)
        })?;
        if error == ErrorCode::NONE {
            return Ok(());
        }
        ensure!(begun.elapsed() < LEADER_DEADLINE, "partition {partition} is not served: {error}");
        std::thread::sleep(Duration::from_millis(10));
    }
}
