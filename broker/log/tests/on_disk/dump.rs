//! What Kafka's dump tool holds against the files of a log, in the tool's order of looking.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use klamm_records::{Batches, RecordBatch};

/// Everything that is wrong with the files in `directory`.
pub(crate) fn complaints(directory: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for base_offset in bases(directory) {
        let segment = Segment::read(directory, base_offset, &mut found);
        segment.check_index(&mut found);
        segment.check_time_index(&mut found);
    }
    found
}

/// Base offsets of the segments, rising.
pub(crate) fn bases(directory: &Path) -> Vec<i64> {
    let mut bases: Vec<i64> = names(directory)
        .iter()
        .filter_map(|name| name.strip_suffix(".log"))
        .map(|digits| digits.parse().expect("a base offset"))
        .collect();
    bases.sort_unstable();
    bases
}

/// The names in a directory, sorted.
pub(crate) fn names(directory: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory).expect("a directory");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

struct Segment {
    name: PathBuf,
    base_offset: i64,
    /// By position.
    batches: BTreeMap<u64, RecordBatch>,
    index: Vec<(i64, u64)>,
    time_index: Vec<(i64, i64)>,
}

impl Segment {
    fn read(directory: &Path, base_offset: i64, found: &mut Vec<String>) -> Self {
        let name = directory.join(format!("{base_offset:020}"));
        let read = |suffix| std::fs::read(name.with_extension(suffix)).expect("a file of the segment");
        let log = Bytes::from(read("log"));
        let size = log.len();
        let mut batches = BTreeMap::new();
        let mut walk = Batches::new(log);
        while let Some(batch) = walk.next() {
            let at = (size - walk.rest().len()) as u64;
            match batch.and_then(|batch| batch.check_crc().map(|()| batch)) {
                Ok(batch) => drop(batches.insert(at - batch.size() as u64, batch)),
                Err(error) => found.push(format!("{}: {error}", name.display())),
            }
        }
        if !walk.rest().is_empty() {
            found.push(format!("{}: {} bytes are no batch", name.display(), walk.rest().len()));
        }
        let number = |bytes: &[u8]| bytes.iter().fold(0, |number, byte| number << 8 | i64::from(*byte));
        let index = read("index");
        let index =
            index.chunks_exact(8).map(|entry| (number(&entry[..4]), number(&entry[4..]).unsigned_abs()));
        let time_index = read("timeindex");
        let time_index = time_index.chunks_exact(12).map(|entry| (number(&entry[..8]), number(&entry[8..])));
        // The tool stops where the base offset comes again: the zeros of the preallocation.
        let index =
            index.enumerate().take_while(|(slot, entry)| *slot == 0 || entry.0 != 0).map(|each| each.1);
        let time_index =
            time_index.enumerate().take_while(|(slot, entry)| *slot == 0 || entry.1 != 0).map(|each| each.1);
        Self {
            base_offset,
            batches,
            index: index.map(|(relative, at)| (base_offset + relative, at)).collect(),
            time_index: time_index.map(|(timestamp, relative)| (timestamp, base_offset + relative)).collect(),
            name,
        }
    }

    fn check_index(&self, found: &mut Vec<String>) {
        for (offset, at) in &self.index {
            match self.batches.get(at) {
                Some(batch) if batch.header().last_offset() == *offset => {}
                _ => found.push(format!("{}: index offset {offset} at {at}", self.name.display())),
            }
        }
    }

    fn check_time_index(&self, found: &mut Vec<String>) {
        let mut before = -1;
        for (timestamp, offset) in &self.time_index {
            let holder = self.batches.values().find(|batch| batch.header().last_offset() >= *offset);
            let sound = holder.is_some_and(|batch| {
                batch.header().last_offset() == *offset && batch.header().max_timestamp == *timestamp
            });
            if !sound || *timestamp <= before || *offset < self.base_offset {
                found.push(format!("{}: time {timestamp} at offset {offset}", self.name.display()));
            }
            before = *timestamp;
        }
    }
}
