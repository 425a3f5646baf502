//! slow_reader: a consumer that cannot keep up holds back nobody else. Not here: quotas.

use crate::one_broker::{OneBroker, Readers};
use crate::plan::{Kind, Knobs, Offer, Palette};

/// Back-pressure on one connection stays there.
pub(super) const SLOW_READER: OneBroker = OneBroker {
    name: "slow_reader",
    describe: "one consumer dawdles behind a narrow line while others keep up",
    palette: Palette {
        brokers: 1,
        load_s: 60,
        offers: &[
            Offer { kind: Kind::Kill, times_min: 0, times_max: 2 },
            Offer { kind: Kind::Reset, times_min: 0, times_max: 3 },
            Offer { kind: Kind::BreakWrites, times_min: 0, times_max: 2 },
            Offer { kind: Kind::HalfOpen, times_min: 0, times_max: 2 },
        ],
        settle,
    },
    marks: &["a slow reader fell behind", "a segment was rolled"],
    readers: Readers::OneSlow,
    all_sends_succeed: true,
};

fn settle(knobs: &mut Knobs) {
    // More is written than comes through to the slow one.
    knobs.value_bytes_max = 8 << 10;
    knobs.segment_bytes = knobs.segment_bytes.max(32 << 10);
}
