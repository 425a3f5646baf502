//! How fast connections may come (`max.connection.creation.rate`): one that comes too fast waits before it is let in, and
//! those behind it with it.
//!
//! A second's worth may come at once; from then on each waits until its share of a second has passed.
//!
//! Not here: how many connections there may be, who waits.

use std::time::Duration;

use klamm_env::Instant;
use klamm_metadata::ConfigsImage;

use crate::config::BrokerConfig;
use crate::unsupported_keys::key_of_listener;

/// The broker's key; a listener has one of its own besides.
const KEY: &str = "max.connection.creation.rate";
/// A rate of so many a second is none: it is the default.
const UNLIMITED: i64 = 2_147_483_647;
const SECOND: Duration = Duration::from_secs(1);

/// Connections of one listener, or of several together.
#[derive(Debug, Default)]
pub(crate) struct ConnectionRate {
    /// When all that came would have come, had each kept its distance to the one before.
    spent_until: Instant,
}

impl ConnectionRate {
    /// One more at `now`, with `rate` of them allowed a second; how long it waits.
    pub(crate) fn admit(&mut self, now: Instant, rate: i64) -> Duration {
        let Some(rate) = u32::try_from(rate).ok().filter(|_| rate < UNLIMITED) else {
            return Duration::ZERO;
        };
        // Whoever sets it to 0 could not take that back.
        let distance = SECOND / rate.max(1);
        self.spent_until = self.spent_until.max(now) + distance;
        (self.spent_until - now).saturating_sub(SECOND)
    }
}

/// The rate for all listeners together, as it is set at this moment.
pub(crate) fn of_broker(config: &BrokerConfig, image: &ConfigsImage) -> i64 {
    config.number(image, KEY)
}

/// The rate for one listener by itself.
pub(crate) fn of_listener(config: &BrokerConfig, image: &ConfigsImage, listener: &str) -> i64 {
    let set = config.extra(image, &key_of_listener(listener, KEY));
    set.and_then(|text| text.trim().parse().ok()).unwrap_or(UNLIMITED)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lets one come at each of these milliseconds, or as soon as those before it are in; how long each waits.
    fn check(rate: i64, came_ms: &[u64], expected_ms: &[u64]) {
        let mut admitted = ConnectionRate::default();
        let mut free = Instant::from_nanos(0);
        let mut waited = |came_ms: &u64| {
            let now = free.max(Instant::from_nanos(0) + Duration::from_millis(*came_ms));
            let wait = admitted.admit(now, rate);
            free = now + wait;
            u64::try_from(wait.as_millis()).expect("short")
        };
        assert_eq!(came_ms.iter().map(&mut waited).collect::<Vec<_>>(), expected_ms, "{rate} {came_ms:?}");
    }

    #[test]
    fn a_seconds_worth_comes_at_once_and_the_rest_keeps_its_distance() {
        check(4, &[0; 8], &[0, 0, 0, 0, 250, 250, 250, 250]);
        check(4, &[0, 0, 0, 0, 1000, 1000, 1000, 1000, 1000], &[0, 0, 0, 0, 0, 0, 0, 0, 250]);
        check(4, &[0, 250, 500, 750, 1000, 1250, 1500], &[0; 7]);
        check(1, &[5000, 5000, 9000], &[0, 1000, 0]);
        check(0, &[0, 0], &[0, 1000]);
        check(UNLIMITED, &[0; 100], &[0; 100]);
    }
}
