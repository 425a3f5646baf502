//! A node's clocks and timers. Not here: the world's time and who advances it.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use klamm_env::{Instant, Timer, WallMillis};

use crate::event::{Event, Slot};
use crate::state::{State, try_with, with};

/// 2026-01-01 UTC, in nanoseconds since 1970.
const WALL_START_NANOS: i64 = 1_767_225_600_000_000_000;

/// One machine's clocks, as a line through the world's time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NodeClock {
    /// A moment of the world…
    anchor: u64,
    /// …and what the node's monotonic clock showed then.
    shown: u64,
    /// Nanoseconds gained in each second; negative when slow.
    drift: i64,
    /// What the wall clock shows when the monotonic one shows 0, in nanoseconds.
    wall: i64,
}

impl NodeClock {
    /// `up` is how long the machine has run, `wall_offset` how far the wall clock is off, in nanoseconds.
    pub(crate) fn new(up: u64, date: i64, wall_offset: i64) -> Self {
        let wall = WALL_START_NANOS + date + wall_offset - i64::try_from(up).expect("hours");
        Self { anchor: 0, shown: up, drift: 0, wall }
    }

    pub(crate) fn now(&self, world: u64) -> u64 {
        let passed = world - self.anchor;
        if self.drift == 0 {
            return self.shown + passed;
        }
        let gained = i128::from(passed) * i128::from(self.drift) / 1_000_000_000;
        let passed = i128::from(passed) + gained;
        self.shown + u64::try_from(passed).expect("drift is above minus one second a second")
    }

    pub(crate) fn wall(&self, world: u64) -> i64 {
        self.wall + i64::try_from(self.now(world)).expect("centuries fit")
    }

    /// The world's moment at which the node's clock shows `local`, or a little later.
    fn world(&self, local: u64) -> u64 {
        let ahead = local.saturating_sub(self.shown);
        if self.drift == 0 {
            return self.anchor.saturating_add(ahead);
        }
        let rate = 1_000_000_000 + i128::from(self.drift);
        let ahead = (i128::from(ahead) * 1_000_000_000).div_euclid(rate) + 1;
        self.anchor.saturating_add(u64::try_from(ahead).unwrap_or(u64::MAX))
    }

    pub(crate) fn set_drift(&mut self, world: u64, drift: i64) {
        self.shown = self.now(world);
        self.anchor = world;
        self.drift = drift.max(-900_000_000);
    }

    pub(crate) fn jump_wall(&mut self, nanos: i64) {
        self.wall += nanos;
    }

    /// The monotonic clock leaps forward.
    pub(crate) fn leap(&mut self, by: Duration) {
        let by = u64::try_from(by.as_nanos()).expect("centuries fit");
        self.shown += by;
        self.wall -= i64::try_from(by).expect("centuries fit");
    }
}

#[derive(Default)]
struct Entry {
    generation: u32,
    node: u32,
    /// On the node's clock; `u64::MAX` while it is not set.
    deadline: u64,
    /// The earliest moment of the world for which an event is queued; `u64::MAX` if there is none.
    queued: u64,
    waker: Option<Waker>,
}

/// All timers of a world.
#[derive(Default)]
pub(crate) struct Timers {
    entries: Vec<Entry>,
    free: Vec<u32>,
    /// Events in the queue whose timer is gone.
    stale: usize,
}

impl Timers {
    fn add(&mut self, node: u32) -> Slot {
        let index = self.free.pop().unwrap_or_else(|| {
            self.entries.push(Entry::default());
            u32::try_from(self.entries.len() - 1).expect("timers fit 32 bits")
        });
        let entry = &mut self.entries[index as usize];
        (entry.node, entry.deadline, entry.queued) = (node, u64::MAX, u64::MAX);
        Slot { index, generation: entry.generation }
    }

    fn remove(&mut self, slot: Slot) -> Option<Waker> {
        let entry = &mut self.entries[slot.index as usize];
        entry.generation = entry.generation.wrapping_add(1);
        if entry.queued != u64::MAX {
            self.stale += 1;
        }
        self.free.push(slot.index);
        entry.waker.take()
    }

    /// Whether an event for this timer still means something.
    pub(crate) fn wants(&self, slot: Slot) -> bool {
        let entry = &self.entries[slot.index as usize];
        entry.generation == slot.generation && entry.waker.is_some()
    }

