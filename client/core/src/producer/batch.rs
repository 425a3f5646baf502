//! A batch on its way from the first record to its end. Not here: where it waits.

use std::fmt;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use klamm_protocol::ErrorCode;
use klamm_records::{BatchBuilder, ProducerState, Stamp};

use crate::{Moment, RequestError, TopicPartition};

/// A batch that takes records. `T` is what the caller keeps with it.
#[derive(Debug)]
pub struct Batch<T> {
    /// Where to.
    pub partition: TopicPartition,
    /// In the order of creation, over all partitions.
    pub number: u64,
    /// What the caller keeps with it.
    pub tag: T,
    pub(super) builder: BatchBuilder,
    pub(super) created: Moment,
    /// Bytes of `buffer.memory` that it has.
    pub(super) reserved: usize,
    /// Whether it takes no more records.
    pub(super) full: bool,
}

impl<T> Batch<T> {
    /// Writes header and CRC, compressing the records.
    pub(super) fn seal(mut self, producer: ProducerState) -> Sealed<T> {
        self.builder.set_producer(producer);
        let record_count = self.builder.record_count();
        Sealed {
            number: self.number,
            tag: Some(self.tag),
            bytes: self.builder.build().freeze(),
            producer,
            record_count,
            created: self.created,
            reserved: self.reserved,
            attempts: 0,
            adrift: false,
            ordinal: 0,
        }
    }
}

/// A batch as it goes over the wire.
#[derive(Debug)]
pub(super) struct Sealed<T> {
    pub(super) number: u64,
    /// `None` once the caller has been told what became of it.
    pub(super) tag: Option<T>,
    pub(super) bytes: Bytes,
    pub(super) producer: ProducerState,
    pub(super) record_count: i32,
    pub(super) created: Moment,
    pub(super) reserved: usize,
    pub(super) attempts: u32,
    /// An attempt under these sequences has no answer: it may still be on its way to the broker.
    pub(super) adrift: bool,
    /// Place among the partition's batches that have sequences.
    pub(super) ordinal: u64,
}

impl<T> Sealed<T> {
    /// Gives the batch another producer, epoch or sequence.
    pub(super) fn renumber(&mut self, producer: ProducerState) {
        self.producer = producer;
        self.adrift = false;
        let mut bytes = BytesMut::from(&self.bytes[..]);
        Stamp { producer: Some(producer), ..Stamp::default() }.apply(&mut bytes);
        self.bytes = bytes.freeze();
    }
}

/// What became of a batch that was acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// Offset of its first record; `None` with acks=0, and for a duplicate that the broker knows no more of.
    pub base_offset: Option<i64>,
    /// The time of the append, if the topic's timestamps are that (milliseconds since 1970).
    pub log_append_time: Option<i64>,
}

/// Why a batch was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliveryError {
    /// The broker refused it.
    Refused {
        /// The code.
        code: ErrorCode,
        /// What it said.
        message: Option<String>,
    },
    /// There was no answer that could be read, once too often.
    Request(RequestError),
    /// `delivery.timeout.ms` has passed.
    Expired(Duration),
    /// The producer was closed before.
    Closed,
}

impl fmt::Display for DeliveryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DeliveryError::Refused { code, message: Some(message) } => write!(f, "{code}: {message}"),
            DeliveryError::Refused { code, message: None } => write!(f, "{code}"),
            DeliveryError::Request(error) => error.fmt(f),
            DeliveryError::Expired(after) => {
                write!(f, "not acknowledged within delivery.timeout.ms = {}", after.as_millis())
            }
            DeliveryError::Closed => f.write_str("the producer was closed before it was acknowledged"),
        }
    }
}

impl std::error::Error for DeliveryError {}
