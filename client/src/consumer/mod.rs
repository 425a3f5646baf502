//! Consumer of assigned partitions. Not here: groups.

mod fetching;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use klamm_client_core::{
    Backoff, Currency, Drain, FetchError, Fetcher, FetcherConfig, Moment, RequestError, ResetTo,
};
use klamm_env::{Env, Lane};
use klamm_protocol::ErrorCode;
use tokio::sync::Notify;

use crate::admin::{Each, OffsetSpec, PartitionDescription};
use crate::config::{ConsumerConfig, IsolationLevel, OffsetReset};
use crate::error::Error;
use crate::link::{Call, Worker};
use crate::record::{ConsumerRecord, ConsumerRecords, OffsetAndTimestamp, TopicPartition};
use fetching::Fetching;

/// What the handle, on any thread, and the lane have in common: positions and what was fetched.
struct Shared {
    fetcher: Mutex<Fetcher>,
    /// There may be something new to fetch.
    wake: Notify,
    /// There may be something new to read.
    news: Notify,
}

impl Shared {
    fn fetcher(&self) -> MutexGuard<'_, Fetcher> {
        self.fetcher.lock().expect("nothing panics while it holds this lock")
    }
}

/// Reads the partitions it is told to. Connections close when it is dropped.
///
/// What is fetched ahead is decoded on the caller's thread, as it is polled; keys and values are slices of the answer
/// (or of the decompressed batch) that they came in.
pub struct Consumer {
    env: Env,
    config: Arc<ConsumerConfig>,
    shared: Arc<Shared>,
    worker: Worker<Fetching>,
    /// What is being read.
    open: Option<Drain>,
}

