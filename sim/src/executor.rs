//! Which task runs next, and running it. Not here: events that are not tasks, starting and ending nodes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};

use klamm_env::{Lane, TaskId};

use crate::leak;
use crate::node::{Cause, end_node};
use crate::rng::Dice;
use crate::state::{Here, OWNER, State};
use crate::task::{Body, Ring, Task, slot_of, task_id};

/// A task polled this often at one instant never yields to the rest of the world.
const POLLS_PER_INSTANT_MAX: u32 = 200_000;

/// Why a lane is held back.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Held {
    /// Its node is paused.
    Paused,
    /// It starves.
    Starved,
}

struct LaneQueue {
    node: u32,
    lane: Lane,
    ready: Vec<TaskId>,
    /// By reason: it goes on when the last one is gone.
    held: [bool; 2],
    active: bool,
}

impl LaneQueue {
    fn is_held(&self) -> bool {
        self.held.contains(&true)
    }
}

/// Lanes of all nodes and their tasks that can run.
#[derive(Default)]
pub(crate) struct Ready {
    lanes: Vec<LaneQueue>,
    active: Vec<u32>,
}

impl Ready {
    /// Adds the lanes of a node; returns the number of the first.
    pub(crate) fn add_lanes(&mut self, node: u32, count: u16) -> u32 {
        let first = self.lanes.len();
        for lane in 0..count {
            self.lanes.push(LaneQueue {
                node,
                lane: Lane(lane),
                ready: Vec::new(),
                held: [false; 2],
                active: false,
            });
        }
        u32::try_from(first).expect("lanes fit 32 bits")
    }

    pub(crate) fn push(&mut self, lane: u32, task: TaskId) {
        let queue = &mut self.lanes[lane as usize];
        queue.ready.push(task);
        if !queue.active && !queue.is_held() {
            queue.active = true;
            self.active.push(lane);
        }
    }

    /// Takes one ready task of one lane, both at random.
    fn pop(&mut self, dice: &mut Dice) -> Option<TaskId> {
        if self.active.is_empty() {
            return None;
        }
        let chosen = dice.below(self.active.len());
        let queue = &mut self.lanes[self.active[chosen] as usize];
        let task = queue.ready.swap_remove(dice.below(queue.ready.len()));
        if queue.ready.is_empty() {
            queue.active = false;
            self.active.swap_remove(chosen);
        }
        Some(task)
    }

    /// Holds a lane back for this reason, or no more for it.
    pub(crate) fn hold(&mut self, lane: u32, why: Held, held: bool) {
        let queue = &mut self.lanes[lane as usize];
        queue.held[why as usize] = held;
        let active = !queue.is_held() && !queue.ready.is_empty();
        if queue.active != active {
            queue.active = active;
            if active {
                self.active.push(lane);
            } else {
                self.active.retain(|other| *other != lane);
            }
        }
    }

    /// Forgets all ready tasks of a node; its lanes are not held back any more.
    pub(crate) fn clear(&mut self, node: u32) {
        for queue in self.lanes.iter_mut().filter(|queue| queue.node == node) {
            queue.ready.clear();
            queue.active = false;
            queue.held = [false; 2];
        }
        let Self { lanes, active } = self;
        active.retain(|lane| lanes[*lane as usize].node != node);
    }
}

/// All tasks that have not ended.
#[derive(Default)]
pub(crate) struct Tasks {
    slots: Vec<Option<Task>>,
    free: Vec<u32>,
    serial: u64,
    names: Vec<&'static str>,
}

impl Tasks {
    /// The number of a name, and whether it is a new one.
    fn intern(&mut self, name: &'static str) -> (u32, bool) {
        let known = self.names.iter().position(|known| std::ptr::eq(*known, name));
        let index = known.unwrap_or(self.names.len());
        if known.is_none() {
            self.names.push(name);
        }
        (u32::try_from(index).expect("names fit 32 bits"), known.is_none())
    }

    /// Takes a task that is to be polled out of its place; none if it has ended since it was woken.
    fn take(&mut self, id: TaskId) -> Option<Task> {
        self.slots[slot_of(id)].take_if(|task| task.id == id)
    }

    pub(crate) fn waiting(&self) -> impl Iterator<Item = &Task> {
        self.slots.iter().flatten()
    }

    /// Takes a task out for good; its place is free.
    fn remove(&mut self, slot: usize) -> Option<Task> {
        let task = self.slots[slot].take()?;
        self.free.push(u32::try_from(slot).expect("slots fit 32 bits"));
        Some(task)
    }

    /// Takes all tasks of a node, in order of their ids.
    pub(crate) fn take_node(&mut self, node: u32) -> Vec<Task> {
        let of_node = |task: &Option<Task>| task.as_ref().is_some_and(|task| task.node == node);
        let slots: Vec<usize> = (0..self.slots.len()).filter(|slot| of_node(&self.slots[*slot])).collect();
        let mut tasks: Vec<Task> = slots.into_iter().filter_map(|slot| self.remove(slot)).collect();
        tasks.sort_by_key(|task| task.id);
        tasks
    }
}

