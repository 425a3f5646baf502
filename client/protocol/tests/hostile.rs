//! Bytes that somebody broke: decoding them never panics, and allocates no more than the decoder's budget.
//!
//! One test alone in its process, since the allocator counts for the whole of it.

mod names;
mod random;

use std::collections::BTreeMap;

use bytes::Bytes;
use klamm_protocol::group_records::*;
use klamm_protocol::metadata_records::*;
use klamm_protocol::raft_state::*;
use klamm_protocol::share_records::*;
use klamm_protocol::streams_state::*;
use klamm_protocol::transaction_records::*;
use klamm_protocol::*;
use peak_alloc::PeakAlloc;

use random::{Random, instance, schema};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// Broken variants of each message and version.
const VARIANTS: usize = 40;

/// Says whether the bytes were accepted.
type Decode = fn(Bytes, i16) -> bool;

fn decode<M: Message>(bytes: Bytes, version: i16) -> bool {
    M::from_bytes(bytes, version).is_ok()
}

fn decoders() -> BTreeMap<&'static str, Decode> {
    macro_rules! insert {
        ($($name:ident,)*) => { [$((stringify!($name), decode::<$name> as Decode),)*] };
    }
    let shared: [_; _] = names::shared_messages!(insert);
    let other: [_; _] = names::other_messages!(insert);
    shared.into_iter().chain(other).collect()
}

/// Breaks the bytes in one to three places.
fn break_bytes(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..1 + random.below(3) {
        if bytes.is_empty() {
            return;
        }
        let at = random.below(bytes.len());
        match random.below(6) {
            0 => bytes[at] ^= 1 << random.below(8),
            1 => bytes[at] = random.next() as u8,
            2 => bytes.truncate(at),
            3 => bytes.insert(at, random.next() as u8),
            // A huge length, in the old form and as a varint.
            4 => {
                let end = (at + 4).min(bytes.len());
                bytes[at..end].copy_from_slice(&[0x7f, 0xff, 0xff, 0xfe][..end - at]);
            }
            _ => {
                let end = (at + 5).min(bytes.len());
                bytes[at..end].copy_from_slice(&[0xff, 0xff, 0xff, 0xff, 0x07][..end - at]);
            }
        }
    }
}

#[test]
fn broken_bytes_neither_panic_nor_allocate_without_bound() {
    let decoders = decoders();
    let mut random = Random(3);
    let (mut accepted, mut refused) = (0_u32, 0_u32);
    for message in schema() {
        let versions = message.versions();
        for version in versions.first..=versions.last {
            for _ in 0..VARIANTS {
                let mut bytes = instance(&message, version, &mut random);
                break_bytes(&mut bytes, &mut random);
                let (bytes, len) = (Bytes::from(bytes.clone()), bytes.len());
                ALLOCATOR.reset_peak_usage();
                let before = ALLOCATOR.current_usage();
                let is_accepted = decoders[message.name.as_str()](bytes, version);
                let allocated = ALLOCATOR.peak_usage().saturating_sub(before);
                // The budget of arrays, and a little for strings and errors.
                let bound = (8 << 20) + 12 * len + 4096;
                assert!(allocated <= bound, "{} v{version}: {allocated} bytes from {len}", message.name);
                if is_accepted { accepted += 1 } else { refused += 1 }
            }
        }
    }
    assert!(accepted > 1000 && refused > 1000, "{accepted} were accepted and {refused} refused");
}
