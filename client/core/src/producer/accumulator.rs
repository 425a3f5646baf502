//! Records gathered into batches by partition, under a bound in bytes. Not here: what happens to batches then.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use klamm_records::{BatchBuilder, Compressor, Header, HeaderRef};

use super::batch::Batch;
use super::partitioner::{Partitioning, partition_for_key};
use super::queue::{Queue, TopicQueues};
use crate::{Moment, TopicPartition};

/// How batches are made.
#[derive(Clone, Debug)]
pub struct AccumulatorConfig {
    /// `batch.size`: a batch takes no more records beyond this, before compression.
    pub batch_size: usize,
    /// `linger.ms`: how long a batch that is not full waits for more.
    pub linger: Duration,
    /// `buffer.memory`.
    pub buffer_memory: usize,
    /// `max.request.size`: no record may be larger, before compression.
    pub max_request_size: usize,
    /// Codec and level.
    pub compressor: Compressor,
    /// Which partitions records go to.
    pub partitioning: Partitioning,
}

/// A record to be appended.
#[derive(Clone, Copy, Debug)]
pub struct NewRecord<'a> {
    /// Topic.
    pub topic: &'a Arc<str>,
    /// Partition, if the application has chosen.
    pub partition: Option<i32>,
    /// Milliseconds since 1970.
    pub timestamp: i64,
    /// Key.
    pub key: Option<&'a [u8]>,
    /// Value.
    pub value: Option<&'a [u8]>,
    /// Headers.
    pub headers: &'a [Header],
}

/// Where a record went.
#[derive(Debug)]
pub struct Appended<'a, T> {
    /// What the caller keeps with the batch; fresh if this is its first record.
    pub tag: &'a mut T,
    /// The batch's partition.
    pub partition: &'a TopicPartition,
    /// The record's place in the batch, from 0.
    pub index: i32,
    /// Whether the sender has something new to look at: a batch began or is full.
    pub wake: bool,
}

/// Why a record was not appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AppendError {
    /// The topic's partitions are not known: see [`Accumulator::set_partitions`].
    UnknownTopic,
    /// The topic has no such partition.
    UnknownPartition {
        /// How many it has.
        partitions: u32,
    },
    /// There is no room in `buffer.memory` now.
    Full {
        /// Bytes that the record's batch takes of it: see [`Accumulator::has_room`].
        needed: usize,
    },
    /// The record can never be sent.
    TooLarge {
        /// Its size in a batch by itself, or its batch's.
        size: usize,
        /// The bound.
        size_max: usize,
        /// The property that sets it.
        key: &'static str,
    },
    /// The producer is closing.
    Closed,
}

/// Batches that are not sent yet, of all partitions.
#[derive(Debug)]
pub struct Accumulator<T> {
    config: AccumulatorConfig,
    pub(super) topics: BTreeMap<Arc<str>, TopicQueues<T>>,
    /// Partitions that have a batch.
    active: BTreeSet<TopicPartition>,
    /// Bytes reserved, by batches that are sent too.
    used: usize,
    /// Batches that nobody knows the end of, sent or not.
    incomplete: BTreeSet<u64>,
    next_number: u64,
    /// Batches below this number do not linger.
    flush_before: u64,
    /// Somebody waits for memory: nothing lingers.
    exhausted: bool,
    closed: bool,
    random: u64,
}

impl<T: Default> Accumulator<T> {
    /// An empty one; `seed` spreads records without a key.
    pub fn new(config: AccumulatorConfig, seed: u64) -> Self {
        Accumulator {
            config,
            topics: BTreeMap::new(),
            active: BTreeSet::new(),
            used: 0,
            incomplete: BTreeSet::new(),
            next_number: 0,
            flush_before: 0,
            exhausted: false,
            closed: false,
            random: seed,
        }
    }

    /// Says how many partitions a topic has. There are never fewer than before, but for a topic that was made anew;
    /// batches of partitions that are gone stay until they expire.
    pub fn set_partitions(&mut self, topic: &Arc<str>, count: usize) {
        self.topics.entry(topic.clone()).or_insert_with(TopicQueues::new).resize(count);
    }

    /// Says which partitions of a topic have a leader: others get no records without a key, as long as any has one.
    pub fn set_leaders(&mut self, topic: &Arc<str>, has_leader: impl Fn(usize) -> bool) {
        if let Some(queues) = self.topics.get_mut(topic) {
            queues.set_leaders(has_leader);
        }
    }

