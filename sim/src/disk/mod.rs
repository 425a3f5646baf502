//! A node's volume: names and bytes as readers see them and as the medium has them, faults, latency.
//! Not here: formats. What a power loss leaves is drawn in `crash`.

mod crash;
mod directory;
mod faults;
mod file;
mod handle;
mod operations;

use std::io::{self, ErrorKind};
use std::time::Duration;

use klamm_env::{Done, WallMillis};

pub use crash::Loss;
pub use faults::Disk;

pub(crate) use handle::read_now;
pub(crate) use operations::{create_dir, free_space, list, lock, open, remove, rename, stat, sync, sync_dir};

use directory::{FileRef, Tree};

use crate::clock::wall_millis;
use crate::engine::Handle;
use crate::event::{Call, Slot};
use crate::rng::Dice;
use crate::state::State;

/// What a volume is like.
#[derive(Clone, Debug)]
pub struct DiskConfig {
    /// Bytes that fit.
    pub capacity: u64,
    /// How often an operation in the page cache is done before the call returns.
    pub inline: f64,
    /// How long one takes otherwise, at most.
    pub cache_latency_max: Duration,
    /// How long a barrier takes, at least…
    pub sync_latency_min: Duration,
    /// …and at most.
    pub sync_latency_max: Duration,
    /// How the disk fails.
    pub faults: DiskFaults,
}

impl Default for DiskConfig {
    fn default() -> Self {
        Self {
            capacity: 1 << 30,
            inline: 0.8,
            cache_latency_max: Duration::from_micros(60),
            sync_latency_min: Duration::from_micros(200),
            sync_latency_max: Duration::from_millis(4),
            faults: DiskFaults::default(),
        }
    }
}

/// How a disk fails, by probability; an honest one by default, that only loses what was not synced.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DiskFaults {
    /// What a power loss does to what was not synced.
    pub loss: Loss,
    /// How often a write fails, part of it being written.
    pub write_error: f64,
    /// How often a barrier fails; its pages read clean afterwards, and the medium may not have them.
    pub sync_error: f64,
    /// How often a read fails.
    pub read_error: f64,
    /// How often, at a write, the kernel has just written changed pages back on its own.
    pub write_back: f64,
}

/// Operations that fail next, whatever the probabilities.
#[derive(Default)]
struct FailNext {
    writes: u32,
    syncs: u32,
    reads: u32,
    lost: u32,
    misdirected: u32,
}

fn fails(next: &mut u32, probability: f64, dice: &mut Dice) -> bool {
    if *next > 0 {
        *next -= 1;
        return true;
    }
    dice.chance(probability)
}

/// The error of a medium that failed.
fn input_output() -> io::Error {
    io::Error::from_raw_os_error(libc::EIO)
}

struct OpenFile {
    generation: u32,
    file: Option<FileRef>,
}

/// One node's volume. It outlives the node's incarnations.
pub(crate) struct Volume {
    config: DiskConfig,
    pub(crate) dice: Dice,
    tree: Tree,
    open: Vec<OpenFile>,
    locks: Vec<(u64, FileRef)>,
    next_lock: u64,
    used: u64,
    barriers: u64,
    /// Times that a page was read from the medium which had come to differ from the cache.
    loads: u64,
    /// How many barriers over files an action of the world waits for, and which action.
    awaited: Vec<(u32, u64)>,
    fail_next: FailNext,
    slowness: u32,
    stuck: bool,
    /// What waits for a stuck disk.
    held: Vec<Call>,
}

impl Volume {
    pub(crate) fn new(config: DiskConfig, dice: Dice) -> Self {
        Self {
            config,
            dice,
            tree: Tree::default(),
            open: Vec::new(),
            locks: Vec::new(),
            next_lock: 0,
            used: 0,
            barriers: 0,
            loads: 0,
            awaited: Vec::new(),
            fail_next: FailNext::default(),
            slowness: 1,
            stuck: false,
            held: Vec::new(),
        }
    }

    fn open_handle(&mut self, file: FileRef) -> Slot {
        file.borrow_mut().handles += 1;
        let free = self.open.iter().position(|open| open.file.is_none());
        let index = free.unwrap_or_else(|| {
            self.open.push(OpenFile { generation: 0, file: None });
            self.open.len() - 1
        });
        let open = &mut self.open[index];
        open.generation = open.generation.wrapping_add(1);
        open.file = Some(file);
        Slot { index: u32::try_from(index).expect("handles fit 32 bits"), generation: open.generation }
    }

    fn opened(&self, slot: Slot) -> Option<&FileRef> {
        let open = self.open.get(slot.index as usize)?;
        open.file.as_ref().filter(|_| open.generation == slot.generation)
    }

    fn close_handle(&mut self, slot: Slot) {
        let Some(open) = self.open.get_mut(slot.index as usize) else { return };
        if open.generation == slot.generation
            && let Some(file) = open.file.take()
        {
            file.borrow_mut().handles -= 1;
            self.release(&file);
        }
    }

