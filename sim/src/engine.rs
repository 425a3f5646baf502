//! The seam for one incarnation of one node: forwards to the parts of the world. Not here: what the parts do.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use klamm_env::{
    Buffers, ChaCha12Rng, Clock, Disk, Done, Entry, File, FileLock, FileSet, Instant, Job, Lane,
    ListenOptions, Listener, LocalTask, Net, Open, Rng, Space, Spawn, Stat, Stream, TaskId, Timer,
    WallMillis,
};
use rand_chacha::rand_core::SeedableRng;

use crate::clock::{SimTimer, wall_millis};
use crate::node::{Cause, Dying, end_node};
use crate::rng::{derive, word};
use crate::state::{Here, OWNER, State, with};
use crate::task::Body;
use crate::{disk, executor, leak, network};

/// The error of every handle whose node has ended.
pub(crate) fn severed() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "this node has ended")
}

/// One incarnation of one node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Handle {
    /// The world it belongs to: one that outlives it acts on no other.
    pub(crate) world: u64,
    pub(crate) node: u32,
    pub(crate) incarnation: u32,
}

impl Handle {
    pub(crate) fn lives(self, state: &State) -> bool {
        state.id == self.world && state.lives(self.node, self.incarnation)
    }

    /// Asks the world, unless this node has ended.
    fn ask<T>(self, f: impl FnOnce(&State) -> Done<T>) -> Done<T> {
        with(|state| if self.lives(state) { f(state) } else { Done::ready(Err(severed())) })
    }
}

impl Clock for Handle {
    fn now(&self) -> Instant {
        with(|state| Instant::from_nanos(state.nodes.borrow()[self.node as usize].clock.now(state.now.get())))
    }

    fn wall(&self) -> WallMillis {
        with(|state| wall_millis(&state.nodes.borrow()[self.node as usize].clock, state.now.get()))
    }

    fn timer(&self) -> Pin<Box<dyn Timer>> {
        with(|state| Box::pin(SimTimer::new(state, self.node, self.incarnation)))
    }
}

impl Net for Handle {
    fn listen(&self, addr: SocketAddr, options: ListenOptions) -> Done<Box<dyn Listener>> {
        self.ask(|state| network::listen(state, *self, addr, options))
    }

    fn connect(&self, addr: SocketAddr, buffers: Buffers) -> Done<Box<dyn Stream>> {
        self.ask(|state| network::connect(state, *self, addr, buffers))
    }

    fn resolve(&self, host: &str, port: u16) -> Done<Vec<SocketAddr>> {
        self.ask(|state| network::resolve(state, *self, host, port))
    }
}

impl Disk for Handle {
    fn open(&self, path: &Path, how: Open) -> Done<Arc<dyn File>> {
        self.ask(|state| disk::open(state, *self, path, how))
    }

    fn sync(&self, set: FileSet) -> Done<()> {
        self.ask(|state| disk::sync(state, *self, &set))
    }

    fn sync_dir(&self, path: &Path) -> Done<()> {
        self.ask(|state| disk::sync_dir(state, *self, path))
    }

    fn create_dir(&self, path: &Path) -> Done<()> {
        self.ask(|state| disk::create_dir(state, *self, path))
    }

    fn rename(&self, from: &Path, to: &Path) -> Done<()> {
        self.ask(|state| disk::rename(state, *self, from, to))
    }

    fn remove(&self, path: &Path) -> Done<()> {
        self.ask(|state| disk::remove(state, *self, path))
    }

    fn list(&self, path: &Path) -> Done<Vec<Entry>> {
        self.ask(|state| disk::list(state, *self, path))
    }

    fn stat(&self, path: &Path) -> Done<Stat> {
        self.ask(|state| disk::stat(state, *self, path))
    }

    fn free_space(&self, path: &Path) -> Done<Space> {
        self.ask(|state| disk::free_space(state, *self, path))
    }

    fn loads(&self) -> u64 {
        with(|state| disk::loads(state, self.node))
    }

    fn lock(&self, path: &Path) -> Done<Box<dyn FileLock>> {
        self.ask(|state| disk::lock(state, *self, path))
    }
}