/// Adds a task to a lane of a node and makes it ready.
pub(crate) fn spawn(state: &State, node: u32, lane: Lane, name: &'static str, body: Body) -> TaskId {
    let first_lane = state.nodes.borrow()[node as usize].first_lane;
    let lane = first_lane + u32::from(lane.0);
    let id = {
        let mut tasks = state.tasks.borrow_mut();
        let slot = tasks.free.pop().unwrap_or_else(|| {
            tasks.slots.push(None);
            u32::try_from(tasks.slots.len() - 1).expect("slots fit 32 bits")
        });
        assert!(slot < 1 << 20, "a million tasks at once: something spawns without end");
        tasks.serial += 1;
        let id = task_id(tasks.serial, slot);
        let (name_index, is_new) = tasks.intern(name);
        if is_new {
            state.pulse.add_name(name);
        }
        let queued = Arc::new(Ring { world: state.id, lane, task: id, queued: AtomicBool::new(true) });
        let waker = Waker::from(queued.clone());
        tasks.slots[slot as usize] =
            Some(Task { id, name, node, lane, body, waker, queued, name_index, polls: 0, polled_at: 0 });
        id
    };
    state.ready.borrow_mut().push(lane, id);
    id
}

/// Drops a task wherever it waits.
pub(crate) fn abort(state: &State, node: u32, id: TaskId) {
    if state.here.get().task == id && id != OWNER.task {
        state.aborted.set(true);
        return;
    }
    let task = {
        let mut tasks = state.tasks.borrow_mut();
        let slot = slot_of(id);
        let found = tasks.slots.get(slot).and_then(Option::as_ref);
        if found.is_some_and(|task| task.id == id && task.node == node) { tasks.remove(slot) } else { None }
    };
    drop(task);
}

/// Runs one ready task for one poll. False when none is ready.
pub(crate) fn run_one(state: &State) -> bool {
    loop {
        let Some(id) = state.ready.borrow_mut().pop(&mut state.dice.borrow_mut()) else { return false };
        let task = state.tasks.borrow_mut().take(id);
        if let Some(task) = task {
            poll(state, task);
            return true;
        }
    }
}

fn poll(state: &State, mut task: Task) {
    let (id, name, node) = (task.id, task.name, task.node);
    let slot = slot_of(id);
    let lane = {
        let ready = state.ready.borrow();
        ready.lanes[task.lane as usize].lane
    };
    state.note(node, name, id.0);
    count_polls(state, &mut task);
    let before = state.here.replace(Here { node, lane, task: id, name });
    task.queued.queued.store(false, Ordering::Relaxed);
    state.pulse.poll_begins(node, task.name_index);
    let watch = leak::Watch::begin();
    let polled = catch_unwind(AssertUnwindSafe(|| {
        let Task { body, waker, .. } = &mut task;
        if let Body::Job(job) = body {
            let job = job.take().expect("a job is begun once");
            *body = Body::Future(job());
        }
        let Body::Future(future) = body else { unreachable!("made above") };
        future.as_mut().poll(&mut Context::from_waker(waker))
    }));
    watch.end(state, node, name);
    state.pulse.poll_ends();
    let polled = state.or_dying(polled);
    let ended = state.aborted.replace(false) || !matches!(polled, Ok(Poll::Pending));
    if !ended {
        state.here.set(before);
        state.tasks.borrow_mut().slots[slot] = Some(task);
        return;
    }
    match polled {
        Ok(_) => {
            state.tasks.borrow_mut().free.push(u32::try_from(slot).expect("slots fit 32 bits"));
            let dropped = catch_unwind(AssertUnwindSafe(|| drop(task)));
            state.here.set(before);
            if let Err(payload) = dropped {
                end_node(state, node, Cause::of_panic(payload, name));
            }
        }
        Err(payload) => {
            // Back to its place: it is dropped with the node's other tasks, in order.
            state.here.set(before);
            state.tasks.borrow_mut().slots[slot] = Some(task);
            end_node(state, node, Cause::of_panic(payload, name));
        }
    }
}

fn count_polls(state: &State, task: &mut Task) {
    let now = state.now.get();
    if task.polled_at != now {
        task.polled_at = now;
        task.polls = 0;
    }
    task.polls += 1;
    if task.polls > POLLS_PER_INSTANT_MAX {
        let node = state.name(task.node).expect("a task belongs to a node");
        let text =
            format!("{node}: task `{}` never yields: polled {} times at one instant", task.name, task.polls);
        state.failure.borrow_mut().get_or_insert(text);
    }
}
