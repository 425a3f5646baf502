//! Random ids. Not here: what they name.

use klamm_env::rand_core::Rng;
use klamm_env::{ChaCha12Rng, Env};
use klamm_protocol::Uuid;

/// Gives ids that nobody had before.
pub(crate) struct RandomIds(ChaCha12Rng);

impl RandomIds {
    /// Ids for one purpose.
    pub(crate) fn new(env: &Env, purpose: &'static str) -> Self {
        Self(env.stream(purpose))
    }

    /// The next id, a version 4 UUID that does not begin with `-` as text (tools would take it for a flag), and is
    /// none of Kafka's reserved ones.
    pub(crate) fn next(&mut self) -> Uuid {
        loop {
            let mut bytes = [0; 16];
            self.0.fill_bytes(&mut bytes);
            bytes[6] = bytes[6] & 0x0f | 0x40;
            bytes[8] = bytes[8] & 0x3f | 0x80;
            let id = Uuid(bytes);
            if !id.to_string().starts_with('-') {
                return id;
            }
        }
    }
}
