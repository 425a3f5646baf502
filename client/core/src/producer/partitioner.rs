//! Which partition a record goes to: by its key as Java's clients do it, staying with one for a batch (KIP-794), or each in
//! turn. Not here: how much waits for each partition (`accumulator`).

use std::num::NonZeroU32;
use std::time::Duration;

const SEED: u32 = 0x9747_b28c;
const MULTIPLIER: u32 = 0x5bd1_e995;

/// How partitions are chosen for records whose application does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partitioning {
    /// `partitioner.class`: each record goes to the next partition, whatever its key.
    pub round_robin: bool,
    /// `partitioner.ignore.keys`.
    pub ignore_keys: bool,
    /// `partitioner.adaptive.partitioning.enable`: records without a key go where less waits.
    pub adaptive: bool,
    /// `partitioner.availability.timeout.ms`: a partition whose batches could not be sent for so long gets no records
    /// without a key; zero is never. Without `adaptive` it means nothing.
    pub availability_timeout: Duration,
}

impl Default for Partitioning {
    fn default() -> Self {
        Partitioning {
            round_robin: false,
            ignore_keys: false,
            adaptive: true,
            availability_timeout: Duration::ZERO,
        }
    }
}

/// The partition of a key among so many.
pub fn partition_for_key(key: &[u8], partitions: NonZeroU32) -> i32 {
    let positive = murmur2(key) & 0x7fff_ffff;
    i32::try_from(positive % partitions).expect("less than 2^31")
}

/// MurmurHash2, 32 bits, with Kafka's seed.
fn murmur2(bytes: &[u8]) -> u32 {
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    let (words, tail) = bytes.as_chunks::<4>();
    let mut hash = words.iter().fold(SEED ^ length, |hash, word| {
        let mut mixed = u32::from_le_bytes(*word).wrapping_mul(MULTIPLIER);
        mixed ^= mixed >> 24;
        hash.wrapping_mul(MULTIPLIER) ^ mixed.wrapping_mul(MULTIPLIER)
    });
    if !tail.is_empty() {
        let joined = tail.iter().rev().fold(0, |joined, byte| joined << 8 | u32::from(*byte));
        hash = (hash ^ joined).wrapping_mul(MULTIPLIER);
    }
    hash = (hash ^ hash >> 13).wrapping_mul(MULTIPLIER);
    hash ^ hash >> 15
}

/// Records without a key stay with one partition until it has had a batch's worth of bytes, then go to another.
#[derive(Debug)]
pub(super) struct Sticky {
    current: i32,
    bytes: usize,
}

impl Sticky {
    pub(super) fn new() -> Self {
        Sticky { current: -1, bytes: 0 }
    }

    /// The partition of the next record without a key. When it is time for another one, `weights` says how much each
    /// is to be preferred.
    pub(super) fn choose(
        &mut self,
        partitions: NonZeroU32,
        batch_size: usize,
        random: &mut u64,
        weights: impl FnOnce() -> Vec<u64>,
    ) -> i32 {
        let count = i32::try_from(partitions.get()).unwrap_or(i32::MAX);
        if self.current < 0 || self.current >= count || self.bytes >= batch_size {
            self.bytes = 0;
            self.current = other_than(self.current, weights(), next_random(random));
        }
        self.current
    }

    /// Counts what was appended to a partition that [`Sticky::choose`] gave.
    pub(super) fn appended(&mut self, bytes: usize) {
        self.bytes += bytes;
    }
}

/// One of the partitions by their weights, another than `before` if there is another; any if none has a weight.
fn other_than(before: i32, mut weights: Vec<u64>, random: u64) -> i32 {
    if weights.iter().all(|weight| *weight == 0) {
        weights.fill(1);
    }
    let total: u64 = weights.iter().sum();
    let own = usize::try_from(before).ok().and_then(|before| weights.get_mut(before));
    let total = match own {
        Some(own) if *own < total => total - std::mem::take(own),
        _ => total,
    };
    let mut rest = random % total;
    for (number, weight) in (0..).zip(weights) {
        if rest < weight {
            return number;
        }
        rest -= weight;
    }
    unreachable!("the rest is below the sum of all weights")
}

/// SplitMix64: enough to spread partitions, and its state is one number.
fn next_random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ *state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(key: &[u8], hash: i32) {
        assert_eq!(murmur2(key).cast_signed(), hash, "{key:?}");
    }

    #[test]
    fn murmur2_is_that_of_the_java_clients() {
        check(b"21", -973_932_308);
        check(b"foobar", -790_332_482);
        check(b"a-little-bit-long-string", -985_981_536);
        check(b"a-little-bit-longer-string", -1_486_304_829);
        check(b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971);
        check(b"abc", 479_470_107);
    }

    #[test]
    fn records_without_a_key_stay_for_a_batch_and_then_leave() {
        let (mut sticky, mut random) = (Sticky::new(), 7);
        let partitions = NonZeroU32::new(3).expect("not zero");
        let mut seen = Vec::new();
        for _ in 0..60 {
            seen.push(sticky.choose(partitions, 100, &mut random, || vec![1; 3]));
            sticky.appended(50);
        }
        assert!(seen.chunks(2).all(|pair| pair[0] == pair[1]));
        assert!(seen.chunks(2).zip(seen.chunks(2).skip(1)).all(|(one, next)| one[0] != next[0]));
        assert!((0..3).all(|partition| seen.contains(&partition)));
    }

    #[test]
    fn one_partition_is_always_the_one() {
        let (mut sticky, mut random) = (Sticky::new(), 7);
        for _ in 0..9 {
            assert_eq!(sticky.choose(NonZeroU32::MIN, 1, &mut random, || vec![1]), 0);
            sticky.appended(50);
        }
    }

    #[test]
    fn partitions_are_drawn_by_weight() {
        let drawn = |before: i32, weights: &[u64]| {
            let mut random = 7;
            let mut counts = vec![0; weights.len()];
            for _ in 0..3_000 {
                let number = other_than(before, weights.to_vec(), next_random(&mut random));
                counts[usize::try_from(number).expect("a partition")] += 1;
            }
            counts
        };
        let [often, seldom, never] = drawn(-1, &[3, 1, 0])[..] else { unreachable!("three partitions") };
        assert!((2_100..2_400).contains(&often) && seldom > 600 && never == 0, "{often} {seldom} {never}");
        assert_eq!(drawn(0, &[9, 1, 0]), [0, 3_000, 0]);
        assert_eq!(drawn(0, &[9, 0]), [3_000, 0]);
        assert_eq!(drawn(0, &[0, 0]), [0, 3_000]);
    }
}
