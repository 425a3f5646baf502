//! The world as its owner sees it: nodes, faults, time. Not here: plans of faults, checkers, workloads.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::net::IpAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use klamm_env::{Env, LocalTask};

use crate::clock::{NodeClock, fire, requeue};
use crate::disk::{Disk, Volume};
use crate::engine::Handle;
use crate::event::{Event, Events};
use crate::executor::{Held, run_one};
use crate::network::{Faults, Network, NetworkConfig, deliver};
use crate::node::{Cause, Death, Node, NodeConfig, NodeId, end_node, ip_of, start_node};
use crate::rng::{Dice, word};
use crate::state::{OWNER, State, enter, leave};
use crate::trace::{Keep, Recorder, Trace};
use crate::watchdog::Pulse;

/// What becomes of the run when a node dies of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Deaths {
    /// The run fails: the death is a bug unless somebody says otherwise.
    #[default]
    Fail,
    /// It is noted, see [`World::deaths`].
    Note,
}

/// What a world is.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// From which everything random is drawn.
    pub seed: u64,
    /// Latencies and habits of the network.
    pub network: NetworkConfig,
    /// What a node's own death means.
    pub deaths: Deaths,
    /// How much of the trace is kept.
    pub keep: Keep,
}

/// What one step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepResult {
    /// A task ran for one poll.
    Ran,
    /// Time went to the next event, and what was due then happened.
    Advanced,
    /// No task is ready, no timer is set and nothing is under way: only the owner can go on.
    Idle,
}

/// Why a run cannot go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Halt {
    /// Nothing is left that could happen: the tasks that wait, by node and name.
    Dead(String),
    /// The time allowed ran out.
    TimedOut(String),
    /// A node died of itself, or a task never yields, or something leaked in from outside.
    Failed(String),
}