impl std::fmt::Debug for Consumer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Consumer").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Consumer {
    /// On lane 0 of `env`. Connects when partitions are assigned.
    pub fn new(env: &Env, config: ConsumerConfig) -> Consumer {
        Consumer::on_lane(env, Lane(0), config)
    }

    /// On a lane of one's choice.
    pub fn on_lane(env: &Env, lane: Lane, config: ConsumerConfig) -> Consumer {
        let fetcher = Fetcher::new(fetcher_config(&config));
        let shared =
            Arc::new(Shared { fetcher: Mutex::new(fetcher), wake: Notify::new(), news: Notify::new() });
        let config = Arc::new(config);
        let (theirs, settings) = (shared.clone(), config.clone());
        let make = move |env: &Env| Fetching::start(env, &settings, theirs);
        let ended = |fetching: Rc<Fetching>| async move { fetching.stop() };
        let worker = Worker::start(env, lane, "consumer", make, ended);
        Consumer { env: env.clone(), config, shared, worker, open: None }
    }

    /// Reads exactly these partitions from now on; those that stay keep their positions and pauses.
    ///
    /// # Errors
    /// A topic without a name or a negative partition; nothing has changed then.
    pub fn assign(&mut self, partitions: impl IntoIterator<Item = TopicPartition>) -> Result<(), Error> {
        let partitions: Vec<TopicPartition> = partitions.into_iter().collect();
        let sound = |partition: &TopicPartition| !partition.topic.is_empty() && partition.partition >= 0;
        if let Some(partition) = partitions.iter().find(|partition| !sound(partition)) {
            return Err(Error::invalid(format!("there can be no partition '{partition}'")));
        }
        self.keep_open();
        self.shared.fetcher().assign(partitions);
        self.shared.wake.notify_one();
        Ok(())
    }

    /// The partitions it reads.
    pub fn assignment(&self) -> BTreeSet<TopicPartition> {
        self.shared.fetcher().assignment().cloned().collect()
    }

    /// Goes on at this offset.
    ///
    /// # Errors
    /// The partition is not assigned, or the offset is negative.
    pub fn seek(&mut self, partition: &TopicPartition, offset: i64) -> Result<(), Error> {
        if offset < 0 {
            return Err(Error::invalid(format!("offset {offset} is negative")));
        }
        self.change(std::slice::from_ref(partition), |fetcher, partition| fetcher.seek(partition, offset))
    }

    /// Goes on at the first record there is; in all partitions if none is named.
    ///
    /// # Errors
    /// A partition is not assigned.
    pub fn seek_to_beginning(&mut self, partitions: &[TopicPartition]) -> Result<(), Error> {
        self.change(partitions, |fetcher, partition| fetcher.seek_to(partition, ResetTo::Earliest))
    }

    /// Goes on behind the last record; in all partitions if none is named.
    ///
    /// # Errors
    /// A partition is not assigned.
    pub fn seek_to_end(&mut self, partitions: &[TopicPartition]) -> Result<(), Error> {
        self.change(partitions, |fetcher, partition| fetcher.seek_to(partition, ResetTo::Latest))
    }

    /// Returns no records of these until they are resumed.
    ///
    /// # Errors
    /// A partition is not assigned.
    pub fn pause(&mut self, partitions: &[TopicPartition]) -> Result<(), Error> {
        self.change(partitions, |fetcher, partition| fetcher.set_paused(partition, true))
    }

    /// Returns records of these again.
    ///
    /// # Errors
    /// A partition is not assigned.
    pub fn resume(&mut self, partitions: &[TopicPartition]) -> Result<(), Error> {
        self.change(partitions, |fetcher, partition| fetcher.set_paused(partition, false))
    }

    /// Those that are paused.
    pub fn paused(&self) -> BTreeSet<TopicPartition> {
        self.shared.fetcher().paused().cloned().collect()
    }

    /// Changes partitions, all of them if none is named.
    fn change(
        &mut self,
        partitions: &[TopicPartition],
        change: impl Fn(&mut Fetcher, &TopicPartition) -> bool,
    ) -> Result<(), Error> {
        self.keep_open();
        let mut fetcher = self.shared.fetcher();
        let all: Vec<TopicPartition> =
            if partitions.is_empty() { fetcher.assignment().cloned().collect() } else { partitions.to_vec() };
        let changed = all.iter().find(|partition| !change(&mut fetcher, partition));
        drop(fetcher);
        self.shared.wake.notify_one();
        match changed {
            Some(partition) => Err(Error::invalid(format!("{partition} is not assigned"))),
            None => Ok(()),
        }
    }

    /// Puts what is being read back to where it came from; if it counts no more, it is dropped.
    fn keep_open(&mut self) {
        if let Some(open) = self.open.take() {
            self.shared.fetcher().put_back(open);
        }
    }

    /// The offset of the record that comes next. Finds out where to begin if need be.
    ///
    /// # Errors
    /// The partition is not assigned; there is nowhere to begin, or nobody to be asked within `default.api.timeout.ms`.
    pub fn position(&self, partition: &TopicPartition) -> Call<i64> {
        let partition = partition.clone();
        self.worker.call(move |fetching| fetching.position(partition))
    }

    /// How far the position is behind the end, as of the last answer; `None` before there was one.
    pub fn current_lag(&self, partition: &TopicPartition) -> Option<i64> {
        self.shared.fetcher().lag(partition)
    }

    /// Records, up to `max.poll.records`; none if time runs out first.
    ///
    /// # Errors
    /// A partition cannot be read: it has no position, its records are damaged, or the broker refuses. The next call
    /// tries again; partitions that can be read are read meanwhile.
    pub async fn poll(&mut self, timeout: Duration) -> Result<ConsumerRecords, Error> {
        let deadline = Moment(self.env.now().as_nanos()) + timeout;
        loop {
            let records = self.read_ready()?;
            if !records.is_empty() {
                return Ok(records);
            }
            if let Some((partition, error)) = self.take_error() {
                return Err(fetch_error(&partition, error));
            }
            if deadline <= Moment(self.env.now().as_nanos()) {
                return Ok(records);
            }
            self.news(deadline).await?;
        }
    }

    fn news(&self, deadline: Moment) -> Call<()> {
        self.worker.call(move |fetching| fetching.news(deadline))
    }

    fn take_error(&self) -> Option<(TopicPartition, FetchError)> {
        let mut fetcher = self.shared.fetcher();
        let (partition, error) = fetcher.error()?;
        fetcher.clear_error(&partition);
        drop(fetcher);
        // The time to try again may have passed while nobody asked for the error.
        self.shared.wake.notify_one();
        Some((partition, error))
    }

    /// Reads what was fetched already.
    fn read_ready(&mut self) -> Result<ConsumerRecords, Error> {
        let mut records = Vec::new();
        let wanted = self.config.max_poll_records;
        while records.len() < wanted {
            let Some(mut drain) = self.next_drain() else { break };
            let topic = drain.partition.topic.clone();
            let partition = drain.partition.partition;
            let outcome = drain.read(wanted - records.len(), |record, timestamp_type, leader_epoch| {
                records.push(ConsumerRecord {
                    topic: topic.clone(),
                    partition,
                    offset: record.offset,
                    timestamp: record.timestamp,
                    timestamp_type,
                    leader_epoch,
                    key: record.key,
                    value: record.value,
                    headers: record.headers,
                });
            });
            self.shared.fetcher().advance(&drain);
            match outcome {
                Ok(_) if drain.is_done() => self.shared.wake.notify_one(),
                Ok(_) => self.open = Some(drain),
                Err(error) => {
                    let damaged = drain.partition.clone();
                    self.shared.fetcher().put_back(drain);
                    // What was read before comes first; a later poll meets the damage again.
                    if records.is_empty() {
                        return Err(Error::damaged(damaged, error.position, error.reason));
                    }
                    break;
                }
            }
        }
        Ok(ConsumerRecords(records))
    }

    /// What is to be read next: what is open, unless it counts no more.
    fn next_drain(&mut self) -> Option<Drain> {
        let mut fetcher = self.shared.fetcher();
        match self.open.take() {
            Some(open) if fetcher.is_current(&open) == Currency::Current => Some(open),
            Some(open) => {
                fetcher.put_back(open);
                fetcher.take()
            }
            None => fetcher.take(),
        }
    }

    /// For each partition the first offset not older than a time (milliseconds since 1970); `None` if there is none.
    ///
    /// # Errors
    /// One of them could not be asked for.
    pub async fn offsets_for_times(
        &self,
        times: BTreeMap<TopicPartition, i64>,
    ) -> Result<BTreeMap<TopicPartition, Option<OffsetAndTimestamp>>, Error> {
        let specs = times.into_iter().map(|(partition, time)| (partition, OffsetSpec::Timestamp(time)));
        let listed = self.list(specs.collect()).await?;
        let found = |listed: crate::ListedOffset| {
            (listed.offset >= 0).then_some(OffsetAndTimestamp {
                offset: listed.offset,
                timestamp: listed.timestamp,
                leader_epoch: (listed.leader_epoch >= 0).then_some(listed.leader_epoch),
            })
        };
        Ok(listed.into_iter().map(|(partition, listed)| (partition, found(listed))).collect())
    }

    /// First offsets.
    ///
    /// # Errors
    /// One of them could not be asked for.
    pub async fn beginning_offsets(
        &self,
        partitions: &[TopicPartition],
    ) -> Result<BTreeMap<TopicPartition, i64>, Error> {
        self.ends(partitions, OffsetSpec::Earliest).await
    }

    /// Ends: high watermarks, or last stable offsets with `read_committed`.
    ///
    /// # Errors
    /// One of them could not be asked for.
    pub async fn end_offsets(
        &self,
        partitions: &[TopicPartition],
    ) -> Result<BTreeMap<TopicPartition, i64>, Error> {
        self.ends(partitions, OffsetSpec::Latest).await
    }

    async fn ends(
        &self,
        partitions: &[TopicPartition],
        end: OffsetSpec,
    ) -> Result<BTreeMap<TopicPartition, i64>, Error> {
        let specs = partitions.iter().map(|partition| (partition.clone(), end));
        let listed = self.list(specs.collect()).await?;
        Ok(listed.into_iter().map(|(partition, listed)| (partition, listed.offset)).collect())
    }

    async fn list(
        &self,
        specs: BTreeMap<TopicPartition, OffsetSpec>,
    ) -> Result<BTreeMap<TopicPartition, crate::ListedOffset>, Error> {
        let listed = self.list_each(specs).await?;
        listed.into_iter().map(|(partition, listed)| Ok((partition, listed?))).collect()
    }

    fn list_each(
        &self,
        specs: BTreeMap<TopicPartition, OffsetSpec>,
    ) -> Call<Each<TopicPartition, crate::ListedOffset>> {
        let isolation = self.config.isolation_level;
        self.worker.call(move |fetching| fetching.list(specs, isolation))
    }

    /// Partitions of a topic.
    ///
    /// # Errors
    /// It is not there, or nobody could be asked within `default.api.timeout.ms`.
    pub fn partitions_for(&self, topic: &str) -> Call<Vec<PartitionDescription>> {
        let topic: Arc<str> = topic.into();
        self.worker.call(move |fetching| fetching.describe(topic))
    }

    /// Closes the connections.
    pub fn close(self) {}
}

