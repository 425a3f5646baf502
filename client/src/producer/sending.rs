//! The producer on its lane: does what the sender decides. Not here: the decisions.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{Either, select};
use klamm_client_core::{
    Answer, Backoff, Cluster, DeliveryError, Moment, Outgoing, RequestError, Sender, SenderConfig,
    SenderEffect, with_ids_if_known,
};
use klamm_env::{Env, Instant};
use klamm_protocol::{InitProducerIdRequest, InitProducerIdResponse, ProduceRequest, ProduceResponse, Uuid};

use super::Shared;
use super::delivery::{Tag, metadata};
use crate::admin::PartitionDescription;
use crate::config::{Acks, ProducerConfig};
use crate::error::Error;
use crate::link::{Link, Waiter, decoded};
use crate::offsets;

/// Requests made in one go before others on the lane get their turn.
const ROUNDS_MAX: usize = 64;

pub(super) struct Sending {
    link: Rc<Link>,
    shared: Arc<Shared>,
    sender: RefCell<Sender<Tag>>,
    answered: bool,
    max_block: Duration,
    delivery_timeout: Duration,
    closed: Cell<bool>,
    cluster_seen: RefCell<Arc<Cluster>>,
}

impl Sending {
    pub(super) fn start(env: &Env, config: &ProducerConfig, shared: Arc<Shared>) -> Rc<Sending> {
        let client = &config.client;
        let sender = SenderConfig {
            acks: match config.acks {
                Acks::None => 0,
                Acks::Leader => 1,
                Acks::All => -1,
            },
            idempotent: config.enable_idempotence,
            max_in_flight: config.max_in_flight_requests_per_connection,
            max_request_size: config.max_request_size,
            request_timeout: client.request_timeout,
            delivery_timeout: config.delivery_timeout,
            retries: config.retries,
            backoff: Backoff { initial: client.retry_backoff, max: client.retry_backoff_max },
        };
        let sending = Rc::new(Sending {
            link: Link::start(env, client, true, u32::MAX),
            shared,
            answered: sender.acks != 0,
            sender: RefCell::new(Sender::new(sender)),
            max_block: config.max_block,
            delivery_timeout: config.delivery_timeout,
            closed: Cell::new(false),
            cluster_seen: RefCell::default(),
        });
        env.spawn_local("producer sender", sending.clone().run());
        sending
    }

    async fn run(self: Rc<Self>) {
        while !self.closed.get() {
            let mut fresh = pin!(self.link.metadata_changed.notified());
            let mut nodes = pin!(self.link.nodes_changed.notified());
            fresh.as_mut().enable();
            nodes.as_mut().enable();
            self.take_partition_counts();
            self.send_due();
            let woken = pin!(self.shared.wake.notified());
            let news = select(woken, select(fresh, nodes));
            match self.next_deadline() {
                Moment::NEVER => {
                    news.await;
                }
                deadline => {
                    let sleep = self.link.env.sleep_until(Instant::from_nanos(deadline.0));
                    select(news, sleep).await;
                }
            }
        }
    }

    /// Tells the accumulator of the partitions of topics in use.
    fn take_partition_counts(&self) {
        let cluster = self.link.cluster();
        if !Arc::ptr_eq(&cluster, &self.cluster_seen.borrow()) {
            let mut accumulator = self.shared.accumulator();
            for (name, topic) in cluster.topics.iter().filter(|(_, topic)| topic.error.is_none()) {
                accumulator.set_partitions(name, topic.partitions.len());
                let leader =
                    |index: usize| topic.partitions.get(index).and_then(|partition| partition.leader);
                accumulator.set_leaders(name, |index| leader(index).is_some());
            }
            *self.cluster_seen.borrow_mut() = cluster;
        }
    }

    fn next_deadline(&self) -> Moment {
        let now = self.link.now();
        let batches = self.shared.accumulator().next_deadline(now, self.delivery_timeout);
        let available = self.link.with_network(|network| network.next_available(now));
        batches.min(self.sender.borrow().next_deadline(now)).min(available)
    }

