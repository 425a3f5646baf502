//! A node from start to stop: directories, metadata, partitions, listeners; and the same backwards.
//!
//! Not here: what any of these do.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use klamm_env::{Env, Listener};
use klamm_log::{
    LogDirectory, LogError, LogName, LogStart, MetaProperties, OffsetCheckpoint, TopicPartition, bounded,
};
use klamm_metadata::controller::{NodeRegistration, register_node};
use klamm_metadata::{Changes, Endpoint, MetadataImage};
use klamm_protocol::Uuid;
use klamm_protocol::metadata_records::MetadataRecord;
use tokio_util::sync::CancellationToken;

use crate::config::{BrokerConfig, ListenerConfig};
use crate::controller::{self, Controller, ControllerHandle, SnapshotRules};
use crate::ids::RandomIds;
use crate::lane::{LaneState, NodeContext, Update};
use crate::lanes::{Lanes, Mailbox};
use crate::listener::{Acceptor, Audience, ConnectionLimits, ListenerContext};
use crate::loggers::Loggers;
use crate::metadata_log::{METADATA_TOPIC, MetadataLog};
use crate::metadata_view::MetadataView;
use crate::metrics::{self, NodeMetrics};
use crate::producer_ids::ProducerIds;
use crate::{quorum_state, storage, upkeep};

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

/// Connections at once, whatever `max.connections` allows: each costs memory.
const CONNECTIONS_MAX: usize = 20_000;

/// A running node.
pub struct Broker {
    state: Rc<LaneState>,
    stopping: CancellationToken,
    addresses: BTreeMap<String, SocketAddr>,
    metrics_address: Option<SocketAddr>,
    broker_epoch: i64,
}

/// A listener that is bound.
struct Bound {
    context: ListenerContext,
    listener: Box<dyn Listener>,
    advertised: Endpoint,
}

impl Broker {
    /// Starts a node on the caller's lane and all others of `env`. Its directories must be formatted. When this returns
    /// it serves.
    ///
    /// # Errors
    /// What has to be mended before it can start.
    pub async fn start(env: &Env, config: BrokerConfig) -> Result<Self, StartError> {
        let (cluster_id, directories) = open_directories(env, &config).await?;
        let log_starts = log_starts(&directories).await.map_err(refuse)?;
        let (mut log, image) = open_metadata(env, &config, &directories, &log_starts).await?;
        let bound = bind_all(env, &config).await?;
        log.begin_epoch(config.node_id).await.map_err(refuse)?;
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
            log_starts,
            deleted: std::sync::Mutex::default(),
            metrics,
            loggers: Loggers::default(),
            producer_ids: ProducerIds::default(),
            checkpointing: tokio::sync::Mutex::default(),
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
        let records = registration(env, &node, &controller.image, broker_epoch, &bound);
        controller.publish(whole(&controller.image, broker_epoch)).await;
        controller.commit(&records).await.map_err(refuse)?;
        env.spawn_local("controller", controller.serve(door));
        env.spawn_local("checkpoints", upkeep::checkpoint(Rc::clone(&state)));
        let addresses =
            bound.iter().map(|one| (one.context.name.clone(), one.listener.local_addr())).collect();
        let broker = Self {
            state,
            stopping: CancellationToken::new(),
            addresses,
            metrics_address: None,
            broker_epoch,
        };
        broker.serve(bound, metadata).await
    }

    /// Begins to accept.
    async fn serve(mut self, bound: Vec<Bound>, metadata: MetadataView) -> Result<Self, StartError> {
        let (state, node) = (&self.state, &self.state.node);
        let limit = |key| usize::try_from(node.config.static_number(key)).unwrap_or(usize::MAX);
        let limits = ConnectionLimits::new(
            limit("max.connections").min(CONNECTIONS_MAX),
            limit("max.connections.per.ip"),
        );
        if let Some((host, port)) = &node.config.metrics_listener {
            let listener = listen(&state.env, "klamm.metrics.listener", host, *port).await?;
            self.metrics_address = Some(listener.local_addr());
            let page = metrics::Page { state: Rc::clone(state), metadata, stopping: self.stopping.clone() };
            state.env.spawn_local("metrics", metrics::serve(page, listener));
        }
        for one in bound {
            let acceptor = Acceptor {
                env: state.env.clone(),
                lanes: state.lanes.clone(),
                context: one.context,
                limits: Arc::clone(&limits),
                stopping: self.stopping.clone(),
            };
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

    /// Waits until the disk of one of the log directories has failed; tells why.
    pub async fn failed(&self) -> String {
        let failing = self.state.node.directories.iter().map(|(_, directory)| Box::pin(directory.failed()));
        futures_util::future::select_all(failing).await.0
    }

    /// Stops cleanly: no more connections, everything flushed, and a file that says so.
    ///
    /// # Errors
    /// Something could not be written; the next start then recovers as after a crash.
    pub async fn stop(self) -> Result<(), LogError> {
        self.stopping.cancel();
        let state = &self.state;
        let lanes: Vec<_> = state
            .lanes
            .all()
            .map(|lane| state.on(lane, |state| async move { close_logs(&state).await }))
            .collect();
        let closed: Result<Vec<()>, LogError> = join_all(lanes).await.into_iter().collect();
        upkeep::write_all(state).await?;
        state.controller.stop().await;
        closed?;
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
                "{path} belongs to node {found}, not to {} (node.id)",
                config.node_id
            )));
        }
        if let Some(other) =
            cluster_id.replace(properties.cluster_id.clone()).filter(|other| *other != properties.cluster_id)
        {
            let (path, found) = (path.display(), &properties.cluster_id);
            return Err(refuse(format!(
                "{path} belongs to cluster {found}, the directory before it to {other}"
            )));
        }
        let directory = LogDirectory::open(env, &path).await.map_err(refuse)?;
        directory.limit_open_files(files_open_max);
        opened.push((Uuid(properties.directory_id.0), directory));
    }
    Ok((cluster_id.unwrap_or_default(), opened))
}

