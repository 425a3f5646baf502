//! Producer. Not here: transactions.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use klamm_env::{Env, Lane};

use crate::admin::PartitionDescription;
use crate::config::ProducerConfig;
use crate::error::Error;
use crate::record::{ProducerRecord, RecordMetadata};

/// Sends records. Clones share batches and connections.
#[derive(Clone, Debug)]
pub struct Producer {}

impl Producer {
    /// On lane 0 of `env`. Connects when the first record is sent.
    pub fn new(env: &Env, config: ProducerConfig) -> Producer {
        Producer::on_lane(env, Lane(0), config)
    }

    /// On a lane of one's choice.
    pub fn on_lane(_env: &Env, _lane: Lane, _config: ProducerConfig) -> Producer {
        Producer {}
    }

    /// Puts a record into its batch, and returns what resolves when the batch is acknowledged. Waits, up to
    /// `max.block.ms`, for the topic's metadata and for room in `buffer.memory`.
    pub async fn send(&self, _record: ProducerRecord) -> Result<Delivery, Error> {
        Err(Error::closed())
    }

    /// The same, with a callback that runs on the producer's lane.
    pub async fn send_with(
        &self,
        _record: ProducerRecord,
        _callback: impl FnOnce(Result<RecordMetadata, Error>) + Send + 'static,
    ) -> Result<(), Error> {
        Err(Error::closed())
    }

    /// The same without waiting: fails with a retriable error where `send` would wait.
    pub fn try_send(&self, _record: ProducerRecord) -> Result<Delivery, Error> {
        Err(Error::closed())
    }

    /// Sends what has been buffered so far without lingering, and waits until all of it has succeeded or failed.
    pub async fn flush(&self) -> Result<(), Error> {
        Err(Error::closed())
    }

    /// Partitions of a topic.
    pub async fn partitions_for(&self, _topic: &str) -> Result<Vec<PartitionDescription>, Error> {
        Err(Error::closed())
    }

    /// Flushes, for as long as `timeout` allows; fails what is left, and closes the connections.
    pub async fn close(&self, _timeout: Duration) -> Result<(), Error> {
        Err(Error::closed())
    }
}

/// A record on its way: resolves when it is acknowledged or given up. Dropping it changes nothing.
#[derive(Debug)]
pub struct Delivery {}

impl Future for Delivery {
    type Output = Result<RecordMetadata, Error>;

    fn poll(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(Err(Error::closed()))
    }
}
