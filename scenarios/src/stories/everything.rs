//! everything: all faults there are, a few in each seed. Not here: what a story of one fault asks beyond them.

use crate::one_broker::{OneBroker, Readers};
use crate::plan::{Durability, Kind, Knobs, Offer, Palette};

/// What is promised under each is promised under all.
pub(super) const EVERYTHING: OneBroker = OneBroker {
    name: "everything",
    describe: "all faults there are, each seed with a few of them",
    palette: Palette {
        brokers: 1,
        load_s: 60,
        offers: &[
            Offer { kind: Kind::Rot, times_min: 0, times_max: 4 },
            Offer { kind: Kind::PowerLoss, times_min: 0, times_max: 2 },
            Offer { kind: Kind::Kill, times_min: 1, times_max: 2 },
            Offer { kind: Kind::Pause, times_min: 0, times_max: 1 },
            Offer { kind: Kind::LongPause, times_min: 0, times_max: 1 },
            Offer { kind: Kind::StarveLane, times_min: 0, times_max: 1 },
            Offer { kind: Kind::RestartLoop, times_min: 0, times_max: 1 },
            Offer { kind: Kind::Cut, times_min: 0, times_max: 1 },
            Offer { kind: Kind::Clog, times_min: 0, times_max: 1 },
            Offer { kind: Kind::Narrow, times_min: 0, times_max: 1 },
            Offer { kind: Kind::Far, times_min: 0, times_max: 1 },
            Offer { kind: Kind::NoName, times_min: 0, times_max: 1 },
            Offer { kind: Kind::Reset, times_min: 1, times_max: 2 },
            Offer { kind: Kind::BreakWrites, times_min: 0, times_max: 1 },
            Offer { kind: Kind::HalfOpen, times_min: 1, times_max: 1 },
            Offer { kind: Kind::Storm, times_min: 0, times_max: 1 },
            Offer { kind: Kind::DiskFull, times_min: 0, times_max: 1 },
            Offer { kind: Kind::FailWrite, times_min: 0, times_max: 1 },
            Offer { kind: Kind::FailSync, times_min: 0, times_max: 1 },
            Offer { kind: Kind::FailRead, times_min: 0, times_max: 1 },
            Offer { kind: Kind::SlowDisk, times_min: 0, times_max: 1 },
            Offer { kind: Kind::StuckDisk, times_min: 0, times_max: 1 },
            Offer { kind: Kind::DropCache, times_min: 0, times_max: 1 },
            Offer { kind: Kind::JumpWall, times_min: 0, times_max: 1 },
            Offer { kind: Kind::LeapTimers, times_min: 0, times_max: 1 },
            Offer { kind: Kind::Drift, times_min: 0, times_max: 1 },
        ],
        settle,
    },
    marks: &[
        "records rotted",
        "a reader was told of damage",
        "the power went during a flush",
        "a broker outlived a full disk",
        "a log directory failed under a broker",
        "a lane starved",
        "a disk was stuck",
        "a wall clock was wrong",
        "a name did not resolve",
        "a connection was half-open",
    ],
    readers: Readers::Eager,
    all_sends_succeed: false,
};

/// What rots can only be told from what power tore if it was flushed; and so many faults leave little time for the load.
fn settle(knobs: &mut Knobs) {
    knobs.durability = Durability::Fsync;
    knobs.sends_per_second = knobs.sends_per_second.max(25);
}
