//! A node from start to stop: directories, metadata, partitions, listeners; and the same backwards.
//!
//! Not here: what any of these do.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{LocalBoxFuture, join_all, select_all};
use klamm_env::Env;
use klamm_log::{
    LogDirectory, LogError, LogStart, MetaProperties, OffsetCheckpoint, TopicPartition, bounded,
};
use klamm_metadata::controller::{NodeRegistration, first_transaction, register_node};
use klamm_metadata::{METADATA_TOPIC, MetadataImage};
use klamm_protocol::Uuid;
use klamm_protocol::metadata_records::MetadataRecord;
use tokio_util::sync::CancellationToken;

use crate::binding::{self, Doors};
use crate::config::BrokerConfig;
use crate::controller::{self, Controller, ControllerHandle, SnapshotRules};
use crate::found_logs::{self, FoundLogs};
use crate::ids::RandomIds;
use crate::lane::{LaneState, NodeContext};
use crate::lanes::{Lanes, Mailbox};
use crate::listener::{Acceptor, Audience, OpenConnections};
use crate::loggers::Loggers;
use crate::metadata_log::{MetadataLog, SegmentRules};
use crate::metadata_view::MetadataView;
use crate::metrics::{self, NodeMetrics};
use crate::producer_ids::ProducerIds;
use crate::{quorum_state, setting_warnings, storage, upkeep};

/// Why a broker does not start: one sentence that says what is allowed.
#[derive(Debug)]
pub struct StartError(String);

impl std::fmt::Display for StartError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for StartError {}

fn refuse(what: impl std::fmt::Display) -> StartError {
    StartError(what.to_string())
}

/// A running node.
pub struct Broker {
    state: Rc<LaneState>,
    stopping: CancellationToken,
    addresses: BTreeMap<String, SocketAddr>,
    metrics_address: Option<SocketAddr>,
    broker_epoch: i64,
}

