//! What one lane of a broker owns: its partitions, its copy of the metadata, its fetch sessions.
//!
//! Not here: how lanes reach each other ([`crate::lanes`]).

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use klamm_env::{Env, Lane};
use klamm_log::{Log, LogDirectory, LogError, LogStart, TopicPartition};
use klamm_metadata::{Changes, ConfigResource, MetadataImage, PartitionImage, ResourceType, TopicImage};
use klamm_protocol::{ErrorCode, Uuid};

use crate::config::BrokerConfig;
use crate::controller::ControllerHandle;
use crate::deadlines::Deadlines;
use crate::fetch_session_cache::FetchSessions;
use crate::found_logs::FoundLogs;
use crate::lanes::Lanes;
use crate::loggers::Loggers;
use crate::metrics::{Idleness, LaneMetrics, NodeMetrics};
use crate::partition::Partition;
use crate::producer_ids::ProducerIds;
use crate::request_memory::RequestMemory;
use crate::topic_settings::TopicSettings;
use crate::upkeep::Checkpoints;

/// How often a log is tried again for which no file could be opened.
const OPEN_RETRIES: usize = 50;
const OPEN_RETRY_WAIT: Duration = Duration::from_millis(100);

/// What all lanes of a node know and none changes.
pub(crate) struct NodeContext {
    pub(crate) config: BrokerConfig,
    pub(crate) cluster_id: String,
    /// Log directories, and the id of each.
    pub(crate) directories: Vec<(Uuid, LogDirectory)>,
    /// Level of kraft.version: 1 with a dynamic quorum.
    pub(crate) kraft_version: i16,
    /// Logs that were there at the start.
    pub(crate) found_logs: FoundLogs,
    pub(crate) metrics: NodeMetrics,
    pub(crate) loggers: Loggers,
    pub(crate) producer_ids: ProducerIds,
    /// Held while checkpoints are gathered and written, so that an older one never follows a newer.
    pub(crate) checkpoints: tokio::sync::Mutex<Checkpoints>,
}

/// The metadata after a change, and what changed.
#[derive(Clone)]
pub(crate) struct Update {
    pub(crate) image: Arc<MetadataImage>,
    /// Everything below this offset of the metadata log is in it.
    pub(crate) offset: i64,
    pub(crate) changes: Arc<Changes>,
}

/// Memory for requests of all lanes, where `queued.max.request.bytes` sets no limit.
const REQUEST_MEMORY_DEFAULT: i64 = 512 << 20;

/// A lane's share of `queued.max.request.bytes`.
fn request_memory(config: &BrokerConfig, lanes: u16) -> Arc<RequestMemory> {
    let limit = match config.static_number("queued.max.request.bytes") {
        limit if limit > 0 => limit,
        _ => REQUEST_MEMORY_DEFAULT,
    };
    RequestMemory::new(usize::try_from(limit).unwrap_or(usize::MAX) / usize::from(lanes))
}

/// One lane.
pub(crate) struct LaneState {
    pub(crate) env: Env,
    pub(crate) lane: Lane,
    pub(crate) lanes: Lanes,
    pub(crate) node: Arc<NodeContext>,
    pub(crate) controller: ControllerHandle,
    pub(crate) sessions: RefCell<FetchSessions>,
    pub(crate) deadlines: Rc<Deadlines>,
    /// Room for requests of this lane, from the first bytes that are read until nobody has their batches.
    pub(crate) request_memory: Arc<RequestMemory>,
    /// `fetch.max.bytes`: the largest answer to a fetch, whatever the client allows.
    pub(crate) fetch_bytes_max: i32,
    pub(crate) metrics: LaneMetrics,
    pub(crate) idleness: RefCell<Idleness>,
    /// Connections that are served here.
    pub(crate) connections: Cell<usize>,
    image: RefCell<Arc<MetadataImage>>,
    metadata_offset: Cell<i64>,
    settings: RefCell<BTreeMap<Uuid, Rc<TopicSettings>>>,
    partitions: RefCell<BTreeMap<(Uuid, i32), Rc<Partition>>>,
    /// Partitions of this lane whose log could not be opened.
    unopened: RefCell<BTreeSet<(Uuid, i32)>>,
    next_waiter: Cell<u64>,
}

impl LaneState {
    /// A lane with nothing in it yet.
    pub(crate) fn new(
        env: Env,
        lanes: Lanes,
        node: Arc<NodeContext>,
        controller: ControllerHandle,
    ) -> Rc<Self> {
        let lane = env.lane();
        let slots = node.config.static_number("max.incremental.fetch.session.cache.slots");
        Rc::new(Self {
            sessions: RefCell::new(FetchSessions::new(&env, lane, lanes.count(), slots)),
            idleness: RefCell::new(Idleness::new(env.now(), env.busy())),
            env,
            lane,
            request_memory: request_memory(&node.config, lanes.count()),
            fetch_bytes_max: i32::try_from(node.config.static_number("fetch.max.bytes")).unwrap_or(i32::MAX),
            metrics: LaneMetrics::default(),
            lanes,
            node,
            controller,
            deadlines: Rc::default(),
            connections: Cell::new(0),
            image: RefCell::default(),
            metadata_offset: Cell::new(-1),
            settings: RefCell::default(),
            partitions: RefCell::default(),
            unopened: RefCell::default(),
            next_waiter: Cell::new(0),
        })
    }

