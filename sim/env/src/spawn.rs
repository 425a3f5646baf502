//! Tasks and lanes. Not here: channels (`tokio::sync` serves every engine), joining (a task that matters answers).

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use crate::done::Done;

/// One thread in production, one ready queue in the simulator. Lanes share nothing but messages and
/// immutable snapshots. A node's lanes are numbered from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lane(pub u16);

/// A task of this node, as given by [`Spawn::spawn`]; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId(pub u64);

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "task {}", self.0)
    }
}

/// A future that never leaves its lane.
pub type LocalTask = Pin<Box<dyn Future<Output = ()>>>;

/// What travels to a lane and becomes a task there.
pub type Job = Box<dyn FnOnce() -> LocalTask + Send>;

/// Tasks of a node. A task that panics ends the node, as [`Spawn::die`] does.
pub trait Spawn {
    /// How many lanes this node has; at least 1.
    fn lanes(&self) -> u16;

    /// The lane that the caller runs on.
    fn lane(&self) -> Lane;

    /// How long the caller's lane has worked since it began: the rest of the time it waited. Where work takes none of the
    /// node's time, that is nothing.
    fn busy(&self) -> Duration;

    /// Starts a task on `lane`. `name` is for traces and for the report of a stuck task.
    fn spawn(&self, lane: Lane, name: &'static str, job: Job) -> TaskId;

    /// Starts a task on the caller's lane; it runs after the caller yields.
    fn spawn_here(&self, name: &'static str, task: LocalTask) -> TaskId;

    /// Drops a task, wherever it waits; nothing happens if it has ended.
    fn abort(&self, task: TaskId);

    /// Runs what computes for long, or blocks, beside the lanes; the number that run at once is bounded.
    fn blocking(&self, job: Box<dyn FnOnce() + Send>) -> Done<()>;

    /// Ends this node now: an invariant of its own is broken, and going on could destroy data.
    fn die(&self, why: &str) -> !;
}
