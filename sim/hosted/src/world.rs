//! Worlds of nodes, steered from outside, and what a node in one is. Not here: how an engine makes time go on.

use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use klamm_env::{Env, LocalTask};
use tokio::sync::Notify;

use crate::{Host, MemoryDisk, Site, env};

/// What becomes a task of a node.
pub type Job = Box<dyn FnOnce(Env) -> LocalTask + Send>;

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

/// Nodes that reach each other by name.
pub trait World {
    /// A world of these nodes, all up.
    fn new(config: Config, names: &[&str]) -> Self
    where
        Self: Sized;

    /// The node of that name.
    fn node(&self, name: &str) -> &Node;

    /// Time since the world began.
    fn elapsed(&self) -> Duration;

    /// Lets the world go on.
    ///
    /// # Panics
    /// When a task did.
    fn run_for(&mut self, time: Duration);

    /// Ends a node's life at once; its disk stays. The next one begins without a job: a machine without a process, which
    /// refuses connections.
    fn kill(&mut self, name: &str);

    /// Lets nothing through from one node to another, until [`World::heal`].
    fn cut(&mut self, from: &str, to: &str);

    /// Messages from one node to another come through again.
    fn heal(&mut self, from: &str, to: &str);
}

/// Nodes of these names and addresses, none of which lives yet.
pub fn nodes(config: Config, ips: impl Iterator<Item = (String, IpAddr)>) -> BTreeMap<String, Node> {
    let names: Arc<BTreeMap<String, IpAddr>> = Arc::new(ips.collect());
    let node = |(name, ip): (&String, &IpAddr)| {
        let (names, disk) = (Arc::clone(&names), MemoryDisk::default());
        let site = Site { ip: *ip, names, disk, lanes: config.lanes, seed: config.seed };
        (name.clone(), Node::new(site))
    };
    names.iter().map(node).collect()
}

/// A node: its machine, and the jobs that whatever life it is in was given and has not begun. Clones are the same node.
#[derive(Clone)]
pub struct Node(Arc<Machine>);

struct Machine {
    site: Site,
    lives: AtomicU64,
    jobs: Mutex<VecDeque<Job>>,
    given: Notify,
}

impl Node {
    fn new(site: Site) -> Self {
        let (lives, jobs, given) = (AtomicU64::new(0), Mutex::default(), Notify::new());
        Self(Arc::new(Machine { site, lives, jobs, given }))
    }

    /// Its address.
    pub fn ip(&self) -> IpAddr {
        self.0.site.ip
    }

    /// Its disk.
    pub fn disk(&self) -> &MemoryDisk {
        &self.0.site.disk
    }

    /// Gives it a job.
    pub fn start(&self, job: Job) {
        self.jobs(|jobs| jobs.push_back(job));
        self.0.given.notify_one();
    }

    /// Takes back the jobs that it has not begun.
    pub fn take_back(&self) {
        self.jobs(VecDeque::clear);
    }

    /// One life, which ends when it is dropped.
    pub async fn live<H: Host>(self) -> Infallible {
        let life = self.0.lives.fetch_add(1, Ordering::Relaxed) + 1;
        let seed = self.0.site.seed ^ (life << 48);
        let env = env::<H>(Site { seed, ..self.0.site.clone() });
        loop {
            while let Some(job) = self.jobs(VecDeque::pop_front) {
                env.spawn_local("job", job(env.clone()));
            }
            self.0.given.notified().await;
        }
    }

    fn jobs<T>(&self, what: impl FnOnce(&mut VecDeque<Job>) -> T) -> T {
        what(&mut self.0.jobs.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
