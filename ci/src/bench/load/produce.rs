//! Producers: batches of 64 KiB, acks=all, several in flight on each connection.
//!
//! **Not here**: idempotence (sequences would change the bytes), and how long it took.

use anyhow::{Context as _, Result, ensure};
use bytes::Bytes;
use klamm_protocol::produce_request::{PartitionProduceData, TopicProduceData};
use klamm_protocol::{ProduceRequest, ProduceResponse};

use super::connection::{Connection, Prepared};
use super::{PRODUCE_VERSION, TIMEOUT_MS, Topic};
use crate::bench::batch;

/// Requests on the way on each connection: the default of Kafka's producer.
const IN_FLIGHT: i32 = 5;

/// Connections that are open, each with the one request that it repeats.
pub(in crate::bench) struct Producers {
    each: Vec<Producer>,
    requests_each: u64,
}

struct Producer {
    connection: Connection,
    request: Prepared,
}

impl Producers {
    /// `connections` producers, each for a partition of its own, for `bytes` of batches in all.
    pub(in crate::bench) fn connect(topic: &Topic, connections: i32, bytes: u64) -> Result<Self> {
        let batch = batch::full();
        let requests = bytes.div_ceil(batch.len() as u64);
        let each = (0..connections)
            .map(|partition| {
                let connection = Connection::open(topic.address)?;
                Ok(Producer { connection, request: prepared(topic, partition, batch.clone())? })
            })
            .collect::<Result<_>>()?;
        Ok(Self { each, requests_each: requests.div_ceil(connections.unsigned_abs().into()) })
    }

    /// Sends everything and has it acknowledged; the bytes of batches.
    pub(in crate::bench) fn run(self) -> Result<u64> {
        let requests = self.requests_each;
        std::thread::scope(|scope| {
            let threads: Vec<_> =
                self.each.into_iter().map(|producer| scope.spawn(move || producer.run(requests))).collect();
            threads.into_iter().map(|thread| thread.join().expect("a producer does not panic")).sum()
        })
    }
}

impl Producer {
    fn run(mut self, requests: u64) -> Result<u64> {
        for _ in 0..requests {
            self.connection.send(&mut self.request)?;
            if self.connection.outstanding() >= IN_FLIGHT {
                acknowledged(&mut self.connection)?;
            }
        }
        while self.connection.outstanding() > 0 {
            acknowledged(&mut self.connection)?;
        }
        Ok(requests * batch::full().len() as u64)
    }
}

/// One request with one batch for one partition.
pub(super) fn prepared(topic: &Topic, partition: i32, batch: Bytes) -> Result<Prepared> {
    let data = PartitionProduceData { index: partition, records: Some(batch.into()), ..Default::default() };
    let data = TopicProduceData { topic_id: topic.id, partition_data: vec![data], ..Default::default() };
    let request =
        ProduceRequest { acks: -1, timeout_ms: TIMEOUT_MS, topic_data: vec![data], ..Default::default() };
    Prepared::new(&request, PRODUCE_VERSION)
}

/// The next answer, which must be a success; the offset that the batch was given.
pub(super) fn acknowledged(connection: &mut Connection) -> Result<i64> {
    connection.receive(PRODUCE_VERSION, |response: ProduceResponse| {
        let topic = response.responses.first().context("Produce answers with the topic")?;
        let partition = topic.partition_responses.first().context("Produce answers with the partition")?;
        ensure!(partition.error_code.is_none(), "Produce: {}", partition.error_code);
        Ok(partition.base_offset)
    })
}
