//! partition: the broker is cut off from its clients, one way or both, again and again. Not here: other faults.

use crate::one_broker::{OneBroker, Readers};
use crate::plan::{Kind, Offer, Palette};

/// Cuts alone, which every engine has: this story is also told on engines other than the simulator.
pub(super) const PARTITION: OneBroker = OneBroker {
    name: "partition",
    describe: "one broker stays up and is cut off from its clients, one way or both, again and again",
    palette: Palette {
        brokers: 1,
        load_s: 60,
        offers: &[Offer { kind: Kind::Cut, times_min: 2, times_max: 6 }],
        settle: |_| {},
    },
    marks: &["a segment was rolled"],
    readers: Readers::Eager,
    all_sends_succeed: true,
};