    /// Sends what is due, as long as there is something.
    fn send_due(self: &Rc<Self>) {
        let now = self.link.now();
        self.sender.borrow_mut().tick(now, &mut self.shared.accumulator());
        for _ in 0..ROUNDS_MAX {
            let cluster = self.link.cluster();
            let batches = self.link.with_network(|network| {
                let ready = |node| network.is_ready(node);
                self.sender.borrow_mut().collect(now, &cluster, ready, &mut self.shared.accumulator())
            });
            let any = self.sender.borrow_mut().dispatch(&cluster, batches);
            self.do_effects();
            if !any {
                return;
            }
        }
        self.shared.wake.notify_one();
    }

    fn do_effects(self: &Rc<Self>) {
        loop {
            let effect = self.sender.borrow_mut().poll_effect();
            match effect {
                None => return,
                Some(SenderEffect::RefreshMetadata { topics }) => self.link.refresh_topics(&topics),
                Some(SenderEffect::Connect { node }) => self.link.connect(node),
                Some(SenderEffect::InitProducerId(request)) => self.identify(request),
                Some(SenderEffect::Produce { node, request, body }) => self.produce(node, request, body),
                Some(SenderEffect::Complete { partition, number, reserved, tag, result }) => {
                    if let Err(error) = &result {
                        tracing::debug!(%partition, number, %error, "a batch was given up");
                    }
                    let result = result.map_err(delivery_error);
                    tag.end.set(result.clone());
                    for (index, timestamp, callback) in tag.callbacks {
                        let placed = |delivered| metadata(&partition, delivered, index, timestamp);
                        callback(result.clone().map(placed));
                    }
                    self.shared.accumulator().complete(number, reserved);
                    self.shared.ended.notify_waiters();
                }
            }
        }
    }

    fn identify(self: &Rc<Self>, request: InitProducerIdRequest) {
        let sending = self.clone();
        self.link.env.spawn_local("producer id", async move {
            let answer = match sending.link.any_node() {
                Ok(node) => sending.ask_identity(node, request).await,
                Err(_) => Err(RequestError::Closed),
            };
            if let Err(error) = &answer {
                tracing::debug!(%error, "no producer id");
            }
            let (now, draw) = (sending.link.now(), sending.link.draw());
            let mut accumulator = sending.shared.accumulator();
            sending.sender.borrow_mut().identified(now, answer, &mut accumulator, draw);
            drop(accumulator);
            sending.do_effects();
            sending.shared.wake.notify_one();
        });
    }

    async fn ask_identity(
        self: &Rc<Self>,
        node: i32,
        request: InitProducerIdRequest,
    ) -> Result<InitProducerIdResponse, RequestError> {
        let answer = self.link.ask_raw(node, Box::new(request), Moment::NEVER).await?;
        decoded(answer)
    }

    fn produce(self: &Rc<Self>, node: i32, request: u64, body: ProduceRequest) {
        for topic in &body.topic_data {
            self.link.touch_topic(&topic.name);
        }
        let ids: Vec<Uuid> = body.topic_data.iter().map(|topic| topic.topic_id).collect();
        let body = with_ids_if_known(body, ids.into_iter());
        let waiter = self.produce_waiter(request);
        let timeout = self.link.config.request_timeout;
        self.link.send(node, Outgoing { body, timeout, answered: self.answered }, waiter);
    }

    fn produce_waiter(self: &Rc<Self>, request: u64) -> Waiter {
        let sending = self.clone();
        Box::new(move |answer: Result<Answer, RequestError>| {
            let (now, draw) = (sending.link.now(), sending.link.draw());
            let mut sender = sending.sender.borrow_mut();
            if sending.answered {
                sender.answered(now, request, answer.and_then(decoded::<ProduceResponse>), draw);
            } else {
                sender.written(now, request, &answer.map(drop), draw);
            }
            drop(sender);
            sending.shared.wake.notify_one();
        })
    }

    /// Waits until so many bytes are free, or may be.
    pub(super) async fn room(self: Rc<Self>, needed: usize, deadline: Moment) -> Result<(), Error> {
        let mut ended = pin!(self.shared.ended.notified());
        ended.as_mut().enable();
        self.shared.wake.notify_one();
        // What has ended since the caller looked has told nobody who waits.
        if self.shared.accumulator().has_room(needed) {
            return Ok(());
        }
        let limit = deadline - self.link.now();
        match self.link.env.timeout(limit, ended).await {
            Ok(()) => Ok(()),
            Err(_) => Err(Error::timeout("waiting for room in buffer.memory", self.max_block)),
        }
    }

