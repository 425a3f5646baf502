//! The lane's side of a client: its network and metadata, and requests as futures. Not here: what is asked.

mod connection;
mod worker;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;

use klamm_client_core::{
    Answer, Backoff, Body, Cluster, ConnectionId, Endpoint, Metadata, MetadataConfig, Moment, Network,
    NetworkConfig, NetworkEffect, Outgoing, RequestError,
};
use klamm_env::rand_core::Rng;
use klamm_env::{ChaCha12Rng, Env, Instant};
use klamm_protocol::metadata_response::MetadataResponseBroker;
use klamm_protocol::{Decoder, ErrorCode, Message, MetadataResponse, Request};
use tokio::sync::{Notify, oneshot};
use tracing::{debug, info, trace};

use connection::Writer;
pub use worker::Call;
pub(crate) use worker::Worker;

use crate::config::ClientConfig;
use crate::error::Error;

/// The longest answer that is believed, in bytes.
const FRAME_SIZE_MAX: usize = 256 << 20;

/// Endpoints that are remembered for not having answered.
const UNREACHABLE_MAX: usize = 1000;

/// Who waits for an answer; called on the lane, outside of every borrow.
pub(crate) type Waiter = Box<dyn FnOnce(Result<Answer, RequestError>)>;

/// Connections and metadata of one client, on its lane.
pub(crate) struct Link {
    pub(crate) env: Env,
    pub(crate) config: ClientConfig,
    /// How often a call is tried again.
    pub(crate) retries: u32,
    network: RefCell<Network<Waiter>>,
    metadata: RefCell<Metadata>,
    /// Told whenever there is fresh metadata.
    pub(crate) metadata_changed: Notify,
    /// Told whenever a node was connected, or lost its connection.
    pub(crate) nodes_changed: Notify,
    writers: RefCell<BTreeMap<ConnectionId, Writer>>,
    /// Where nobody answered when it was last tried.
    unreachable: RefCell<BTreeSet<Endpoint>>,
    rng: RefCell<ChaCha12Rng>,
    /// When the timer's task will look next.
    armed: Cell<Moment>,
    timer: Notify,
    closed: Cell<bool>,
}

impl Link {
    /// Starts the task that keeps deadlines; it ends after [`Link::close`].
    pub(crate) fn start(
        env: &Env,
        config: &ClientConfig,
        allow_auto_topic_creation: bool,
        retries: u32,
    ) -> Rc<Link> {
        let link = Rc::new(Link {
            network: RefCell::new(Network::new(
                network_config(config),
                &endpoints(&config.bootstrap_servers),
            )),
            metadata: RefCell::new(Metadata::new(MetadataConfig {
                max_age: config.metadata_max_age,
                max_idle: config.metadata_max_idle,
                backoff: Backoff { initial: config.retry_backoff, max: config.retry_backoff_max },
                allow_auto_topic_creation,
                rebootstrap_trigger: config.rebootstrap_trigger,
            })),
            config: config.clone(),
            retries,
            metadata_changed: Notify::new(),
            nodes_changed: Notify::new(),
            writers: RefCell::default(),
            unreachable: RefCell::default(),
            rng: RefCell::new(env.stream("client")),
            armed: Cell::new(Moment::NEVER),
            timer: Notify::new(),
            closed: Cell::new(false),
            env: env.clone(),
        });
        env.spawn_local("client deadlines", link.clone().keep_deadlines());
        link
    }

    pub(crate) fn now(&self) -> Moment {
        Moment(self.env.now().as_nanos())
    }

    /// A draw from 0 to 1.
    pub(crate) fn draw(&self) -> f64 {
        f64::from(self.rng.borrow_mut().next_u32()) / f64::from(u32::MAX)
    }

    /// What is known of the cluster.
    pub(crate) fn cluster(&self) -> Arc<Cluster> {
        self.metadata.borrow().cluster().clone()
    }

