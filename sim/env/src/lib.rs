//! The seam between Klamm and the world: time, network, disks, randomness, tasks and lanes.
//!
//! ```text
//!   broker · client · log · tools          written once
//!   ───────────── Env (this crate) ─────────────
//!   klamm-env-tokio      klamm-sim         engines
//!   (kernel, threads)    (seed, virtual time)
//! ```
//!
//! [`Env`] is a cheaply cloned value: one `Arc<dyn Engine>` per node. No signature in the product carries
//! an engine as a type parameter.
//!
//! **Invariants**
//! 1. Traits of the seam have neither default methods nor methods that only a test would call.
//! 2. Dropping a future of the seam ([`Done`], a timer, a poll) never cancels what the engine has begun: a
//!    write that was handed over happens or fails as a whole decision of the engine.
//! 3. Buffers are owned: an engine may keep them until the operation ends, whoever stops waiting.
//! 4. Tasks and streams belong to the [`Lane`] that made them and never leave it; files and lanes' messages may.
//!
//! **Not here**: any engine, any policy (retries, timeouts of requests), anything that knows Kafka.

mod clock;
mod disk;
mod done;
mod net;
mod spawn;

use std::fmt;
use std::future::Future;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

pub use clock::{Clock, Elapsed, Instant, Sleep, Timer, WallMillis};
pub use disk::{Disk, Entry, File, FileLock, FileSet, IoVec, Kind, Open, Space, Stat};
pub use done::Done;
pub use net::{Buffers, Incoming, ListenOptions, Listener, Net, Stream};
pub use rand_chacha::{ChaCha12Rng, rand_core};
pub use spawn::{Job, Lane, LocalTask, Spawn, TaskId};

/// Randomness, one independent stream per purpose.
pub trait Rng {
    /// A generator for `purpose`. One more draw from it shifts nothing in any other; asking twice for the
    /// same purpose gives two streams that differ.
    fn stream(&self, purpose: &'static str) -> ChaCha12Rng;
}

/// Everything a node can do to the world outside it.
pub trait Engine: Clock + Net + Disk + Rng + Spawn + Send + Sync + 'static {}

impl<T: Clock + Net + Disk + Rng + Spawn + Send + Sync + 'static> Engine for T {}

/// One node's world, as a value.
#[derive(Clone)]
pub struct Env(Arc<dyn Engine>);

impl Env {
    /// Wraps the engine of one node.
    pub fn new(engine: Arc<dyn Engine>) -> Self {
        Self(engine)
    }

    /// Waits for `duration` on this node's clock.
    pub fn sleep(&self, duration: Duration) -> Sleep {
        self.sleep_until(self.now() + duration)
    }

    /// Waits until `deadline` on this node's clock; ready at once if it has passed.
    pub fn sleep_until(&self, deadline: Instant) -> Sleep {
        Sleep::new(self.timer(), deadline)
    }

    /// Drives `future` until it ends or `duration` has passed on this node's clock.
    ///
    /// # Errors
    /// [`Elapsed`] when time ran out first; `future` is dropped then.
    pub async fn timeout<F: Future>(&self, duration: Duration, future: F) -> Result<F::Output, Elapsed> {
        let mut sleep = self.sleep(duration);
        let mut future = std::pin::pin!(future);
        std::future::poll_fn(move |cx| {
            if let std::task::Poll::Ready(output) = future.as_mut().poll(cx) {
                return std::task::Poll::Ready(Ok(output));
            }
            std::pin::Pin::new(&mut sleep).poll(cx).map(|()| Err(Elapsed))
        })
        .await
    }

    /// Starts a task on `lane`: `job` travels there and makes the future where it will live.
    pub fn spawn_on<J, F>(&self, lane: Lane, name: &'static str, job: J) -> TaskId
    where
        J: FnOnce() -> F + Send + 'static,
        F: Future<Output = ()> + 'static,
    {
        self.spawn(lane, name, Box::new(move || Box::pin(job())))
    }

    /// Starts a task on the lane of the caller.
    pub fn spawn_local(&self, name: &'static str, future: impl Future<Output = ()> + 'static) -> TaskId {
        self.spawn_here(name, Box::pin(future))
    }
}

impl Deref for Env {
    type Target = dyn Engine;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl fmt::Debug for Env {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Env")
    }
}
