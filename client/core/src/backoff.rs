//! Exponential back-off with jitter (KIP-580). Not here: what is tried again.

use std::time::Duration;

/// How far a delay may stray from its middle, either way.
const JITTER: f64 = 0.2;

/// Delays that double from attempt to attempt, up to a maximum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// After the first failure.
    pub initial: Duration,
    /// Never more than this, but for the jitter.
    pub max: Duration,
}

impl Backoff {
    /// The delay after so many failures in a row; `draw` is from 0 to 1. The maximum has jitter too, so that clients
    /// which failed together do not come back together.
    pub fn delay(&self, failures: u32, draw: f64) -> Duration {
        let doubled = self.initial.saturating_mul(1 << failures.saturating_sub(1).min(30));
        doubled.min(self.max.max(self.initial)).mul_f64(1.0 - JITTER + 2.0 * JITTER * draw.clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(failures: u32, draw: f64, millis: u64) {
        let backoff = Backoff { initial: Duration::from_millis(100), max: Duration::from_millis(1_000) };
        assert_eq!(backoff.delay(failures, draw).as_millis(), u128::from(millis), "{failures} {draw}");
    }

    #[test]
    fn delays_double_up_to_the_maximum_with_a_fifth_of_jitter() {
        check(1, 0.5, 100);
        check(2, 0.5, 200);
        check(4, 0.5, 800);
        check(5, 0.5, 1_000);
        check(u32::MAX, 0.5, 1_000);
        check(1, 0.0, 80);
        check(1, 1.0, 120);
        check(9, 1.0, 1_200);
    }
}