    /// Keeps a topic in the metadata, and asks for it if it is new.
    pub(crate) fn want_topic(self: &Rc<Self>, topic: &Arc<str>) {
        let now = self.now();
        self.metadata.borrow_mut().want(now, topic);
        self.refresh(now);
    }

    /// Keeps a topic that is in the metadata from being forgotten.
    pub(crate) fn touch_topic(&self, topic: &str) {
        let now = self.now();
        self.metadata.borrow_mut().touch(now, topic);
    }

    /// Asks for fresh metadata as soon as the back-off allows, of these topics too.
    pub(crate) fn refresh_topics(self: &Rc<Self>, topics: &BTreeSet<Arc<str>>) {
        let now = self.now();
        let mut metadata = self.metadata.borrow_mut();
        topics.iter().for_each(|topic| metadata.want(now, topic));
        metadata.request_refresh();
        drop(metadata);
        self.refresh(now);
    }

    /// Asks for fresh metadata as soon as the back-off allows.
    pub(crate) fn request_refresh(self: &Rc<Self>) {
        self.metadata.borrow_mut().request_refresh();
        self.refresh(self.now());
    }

    /// Looks at the network without lasting effect.
    pub(crate) fn with_network<T>(&self, look: impl FnOnce(&Network<Waiter>) -> T) -> T {
        look(&self.network.borrow())
    }

    /// Connects a node ahead of requests; [`Link::nodes_changed`] tells when it is ready, or has failed.
    pub(crate) fn connect(self: &Rc<Self>, node: i32) {
        let known = self.network.borrow_mut().connect(self.now(), node);
        if !known {
            self.request_refresh();
        }
        self.pump();
    }

    /// Sends a request; `waiter` gets the answer.
    pub(crate) fn send(self: &Rc<Self>, node: i32, request: Outgoing, waiter: Waiter) {
        self.network.borrow_mut().send(self.now(), node, request, waiter);
        self.pump();
    }

