//! What goes in and what comes out: records and where they are. Not here: serialisation of keys and values.

use std::sync::Arc;

use bytes::Bytes;
pub use klamm_client_core::TopicPartition;
pub use klamm_records::{Header, TimestampType};

/// A record to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ProducerRecord {
    /// Where to.
    pub topic: Arc<str>,
    /// The partition; `None` lets the partitioner choose.
    pub partition: Option<i32>,
    /// Milliseconds since 1970; `None` takes the wall clock.
    pub timestamp: Option<i64>,
    /// The key; records with equal keys go to the same partition.
    pub key: Option<Bytes>,
    /// The value; `None` is a tombstone in a compacted topic.
    pub value: Option<Bytes>,
    /// Headers, in order.
    pub headers: Vec<Header>,
}

impl ProducerRecord {
    /// A record of this topic with nothing in it.
    pub fn to(topic: impl Into<Arc<str>>) -> Self {
        ProducerRecord { topic: topic.into(), ..ProducerRecord::default() }
    }

    /// The same with a key.
    #[must_use]
    pub fn key(self, key: impl Into<Bytes>) -> Self {
        ProducerRecord { key: Some(key.into()), ..self }
    }

    /// The same with a value.
    #[must_use]
    pub fn value(self, value: impl Into<Bytes>) -> Self {
        ProducerRecord { value: Some(value.into()), ..self }
    }

    /// The same for this partition.
    #[must_use]
    pub fn partition(self, partition: i32) -> Self {
        ProducerRecord { partition: Some(partition), ..self }
    }

    /// The same with a time, in milliseconds since 1970.
    #[must_use]
    pub fn timestamp(self, timestamp: i64) -> Self {
        ProducerRecord { timestamp: Some(timestamp), ..self }
    }

    /// The same with one more header.
    #[must_use]
    pub fn header(mut self, key: impl Into<Bytes>, value: impl Into<Bytes>) -> Self {
        self.headers.push(Header { key: key.into(), value: Some(value.into()) });
        self
    }
}

/// Where a record went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordMetadata {
    /// Topic and partition.
    pub partition: TopicPartition,
    /// Its offset; `None` with acks=0, and for a duplicate whose first offset the broker has forgotten.
    pub offset: Option<i64>,
    /// Milliseconds since 1970: the record's, or the broker's with LogAppendTime.
    pub timestamp: i64,
}

/// A record that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumerRecord {
    /// Topic.
    pub topic: Arc<str>,
    /// Partition.
    pub partition: i32,
    /// Position in the partition.
    pub offset: i64,
    /// Milliseconds since 1970.
    pub timestamp: i64,
    /// Who gave the timestamp.
    pub timestamp_type: TimestampType,
    /// The leader's epoch when the record was appended.
    pub leader_epoch: Option<i32>,
    /// The key.
    pub key: Option<Bytes>,
    /// The value.
    pub value: Option<Bytes>,
    /// Headers, in order.
    pub headers: Vec<Header>,
}

/// What one poll returned: partition after partition, in each by offset.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ConsumerRecords(pub(crate) Vec<ConsumerRecord>);

impl ConsumerRecords {
    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether time ran out before there was one.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them by reference.
    pub fn iter(&self) -> std::slice::Iter<'_, ConsumerRecord> {
        self.0.iter()
    }
}

impl IntoIterator for ConsumerRecords {
    type Item = ConsumerRecord;
    type IntoIter = std::vec::IntoIter<ConsumerRecord>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a ConsumerRecords {
    type Item = &'a ConsumerRecord;
    type IntoIter = std::slice::Iter<'a, ConsumerRecord>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// An offset found by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OffsetAndTimestamp {
    /// The first offset whose record is not older than the time asked for.
    pub offset: i64,
    /// That record's timestamp.
    pub timestamp: i64,
    /// Its leader epoch.
    pub leader_epoch: Option<i32>,
}
