//! What waits for each partition of a topic, and what that says of where more should go. Not here: when batches leave.

use std::collections::VecDeque;

use super::batch::Batch;
use super::partitioner::{Partitioning, Sticky};
use crate::Moment;

/// Batches of one partition.
#[derive(Debug)]
pub(super) struct Queue<T> {
    pub(super) batches: VecDeque<Batch<T>>,
    has_leader: bool,
    /// Since when the first batch is due and could not be taken.
    pub(super) held_since: Option<Moment>,
}

/// Batches of one topic.
#[derive(Debug)]
pub(super) struct TopicQueues<T> {
    pub(super) partitions: Vec<Queue<T>>,
    pub(super) sticky: Sticky,
    /// The partition that the last record went to whose turn it was.
    pub(super) last_in_turn: i32,
}

impl<T> TopicQueues<T> {
    pub(super) fn new() -> Self {
        TopicQueues { partitions: Vec::new(), sticky: Sticky::new(), last_in_turn: -1 }
    }

    /// Makes it so many partitions, or more if some that are gone have batches.
    pub(super) fn resize(&mut self, count: usize) {
        let is_empty = |queue: &Queue<T>| queue.batches.is_empty();
        while self.partitions.len() > count && self.partitions.last().is_some_and(is_empty) {
            self.partitions.pop();
        }
        self.partitions.resize_with(count.max(self.partitions.len()), || Queue {
            batches: VecDeque::new(),
            has_leader: true,
            held_since: None,
        });
    }

    pub(super) fn set_leaders(&mut self, has_leader: impl Fn(usize) -> bool) {
        for (index, queue) in self.partitions.iter_mut().enumerate() {
            queue.has_leader = has_leader(index);
        }
    }

    /// The partition after the last one that has a leader, if any has.
    pub(super) fn next_in_turn(&self) -> i32 {
        let count = self.partitions.len();
        let first = usize::try_from(self.last_in_turn + 1).unwrap_or(0);
        let mut in_turn = (first..first + count).map(|index| index % count.max(1));
        let found = in_turn.clone().find(|index| self.partitions[*index].has_leader).or(in_turn.next());
        found.and_then(|index| i32::try_from(index).ok()).unwrap_or(0)
    }
}

