//! power_loss: the power goes under load, twice at least. Not here: disks that lie about a flush.

use crate::one_broker::{OneBroker, Readers};
use crate::plan::{Kind, Offer, Palette};

/// What was acknowledged after its flush is there after every power loss; without one, the rest is whole.
pub(super) const POWER_LOSS: OneBroker = OneBroker {
    name: "power_loss",
    describe: "one broker loses power again and again under load",
    palette: Palette {
        brokers: 1,
        load_s: 60,
        offers: &[
            Offer { kind: Kind::PowerLoss, times_min: 2, times_max: 5 },
            Offer { kind: Kind::Kill, times_min: 0, times_max: 2 },
            Offer { kind: Kind::Pause, times_min: 0, times_max: 1 },
            Offer { kind: Kind::Cut, times_min: 0, times_max: 1 },
            Offer { kind: Kind::Reset, times_min: 0, times_max: 2 },
            Offer { kind: Kind::BreakWrites, times_min: 0, times_max: 1 },
            Offer { kind: Kind::HalfOpen, times_min: 0, times_max: 1 },
        ],
        settle: |_| {},
    },
    marks: &[
        "the power went under load",
        "the power went during a flush",
        "a power loss left half a batch behind",
        "a segment was rolled",
        "a log holds records of several leader epochs",
        "a reader was ahead of what was left",
    ],
    readers: Readers::Eager,
    all_sends_succeed: false,
};