    /// One event of a timer that is gone has left the queue.
    pub(crate) fn forget_stale(&mut self, slot: Slot, nanos: u64) {
        let entry = &mut self.entries[slot.index as usize];
        if entry.generation != slot.generation {
            self.stale = self.stale.saturating_sub(1);
        } else if entry.queued == nanos {
            entry.queued = u64::MAX;
        }
    }

    pub(crate) fn many_stale(&mut self, queued: usize) -> bool {
        let many = self.stale > 4096 && self.stale > queued / 2;
        if many {
            self.stale = 0;
        }
        many
    }
}

/// An event for a timer has come: wakes its task, or waits on if the deadline was moved.
pub(crate) fn fire(state: &State, slot: Slot, nanos: u64) {
    let woken = {
        let mut timers = state.timers.borrow_mut();
        if !timers.wants(slot) {
            timers.forget_stale(slot, nanos);
            return;
        }
        let entry = &mut timers.entries[slot.index as usize];
        if entry.queued == nanos {
            entry.queued = u64::MAX;
        }
        let clock = state.nodes.borrow()[entry.node as usize].clock;
        if clock.now(nanos) >= entry.deadline {
            entry.waker.take()
        } else {
            queue(state, entry, slot, &clock);
            None
        }
    };
    if let Some(waker) = woken {
        waker.wake();
    }
}

fn queue(state: &State, entry: &mut Entry, slot: Slot, clock: &NodeClock) {
    if entry.deadline == u64::MAX {
        return;
    }
    let at = clock.world(entry.deadline).max(state.now.get());
    if at < entry.queued {
        entry.queued = at;
        state.add_event(at, Event::Timer(slot));
    }
}

/// Queues a node's timers anew after its clock was changed.
pub(crate) fn requeue(state: &State, node: u32) {
    let clock = state.nodes.borrow()[node as usize].clock;
    let mut timers = state.timers.borrow_mut();
    for (index, entry) in timers.entries.iter_mut().enumerate() {
        if entry.node == node && entry.waker.is_some() {
            let slot = Slot { index: u32::try_from(index).expect("fits"), generation: entry.generation };
            queue(state, entry, slot, &clock);
        }
    }
}

/// A timer of one incarnation of a node.
pub(crate) struct SimTimer {
    node: u32,
    incarnation: u32,
    slot: Slot,
    world: u64,
}

impl SimTimer {
    pub(crate) fn new(state: &State, node: u32, incarnation: u32) -> Self {
        let slot = state.timers.borrow_mut().add(node);
        Self { node, incarnation, slot, world: state.id }
    }
}

impl Timer for SimTimer {
    fn reset(self: Pin<&mut Self>, deadline: Instant) {
        with(|state| {
            let mut timers = state.timers.borrow_mut();
            let entry = &mut timers.entries[self.slot.index as usize];
            entry.deadline = deadline.as_nanos();
            if entry.waker.is_some() {
                let clock = state.nodes.borrow()[self.node as usize].clock;
                queue(state, entry, self.slot, &clock);
            }
        });
    }

    fn poll_elapsed(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        with(|state| {
            if !state.lives(self.node, self.incarnation) {
                return Poll::Pending;
            }
            let clock = state.nodes.borrow()[self.node as usize].clock;
            let mut timers = state.timers.borrow_mut();
            let entry = &mut timers.entries[self.slot.index as usize];
            if clock.now(state.now.get()) >= entry.deadline {
                return Poll::Ready(());
            }
            if !entry.waker.as_ref().is_some_and(|waker| waker.will_wake(cx.waker())) {
                entry.waker = Some(cx.waker().clone());
            }
            queue(state, entry, self.slot, &clock);
            Poll::Pending
        })
    }
}

impl Drop for SimTimer {
    fn drop(&mut self) {
        let waker = try_with(|state| {
            (state.id == self.world).then(|| state.timers.borrow_mut().remove(self.slot)).flatten()
        });
        drop(waker);
    }
}

/// The wall clock in whole milliseconds.
pub(crate) fn wall_millis(clock: &NodeClock, world: u64) -> WallMillis {
    WallMillis(clock.wall(world).div_euclid(1_000_000))
}
