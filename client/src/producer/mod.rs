//! Producer. Not here: transactions.

mod delivery;
mod sending;

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use klamm_client_core::{Accumulator, AccumulatorConfig, AppendError, Moment, NewRecord, Partitioning};
use klamm_env::rand_core::Rng;
use klamm_env::{Env, Lane};
use tokio::sync::Notify;

use crate::admin::PartitionDescription;
use crate::config::{Partitioner, ProducerConfig};
use crate::error::Error;
use crate::link::{Call, Worker};
use crate::record::{ProducerRecord, RecordMetadata};
pub use delivery::Delivery;
use delivery::Tag;
use sending::Sending;

/// What handles, on any thread, and the lane have in common: batches that take records.
struct Shared {
    accumulator: Mutex<Accumulator<Tag>>,
    /// There is something new to send.
    wake: Notify,
    /// The end of a batch is known: there may be room, and a flush may have ended.
    ended: Notify,
}

impl Shared {
    fn accumulator(&self) -> MutexGuard<'_, Accumulator<Tag>> {
        self.accumulator.lock().expect("nothing panics while it holds this lock")
    }
}

/// Sends records. Clones share batches and connections; when the last is dropped, what was buffered is still sent, for
/// as long as `delivery.timeout.ms` allows.
///
/// A record is copied once, by the caller's thread, into the batch that goes over the wire.
#[derive(Clone)]
pub struct Producer {
    env: Env,
    config: Arc<ProducerConfig>,
    shared: Arc<Shared>,
    worker: Worker<Sending>,
}

