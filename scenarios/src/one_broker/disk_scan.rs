//! What a broker's disk holds of each partition, decoded from its segments. Not here: indexes, the metadata log.

use std::collections::BTreeMap;

use bytes::Bytes;
use klamm_records::{BatchHeader, Batches, RecordBatch};
use klamm_sim::{NodeId, World};

use super::atlas::{Atlas, Group};
use super::broker::LOG_DIR;
use crate::history::{Fact, History, Offset, Partition, Record};
use crate::sometimes;
use crate::value::Value;

/// More than any batch of a workload takes without compression.
const BATCH_BYTES_MAX: usize = 16 << 20;

/// Notes everything that the disk holds of these partitions up to where each log is whole, but for what was harmed; tells whether one
/// of them goes on behind that.
pub(super) fn scan(
    world: &mut World,
    node: NodeId,
    history: &History,
    atlas: &Atlas,
    partitions: &[Partition],
) -> bool {
    let at = world.now();
    let mut torn = false;
    let mut found = segments(world, node);
    for partition in partitions.iter().copied() {
        let segments = found.remove(&partition).unwrap_or_default();
        // No story deletes records: a first segment that is missing is a loss.
        let from = Offset(0);
        let mut read = Read { next: from.0, records: Vec::new() };
        let mut note = |batch: &BatchHeader| {
            let accepted = Fact::BatchAccepted {
                partition,
                producer_id: batch.producer_id,
                producer_epoch: batch.producer_epoch,
                base_offset: Offset(batch.base_offset),
            };
            history.record(at, accepted);
        };
        for (base, bytes) in segments {
            // A recovery cuts the log where it is not whole, whatever lies behind: a later segment may have reached the
            // disk before the end of an earlier one.
            let holes = atlas.holes(partition, base);
            if base != read.next || !read.segment(&bytes, &holes, &mut note) {
                torn = true;
                break;
            }
        }
        let records = read.records;
        let first_epoch = records.first().map(|record| record.leader_epoch);
        let epochs_differ = records.iter().any(|record| Some(record.leader_epoch) != first_epoch);
        sometimes!("a log holds records of several leader epochs", epochs_differ);
        history.record(at, Fact::Scanned { partition, from, records });
    }
    torn
}

/// Segments of the partition that has most.
pub(super) fn segments_max(world: &mut World, node: NodeId) -> usize {
    segments(world, node).values().map(Vec::len).max().unwrap_or(0)
}

/// Segments of each partition, each with its first offset, in order.
fn segments(world: &mut World, node: NodeId) -> BTreeMap<Partition, Vec<(i64, Bytes)>> {
    let disk = world.disk(node);
    let mut found = BTreeMap::new();
    for directory in disk.list(LOG_DIR) {
        let Some(partition) = partition_of(&directory.name) else { continue };
        let path = format!("{LOG_DIR}/{}", directory.name);
        let mut segments = Vec::new();
        for file in disk.list(&path) {
            let base = file.name.strip_suffix(".log").and_then(|base| base.parse().ok());
            let bytes = disk.read(format!("{path}/{}", file.name));
            if let (Some(base), Some(bytes)) = (base, bytes) {
                segments.push((base, Bytes::from(bytes)));
            }
        }
        segments.sort_by_key(|(base, _)| *base);
        found.insert(partition, segments);
    }
    found
}

/// The partition whose directory is called `name`.
pub(super) fn partition_of(name: &str) -> Option<Partition> {
    let (topic, index) = name.strip_prefix('t')?.split_once('-')?;
    Some(Partition { topic: topic.parse().ok()?, index: index.parse().ok()? })
}

/// What was read of a partition so far.
struct Read {
    /// The offset that must follow.
    next: i64,
    records: Vec<Record>,
}

