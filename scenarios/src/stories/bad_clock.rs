//! bad_clock: the broker's clocks jump, leap and drift. Not here: clients with a wrong clock.

use crate::one_broker::{OneBroker, Readers};
use crate::plan::{Kind, Offer, Palette};

/// No clock decides what is true.
pub(super) const BAD_CLOCK: OneBroker = OneBroker {
    name: "bad_clock",
    describe: "one broker's wall clock jumps, its timers leap, both drift",
    palette: Palette {
        brokers: 1,
        load_s: 60,
        offers: &[
            Offer { kind: Kind::JumpWall, times_min: 1, times_max: 3 },
            Offer { kind: Kind::LeapTimers, times_min: 0, times_max: 3 },
            Offer { kind: Kind::Drift, times_min: 0, times_max: 3 },
            Offer { kind: Kind::Kill, times_min: 0, times_max: 2 },
            Offer { kind: Kind::PowerLoss, times_min: 0, times_max: 1 },
            Offer { kind: Kind::Reset, times_min: 0, times_max: 2 },
        ],
        settle: |_| {},
    },
    marks: &["a wall clock was wrong", "timers leapt"],
    readers: Readers::Eager,
    all_sends_succeed: false,
};