impl std::fmt::Display for Halt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Halt::Dead(waiting) => write!(f, "the world is dead, nothing can happen any more; {waiting}"),
            Halt::TimedOut(waiting) => write!(f, "virtual time allowed ran out; {waiting}"),
            Halt::Failed(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Halt {}

type Action = Box<dyn FnOnce(&mut World)>;

/// A seeded world. One per thread; everything in it ends with it.
pub struct World {
    state: Rc<State>,
    actions: BTreeMap<(u64, u64), Action>,
    /// Actions that wait for a barrier.
    awaiting: BTreeMap<u64, Action>,
    next_action: u64,
}

static WORLDS: AtomicU64 = AtomicU64::new(1);

impl World {
    /// Makes an empty world on this thread.
    ///
    /// # Panics
    /// There is one already, or a tokio runtime: its cooperative budget would stall tasks in silence.
    pub fn new(config: Config) -> Self {
        refuse_runtime();
        let seed = config.seed;
        let state = Rc::new(State {
            id: WORLDS.fetch_add(1, Ordering::Relaxed),
            now: Cell::new(0),
            here: Cell::new(OWNER),
            aborted: Cell::new(false),
            failure: RefCell::new(None),
            dying: RefCell::new(None),
            dice: RefCell::new(Dice::new(seed, &[word("executor")])),
            ready: RefCell::default(),
            tasks: RefCell::default(),
            events: RefCell::new(Events::default()),
            timers: RefCell::default(),
            nodes: RefCell::default(),
            network: RefCell::new(Network::new(config.network.clone(), Dice::new(seed, &[word("network")]))),
            volumes: RefCell::default(),
            barriers_reached: RefCell::default(),
            trace: Recorder::new(config.keep, seed),
            pulse: Pulse::watched(seed),
            config,
        });
        enter(&state);
        Self { state, actions: BTreeMap::new(), awaiting: BTreeMap::new(), next_action: 0 }
    }

    /// Adds a node, not started. Its name is also its host name; its address is 10.0.0.1 and up.
    pub fn node<F>(&mut self, name: &str, config: NodeConfig, factory: F) -> NodeId
    where
        F: Fn(Env) -> LocalTask + 'static,
    {
        let mut nodes = self.state.nodes.borrow_mut();
        let index = u32::try_from(nodes.len()).expect("nodes fit 32 bits");
        assert!(config.lanes > 0, "a node has at least one lane");
        assert!(nodes.iter().all(|node| &*node.name != name), "two nodes are called {name}");
        let seed = self.state.config.seed;
        let mut date = Dice::new(seed, &[word("date")]);
        let mut dice = Dice::new(seed, &[word("node"), word(name)]);
        let skew = i64::try_from(config.wall_skew_max.as_nanos()).expect("centuries fit");
        let skew = i64::try_from(dice.between(0, 2 * skew.unsigned_abs())).expect("fits") - skew;
        let date = i64::try_from(date.between(0, 300 * 86_400)).expect("fits") * 1_000_000_000;
        let up = dice.between(1_000_000_000, 3_600_000_000_000);
        nodes.push(Node {
            name: name.into(),
            ip: ip_of(index),
            lanes: config.lanes,
            first_lane: self.state.ready.borrow_mut().add_lanes(index, config.lanes),
            factory: Rc::new(factory),
            alive: false,
            powered: true,
            incarnation: 0,
            main_ended: false,
            clock: NodeClock::new(up, date, skew),
            streams: BTreeMap::new(),
            next_port: 32_768,
            blocking: [0; 4],
            deaths: Vec::new(),
        });
        let volume = Volume::new(config.disk, Dice::new(seed, &[word("disk"), word(name)]));
        self.state.volumes.borrow_mut().push(volume);
        self.state.pulse.add_node(name);
        self.state.network.borrow_mut().add_node();
        NodeId(index)
    }

    /// Starts a node that does not run.
    pub fn start(&mut self, node: NodeId) {
        start_node(&self.state, node.0);
        crate::network::node_started(&self.state, node.0);
    }

    /// Kills the process: what it wrote stays in the page cache, its connections end as a kernel ends them.
    pub fn kill(&mut self, node: NodeId) {
        end_node(&self.state, node.0, Cause::Killed);
    }

    /// Cuts the power of these nodes at once: what was not synced may be lost, and nobody says goodbye. The
    /// machines stay off until they are started.
    pub fn power_loss(&mut self, nodes: &[NodeId]) {
        for node in nodes {
            end_node(&self.state, node.0, Cause::PowerLost);
            self.state.nodes.borrow_mut()[node.0 as usize].powered = false;
            crate::disk::power_lost(&self.state, node.0);
        }
    }

    /// Kills a node if it runs, and starts it.
    pub fn restart(&mut self, node: NodeId) {
        self.kill(node);
        self.start(node);
    }

    /// Stops all tasks of a node, as SIGSTOP does: its kernel goes on, its clock too.
    pub fn pause(&mut self, node: NodeId) {
        self.hold(node, true);
    }

    /// Lets a paused node go on.
    pub fn resume(&mut self, node: NodeId) {
        self.hold(node, false);
    }

    fn hold(&mut self, node: NodeId, held: bool) {
        let lanes = self.state.nodes.borrow()[node.0 as usize].lanes;
        for lane in 0..lanes {
            self.hold_for(node, lane, Held::Paused, held);
        }
    }

    /// Starves one lane of a node, or lets it go on.
    pub fn hold_lane(&mut self, node: NodeId, lane: u16, held: bool) {
        self.hold_for(node, lane, Held::Starved, held);
    }

    fn hold_for(&mut self, node: NodeId, lane: u16, why: Held, held: bool) {
        let first = self.state.nodes.borrow()[node.0 as usize].first_lane;
        self.state.note(node.0, if held { "hold" } else { "let go" }, u64::from(lane));
        self.state.ready.borrow_mut().hold(first + u32::from(lane), why, held);
    }

    /// Whether the node runs.
    pub fn is_alive(&self, node: NodeId) -> bool {
        self.state.nodes.borrow()[node.0 as usize].alive
    }

    /// Whether the task that the factory made has ended in this incarnation.
    pub fn main_ended(&self, node: NodeId) -> bool {
        self.state.nodes.borrow()[node.0 as usize].main_ended
    }

    /// All ends of this node so far, oldest first.
    pub fn deaths(&self, node: NodeId) -> Vec<Death> {
        self.state.nodes.borrow()[node.0 as usize].deaths.clone()
    }

    /// The node's name.
    pub fn name(&self, node: NodeId) -> Rc<str> {
        self.state.name(node.0).expect("a node of this world")
    }

    /// The node's address.
    pub fn ip(&self, node: NodeId) -> IpAddr {
        self.state.nodes.borrow()[node.0 as usize].ip
    }

    /// Moves a node's wall clock, either way.
    pub fn jump_wall(&mut self, node: NodeId, forward: bool, by: Duration) {
        let nanos = i64::try_from(by.as_nanos()).expect("centuries fit");
        let nanos = if forward { nanos } else { -nanos };
        self.state.note(node.0, "jump", nanos.cast_unsigned());
        self.state.nodes.borrow_mut()[node.0 as usize].clock.jump_wall(nanos);
    }

    /// Moves a node's monotonic clock forward, as after a suspended machine.
    pub fn leap(&mut self, node: NodeId, by: Duration) {
        self.state.note(node.0, "leap", u64::try_from(by.as_nanos()).expect("centuries fit"));
        self.state.nodes.borrow_mut()[node.0 as usize].clock.leap(by);
        requeue(&self.state, node.0);
    }

    /// Makes a node's clocks gain so many nanoseconds a second; negative when slow.
    pub fn set_drift(&mut self, node: NodeId, nanos_per_second: i64) {
        self.state.note(node.0, "drift", nanos_per_second.cast_unsigned());
        let now = self.state.now.get();
        self.state.nodes.borrow_mut()[node.0 as usize].clock.set_drift(now, nanos_per_second);
        requeue(&self.state, node.0);
    }

    /// The network's faults.
    pub fn network(&mut self) -> Faults<'_> {
        Faults::new(&self.state)
    }

    /// A node's disk: its faults and what is on it.
    pub fn disk(&mut self, node: NodeId) -> Disk<'_> {
        Disk::new(&self.state, node.0)
    }

    /// The world as this node's present incarnation sees it; tasks spawned through it belong to the node.
    pub fn env(&self, node: NodeId) -> Env {
        let incarnation = self.state.nodes.borrow()[node.0 as usize].incarnation;
        Env::new(Arc::new(Handle { world: self.state.id, node: node.0, incarnation }))
    }

    /// Virtual time since the world began.
    pub fn now(&self) -> Duration {
        self.state.elapsed()
    }

    /// The rolling hash of tasks, times, faults, bytes and draws so far.
    pub fn hash(&self) -> u64 {
        self.state.hash()
    }

    /// The events kept so far, with the hash.
    pub fn trace(&self) -> Trace {
        self.state.trace()
    }

    /// Does `action` once virtual time has come to `at`.
    pub fn schedule(&mut self, at: Duration, action: impl FnOnce(&mut World) + 'static) {
        let nanos = u64::try_from(at.as_nanos()).expect("centuries fit").max(self.state.now.get());
        self.next_action += 1;
        self.actions.insert((nanos, self.next_action), Box::new(action));
        self.state.add_event(nanos, Event::Stop);
    }

    /// Does `action` in the middle of a barrier over files of the node: the `nth` that it begins from now on, 1 for the
    /// next.
    pub fn in_barrier(&mut self, node: NodeId, nth: u32, action: impl FnOnce(&mut World) + 'static) {
        self.next_action += 1;
        crate::disk::await_barrier(&self.state, node.0, nth, self.next_action);
        self.awaiting.insert(self.next_action, Box::new(action));
    }

    /// One poll of one task, or one move of time.
    pub fn step(&mut self) -> StepResult {
        refuse_runtime();
        if run_one(&self.state) {
            return StepResult::Ran;
        }
        let result = self.advance(u64::MAX);
        self.act();
        result
    }

    fn act(&mut self) {
        let now = self.state.now.get();
        while let Some(entry) = self.actions.first_entry().filter(|entry| entry.key().0 <= now) {
            entry.remove()(self);
        }
        for number in self.state.barriers_reached.take() {
            if let Some(action) = self.awaiting.remove(&number) {
                action(self);
            }
        }
    }

    /// Goes to the next event, at most to `limit`, and does everything due then.
    fn advance(&self, limit: u64) -> StepResult {
        let state = &*self.state;
        let Some(nanos) = next_event(state) else { return StepResult::Idle };
        if nanos > limit {
            state.now.set(limit);
            return StepResult::Advanced;
        }
        state.now.set(nanos);
        loop {
            let due = state.events.borrow_mut().pop_due(nanos);
            let Some(event) = due else { return StepResult::Advanced };
            match event {
                Event::Timer(slot) => fire(state, slot, nanos),
                Event::Deliver(slot) => deliver(state, slot),
                Event::Call(index) => {
                    let call = state.events.borrow_mut().take_call(index);
                    call.expect("a call is made once")(state);
                }
                Event::Stop => {}
            }
        }
    }

    /// Runs until `done`, for at most a virtual day.
    ///
    /// # Panics
    /// With the seed and the last events, when the run cannot go on or fails.
    pub fn run_until(&mut self, mut done: impl FnMut() -> bool) {
        if let Err(halt) = self.try_run_until(Duration::from_hours(24), |_| done()) {
            self.fail(&halt);
        }
    }

    /// Runs for so much virtual time.
    ///
    /// # Panics
    /// With the seed and the last events, when the run fails.
    pub fn run_for(&mut self, time: Duration) {
        let end = self.state.now.get() + u64::try_from(time.as_nanos()).expect("centuries fit");
        self.state.add_event(end, Event::Stop);
        if let Err(halt) = self.go(end, |_| false) {
            self.fail(&halt);
        }
    }

    /// Runs until `done`, for at most `limit` of virtual time.
    ///
    /// # Errors
    /// Why the run cannot go on.
    pub fn try_run_until(
        &mut self,
        limit: Duration,
        mut done: impl FnMut(&World) -> bool,
    ) -> Result<(), Halt> {
        let limit = u64::try_from(limit.as_nanos()).unwrap_or(u64::MAX);
        let end = self.state.now.get().saturating_add(limit);
        let mut reached = false;
        self.go(end, |world| {
            reached = done(world);
            reached
        })?;
        if reached { Ok(()) } else { Err(Halt::TimedOut(self.waiting())) }
    }

    /// Runs until `done` or until the end is reached.
    fn go(&mut self, end: u64, mut done: impl FnMut(&World) -> bool) -> Result<(), Halt> {
        refuse_runtime();
        loop {
            let failure = self.state.failure.take();
            if let Some(why) = failure {
                return Err(Halt::Failed(why));
            }
            if done(self) {
                return Ok(());
            }
            if run_one(&self.state) {
                continue;
            }
            if self.state.now.get() >= end {
                return Ok(());
            }
            let result = self.advance(end);
            self.act();
            if result == StepResult::Idle {
                return Err(Halt::Dead(self.waiting()));
            }
        }
    }

    /// Runs `future` as a task of `node` until it ends, for at most a virtual day.
    ///
    /// # Panics
    /// With the seed and the last events, when the run cannot go on or fails.
    pub fn block_on<T: 'static>(&mut self, node: NodeId, future: impl Future<Output = T> + 'static) -> T {
        let output = Rc::new(Cell::new(None));
        let place = output.clone();
        let ended = Rc::new(Cell::new(false));
        let end = ended.clone();
        self.env(node).spawn_local("block_on", async move {
            place.set(Some(future.await));
            end.set(true);
        });
        self.run_until(|| ended.get());
        output.take().expect("the task set it before it ended")
    }

    /// The tasks that wait, by node and name.
    fn waiting(&self) -> String {
        let tasks = self.state.tasks.borrow();
        let mut counts: BTreeMap<(Rc<str>, &str), usize> = BTreeMap::new();
        for task in tasks.waiting() {
            let node = self.state.name(task.node).expect("a task belongs to a node");
            *counts.entry((node, task.name)).or_default() += 1;
        }
        if counts.is_empty() {
            return "no task is left".to_owned();
        }
        let text = |((node, name), count): (&(Rc<str>, &str), &usize)| match count {
            1 => format!("{node}/{name}"),
            _ => format!("{node}/{name} ({count} of them)"),
        };
        format!("waiting: {}", counts.iter().map(text).collect::<Vec<_>>().join(", "))
    }

    fn fail(&self, halt: &Halt) -> ! {
        let seed = self.state.config.seed;
        let events = self.state.events_kept();
        let last =
            events.iter().rev().take(20).rev().map(|event| format!("\n    {event}")).collect::<String>();
        panic!("seed {seed} failed at {:?}: {halt}\n  last events:{last}", self.now());
    }
}