/// Where each log that is there begins, and in which directory it lies.
async fn log_starts(
    directories: &[(Uuid, LogDirectory)],
) -> Result<BTreeMap<TopicPartition, (usize, LogStart)>, LogError> {
    let mut starts = BTreeMap::new();
    for (place, (_, directory)) in directories.iter().enumerate() {
        let clean = directory.take_clean_shutdown().await?.is_some();
        let recovery_points = directory.read_checkpoint(OffsetCheckpoint::RecoveryPoint).await?;
        let log_start_offsets = directory.read_checkpoint(OffsetCheckpoint::LogStart).await?;
        for name in directory.list().await? {
            let LogName::Live(partition) = name else { continue };
            let of = |offsets: &BTreeMap<TopicPartition, i64>| offsets.get(&partition).copied().unwrap_or(0);
            let start = LogStart {
                recovery_point: of(&recovery_points),
                log_start_offset: of(&log_start_offsets),
                clean,
            };
            starts.insert(partition, (place, start));
        }
    }
    Ok(starts)
}

async fn open_metadata(
    env: &Env,
    config: &BrokerConfig,
    directories: &[(Uuid, LogDirectory)],
    starts: &BTreeMap<TopicPartition, (usize, LogStart)>,
) -> Result<(MetadataLog, Arc<MetadataImage>), StartError> {
    let place =
        storage::directories(config).iter().position(|path| *path == config.metadata_log_dir).unwrap_or(0);
    let start = starts
        .get(&TopicPartition::new(METADATA_TOPIC, 0))
        .map_or_else(LogStart::default, |(_, start)| *start);
    let segment_bytes = u32::try_from(config.static_number("metadata.log.segment.bytes")).unwrap_or(u32::MAX);
    MetadataLog::open(env, &directories[place].1, segment_bytes, config.durability, start)
        .await
        .map_err(refuse)
}

fn snapshot_rules(config: &BrokerConfig) -> SnapshotRules {
    let bytes = config.static_number("metadata.log.max.record.bytes.between.snapshots");
    let interval_ms = config.static_number("metadata.log.max.snapshot.interval.ms");
    SnapshotRules {
        bytes: usize::try_from(bytes).unwrap_or(usize::MAX),
        interval: u64::try_from(interval_ms).ok().filter(|ms| *ms > 0).map(Duration::from_millis),
    }
}

async fn bind_all(env: &Env, config: &BrokerConfig) -> Result<Vec<Bound>, StartError> {
    let clients = config.listeners.iter().map(|listener| (listener, Audience::Clients));
    let quorum = config.controller_listeners.iter().map(|listener| (listener, Audience::Quorum));
    let mut bound = Vec::new();
    for (listener, audience) in clients.chain(quorum) {
        bound.push(bind(env, config, listener, audience).await?);
    }
    Ok(bound)
}

async fn bind(
    env: &Env,
    config: &BrokerConfig,
    wanted: &ListenerConfig,
    audience: Audience,
) -> Result<Bound, StartError> {
    let listener = listen(env, &wanted.name, &wanted.host, wanted.port).await?;
    let port = listener.local_addr().port();
    let named = |host: &str| {
        if matches!(host, "" | "0.0.0.0" | "::") { "localhost".to_owned() } else { host.to_owned() }
    };
    let (host, port) = match config.advertised.get(&wanted.name) {
        Some((host, 0)) => (named(host), port),
        Some((host, port)) => (named(host), *port),
        None => (named(&wanted.host), port),
    };
    let advertised = Endpoint { name: wanted.name.clone(), host, port, security_protocol: 0 };
    Ok(Bound { context: ListenerContext { name: wanted.name.clone(), audience }, listener, advertised })
}

async fn listen(env: &Env, name: &str, host: &str, port: u16) -> Result<Box<dyn Listener>, StartError> {
    let host = if host.is_empty() { "0.0.0.0" } else { host };
    let addresses = env.resolve(host, port).await.map_err(|error| {
        refuse(format!("listener {name}: {host} is not an address of this host: {error}"))
    })?;
    // A name such as localhost stands for several addresses; clients with IPv4 must get through.
    let address = addresses.iter().find(|address| address.is_ipv4()).or(addresses.first());
    let address = *address.ok_or_else(|| refuse(format!("listener {name}: {host} has no address")))?;
    env.listen(address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            refuse(format!("port {port} of listener {name} is in use by another process; choose another one (listeners) or stop that process"))
        }
        _ => refuse(format!("listener {name} cannot listen on {address}: {error}")),
    })
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
    bound: &[Bound],
) -> Vec<MetadataRecord> {
    let endpoints = |audience| {
        let listeners = bound.iter().filter(move |one| one.context.audience == audience);
        listeners.map(|one| one.advertised.clone()).collect()
    };
    let registration = NodeRegistration {
        broker_endpoints: endpoints(Audience::Clients),
        controller_endpoints: endpoints(Audience::Quorum),
        rack: node.config.rack.clone(),
        log_dirs: node.directories.iter().map(|(id, _)| *id).collect(),
    };
    let incarnation_id = RandomIds::new(env, "incarnation").next();
    register_node(image, node.config.node_id, broker_epoch, incarnation_id, registration)
}

/// An update from nothing to `image`.
fn whole(image: &Arc<MetadataImage>, offset: i64) -> Update {
    let changes = Changes { topics: image.topics.keys().copied().collect(), ..Changes::default() };
    Update { image: Arc::clone(image), offset, changes: Arc::new(changes) }
}