impl Read {
    /// Adds the records of a segment, but for those in its holes; false if it is whole only up to some point.
    fn segment(&mut self, bytes: &Bytes, holes: &[Group], note: &mut impl FnMut(&BatchHeader)) -> bool {
        let mut at = 0;
        for hole in holes {
            if hole.end() > bytes.len() || !self.stretch(bytes.slice(at..hole.position), note) {
                return false;
            }
            (at, self.next) = (hole.end(), hole.last_offset + 1);
        }
        self.stretch(bytes.slice(at..), note)
    }

    /// Adds the records of batches that follow one another; false if they are whole only up to some point. A batch's checksum leaves
    /// out its offset, so that one whose first bytes are missing shows by its place alone; and one that was cut off once,
    /// and came back, by a leader epoch below that of the batch before.
    fn stretch(&mut self, bytes: Bytes, note: &mut impl FnMut(&BatchHeader)) -> bool {
        let mut batches = Batches::new(bytes);
        for batch in batches.by_ref() {
            let Ok(batch) = batch else { return false };
            let epoch = batch.header().partition_leader_epoch;
            let is_at_its_place = batch.header().base_offset == self.next
                && self.records.last().is_none_or(|last| last.leader_epoch <= epoch);
            let Some(read) = read_batch(&batch).filter(|_| is_at_its_place) else { return false };
            note(batch.header());
            self.next = batch.header().next_offset();
            self.records.extend(read);
        }
        batches.rest().is_empty()
    }
}

fn read_batch(batch: &RecordBatch) -> Option<Vec<Record>> {
    batch.check_crc().ok()?;
    let leader_epoch = batch.header().partition_leader_epoch;
    let records = batch.records(BATCH_BYTES_MAX).ok()?;
    let record = |record: klamm_records::Record| Record {
        offset: Offset(record.offset),
        value: Value::decode(record.value.as_deref().unwrap_or_default()),
        leader_epoch,
    };
    records.map(|found| found.map(record).ok()).collect()
}

#[cfg(test)]
mod tests {
    use klamm_records::{BatchBuilder, Compression, Compressor};

    use super::*;

    fn batch((base_offset, leader_epoch): (i64, i32)) -> Vec<u8> {
        let builder = BatchBuilder::new(Compressor::new(Compression::None)).base_offset(base_offset);
        let mut builder = builder.partition_leader_epoch(leader_epoch);
        builder.append(0, None, Some(b"value"), std::iter::empty()).expect("it fits");
        builder.build().to_vec()
    }

    /// Offsets of the batches with their leader epochs, those that count, and whether that is all.
    fn check_epochs(batches: &[(i64, i32)], expected: &[i64], whole: bool) {
        let bytes: Vec<u8> = batches.iter().copied().flat_map(batch).collect();
        let (mut read, mut noted) = (Read { next: 7, records: Vec::new() }, Vec::new());
        let all = read.segment(&bytes.into(), &[], &mut |header| noted.push(header.base_offset));
        assert_eq!((noted.as_slice(), all), (expected, whole), "{batches:?}");
        assert_eq!(read.records.len(), expected.len());
    }

    fn check(batches: &[i64], expected: &[i64], whole: bool) {
        let batches: Vec<_> = batches.iter().map(|base_offset| (*base_offset, 0)).collect();
        check_epochs(&batches, expected, whole);
    }

    /// What had been cut off behind offset 7 was there again, since nothing of the cut had been flushed.
    #[test]
    fn a_batch_of_an_earlier_leader_ends_the_log() {
        check_epochs(&[(7, 1), (8, 2), (9, 2)], &[7, 8, 9], true);
        check_epochs(&[(7, 2), (8, 1)], &[7], false);
    }

    /// power_loss, seed 247: only the first sector of the last batch was lost, and with it the bytes of its offset.
    #[test]
    fn a_batch_that_is_not_at_its_place_ends_the_log() {
        check(&[7, 8, 9], &[7, 8, 9], true);
        check(&[7, 8, 0], &[7, 8], false);
        check(&[0], &[], false);
        check(&[], &[], true);
    }
}
