//! Requests of one lane by name: how many in which version, how large, and where their time went
//! (`kafka.network:type=RequestMetrics`).
//!
//! ```text
//!   received ──▶ begun ───────▶ answered ─────────▶ taken ──▶ sent
//!      request queue │  local, remote  │ response queue │ send │
//! ```
//!
//! Request queue is the time until those before it on its connection are answered, remote the time that a Fetch waits
//! for records, and response queue the time until the answers before it are sent.
//!
//! Not here: error codes, names of metrics.

use std::collections::BTreeMap;
use std::time::Duration;

use klamm_env::Instant;
use klamm_protocol::{ApiKey, FetchRequest};

use super::histogram::{Histogram, micros};

/// What a request is called by: its API, and for a Fetch also who reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum RequestName {
    FetchConsumer,
    FetchFollower,
    Api(ApiKey),
}

impl RequestName {
    /// The name of a Fetch: a reader that is a broker gives its id, in the field of its version.
    pub(crate) fn of_fetch(request: &FetchRequest) -> Self {
        let is_follower = request.replica_id.max(request.replica_state.replica_id) >= 0;
        if is_follower { Self::FetchFollower } else { Self::FetchConsumer }
    }

    /// The name as Kafka writes it.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::FetchConsumer => "FetchConsumer",
            Self::FetchFollower => "FetchFollower",
            Self::Api(key) => key.name(),
        }
    }
}

/// What a request is, as far as it is counted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RequestKind {
    pub(crate) name: RequestName,
    /// -1 for those that do not exist, or a peer could make labels without bound.
    pub(crate) version: i16,
}

/// When a request got how far.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timeline {
    pub(crate) received: Instant,
    pub(crate) begun: Instant,
    pub(crate) answered: Instant,
    pub(crate) taken: Instant,
    pub(crate) sent: Instant,
    /// Time between begun and answered that was spent waiting for others.
    pub(crate) delayed: Duration,
}

/// Requests of one name.
#[derive(Clone, Debug, Default)]
pub(crate) struct RequestMetrics {
    pub(crate) by_version: BTreeMap<i16, u64>,
    pub(crate) bytes: Histogram,
    pub(crate) request_queue: Histogram,
    pub(crate) local: Histogram,
    pub(crate) remote: Histogram,
    pub(crate) response_queue: Histogram,
    pub(crate) response_send: Histogram,
    pub(crate) total: Histogram,
}

impl RequestMetrics {
    /// Counts a request that was answered.
    pub(crate) fn record(&mut self, version: i16, bytes: usize, it: &Timeline) {
        *self.by_version.entry(version).or_default() += 1;
        let now = it.sent;
        let delayed = micros(it.delayed);
        self.bytes.record(now, bytes as u64);
        self.request_queue.record(now, between(it.received, it.begun));
        self.local.record(now, between(it.begun, it.answered).saturating_sub(delayed));
        self.remote.record(now, delayed);
        self.response_queue.record(now, between(it.answered, it.taken));
        self.response_send.record(now, between(it.taken, it.sent));
        self.total.record(now, between(it.received, it.sent));
    }

    fn histograms(&mut self) -> [&mut Histogram; 7] {
        let Self { by_version: _, bytes, request_queue, local, remote, response_queue, response_send, total } =
            self;
        [bytes, request_queue, local, remote, response_queue, response_send, total]
    }

    /// A copy without what is too old.
    pub(crate) fn at(&mut self, now: Instant) -> Self {
        for histogram in self.histograms() {
            histogram.forget_old(now);
        }
        self.clone()
    }

    /// Adds what another lane counted.
    pub(crate) fn absorb(&mut self, mut other: Self) {
        for (version, count) in &other.by_version {
            *self.by_version.entry(*version).or_default() += count;
        }
        for (mine, theirs) in self.histograms().into_iter().zip(other.histograms()) {
            mine.absorb(theirs);
        }
    }
}

/// Microseconds from `earlier` to `later`.
fn between(earlier: Instant, later: Instant) -> u64 {
    later.as_nanos().saturating_sub(earlier.as_nanos()) / 1_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_request_make_its_total() {
        let at = |micros: u64| Instant::from_nanos(micros * 1_000);
        let it = Timeline {
            received: at(1),
            begun: at(3),
            answered: at(20),
            taken: at(24),
            sent: at(31),
            delayed: Duration::from_micros(6),
        };
        let mut metrics = RequestMetrics::default();
        metrics.record(9, 28, &it);
        let mut sum = RequestMetrics::default();
        sum.absorb(metrics.at(at(50)));
        sum.absorb(metrics);
        assert_eq!(sum.by_version, BTreeMap::from([(9, 2)]));
        let values = sum.histograms().map(|histogram| histogram.quantiles([0.5])[0]);
        assert_eq!(values, [28.0, 2.0, 11.0, 6.0, 4.0, 7.0, 30.0]);
        assert_eq!(sum.total.count(), 2);
    }
}