fn refuse_runtime() {
    let runtime = tokio::runtime::Handle::try_current();
    assert!(runtime.is_err(), "a world must not live inside a tokio runtime: its budget would stall tasks");
}

/// When the next event is due that still means something.
fn next_event(state: &State) -> Option<u64> {
    let many_stale = {
        let queued = state.events.borrow().len();
        state.timers.borrow_mut().many_stale(queued)
    };
    if many_stale {
        let timers = state.timers.borrow();
        let live = |event| if let Event::Timer(slot) = event { timers.wants(slot) } else { true };
        state.events.borrow_mut().retain(live);
    }
    loop {
        let (nanos, event) = state.events.borrow().peek()?;
        let Event::Timer(slot) = event else { return Some(nanos) };
        if state.timers.borrow().wants(slot) {
            return Some(nanos);
        }
        state.timers.borrow_mut().forget_stale(slot, nanos);
        state.events.borrow_mut().pop();
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.actions.clear();
        self.awaiting.clear();
        let nodes = u32::try_from(self.state.nodes.borrow().len()).expect("nodes fit 32 bits");
        for node in 0..nodes {
            end_node(&self.state, node, Cause::Killed);
        }
        let calls = self.state.events.borrow_mut().clear();
        drop(calls);
        leave();
    }
}
