//! Nodes: how they are made, start and end. Not here: what happens to their connections and disks meanwhile.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use klamm_env::{Env, Lane, LocalTask};

use crate::clock::NodeClock;
use crate::disk::DiskConfig;
use crate::engine::Handle;
use crate::executor::spawn;
use crate::state::{Here, State};
use crate::task::Body;
use crate::world::Deaths;

/// Makes what a node runs; called anew at each start.
pub type Factory = Rc<dyn Fn(Env) -> LocalTask>;

/// A node of a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(crate) u32);

/// What a node is.
#[derive(Clone, Debug)]
pub struct NodeConfig {
    /// Lanes, at least 1.
    pub lanes: u16,
    /// Its one volume.
    pub disk: DiskConfig,
    /// How far the wall clock may be off at first, either way.
    pub wall_skew_max: Duration,
}

impl Default for NodeConfig {
    fn default() -> Self {
        Self { lanes: 1, disk: DiskConfig::default(), wall_skew_max: Duration::from_millis(100) }
    }
}

/// Why a node ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The world's owner killed it.
    Killed,
    /// Its machine lost power.
    PowerLost,
    /// It called `die` for this reason.
    Died(String),
    /// A task panicked.
    Panicked {
        /// The task's name.
        task: &'static str,
        /// The panic's message.
        message: String,
    },
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::Killed => f.write_str("was killed"),
            Cause::PowerLost => f.write_str("lost power"),
            Cause::Died(why) => write!(f, "died: {why}"),
            Cause::Panicked { task, message } => write!(f, "task `{task}` panicked: {message}"),
        }
    }
}

/// The unwinding of a node that called `die`.
pub(crate) struct Dying(pub(crate) String);

impl Cause {
    /// Tells a call of `die` from a panic of the task `task`.
    pub(crate) fn of_panic(payload: Box<dyn Any + Send>, task: &'static str) -> Self {
        match payload.downcast::<Dying>() {
            Ok(dying) => Cause::Died(dying.0),
            Err(payload) => {
                let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
                let message = text.or_else(|| payload.downcast_ref::<String>().cloned());
                Cause::Panicked { task, message: message.unwrap_or_else(|| "no message".to_owned()) }
            }
        }
    }
}

/// The end of one incarnation of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Death {
    /// Virtual time since the world began.
    pub at: Duration,
    /// The node's name.
    pub node: Rc<str>,
    /// Why it ended.
    pub cause: Cause,
}

/// What the world knows of a node.
pub(crate) struct Node {
    pub(crate) name: Rc<str>,
    pub(crate) ip: IpAddr,
    pub(crate) lanes: u16,
    pub(crate) first_lane: u32,
    pub(crate) factory: Factory,
    pub(crate) alive: bool,
    /// The machine runs, be the node alive or not.
    pub(crate) powered: bool,
    pub(crate) incarnation: u32,
    pub(crate) main_ended: bool,
    pub(crate) clock: NodeClock,
    /// How many random streams were given for each purpose in this incarnation.
    pub(crate) streams: BTreeMap<&'static str, u64>,
    pub(crate) next_port: u16,
    /// When each thread for blocking jobs is free again.
    pub(crate) blocking: [u64; 4],
    pub(crate) deaths: Vec<Death>,
}

/// The address of the node with this number: 10.0.0.1 and up.
pub(crate) fn ip_of(index: u32) -> IpAddr {
    IpAddr::V4(Ipv4Addr::from_bits(0x0a00_0001 + index))
}

/// Starts a node that does not run.
pub(crate) fn start_node(state: &State, node: u32) {
    let (factory, incarnation) = {
        let mut nodes = state.nodes.borrow_mut();
        let entry = &mut nodes[node as usize];
        assert!(!entry.alive, "{} runs already", entry.name);
        (entry.alive, entry.powered, entry.main_ended) = (true, true, false);
        entry.incarnation += 1;
        entry.streams.clear();
        entry.blocking = [0; 4];
        (entry.factory.clone(), entry.incarnation)
    };
    state.note(node, "start", u64::from(incarnation));
    let env = Env::new(Arc::new(Handle { world: state.id, node, incarnation }));
    let main = move || -> LocalTask {
        let task = factory(env);
        Box::pin(async move {
            task.await;
            crate::state::with(|state| state.nodes.borrow_mut()[node as usize].main_ended = true);
        })
    };
    spawn(state, node, Lane(0), "main", Body::Job(Some(Box::new(main))));
}

/// Ends a node that runs: cuts off every handle, then drops its tasks in order of their ids.
pub(crate) fn end_node(state: &State, node: u32, cause: Cause) {
    let power_lost = cause == Cause::PowerLost;
    {
        let mut nodes = state.nodes.borrow_mut();
        let entry = &mut nodes[node as usize];
        if !entry.alive {
            return;
        }
        entry.alive = false;
        entry.powered = !power_lost;
        if state.config.deaths == Deaths::Fail && matches!(cause, Cause::Died(_) | Cause::Panicked { .. }) {
            state.failure.borrow_mut().get_or_insert_with(|| format!("{} {cause}", entry.name));
        }
        entry.deaths.push(Death { at: state.elapsed(), node: entry.name.clone(), cause });
    }
    state.note(node, "end", 0);
    crate::network::node_ended(state, node, power_lost);
    crate::disk::node_ended(state, node);
    state.ready.borrow_mut().clear(node);
    let before = state.here.get();
    loop {
        let tasks = state.tasks.borrow_mut().take_node(node);
        if tasks.is_empty() {
            break;
        }
        for task in tasks {
            state.here.set(Here { node, lane: Lane(0), task: task.id, name: task.name });
            // A panic while its tasks are dropped adds nothing to a node that is dead already.
            let _ = catch_unwind(AssertUnwindSafe(|| drop(task)));
        }
    }
    state.here.set(before);
}
