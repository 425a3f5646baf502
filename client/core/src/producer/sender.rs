//! What is sent when, and what its answers mean (KIP-98, KIP-360). Not here: gathering records (`accumulator`).
//!
//! Order and uniqueness rest on five rules. A batch keeps its sequence over retries. A retry goes out only when nothing
//! of its partition is out. No more goes out behind a batch without an end than brokers remember, and nothing behind the
//! first of an identity. A gap is believed only when nothing before the refused batch is outstanding; then, once nothing
//! is out at all, the epoch is raised and the sequences of what is left begin at 0. What may still be on its way, behind
//! something given up that may be too, is not sent again under another epoch but given up as well.

mod answers;
mod endings;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use klamm_protocol::{
    InitProducerIdRequest, InitProducerIdResponse, ProduceRequest, Records, Uuid, produce_request,
};
use klamm_records::ProducerState;

use super::accumulator::Accumulator;
use super::batch::{Batch, Delivered, DeliveryError, Sealed};
use super::sequences::Outstanding;
use crate::{Backoff, Cluster, Moment, RequestError, TopicPartition};

/// Who a producer is to the brokers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProducerIdentity {
    /// Its id.
    pub producer_id: i64,
    /// Its epoch.
    pub producer_epoch: i16,
}

impl ProducerIdentity {
    pub(super) fn state(self, base_sequence: i32) -> ProducerState {
        let ProducerIdentity { producer_id, producer_epoch } = self;
        ProducerState { producer_id, producer_epoch, base_sequence, transactional: false }
    }

    /// The same with the next epoch.
    pub(super) fn bumped(self) -> Self {
        ProducerIdentity { producer_epoch: self.producer_epoch.wrapping_add(1), ..self }
    }
}

/// How batches are sent.
#[derive(Clone, Debug)]
pub struct SenderConfig {
    /// 0, 1, or -1 for all.
    pub acks: i16,
    /// Whether brokers drop duplicates.
    pub idempotent: bool,
    /// Requests at one node at a time.
    pub max_in_flight: usize,
    /// Of one request, in bytes before compression.
    pub max_request_size: usize,
    /// What the broker is told that it may take.
    pub request_timeout: Duration,
    /// From the first record of a batch to its end.
    pub delivery_timeout: Duration,
    /// Attempts beyond the first.
    pub retries: u32,
    /// Between attempts.
    pub backoff: Backoff,
}

/// What the caller has to do.
#[derive(Debug)]
pub enum SenderEffect<T> {
    /// Ask for a producer id; the answer goes to [`Sender::identified`].
    InitProducerId(InitProducerIdRequest),
    /// Send a request; the answer goes to [`Sender::answered`], or if acks is 0 the fact that it was written.
    Produce {
        /// To this node.
        node: i32,
        /// By this number.
        request: u64,
        /// What.
        body: ProduceRequest,
    },
    /// Connect a node, to which there is something to send; [`Sender::collect`] wants to know when it is ready.
    Connect {
        /// This one.
        node: i32,
    },
    /// Somebody else leads a partition now, or nobody does.
    RefreshMetadata {
        /// Of these topics, whether they are still kept in the metadata or not.
        topics: BTreeSet<Arc<str>>,
    },
    /// The end of a batch is known; its memory goes back to the accumulator.
    Complete {
        /// Where to.
        partition: TopicPartition,
        /// See [`Batch::number`].
        number: u64,
        /// Bytes of `buffer.memory` that it had.
        reserved: usize,
        /// What the caller kept with it.
        tag: T,
        /// Its end.
        result: Result<Delivered, DeliveryError>,
    },
}

/// A request that is out: its node, and the batches in it.
#[derive(Debug)]
struct Sent {
    node: i32,
    batches: Vec<(TopicPartition, Uuid, u64)>,
}

#[derive(Debug)]
enum Identity {
    Missing { not_before: Moment },
    Asked,
    Known(ProducerIdentity),
}

/// Room in the next request to a node.
struct Room {
    ready: bool,
    free: bool,
    bytes: usize,
}

/// Everything of a producer that is sealed or under way.
#[derive(Debug)]
pub struct Sender<T> {
    config: SenderConfig,
    identity: Identity,
    identity_failures: u32,
    partitions: BTreeMap<TopicPartition, Outstanding<T>>,
    /// Partitions with retries.
    retrying: BTreeSet<TopicPartition>,
    sent: BTreeMap<u64, Sent>,
    next_request: u64,
    in_flight: BTreeMap<i32, usize>,
    /// Retries chosen for the requests that are being made.
    chosen: Vec<(i32, TopicPartition, Sealed<T>)>,
    effects: VecDeque<SenderEffect<T>>,
}

