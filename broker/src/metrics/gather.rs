//! One look at the node: what each lane has counted and what it owns, and what belongs to the node as a whole.
//!
//! Not here: how any of it is called.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use futures_util::future::join_all;
use klamm_env::Lane;
use klamm_log::{DirectoryState, Log};
use klamm_metadata::{METADATA_TOPIC, MetadataImage};
use klamm_protocol::{ApiKey, ErrorCode};

use super::connections::ConnectionCounts;
use super::histogram::Histogram;
use super::idleness::Idle;
use super::page::Page;
use super::requests::{RequestMetrics, RequestName};
use super::topics::TopicCounts;
use crate::dispatch::{BROKER_APIS, CONTROLLER_APIS};
use crate::lane::LaneState;
use crate::metadata_view::MetadataView;
use crate::partition::Partition;

/// A log's ends and size.
pub(crate) struct LogSeen {
    pub(crate) log_start_offset: i64,
    pub(crate) log_end_offset: i64,
    pub(crate) bytes: u64,
    pub(crate) segments: usize,
    pub(crate) damaged_groups: usize,
    pub(crate) cut_bytes: u64,
    retention_bytes: i64,
}

impl LogSeen {
    fn of(log: &Log) -> Self {
        Self {
            log_start_offset: log.log_start_offset(),
            log_end_offset: log.log_end_offset(),
            bytes: log.size(),
            segments: log.segment_count(),
            damaged_groups: log.damaged_groups(),
            cut_bytes: log.cut_at_open(),
            retention_bytes: log.config().retention_bytes,
        }
    }

    /// The size in percent of `retention.bytes`, 0 if that sets no limit (KIP-1257).
    pub(crate) fn retention_percent(&self) -> u64 {
        match u64::try_from(self.retention_bytes) {
            Ok(limit) if limit > 0 => self.bytes.saturating_mul(100) / limit,
            _ => 0,
        }
    }
}

/// A partition that this node leads.
pub(crate) struct PartitionSeen {
    pub(crate) log: LogSeen,
    pub(crate) replicas: usize,
    pub(crate) isr: usize,
    pub(crate) reassigned: bool,
    /// `min.insync.replicas`, but no more than there are replicas.
    isr_min: usize,
}

impl PartitionSeen {
    pub(crate) fn is_under_replicated(&self) -> bool {
        self.isr < self.replicas
    }

    pub(crate) fn is_under_min_isr(&self) -> bool {
        self.isr < self.isr_min
    }

    pub(crate) fn is_at_min_isr(&self) -> bool {
        self.isr == self.isr_min
    }
}

/// A topic.
#[derive(Default)]
pub(crate) struct TopicSeen {
    pub(crate) counts: TopicCounts,
    pub(crate) partitions: BTreeMap<i32, PartitionSeen>,
}

/// What one lane has.
pub(crate) struct LaneSeen {
    pub(crate) lane: Lane,
    pub(crate) connections: BTreeMap<String, ConnectionCounts>,
    pub(crate) idle: Idle,
    pub(crate) partitions: usize,
    pub(crate) producers: usize,
    pub(crate) memory_bytes: usize,
    pub(crate) memory_bytes_free: usize,
    pub(crate) sessions: usize,
    pub(crate) session_partitions: usize,
    pub(crate) session_evictions: u64,
    pub(crate) delayed_produces: u64,
    pub(crate) delayed_appends: usize,
    pub(crate) expired_produces: u64,
    pub(crate) delayed_fetches: u64,
    pub(crate) delayed_reads: usize,
    pub(crate) expired_fetches: u64,
    deleted_topics: TopicCounts,
    topics: BTreeMap<String, TopicSeen>,
    requests: BTreeMap<RequestName, RequestMetrics>,
    errors: BTreeMap<(ApiKey, ErrorCode), u64>,
}

/// A log directory, and whether its disk failed or is full.
pub(crate) struct DirectorySeen {
    pub(crate) path: String,
    pub(crate) is_offline: bool,
}

