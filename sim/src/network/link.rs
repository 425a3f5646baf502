//! What lies between two nodes, one way: latency, bandwidth, cuts, clogs. Not here: connections.

use std::time::Duration;

use crate::rng::Dice;

/// How long a segment is under way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Latency {
    /// At least this.
    pub low: Duration,
    /// At most this, unless it is one of the slow ones.
    pub high: Duration,
    /// How often a segment is slow, as one that was lost and sent again.
    pub slow_chance: f64,
    /// How much longer a slow one takes, at most.
    pub slow: Duration,
}

impl Latency {
    /// Always the same.
    pub const fn fixed(latency: Duration) -> Self {
        Self { low: latency, high: latency, slow_chance: 0.0, slow: Duration::ZERO }
    }

    fn draw(&self, dice: &mut Dice) -> u64 {
        let nanos = |duration: Duration| u64::try_from(duration.as_nanos()).expect("centuries fit");
        let (low, high) = (nanos(self.low), nanos(self.high));
        let latency = dice.between(low, high);
        if dice.chance(self.slow_chance) { latency + dice.between(0, nanos(self.slow)) } else { latency }
    }
}

impl Default for Latency {
    fn default() -> Self {
        Self {
            low: Duration::from_micros(80),
            high: Duration::from_micros(800),
            slow_chance: 0.002,
            slow: Duration::from_millis(250),
        }
    }
}

/// One direction between two nodes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Link {
    /// In place of the network's own.
    pub(crate) latency: Option<Latency>,
    /// Bytes a second, if they are limited.
    pub(crate) bandwidth: Option<u64>,
    /// Nothing passes; what is sent is sent again after the heal.
    pub(crate) cut: bool,
    /// Nothing passes for now, and nothing is lost.
    pub(crate) clogged: bool,
    /// When what was sent before has left, at this bandwidth.
    free_at: u64,
}

impl Link {
    pub(crate) fn is_open(&self) -> bool {
        !self.cut && !self.clogged
    }

    /// When `len` bytes sent now arrive.
    pub(crate) fn arrival(&mut self, now: u64, len: usize, usual: &Latency, dice: &mut Dice) -> u64 {
        let mut sent = now;
        if let Some(bandwidth) = self.bandwidth {
            self.free_at =
                self.free_at.max(now) + (len as u64).saturating_mul(1_000_000_000) / bandwidth.max(1);
            sent = self.free_at;
        }
        sent + self.latency.as_ref().unwrap_or(usual).draw(dice)
    }
}
