//! What is counted and measured, and the page that Prometheus reads it from.
//!
//! ```text
//!   requests, topics, connections ─▶ LaneMetrics (plain numbers, one lane) ─┐
//!   partitions, sessions, image ───── as they are when somebody looks ──────┼─▶ Seen ─▶ families ─▶ page
//!   flushes, commits ──────────────▶ NodeMetrics (timers behind locks) ─────┘  summed   name, help, from where
//! ```
//!
//! Lanes count for themselves, without locks; reading the page sends each of them one message. Names are those of
//! Kafka's beans as `jmx_exporter` writes them with its example for Kafka, whose rules `families` states. Labels come
//! from configuration, metadata and the protocol, never from what a peer may choose; a topic's go with the topic.
//!
//! Not here, for the node has no such thing yet, or in no form of Kafka's: coordinators and transactions, the cleaner,
//! quotas per client, followers and their fetchers, heartbeats of brokers; queue lengths of thread pools (there are
//! lanes instead, whose rest stands for that of every pool), message conversions, what the operating system counts,
//! rates (Prometheus makes them of counts), values that are text.

mod connections;
mod families;
mod gather;
mod histogram;
mod idleness;
mod page;
mod requests;
mod response_errors;
mod series;
mod text;
mod topics;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use klamm_env::{Env, Instant, WallMillis};
use klamm_log::LogDirectory;
use klamm_protocol::{ApiKey, ErrorCode, Uuid};

pub(crate) use connections::{ConnectionCount, ConnectionCounters};
use histogram::Timer;
pub(crate) use idleness::Idleness;
pub(crate) use page::{Page, serve};
use requests::RequestMetrics;
pub(crate) use requests::{RequestKind, RequestName, Timeline};
pub(crate) use response_errors::ResponseErrors;
use topics::TopicCounts;
pub(crate) use topics::{TopicCount, TopicCounters};

/// Times that several lanes measure, each seldom.
#[derive(Debug, Default)]
pub(crate) struct NodeMetrics {
    /// Flushes of log directories.
    pub(crate) flushes: Arc<Timer>,
    /// Commits of the metadata log.
    pub(crate) commits: Timer,
    /// How long decisions waited for the controller.
    pub(crate) decisions_queued: Timer,
    /// How long decisions took, with their commits.
    pub(crate) decisions: Timer,
    /// Decisions that waited for longer than whoever asked.
    pub(crate) decisions_expired: AtomicU64,
    /// Records of each batch of metadata that lanes took over.
    pub(crate) batch_records: Timer,
    /// How long each of them took for that.
    pub(crate) batches: Timer,
    /// When the node started.
    pub(crate) started: WallMillis,
}

impl NodeMetrics {
    /// Timers of a node with these log directories, told of each of their flushes.
    pub(crate) fn of(env: &Env, directories: &[(Uuid, LogDirectory)]) -> Self {
        let metrics = Self { started: env.wall(), ..Self::default() };
        for (_, directory) in directories {
            let (env, flushes) = (env.clone(), Arc::clone(&metrics.flushes));
            directory.on_flush(move |took| flushes.record(env.now(), took));
        }
        metrics
    }
}

/// What one lane counts.
#[derive(Debug, Default)]
pub(crate) struct LaneMetrics {
    requests: RefCell<BTreeMap<RequestName, RequestMetrics>>,
    errors: RefCell<BTreeMap<(ApiKey, ErrorCode), u64>>,
    connections: RefCell<BTreeMap<String, Rc<ConnectionCounters>>>,
    /// Counts of topics that are gone.
    deleted_topics: Cell<TopicCounts>,
    /// Produce requests that wait for their flush.
    pub(crate) delayed_produces: Level,
    /// Partitions of Produce requests that waited in vain.
    pub(crate) expired_produces: Cell<u64>,
    /// Fetches that wait for records.
    pub(crate) delayed_fetches: Level,
    /// Fetches that waited for as long as they were allowed to.
    pub(crate) expired_fetches: Cell<u64>,
}

impl LaneMetrics {
    /// A request was answered, or needed no answer.
    pub(crate) fn answered(&self, kind: RequestKind, bytes: usize, timeline: &Timeline) {
        self.requests.borrow_mut().entry(kind.name).or_default().record(kind.version, bytes, timeline);
    }

    /// An answer is about to leave.
    pub(crate) fn count_errors(&self, key: ApiKey, response: &impl ResponseErrors) {
        let mut errors = self.errors.borrow_mut();
        let mut good = 0;
        response.each_error(&mut |code| match code {
            ErrorCode::NONE => good += 1,
            code => *errors.entry((key, code)).or_default() += 1,
        });
        if good > 0 {
            *errors.entry((key, ErrorCode::NONE)).or_default() += good;
        }
    }

    /// A topic was deleted: what was counted of it stays in the sums.
    pub(crate) fn topic_deleted(&self, counters: &TopicCounters) {
        let mut counts = self.deleted_topics.get();
        counts.absorb(&counters.counts());
        self.deleted_topics.set(counts);
    }

    /// What is counted of the connections of a listener.
    pub(crate) fn of_listener(&self, listener: &str) -> Rc<ConnectionCounters> {
        let mut connections = self.connections.borrow_mut();
        Rc::clone(connections.entry(listener.to_owned()).or_default())
    }

    fn requests_at(&self, now: Instant) -> BTreeMap<RequestName, RequestMetrics> {
        self.requests.borrow_mut().iter_mut().map(|(name, metrics)| (*name, metrics.at(now))).collect()
    }
}

/// How many of something there are at this moment.
#[derive(Debug, Default)]
pub(crate) struct Level(Rc<Cell<u64>>);

/// One of them, until it is dropped.
pub(crate) struct Entered(Rc<Cell<u64>>);

impl Level {
    /// One more.
    pub(crate) fn enter(&self) -> Entered {
        self.0.set(self.0.get() + 1);
        Entered(Rc::clone(&self.0))
    }

    fn now(&self) -> u64 {
        self.0.get()
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}