impl<T: Default> Sender<T> {
    /// Nothing sent yet.
    pub fn new(config: SenderConfig) -> Self {
        Sender {
            config,
            identity: Identity::Missing { not_before: Moment::default() },
            identity_failures: 0,
            partitions: BTreeMap::new(),
            retrying: BTreeSet::new(),
            sent: BTreeMap::new(),
            next_request: 0,
            in_flight: BTreeMap::new(),
            chosen: Vec::new(),
            effects: VecDeque::new(),
        }
    }

    /// The next thing to do.
    pub fn poll_effect(&mut self) -> Option<SenderEffect<T>> {
        self.effects.pop_front()
    }

    /// Chooses what goes into the next requests, one to a node that is ready: retries, and batches from the accumulator,
    /// where they stay as long as their node is not. These are
    /// returned for [`Sender::dispatch`], since sealing them takes time for which the accumulator need not be locked.
    /// Empty-handed twice means that there is nothing more to send now.
    pub fn collect(
        &mut self,
        now: Moment,
        cluster: &Cluster,
        ready: impl Fn(i32) -> bool,
        accumulator: &mut Accumulator<T>,
    ) -> Vec<Batch<T>> {
        if self.config.idempotent && !self.is_identified(now, accumulator) {
            return Vec::new();
        }
        let mut rooms = BTreeMap::new();
        let mut leaderless = BTreeSet::new();
        let one_by_one = self.config.max_in_flight == 1;
        let ordered = self.config.idempotent || one_by_one;
        let (limits, out) = (&self.config, &self.in_flight);
        let mut has_room = |partition: &TopicPartition, size: usize| {
            let Some((leader, _)) = cluster.leader(&partition.topic, partition.partition) else {
                leaderless.insert(partition.topic.clone());
                return None;
            };
            let room = rooms.entry(leader).or_insert_with(|| Room {
                ready: ready(leader),
                free: out.get(&leader).copied().unwrap_or(0) < limits.max_in_flight,
                bytes: 0,
            });
            let fits =
                room.ready && room.free && (room.bytes == 0 || room.bytes + size <= limits.max_request_size);
            room.bytes += if fits { size } else { 0 };
            fits.then_some(leader)
        };
        for partition in &self.retrying {
            let outstanding = self.partitions.get_mut(partition).expect("a retry is outstanding");
            let size = outstanding.retries.front().map_or(0, |batch| batch.bytes.len());
            if outstanding.takes_retry(now, ordered)
                && let Some(node) = has_room(partition, size)
                && let Some(batch) = outstanding.retries.pop_front()
            {
                self.chosen.push((node, partition.clone(), batch));
            }
        }
        let partitions = &self.partitions;
        let batches = accumulator.take_ready(now, |partition, size| {
            let open = partitions.get(partition).is_none_or(|open| open.takes_fresh(now, one_by_one));
            let overtaken = self.chosen.iter().any(|(_, chosen, _)| chosen == partition);
            open && !overtaken && has_room(partition, size).is_some()
        });
        let unready = rooms.into_iter().filter(|(_, room)| !room.ready);
        self.effects.extend(unready.map(|(node, _)| SenderEffect::Connect { node }));
        if !leaderless.is_empty() {
            self.effects.push_back(SenderEffect::RefreshMetadata { topics: leaderless });
        }
        batches
    }

    fn is_identified(&mut self, now: Moment, accumulator: &Accumulator<T>) -> bool {
        if let Identity::Missing { not_before } = self.identity
            && not_before <= now
            && (accumulator.active().next().is_some() || !self.retrying.is_empty())
        {
            self.identity = Identity::Asked;
            let request = InitProducerIdRequest {
                transactional_id: None,
                transaction_timeout_ms: i32::MAX,
                producer_id: -1,
                producer_epoch: -1,
                ..InitProducerIdRequest::default()
            };
            self.effects.push_back(SenderEffect::InitProducerId(request));
        }
        matches!(self.identity, Identity::Known(_))
    }