    /// Asks a node, and reads its answer. It may take `request.timeout.ms`, but not beyond the deadline.
    pub(crate) async fn ask<R: Request + 'static>(
        self: &Rc<Self>,
        node: i32,
        body: Box<dyn Body>,
        deadline: Moment,
    ) -> Result<R::Response, Error> {
        Ok(decoded(self.ask_raw(node, body, deadline).await?)?)
    }

    /// Asks a node.
    pub(crate) async fn ask_raw(
        self: &Rc<Self>,
        node: i32,
        body: Box<dyn Body>,
        deadline: Moment,
    ) -> Result<Answer, RequestError> {
        let (sender, receiver) = oneshot::channel();
        let waiter = Box::new(move |answer| drop(sender.send(answer)));
        let timeout = self.config.request_timeout.min(deadline - self.now());
        let request = Outgoing { body, timeout, answered: true };
        self.send(node, request, waiter);
        receiver.await.unwrap_or(Err(RequestError::Closed))
    }

    /// The node that can answer soonest; a client always has those of its configuration.
    pub(crate) fn any_node(&self) -> Result<i32, Error> {
        self.network.borrow().least_loaded(self.now()).ok_or_else(Error::closed)
    }

    /// Takes over the nodes of an answer that somebody asked for.
    pub(crate) fn learn_nodes(self: &Rc<Self>, response: &MetadataResponse) {
        let endpoint = |broker: &MetadataResponseBroker| {
            let port = u16::try_from(broker.port).ok()?;
            Some((broker.node_id, Endpoint { host: broker.host.clone(), port }))
        };
        let nodes: BTreeMap<i32, Endpoint> = response.brokers.iter().filter_map(endpoint).collect();
        if !nodes.is_empty() {
            self.network.borrow_mut().update_nodes(self.now(), &nodes);
            self.pump();
        }
    }

    /// Waits for fresh metadata, at most until the deadline.
    pub(crate) async fn next_metadata(&self, deadline: Moment) {
        // Time ran out: whoever waits looks at what there is.
        let _ = self.env.timeout(deadline - self.now(), self.metadata_changed.notified()).await;
    }

    /// Waits as long as a failed attempt should, at most until the deadline.
    pub(crate) async fn back_off(&self, failures: u32, deadline: Moment) {
        let backoff = Backoff { initial: self.config.retry_backoff, max: self.config.retry_backoff_max };
        self.env.sleep(backoff.delay(failures, self.draw()).min(deadline - self.now())).await;
    }

    /// Whether the client was closed.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.get()
    }

    /// `request.timeout.ms` as requests have it.
    pub(crate) fn request_timeout_ms(&self) -> i32 {
        i32::try_from(self.config.request_timeout.as_millis()).unwrap_or(i32::MAX)
    }

    /// Closes all connections and answers all who wait.
    pub(crate) fn close(self: &Rc<Self>) {
        self.closed.set(true);
        self.network.borrow_mut().close(self.now());
        self.pump();
        self.timer.notify_one();
        self.metadata_changed.notify_waiters();
    }

    /// Notes that nobody answers there; whether that is news.
    fn is_newly_unreachable(&self, endpoint: &Endpoint) -> bool {
        let mut unreachable = self.unreachable.borrow_mut();
        // Metadata may name ever new ones.
        if unreachable.len() >= UNREACHABLE_MAX {
            unreachable.clear();
        }
        unreachable.insert(endpoint.clone())
    }

    fn connected(self: &Rc<Self>, connection: ConnectionId) {
        self.network.borrow_mut().connected(self.now(), connection);
        self.pump();
    }

    fn disconnected(self: &Rc<Self>, connection: ConnectionId, why: &str) {
        let draw = self.draw();
        self.network.borrow_mut().disconnected(self.now(), connection, why, draw);
        self.pump();
    }

    fn received(self: &Rc<Self>, connection: ConnectionId, frame: bytes::Bytes) {
        self.network.borrow_mut().received(self.now(), connection, frame, 0.5);
        self.pump();
    }

    fn written(self: &Rc<Self>, connection: ConnectionId, frames: u64) {
        self.network.borrow_mut().written(self.now(), connection, frames);
        self.pump();
    }

    /// Does what the network wants done, until it wants nothing.
    fn pump(self: &Rc<Self>) {
        loop {
            let effect = self.network.borrow_mut().poll_effect();
            match effect {
                None => break,
                Some(NetworkEffect::Answer { waiter, result }) => waiter(result),
                Some(NetworkEffect::Write { connection, frame }) => {
                    if let Some(writer) = self.writers.borrow().get(&connection) {
                        writer.write(frame);
                    }
                }
                Some(NetworkEffect::Close(connection)) => {
                    trace!(connection = connection.0, "closing");
                    self.writers.borrow_mut().remove(&connection);
                }
                Some(NetworkEffect::Connect { connection, endpoint }) => self.open(connection, endpoint),
                Some(NetworkEffect::Available(_)) => self.nodes_changed.notify_waiters(),
                Some(NetworkEffect::Unavailable(node)) => {
                    debug!(node, "no connection");
                    self.metadata.borrow_mut().request_refresh();
                    self.nodes_changed.notify_waiters();
                }
            }
        }
        self.arm();
    }

    fn open(self: &Rc<Self>, connection: ConnectionId, endpoint: Endpoint) {
        trace!(connection = connection.0, host = endpoint.host, port = endpoint.port, "connecting");
        let (writer, orders) = connection::orders();
        self.writers.borrow_mut().insert(connection, writer);
        self.env
            .spawn_local("client connection", connection::run(self.clone(), connection, endpoint, orders));
    }

    /// Wakes the timer's task if something is due before it would look.
    fn arm(&self) {
        if self.next_deadline() < self.armed.get() {
            self.timer.notify_one();
        }
    }

    fn next_deadline(&self) -> Moment {
        self.network.borrow().next_deadline().min(self.metadata.borrow().next_deadline())
    }

    async fn keep_deadlines(self: Rc<Self>) {
        while !self.closed.get() {
            let deadline = self.next_deadline();
            self.armed.set(deadline);
            if deadline > self.now() {
                self.until(deadline).await;
                continue;
            }
            // Even if what is due stays due, others on the lane get their turn.
            others_first().await;
            let (now, draw) = (self.now(), self.draw());
            self.network.borrow_mut().tick(now, draw);
            self.pump();
            self.refresh(now);
        }
    }

    /// Until a moment, or until somebody has something due earlier.
    async fn until(&self, deadline: Moment) {
        let woken = std::pin::pin!(self.timer.notified());
        if deadline == Moment::NEVER {
            return woken.await;
        }
        let sleep = self.env.sleep_until(Instant::from_nanos(deadline.0));
        futures_util::future::select(woken, sleep).await;
    }

    fn refresh(self: &Rc<Self>, now: Moment) {
        let Some(request) = self.metadata.borrow_mut().poll_request(now) else { return self.arm() };
        let Ok(node) = self.any_node() else { return };
        let link = self.clone();
        let waiter = Box::new(move |answer| link.metadata_answered(answer));
        let timeout = self.config.request_timeout;
        self.send(node, Outgoing { body: Box::new(request), timeout, answered: true }, waiter);
    }

    fn metadata_answered(self: &Rc<Self>, answer: Result<Answer, RequestError>) {
        let (now, draw) = (self.now(), self.draw());
        match answer.and_then(decoded::<MetadataResponse>) {
            Ok(response) if response.error_code == ErrorCode::REBOOTSTRAP_REQUIRED => {
                self.metadata.borrow_mut().failed(now, draw);
                if self.config.rebootstrap_trigger.is_some() {
                    self.rebootstrap(now, "a broker asks for that");
                }
            }
            Ok(response) => {
                self.metadata.borrow_mut().answered(now, response, draw);
                let cluster = self.cluster();
                debug!(nodes = cluster.nodes.len(), topics = cluster.topics.len(), "metadata refreshed");
                if !cluster.nodes.is_empty() {
                    self.network.borrow_mut().update_nodes(now, &cluster.nodes);
                }
                self.metadata_changed.notify_waiters();
            }
            Err(error) => {
                debug!(%error, "no metadata");
                self.metadata.borrow_mut().failed(now, draw);
                let due = self.metadata.borrow_mut().is_rebootstrap_due(now);
                if due {
                    self.rebootstrap(
                        now,
                        "no known broker answered for metadata.recovery.rebootstrap.trigger.ms",
                    );
                }
            }
        }
        self.arm();
    }

    /// Forgets what nodes there are, but for those of the configuration.
    fn rebootstrap(self: &Rc<Self>, now: Moment, why: &str) {
        info!(why, "beginning again with bootstrap.servers");
        self.network.borrow_mut().update_nodes(now, &BTreeMap::new());
        self.pump();
    }
}

