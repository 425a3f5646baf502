//! The answer to an operation: there already, or coming. Not here: cancelling; a dropped answer changes nothing.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::sync::oneshot;

/// A future that is either complete or waits for an engine. Dropping it cancels nothing.
#[derive(Debug)]
#[must_use = "nothing tells whether the operation succeeded unless its answer is awaited"]
pub enum Done<T> {
    /// The answer is here; `None` once it was taken.
    Ready(Option<io::Result<T>>),
    /// The engine will send it.
    Wait(oneshot::Receiver<io::Result<T>>),
}

impl<T> Done<T> {
    /// An operation that ended before the call returned.
    pub fn ready(result: io::Result<T>) -> Self {
        Self::Ready(Some(result))
    }

    /// An operation under way, and the door through which its answer comes.
    pub fn wait() -> (oneshot::Sender<io::Result<T>>, Self) {
        let (sender, receiver) = oneshot::channel();
        (sender, Self::Wait(receiver))
    }
}

impl<T> Unpin for Done<T> {}

impl<T> Future for Done<T> {
    type Output = io::Result<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        match &mut *self {
            Done::Ready(result) => Poll::Ready(result.take().expect("an answer is awaited once")),
            Done::Wait(receiver) => {
                let answer = ready!(Pin::new(receiver).poll(cx));
                Poll::Ready(
                    answer.unwrap_or_else(|_| Err(io::Error::other("the engine stopped before it answered"))),
                )
            }
        }
    }
}
