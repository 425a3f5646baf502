//! The way from a handle to its lane: jobs, made where they run. Not here: what they do.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use klamm_env::{Env, Lane};
use tokio::sync::{mpsc, oneshot};

use crate::error::Error;

/// What a handle has done on its lane, with the state that lives there.
type Job<S> = Box<dyn FnOnce(Rc<S>) -> Pin<Box<dyn Future<Output = ()>>> + Send>;

/// A handle's end. Clones serve the same state; when all are gone, `ended` is called on the lane.
pub(crate) struct Worker<S> {
    jobs: mpsc::UnboundedSender<Job<S>>,
}

/// A call that is under way, whether or not it is awaited; dropping it cancels nothing.
#[derive(Debug)]
#[must_use = "nothing tells whether the call succeeded unless it is awaited"]
pub struct Call<T> {
    answer: oneshot::Receiver<Result<T, Error>>,
}

impl<T> Future for Call<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let answer = ready!(Pin::new(&mut self.answer).poll(cx));
        Poll::Ready(answer.unwrap_or_else(|_| Err(Error::closed())))
    }
}

impl<S: 'static> Worker<S> {
    /// Makes the state on `lane`, and starts the task there that takes jobs.
    pub(crate) fn start<E: Future<Output = ()>>(
        env: &Env,
        lane: Lane,
        name: &'static str,
        make: impl FnOnce(&Env) -> Rc<S> + Send + 'static,
        ended: impl FnOnce(Rc<S>) -> E + Send + 'static,
    ) -> Worker<S> {
        let (jobs, mut receiver) = mpsc::unbounded_channel::<Job<S>>();
        let there = env.clone();
        env.spawn_on(lane, name, move || async move {
            let state = make(&there);
            while let Some(job) = receiver.recv().await {
                there.spawn_local(name, job(state.clone()));
            }
            ended(state).await;
        });
        Worker { jobs }
    }

    /// Runs `job` on the lane; if that is gone, there is nothing to be done.
    pub(crate) fn tell(&self, job: impl FnOnce(Rc<S>) + Send + 'static) {
        let run: Job<S> = Box::new(move |state| Box::pin(async move { job(state) }));
        // Whoever calls next is told that the client is closed.
        let _ = self.jobs.send(run);
    }

    /// Runs `job` on the lane, beginning now.
    pub(crate) fn call<T, F>(&self, job: impl FnOnce(Rc<S>) -> F + Send + 'static) -> Call<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Error>> + 'static,
    {
        let (sender, answer) = oneshot::channel();
        let run: Job<S> = Box::new(move |state| {
            Box::pin(async move {
                // Whoever asked may have stopped waiting.
                let _ = sender.send(job(state).await);
            })
        });
        // A lane that is gone drops the job, and its sender with it.
        let _ = self.jobs.send(run);
        Call { answer }
    }
}

impl<S> Clone for Worker<S> {
    fn clone(&self) -> Self {
        Worker { jobs: self.jobs.clone() }
    }
}

impl<S> fmt::Debug for Worker<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Worker")
    }
}