impl Broker {
    /// Starts a node on the caller's lane and all others of `env`. Its directories must be formatted. When this returns
    /// it serves.
    ///
    /// # Errors
    /// What has to be mended before it can start.
    pub fn start(env: &Env, config: BrokerConfig) -> LocalBoxFuture<'_, Result<Self, StartError>> {
        // Boxed here, as are the other ends of the shell: every program that awaited it as it is would compile it anew.
        Box::pin(Self::begin(env, config))
    }

    async fn begin(env: &Env, config: BrokerConfig) -> Result<Self, StartError> {
        config.check_open().map_err(refuse)?;
        let (cluster_id, directories) = open_directories(env, &config).await?;
        // Before the directories lose the word of their clean stop: a port in use must not cost a recovery.
        let doors = binding::bind_all(env, &config).await.map_err(StartError)?;
        let mut found = found_logs::find(&directories).await.map_err(refuse)?;
        let (mut log, image) = open_metadata(env, &config, &directories, &found).await?;
        for warning in setting_warnings::at_start(&config, &image) {
            tracing::warn!("{warning}");
        }
        found_logs::set_strays_aside(&directories, &image, config.node_id, &mut found)
            .await
            .map_err(refuse)?;
        found_logs::forget_others(&directories, &found).await.map_err(refuse)?;
        let is_new = log.end_offset() == 0;
        log.begin_epoch(config.node_id).await.map_err(refuse)?;
        if is_new {
            let batch = log.batch(&first_transaction(&image)).map_err(refuse)?;
            log.append(batch).await.map_err(refuse)?;
        }
        let written =
            quorum_state::write(env, log.path(), config.node_id, log.epoch(), &config.static_voters);
        written.await.map_err(refuse)?;
        let broker_epoch = log.end_offset();
        let snapshot_rules = snapshot_rules(&config);
        let metrics = NodeMetrics::of(env, &directories);
        let node = Arc::new(NodeContext {
            cluster_id,
            directories,
            kraft_version: log.quorum.kraft_version,
            found_logs: found,
            metrics,
            loggers: Loggers::default(),
            producer_ids: ProducerIds::default(),
            checkpoints: tokio::sync::Mutex::default(),
            config,
        });
        let (handle, door) = controller::channel(env);
        let metadata = log.view();
        let state = start_lanes(env, &node, &handle);
        let mut controller = Controller {
            env: env.clone(),
            lanes: state.lanes.clone(),
            node: Arc::clone(&node),
            log,
            image,
            broker_epoch,
            snapshot_rules,
        };
        let records = registration(env, &node, &controller.image, broker_epoch, &doors);
        controller.register(&records).await.map_err(refuse)?;
        env.spawn_local("controller", controller.serve(door));
        for which in OffsetCheckpoint::ALL {
            env.spawn_local("checkpoints", upkeep::checkpoint(Rc::clone(&state), which));
        }
        let addresses =
            doors.listeners.iter().map(|one| (one.context.name.clone(), one.listener.local_addr()));
        let addresses = addresses.collect();
        let broker = Self {
            state,
            stopping: CancellationToken::new(),
            addresses,
            metrics_address: None,
            broker_epoch,
        };
        broker.serve(doors, metadata).await
    }

    /// Begins to accept.
    async fn serve(mut self, doors: Doors, metadata: MetadataView) -> Result<Self, StartError> {
        let (state, node) = (&self.state, &self.state.node);
        let open = Arc::<OpenConnections>::default();
        if let Some(listener) = doors.metrics {
            self.metrics_address = Some(listener.local_addr());
            let page = metrics::Page { state: Rc::clone(state), metadata, stopping: self.stopping.clone() };
            state.env.spawn_local("metrics", metrics::serve(page, listener));
        }
        // As with Kafka, whoever floods the one cannot keep others from the other.
        let (of_clients, of_quorum) = (Rc::default(), Rc::default());
        for one in doors.listeners {
            let rate = if one.context.audience == Audience::Clients { &of_clients } else { &of_quorum };
            let acceptor = Acceptor {
                state: Rc::clone(state),
                open: Arc::clone(&open),
                rate: Rc::clone(rate),
                context: one.context,
                stopping: self.stopping.clone(),
            };
            tracing::debug!(listener = %acceptor.context.name, address = %one.listener.local_addr(), "listens");
            state.env.spawn_local("listener", acceptor.serve(one.listener));
        }
        let delay_ms = node.config.static_number("log.segment.delete.delay.ms");
        let delay = Duration::from_millis(u64::try_from(delay_ms).unwrap_or(0));
        for (_, directory) in &node.directories {
            directory.remove_deleted(delay).await.map_err(refuse)?;
        }
        Ok(self)
    }

    /// Addresses that are listened on, by listener name.
    pub fn addresses(&self) -> &BTreeMap<String, SocketAddr> {
        &self.addresses
    }

    /// The address of the metrics page, if there is one.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics_address
    }

    /// The cluster's id.
    pub fn cluster_id(&self) -> &str {
        &self.state.node.cluster_id
    }

    /// Levels of loggers that were changed while the broker runs, as directives of a tracing filter.
    pub fn log_directives(&self) -> tokio::sync::watch::Receiver<String> {
        self.state.node.loggers.directives()
    }

    /// Waits until the disk of one of the log directories has failed; tells why. A full disk is not waited for: writes
    /// are refused until the broker is started again with room, and what is there can be read.
    pub fn failed(&self) -> LocalBoxFuture<'_, String> {
        let failing = self.state.node.directories.iter().map(|(_, directory)| Box::pin(directory.failed()));
        Box::pin(select_all(failing).map(|(why, ..)| why))
    }

    /// Stops cleanly: no more connections, everything flushed, and a file that says so.
    ///
    /// # Errors
    /// Something could not be written; the next start then recovers as after a crash.
    pub fn stop(self) -> LocalBoxFuture<'static, Result<(), LogError>> {
        Box::pin(self.end())
    }

    async fn end(self) -> Result<(), LogError> {
        self.stopping.cancel();
        let state = &self.state;
        // First, since its decisions open logs and delete them.
        let controller_stopped = state.controller.stop().await;
        let lanes: Vec<_> = state
            .lanes
            .all()
            .map(|lane| state.on(lane, |state| async move { close_logs(&state).await }))
            .collect();
        let closed: Result<Vec<()>, LogError> = join_all(lanes).await.into_iter().collect();
        upkeep::write_all(state).await?;
        controller_stopped.and(closed.map(drop))?;
        for (_, directory) in &state.node.directories {
            directory.write_clean_shutdown(self.broker_epoch).await?;
        }
        Ok(())
    }
}

async fn close_logs(state: &Rc<LaneState>) -> Result<(), LogError> {
    const CLOSE_AT_ONCE: usize = 64;
    let partitions = state.partitions();
    let closing = partitions.iter().map(|partition| partition.log.close());
    let closed = bounded(closing, state.logs_at_once(CLOSE_AT_ONCE)).await;
    for (partition, closed) in partitions.iter().zip(closed) {
        match closed {
            // They were too many at once.
            Err(error) if error.is_out_of_handles() => partition.log.close().await?,
            closed => closed?,
        }
    }
    Ok(())
}

