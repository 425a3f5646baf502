//! Consumer of assigned partitions. Not here: groups.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use klamm_env::{Env, Lane};

use crate::admin::PartitionDescription;
use crate::config::ConsumerConfig;
use crate::error::Error;
use crate::record::{ConsumerRecords, OffsetAndTimestamp, TopicPartition};

/// Reads records.
#[derive(Debug)]
pub struct Consumer {}

impl Consumer {
    /// On lane 0 of `env`. Connects when it is first asked something.
    pub fn new(env: &Env, config: ConsumerConfig) -> Consumer {
        Consumer::on_lane(env, Lane(0), config)
    }

    /// On a lane of one's choice.
    pub fn on_lane(_env: &Env, _lane: Lane, _config: ConsumerConfig) -> Consumer {
        Consumer {}
    }

    /// Reads these partitions from now on; those that stay keep their positions.
    pub fn assign(&mut self, _partitions: impl IntoIterator<Item = TopicPartition>) -> Result<(), Error> {
        Err(Error::closed())
    }

    /// The partitions it reads.
    pub fn assignment(&self) -> BTreeSet<TopicPartition> {
        BTreeSet::new()
    }

    /// Goes on at this offset.
    pub fn seek(&mut self, _partition: &TopicPartition, _offset: i64) -> Result<(), Error> {
        Err(Error::closed())
    }

    /// Goes on at the first record there is; of all partitions if none is named.
    pub fn seek_to_beginning(&mut self, _partitions: &[TopicPartition]) -> Result<(), Error> {
        Err(Error::closed())
    }

    /// Goes on behind the last record; of all partitions if none is named.
    pub fn seek_to_end(&mut self, _partitions: &[TopicPartition]) -> Result<(), Error> {
        Err(Error::closed())
    }

    /// Stops reading these until they are resumed.
    pub fn pause(&mut self, _partitions: &[TopicPartition]) -> Result<(), Error> {
        Err(Error::closed())
    }

    /// Reads these again.
    pub fn resume(&mut self, _partitions: &[TopicPartition]) -> Result<(), Error> {
        Err(Error::closed())
    }

    /// Those that are paused.
    pub fn paused(&self) -> BTreeSet<TopicPartition> {
        BTreeSet::new()
    }

    /// The offset of the record that comes next.
    pub async fn position(&mut self, _partition: &TopicPartition) -> Result<i64, Error> {
        Err(Error::closed())
    }

    /// How far the position is behind the end, as of the last answer; `None` before there was one.
    pub fn current_lag(&self, _partition: &TopicPartition) -> Option<i64> {
        None
    }

    /// Records, up to `max.poll.records`; none if time runs out first.
    pub async fn poll(&mut self, _timeout: Duration) -> Result<ConsumerRecords, Error> {
        Err(Error::closed())
    }

    /// For each partition the first offset not older than a time (milliseconds since 1970).
    pub async fn offsets_for_times(
        &self,
        _times: BTreeMap<TopicPartition, i64>,
    ) -> Result<BTreeMap<TopicPartition, Option<OffsetAndTimestamp>>, Error> {
        Err(Error::closed())
    }

    /// First offsets.
    pub async fn beginning_offsets(
        &self,
        _partitions: &[TopicPartition],
    ) -> Result<BTreeMap<TopicPartition, i64>, Error> {
        Err(Error::closed())
    }

    /// Ends: high watermarks, or last stable offsets with `read_committed`.
    pub async fn end_offsets(
        &self,
        _partitions: &[TopicPartition],
    ) -> Result<BTreeMap<TopicPartition, i64>, Error> {
        Err(Error::closed())
    }

    /// Partitions of a topic.
    pub async fn partitions_for(&self, _topic: &str) -> Result<Vec<PartitionDescription>, Error> {
        Err(Error::closed())
    }

    /// Closes the connections.
    pub fn close(self) {}
}
