//! How values are spread: a count for ever, and quantiles of what came lately.
//!
//! Buckets are log-linear, sixteen to each power of two, so that a quantile is off by 1/32 at most. They are filled for
//! five minutes and kept for five more: quantiles tell of the last five to ten minutes, as Kafka's do by weight.
//!
//! Not here: what is measured, units.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use klamm_env::Instant;

const WINDOW: Duration = Duration::from_secs(300);
const STEPS_LOG2: u32 = 4;
const STEPS: usize = 1 << STEPS_LOG2;
/// Larger values count as this one: 19 hours in microseconds.
const VALUE_MAX: u64 = (1 << 36) - 1;
const BUCKETS: usize = bucket(VALUE_MAX) + 1;

/// Where `value` is counted: by its highest bits.
const fn bucket(value: u64) -> usize {
    let value = if value > VALUE_MAX { VALUE_MAX } else { value };
    let dropped = (value | 1).ilog2().saturating_sub(STEPS_LOG2);
    dropped as usize * STEPS + (value >> dropped) as usize
}

/// The middle of the values that are counted there.
fn middle(bucket: usize) -> f64 {
    let dropped = (bucket / STEPS).saturating_sub(1);
    let lowest = (bucket - dropped * STEPS) << dropped;
    lowest as f64 + ((1_u64 << dropped) - 1) as f64 / 2.0
}

/// A histogram. An empty one costs no memory beside itself; a used one up to 4 KiB.
#[derive(Clone, Debug, Default)]
pub(crate) struct Histogram {
    count: u64,
    /// When the newer of `recent` was begun.
    begun: Instant,
    /// By bucket, empty until a value comes: the newer window, and the one before it.
    recent: [Vec<u32>; 2],
}

impl Histogram {
    /// So many values of which nothing is told but that they were 0.
    pub(crate) fn of_zeros(count: u64) -> Self {
        Self { count, ..Self::default() }
    }

    /// Counts a value.
    pub(crate) fn record(&mut self, now: Instant, value: u64) {
        self.forget_old(now);
        self.count += 1;
        let newer = &mut self.recent[0];
        if newer.is_empty() {
            newer.resize(BUCKETS, 0);
        }
        newer[bucket(value)] += 1;
    }

    /// Drops what is too old at `now`. Who reads calls this before.
    pub(crate) fn forget_old(&mut self, now: Instant) {
        let age = now - self.begun;
        if age < WINDOW {
            return;
        }
        self.begun = now;
        self.recent.swap(0, 1);
        self.recent[0].fill(0);
        if age >= 2 * WINDOW {
            self.recent[1].fill(0);
        }
    }

    /// Adds what another one counted.
    pub(crate) fn absorb(&mut self, other: &Self) {
        self.count += other.count;
        for (mine, theirs) in self.recent.iter_mut().zip(&other.recent) {
            mine.resize(mine.len().max(theirs.len()), 0);
            for (mine, theirs) in mine.iter_mut().zip(theirs) {
                *mine += theirs;
            }
        }
    }

    /// Values ever counted.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// Buckets that recent values fell into, in order, and how many each.
    fn recent(&self) -> impl Iterator<Item = (usize, u64)> {
        let [newer, older] = &self.recent;
        let seen = move |bucket: usize| {
            let of = |window: &Vec<u32>| u64::from(window.get(bucket).copied().unwrap_or(0));
            of(newer) + of(older)
        };
        (0..BUCKETS).map(move |bucket| (bucket, seen(bucket))).filter(|(_, count)| *count > 0)
    }

    /// The values that `quantiles`, which rise, of the recent ones do not exceed; zeros if there are none.
    pub(crate) fn quantiles<const N: usize>(&self, quantiles: [f64; N]) -> [f64; N] {
        let total: u64 = self.recent().map(|(_, count)| count).sum();
        let mut values = [0.0; N];
        let (mut next, mut below) = (0, 0);
        for (bucket, count) in self.recent() {
            below += count;
            while next < N && below as f64 >= quantiles[next] * total as f64 {
                values[next] = middle(bucket);
                next += 1;
            }
        }
        values
    }

