//! Accumulator and sender against brokers that lose connections, answer late, refuse, and move leaders.
//!
//! Whatever happens, with idempotence: what is acknowledged is in the log once, what failed at most once, and each
//! partition's log is in the order of sending. In the end every record has an end, and all memory is given back.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use klamm_protocol::{ErrorCode, InitProducerIdResponse, ProduceRequest, ProduceResponse, produce_response};
use klamm_records::{Compression, Compressor, RecordBatch};
use proptest::prelude::*;

use super::{Accumulator, AccumulatorConfig, NewRecord, Sender, SenderConfig, SenderEffect};
use crate::{Backoff, Cluster, Moment, Partition, RequestError, Topic, TopicPartition};

const PARTITIONS: i32 = 2;
const NODES: i32 = 2;
const BUFFER_MEMORY: usize = 4_000;
const DELIVERY_TIMEOUT: Duration = Duration::from_millis(2_000);

/// What one broker knows of one producer in one partition.
#[derive(Default)]
struct ProducerEntry {
    epoch: i16,
    /// The last five: first sequence, last sequence, base offset.
    batches: VecDeque<(i32, i32, i64)>,
}

/// A partition as Kafka keeps it; it follows its leader.
#[derive(Default)]
struct PartitionLog {
    values: Vec<u64>,
    producers: BTreeMap<i64, ProducerEntry>,
}

impl PartitionLog {
    fn append(&mut self, batch: &RecordBatch) -> Result<i64, ErrorCode> {
        let header = batch.header();
        let (first, last) = (header.base_sequence, header.last_sequence());
        if let Some(entry) = self.producers.get(&header.producer_id) {
            if header.producer_epoch < entry.epoch {
                return Err(ErrorCode::INVALID_PRODUCER_EPOCH);
            }
            if header.producer_epoch > entry.epoch {
                if first != 0 {
                    return Err(ErrorCode::OUT_OF_ORDER_SEQUENCE_NUMBER);
                }
            } else if let Some(known) = entry.batches.iter().find(|known| (known.0, known.1) == (first, last))
            {
                return Ok(known.2);
            } else if entry.batches.back().is_some_and(|before| before.1 + 1 != first) {
                return Err(ErrorCode::OUT_OF_ORDER_SEQUENCE_NUMBER);
            }
        }
        let base_offset = self.values.len() as i64;
        let entry = self.producers.entry(header.producer_id).or_default();
        if entry.epoch != header.producer_epoch {
            entry.batches.clear();
        }
        entry.epoch = header.producer_epoch;
        entry.batches.push_back((first, last, base_offset));
        while entry.batches.len() > 5 {
            entry.batches.pop_front();
        }
        batch.check_crc().expect("the client wrote the CRC");
        for record in batch.records(1 << 20).expect("the client compressed it") {
            let value = record.expect("the client wrote it").value.expect("it has a value");
            self.values.push(u64::from_be_bytes(value[..8].try_into().expect("eight bytes at least")));
        }
        Ok(base_offset)
    }
}

/// What befalls the client and the brokers.
#[derive(Clone, Copy, Debug)]
enum Step {
    Append {
        partition: i32,
        padding: u8,
    },
    Send,
    /// A node takes its next request and answers it.
    Answer(i32),
    /// The same, but one partition is refused, for now or for good, or is appended and said not to be.
    Refuse(i32, Refusal),
    /// The connection breaks: some requests arrive nevertheless, some late, some never.
    Break {
        node: i32,
        arrive: usize,
        late: usize,
    },
    /// What was late arrives.
    Late(i32),
    Move {
        partition: i32,
        leader: i32,
    },
    Wait(u16),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Refusal {
    Passing,
    Lasting,
    AfterAppend,
}

struct World {
    now: Moment,
    accumulator: Accumulator<Vec<u64>>,
    sender: Sender<Vec<u64>>,
    cluster: Cluster,
    logs: BTreeMap<i32, PartitionLog>,
    at_node: BTreeMap<i32, VecDeque<(u64, ProduceRequest)>>,
    late: BTreeMap<i32, VecDeque<ProduceRequest>>,
    next_value: u64,
    /// By partition, in the order of sending.
    appended: BTreeMap<i32, Vec<u64>>,
    acknowledged: BTreeMap<u64, (i32, i64)>,
    failed: BTreeSet<u64>,
}

fn topic() -> Arc<str> {
    "events".into()
}

impl World {
    fn new(max_in_flight: usize, compression: Compression) -> Self {
        let partition = |number| Partition { leader: Some(number % NODES), ..Partition::default() };
        let partitions = (0..PARTITIONS).map(partition).collect();
        let mut cluster = Cluster::default();
        cluster.topics.insert(topic(), Topic { partitions, ..Topic::default() });
        let mut accumulator = Accumulator::new(
            AccumulatorConfig {
                batch_size: 200,
                linger: Duration::from_millis(5),
                buffer_memory: BUFFER_MEMORY,
                max_request_size: 1_000,
                compressor: Compressor::new(compression),
                ignore_keys: false,
            },
            1,
        );
        accumulator.set_partitions(&topic(), PARTITIONS as usize);
        let sender = Sender::new(SenderConfig {
            acks: -1,
            idempotent: true,
            max_in_flight,
            max_request_size: 1_000,
            request_timeout: Duration::from_millis(500),
            delivery_timeout: DELIVERY_TIMEOUT,
            retries: u32::MAX,
            backoff: Backoff { initial: Duration::from_millis(10), max: Duration::from_millis(100) },
        });
        World {
            now: Moment::from_millis(1),
            accumulator,
            sender,
            cluster,
            logs: (0..PARTITIONS).map(|number| (number, PartitionLog::default())).collect(),
            at_node: BTreeMap::new(),
            late: BTreeMap::new(),
            next_value: 0,
            appended: BTreeMap::new(),
            acknowledged: BTreeMap::new(),
            failed: BTreeSet::new(),
        }
    }

