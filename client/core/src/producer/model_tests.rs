//! Accumulator and sender against brokers that lose connections, answer late, refuse, and move leaders.
//!
//! Whatever happens: what is acknowledged is in the log (but with acks=0, where nobody says so), every record has one end,
//! and all memory is given back. With idempotence also: what is acknowledged is in the log once, what failed at most once,
//! and each partition's log is in the order of sending.
//!
//! Not here: single rules; tests of those stand beside them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use klamm_protocol::{ErrorCode, InitProducerIdResponse, ProduceRequest, ProduceResponse, produce_response};
use klamm_records::{Compression, Compressor, RecordBatch};
use proptest::prelude::*;

use super::{
    Accumulator, AccumulatorConfig, DeliveryError, NewRecord, Partitioning, Sender, SenderConfig,
    SenderEffect,
};
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
        if header.producer_id < 0 {
            return Ok(self.store(batch));
        }
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
        let base_offset = self.store(batch);
        let entry = self.producers.entry(header.producer_id).or_default();
        if entry.epoch != header.producer_epoch {
            entry.batches.clear();
        }
        entry.epoch = header.producer_epoch;
        entry.batches.push_back((first, last, base_offset));
        while entry.batches.len() > 5 {
            entry.batches.pop_front();
        }
        Ok(base_offset)
    }

    fn store(&mut self, batch: &RecordBatch) -> i64 {
        let base_offset = self.values.len() as i64;
        batch.check_crc().expect("the client wrote the CRC");
        for record in batch.records(1 << 20).expect("the client compressed it") {
            let value = record.expect("the client wrote it").value.expect("it has a value");
            self.values.push(u64::from_be_bytes(value[..8].try_into().expect("eight bytes at least")));
        }
        base_offset
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
    /// A node can be reached no more, or again.
    Reach(i32, bool),
    /// What the next question for a producer id is answered with.
    Identity(ErrorCode),
    Wait(u16),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Refusal {
    Passing,
    Lasting,
    AfterAppend,
}

/// What a producer is configured to.
#[derive(Clone, Copy, Debug)]
struct Setup {
    acks: i16,
    max_in_flight: usize,
    retries: u32,
    compression: Compression,
}

const IDEMPOTENT: Setup =
    Setup { acks: -1, max_in_flight: 5, retries: u32::MAX, compression: Compression::None };

struct World {
    setup: Setup,
    unreachable: BTreeSet<i32>,
    identity_errors: VecDeque<ErrorCode>,
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
    /// The partition, and the offset but with acks=0.
    acknowledged: BTreeMap<u64, (i32, Option<i64>)>,
    failed: BTreeMap<u64, DeliveryError>,
}

fn topic() -> Arc<str> {
    "events".into()
}

impl World {
    fn new(setup: Setup) -> Self {
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
                compressor: Compressor::new(setup.compression),
                partitioning: Partitioning::default(),
            },
            1,
        );
        accumulator.set_partitions(&topic(), PARTITIONS as usize);
        let sender = Sender::new(SenderConfig {
            acks: setup.acks,
            idempotent: setup.acks == -1,
            max_in_flight: setup.max_in_flight,
            max_request_size: 1_000,
            request_timeout: Duration::from_millis(500),
            delivery_timeout: DELIVERY_TIMEOUT,
            retries: setup.retries,
            backoff: Backoff { initial: Duration::from_millis(10), max: Duration::from_millis(100) },
        });
        World {
            setup,
            unreachable: BTreeSet::new(),
            identity_errors: VecDeque::new(),
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
            failed: BTreeMap::new(),
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
            let ready = |node| !self.unreachable.contains(&node);
            let batches = self.sender.collect(self.now, &self.cluster, ready, &mut self.accumulator);
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
                SenderEffect::RefreshMetadata { .. } | SenderEffect::Connect { .. } => {}
                SenderEffect::InitProducerId(_) => {
                    let error_code = self.identity_errors.pop_front().unwrap_or(ErrorCode::NONE);
                    let answer = InitProducerIdResponse { error_code, producer_id: 9, ..Default::default() };
                    self.sender.identified(self.now, Ok(answer), &mut self.accumulator, 0.5);
                }
                SenderEffect::Produce { node, request, body } => {
                    assert!(!self.unreachable.contains(&node), "it would wait for a connection");
                    let out = self.at_node.entry(node).or_default();
                    out.push_back((request, body));
                    assert!(out.len() <= self.setup.max_in_flight);
                }
                SenderEffect::Complete { partition, number, reserved, tag, result } => {
                    self.accumulator.complete(number, reserved);
                    for (index, value) in tag.into_iter().enumerate() {
                        match &result {
                            Ok(delivered) => {
                                let offset = delivered.base_offset.map(|base| base + index as i64);
                                assert_eq!(offset.is_some(), self.setup.acks != 0, "these brokers remember");
                                let place = (partition.partition, offset);
                                assert_eq!(self.acknowledged.insert(value, place), None, "told twice");
                            }
                            Err(error) => {
                                assert_eq!(self.failed.insert(value, error.clone()), None, "told twice");
                            }
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
        match self.setup.acks {
            0 => self.sender.written(self.now, request, &Ok(()), 0.5),
            _ => self.sender.answered(self.now, request, Ok(response), 0.5),
        }
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
            let error = RequestError::Disconnected("cut".into());
            match self.setup.acks {
                0 => self.sender.written(self.now, request, &Err(error), 0.5),
                _ => self.sender.answered(self.now, request, Err(error), 0.5),
            }
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
            Step::Reach(node, true) => drop(self.unreachable.remove(&node)),
            Step::Reach(node, false) => drop(self.unreachable.insert(node)),
            Step::Identity(code) => self.identity_errors.push_back(code),
            Step::Wait(millis) => self.now = self.now + Duration::from_millis(u64::from(millis)),
        }
    }

    /// Nothing goes wrong any more, until everything has its end.
    fn settle(&mut self) {
        self.accumulator.flush();
        self.unreachable.clear();
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
            let stored: BTreeSet<u64> = log.values.iter().copied().collect();
            if self.setup.acks == -1 {
                let values = &log.values;
                assert_eq!(stored.len(), values.len(), "a duplicate in partition {number}: {values:?}");
                assert!(values.is_sorted(), "out of order in partition {number}: {values:?}");
            }
            for value in self.appended.get(number).into_iter().flatten() {
                match self.acknowledged.get(value) {
                    Some((_, Some(offset))) => {
                        assert_eq!(log.values.get(*offset as usize), Some(value), "it was acknowledged");
                    }
                    Some((_, None)) => {}
                    None => assert!(self.failed.contains_key(value)),
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
    let identity = prop_oneof![
        Just(ErrorCode::COORDINATOR_LOAD_IN_PROGRESS),
        Just(ErrorCode::CLUSTER_AUTHORIZATION_FAILED),
    ];
    prop_oneof![
        10 => (0..PARTITIONS, 0..150_u8).prop_map(|(partition, padding)| Step::Append { partition, padding }),
        8 => Just(Step::Send),
        8 => node.clone().prop_map(Step::Answer),
        3 => (node.clone(), refusal).prop_map(|(node, refusal)| Step::Refuse(node, refusal)),
        2 => (node.clone(), 0..4_usize, 0..3_usize)
            .prop_map(|(node, arrive, late)| Step::Break { node, arrive, late }),
        2 => node.clone().prop_map(Step::Late),
        1 => (0..PARTITIONS, node.clone()).prop_map(|(partition, leader)| Step::Move { partition, leader }),
        2 => (node, any::<bool>()).prop_map(|(node, reachable)| Step::Reach(node, reachable)),
        1 => identity.prop_map(Step::Identity),
        6 => (0..200_u16).prop_map(Step::Wait),
        1 => (1_000..3_000_u16).prop_map(Step::Wait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

    #[test]
    fn nothing_is_lost_doubled_or_reordered(
        steps in prop::collection::vec(step(), 1..300),
        acks in prop_oneof![6 => Just(-1_i16), 2 => Just(1_i16), 2 => Just(0_i16)],
        max_in_flight in 1..=5_usize,
        retries in prop_oneof![2 => Just(u32::MAX), 1 => 1..4_u32],
        compressed in any::<bool>(),
    ) {
        let compression = if compressed { Compression::Lz4 } else { Compression::None };
        let mut world = World::new(Setup { acks, max_in_flight, retries, compression });
        for step in steps {
            world.step(step);
        }
        world.settle();
        world.check();
    }
}

/// A world in which a record is on its way; its node is told nothing yet.
fn one_sent(setup: Setup) -> World {
    let mut world = World::new(setup);
    world.append(0, 0);
    world.accumulator.flush();
    world.send();
    world
}

#[test]
fn memory_is_given_back_when_a_record_without_acks_is_written_and_not_before() {
    let mut world = one_sent(Setup { acks: 0, ..IDEMPOTENT });
    assert!(world.accumulator.used() > 0 && world.acknowledged.is_empty());
    world.step(Step::Answer(0));
    assert_eq!((world.accumulator.used(), world.acknowledged.len()), (0, 1));
}

#[test]
fn a_node_that_cannot_be_reached_costs_no_attempts() {
    let mut world = World::new(Setup { acks: 1, retries: 0, ..IDEMPOTENT });
    world.step(Step::Reach(0, false));
    world.append(0, 0);
    world.accumulator.flush();
    world.send();
    world.step(Step::Wait(1_000));
    world.send();
    assert_eq!((world.failed.len(), world.at_node.len()), (0, 0));
    world.step(Step::Reach(0, true));
    world.send();
    // The connection is lost between the choice and the writing.
    let (request, _) = world.at_node.entry(0).or_default().pop_front().expect("it was sent");
    let error = RequestError::NotConnected("cut".into());
    world.sender.answered(world.now, request, Err(error), 0.5);
    world.settle();
    world.check();
    assert_eq!(world.acknowledged.len(), 1);
}

#[test]
fn retries_are_attempts_beyond_the_first() {
    let mut world = one_sent(Setup { acks: 1, retries: 1, ..IDEMPOTENT });
    world.step(Step::Refuse(0, Refusal::Passing));
    world.step(Step::Wait(100));
    world.send();
    assert_eq!(world.failed.len(), 0);
    world.step(Step::Refuse(0, Refusal::Passing));
    let error = DeliveryError::Refused { code: ErrorCode::NOT_ENOUGH_REPLICAS, message: None };
    assert_eq!(world.failed.values().collect::<Vec<_>>(), [&error]);
}

#[test]
fn a_lasting_refusal_of_a_producer_id_fails_what_waits_and_a_passing_one_does_not() {
    let mut world = World::new(IDEMPOTENT);
    world.step(Step::Identity(ErrorCode::COORDINATOR_LOAD_IN_PROGRESS));
    world.step(Step::Identity(ErrorCode::CLUSTER_AUTHORIZATION_FAILED));
    world.append(0, 0);
    world.send();
    assert_eq!(world.failed.len(), 0);
    world.step(Step::Wait(100));
    world.send();
    let error = DeliveryError::Refused { code: ErrorCode::CLUSTER_AUTHORIZATION_FAILED, message: None };
    assert_eq!(world.failed.values().collect::<Vec<_>>(), [&error]);
    // Whoever tries again may fare better.
    world.append(0, 0);
    world.settle();
    world.check();
    assert_eq!(world.acknowledged.len(), 1);
}

#[test]
fn what_has_no_leader_is_asked_about_by_name_even_if_it_waits_to_be_sent_again() {
    let mut world = one_sent(IDEMPOTENT);
    world.step(Step::Refuse(0, Refusal::Passing));
    world.cluster.topics.clear();
    world.step(Step::Wait(100));
    let batches = world.sender.collect(world.now, &world.cluster, |_| true, &mut world.accumulator);
    assert!(batches.is_empty());
    let effect = world.sender.poll_effect();
    assert!(
        matches!(&effect, Some(SenderEffect::RefreshMetadata { topics }) if topics.contains(&topic())),
        "{effect:?}"
    );
}