/// The whole node.
pub(crate) struct Seen {
    pub(crate) lanes: Vec<LaneSeen>,
    pub(crate) topics: BTreeMap<String, TopicSeen>,
    /// Of all topics, those that are gone included.
    pub(crate) all_topics: TopicCounts,
    /// Of every name that is served, by that name; a Fetch counts under two.
    pub(crate) requests: BTreeMap<&'static str, RequestMetrics>,
    pub(crate) errors: BTreeMap<(ApiKey, ErrorCode), u64>,
    pub(crate) directories: Vec<DirectorySeen>,
    pub(crate) image: Arc<MetadataImage>,
    pub(crate) features: BTreeMap<String, i16>,
    pub(crate) node_id: i32,
    pub(crate) is_stopping: bool,
    pub(crate) ignores_static_voters: bool,
    /// Last offset of the metadata log that lanes have taken over.
    pub(crate) metadata_offset: i64,
    pub(crate) metadata: MetadataView,
    pub(crate) metadata_log: LogSeen,
    pub(crate) snapshot_age_ms: u128,
    pub(crate) flushes: Histogram,
    pub(crate) commits: Histogram,
    pub(crate) decisions_queued: Histogram,
    pub(crate) decisions: Histogram,
    pub(crate) decisions_expired: u64,
    pub(crate) batch_records: Histogram,
    pub(crate) batches: Histogram,
    pub(crate) started_ms: i64,
}

impl Seen {
    /// Asks every lane, and looks at what is the node's.
    pub(crate) async fn gather(page: &Page) -> Self {
        let Page { state, metadata, stopping } = page;
        let lanes: Vec<_> =
            state.lanes.all().map(|lane| state.on(lane, |state| async move { look(&state) })).collect();
        let lanes = join_all(lanes).await;
        let (node, image, now) = (&state.node, state.image(), state.env.now());
        let directories = node.directories.iter().map(|(_, directory)| DirectorySeen {
            path: directory.path().display().to_string(),
            is_offline: directory.state() != DirectoryState::Online,
        });
        let mut seen = Self {
            topics: BTreeMap::new(),
            all_topics: TopicCounts::default(),
            requests: served_names(),
            errors: BTreeMap::new(),
            directories: directories.collect(),
            features: klamm_metadata::controller::finalized_features(&image, node.kraft_version),
            image,
            node_id: state.node_id(),
            is_stopping: stopping.is_cancelled(),
            ignores_static_voters: node.kraft_version > 0 && !node.config.static_voters.is_empty(),
            metadata_offset: state.metadata_offset(),
            metadata: metadata.clone(),
            metadata_log: LogSeen::of(&metadata.log),
            snapshot_age_ms: (now - metadata.written.snapshot_at.get()).as_millis(),
            flushes: node.metrics.flushes.at(now),
            commits: node.metrics.commits.at(now),
            decisions_queued: node.metrics.decisions_queued.at(now),
            decisions: node.metrics.decisions.at(now),
            decisions_expired: node.metrics.decisions_expired.load(Ordering::Relaxed),
            batch_records: node.metrics.batch_records.at(now),
            batches: node.metrics.batches.at(now),
            started_ms: node.metrics.started.0,
            lanes,
        };
        seen.sum_lanes();
        seen
    }

    fn sum_lanes(&mut self) {
        for lane in &mut self.lanes {
            self.all_topics.absorb(&lane.deleted_topics);
            for (name, topic) in std::mem::take(&mut lane.topics) {
                self.all_topics.absorb(&topic.counts);
                let sum = self.topics.entry(name).or_default();
                sum.counts.absorb(&topic.counts);
                sum.partitions.extend(topic.partitions);
            }
            for (name, metrics) in std::mem::take(&mut lane.requests) {
                if matches!(name, RequestName::FetchConsumer | RequestName::FetchFollower) {
                    let fetch = self.requests.entry(ApiKey::Fetch.name()).or_default();
                    fetch.absorb(metrics.clone());
                }
                self.requests.entry(name.text()).or_default().absorb(metrics);
            }
            for (key, count) in std::mem::take(&mut lane.errors) {
                *self.errors.entry(key).or_default() += count;
            }
        }
    }

    /// Partitions that this node leads.
    pub(crate) fn partitions(&self) -> impl Iterator<Item = &PartitionSeen> {
        self.topics.values().flat_map(|topic| topic.partitions.values())
    }