/// Opens and locks the directories of logs; checks that they belong to this node and to one cluster.
async fn open_directories(
    env: &Env,
    config: &BrokerConfig,
) -> Result<(String, Vec<(Uuid, LogDirectory)>), StartError> {
    let mut cluster_id: Option<String> = None;
    let mut opened = Vec::new();
    let paths = storage::directories(config);
    let files_open_max = config.log_files_open_max / paths.len().max(1);
    for path in paths {
        let properties = MetaProperties::read(env, &path).await.map_err(refuse)?.ok_or_else(|| {
            refuse(format!(
                "{} is not formatted; `klamm storage format -t CLUSTER_ID -c FILE` does that",
                path.display()
            ))
        })?;
        if properties.node_id != config.node_id {
            let (path, found) = (path.display(), properties.node_id);
            return Err(refuse(format!(
                "{path} belongs to node {found}, not to {} (node.id); allowed is a directory of this node, or an empty one that is formatted first (log.dirs)",
                config.node_id
            )));
        }
        if let Some(other) =
            cluster_id.replace(properties.cluster_id.clone()).filter(|other| *other != properties.cluster_id)
        {
            let (path, found) = (path.display(), &properties.cluster_id);
            return Err(refuse(format!(
                "{path} belongs to cluster {found}, the directory before it to {other}; all directories of a node belong to one cluster (log.dirs)"
            )));
        }
        let directory = LogDirectory::open(env, &path).await.map_err(refuse)?;
        directory.limit_open_files(files_open_max);
        opened.push((Uuid(properties.directory_id.0), directory));
    }
    Ok((cluster_id.unwrap_or_default(), opened))
}

async fn open_metadata(
    env: &Env,
    config: &BrokerConfig,
    directories: &[(Uuid, LogDirectory)],
    found: &FoundLogs,
) -> Result<(MetadataLog, Arc<MetadataImage>), StartError> {
    let place =
        storage::directories(config).iter().position(|path| *path == config.metadata_log_dir).unwrap_or(0);
    let start =
        found.get(&TopicPartition::new(METADATA_TOPIC, 0)).map_or_else(LogStart::default, |log| log.start);
    let rules = SegmentRules {
        bytes: u32::try_from(config.static_number("metadata.log.segment.bytes")).unwrap_or(u32::MAX),
        ms: config.static_number("metadata.log.segment.ms"),
    };
    MetadataLog::open(env, &directories[place].1, rules, config.durability, start).await.map_err(refuse)
}

fn snapshot_rules(config: &BrokerConfig) -> SnapshotRules {
    let bytes = config.static_number("metadata.log.max.record.bytes.between.snapshots");
    let interval_ms = config.static_number("metadata.log.max.snapshot.interval.ms");
    SnapshotRules {
        bytes: usize::try_from(bytes).unwrap_or(usize::MAX),
        interval: u64::try_from(interval_ms).ok().filter(|ms| *ms > 0).map(Duration::from_millis),
    }
}

/// Starts all lanes; gives the state of the caller's.
fn start_lanes(env: &Env, node: &Arc<NodeContext>, controller: &ControllerHandle) -> Rc<LaneState> {
    let (lanes, mailboxes) = Lanes::new(env.lanes());
    let mut here = None;
    for (lane, mailbox) in lanes.all().zip(mailboxes) {
        if lane == env.lane() {
            let state = LaneState::new(env.clone(), lanes.clone(), Arc::clone(node), controller.clone());
            here = Some(Rc::clone(&state));
            env.spawn_local("lane", run_lane(state, mailbox));
            continue;
        }
        let (env_there, lanes, node, controller) =
            (env.clone(), lanes.clone(), Arc::clone(node), controller.clone());
        env.spawn_on(lane, "lane", move || {
            run_lane(LaneState::new(env_there, lanes, node, controller), mailbox)
        });
    }
    here.expect("the caller runs on one of the lanes")
}

async fn run_lane(state: Rc<LaneState>, mailbox: Mailbox) {
    state.env.spawn_local("deadlines", Rc::clone(&state.deadlines).serve(state.env.clone()));
    state.env.spawn_local("retention", upkeep::retain(Rc::clone(&state)));
    mailbox.serve(state).await;
}

fn registration(
    env: &Env,
    node: &NodeContext,
    image: &MetadataImage,
    broker_epoch: i64,
    doors: &Doors,
) -> Vec<MetadataRecord> {
    let endpoints = |audience| {
        let listeners = doors.listeners.iter().filter(move |one| one.context.audience == audience);
        listeners.map(|one| one.advertised.clone()).collect()
    };
    // One that holds the metadata only takes no replicas.
    let is_log_dir =
        |directory: &LogDirectory| node.config.log_dirs.iter().any(|path| path == directory.path());
    let log_dirs = node.directories.iter().filter(|(_, directory)| is_log_dir(directory));
    let registration = NodeRegistration {
        broker_endpoints: endpoints(Audience::Clients),
        controller_endpoints: endpoints(Audience::Quorum),
        rack: node.config.rack.clone(),
        log_dirs: log_dirs.map(|(id, _)| *id).collect(),
    };
    let incarnation_id = RandomIds::new(env, "incarnation").next();
    register_node(image, node.config.node_id, broker_epoch, incarnation_id, registration)
}
