//! The third engine: madsim's scheduler, timers and network. Its timers are coarser than our own, its streams keep whatever
//! they are given, and it stands in front of the C library's clock and randomness, by which two runs would differ.
//!
//! ```text
//!   cargo ci madsim ── --cfg madsim ─▶ Madsim ── time ─▶ madsim: one executor for all nodes
//!                                                          └─ a node's life ─▶ Env (klamm-env-hosted)
//! ```
//!
//! **Invariants**
//! 1. Without `--cfg madsim`, which `cargo ci madsim` alone sets, there is nothing here.
//! 2. A panic of a task is a panic of `World::run_for`.
//! 3. A message under a cut waits until it is over: madsim's streams lose nothing.
//!
//! **Not here**: half-closed streams, back-pressure, loss of power, resets, which madsim has none of; stories and checkers.
#![cfg(madsim)]

use std::collections::BTreeMap;
use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, UNIX_EPOCH};

use klamm_env::{LocalTask, WallMillis};
use klamm_env_hosted::{Config, Connection, Host, Node, World, nodes};
use madsim::net::{NetSim, TcpListener, TcpStream};
use madsim::plugin::simulator;
use madsim::runtime::Runtime;
use madsim::task::NodeId;
use madsim::time::{Sleep, TimeHandle};

struct MadsimHost;

impl Host for MadsimHost {
    type Listener = TcpListener;

    fn elapsed() -> Duration {
        TimeHandle::current().elapsed()
    }

    fn wall() -> WallMillis {
        let since = TimeHandle::current().now_time().duration_since(UNIX_EPOCH).unwrap_or_default();
        WallMillis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    fn sleep(time: Duration) -> LocalTask {
        Box::pin(Nap { sleep: madsim::time::sleep(time), wakes: None })
    }

    fn spawn(task: LocalTask) {
        drop(madsim::task::spawn_local(task));
    }

    /// madsim knows a node by its one address, all of them, and its loopback.
    async fn bind(addr: SocketAddr) -> io::Result<TcpListener> {
        TcpListener::bind(addr).await
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

/// A sleep that sets one timer for each task that waits for it: madsim's sets one each time it is asked, and each of them
/// wakes the task, which asks again.
struct Nap {
    sleep: Sleep,
    wakes: Option<Waker>,
}

impl Future for Nap {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let is_set = self.wakes.as_ref().is_some_and(|waker| waker.will_wake(cx.waker()));
        if is_set && !self.sleep.is_elapsed() {
            return Poll::Pending;
        }
        self.wakes = Some(cx.waker().clone());
        Pin::new(&mut self.sleep).poll(cx)
    }
}

/// The nodes, over madsim's network.
pub struct Madsim {
    runtime: Runtime,
    nodes: BTreeMap<String, Node>,
    ids: BTreeMap<String, NodeId>,
    /// What the world was let go on for.
    until: Duration,
}

impl Drop for Madsim {
    /// Tasks and timers of madsim hold each other: without this all that a world had would stay.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.ids.values().for_each(|id| self.runtime.handle().kill(*id));
            self.runtime.block_on(async {});
        }
    }
}

impl Madsim {
    /// Does something to the network, whose time stands still.
    fn network(&self, what: impl FnOnce(&NetSim)) {
        self.runtime.block_on(async { what(&simulator::<NetSim>()) });
    }
}

impl World for Madsim {
    fn new(config: Config, names: &[&str]) -> Self {
        let mut settings = madsim::Config::default();
        // madsim's upper bound is outside the range.
        settings.net.send_latency = config.latency.0..config.latency.1 + Duration::from_nanos(1);
        let runtime = Runtime::with_seed_and_config(config.seed, settings);
        let ips = (1..).map(|number| IpAddr::V4(Ipv4Addr::new(192, 168, 0, number)));
        let nodes = nodes(config, names.iter().map(|name| (*name).to_owned()).zip(ips));
        let ids = nodes.iter().map(|(name, node)| {
            let own = node.clone();
            let life = move || {
                let life = own.clone().live::<MadsimHost>();
                async { match life.await {} }
            };
            (name.clone(), runtime.create_node().name(name).ip(node.ip()).init(life).build().id())
        });
        let ids = ids.collect();
        Self { runtime, nodes, ids, until: Duration::ZERO }
    }

    fn node(&self, name: &str) -> &Node {
        &self.nodes[name]
    }

    fn elapsed(&self) -> Duration {
        self.until
    }

    fn run_for(&mut self, time: Duration) {
        self.until += time;
        let rest = async {
            let time = TimeHandle::current();
            time.sleep(self.until.saturating_sub(time.elapsed())).await;
        };
        self.runtime.block_on(rest);
    }

    fn kill(&mut self, name: &str) {
        self.nodes[name].take_back();
        let handle = self.runtime.handle();
        handle.kill(self.ids[name]);
        // What was killed is dropped when its turn comes.
        self.runtime.block_on(async {});
        handle.restart(self.ids[name]);
    }

    fn cut(&mut self, from: &str, to: &str) {
        self.network(|network| network.clog_link(self.ids[from], self.ids[to]));
    }

    fn heal(&mut self, from: &str, to: &str) {
        self.network(|network| network.unclog_link(self.ids[from], self.ids[to]));
    }
}
