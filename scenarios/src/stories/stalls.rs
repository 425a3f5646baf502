//! stalls: the broker stands still, in whole or in part, or comes back only to be killed. Not here: what is lost thereby.

use crate::one_broker::{OneBroker, Readers};
use crate::plan::{Kind, Offer, Palette};

/// Slowness is no failure, and what took it for one must not do harm.
pub(super) const STALLS: OneBroker = OneBroker {
    name: "stalls",
    describe: "one broker is paused beyond all time-outs, a lane starves, its disk is slow or stuck, it restarts in a loop",
    palette: Palette {
        brokers: 1,
        load_s: 60,
        offers: &[
            Offer { kind: Kind::LongPause, times_min: 0, times_max: 1 },
            Offer { kind: Kind::Pause, times_min: 0, times_max: 2 },
            Offer { kind: Kind::StarveLane, times_min: 1, times_max: 3 },
            Offer { kind: Kind::SlowDisk, times_min: 0, times_max: 2 },
            Offer { kind: Kind::StuckDisk, times_min: 0, times_max: 2 },
            Offer { kind: Kind::RestartLoop, times_min: 0, times_max: 2 },
            Offer { kind: Kind::Far, times_min: 0, times_max: 1 },
            Offer { kind: Kind::FailRead, times_min: 0, times_max: 2 },
        ],
        settle: |_| {},
    },
    marks: &["a lane starved", "a disk was stuck", "a broker was killed again and again"],
    readers: Readers::Eager,
    all_sends_succeed: false,
};
