//! Seeded stories of whole clusters: what happens in a world, who judges it, and the runner behind `cargo sim`.
//!
//! ```text
//!   seed ─▶ Plan (knobs, faults) ─▶ Scenario: a world of brokers, producers, consumers
//!                                      │ calls, wire and disk facts
//!                                   History ─▶ Checkers ─▶ violations ─▶ runner: one line that replays it
//!                                                                     └▶ shrink: the same failure with less
//! ```
//!
//! **Invariants**
//! 1. A plan is explicit before the run: with the seed it decides everything, and its hash is the same in every process.
//! 2. Checkers see the history and nothing else; they never reach into a node.
//! 3. Nothing passes in silence: a mark that never fires and a world that panics are failures of the batch.
//!
//! **Not here**: the simulator (`klamm-sim`), product code, anything that a node could notice.

pub mod checkers;
pub mod history;
pub mod inflict;
pub mod marks;
pub mod one_broker;
pub mod plan;
pub mod runner;
pub mod scenario;
pub mod shrink;
pub mod stories;
pub mod value;