    /// Writes a record into the batch of its partition.
    ///
    /// # Errors
    /// See [`AppendError`].
    pub fn append(&mut self, now: Moment, record: NewRecord<'_>) -> Result<Appended<'_, T>, AppendError> {
        if self.closed {
            return Err(AppendError::Closed);
        }
        let size = self.check_size(&record)?;
        let queues = self.topics.get_mut(record.topic).ok_or(AppendError::UnknownTopic)?;
        let count = u32::try_from(queues.partitions.len()).unwrap_or(u32::MAX);
        let partitions = NonZeroU32::new(count).ok_or(AppendError::UnknownTopic)?;
        let chosen = choose(&self.config, queues, &record, partitions, now, &mut self.random);
        let number = match chosen {
            Chosen::ByApplication(number)
            | Chosen::ByKey(number)
            | Chosen::InTurn(number)
            | Chosen::Sticky(number) => number,
        };
        let index =
            usize::try_from(number).map_err(|_| AppendError::UnknownPartition { partitions: count })?;
        let queue =
            queues.partitions.get_mut(index).ok_or(AppendError::UnknownPartition { partitions: count })?;
        // What a batch by itself adds to the record is the header.
        let fits = |batch: &Batch<T>| {
            !batch.full
                && batch.builder.size() + size - klamm_records::BATCH_HEADER_LEN <= self.config.batch_size
        };
        let mut wake = false;
        if !queue.batches.back().is_some_and(fits) {
            let reserved = size.max(self.config.batch_size);
            if self.used + reserved > self.config.buffer_memory {
                self.exhausted = true;
                return Err(AppendError::Full { needed: reserved });
            }
            wake = true;
            self.used += reserved;
            match queue.batches.back_mut() {
                Some(before) => before.full = true,
                None => queue.held_since = None,
            }
            let partition = TopicPartition { topic: record.topic.clone(), partition: number };
            self.active.insert(partition.clone());
            self.incomplete.insert(self.next_number);
            queue.batches.push_back(Batch {
                partition,
                number: self.next_number,
                tag: T::default(),
                builder: BatchBuilder::with_buffer(self.config.compressor, BytesMut::with_capacity(reserved)),
                created: now,
                reserved,
                full: false,
            });
            self.next_number += 1;
        }
        match chosen {
            Chosen::Sticky(_) => queues.sticky.appended(size - klamm_records::BATCH_HEADER_LEN),
            Chosen::InTurn(number) => queues.last_in_turn = number,
            Chosen::ByApplication(_) | Chosen::ByKey(_) => {}
        }
        let batch = queue.batches.back_mut().expect("one was pushed if there was none");
        let delta = batch
            .builder
            .append(record.timestamp, record.key, record.value, header_refs(record.headers))
            .expect("a record within max.request.size fits a batch's length");
        if batch.builder.size() >= self.config.batch_size {
            wake = true;
            batch.full = true;
        }
        Ok(Appended { tag: &mut batch.tag, partition: &batch.partition, index: delta, wake })
    }

    /// Whether so many bytes are free, or never will be since nothing more is taken.
    pub fn has_room(&self, needed: usize) -> bool {
        self.closed || self.used + needed <= self.config.buffer_memory
    }

    /// Whether it takes no more records.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// The most bytes that the record takes in a batch by itself.
    fn check_size(&self, record: &NewRecord<'_>) -> Result<usize, AppendError> {
        let size = BatchBuilder::size_of_one(record.key, record.value, header_refs(record.headers));
        let bounds = [
            (size, self.config.max_request_size, "max.request.size"),
            // Its batch takes that much, and would be waited for in vain.
            (size.max(self.config.batch_size), self.config.buffer_memory, "buffer.memory"),
        ];
        match bounds.into_iter().find(|(size, size_max, _)| size > size_max) {
            Some((size, size_max, key)) => Err(AppendError::TooLarge { size, size_max, key }),
            None => Ok(size),
        }
    }

    /// Takes the first batch of each partition that is due and that `may_take` agrees to, which is told the partition
    /// and the batch's size before compression.
    pub fn take_ready(
        &mut self,
        now: Moment,
        mut may_take: impl FnMut(&TopicPartition, usize) -> bool,
    ) -> Vec<Batch<T>> {
        let mut taken = Vec::new();
        let mut emptied = Vec::new();
        for partition in &self.active {
            let queue = queue_of(&mut self.topics, partition);
            let Some(first) = queue.batches.front() else { continue };
            let due = first.full
                || self.exhausted
                || self.closed
                || first.number < self.flush_before
                || first.created + self.config.linger <= now;
            if !due {
                continue;
            }
            if may_take(partition, first.builder.size()) {
                queue.held_since = None;
                taken.extend(queue.batches.pop_front());
                if queue.batches.is_empty() {
                    emptied.push(partition.clone());
                }
            } else {
                queue.held_since.get_or_insert(now);
            }
        }
        for partition in emptied {
            self.active.remove(&partition);
        }
        taken
    }

    /// When the next batch is due by lingering, or has waited for longer than `delivery_timeout`.
    pub fn next_deadline(&self, now: Moment, delivery_timeout: Duration) -> Moment {
        let deadline = |partition: &TopicPartition| {
            let first = self.queue(partition).front()?;
            let lingering = first.created + self.config.linger;
            Some(if lingering > now { lingering } else { first.created + delivery_timeout })
        };
        self.active.iter().filter_map(deadline).min().unwrap_or(Moment::NEVER)
    }

    /// Partitions that have a batch.
    pub fn active(&self) -> impl Iterator<Item = &TopicPartition> {
        self.active.iter()
    }

    fn queue(&self, partition: &TopicPartition) -> &VecDeque<Batch<T>> {
        let index = usize::try_from(partition.partition).expect("an active partition has a queue");
        &self.topics[&partition.topic].partitions[index].batches
    }

    /// Takes the batches that are at least this old.
    pub fn take_older_than(&mut self, now: Moment, age: Duration) -> Vec<Batch<T>> {
        let mut taken = Vec::new();
        let mut emptied = Vec::new();
        for partition in &self.active {
            let queue = queue_of(&mut self.topics, partition);
            while queue.batches.front().is_some_and(|batch| batch.created + age <= now) {
                taken.extend(queue.batches.pop_front());
            }
            if queue.batches.is_empty() {
                emptied.push(partition.clone());
            }
        }
        for partition in emptied {
            self.active.remove(&partition);
        }
        taken
    }

    /// The end of a batch is known: gives its memory back.
    pub fn complete(&mut self, number: u64, reserved: usize) {
        self.incomplete.remove(&number);
        self.used -= reserved;
        self.exhausted = false;
    }

    /// Stops everything that is here from lingering; what it returns goes to [`Accumulator::is_flushed`].
    pub fn flush(&mut self) -> u64 {
        self.flush_before = self.next_number;
        // A batch that still took records would be waited for while others fill it.
        for partition in &self.active {
            if let Some(last) = queue_of(&mut self.topics, partition).batches.back_mut() {
                last.full = true;
            }
        }
        self.next_number
    }

    /// Whether the end of all batches before a flush is known.
    pub fn is_flushed(&self, flush: u64) -> bool {
        self.incomplete.first().is_none_or(|first| *first >= flush)
    }

    /// Bytes reserved at the moment.
    pub fn used(&self) -> usize {
        self.used
    }

    /// Takes no more records, and holds none back.
    pub fn close(&mut self) {
        self.closed = true;
    }
}

/// A record's partition, and who chose it.
#[derive(Clone, Copy)]
enum Chosen {
    ByApplication(i32),
    ByKey(i32),
    InTurn(i32),
    Sticky(i32),
}

fn choose<T>(
    config: &AccumulatorConfig,
    queues: &mut TopicQueues<T>,
    record: &NewRecord<'_>,
    partitions: NonZeroU32,
    now: Moment,
    random: &mut u64,
) -> Chosen {
    let partitioning = config.partitioning;
    match (record.partition, record.key) {
        (Some(partition), _) => Chosen::ByApplication(partition),
        (None, _) if partitioning.round_robin => Chosen::InTurn(queues.next_in_turn()),
        (None, Some(key)) if !partitioning.ignore_keys => Chosen::ByKey(partition_for_key(key, partitions)),
        _ => {
            let TopicQueues { partitions: all, sticky, .. } = queues;
            let weights = || super::queue::weights(all, now, partitioning);
            Chosen::Sticky(sticky.choose(partitions, config.batch_size, random, weights))
        }
    }
}

fn queue_of<'a, T>(
    topics: &'a mut BTreeMap<Arc<str>, TopicQueues<T>>,
    partition: &TopicPartition,
) -> &'a mut Queue<T> {
    let index = usize::try_from(partition.partition).expect("an active partition has a queue");
    let queues = topics.get_mut(&partition.topic).expect("an active partition has a queue");
    &mut queues.partitions[index]
}

