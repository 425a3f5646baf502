//! Tasks and lanes on a scheduler of one thread. Not here: the order in which they run.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::future::{AbortHandle, Abortable, abortable};
use klamm_env::{Done, Job, Lane, LocalTask, Spawn, TaskId};

use crate::{Engine, Host};

thread_local! {
    static LANE: Cell<Lane> = const { Cell::new(Lane(0)) };
}

/// The tasks of a node that have not ended.
#[derive(Clone, Default)]
pub(crate) struct Tasks(Arc<Mutex<Known>>);

#[derive(Default)]
struct Known {
    last: u64,
    handles: BTreeMap<TaskId, AbortHandle>,
}

impl Tasks {
    fn with<T>(&self, what: impl FnOnce(&mut Known) -> T) -> T {
        what(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn start<H: Host>(&self, lane: Lane, task: LocalTask) -> TaskId {
        let (task, handle) = abortable(task);
        let id = self.with(|known| {
            known.last += 1;
            known.handles.insert(TaskId(known.last), handle);
            TaskId(known.last)
        });
        H::spawn(Box::pin(OnLane { lane, id, task, tasks: self.clone() }));
        id
    }
}

/// A task, on its lane while it runs.
struct OnLane {
    lane: Lane,
    id: TaskId,
    task: Abortable<LocalTask>,
    tasks: Tasks,
}

impl Future for OnLane {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let other = LANE.replace(self.lane);
        let polled = Pin::new(&mut self.task).poll(cx);
        LANE.set(other);
        polled.map(drop)
    }
}

impl Drop for OnLane {
    fn drop(&mut self) {
        self.tasks.with(|known| known.handles.remove(&self.id));
    }
}

impl<H: Host> Spawn for Engine<H> {
    fn lanes(&self) -> u16 {
        self.site.lanes
    }

    fn lane(&self) -> Lane {
        LANE.get()
    }

    fn busy(&self) -> Duration {
        Duration::ZERO
    }

    fn spawn(&self, lane: Lane, name: &'static str, job: Job) -> TaskId {
        assert!(lane.0 < self.lanes(), "{name}: a node of {} lanes has no lane {}", self.lanes(), lane.0);
        self.tasks.start::<H>(lane, Box::pin(async { job().await }))
    }

    fn spawn_here(&self, _name: &'static str, task: LocalTask) -> TaskId {
        self.tasks.start::<H>(LANE.get(), task)
    }

    fn abort(&self, task: TaskId) {
        if let Some(handle) = self.tasks.with(|known| known.handles.remove(&task)) {
            handle.abort();
        }
    }

    fn blocking(&self, job: Box<dyn FnOnce() + Send>) -> Done<()> {
        let (answer, done) = Done::wait();
        H::spawn(Box::pin(async {
            job();
            let _nobody_waits = answer.send(Ok(()));
        }));
        done
    }

    fn die(&self, why: &str) -> ! {
        panic!("a node ends itself: {why}")
    }
}
