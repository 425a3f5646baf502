//! Randomness: the world's own dice and the streams handed to nodes. Not here: what is drawn for.

use rand_chacha::rand_core::{Rng, SeedableRng};

use klamm_env::ChaCha12Rng;

use crate::trace::mix;

/// A seed for one use: the world's seed and words that say which.
pub(crate) fn derive(seed: u64, words: &[u64]) -> [u8; 32] {
    let mut bytes = [0; 32];
    let mut hash = mix(0x6b6c_616d_6d5f_7369, seed);
    for word in words {
        hash = mix(hash, *word);
    }
    for chunk in bytes.chunks_exact_mut(8) {
        hash = mix(hash, 0x9e37_79b9_7f4a_7c15);
        chunk.copy_from_slice(&hash.to_le_bytes());
    }
    bytes
}

/// A text as one word for [`derive()`].
pub(crate) fn word(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| mix(hash, u64::from(byte)))
}

/// Dice of one part of the world. Every throw goes into [`Dice::hash`].
pub(crate) struct Dice {
    stream: ChaCha12Rng,
    hash: u64,
}

impl Dice {
    pub(crate) fn new(seed: u64, words: &[u64]) -> Self {
        Self { stream: ChaCha12Rng::from_seed(derive(seed, words)), hash: 0 }
    }

    /// A hash of all throws so far.
    pub(crate) fn hash(&self) -> u64 {
        self.hash
    }

    fn throw(&mut self) -> u32 {
        let drawn = self.stream.next_u32();
        self.hash = mix(self.hash, u64::from(drawn));
        drawn
    }

    /// A number below `bound`; 0, without a throw, when there is nothing to choose.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        if bound <= 1 {
            return 0;
        }
        usize::try_from((u64::from(self.throw()) * bound as u64) >> 32).expect("below a usize")
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        if low >= high {
            return low;
        }
        let wide = (u64::from(self.throw()) << 32) | u64::from(self.throw());
        low + u64::try_from((u128::from(wide) * u128::from(high - low + 1)) >> 64).expect("below a u64")
    }

    /// True with this probability; no throw when it is 0.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        probability > 0.0 && f64::from(self.throw()) < probability * 4_294_967_296.0
    }
}
