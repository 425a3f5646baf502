//! Which partition a record goes to: by its key as Java's clients do it, or staying with one for a batch (KIP-794).
//!
//! Not here: partitions' load.

use std::num::NonZeroU32;

const SEED: u32 = 0x9747_b28c;
const MULTIPLIER: u32 = 0x5bd1_e995;

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

    /// The partition of the next record without a key.
    pub(super) fn choose(&mut self, partitions: NonZeroU32, batch_size: usize, random: &mut u64) -> i32 {
        let count = i32::try_from(partitions.get()).unwrap_or(i32::MAX);
        if self.current < 0 || self.current >= count || self.bytes >= batch_size {
            self.bytes = 0;
            self.current = other_than(self.current, count, next_random(random));
        }
        self.current
    }

    /// Counts what was appended to a partition that [`Sticky::choose`] gave.
    pub(super) fn appended(&mut self, bytes: usize) {
        self.bytes += bytes;
    }
}

/// One of `count` partitions, another than `before` if there is another.
fn other_than(before: i32, count: i32, random: u64) -> i32 {
    let others = if (0..count).contains(&before) && count > 1 { count - 1 } else { count };
    let drawn = i32::try_from(random % u64::from(others.unsigned_abs())).expect("less than the count");
    if others < count && drawn >= before { drawn + 1 } else { drawn }
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
            seen.push(sticky.choose(partitions, 100, &mut random));
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
            assert_eq!(sticky.choose(NonZeroU32::MIN, 1, &mut random), 0);
            sticky.appended(50);
        }
    }
}