    fn append(&mut self, partition: i32, padding: u8) {
        let mut value = self.next_value.to_be_bytes().to_vec();
        value.resize(8 + usize::from(padding), 7);
        let record = NewRecord {
            topic: &topic(),
            partition: Some(partition),
            timestamp: 0,
            key: None,
            value: Some(&value),
            headers: &[],
        };
        if let Ok(appended) = self.accumulator.append(self.now, record) {
            appended.tag.push(self.next_value);
            self.appended.entry(partition).or_default().push(self.next_value);
            self.next_value += 1;
        }
        assert!(self.accumulator.used() <= BUFFER_MEMORY);
    }

    fn send(&mut self) {
        self.sender.tick(self.now, &mut self.accumulator);
        loop {
            let batches = self.sender.collect(self.now, &self.cluster, |_| true, &mut self.accumulator);
            let any = self.sender.dispatch(&self.cluster, batches);
            self.effects();
            if !any {
                return;
            }
        }
    }

    fn effects(&mut self) {
        while let Some(effect) = self.sender.poll_effect() {
            match effect {
                SenderEffect::RefreshMetadata => {}
                SenderEffect::InitProducerId(_) => {
                    let answer = InitProducerIdResponse { producer_id: 9, ..Default::default() };
                    self.sender.identified(self.now, Ok(answer), 0.5);
                }
                SenderEffect::Produce { node, request, body } => {
                    self.at_node.entry(node).or_default().push_back((request, body));
                }
                SenderEffect::Complete { partition, number, reserved, tag, result } => {
                    self.accumulator.complete(number, reserved);
                    for (index, value) in tag.into_iter().enumerate() {
                        match result {
                            Ok(delivered) => {
                                let base = delivered.base_offset.expect("these brokers remember");
                                let place = (partition.partition, base + index as i64);
                                assert_eq!(self.acknowledged.insert(value, place), None, "told twice");
                            }
                            Err(_) => assert!(self.failed.insert(value), "told twice"),
                        }
                    }
                }
            }
        }
    }

    /// A node takes a request in.
    fn take_in(&mut self, node: i32, body: &ProduceRequest, refusal: Option<Refusal>) -> ProduceResponse {
        let mut response = ProduceResponse::default();
        let mut refusal = refusal;
        for topic in &body.topic_data {
            let mut answers =
                produce_response::TopicProduceResponse { name: topic.name.clone(), ..Default::default() };
            for data in &topic.partition_data {
                let place = TopicPartition::new(topic.name.as_str(), data.index);
                let leads = self
                    .cluster
                    .leader(&place.topic, place.partition)
                    .is_some_and(|(leader, _)| leader == node);
                let log = self.logs.get_mut(&data.index).expect("it is one of these");
                let bytes =
                    data.records.as_ref().and_then(|records| records.as_bytes()).expect("there are some");
                let batch = RecordBatch::parse(bytes.clone()).expect("the client built it");
                let outcome = match refusal.take() {
                    _ if !leads => Err(ErrorCode::NOT_LEADER_OR_FOLLOWER),
                    None => log.append(&batch),
                    Some(Refusal::Passing) => Err(ErrorCode::NOT_ENOUGH_REPLICAS),
                    Some(Refusal::Lasting) => Err(ErrorCode::INVALID_RECORD),
                    Some(Refusal::AfterAppend) => {
                        log.append(&batch).and(Err(ErrorCode::NOT_ENOUGH_REPLICAS_AFTER_APPEND))
                    }
                };
                answers.partition_responses.push(produce_response::PartitionProduceResponse {
                    index: data.index,
                    error_code: outcome.err().unwrap_or(ErrorCode::NONE),
                    base_offset: outcome.unwrap_or(-1),
                    log_append_time_ms: -1,
                    ..Default::default()
                });
            }
            response.responses.push(answers);
        }
        response
    }