fn fetcher_config(config: &ConsumerConfig) -> FetcherConfig {
    FetcherConfig {
        min_bytes: config.fetch_min_bytes,
        max_bytes: config.fetch_max_bytes,
        partition_max_bytes: config.max_partition_fetch_bytes,
        max_wait: config.fetch_max_wait,
        read_committed: config.isolation_level == IsolationLevel::ReadCommitted,
        reset: match config.auto_offset_reset {
            OffsetReset::Earliest => Some(ResetTo::Earliest),
            OffsetReset::Latest => Some(ResetTo::Latest),
            OffsetReset::ByDuration(age) => Some(ResetTo::NotOlderThan(age)),
            OffsetReset::None => None,
        },
        check_crcs: config.check_crcs,
        rack: config.client.client_rack.clone(),
        backoff: Backoff { initial: config.client.retry_backoff, max: config.client.retry_backoff_max },
    }
}

fn fetch_error(partition: &TopicPartition, error: FetchError) -> Error {
    let TopicPartition { topic, partition: number } = partition;
    match error {
        FetchError::NoPosition => Error::no_offset(topic, *number),
        FetchError::OutOfRange(offset) => Error::out_of_range(topic, *number, offset),
        FetchError::Damaged(offset) => {
            Error::damaged(partition.clone(), offset, "the broker does not have them as they were written")
        }
        FetchError::Refused(code) => Error::broker(code, Some(format!("fetch of {partition}"))),
        FetchError::Malformed(reason) => RequestError::Malformed(format!("{partition}: {reason}")).into(),
    }
}

/// What is told of a partition that is not assigned.
fn not_assigned(partition: &TopicPartition) -> Error {
    Error::broker(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION, Some(format!("{partition} is not assigned")))
}
