//! The second engine: tokio's own scheduler, timers and budget, over turmoil's network. What only works on our own
//! executor is found here.
//!
//! ```text
//!   Turmoil ── steps ─▶ turmoil: a tokio runtime a node, a millisecond at a time
//!                         └─ a node's life ─▶ Env (klamm-env-hosted)
//! ```
//!
//! **Invariants**
//! 1. A panic of a task is a panic of [`World::run_for`]: tokio alone would keep it to itself.
//! 2. Messages that a cut takes are gone: turmoil's TCP sends nothing again, so a connection that was cut is dead.
//!
//! **Not here**: loss of power, sizes of buffers, resets, which turmoil has none of; stories and checkers.

use std::any::Any;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::time::{Duration, SystemTime};

use futures_util::FutureExt as _;
use klamm_env::{LocalTask, WallMillis};
use klamm_env_hosted::{Config, Connection, Host, Node, World, nodes};
use turmoil::net::{TcpListener, TcpStream};
use turmoil::{Builder, Sim};

/// Segments of a connection under way at most, and peers of a listener that wait: more make turmoil panic.
const TCP_CAPACITY: usize = 1024;
/// When every world begins.
const BEGINNING: Duration = Duration::from_secs(1_700_000_000);

thread_local! {
    static PANIC: RefCell<Option<Box<dyn Any + Send>>> = const { RefCell::new(None) };
}

struct TurmoilHost;

impl Host for TurmoilHost {
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

/// The nodes, over turmoil's network.
pub struct Turmoil {
    sim: Sim<'static>,
    nodes: BTreeMap<String, Node>,
}

impl World for Turmoil {
    fn new(config: Config, names: &[&str]) -> Self {
        let mut sim = Builder::new()
            .rng_seed(config.seed)
            .epoch(SystemTime::UNIX_EPOCH + BEGINNING)
            .simulation_duration(Duration::from_secs(1 << 30))
            .min_message_latency(config.latency.0)
            .max_message_latency(config.latency.1)
            .tcp_capacity(TCP_CAPACITY)
            .enable_random_order()
            .build();
        let nodes = nodes(config, names.iter().map(|name| ((*name).to_owned(), sim.lookup(*name))));
        for (name, node) in &nodes {
            let node = node.clone();
            sim.host(name.as_str(), move || {
                let life = node.clone().live::<TurmoilHost>();
                async { match life.await {} }
            });
        }
        Self { sim, nodes }
    }

    fn node(&self, name: &str) -> &Node {
        &self.nodes[name]
    }

    fn elapsed(&self) -> Duration {
        self.sim.elapsed()
    }

    fn run_for(&mut self, time: Duration) {
        let until = self.elapsed() + time;
        while self.elapsed() < until {
            self.sim.step().expect("a node ends only when it is killed");
            if let Some(panic) = PANIC.take() {
                resume_unwind(panic);
            }
        }
    }

    /// A host that turmoil has crashed would hear nothing, and refuse nobody.
    fn kill(&mut self, name: &str) {
        self.nodes[name].take_back();
        self.sim.crash(name);
        self.sim.bounce(name);
    }

    fn cut(&mut self, from: &str, to: &str) {
        self.sim.partition_oneway(from, to);
    }

    fn heal(&mut self, from: &str, to: &str) {
        self.sim.repair_oneway(from, to);
    }
}
