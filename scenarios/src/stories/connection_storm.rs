//! connection_storm: strangers connect by the hundred, send nonsense and leave. Not here: refusing them by name.

use crate::one_broker::{OneBroker, Readers};
use crate::plan::{Kind, Offer, Palette};

/// Bad peers cost themselves their connections, and nobody else anything.
pub(super) const CONNECTION_STORM: OneBroker = OneBroker {
    name: "connection_storm",
    describe: "hundreds of strangers connect at once, send nonsense and leave",
    palette: Palette {
        brokers: 1,
        load_s: 60,
        offers: &[
            Offer { kind: Kind::Storm, times_min: 2, times_max: 5 },
            Offer { kind: Kind::Kill, times_min: 0, times_max: 1 },
            Offer { kind: Kind::Cut, times_min: 0, times_max: 2 },
            Offer { kind: Kind::Reset, times_min: 0, times_max: 3 },
            Offer { kind: Kind::BreakWrites, times_min: 0, times_max: 2 },
            Offer { kind: Kind::HalfOpen, times_min: 0, times_max: 2 },
        ],
        settle: |_| {},
    },
    marks: &["a stranger got an answer", "a stranger's connection was refused"],
    readers: Readers::Eager,
    all_sends_succeed: true,
};
