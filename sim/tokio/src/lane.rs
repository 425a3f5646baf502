//! One lane: a thread's runtime, its inbox and its tasks. Not here: how many lanes there are.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use klamm_env::{Job, Lane, LocalTask, TaskId};
use tokio::runtime::{Builder, LocalOptions};
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, spawn_local};

use crate::death;

/// What a lane is told by others.
pub(crate) enum Order {
    Spawn(TaskId, &'static str, Job),
    Abort(TaskId),
    Stop,
}

/// The end of a lane's inbox that others write to.
pub(crate) struct Inbox(mpsc::UnboundedSender<Order>);

/// The end of a lane's inbox that the lane reads.
pub(crate) type Orders = mpsc::UnboundedReceiver<Order>;

pub(crate) fn inbox() -> (Inbox, Orders) {
    let (sender, orders) = mpsc::unbounded_channel();
    (Inbox(sender), orders)
}

impl Inbox {
    /// A lane that has ended drops what it is told.
    pub(crate) fn send(&self, order: Order) {
        let _ended = self.0.send(order);
    }
}

thread_local! {
    static LANE: Cell<Option<Lane>> = const { Cell::new(None) };
    static TASKS: RefCell<HashMap<TaskId, AbortHandle>> = RefCell::default();
}

/// The lane that the calling thread is.
pub(crate) fn current() -> Lane {
    LANE.get().expect("this thread is a lane of a running node")
}

/// How long the calling lane ran tasks, up to when it last looked for what else happened.
pub(crate) fn busy() -> Duration {
    const ONLY_WORKER: usize = 0;
    tokio::runtime::Handle::current().metrics().worker_total_busy_duration(ONLY_WORKER)
}

/// Makes the calling thread `lane` until `main` has ended; its tasks are dropped then.
pub(crate) fn run<T>(lane: Lane, main: impl Future<Output = T>) -> T {
    struct Leave(Option<Lane>);
    impl Drop for Leave {
        fn drop(&mut self) {
            LANE.set(self.0);
        }
    }
    let _leave = Leave(LANE.replace(Some(lane)));
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build_local(LocalOptions::default())
        .expect("the system has room for a lane's epoll and event file");
    runtime.block_on(main)
}

/// Does what a lane is told until it is to stop.
pub(crate) async fn obey(mut orders: Orders) {
    while let Some(order) = orders.recv().await {
        match order {
            Order::Spawn(task, name, job) => start(task, name, Work::New(job)),
            Order::Abort(task) => abort(task),
            Order::Stop => return,
        }
    }
}

/// Starts a task of the calling lane.
pub(crate) fn start_task(id: TaskId, name: &'static str, future: LocalTask) {
    start(id, name, Work::Begun(future));
}

fn start(id: TaskId, name: &'static str, work: Work) {
    let handle = spawn_local(Task { id, name, work }).abort_handle();
    TASKS.with_borrow_mut(|tasks| tasks.insert(id, handle));
}

/// Starts what belongs to the engine itself and is nobody's task.
pub(crate) fn start_task_unnamed(future: impl Future<Output = ()> + 'static) {
    spawn_local(future);
}

fn abort(task: TaskId) {
    let handle = TASKS.with_borrow_mut(|tasks| tasks.remove(&task));
    if let Some(handle) = handle {
        handle.abort();
    }
}

/// A task that ends the process if it panics, where it runs or where it is dropped.
struct Task {
    id: TaskId,
    name: &'static str,
    work: Work,
}

/// How far a task is.
enum Work {
    /// It came from another lane, or from this one by way of the inbox.
    New(Job),
    Begun(LocalTask),
    Ended,
}

impl Work {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if let Work::New(_) = self
            && let Work::New(job) = std::mem::replace(self, Work::Ended)
        {
            *self = Work::Begun(job());
        }
        let Work::Begun(future) = self else { unreachable!("a task is not polled after its end") };
        let polled = future.as_mut().poll(cx);
        if polled.is_ready() {
            *self = Work::Ended;
        }
        polled
    }
}

impl Future for Task {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Task { name, work, .. } = &mut *self;
        death::if_it_panics(name, || work.poll(cx))
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        death::if_it_panics(self.name, || self.work = Work::Ended);
        // Not there any more when the thread itself ends.
        let _gone = TASKS.try_with(|tasks| tasks.borrow_mut().remove(&self.id));
    }
}
