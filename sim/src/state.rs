//! The world of this thread, shared by its owner and by every handle. Not here: what the parts do.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use klamm_env::{Lane, TaskId};

use crate::clock::Timers;
use crate::disk::Volume;
use crate::event::{Call, Event, Events};
use crate::executor::{Ready, Tasks};
use crate::network::Network;
use crate::node::{Dying, Node};
use crate::rng::Dice;
use crate::trace::{NOBODY, Recorder, Trace, TraceEvent};
use crate::watchdog::Pulse;
use crate::world::Config;

thread_local! {
    static WORLD: RefCell<Option<Rc<State>>> = const { RefCell::new(None) };
}

/// Who runs at the moment.
#[derive(Clone, Copy)]
pub(crate) struct Here {
    pub(crate) node: u32,
    pub(crate) lane: Lane,
    pub(crate) task: TaskId,
    pub(crate) name: &'static str,
}

/// Nobody: the world's owner, or the world itself.
pub(crate) const OWNER: Here = Here { node: NOBODY, lane: Lane(0), task: TaskId(u64::MAX), name: "" };

/// All parts of a world. No part stays borrowed while code of a node runs.
pub(crate) struct State {
    pub(crate) id: u64,
    pub(crate) config: Config,
    pub(crate) now: Cell<u64>,
    pub(crate) here: Cell<Here>,
    /// The task that runs was aborted meanwhile.
    pub(crate) aborted: Cell<bool>,
    /// Why the node whose task runs has decided to die.
    pub(crate) dying: RefCell<Option<String>>,
    /// Why the whole run has failed.
    pub(crate) failure: RefCell<Option<String>>,
    pub(crate) dice: RefCell<Dice>,
    pub(crate) ready: RefCell<Ready>,
    pub(crate) tasks: RefCell<Tasks>,
    pub(crate) events: RefCell<Events>,
    pub(crate) timers: RefCell<Timers>,
    pub(crate) nodes: RefCell<Vec<Node>>,
    pub(crate) network: RefCell<Network>,
    pub(crate) volumes: RefCell<Vec<Volume>>,
    /// Actions of the world whose barrier is under way.
    pub(crate) barriers_reached: RefCell<Vec<u64>>,
    pub(crate) trace: Recorder,
    pub(crate) pulse: Arc<Pulse>,
}

impl State {
    /// How code of a node ended; a death that it has called for is not to be survived.
    pub(crate) fn or_dying<T>(&self, ended: std::thread::Result<T>) -> std::thread::Result<T> {
        match self.dying.take() {
            Some(why) => Err(Box::new(Dying(why))),
            None => ended,
        }
    }

    /// Runs `call` after `delay` nanoseconds.
    pub(crate) fn after(&self, delay: u64, call: Call) {
        self.events.borrow_mut().call(self.now.get() + delay, call);
    }

    pub(crate) fn add_event(&self, nanos: u64, event: Event) {
        self.events.borrow_mut().add(nanos, event);
    }

    /// Whether this incarnation of a node still runs.
    pub(crate) fn lives(&self, node: u32, incarnation: u32) -> bool {
        let nodes = self.nodes.borrow();
        let node = &nodes[node as usize];
        node.alive && node.incarnation == incarnation
    }

    pub(crate) fn note(&self, node: u32, what: &'static str, word: u64) {
        self.trace.note(self.now.get(), node, what, word);
    }

    pub(crate) fn name(&self, node: u32) -> Option<Rc<str>> {
        self.nodes.borrow().get(node as usize).map(|node| node.name.clone())
    }

    /// The rolling hash over events and draws.
    pub(crate) fn hash(&self) -> u64 {
        let network = self.network.borrow().dice.hash();
        let disks =
            self.volumes.borrow().iter().fold(0, |hash, volume| crate::trace::mix(hash, volume.dice.hash()));
        [self.dice.borrow().hash(), network, disks].into_iter().fold(self.trace.hash(), crate::trace::mix)
    }

    pub(crate) fn events_kept(&self) -> Vec<TraceEvent> {
        self.trace.events(|node| self.name(node))
    }

    pub(crate) fn trace(&self) -> Trace {
        Trace { events: self.events_kept(), hash: self.hash() }
    }

    pub(crate) fn elapsed(&self) -> Duration {
        Duration::from_nanos(self.now.get())
    }
}

/// Makes `state` the world of this thread.
pub(crate) fn enter(state: &Rc<State>) {
    WORLD.with_borrow_mut(|world| {
        assert!(world.is_none(), "one world per thread: the one before must be dropped first");
        *world = Some(state.clone());
    });
}

/// Takes the world off this thread.
pub(crate) fn leave() {
    let state = WORLD.with_borrow_mut(Option::take);
    drop(state);
}

/// Calls `f` with the world of this thread, if there is one.
pub(crate) fn try_with<T>(f: impl FnOnce(&State) -> T) -> Option<T> {
    WORLD.try_with(|world| world.borrow().as_ref().map(|state| f(state))).ok().flatten()
}

/// Calls `f` with the world of this thread.
pub(crate) fn with<T>(f: impl FnOnce(&State) -> T) -> T {
    try_with(f).expect("an Env of the simulator works only on its world's thread, while that world lives")
}