    /// Every log with its topic and partition, that of the metadata too.
    pub(crate) fn logs(&self) -> impl Iterator<Item = (&str, i32, &LogSeen)> {
        let metadata = (METADATA_TOPIC, 0, &self.metadata_log);
        let partitions = self.topics.iter().flat_map(|(name, topic)| {
            topic.partitions.iter().map(move |(index, partition)| (name.as_str(), *index, &partition.log))
        });
        std::iter::once(metadata).chain(partitions)
    }

    /// How many partitions are so.
    pub(crate) fn count(&self, which: impl Fn(&PartitionSeen) -> bool) -> usize {
        self.partitions().filter(|partition| which(partition)).count()
    }

    /// Partitions that have no log here that works, though this is the only node.
    pub(crate) fn offline_partitions(&self) -> usize {
        let all: usize = self.image.topics.values().map(|topic| topic.partitions.len()).sum();
        all.saturating_sub(self.partitions().count())
    }
}

fn served_names() -> BTreeMap<&'static str, RequestMetrics> {
    let fetches = [RequestName::FetchConsumer, RequestName::FetchFollower];
    let apis = BROKER_APIS.into_iter().chain(CONTROLLER_APIS).map(RequestName::Api);
    apis.chain(fetches).map(|name| (name.text(), RequestMetrics::default())).collect()
}

/// What the lane of `state` has.
fn look(state: &LaneState) -> LaneSeen {
    let (metrics, sessions) = (&state.metrics, state.sessions.borrow());
    let partitions = state.partitions();
    let sum = |of: fn(&Partition) -> usize| partitions.iter().map(|partition| of(partition)).sum();
    LaneSeen {
        lane: state.lane,
        connections: connections(state),
        idle: state.idleness.borrow_mut().look(state.env.now(), state.env.busy()),
        partitions: partitions.len(),
        producers: sum(|partition| partition.log.producer_count()),
        memory_bytes: state.request_memory.size(),
        memory_bytes_free: state.request_memory.free(),
        sessions: sessions.len(),
        session_partitions: sessions.partition_count(),
        session_evictions: sessions.evictions(),
        delayed_produces: metrics.delayed_produces.now(),
        delayed_appends: sum(Partition::waiting_acks),
        expired_produces: metrics.expired_produces.get(),
        delayed_fetches: metrics.delayed_fetches.now(),
        delayed_reads: sum(|partition| partition.purgatory.borrow().len()),
        expired_fetches: metrics.expired_fetches.get(),
        deleted_topics: metrics.deleted_topics.get(),
        topics: topics(state, &partitions),
        requests: metrics.requests_at(state.env.now()),
        errors: metrics.errors.borrow().clone(),
    }
}

/// Connections of every listener that is configured, those without any too.
fn connections(state: &LaneState) -> BTreeMap<String, ConnectionCounts> {
    let config = &state.node.config;
    let listeners = config.listeners.iter().chain(&config.controller_listeners);
    let mut connections: BTreeMap<_, _> =
        listeners.map(|listener| (listener.name.clone(), ConnectionCounts::default())).collect();
    let counted = state.metrics.connections.borrow();
    connections.extend(counted.iter().map(|(listener, counters)| (listener.clone(), counters.counts())));
    connections
}

fn topics(state: &LaneState, partitions: &[Rc<Partition>]) -> BTreeMap<String, TopicSeen> {
    let image = state.image();
    let mut topics = BTreeMap::new();
    for settings in state.all_topic_settings() {
        let topic = TopicSeen { counts: settings.counters.counts(), ..TopicSeen::default() };
        topics.insert(settings.name.clone(), topic);
    }
    for partition in partitions {
        let settings = partition.settings();
        let known = image.topic(&settings.name);
        let known = known.zip(usize::try_from(partition.index).ok());
        let Some(of_image) = known.and_then(|(topic, index)| topic.partitions.get(index)) else { continue };
        let Some(topic) = topics.get_mut(&settings.name) else { continue };
        let replicas = of_image.replicas.len();
        let seen = PartitionSeen {
            log: LogSeen::of(&partition.log),
            replicas,
            isr: of_image.isr.len(),
            reassigned: !of_image.adding_replicas.is_empty() || !of_image.removing_replicas.is_empty(),
            isr_min: settings.min_insync_replicas.min(replicas),
        };
        topic.partitions.insert(partition.index, seen);
    }
    topics
}
