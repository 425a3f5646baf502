//! fsync_error: a flush fails, its pages read clean, and the data may be gone. Not here: flushes that lie.

use crate::one_broker::{OneBroker, Readers};
use crate::plan::{Durability, Kind, Knobs, Offer, Palette};

/// What a failed flush covered is never acknowledged.
pub(super) const FSYNC_ERROR: OneBroker = OneBroker {
    name: "fsync_error",
    describe: "flushes fail, and the power goes some time after",
    palette: Palette {
        brokers: 1,
        load_s: 60,
        offers: &[
            Offer { kind: Kind::FailSync, times_min: 1, times_max: 4 },
            Offer { kind: Kind::PowerLoss, times_min: 1, times_max: 2 },
            Offer { kind: Kind::Kill, times_min: 0, times_max: 1 },
            Offer { kind: Kind::Reset, times_min: 0, times_max: 2 },
            Offer { kind: Kind::BreakWrites, times_min: 0, times_max: 1 },
            Offer { kind: Kind::HalfOpen, times_min: 0, times_max: 1 },
        ],
        settle,
    },
    marks: &[
        "a log directory failed under a broker",
        "a broker died of its disk and was started again",
        "the power went under load",
        "the power went some time after the disk had failed",
    ],
    readers: Readers::Eager,
    all_sends_succeed: false,
};

/// Without a flush before the answer nothing is promised of what a flush covers.
fn settle(knobs: &mut Knobs) {
    knobs.durability = Durability::Fsync;
}