    /// The answer to the question for a producer id, or why there is none. A refusal that will not pass is the end of
    /// everything that waits for the id.
    pub fn identified(
        &mut self,
        now: Moment,
        answer: Result<InitProducerIdResponse, RequestError>,
        accumulator: &mut Accumulator<T>,
        draw: f64,
    ) {
        let lasting = match answer {
            Ok(InitProducerIdResponse { error_code, producer_id, producer_epoch, .. })
                if error_code.is_none() =>
            {
                self.identity_failures = 0;
                self.identity = Identity::Known(ProducerIdentity { producer_id, producer_epoch });
                for partition in self.partitions.keys().cloned().collect::<Vec<_>>() {
                    self.close_gap(now, &partition);
                }
                return;
            }
            Ok(InitProducerIdResponse { error_code: code, .. }) => {
                (!code.is_retriable()).then_some(DeliveryError::Refused { code, message: None })
            }
            Err(error) => (!error.is_retriable()).then_some(DeliveryError::Request(error)),
        };
        self.identity_failures = self.identity_failures.saturating_add(1);
        let not_before = now + self.config.backoff.delay(self.identity_failures, draw);
        self.identity = Identity::Missing { not_before };
        if let Some(error) = lasting {
            self.refuse_unsent(accumulator, &error);
        }
    }

    /// Seals the batches that [`Sender::collect`] gave, and makes the requests. Returns whether there were any.
    pub fn dispatch(&mut self, cluster: &Cluster, batches: Vec<Batch<T>>) -> bool {
        let mut requests: BTreeMap<i32, Vec<(TopicPartition, Sealed<T>)>> = BTreeMap::new();
        for (node, partition, batch) in std::mem::take(&mut self.chosen) {
            requests.entry(node).or_default().push((partition, batch));
        }
        for batch in batches {
            let partition = batch.partition.clone();
            let (node, _) = cluster
                .leader(&partition.topic, partition.partition)
                .expect("the batch was collected for its leader");
            let outstanding = self.partitions.entry(partition.clone()).or_insert_with(Outstanding::new);
            let sealed = match self.identity {
                Identity::Known(identity) if self.config.idempotent => outstanding.seal(batch, identity),
                _ => batch.seal(ProducerState::NONE),
            };
            requests.entry(node).or_default().push((partition, sealed));
        }
        let any = !requests.is_empty();
        for (node, batches) in requests {
            self.request(cluster, node, batches);
        }
        any
    }

    fn request(&mut self, cluster: &Cluster, node: i32, batches: Vec<(TopicPartition, Sealed<T>)>) {
        let mut topics: BTreeMap<Arc<str>, produce_request::TopicProduceData> = BTreeMap::new();
        let mut sent = Sent { node, batches: Vec::with_capacity(batches.len()) };
        for (partition, mut batch) in batches {
            batch.attempts = batch.attempts.saturating_add(1);
            let topic_id = cluster.topic(&partition.topic).map_or(Uuid::default(), |topic| topic.id);
            let topic =
                topics.entry(partition.topic.clone()).or_insert_with(|| produce_request::TopicProduceData {
                    name: partition.topic.to_string(),
                    topic_id,
                    ..Default::default()
                });
            topic.partition_data.push(produce_request::PartitionProduceData {
                index: partition.partition,
                records: Some(Records::Bytes(batch.bytes.clone())),
                ..Default::default()
            });
            sent.batches.push((partition.clone(), topic_id, batch.number));
            let outstanding = self.partitions.get_mut(&partition).expect("what is sent is outstanding");
            if outstanding.retries.is_empty() {
                self.retrying.remove(&partition);
            }
            outstanding.in_flight.push(batch);
        }
        let body = ProduceRequest {
            transactional_id: None,
            acks: self.config.acks,
            timeout_ms: i32::try_from(self.config.request_timeout.as_millis()).unwrap_or(i32::MAX),
            topic_data: topics.into_values().collect(),
            ..ProduceRequest::default()
        };
        *self.in_flight.entry(node).or_default() += 1;
        self.sent.insert(self.next_request, sent);
        self.effects.push_back(SenderEffect::Produce { node, request: self.next_request, body });
        self.next_request += 1;
    }

    /// When [`Sender::tick`] or [`Sender::collect`] has something to do, beside answers and new records.
    pub fn next_deadline(&self, now: Moment) -> Moment {
        let timeout = self.config.delivery_timeout;
        let identity = match self.identity {
            Identity::Missing { not_before } if self.config.idempotent && not_before > now => not_before,
            _ => Moment::NEVER,
        };
        let partition = |outstanding: &Outstanding<T>| {
            let untold = outstanding.in_flight.iter().filter(|batch| batch.tag.is_some());
            let oldest = untold.chain(&outstanding.retries).map(|batch| batch.created + timeout).min();
            let waiting = Some(outstanding.not_before).filter(|not_before| *not_before > now);
            oldest.into_iter().chain(waiting).min()
        };
        self.partitions.values().filter_map(partition).min().unwrap_or(Moment::NEVER).min(identity)
    }
}