/// How much each partition is to be preferred for records without a key: not at all without a leader, or if its batches are
/// held up; the more, the less waits there.
pub(super) fn weights<T>(queues: &[Queue<T>], now: Moment, partitioning: Partitioning) -> Vec<u64> {
    let longest = queues.iter().map(|queue| queue.batches.len()).max().unwrap_or(0);
    let timeout = partitioning.availability_timeout;
    let is_held_up = |queue: &Queue<T>| {
        let too_long = |since| since + timeout <= now;
        partitioning.adaptive && !timeout.is_zero() && queue.held_since.is_some_and(too_long)
    };
    let weight = |queue: &Queue<T>| match queue.has_leader && !is_held_up(queue) {
        false => 0,
        true if partitioning.adaptive => (longest + 1 - queue.batches.len()) as u64,
        true => 1,
    };
    queues.iter().map(weight).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use klamm_records::{Compression, Compressor};

    use super::super::{Accumulator, AccumulatorConfig, NewRecord};
    use super::*;

    const AVAILABLE: Duration = Duration::from_millis(500);

    fn accumulator(partitioning: Partitioning) -> (Accumulator<()>, Arc<str>) {
        let config = AccumulatorConfig {
            batch_size: 100,
            linger: Duration::ZERO,
            buffer_memory: 1_000_000,
            max_request_size: 1_000,
            compressor: Compressor::new(Compression::None),
            partitioning,
        };
        let (mut accumulator, topic) = (Accumulator::new(config, 7), Arc::from("t"));
        accumulator.set_partitions(&topic, 3);
        (accumulator, topic)
    }

    fn append(accumulator: &mut Accumulator<()>, millis: u64, topic: &Arc<str>, key: Option<&[u8]>) -> i32 {
        let record =
            NewRecord { topic, partition: None, timestamp: 0, key, value: Some(&[0; 90]), headers: &[] };
        accumulator.append(Moment::from_millis(millis), record).expect("there is room").partition.partition
    }

    /// Where so many records without a key go, counted by partition.
    fn check(accumulator: &mut Accumulator<()>, millis: u64, topic: &Arc<str>, expected: [bool; 3]) {
        let mut counts = [0; 3];
        for _ in 0..60 {
            counts[usize::try_from(append(accumulator, millis, topic, None)).expect("a partition")] += 1;
        }
        assert_eq!(counts.map(|count| count > 0), expected, "{counts:?}");
    }

    #[test]
    fn each_gets_its_turn_whatever_the_key() {
        let partitioning = Partitioning { round_robin: true, ..Partitioning::default() };
        let (mut accumulator, topic) = accumulator(partitioning);
        let mut next = || append(&mut accumulator, 0, &topic, Some(b"key"));
        assert_eq!([next(), next(), next(), next()], [0, 1, 2, 0]);
        accumulator.set_leaders(&topic, |partition| partition != 1);
        let mut next = || append(&mut accumulator, 0, &topic, None);
        assert_eq!([next(), next(), next()], [2, 0, 2]);
        accumulator.set_leaders(&topic, |_| false);
        assert_eq!(append(&mut accumulator, 0, &topic, None), 0);
    }

    #[test]
    fn partitions_without_a_leader_are_left_out_while_others_have_one() {
        for adaptive in [true, false] {
            let (mut accumulator, topic) = accumulator(Partitioning { adaptive, ..Partitioning::default() });
            check(&mut accumulator, 0, &topic, [true; 3]);
            accumulator.set_leaders(&topic, |partition| partition != 1);
            // Those that were under way to it have left.
            let _ = append(&mut accumulator, 0, &topic, None);
            let _ = append(&mut accumulator, 0, &topic, None);
            check(&mut accumulator, 0, &topic, [true, false, true]);
            accumulator.set_leaders(&topic, |_| false);
            check(&mut accumulator, 0, &topic, [true; 3]);
        }
    }

    #[test]
    fn where_less_waits_more_goes() {
        let (mut accumulator, topic) = accumulator(Partitioning::default());
        for _ in 0..90 {
            append(&mut accumulator, 0, &topic, None);
        }
        let queues = &accumulator.topics[&topic].partitions;
        let lengths: Vec<usize> = queues.iter().map(|queue| queue.batches.len()).collect();
        let (shortest, longest) = (lengths.iter().min(), lengths.iter().max());
        assert!(
            longest.zip(shortest).is_some_and(|(longest, shortest)| longest - shortest <= 12),
            "{lengths:?}"
        );
        let weights = weights(queues, Moment::default(), Partitioning::default());
        assert!(
            weights
                .iter()
                .zip(&lengths)
                .all(|(weight, length)| weight + *length as u64 == weights[0] + lengths[0] as u64)
        );
    }

    #[test]
    fn a_partition_that_is_held_up_is_left_out() {
        let partitioning = Partitioning { availability_timeout: AVAILABLE, ..Partitioning::default() };
        let (mut accumulator, topic) = accumulator(partitioning);
        check(&mut accumulator, 0, &topic, [true; 3]);
        let others = |partition: &crate::TopicPartition, _| partition.partition != 2;
        while !accumulator.take_ready(Moment::from_millis(10), others).is_empty() {}
        check(&mut accumulator, 20, &topic, [true; 3]);
        append(&mut accumulator, 600, &topic, None);
        check(&mut accumulator, 600, &topic, [true, true, false]);
        while !accumulator.take_ready(Moment::from_millis(700), |_, _| true).is_empty() {}
        check(&mut accumulator, 700, &topic, [true; 3]);
    }
}
