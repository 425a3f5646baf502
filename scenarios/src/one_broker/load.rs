//! How long the load lasts, and how often the power went while there was some. Not here: the load.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How much later than planned the load may end.
const PUT_OFF_MAX: Duration = Duration::from_secs(30);
const PUT_OFF_ONCE: Duration = Duration::from_secs(5);

/// When the load is over, as time since the world began: everybody who works under it looks at the same one.
#[derive(Clone)]
pub(super) struct LoadEnd {
    nanos: Arc<AtomicU64>,
    planned: Duration,
}

impl LoadEnd {
    pub(super) fn new(planned: Duration) -> Self {
        let nanos = Arc::new(AtomicU64::new(0));
        let end = Self { nanos, planned };
        end.set(planned);
        end
    }

    fn set(&self, at: Duration) {
        self.nanos.store(u64::try_from(at.as_nanos()).expect("centuries fit"), Ordering::Relaxed);
    }

    pub(super) fn at(&self) -> Duration {
        Duration::from_nanos(self.nanos.load(Ordering::Relaxed))
    }

    /// Lets the load go on for a while, if it has not done so for long; it must not be over yet.
    pub(super) fn put_off(&self) {
        if self.at() < self.planned + PUT_OFF_MAX {
            self.set(self.at() + PUT_OFF_ONCE);
        }
    }
}

/// Losses of power between which sends were acknowledged.
#[derive(Debug, Default)]
pub(super) struct LossesUnderLoad {
    count: Cell<u32>,
    acknowledged: Cell<u64>,
}

impl LossesUnderLoad {
    /// Notes a loss of power when so many sends had been acknowledged in all; whether it was one under load.
    pub(super) fn note(&self, acknowledged: u64) -> bool {
        let under_load = acknowledged > self.acknowledged.replace(acknowledged);
        self.count.set(self.count.get() + u32::from(under_load));
        under_load
    }

    pub(super) fn count(&self) -> u32 {
        self.count.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_acknowledged_since_the_last_loss_makes_it_one_under_load() {
        let losses = LossesUnderLoad::default();
        let noted = [0, 5, 5, 6].map(|acknowledged| losses.note(acknowledged));
        assert_eq!((noted, losses.count()), ([false, true, false, true], 2));
    }

    #[test]
    fn a_load_goes_on_for_so_long_and_no_longer() {
        let end = LoadEnd::new(Duration::from_secs(60));
        let seen_elsewhere = end.clone();
        (0..100).for_each(|_| end.put_off());
        assert_eq!(seen_elsewhere.at(), Duration::from_secs(90));
    }
}
