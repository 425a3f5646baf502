//! The kernel's clocks and tokio's timers. Not here: calendars.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use klamm_env::{Clock, Instant, Timer, WallMillis};

use crate::engine::Engine;

/// When a node's monotonic clock began.
#[derive(Clone, Copy)]
pub(crate) struct Epoch(std::time::Instant);

impl Epoch {
    pub(crate) fn now() -> Self {
        Self(std::time::Instant::now())
    }

    fn elapsed(self) -> Instant {
        Instant::from_nanos(u64::try_from(self.0.elapsed().as_nanos()).unwrap_or(u64::MAX))
    }
}

impl Clock for Engine {
    fn now(&self) -> Instant {
        self.epoch.elapsed()
    }

    fn wall(&self) -> WallMillis {
        wall_millis(SystemTime::now())
    }

    fn timer(&self) -> Pin<Box<dyn Timer>> {
        Box::pin(KernelTimer {
            epoch: self.epoch,
            deadline: None,
            sleep: Box::pin(tokio::time::sleep(Duration::MAX)),
        })
    }
}

/// Milliseconds since 1970 of a moment, before it too.
pub(crate) fn wall_millis(time: SystemTime) -> WallMillis {
    let millis = |duration: Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    WallMillis(match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => millis(after),
        Err(before) => -millis(before.duration()),
    })
}

/// tokio's sleep counts in whole milliseconds and is never early; the deadline is kept beside it so that one
/// that has passed is seen at once.
struct KernelTimer {
    epoch: Epoch,
    deadline: Option<Instant>,
    sleep: Pin<Box<tokio::time::Sleep>>,
}

impl Timer for KernelTimer {
    fn reset(mut self: Pin<&mut Self>, deadline: Instant) {
        let moment = self.epoch.0 + Duration::from_nanos(deadline.as_nanos());
        self.deadline = Some(deadline);
        self.sleep.as_mut().reset(moment.into());
    }

    fn poll_elapsed(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.deadline.is_some_and(|deadline| deadline <= self.epoch.elapsed()) {
            return Poll::Ready(());
        }
        self.sleep.as_mut().poll(cx)
    }
}