    /// Keeps a topic in the metadata; the accumulator is told of its partitions once they are known.
    pub(super) fn want(self: Rc<Self>, topic: Arc<str>) {
        self.link.refresh_topics(&BTreeSet::from([topic]));
    }

    /// Waits until a partition of a topic is known, and tells the accumulator. Partitions can be added: one that is not
    /// there is waited for, too.
    pub(super) async fn partitions(
        self: Rc<Self>,
        topic: Arc<str>,
        wanted: usize,
        deadline: Moment,
    ) -> Result<(), Error> {
        self.link.want_topic(&topic);
        loop {
            let mut changed = pin!(self.link.metadata_changed.notified());
            changed.as_mut().enable();
            if self.shared.accumulator().is_closed() {
                return Err(Error::closed());
            }
            let cluster = self.link.cluster();
            let known = cluster.topics.get(&topic);
            match known {
                Some(known) if known.error.is_error() && !known.error.is_retriable() => {
                    return Err(known.error.into());
                }
                Some(known) if known.error.is_none() => {
                    self.shared.accumulator().set_partitions(&topic, known.partitions.len());
                    if wanted < known.partitions.len() {
                        return Ok(());
                    }
                    self.link.request_refresh();
                }
                _ => {}
            }
            if self.link.env.timeout(deadline - self.link.now(), changed).await.is_err() {
                return Err(match known {
                    Some(known) if known.error.is_error() => known.error.into(),
                    Some(known) => {
                        let wanted = i32::try_from(wanted).unwrap_or(i32::MAX);
                        Error::no_partition(&topic, wanted, known.partitions.len())
                    }
                    None => Error::timeout("asking for metadata", self.max_block),
                });
            }
        }
    }

    /// The producer takes no more records: nobody needs to wait for room or for metadata.
    pub(super) fn release(self: Rc<Self>) {
        self.shared.ended.notify_waiters();
        self.link.metadata_changed.notify_waiters();
    }

    pub(super) async fn describe(
        self: Rc<Self>,
        topic: Arc<str>,
        deadline: Moment,
    ) -> Result<Vec<PartitionDescription>, Error> {
        let topic = offsets::topic(&self.link, &topic, deadline, self.max_block).await?;
        Ok(offsets::partitions(&topic))
    }

    pub(super) async fn flush(self: Rc<Self>) -> Result<(), Error> {
        let flush = self.shared.accumulator().flush();
        self.shared.wake.notify_one();
        loop {
            let mut ended = pin!(self.shared.ended.notified());
            ended.as_mut().enable();
            if self.shared.accumulator().is_flushed(flush) {
                return Ok(());
            }
            ended.await;
        }
    }

    pub(super) async fn close(self: Rc<Self>, timeout: Duration) -> Result<(), Error> {
        let flushing = pin!(self.clone().flush());
        let outcome = match select(flushing, self.link.env.sleep(timeout)).await {
            Either::Left((flushed, _)) => flushed,
            Either::Right(_) => Err(Error::timeout("closing the producer", timeout)),
        };
        self.stop();
        outcome
    }

    /// The last handle is gone: sends what is left.
    pub(super) async fn drain(self: Rc<Self>) {
        if self.closed.get() {
            return;
        }
        self.shared.accumulator().close();
        // Every batch ends at the latest by delivery.timeout.ms.
        let _ = self.clone().flush().await;
        self.stop();
    }

    fn stop(self: &Rc<Self>) {
        self.closed.set(true);
        self.sender.borrow_mut().abandon(&mut self.shared.accumulator());
        self.do_effects();
        self.link.close();
        self.shared.wake.notify_one();
    }
}

fn delivery_error(error: DeliveryError) -> Error {
    match error {
        DeliveryError::Refused { code, message } => Error::broker(code, message),
        DeliveryError::Request(error) => error.into(),
        DeliveryError::Expired(after) => Error::timeout("delivery (delivery.timeout.ms)", after),
        DeliveryError::Closed => Error::closed(),
    }
}