impl Rng for Handle {
    fn stream(&self, purpose: &'static str) -> ChaCha12Rng {
        with(|state| {
            let mut nodes = state.nodes.borrow_mut();
            let node = &mut nodes[self.node as usize];
            let counter = node.streams.entry(purpose).or_default();
            *counter += 1;
            let words = [word(&node.name), u64::from(self.incarnation), word(purpose), *counter];
            state.note(self.node, "rng stream", words[2] ^ *counter);
            ChaCha12Rng::from_seed(derive(state.config.seed, &words))
        })
    }
}

impl Spawn for Handle {
    fn lanes(&self) -> u16 {
        with(|state| state.nodes.borrow()[self.node as usize].lanes)
    }

    fn lane(&self) -> Lane {
        with(|state| {
            let here = state.here.get();
            if here.node == self.node { here.lane } else { Lane(0) }
        })
    }

    /// A step takes no virtual time.
    fn busy(&self) -> Duration {
        Duration::ZERO
    }

    fn spawn(&self, lane: Lane, name: &'static str, job: Job) -> TaskId {
        self.spawn_body(lane, name, Body::Job(Some(job)))
    }

    fn spawn_here(&self, name: &'static str, task: LocalTask) -> TaskId {
        self.spawn_body(self.lane(), name, Body::Future(task))
    }

    fn abort(&self, task: TaskId) {
        with(|state| executor::abort(state, self.node, task));
    }

    fn blocking(&self, job: Box<dyn FnOnce() + Send>) -> Done<()> {
        self.ask(|state| {
            let (answer, done) = Done::wait();
            let delay = self.book_blocking(state);
            let handle = *self;
            state.after(
                delay,
                Box::new(move |state| {
                    if handle.run_blocking(state, job) {
                        // Whoever asked may have stopped waiting.
                        let _ = answer.send(Ok(()));
                    }
                }),
            );
            done
        })
    }

    fn die(&self, why: &str) -> ! {
        let me = with(|state| self.lives(state) && state.here.get().node == self.node);
        assert!(me, "`die` is called by a task of the node that is to end");
        // Also where an unwinding is caught on its way: in production nothing survives this.
        with(|state| state.dying.replace(Some(why.to_owned())));
        resume_unwind(Box::new(Dying(why.to_owned())))
    }
}

impl Handle {
    fn spawn_body(&self, lane: Lane, name: &'static str, body: Body) -> TaskId {
        with(|state| {
            assert!(lane.0 < self.lanes(), "lane {} of a node with {}", lane.0, self.lanes());
            if self.lives(state) { executor::spawn(state, self.node, lane, name, body) } else { OWNER.task }
        })
    }

    /// Takes the thread that is free first; returns in how many nanoseconds a job given to it ends.
    fn book_blocking(self, state: &State) -> u64 {
        let now = state.now.get();
        let length = state.dice.borrow_mut().between(5_000, 500_000);
        let mut nodes = state.nodes.borrow_mut();
        let thread = nodes[self.node as usize].blocking.iter_mut().min().expect("there are threads");
        *thread = (*thread).max(now) + length;
        *thread - now
    }

    fn run_blocking(self, state: &State, job: Box<dyn FnOnce() + Send>) -> bool {
        if !self.lives(state) {
            return false;
        }
        let here = Here { node: self.node, name: "blocking", ..OWNER };
        let before = state.here.replace(here);
        let watch = leak::Watch::begin();
        state.pulse.job_begins(self.node);
        let ran = catch_unwind(AssertUnwindSafe(job));
        state.pulse.poll_ends();
        watch.end(state, self.node, "blocking");
        state.here.set(before);
        if let Err(payload) = state.or_dying(ran) {
            end_node(state, self.node, Cause::of_panic(payload, "blocking"));
            return false;
        }
        true
    }
}

/// Whether an address means the node itself.
pub(crate) fn is_own(ip: IpAddr, own: IpAddr) -> bool {
    ip == own || ip.is_loopback() || ip.is_unspecified()
}
