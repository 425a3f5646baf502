//! The second engine: tokio's own scheduler, timers and budget, over turmoil's network. What only works on our own
//! executor is found here.
//!
//! ```text
//!   World ── steps ─▶ turmoil: a tokio runtime a node, a millisecond at a time
//!                       └─ jobs of a node ─▶ Env (klamm-env-hosted)
//! ```
//!
//! **Invariants**
//! 1. A panic of a task is a panic of [`World::run_for`]: tokio alone would keep it to itself.
//! 2. Messages that a cut takes are gone: turmoil's TCP sends nothing again, so a connection that was cut is dead.
//!
//! **Not here**: loss of power, sizes of buffers, resets, which turmoil has none of; stories and checkers.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use futures_util::FutureExt as _;
use klamm_env::{Env, LocalTask, WallMillis};
use klamm_env_hosted::{Connection, Host, MemoryDisk, Site, env};
use tokio::sync::Notify;
use turmoil::net::{TcpListener, TcpStream};
use turmoil::{Builder, Sim};

/// Segments of a connection under way at most, and peers of a listener that wait: more make turmoil panic.
const TCP_CAPACITY: usize = 1024;
/// When every world begins.
const BEGINNING: Duration = Duration::from_secs(1_700_000_000);

thread_local! {
    static PANIC: RefCell<Option<Box<dyn Any + Send>>> = const { RefCell::new(None) };
}

struct Turmoil;

impl Host for Turmoil {
    type Listener = TcpListener;

    fn elapsed() -> Duration {
        turmoil::sim_elapsed().unwrap_or_default()
    }

    fn wall() -> WallMillis {
        let since = turmoil::since_epoch().unwrap_or(BEGINNING);
        WallMillis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    fn sleep(time: Duration) -> LocalTask {
        Box::pin(tokio::time::sleep(time))
    }

    fn spawn(task: LocalTask) {
        tokio::task::spawn_local(async {
            if let Err(panic) = AssertUnwindSafe(task).catch_unwind().await {
                PANIC.set(Some(panic));
            }
        });
    }

    /// turmoil binds a whole node or its loopback.
    async fn bind(addr: SocketAddr) -> io::Result<TcpListener> {
        let ip = match addr.ip() {
            ip if ip.is_loopback() => ip,
            IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
            IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
        };
        TcpListener::bind((ip, addr.port())).await
    }

    async fn accept(listener: &TcpListener) -> io::Result<Connection> {
        connection(listener.accept().await?.0)
    }

    async fn connect(addr: SocketAddr) -> io::Result<Connection> {
        connection(TcpStream::connect(addr).await?)
    }
}

fn connection(stream: TcpStream) -> io::Result<Connection> {
    let (peer, local) = (stream.peer_addr()?, stream.local_addr()?);
    Ok(Connection { bytes: Box::new(stream), peer, local })
}

/// What becomes a task of a node.
pub type Job = Box<dyn FnOnce(Env) -> LocalTask>;

/// What a world is like.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// Decides the network's draws and the nodes' own.
    pub seed: u64,
    /// A message's time one way: least and most.
    pub latency: (Duration, Duration),
    /// Lanes of each node.
    pub lanes: u16,
}

/// Jobs that a node was given and has not begun.
#[derive(Default)]
struct Inbox {
    jobs: RefCell<VecDeque<Job>>,
    given: Notify,
}

struct Node {
    inbox: Rc<Inbox>,
    site: Site,
}

/// Nodes that reach each other by name.
pub struct World {
    sim: Sim<'static>,
    nodes: BTreeMap<String, Node>,
}

impl World {
    /// A world of these nodes, all up.
    pub fn new(config: Config, names: &[&str]) -> Self {
        let mut sim = Builder::new()
            .rng_seed(config.seed)
            .epoch(SystemTime::UNIX_EPOCH + BEGINNING)
            .simulation_duration(Duration::from_secs(1 << 30))
            .min_message_latency(config.latency.0)
            .max_message_latency(config.latency.1)
            .tcp_capacity(TCP_CAPACITY)
            .enable_random_order()
            .build();
        let ips: BTreeMap<String, IpAddr> =
            names.iter().map(|name| ((*name).to_owned(), sim.lookup(*name))).collect();
        let ips = Arc::new(ips);
        let nodes = ips.iter().map(|(name, ip)| {
            let disk = MemoryDisk::default();
            let (names, lanes, seed) = (Arc::clone(&ips), config.lanes, config.seed);
            let node = Node { inbox: Rc::default(), site: Site { ip: *ip, names, disk, lanes, seed } };
            (name.clone(), node)
        });
        let nodes: BTreeMap<String, Node> = nodes.collect();
        for (name, node) in &nodes {
            let (inbox, site, lives) = (Rc::clone(&node.inbox), node.site.clone(), Cell::new(0));
            sim.host(name.as_str(), move || {
                lives.set(lives.get() + 1);
                let seed = site.seed ^ (lives.get() << 48);
                live(Rc::clone(&inbox), env::<Turmoil>(Site { seed, ..site.clone() }))
            });
        }
        Self { sim, nodes }
    }

    /// A node's address.
    pub fn ip(&self, name: &str) -> IpAddr {
        self.nodes[name].site.ip
    }

    /// A node's disk.
    pub fn disk(&self, name: &str) -> &MemoryDisk {
        &self.nodes[name].site.disk
    }

    /// Time since the world began.
    pub fn elapsed(&self) -> Duration {
        self.sim.elapsed()
    }

    /// Gives a node a job.
    pub fn start(&mut self, name: &str, job: Job) {
        let inbox = &self.nodes[name].inbox;
        inbox.jobs.borrow_mut().push_back(job);
        inbox.given.notify_one();
    }

    /// Ends a node's life at once; its disk stays. The next one begins without a job: a machine without a process, which
    /// refuses connections, where a host that turmoil has crashed hears nothing.
    pub fn kill(&mut self, name: &str) {
        self.nodes[name].inbox.jobs.borrow_mut().clear();
        self.sim.crash(name);
        self.sim.bounce(name);
    }

    /// Loses every message from one node to another, until [`World::heal`].
    pub fn cut(&mut self, from: &str, to: &str) {
        self.sim.partition_oneway(from, to);
    }

    /// Messages from one node to another come through again.
    pub fn heal(&mut self, from: &str, to: &str) {
        self.sim.repair_oneway(from, to);
    }

    /// Lets the world go on.
    ///
    /// # Panics
    /// When a task did.
    pub fn run_for(&mut self, time: Duration) {
        let until = self.elapsed() + time;
        while self.elapsed() < until {
            self.sim.step().expect("a node ends only when it is killed");
            if let Some(panic) = PANIC.take() {
                resume_unwind(panic);
            }
        }
    }
}

async fn live(inbox: Rc<Inbox>, env: Env) -> turmoil::Result {
    loop {
        while let Some(job) = { inbox.jobs.borrow_mut().pop_front() } {
            env.spawn_local("job", job(env.clone()));
        }
        inbox.given.notified().await;
    }
}