    fn answer(&mut self, node: i32, refusal: Option<Refusal>) -> bool {
        let Some((request, body)) = self.at_node.entry(node).or_default().pop_front() else { return false };
        let response = self.take_in(node, &body, refusal);
        self.sender.answered(self.now, request, Ok(response), 0.5);
        self.effects();
        true
    }

    fn break_off(&mut self, node: i32, arrive: usize, late: usize) {
        let requests = std::mem::take(self.at_node.entry(node).or_default());
        for (place, (request, body)) in requests.into_iter().enumerate() {
            if place < arrive {
                self.take_in(node, &body, None);
            } else if place < arrive + late {
                self.late.entry(node).or_default().push_back(body);
            }
            self.sender.answered(self.now, request, Err(RequestError::Disconnected("cut".into())), 0.5);
        }
        self.effects();
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Append { partition, padding } => self.append(partition, padding),
            Step::Send => self.send(),
            Step::Answer(node) => drop(self.answer(node, None)),
            Step::Refuse(node, refusal) => drop(self.answer(node, Some(refusal))),
            Step::Break { node, arrive, late } => self.break_off(node, arrive, late),
            Step::Late(node) => {
                if let Some(body) = self.late.entry(node).or_default().pop_front() {
                    self.take_in(node, &body, None);
                }
            }
            Step::Move { partition, leader } => {
                let topic = self.cluster.topics.get_mut(&topic()).expect("there is one");
                topic.partitions[partition as usize].leader = Some(leader);
            }
            Step::Wait(millis) => self.now = self.now + Duration::from_millis(u64::from(millis)),
        }
    }

    /// Nothing goes wrong any more, until everything has its end.
    fn settle(&mut self) {
        self.accumulator.flush();
        for _ in 0..400 {
            self.now = self.now + Duration::from_millis(20);
            self.send();
            for node in 0..NODES {
                while self.answer(node, None) {}
            }
        }
    }

    fn check(&self) {
        let ended = self.acknowledged.len() + self.failed.len();
        assert_eq!(ended as u64, self.next_value, "every record has an end");
        assert_eq!(self.accumulator.used(), 0, "all memory is given back");
        for (number, log) in &self.logs {
            let sent = self.appended.get(number).cloned().unwrap_or_default();
            let stored: BTreeSet<u64> = log.values.iter().copied().collect();
            assert_eq!(stored.len(), log.values.len(), "a duplicate in partition {number}: {:?}", log.values);
            assert!(log.values.is_sorted(), "out of order in partition {number}: {:?}", log.values);
            for value in sent {
                match self.acknowledged.get(&value) {
                    Some((_, offset)) => {
                        assert_eq!(
                            log.values.get(*offset as usize),
                            Some(&value),
                            "{value} was acknowledged"
                        );
                    }
                    None => assert!(self.failed.contains(&value)),
                }
            }
        }
    }
}

fn step() -> impl Strategy<Value = Step> {
    let node = 0..NODES;
    let refusal = prop_oneof![
        3 => Just(Refusal::Passing),
        1 => Just(Refusal::Lasting),
        2 => Just(Refusal::AfterAppend),
    ];
    prop_oneof![
        10 => (0..PARTITIONS, 0..150_u8).prop_map(|(partition, padding)| Step::Append { partition, padding }),
        8 => Just(Step::Send),
        8 => node.clone().prop_map(Step::Answer),
        3 => (node.clone(), refusal).prop_map(|(node, refusal)| Step::Refuse(node, refusal)),
        2 => (node.clone(), 0..4_usize, 0..3_usize)
            .prop_map(|(node, arrive, late)| Step::Break { node, arrive, late }),
        2 => node.clone().prop_map(Step::Late),
        1 => (0..PARTITIONS, node).prop_map(|(partition, leader)| Step::Move { partition, leader }),
        6 => (0..200_u16).prop_map(Step::Wait),
        1 => (1_000..3_000_u16).prop_map(Step::Wait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

    #[test]
    fn nothing_is_lost_doubled_or_reordered(
        steps in prop::collection::vec(step(), 1..300),
        max_in_flight in 1..=5_usize,
        compressed in any::<bool>(),
    ) {
        let compression = if compressed { Compression::Lz4 } else { Compression::None };
        let mut world = World::new(max_in_flight, compression);
        for step in steps {
            world.step(step);
        }
        world.settle();
        world.check();
    }
}
