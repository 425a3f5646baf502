//! Timers over a host's sleeps. Not here: how time goes on.

use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use klamm_env::{Clock, Instant, LocalTask, Timer, WallMillis};

use crate::{Engine, Host};

fn now<H: Host>() -> Instant {
    Instant::from_nanos(u64::try_from(H::elapsed().as_nanos()).unwrap_or(u64::MAX))
}

impl<H: Host> Clock for Engine<H> {
    fn now(&self) -> Instant {
        now::<H>()
    }

    fn wall(&self) -> WallMillis {
        H::wall()
    }

    fn timer(&self) -> Pin<Box<dyn Timer>> {
        Box::pin(HostTimer { deadline: None, sleep: None, host: PhantomData::<H> })
    }
}

struct HostTimer<H> {
    deadline: Option<Instant>,
    sleep: Option<LocalTask>,
    host: PhantomData<H>,
}

impl<H> Unpin for HostTimer<H> {}

impl<H: Host> Timer for HostTimer<H> {
    fn reset(mut self: Pin<&mut Self>, deadline: Instant) {
        self.deadline = Some(deadline);
        self.sleep = None;
    }

    fn poll_elapsed(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Some(deadline) = self.deadline else { return Poll::Pending };
        loop {
            let now = now::<H>();
            if deadline <= now {
                return Poll::Ready(());
            }
            let sleep = self.sleep.get_or_insert_with(|| H::sleep(deadline - now));
            ready!(sleep.as_mut().poll(cx));
            self.sleep = None;
        }
    }
}
