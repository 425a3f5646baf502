//! The seam over somebody else's simulator. It gives time, sockets and a scheduler of one thread ([`Host`]); what the
//! seam asks for beyond that is here once: lanes, a disk in memory, randomness, listeners with a backlog; and so is how a
//! world of nodes is steered ([`World`]).
//!
//! ```text
//!   World ── jobs ─▶ Node ── a life ─▶ Env ─▶ Engine<H> ─┬─ clock, net, spawn ─▶ H: turmoil · madsim
//!                                                        └─ disk in memory, randomness from a seed
//! ```
//!
//! **Invariants**
//! 1. Everything of a node runs on the host's one thread; lanes are names that its tasks bear.
//! 2. The host decides the order of tasks; nothing here draws on anything but the seed.
//! 3. A node's disk outlives the node and loses nothing.
//!
//! **Not here**: any simulator.

mod clock;
mod disk;
mod net;
mod spawn;
mod world;

use std::collections::BTreeMap;
use std::future::Future;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::marker::PhantomData;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use klamm_env::{ChaCha12Rng, Env, LocalTask, Rng, WallMillis};
use rand_chacha::rand_core::SeedableRng as _;
use tokio::io::{AsyncRead, AsyncWrite};

pub use disk::MemoryDisk;
pub use world::{Config, Job, Node, World, nodes};

/// Bytes both ways.
pub trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// A connection of a host.
pub struct Connection {
    /// Its bytes.
    pub bytes: Box<dyn Duplex>,
    /// The other end's address.
    pub peer: SocketAddr,
    /// This end's address.
    pub local: SocketAddr,
}

/// A simulator, as the node that runs on it sees it. Which node that is, it knows itself.
pub trait Host: Send + Sync + 'static {
    /// A bound socket; dropped, its port is free again.
    type Listener: 'static;

    /// Time since the world began.
    fn elapsed() -> Duration;

    /// The node's wall clock.
    fn wall() -> WallMillis;

    /// Is ready after `time`, and may be late.
    fn sleep(time: Duration) -> LocalTask;

    /// Starts a task of the node. A panic of it is the whole world's.
    fn spawn(task: LocalTask);

    /// Binds an address of this node, whose port is not 0.
    fn bind(addr: SocketAddr) -> impl Future<Output = io::Result<Self::Listener>>;

    /// The next peer.
    fn accept(listener: &Self::Listener) -> impl Future<Output = io::Result<Connection>>;

    /// Connects to an address.
    fn connect(addr: SocketAddr) -> impl Future<Output = io::Result<Connection>>;
}

/// What a node is made of.
#[derive(Clone)]
struct Site {
    ip: IpAddr,
    /// Every node's address by name.
    names: Arc<BTreeMap<String, IpAddr>>,
    /// Outlives the node.
    disk: MemoryDisk,
    lanes: u16,
    /// Where its randomness begins; another one for each of its lives.
    seed: u64,
}

/// One life of one node.
struct Engine<H> {
    site: Site,
    tasks: spawn::Tasks,
    /// The last port that was given to a listener without one.
    port: AtomicU64,
    streams: AtomicU64,
    host: PhantomData<H>,
}

/// Begins a life of a node.
fn env<H: Host>(site: Site) -> Env {
    Env::new(Arc::new(Engine::<H> {
        site,
        tasks: spawn::Tasks::default(),
        port: AtomicU64::new(0),
        streams: AtomicU64::new(0),
        host: PhantomData,
    }))
}

impl<H: Host> Rng for Engine<H> {
    fn stream(&self, purpose: &'static str) -> ChaCha12Rng {
        let mut hasher = DefaultHasher::new();
        let nth = self.streams.fetch_add(1, Ordering::Relaxed);
        (self.site.seed, self.site.ip, purpose, nth).hash(&mut hasher);
        ChaCha12Rng::seed_from_u64(hasher.finish())
    }
}
