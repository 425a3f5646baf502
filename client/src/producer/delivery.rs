//! The end of a batch, as all its records' futures see it. Not here: when it comes.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};

use klamm_client_core::{Delivered, TopicPartition};

use crate::error::Error;
use crate::record::RecordMetadata;

/// What is called at a record's end.
pub(super) type Callback = Box<dyn FnOnce(Result<RecordMetadata, Error>) + Send>;

/// What the accumulator keeps with a batch.
#[derive(Default)]
pub(super) struct Tag {
    pub(super) end: Arc<BatchEnd>,
    /// Place in the batch, timestamp, and what to call.
    pub(super) callbacks: Vec<(i32, i64, Callback)>,
}

/// The end of one batch.
#[derive(Debug, Default)]
pub(super) struct BatchEnd(Mutex<State>);

#[derive(Debug)]
enum State {
    Open(Vec<Waker>),
    Ended(Result<Delivered, Error>),
}

impl Default for State {
    fn default() -> Self {
        State::Open(Vec::new())
    }
}

impl BatchEnd {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("nothing panics while it holds this lock")
    }

    /// Tells everybody, once.
    pub(super) fn set(&self, result: Result<Delivered, Error>) {
        let before = std::mem::replace(&mut *self.state(), State::Ended(result));
        if let State::Open(wakers) = before {
            wakers.into_iter().for_each(Waker::wake);
        }
    }
}

/// A record's place, from the batch's outcome.
pub(super) fn metadata(
    partition: &TopicPartition,
    delivered: Delivered,
    index: i32,
    timestamp: i64,
) -> RecordMetadata {
    RecordMetadata {
        partition: partition.clone(),
        offset: delivered.base_offset.map(|base| base.saturating_add(i64::from(index))),
        timestamp: delivered.log_append_time.unwrap_or(timestamp),
    }
}

/// A record on its way: resolves when it is acknowledged or given up. Dropping it changes nothing.
#[derive(Debug)]
#[must_use = "nothing else tells whether the record arrived"]
pub struct Delivery {
    pub(super) end: Arc<BatchEnd>,
    pub(super) partition: TopicPartition,
    pub(super) index: i32,
    pub(super) timestamp: i64,
    /// Where this future's waker is among the batch's.
    pub(super) waker: Option<usize>,
}

impl Delivery {
    /// The partition that was chosen.
    pub fn partition(&self) -> &TopicPartition {
        &self.partition
    }
}

impl Future for Delivery {
    type Output = Result<RecordMetadata, Error>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        match &mut *this.end.state() {
            State::Ended(Ok(delivered)) => {
                Poll::Ready(Ok(metadata(&this.partition, *delivered, this.index, this.timestamp)))
            }
            State::Ended(Err(error)) => Poll::Ready(Err(error.clone())),
            State::Open(wakers) => {
                match this.waker.and_then(|place| wakers.get_mut(place)) {
                    Some(waker) => waker.clone_from(cx.waker()),
                    None => {
                        this.waker = Some(wakers.len());
                        wakers.push(cx.waker().clone());
                    }
                }
                Poll::Pending
            }
        }
    }
}
