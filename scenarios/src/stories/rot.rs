//! rot: bits of what was flushed flip on the disk. Not here: writes that a disk loses or misplaces.

use crate::one_broker::{OneBroker, Readers};
use crate::plan::{Durability, Kind, Knobs, Offer, Palette};

/// What rots is never served, and always told; everything else is as it was.
pub(super) const ROT: OneBroker = OneBroker {
    name: "rot",
    describe: "bits flip in segments, sidecars and indexes of one broker, that is killed now and then",
    palette: Palette {
        brokers: 1,
        load_s: 60,
        offers: &[
            Offer { kind: Kind::Rot, times_min: 2, times_max: 8 },
            Offer { kind: Kind::DropCache, times_min: 0, times_max: 2 },
            Offer { kind: Kind::PowerLoss, times_min: 0, times_max: 2 },
            Offer { kind: Kind::Kill, times_min: 0, times_max: 3 },
            Offer { kind: Kind::RestartLoop, times_min: 0, times_max: 1 },
            Offer { kind: Kind::Reset, times_min: 0, times_max: 2 },
        ],
        settle,
    },
    marks: &[
        "records rotted",
        "a sidecar rotted",
        "an index rotted",
        "a reader was told of damage",
        "a segment was rolled",
    ],
    readers: Readers::Eager,
    all_sends_succeed: false,
};

/// Only what was flushed can be told from what power tore.
fn settle(knobs: &mut Knobs) {
    knobs.durability = Durability::Fsync;
}
