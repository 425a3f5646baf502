//! A node: its lanes and pools, started and stopped. Not here: what the lanes do.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use klamm_env::{Done, Env, Job, Lane, LocalTask, Spawn, TaskId};

use crate::barrier::Volumes;
use crate::clock::Epoch;
use crate::death;
use crate::lane::{self, Inbox, Order};
use crate::pool::Pool;

/// The size of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Lanes, a thread each; at least 1.
    pub lanes: u16,
    /// Threads, at most, that wait for disks; as many again wait for barriers, which take longest.
    pub disk_threads: usize,
    /// Threads, at most, for [`Spawn::blocking`].
    pub blocking_threads: usize,
}

impl Default for Options {
    /// A lane per core.
    fn default() -> Self {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Self {
            lanes: u16::try_from(cores).unwrap_or(u16::MAX),
            disk_threads: 16,
            blocking_threads: cores.max(2),
        }
    }
}

/// What the lanes of one node share.
pub(crate) struct Engine {
    pub(crate) epoch: Epoch,
    pub(crate) disk: Pool,
    pub(crate) barriers: Pool,
    pub(crate) volumes: Volumes,
    pub(crate) blocking: Pool,
    inboxes: Vec<Inbox>,
    tasks: AtomicU64,
}

impl Engine {
    fn new(options: Options) -> (Arc<Self>, Vec<lane::Orders>) {
        let (inboxes, orders) = (0..options.lanes.max(1)).map(|_| lane::inbox()).unzip();
        let engine = Engine {
            epoch: Epoch::now(),
            disk: Pool::new("disk", options.disk_threads),
            barriers: Pool::new("barrier", options.disk_threads),
            volumes: Volumes::default(),
            blocking: Pool::new("blocking", options.blocking_threads),
            inboxes,
            tasks: AtomicU64::new(0),
        };
        (Arc::new(engine), orders)
    }

    /// An id that was not used yet and says on which lane its task lives.
    fn next_task(&self, lane: Lane) -> TaskId {
        let lanes = self.inboxes.len() as u64;
        TaskId(self.tasks.fetch_add(1, Ordering::Relaxed) * lanes + u64::from(lane.0))
    }

    fn inbox_of(&self, task: TaskId) -> &Inbox {
        let lane = task.0 % self.inboxes.len() as u64;
        &self.inboxes[usize::try_from(lane).expect("a lane's number fits 16 bits")]
    }

    fn stop_lanes(&self) {
        for inbox in &self.inboxes {
            inbox.send(Order::Stop);
        }
    }
}

impl Spawn for Engine {
    fn lanes(&self) -> u16 {
        u16::try_from(self.inboxes.len()).expect("made from a u16")
    }

    fn lane(&self) -> Lane {
        lane::current()
    }

    fn busy(&self) -> Duration {
        lane::busy()
    }

    fn spawn(&self, lane: Lane, name: &'static str, job: Job) -> TaskId {
        let task = self.next_task(lane);
        assert!(lane.0 < self.lanes(), "{name}: a node of {} lanes has no lane {}", self.lanes(), lane.0);
        self.inbox_of(task).send(Order::Spawn(task, name, job));
        task
    }

    fn spawn_here(&self, name: &'static str, future: LocalTask) -> TaskId {
        let task = self.next_task(lane::current());
        lane::start_task(task, name, future);
        task
    }

    fn abort(&self, task: TaskId) {
        self.inbox_of(task).send(Order::Abort(task));
    }

    fn blocking(&self, job: Box<dyn FnOnce() + Send>) -> Done<()> {
        self.blocking.run(move || {
            job();
            Ok(())
        })
    }

    fn die(&self, why: &str) -> ! {
        death::die(why)
    }
}

/// Runs `main` as a node: the calling thread is lane 0, the other lanes are threads. When `main` ends, so do
/// all lanes: their tasks are dropped, and what was handed to the disk is waited for.
///
/// # Panics
/// When `main` panics, or a thread or a runtime cannot be made; never inside another tokio runtime.
pub fn run<T, F: Future<Output = T>>(options: Options, main: impl FnOnce(Env) -> F) -> T {
    let (engine, orders) = Engine::new(options);
    let env = Env::new(engine.clone());
    let mut orders = (0..).map(Lane).zip(orders);
    let (lane, first) = orders.next().expect("a node has a lane");
    let node = Node { threads: orders.map(|(lane, orders)| start_lane(lane, orders)).collect(), engine };
    let output = lane::run(lane, async {
        lane::start_task_unnamed(lane::obey(first));
        main(env).await
    });
    node.stop();
    output
}

fn start_lane(lane: Lane, orders: lane::Orders) -> thread::JoinHandle<()> {
    thread::Builder::new()
        .name(format!("lane-{}", lane.0))
        .spawn(move || lane::run(lane, lane::obey(orders)))
        .expect("the system has room for a lane's thread")
}

/// A node whose lanes are all threads of their own. Dropping it stops the node.
#[must_use = "the node stops when this is dropped"]
pub struct Node {
    engine: Arc<Engine>,
    threads: Vec<thread::JoinHandle<()>>,
}

impl Node {
    /// Starts the lanes of a node.
    ///
    /// # Panics
    /// When a thread or a runtime cannot be made.
    pub fn start(options: Options) -> (Env, Self) {
        let (engine, orders) = Engine::new(options);
        let threads = (0..).map(Lane).zip(orders).map(|(lane, orders)| start_lane(lane, orders)).collect();
        (Env::new(engine.clone()), Node { engine, threads })
    }

    /// Ends all lanes, dropping their tasks, and waits for what was handed to the disk. Do not call it on a lane
    /// of this node.
    pub fn stop(self) {}
}

impl Drop for Node {
    fn drop(&mut self) {
        self.engine.stop_lanes();
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                death::die("a lane ended in a panic");
            }
        }
        self.engine.blocking.close();
        self.engine.disk.close();
        self.engine.barriers.close();
    }
}

/// The answer of an operation that cannot begin.
pub(crate) fn stopped() -> io::Error {
    io::Error::other("the node has stopped")
}
