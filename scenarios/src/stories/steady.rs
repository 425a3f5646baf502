//! steady: the broker stays up; connections break now and then. Not here: faults that end a node.

use crate::one_broker::{OneBroker, Readers};
use crate::plan::{Kind, Offer, Palette};

/// Nothing worse than a bad network.
pub(super) const STEADY: OneBroker = OneBroker {
    name: "steady",
    describe: "one broker stays up; connections break, the network is cut, the process is paused",
    palette: Palette {
        brokers: 1,
        load_s: 60,
        offers: &[
            Offer { kind: Kind::Pause, times_min: 0, times_max: 2 },
            Offer { kind: Kind::Cut, times_min: 0, times_max: 2 },
            Offer { kind: Kind::Reset, times_min: 0, times_max: 4 },
            Offer { kind: Kind::BreakWrites, times_min: 0, times_max: 2 },
            Offer { kind: Kind::HalfOpen, times_min: 0, times_max: 2 },
        ],
        settle: |_| {},
    },
    marks: &["a segment was rolled", "a connection was half-open"],
    readers: Readers::Eager,
    all_sends_succeed: true,
};