impl std::fmt::Debug for Producer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Producer").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Producer {
    /// On lane 0 of `env`. Connects when the first record is sent.
    pub fn new(env: &Env, config: ProducerConfig) -> Producer {
        Producer::on_lane(env, Lane(0), config)
    }

    /// On a lane of one's choice.
    pub fn on_lane(env: &Env, lane: Lane, config: ProducerConfig) -> Producer {
        let accumulator = AccumulatorConfig {
            batch_size: config.batch_size,
            linger: config.linger,
            buffer_memory: config.buffer_memory,
            max_request_size: config.max_request_size,
            compressor: config.compressor,
            partitioning: Partitioning {
                round_robin: config.partitioner == Partitioner::RoundRobin,
                ignore_keys: config.partitioner_ignore_keys,
                adaptive: config.partitioner_adaptive,
                availability_timeout: config.partitioner_availability_timeout,
            },
        };
        let seed = env.stream("partitioner").next_u64();
        let shared = Arc::new(Shared {
            accumulator: Mutex::new(Accumulator::new(accumulator, seed)),
            wake: Notify::new(),
            ended: Notify::new(),
        });
        let config = Arc::new(config);
        let (theirs, settings) = (shared.clone(), config.clone());
        let make = move |env: &Env| Sending::start(env, &settings, theirs);
        let ended = |sending: std::rc::Rc<Sending>| async move { sending.drain().await };
        let worker = Worker::start(env, lane, "producer", make, ended);
        Producer { env: env.clone(), config, shared, worker }
    }

    /// Puts a record into its batch, and returns what resolves when the batch is acknowledged. Waits, up to
    /// `max.block.ms`, for the topic's metadata and for room in `buffer.memory`.
    ///
    /// # Errors
    /// The record is too large, or names a partition that is not there; the wait was in vain; the producer is closed.
    pub async fn send(&self, record: ProducerRecord) -> Result<Delivery, Error> {
        self.append(&record, None).await
    }

    /// The same, with a callback in place of the future; it runs on the producer's lane and must not block.
    ///
    /// # Errors
    /// As [`Producer::send`]; the callback is dropped then.
    pub async fn send_with(
        &self,
        record: ProducerRecord,
        callback: impl FnOnce(Result<RecordMetadata, Error>) + Send + 'static,
    ) -> Result<(), Error> {
        self.append(&record, Some(Box::new(callback))).await.map(drop)
    }

    /// The same as [`Producer::send`] without waiting.
    ///
    /// # Errors
    /// Also, retriable, where `send` would wait; what it would wait for is under way then.
    pub fn try_send(&self, record: &ProducerRecord) -> Result<Delivery, Error> {
        let now = Moment(self.env.now().as_nanos());
        self.try_append(now, record, &mut None).map_err(|error| {
            match &error {
                AppendError::UnknownTopic | AppendError::UnknownPartition { .. } => {
                    let topic = record.topic.clone();
                    self.worker.tell(move |sending| sending.want(topic));
                }
                AppendError::Full { .. } => self.shared.wake.notify_one(),
                _ => {}
            }
            Self::append_error(record, &error)
        })
    }

    async fn append(
        &self,
        record: &ProducerRecord,
        mut callback: Option<delivery::Callback>,
    ) -> Result<Delivery, Error> {
        let mut deadline = None;
        loop {
            let now = Moment(self.env.now().as_nanos());
            let error = match self.try_append(now, record, &mut callback) {
                Ok(delivery) => return Ok(delivery),
                Err(error) => error,
            };
            // A negative partition will never be there.
            let wanted = usize::try_from(record.partition.unwrap_or(0));
            let deadline = *deadline.get_or_insert(now + self.config.max_block);
            match (error, wanted) {
                (AppendError::Full { needed }, _) => self.room(needed, deadline).await?,
                (AppendError::UnknownTopic | AppendError::UnknownPartition { .. }, Ok(wanted)) => {
                    self.partitions(record.topic.clone(), wanted, deadline).await?;
                }
                (error, _) => return Err(Self::append_error(record, &error)),
            }
        }
    }

    fn room(&self, needed: usize, deadline: Moment) -> Call<()> {
        self.worker.call(move |sending| sending.room(needed, deadline))
    }

    fn partitions(&self, topic: Arc<str>, wanted: usize, deadline: Moment) -> Call<()> {
        self.worker.call(move |sending| sending.partitions(topic, wanted, deadline))
    }

    fn try_append(
        &self,
        now: Moment,
        record: &ProducerRecord,
        callback: &mut Option<delivery::Callback>,
    ) -> Result<Delivery, AppendError> {
        let timestamp = record.timestamp.unwrap_or_else(|| self.env.wall().0);
        let mut accumulator = self.shared.accumulator();
        let appended = accumulator.append(
            now,
            NewRecord {
                topic: &record.topic,
                partition: record.partition,
                timestamp,
                key: record.key.as_deref(),
                value: record.value.as_deref(),
                headers: &record.headers,
            },
        )?;
        if let Some(callback) = callback.take() {
            appended.tag.callbacks.push((appended.index, timestamp, callback));
        }
        let delivery = Delivery {
            end: appended.tag.end.clone(),
            partition: appended.partition.clone(),
            index: appended.index,
            timestamp,
            waker: None,
        };
        let wake = appended.wake;
        drop(accumulator);
        if wake {
            self.shared.wake.notify_one();
        }
        Ok(delivery)
    }

    fn append_error(record: &ProducerRecord, error: &AppendError) -> Error {
        match *error {
            AppendError::UnknownTopic => klamm_protocol::ErrorCode::UNKNOWN_TOPIC_OR_PARTITION.into(),
            AppendError::UnknownPartition { partitions } => {
                let (topic, partition) = (&record.topic, record.partition.unwrap_or(-1));
                match partition {
                    0.. => Error::no_partition(topic, partition, partitions as usize),
                    _ => Error::invalid(format!("there can be no partition {partition} of {topic}")),
                }
            }
            AppendError::Full { .. } => Error::full(),
            AppendError::TooLarge { size, size_max, key } => Error::too_large(size, size_max, key),
            AppendError::Closed => Error::closed(),
        }
    }

    /// Sends what has been buffered so far without lingering, and waits until all of it has succeeded or failed.
    ///
    /// # Errors
    /// The producer's node has stopped. How records fared, their own futures and callbacks tell.
    pub fn flush(&self) -> Call<()> {
        self.worker.call(|sending| sending.flush())
    }

    /// Partitions of a topic.
    ///
    /// # Errors
    /// It is not there, or nobody could be asked within `max.block.ms`.
    pub fn partitions_for(&self, topic: &str) -> Call<Vec<PartitionDescription>> {
        let topic: Arc<str> = topic.into();
        let deadline = Moment(self.env.now().as_nanos()) + self.config.max_block;
        self.worker.call(move |sending| sending.describe(topic, deadline))
    }

    /// Takes no more records, of its clones neither; flushes for as long as `timeout` allows; fails what is left, and closes the connections.
    ///
    /// # Errors
    /// Time ran out, and some records failed for it.
    pub fn close(&self, timeout: Duration) -> Call<()> {
        self.shared.accumulator().close();
        self.worker.tell(|sending| sending.release());
        self.worker.call(move |sending| sending.close(timeout))
    }
}
