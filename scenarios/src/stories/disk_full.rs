//! disk_full: the disk runs full under load and has room again later, which ends with a restart. Not here: disks that fail.

use crate::one_broker::{OneBroker, Readers};
use crate::plan::{Kind, Offer, Palette};

/// A full disk costs time, not records.
pub(super) const DISK_FULL: OneBroker = OneBroker {
    name: "disk_full",
    describe: "one broker's disk runs full, and has room again later",
    palette: Palette {
        brokers: 1,
        load_s: 60,
        offers: &[
            Offer { kind: Kind::DiskFull, times_min: 1, times_max: 3 },
            Offer { kind: Kind::FailWrite, times_min: 0, times_max: 2 },
            Offer { kind: Kind::Kill, times_min: 0, times_max: 2 },
            Offer { kind: Kind::Reset, times_min: 0, times_max: 2 },
            Offer { kind: Kind::BreakWrites, times_min: 0, times_max: 1 },
            Offer { kind: Kind::HalfOpen, times_min: 0, times_max: 1 },
        ],
        settle: |_| {},
    },
    marks: &[
        "a broker outlived a full disk",
        "a log directory failed under a broker",
        "a broker died of its disk and was started again",
    ],
    readers: Readers::Eager,
    all_sends_succeed: false,
};
