//! Time: a monotonic clock and a wall clock per node. Not here: calendars, time zones, deadlines' policy.

use std::fmt;
use std::future::Future;
use std::ops::{Add, Sub};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

/// A moment on one node's monotonic clock, in nanoseconds since that clock began. Means nothing elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Instant(u64);

impl Instant {
    /// The moment `nanos` after the clock began.
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// Nanoseconds since the clock began.
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// Time from `earlier` to `self`; zero when `earlier` is later.
    pub fn since(self, earlier: Instant) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Duration> for Instant {
    type Output = Instant;

    fn add(self, duration: Duration) -> Instant {
        Instant(self.0.saturating_add(u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)))
    }
}

impl Sub<Instant> for Instant {
    type Output = Duration;

    fn sub(self, earlier: Instant) -> Duration {
        self.since(earlier)
    }
}

/// Milliseconds since 1970-01-01 UTC on one node's wall clock; may jump either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct WallMillis(pub i64);

/// A node's clocks.
pub trait Clock {
    /// The monotonic clock: never goes back.
    fn now(&self) -> Instant;

    /// The wall clock.
    fn wall(&self) -> WallMillis;

    /// A timer, not set: it never elapses until it is reset.
    fn timer(&self) -> Pin<Box<dyn Timer>>;
}

/// One re-usable timer of the lane that made it.
pub trait Timer {
    /// Sets the deadline, in place of the one before.
    fn reset(self: Pin<&mut Self>, deadline: Instant);

    /// Ready once the deadline has passed, and on every poll after that.
    fn poll_elapsed(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()>;
}

/// Future of [`Env::sleep`](crate::Env::sleep).
pub struct Sleep(Pin<Box<dyn Timer>>);

impl Sleep {
    pub(crate) fn new(mut timer: Pin<Box<dyn Timer>>, deadline: Instant) -> Self {
        timer.as_mut().reset(deadline);
        Self(timer)
    }

    /// Moves the deadline.
    pub fn reset(&mut self, deadline: Instant) {
        self.0.as_mut().reset(deadline);
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.0.as_mut().poll_elapsed(cx)
    }
}

/// The time allowed ran out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elapsed;

impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the time allowed ran out")
    }
}

impl std::error::Error for Elapsed {}
