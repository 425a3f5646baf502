//! The simulator: a seeded world of nodes, network and disks in virtual time.
//!
//! ```text
//!        World (this thread's)                 its owner: a test, a scenario
//!          │ start, kill, cut, fail…, run
//!   ┌──────┴───────────────────────────────┐
//!   │ executor   ready lanes and tasks     │   one poll of one task a step
//!   │ events     timers, arrivals, answers │   time jumps to the next
//!   │ network    ends, links, listeners    │
//!   │ volumes    names, pages, layers      │
//!   │ trace      rolling hash, last events │
//!   └──────┬───────────────────────────────┘
//!          │ Env: one handle per incarnation of a node
//!        broker · client · log
//! ```
//!
//! **Invariants**
//! 1. The same seed gives the same events, in the same process, on another thread, in another process.
//! 2. A handle of an incarnation that has ended gives errors and never acts; it is cut off before any task is dropped.
//! 3. No part of the world is borrowed while code of a node runs.
//! 4. Everything random comes from the seed: dice of the executor, of the network and of each disk, and one
//!    stream per node, incarnation, purpose and use, so that a draw more in one place shifts nothing in another.
//!
//! **Not here**: anything that knows Kafka; plans of faults and checkers, which are the scenarios' own.

mod clock;
mod disk;
mod engine;
mod event;
mod executor;
mod leak;
mod log;
mod network;
mod node;
mod rng;
mod state;
mod task;
mod trace;
mod watchdog;
mod world;

use std::future::Future;
use std::time::Duration;

use klamm_env::Env;

pub use disk::{Disk, DiskConfig, DiskFaults, Loss};
pub use log::{Stamp, subscriber};
pub use network::{Faults, Latency, NetworkConfig};
pub use node::{Cause, Death, Factory, NodeConfig, NodeId};
pub use trace::{Difference, Keep, Trace, TraceEvent};
pub use world::{Config, Deaths, Halt, StepResult, World};

/// Runs `test` in a world of one node with two lanes, for at most a virtual day.
///
/// # Panics
/// With the seed, when the test panics, waits for what never comes, or takes too long.
pub fn run<T: 'static, F: Future<Output = T> + 'static>(
    seed: u64,
    test: impl FnOnce(Env) -> F + 'static,
) -> T {
    let mut world = World::new(Config { seed, ..Config::default() });
    let node = world.node("node", NodeConfig { lanes: 2, ..NodeConfig::default() }, |_| Box::pin(async {}));
    world.start(node);
    world.run_for(Duration::ZERO);
    let env = world.env(node);
    world.block_on(node, async move { test(env).await })
}
