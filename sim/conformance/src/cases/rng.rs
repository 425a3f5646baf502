//! Randomness. Not here: seeds.

use crate::Case;
use crate::support::{Here, alone};

pub(crate) const CASES: &[Case] = &[alone!("rng", every_stream_is_its_own)];

async fn every_stream_is_its_own(here: Here) {
    let streams = ["a", "a", "b", "b"].map(|purpose| here.stream(purpose));
    for (at, one) in streams.iter().enumerate() {
        for other in &streams[at + 1..] {
            assert!(one != other, "two streams are the same");
        }
    }
}
