//! One suite that every engine must pass.
//!
//! ```text
//!   an engine's test ── impl Driver ──► run_all ──► one fresh world a case
//!                                          │  start / run / kill / lose_power
//!                                          ▼
//!                          cases (tasks on nodes, through Env alone)
//! ```
//!
//! A case is a story told from outside the world: it starts tasks on nodes, waits for some of them, and does to
//! the nodes what they cannot do to themselves. What a case asserts, it asserts inside its tasks, by panicking.
//!
//! **Invariants**
//! 1. A case reaches a node only through [`Env`] and [`Driver`]; it knows no engine.
//! 2. A case that an engine cannot run is named with what it lacks; the engine's test holds that list against
//!    the one it expects, so nothing is skipped in silence.
//! 3. A case takes well under a second of any clock, and holds whatever an engine may choose (order of tasks,
//!    how reads are split, what an unsynced disk keeps): a simulator runs it under many seeds.
//!
//! **Not here**: engines; what only one engine promises (faults of a network). Beside the suite is the load by which engines
//! are compared ([`ping_pong`]).

mod cases;
mod hosted;
pub mod ping_pong;
mod support;

use std::net::IpAddr;
use std::path::PathBuf;

use klamm_env::{Env, LocalTask};

pub use hosted::run_all_hosted;

/// What an engine may lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Capability {
    /// [`Driver::kill`] works.
    Kill,
    /// [`Driver::lose_power`] works: what was not synced may be gone.
    PowerLoss,
    /// A node may end itself ([`Spawn::die`](klamm_env::Spawn::die), a panic) without ending the test.
    Die,
    /// Each half of a stream closes on its own.
    HalfClose,
    /// A peer that does not read holds the writer back.
    BackPressure,
    /// Sizes of buffers that are asked for are kept to.
    Buffers,
    /// A listener keeps no more peers waiting than it was told.
    Backlog,
    /// A connection can be cut so that the peer reads an error.
    Reset,
}

/// A node of the world under test: 0, 1 or 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Node(pub u8);

/// What belongs to a node and outlives its ends.
#[derive(Clone, Debug)]
pub struct Site {
    /// A directory that was there, durable and empty before the node first started.
    pub dir: PathBuf,
    /// The address on which the node listens, and others reach it.
    pub ip: IpAddr,
}

/// A task for lane 0 of a node.
pub type Job = Box<dyn FnOnce(Env) -> LocalTask + Send>;

/// One fresh world of an engine, steered from outside.
///
/// A node is up from the first job it is given, with at least two lanes, until it is killed or loses power or
/// dies; a job given to it after that starts it again, with a new [`Env`] and the disk it left behind.
pub trait Driver {
    /// Whether this engine has `capability`.
    fn can(&self, capability: Capability) -> bool;

    /// Where a node lives.
    fn site(&self, node: Node) -> Site;

    /// Starts `job` on `node` and returns at once.
    fn start(&mut self, node: Node, job: Job);

    /// Starts `job` on `node` and lets the world go on until it has ended. Panics if it panicked, or if its node
    /// died, or if it never ends.
    fn run(&mut self, node: Node, job: Job);

    /// Ends a node at once, as SIGKILL does: tasks dropped, connections closed, what its kernel has is kept.
    fn kill(&mut self, node: Node);

    /// Cuts a node's power: as [`Driver::kill`], and its peers and its disk are not told.
    fn lose_power(&mut self, node: Node);
}

/// One case of the suite.
#[derive(Clone, Copy)]
pub struct Case {
    /// Its name, as `area::what_holds`.
    pub name: &'static str,
    /// What an engine must have to run it.
    pub needs: &'static [Capability],
    /// Runs it in a fresh world; panics if it does not hold.
    pub run: fn(&mut dyn Driver),
}

/// A case that an engine cannot run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The case.
    pub name: &'static str,
    /// What the engine lacks for it.
    pub lacks: Vec<Capability>,
}

/// The whole suite.
pub fn cases() -> Vec<Case> {
    cases::all()
}

/// Runs every case in a world that `world` makes for it, and returns those that the engine cannot run.
///
/// # Panics
/// When a case does not hold; `world` was given its name before.
pub fn run_all<D: Driver>(mut world: impl FnMut(&Case) -> D) -> Vec<Skipped> {
    let mut skipped = Vec::new();
    for case in cases() {
        let mut driver = world(&case);
        let lacks: Vec<Capability> = case.needs.iter().copied().filter(|need| !driver.can(*need)).collect();
        if lacks.is_empty() {
            (case.run)(&mut driver);
        } else {
            skipped.push(Skipped { name: case.name, lacks });
        }
    }
    skipped
}
