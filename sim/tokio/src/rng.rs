//! Randomness from the kernel. Not here: seeds that can be told.

use klamm_env::{ChaCha12Rng, Rng};
use rand_chacha::rand_core::SeedableRng;
use rustix::rand::{GetRandomFlags, getrandom};

use crate::engine::Engine;

impl Rng for Engine {
    fn stream(&self, _purpose: &'static str) -> ChaCha12Rng {
        let mut seed = [0; 32];
        // Up to 256 bytes come whole, and only before the kernel's first entropy may a signal interrupt.
        while getrandom(&mut seed, GetRandomFlags::empty()) != Ok(seed.len()) {}
        ChaCha12Rng::from_seed(seed)
    }
}