/// Is ready when it is polled for the second time.
async fn others_first() {
    let mut polled = false;
    std::future::poll_fn(|cx| {
        if std::mem::replace(&mut polled, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

fn network_config(config: &ClientConfig) -> NetworkConfig {
    NetworkConfig {
        client_id: config.client_id.clone(),
        reconnect_backoff: Backoff { initial: config.reconnect_backoff, max: config.reconnect_backoff_max },
        setup_timeout: Backoff {
            initial: config.connection_setup_timeout,
            max: config.connection_setup_timeout_max,
        },
        request_timeout: config.request_timeout,
        max_idle: config.connections_max_idle,
        rebootstrap: config.rebootstrap_trigger.is_some(),
    }
}

fn endpoints(servers: &[String]) -> Vec<Endpoint> {
    let endpoint = |server: &String| {
        let (host, port) = server.rsplit_once(':')?;
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        Some(Endpoint { host, port: port.parse().ok()? })
    };
    servers.iter().filter_map(endpoint).collect()
}

/// Reads the body of an answer.
pub(crate) fn decoded<R: Message>(answer: Answer) -> Result<R, RequestError> {
    R::decode(&mut Decoder::new(answer.body), answer.version)
        .map_err(|error| RequestError::Malformed(error.to_string()))
}
