//! Stories over simulators of others: steady, and with the broker cut off from its clients.
#![allow(clippy::print_stderr, reason = "a task that panics takes its world along: the seed is told before")]

#[cfg(madsim)]
use klamm_env_madsim::Madsim as Engine;
#[cfg(not(madsim))]
use klamm_env_turmoil::Turmoil as Engine;
use klamm_scenarios::one_broker::anywhere::tell;

#[test]
fn steady() {
    tell::<Engine>("steady", |seed| eprintln!("steady, seed {seed}"));
}

#[test]
fn partition() {
    tell::<Engine>("partition", |seed| eprintln!("partition, seed {seed}"));
}
