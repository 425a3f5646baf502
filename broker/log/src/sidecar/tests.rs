//! The groups of a few batches, written, read and broken in every way. Not here: files.

use klamm_records::{BATCH_HEADER_LEN, BatchBuilder, Compression, Compressor, RecordBatch};

use super::*;
use crate::name::Uuid;

const HERE: Identity = Identity { topic_id: Uuid([7; 16]), partition: 3, segment_base: 100 };

/// A batch of records of `len` bytes.
fn batch(base_offset: i64, records: usize, len: usize, leader_epoch: i32) -> Bytes {
    let mut builder = BatchBuilder::new(Compressor::new(Compression::None));
    for record in 0..records {
        let timestamp = 1_000 + base_offset + record as i64;
        builder.append(timestamp, None, Some(&vec![b'v'; len]), std::iter::empty()).expect("small");
    }
    let mut bytes = builder.build();
    bytes[..8].copy_from_slice(&base_offset.to_be_bytes());
    bytes[12..16].copy_from_slice(&leader_epoch.to_be_bytes());
    bytes.freeze()
}

fn header(batch: &Bytes) -> BatchHeader {
    BatchHeader::read(batch.first_chunk::<BATCH_HEADER_LEN>().expect("whole"))
}

/// A log of these batches, and its sidecar.
fn log(batches: &[Bytes]) -> (Bytes, Sidecar) {
    let (mut bytes, mut sidecar) = (BytesMut::new(), Sidecar::new(HERE));
    for batch in batches {
        sidecar.note(&header(batch), bytes.len() as u64, 0, None);
        bytes.put_slice(batch);
    }
    (bytes.freeze(), sidecar)
}

fn small() -> (Bytes, Sidecar) {
    log(&[batch(100, 2, 10, 1), batch(102, 1, 900, 1), batch(103, 3, 2_000, 1), batch(106, 1, 20, 2)])
}

fn is_sound(sidecar: &Sidecar, log: &Bytes) -> bool {
    let of = |group: &Group| log.slice(group.position as usize..(group.end() as usize).min(log.len()));
    sidecar.groups().iter().all(|group| group.damage_in(sidecar.identity, &of(group)).is_none())
}

#[test]
fn small_batches_of_one_epoch_share_a_group() {
    let (log, sidecar) = small();
    let offsets: Vec<_> =
        sidecar.groups().iter().map(|group| (group.base_offset, group.last_offset)).collect();
    assert_eq!(offsets, [(100, 102), (103, 105), (106, 106)]);
    assert_eq!(sidecar.covered_to(), log.len() as u64);
    assert!(is_sound(&sidecar, &log));
    let first = sidecar.groups()[0];
    assert_eq!((first.first_last_offset, first.largest_offset, first.max_timestamp), (101, 102, 1_102));
    assert_eq!(
        [99, 102, 103, 106, 107].map(|offset| sidecar.at_or_behind(offset)),
        [Some(0), Some(0), Some(1), Some(2), None]
    );
}

#[test]
fn what_is_written_is_read() {
    let (_, mut sidecar) = small();
    let (at, bytes) = sidecar.take_unwritten(103).expect("nothing is written yet");
    assert_eq!((at, bytes.len() as u64), (0, sidecar.file_len()));
    assert!(sidecar.take_unwritten(103).is_none());
    let read = Sidecar::decode(HERE, &bytes);
    assert_eq!((read.flushed_offset, read.damaged), (103, 0));
    assert_eq!(read.sidecar.groups(), sidecar.groups());
}

#[test]
fn a_group_that_grew_is_written_again_in_its_place() {
    let (_, mut sidecar) = log(&[batch(100, 1, 5_000, 1), batch(101, 1, 10, 1)]);
    sidecar.take_unwritten(0);
    sidecar.note(&header(&batch(102, 1, 10, 1)), sidecar.covered_to(), 101, None);
    let (at, bytes) = sidecar.take_unwritten(101).expect("it grew");
    assert_eq!((at, bytes.len()), (SLOT_LEN as u64, SLOT_LEN));
    sidecar.note(&header(&batch(103, 1, 10, 1)), sidecar.covered_to(), 102, None);
    let (at, bytes) = sidecar.take_unwritten(102).expect("one is new, since a barrier covers the one before");
    assert_eq!((at, bytes.len()), (2 * SLOT_LEN as u64, SLOT_LEN));
}

#[test]
fn a_cut_forgets_what_reaches_beyond() {
    let (_, mut sidecar) = small();
    sidecar.take_unwritten(0);
    let second = sidecar.groups()[1];
    sidecar.cut(second.end() - 1);
    assert_eq!(sidecar.covered_to(), u64::from(second.position));
    sidecar.note(&header(&batch(103, 1, 10, 4)), sidecar.covered_to(), 0, None);
    assert_eq!(sidecar.take_unwritten(0).expect("one is new").0, SLOT_LEN as u64);
}

#[test]
fn every_flipped_bit_of_the_log_is_found() {
    let (log, sidecar) = small();
    for bit in 0..8 * log.len() {
        let mut broken = log.to_vec();
        broken[bit / 8] ^= 1 << (bit % 8);
        assert!(!is_sound(&sidecar, &broken.into()), "bit {bit}");
    }
}

#[test]
fn every_flipped_bit_of_a_slot_is_found_and_harms_no_other() {
    let (_, mut sidecar) = small();
    let (_, bytes) = sidecar.take_unwritten(0).expect("nothing is written yet");
    for bit in 0..8 * bytes.len() {
        let mut broken = bytes.to_vec();
        broken[bit / 8] ^= 1 << (bit % 8);
        let read = Sidecar::decode(HERE, &broken);
        let slot = bit / 8 / SLOT_LEN;
        let mut left = sidecar.groups().to_vec();
        left.remove(slot);
        assert_eq!(read.sidecar.groups(), left, "bit {bit}");
        assert_eq!(read.damaged, usize::from(slot < 2), "the last one may be torn");
    }
}

#[test]
fn bytes_and_slots_of_another_place_are_not_sound() {
    let (log_here, mut sidecar) = small();
    let elsewhere = [
        Identity { topic_id: Uuid([8; 16]), ..HERE },
        Identity { partition: 4, ..HERE },
        Identity { segment_base: 0, ..HERE },
    ];
    let (_, bytes) = sidecar.take_unwritten(0).expect("nothing is written yet");
    for other in elsewhere {
        assert!(Sidecar::decode(other, &bytes).sidecar.groups().is_empty());
        let moved = Sidecar { identity: other, groups: sidecar.groups.clone(), ..Sidecar::new(other) };
        assert!(!is_sound(&moved, &log_here));
    }
    let mut swapped = bytes.to_vec();
    let (first, second) = swapped.split_at_mut(SLOT_LEN);
    first.swap_with_slice(&mut second[..SLOT_LEN]);
    let read = Sidecar::decode(HERE, &swapped);
    assert_eq!((read.sidecar.groups().len(), read.damaged), (1, 2));
}

#[test]
fn a_batch_that_took_the_place_of_another_is_found() {
    let (_, sidecar) = log(&[batch(100, 1, 5_000, 1), batch(101, 1, 5_000, 1)]);
    let swapped = [batch(101, 1, 5_000, 1), batch(100, 1, 5_000, 1)].concat();
    assert!(!is_sound(&sidecar, &swapped.into()));
    let record = RecordBatch::parse(batch(100, 1, 5_000, 1)).expect("whole");
    assert!(record.check_crc().is_ok(), "each is sound by itself");
}