fn header_refs(headers: &[Header]) -> impl Iterator<Item = HeaderRef<'_>> + Clone {
    headers.iter().map(|header| HeaderRef { key: &header.key, value: header.value.as_deref() })
}

#[cfg(test)]
mod tests {
    use klamm_records::Compression;

    use super::*;

    fn check(batch_size: usize, value: &[u8], expected: &Result<(), AppendError>) {
        let mut accumulator: Accumulator<()> = Accumulator::new(
            AccumulatorConfig {
                batch_size,
                linger: Duration::ZERO,
                buffer_memory: 1_000,
                max_request_size: 900,
                compressor: Compressor::new(Compression::None),
                partitioning: Partitioning::default(),
            },
            1,
        );
        let topic: Arc<str> = "t".into();
        accumulator.set_partitions(&topic, 1);
        let record = NewRecord {
            topic: &topic,
            partition: None,
            timestamp: 0,
            key: None,
            value: Some(value),
            headers: &[],
        };
        let outcome = accumulator.append(Moment::default(), record).map(drop);
        assert_eq!(&outcome, expected);
    }

    #[test]
    fn what_will_never_fit_is_refused_at_once() {
        check(500, b"fits", &Ok(()));
        let too_large = |size, size_max, key| Err(AppendError::TooLarge { size, size_max, key });
        check(1_001, b"its batch does not", &too_large(1_001, 1_000, "buffer.memory"));
        check(500, &[0; 900], &too_large(983, 900, "max.request.size"));
    }
}