    /// Frees the room of a file that nobody can reach any more.
    fn release(&mut self, file: &FileRef) {
        let file = file.borrow();
        if file.is_unreachable() {
            self.used = self.used.saturating_sub(file.len() as u64);
        }
    }

    /// How many of `wanted` more bytes fit.
    fn room(&self, wanted: u64) -> u64 {
        wanted.min(self.config.capacity.saturating_sub(self.used))
    }

    fn cache_delay(&mut self) -> Option<u64> {
        let max = nanos(self.config.cache_latency_max) * u64::from(self.slowness);
        let inline = self.slowness == 1 && !self.stuck && self.dice.chance(self.config.inline);
        (!inline).then(|| self.dice.between(1_000, max.max(1_000)))
    }

    /// Actions for which the barrier that begins is the one.
    fn reached(&mut self) -> Vec<u64> {
        self.awaited.iter_mut().for_each(|(left, _)| *left = left.saturating_sub(1));
        self.awaited.extract_if(.., |(left, _)| *left == 0).map(|(_, action)| action).collect()
    }

    fn sync_delay(&mut self) -> u64 {
        let (low, high) = (nanos(self.config.sync_latency_min), nanos(self.config.sync_latency_max));
        self.dice.between(low, high) * u64::from(self.slowness)
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).expect("centuries fit")
}

/// Lets an action of the world wait for the `nth` barrier from now on.
pub(crate) fn await_barrier(state: &State, node: u32, nth: u32, action: u64) {
    state.note(node, "await barrier", nth.into());
    with_volume(state, node, |volume| volume.awaited.push((nth.max(1), action)));
}

/// Calls `f` with the volume of a node.
fn with_volume<T>(state: &State, node: u32, f: impl FnOnce(&mut Volume) -> T) -> T {
    f(&mut state.volumes.borrow_mut()[node as usize])
}

/// See [`klamm_env::Disk::loads`].
pub(crate) fn loads(state: &State, node: u32) -> u64 {
    with_volume(state, node, |volume| volume.loads)
}

fn wall(state: &State, node: u32) -> WallMillis {
    wall_millis(&state.nodes.borrow()[node as usize].clock, state.now.get())
}

/// An operation in the page cache: at once, or later, and then its effect comes with the call or with the answer.
fn in_cache<T: 'static>(
    state: &State,
    handle: Handle,
    what: &'static str,
    effect: impl FnOnce(&mut Volume) -> io::Result<T> + 'static,
) -> Done<T> {
    let (delay, early) = with_volume(state, handle.node, |volume| {
        let delay = volume.cache_delay();
        (delay, delay.is_none() || (!volume.stuck && volume.dice.chance(0.5)))
    });
    state.note(handle.node, what, delay.unwrap_or(0));
    if !early {
        return later(state, handle, delay.expect("what is not early is delayed"), effect);
    }
    let result = with_volume(state, handle.node, effect);
    match delay {
        None => Done::ready(result),
        Some(delay) => later(state, handle, delay, |_| result),
    }
}

/// An operation whose effect comes with its answer, after `delay` nanoseconds.
fn later<T: 'static>(
    state: &State,
    handle: Handle,
    delay: u64,
    effect: impl FnOnce(&mut Volume) -> io::Result<T> + 'static,
) -> Done<T> {
    let (answer, done) = Done::wait();
    let call = move |state: &State| {
        if handle.lives(state) {
            let result = with_volume(state, handle.node, effect);
            // Whoever asked may have stopped waiting: that changes nothing.
            let _ = answer.send(result);
        }
    };
    let call = move |state: &State| call_unless_stuck(state, handle.node, Box::new(call));
    state.after(delay, Box::new(call));
    done
}

fn call_unless_stuck(state: &State, node: u32, call: Call) {
    let call = with_volume(state, node, |volume| {
        if volume.stuck {
            volume.held.push(call);
            None
        } else {
            Some(call)
        }
    });
    if let Some(call) = call {
        call(state);
    }
}

/// The process is gone: its handles and locks too; the page cache stays.
pub(crate) fn node_ended(state: &State, node: u32) {
    with_volume(state, node, |volume| {
        for index in 0..volume.open.len() {
            let slot = Slot {
                index: u32::try_from(index).expect("handles fit 32 bits"),
                generation: volume.open[index].generation,
            };
            volume.close_handle(slot);
        }
        volume.locks.clear();
    });
}

/// The machine is gone: what was not synced is lost, in the way that is drawn.
pub(crate) fn power_lost(state: &State, node: u32) {
    let held = with_volume(state, node, |volume| {
        let loss = volume.config.faults.loss;
        crash::lose_power(&mut volume.tree, &loss, &mut volume.dice);
        volume.used = faults::sum_of_lengths(&volume.tree);
        std::mem::take(&mut volume.held)
    });
    drop(held);
}

/// A name that is there already.
fn exists() -> io::Error {
    ErrorKind::AlreadyExists.into()
}
