//! How lanes speak to each other: work that travels to a lane and is begun there in the order it was sent.
//!
//! Not here: what a lane owns ([`crate::lane`]).

use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;

use klamm_env::{Env, Lane};
use tokio::sync::{mpsc, oneshot};

use crate::lane::LaneState;

type Work = Box<dyn FnOnce(&Rc<LaneState>) + Send>;

/// The doors to all lanes of a node. What waits behind them is bounded: by the memory for requests, which batches take
/// with them, and by the connections, of which each begins one request after the other and takes back what it no longer
/// waits for.
#[derive(Clone)]
pub(crate) struct Lanes(std::sync::Arc<[mpsc::UnboundedSender<Work>]>);

/// The receiving end of one lane's door.
pub(crate) struct Mailbox(mpsc::UnboundedReceiver<Work>);

impl Lanes {
    /// Doors for `count` lanes, and what is to be served behind each.
    pub(crate) fn new(count: u16) -> (Self, Vec<Mailbox>) {
        let (senders, receivers): (Vec<_>, Vec<_>) = (0..count).map(|_| mpsc::unbounded_channel()).unzip();
        (Self(senders.into()), receivers.into_iter().map(Mailbox).collect())
    }

    /// All lanes.
    pub(crate) fn all(&self) -> impl Iterator<Item = Lane> + use<> {
        (0..self.count()).map(Lane)
    }

    /// How many there are.
    pub(crate) fn count(&self) -> u16 {
        u16::try_from(self.0.len()).expect("lanes are counted in 16 bits")
    }

    /// Sends work to a lane. A lane that is gone takes the node with it, so nothing is lost that could be kept.
    pub(crate) fn send(&self, lane: Lane, work: impl FnOnce(&Rc<LaneState>) + Send + 'static) {
        let _ = self.0[usize::from(lane.0)].send(Box::new(work));
    }

    /// Sends work to a lane and waits for what it answers. Once that wait is dropped, the work ends at its next wait, as
    /// it would on the lane of who asked.
    pub(crate) fn ask<T, F, W>(&self, lane: Lane, work: W) -> impl Future<Output = T> + use<T, F, W>
    where
        W: FnOnce(Rc<LaneState>) -> F + Send + 'static,
        T: Send + 'static,
        F: Future<Output = T> + 'static,
    {
        let (mut answer, asked) = oneshot::channel();
        self.send(lane, move |state| {
            let future = work(Rc::clone(state));
            state.env.spawn_local("lane-work", async move {
                let value = tokio::select! {
                    biased;
                    value = future => value,
                    () = answer.closed() => return,
                };
                let _ = answer.send(value);
            });
        });
        async move {
            match asked.await {
                Ok(value) => value,
                // The node is going down: whoever waits is dropped with it.
                Err(_) => std::future::pending().await,
            }
        }
    }
}

impl Mailbox {
    /// Serves the mailbox of `state`'s lane for as long as the node lives.
    pub(crate) async fn serve(mut self, state: Rc<LaneState>) {
        const BURST: usize = 64;
        let mut burst = Vec::with_capacity(BURST);
        while self.0.recv_many(&mut burst, BURST).await > 0 {
            for work in burst.drain(..) {
                work(&state);
            }
        }
    }
}

/// A task of this lane that is begun when there is something to do and ends when nothing is left: an idle owner costs
/// no task.
#[derive(Default)]
pub(crate) struct WorkWhileAny(RefCell<bool>);

impl WorkWhileAny {
    /// Begins `work` as a task unless it runs already. The task must look for more to do before it ends.
    pub(crate) fn start<F: Future<Output = ()> + 'static>(
        self: &Rc<Self>,
        env: &Env,
        name: &'static str,
        work: impl FnOnce() -> F,
    ) {
        if self.0.replace(true) {
            return;
        }
        let running = Rc::clone(self);
        let work = work();
        env.spawn_local(name, async move {
            work.await;
            running.0.replace(false);
        });
    }
}