    /// The mean of the recent values, 0 if there are none.
    pub(crate) fn mean(&self) -> f64 {
        let (sum, total) = self.recent().fold((0.0, 0), |(sum, total), (bucket, count)| {
            (sum + middle(bucket) * count as f64, total + count)
        });
        if total == 0 { 0.0 } else { sum / total as f64 }
    }

    /// The largest of the recent values, 0 if there are none.
    pub(crate) fn max(&self) -> f64 {
        self.recent().last().map_or(0.0, |(bucket, _)| middle(bucket))
    }
}

/// A histogram that tasks of several lanes may fill, each now and then: of times in microseconds, or of counts.
#[derive(Debug, Default)]
pub(crate) struct Timer(Mutex<Histogram>);

impl Timer {
    fn histogram(&self) -> MutexGuard<'_, Histogram> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something took so long.
    pub(crate) fn record(&self, now: Instant, took: Duration) {
        self.histogram().record(now, micros(took));
    }

    /// There were so many of something.
    pub(crate) fn record_count(&self, now: Instant, count: usize) {
        self.histogram().record(now, count as u64);
    }

    /// What was recorded.
    pub(crate) fn at(&self, now: Instant) -> Histogram {
        let mut histogram = self.histogram();
        histogram.forget_old(now);
        histogram.clone()
    }
}

/// Whole microseconds.
pub(crate) fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUANTILES: [f64; 6] = [0.5, 0.75, 0.95, 0.98, 0.99, 0.999];

    fn at(seconds: u64) -> Instant {
        Instant::from_nanos(seconds * 1_000_000_000)
    }

    /// Values that are spread over many powers of two, the same at each call.
    fn values() -> Vec<u64> {
        let mut state = 1_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state >> 33
        };
        (0..20_000).map(|_| next() >> (next() % 31)).collect()
    }

    fn close(found: f64, exact: f64) {
        assert!((found - exact).abs() <= exact / 32.0, "{found} instead of {exact}");
    }

    #[test]
    fn quantiles_are_close_to_the_exact_ones() {
        let mut values = values();
        let mut histograms = [Histogram::default(), Histogram::default()];
        for (place, value) in values.iter().enumerate() {
            histograms[place % 2].record(at(1), *value);
        }
        let [mut whole, half] = histograms;
        whole.absorb(&half);
        values.sort_unstable();
        let exact = |quantile: f64| values[(quantile * values.len() as f64).ceil() as usize - 1] as f64;
        for (quantile, found) in QUANTILES.into_iter().zip(whole.quantiles(QUANTILES)) {
            close(found, exact(quantile));
        }
        close(whole.max(), exact(1.0));
        close(whole.mean(), values.iter().sum::<u64>() as f64 / values.len() as f64);
        assert_eq!(whole.count(), 20_000);
    }

    #[test]
    fn small_values_are_exact_and_huge_ones_count_as_the_largest() {
        for value in 0..32 {
            assert_eq!(middle(bucket(value)), value as f64);
        }
        assert_eq!(bucket(u64::MAX), BUCKETS - 1);
        close(middle(BUCKETS - 1), VALUE_MAX as f64);
    }

    #[test]
    fn what_is_old_counts_but_is_in_no_quantile() {
        let mut histogram = Histogram::default();
        histogram.record(at(1000), 7);
        histogram.record(at(1400), 3);
        assert_eq!(histogram.quantiles([0.5, 1.0]), [3.0, 7.0]);
        histogram.forget_old(at(1800));
        assert_eq!(histogram.quantiles([0.5, 1.0]), [3.0, 3.0]);
        histogram.forget_old(at(2600));
        assert_eq!((histogram.quantiles([0.5]), histogram.mean(), histogram.max()), ([0.0], 0.0, 0.0));
        assert_eq!(histogram.count(), 2);
    }
}