    /// The cluster as this lane knows it.
    pub(crate) fn image(&self) -> Arc<MetadataImage> {
        Arc::clone(&self.image.borrow())
    }

    /// The last offset of the metadata log that is in the image; -1 if none.
    pub(crate) fn metadata_offset(&self) -> i64 {
        self.metadata_offset.get()
    }

    /// The node's id.
    pub(crate) fn node_id(&self) -> i32 {
        self.node.config.node_id
    }

    /// The lane that owns a partition.
    pub(crate) fn owner(&self, topic_id: Uuid, partition: i32) -> Lane {
        let seed =
            topic_id.0.iter().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(*byte)));
        let lanes = u32::from(self.lanes.count());
        let lane = seed.wrapping_add(partition.unsigned_abs()) % lanes;
        Lane(u16::try_from(lane).expect("fewer than the lanes there are"))
    }

    /// A number that no other waiter of this node has.
    pub(crate) fn waiter_id(&self) -> u64 {
        let id = self.next_waiter.get() + u64::from(self.lanes.count());
        self.next_waiter.set(id);
        id + u64::from(self.lane.0)
    }

    /// Does `work` on `lane`: here and now if that is this lane, else by message. What `work` does before its first
    /// wait is done in the order of these calls.
    pub(crate) fn on<T, F, W>(self: &Rc<Self>, lane: Lane, work: W) -> impl Future<Output = T> + use<T, F, W>
    where
        W: FnOnce(Rc<LaneState>) -> F + Send + 'static,
        T: Send + 'static,
        F: Future<Output = T> + 'static,
    {
        if lane == self.lane {
            futures_util::future::Either::Left(work(Rc::clone(self)))
        } else {
            futures_util::future::Either::Right(self.lanes.ask(lane, work))
        }
    }

    /// The settings of a topic, as this lane knows them.
    pub(crate) fn topic_settings(&self, topic_id: Uuid) -> Option<Rc<TopicSettings>> {
        self.settings.borrow().get(&topic_id).cloned()
    }

    /// The settings of all topics.
    pub(crate) fn all_topic_settings(&self) -> Vec<Rc<TopicSettings>> {
        self.settings.borrow().values().cloned().collect()
    }

    /// A partition of this lane.
    ///
    /// # Errors
    /// Kafka's code for a partition that is not there, not led here, or whose log directory failed.
    pub(crate) fn partition(&self, topic_id: Uuid, index: i32) -> Result<Rc<Partition>, ErrorCode> {
        if let Some(partition) = self.partitions.borrow().get(&(topic_id, index)) {
            return Ok(Rc::clone(partition));
        }
        let image = self.image();
        let known =
            image.topic_by_id(topic_id).and_then(|topic| topic.partitions.get(usize::try_from(index).ok()?));
        match known {
            None => Err(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION),
            Some(_) if self.unopened.borrow().contains(&(topic_id, index)) => {
                Err(ErrorCode::KAFKA_STORAGE_ERROR)
            }
            // Of another broker, or its log is about to be opened.
            Some(_) => Err(ErrorCode::NOT_LEADER_OR_FOLLOWER),
        }
    }

    /// All partitions of this lane.
    pub(crate) fn partitions(&self) -> Vec<Rc<Partition>> {
        self.partitions.borrow().values().cloned().collect()
    }

    /// Takes over a change of the metadata: opens logs of new partitions, deletes those of topics that are gone.
    pub(crate) async fn apply(self: Rc<Self>, update: Update) {
        *self.image.borrow_mut() = Arc::clone(&update.image);
        self.metadata_offset.set(update.offset - 1);
        self.refresh_settings(&update);
        for (id, topic) in &update.changes.removed_topics {
            self.remove_topic(*id, topic).await;
        }
        if !update.changes.removed_topics.is_empty() {
            // Before the name can be used again: a crash must not find the old log's start beside the new log.
            if let Err(error) = crate::upkeep::write_all(&self).await {
                tracing::error!(%error, "checkpoints cannot be written");
            }
        }
        let mut opened = Vec::new();
        for id in &update.changes.topics {
            let Some(topic) = update.image.topic_by_id(*id) else { continue };
            for (index, partition) in (0..).zip(&topic.partitions) {
                if self.owner(*id, index) == self.lane && partition.replicas.contains(&self.node_id()) {
                    opened.push(self.lead(topic, index, partition));
                }
            }
        }
        const OPEN_AT_ONCE: usize = 16;
        klamm_log::bounded(opened, self.logs_at_once(OPEN_AT_ONCE)).await;
    }

    /// How many logs are opened or closed at once on a lane, and at most `most`: each has several files open meanwhile.
    pub(crate) fn logs_at_once(&self, most: usize) -> usize {
        const FILES_OF_A_LOG: usize = 16;
        let files = self.node.config.log_files_open_max / usize::from(self.env.lanes().max(1));
        (files / FILES_OF_A_LOG).clamp(1, most)
    }

    fn refresh_settings(&self, update: &Update) {
        let broker_changed =
            update.changes.configs.iter().any(|resource| resource.kind == ResourceType::Broker);
        let config = &self.node.config;
        let configs = config.configs(&update.image.configs);
        let expiration_ms = config.number(&update.image.configs, "producer.id.expiration.ms");
        for topic in update.image.topics.values() {
            let resource = ConfigResource::new(ResourceType::Topic, topic.name.as_str());
            let known = self.topic_settings(topic.id);
            if known.is_some() && !broker_changed && !update.changes.configs.contains(&resource) {
                continue;
            }
            let counters = known.map(|known| Rc::clone(&known.counters)).unwrap_or_default();
            let settings = Rc::new(TopicSettings::resolve(
                &configs,
                &topic.name,
                config.durability,
                expiration_ms,
                counters,
            ));
            for (_, partition) in self.partitions.borrow().range((topic.id, 0)..=(topic.id, i32::MAX)) {
                partition.update_settings(Rc::clone(&settings));
            }
            self.settings.borrow_mut().insert(topic.id, settings);
        }
        for id in update.changes.removed_topics.keys() {
            if let Some(settings) = self.settings.borrow_mut().remove(id) {
                self.metrics.topic_deleted(&settings.counters);
            }
        }
    }

    async fn lead(&self, topic: &TopicImage, index: i32, image: &PartitionImage) {
        let key = (topic.id, index);
        let led = self.partitions.borrow().get(&key).cloned();
        if let Some(partition) = led {
            partition.lead_in(image.leader_epoch);
            return;
        }
        let settings = self.topic_settings(topic.id).expect("settings are resolved before logs are opened");
        let mut opened = self.open_log(topic, index, image, &settings).await;
        for _ in 0..OPEN_RETRIES {
            if !matches!(&opened, Err(error) if error.is_out_of_handles()) {
                break;
            }
            // Others that are being opened give theirs back.
            self.env.sleep(OPEN_RETRY_WAIT).await;
            opened = self.open_log(topic, index, image, &settings).await;
        }
        match opened {
            Ok(log) => {
                tracing::debug!(topic = %topic.name, partition = index, leader_epoch = image.leader_epoch, "leads");
                let partition = Partition::new(index, log, image.leader_epoch, settings);
                self.unopened.borrow_mut().remove(&key);
                self.partitions.borrow_mut().insert(key, partition);
            }
            Err(error) => {
                self.unopened.borrow_mut().insert(key);
                tracing::error!(topic = %topic.name, partition = index, %error, "the log cannot be opened; the partition is offline");
            }
        }
    }

    async fn open_log(
        &self,
        topic: &TopicImage,
        index: i32,
        image: &PartitionImage,
        settings: &TopicSettings,
    ) -> Result<Log, LogError> {
        let name = TopicPartition::new(topic.name.as_str(), index);
        let known = self.node.found_logs.get(&name).filter(|log| !log.deleted.load(Ordering::SeqCst));
        let (directory, start) = match known {
            Some(log) => (log.directory, log.start),
            None => (self.assigned_directory(image), LogStart::default()),
        };
        let directory = &self.node.directories[directory].1;
        let log = Log::open(directory, &name, Some(klamm_log::Uuid(topic.id.0)), settings.log.clone(), start)
            .await?;
        log.assign_leader_epoch(image.leader_epoch).await?;
        Ok(log)
    }

    /// The directory that the metadata assigns to this node's replica, or the first one.
    fn assigned_directory(&self, image: &PartitionImage) -> usize {
        let assigned = image
            .replicas
            .iter()
            .position(|id| *id == self.node_id())
            .and_then(|at| image.directories.get(at));
        let found =
            assigned.and_then(|id| self.node.directories.iter().position(|(directory, _)| directory == id));
        found.unwrap_or(0)
    }

    async fn remove_topic(&self, id: Uuid, topic: &TopicImage) {
        const DELETE_AT_ONCE: usize = 16;
        let mut deletions = Vec::new();
        for (index, _) in (0..).zip(&topic.partitions) {
            self.unopened.borrow_mut().remove(&(id, index));
            let removed = self.partitions.borrow_mut().remove(&(id, index));
            let Some(partition) = removed else { continue };
            if let Some(log) = self.node.found_logs.get(partition.log.partition()) {
                log.deleted.store(true, Ordering::SeqCst);
            }
            partition.fail();
            deletions.push(async move {
                if let Err(error) = partition.log.delete().await {
                    tracing::error!(partition = %partition.log.partition(), %error, "the log of a deleted topic cannot be removed");
                }
            });
        }
        klamm_log::bounded(deletions, DELETE_AT_ONCE).await;
    }
}
