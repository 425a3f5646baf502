//! How long a peer may keep a connection waiting that holds something for it. Not here: what is done when it is over.

use std::future::{Future, poll_fn};
use std::io;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use klamm_env::{Env, Instant};

/// Time that is used up by waiting for a peer and comes back with the bytes it moves. One that moves less than
/// `bytes_for_all` in the time of `all` comes to its end, however it spreads them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    all: Duration,
    left: Duration,
    bytes_for_all: usize,
    /// Since when the peer is waited for.
    since: Option<Instant>,
}

impl Patience {
    /// Waits as long as `all`; so many bytes bring all of it back.
    pub(crate) fn new(all: Duration, bytes_for_all: usize) -> Self {
        Self { all, left: all, bytes_for_all, since: None }
    }

    /// The peer is waited for, now if it was not before; gives how long at most.
    fn deadline(&mut self, now: Instant) -> Instant {
        *self.since.get_or_insert(now) + self.left
    }

    /// It is not waited for any longer, for reasons of our own.
    pub(crate) fn pause(&mut self, now: Instant) {
        if let Some(since) = self.since.take() {
            self.left = self.left.saturating_sub(now - since);
        }
    }

    /// The peer moved so many bytes.
    fn moved(&mut self, now: Instant, bytes: usize) {
        self.pause(now);
        let share = bytes.min(self.bytes_for_all) as f64 / self.bytes_for_all as f64;
        self.left = self.all.min(self.left + self.all.mul_f64(share));
    }

    /// Waits until `moving` has moved bytes to or from the peer.
    ///
    /// # Errors
    /// Those of `moving`; [`io::ErrorKind::TimedOut`] when the patience is at its end.
    pub(crate) async fn wait_for(
        &mut self,
        env: &Env,
        moving: impl Future<Output = io::Result<usize>>,
    ) -> io::Result<usize> {
        tokio::pin!(moving);
        let mut timer = None;
        let moved = poll_fn(|cx| {
            if let Poll::Ready(moved) = moving.as_mut().poll(cx) {
                return Poll::Ready(moved);
            }
            let timer = timer.get_or_insert_with(|| env.sleep_until(self.deadline(env.now())));
            Pin::new(timer).poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
        })
        .await?;
        if self.since.is_some() {
            self.moved(env.now(), moved);
        }
        Ok(moved)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Waits of so many seconds, each for so many bytes, and the seconds that are left after them.
    fn check(waits: &[(u64, usize)], expected: u64) {
        let mut patience = Patience::new(Duration::from_secs(30), 300);
        let mut now = Instant::from_nanos(5);
        for (seconds, bytes) in waits {
            patience.deadline(now);
            now = now + Duration::from_secs(*seconds);
            patience.moved(now, *bytes);
        }
        assert_eq!(patience.deadline(now) - now, Duration::from_secs(expected), "{waits:?}");
    }

    #[test]
    fn bytes_bring_time_back_and_a_trickle_does_not() {
        check(&[], 30);
        check(&[(10, 0)], 20);
        check(&[(10, 50)], 25);
        check(&[(10, 1000)], 30);
        check(&[(29, 10), (1, 10), (1, 0)], 1);
        check(&[(29, 1_000_000), (29, 1_000_000)], 30);
    }

    #[test]
    fn time_that_the_peer_is_not_waited_for_does_not_count() {
        let mut patience = Patience::new(Duration::from_secs(30), 300);
        let at = |seconds| Instant::from_nanos(0) + Duration::from_secs(seconds);
        patience.deadline(at(0));
        patience.pause(at(10));
        patience.pause(at(1000));
        assert_eq!(patience.deadline(at(1000)), at(1020));
    }
}
