//! How a client's calls get into the history: with the world's time. Not here: the calls.

use std::time::Duration;

use klamm_env::{Env, Instant};

use crate::history::{Fact, History};

/// A client's way into the history. Cheap to clone, and at home on any thread.
#[derive(Clone)]
pub(super) struct Tap {
    /// The client's node.
    pub(super) env: Env,
    history: History,
    started: Instant,
    base: Duration,
}

impl Tap {
    /// Of a node that starts `base` after the world began.
    pub(super) fn new(env: Env, history: History, base: Duration) -> Self {
        let started = env.now();
        Self { env, history, started, base }
    }

    /// Time since the world began.
    pub(super) fn now(&self) -> Duration {
        self.base + (self.env.now() - self.started)
    }

    /// Notes what happened.
    pub(super) fn record(&self, fact: Fact) {
        self.history.record(self.now(), fact);
    }
}
