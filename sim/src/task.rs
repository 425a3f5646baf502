//! One task and its waker. Not here: which task runs next.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Wake, Waker};

use klamm_env::{LocalTask, TaskId};

use crate::state::try_with;

/// Bits of a task's id that name its slot; those above count tasks, so ids rise and are never used twice.
const SLOT_BITS: u32 = 20;

/// The id of the `serial`th task, which lives in `slot`.
pub(crate) fn task_id(serial: u64, slot: u32) -> TaskId {
    TaskId((serial << SLOT_BITS) | u64::from(slot))
}

/// The slot in which a task lives.
pub(crate) fn slot_of(task: TaskId) -> usize {
    usize::try_from(task.0 & ((1 << SLOT_BITS) - 1)).expect("20 bits")
}

/// Makes a task's future on its lane.
pub(crate) type Start = Box<dyn FnOnce() -> LocalTask>;

/// What a task is made of.
pub(crate) enum Body {
    /// It has not run yet.
    Job(Option<Start>),
    /// It has begun.
    Future(LocalTask),
}

/// A task that has not ended.
pub(crate) struct Task {
    pub(crate) id: TaskId,
    pub(crate) name: &'static str,
    /// Its name for the watchdog.
    pub(crate) name_index: u32,
    pub(crate) node: u32,
    pub(crate) lane: u32,
    pub(crate) body: Body,
    pub(crate) waker: Waker,
    pub(crate) queued: Arc<Ring>,
    /// Polls at the instant `polled_at`, to find a task that never yields.
    pub(crate) polls: u32,
    pub(crate) polled_at: u64,
}

/// Rings for a task: puts it into its lane's ready queue once, however often it is woken.
pub(crate) struct Ring {
    pub(crate) world: u64,
    pub(crate) lane: u32,
    pub(crate) task: TaskId,
    pub(crate) queued: AtomicBool,
}

impl Wake for Ring {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.queued.swap(true, Ordering::Relaxed) {
            try_with(|state| {
                if state.id == self.world {
                    state.ready.borrow_mut().push(self.lane, self.task);
                }
            });
        }
    }
}
