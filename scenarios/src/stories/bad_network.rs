//! bad_network: links are cut, clogged, narrow and far, and names do not resolve. Not here: a broker that is down.

use crate::one_broker::{OneBroker, Readers};
use crate::plan::{Kind, Offer, Palette};

/// Whatever arrives late, twice or never, each record is there once and in order.
pub(super) const BAD_NETWORK: OneBroker = OneBroker {
    name: "bad_network",
    describe: "links to one broker are cut, clogged, narrow or far, its name does not resolve",
    palette: Palette {
        brokers: 1,
        load_s: 60,
        offers: &[
            Offer { kind: Kind::Cut, times_min: 1, times_max: 3 },
            Offer { kind: Kind::Clog, times_min: 0, times_max: 3 },
            Offer { kind: Kind::Narrow, times_min: 0, times_max: 2 },
            Offer { kind: Kind::Far, times_min: 0, times_max: 2 },
            Offer { kind: Kind::NoName, times_min: 0, times_max: 2 },
            Offer { kind: Kind::Reset, times_min: 0, times_max: 3 },
            Offer { kind: Kind::BreakWrites, times_min: 0, times_max: 2 },
            Offer { kind: Kind::HalfOpen, times_min: 0, times_max: 2 },
            Offer { kind: Kind::Kill, times_min: 0, times_max: 2 },
        ],
        settle: |_| {},
    },
    marks: &["a connection was half-open", "a name did not resolve"],
    readers: Readers::Eager,
    all_sends_succeed: false,
};
