//! The scenarios, a file each: which faults and knobs it draws, and which marks it must hit.
//! Not here: the stages they play on.

mod bad_clock;
mod bad_network;
mod connection_storm;
mod disk_full;
mod everything;
mod fsync_error;
mod partition;
mod power_loss;
mod rot;
mod slow_reader;
mod stalls;
mod steady;

use crate::scenario::Scenario;

/// All of them.
pub const ALL: &[&dyn Scenario] = &[
    &steady::STEADY,
    &partition::PARTITION,
    &power_loss::POWER_LOSS,
    &disk_full::DISK_FULL,
    &fsync_error::FSYNC_ERROR,
    &slow_reader::SLOW_READER,
    &connection_storm::CONNECTION_STORM,
    &rot::ROT,
    &bad_network::BAD_NETWORK,
    &stalls::STALLS,
    &bad_clock::BAD_CLOCK,
    &everything::EVERYTHING,
];
