//! Offset index, time index and transaction index: their entries, and what in them the log contradicts.
//! Not here: the log itself.

use std::path::Path;

use anyhow::Result;
use bytes::Buf;
use klamm_env::Env;
use klamm_records::{NO_TIMESTAMP, RecordBatch};

use super::file::{Found, SegmentFile, read_all};
use super::line::{Dump, Kind, Line};
use super::problems::Problems;
use super::{base_offset, sibling};

const OFFSET_ENTRY_LEN: usize = 8;
const TIME_ENTRY_LEN: usize = 12;

/// How an index is looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    /// Only what the broker checks when it loads the file.
    pub(super) sanity_only: bool,
    /// Every entry is held against the log, and none is printed.
    pub(super) verify_only: bool,
}

/// Entries of an offset index: absolute offset and position; zeros after the first end it.
fn offset_entries(mut bytes: &[u8], base_offset: i64) -> Vec<(i64, u32)> {
    let mut entries = Vec::new();
    while bytes.len() >= OFFSET_ENTRY_LEN {
        let (relative, position) = (bytes.get_i32(), bytes.get_u32());
        if (relative, position) == (0, 0) || (relative == 0 && !entries.is_empty()) {
            break;
        }
        entries.push((base_offset + i64::from(relative), position));
    }
    entries
}

/// Entries of a time index: time stamp and absolute offset.
fn time_entries(mut bytes: &[u8], base_offset: i64) -> Vec<(i64, i64)> {
    let mut entries = Vec::new();
    while bytes.len() >= TIME_ENTRY_LEN {
        let (timestamp, relative) = (bytes.get_i64(), bytes.get_i32());
        if relative == 0 && (timestamp == 0 || !entries.is_empty()) {
            break;
        }
        entries.push((timestamp, base_offset + i64::from(relative)));
    }
    entries
}

/// What a broker would say against an index when it loads it.
fn insanity(len: usize, entry_len: usize, offsets_rise: bool) -> Option<String> {
    if !len.is_multiple_of(entry_len) {
        Some(format!("its length of {len} bytes is not a multiple of {entry_len}"))
    } else if !offsets_rise {
        Some("its entries do not rise".to_owned())
    } else {
        None
    }
}

fn passed(path: &Path, insanity: Option<String>) -> Result<Dump> {
    match insanity {
        None => Ok(Dump::Remark(format!("{} passed sanity check.\n", path.display()))),
        Some(reason) => anyhow::bail!("{} failed its sanity check: {reason}", path.display()),
    }
}

/// Prints an offset index.
pub(super) async fn offset_index(
    env: &Env,
    path: &Path,
    look: Look,
    message_bytes_max: u64,
    problems: &mut Problems,
) -> Result<Dump> {
    let bytes = read_all(env, path).await?;
    let entries = offset_entries(&bytes, base_offset(path)?);
    if entries.is_empty() {
        return Ok(Dump::empty(path));
    }
    if look.sanity_only {
        let rise = entries.is_sorted_by(|one, next| one.0 < next.0 && one.1 < next.1);
        return passed(path, insanity(bytes.len(), OFFSET_ENTRY_LEN, rise));
    }
    let mut log = SegmentFile::open(env, &sibling(path, "log")).await?;
    let mut lines = Vec::new();
    for (offset, position) in entries {
        let position = u64::from(position);
        let end = position.saturating_add(message_bytes_max);
        let last_offset = match log.batch_at(position, end).await? {
            Found::Batch(batch) => batch.header().last_offset(),
            Found::Rest(_) => -1,
        };
        if last_offset != offset {
            problems.index_mismatch(path, offset, last_offset);
        }
        if !look.verify_only {
            lines.push(Line::new(Kind::Entry).with("offset", offset).with("position", position));
        }
    }
    Ok(Dump::Lines(lines))
}

/// Prints a time index.
pub(super) async fn time_index(env: &Env, path: &Path, look: Look, problems: &mut Problems) -> Result<Dump> {
    let base_offset = base_offset(path)?;
    let bytes = read_all(env, path).await?;
    let entries = time_entries(&bytes, base_offset);
    if entries.is_empty() {
        return Ok(Dump::empty(path));
    }
    if look.sanity_only {
        let rise = entries.is_sorted_by(|one, next| one.0 < next.0 && one.1 <= next.1);
        return passed(path, insanity(bytes.len(), TIME_ENTRY_LEN, rise));
    }
    let offsets = match read_all(env, &sibling(path, "index")).await {
        Ok(bytes) => offset_entries(&bytes, base_offset),
        Err(_) => Vec::new(),
    };
    let mut log = SegmentFile::open(env, &sibling(path, "log")).await?;
    let mut lines = Vec::new();
    let mut timestamp_before = NO_TIMESTAMP;
    for (timestamp, offset) in entries {
        let before = offsets.partition_point(|entry| entry.0 <= offset).checked_sub(1);
        let position = before.map_or(0, |slot| u64::from(offsets[slot].1));
        match batch_with(&mut log, position, offset).await? {
            Some(batch) if batch.header().base_offset <= offset => {
                let in_log = batch.header().max_timestamp;
                if in_log != timestamp {
                    problems.time_mismatch(path, timestamp, in_log);
                }
            }
            found => {
                let found = found.map_or(-1, |batch| batch.header().base_offset);
                problems.offset_not_found(path, offset, found);
            }
        }
        if timestamp_before >= timestamp {
            problems.time_out_of_order(path, timestamp, timestamp_before);
        }
        if !look.verify_only {
            lines.push(Line::new(Kind::Entry).with("timestamp", timestamp).with("offset", offset));
        }
        timestamp_before = timestamp;
    }
    Ok(Dump::Lines(lines))
}

/// The first batch at or after `position` that ends at or after `offset`.
async fn batch_with(log: &mut SegmentFile, mut position: u64, offset: i64) -> Result<Option<RecordBatch>> {
    while let Found::Batch(batch) = log.batch_at(position, u64::MAX).await? {
        if batch.header().last_offset() >= offset {
            return Ok(Some(batch));
        }
        position += batch.size() as u64;
    }
    Ok(None)
}

/// The entries of a transaction index: an aborted transaction each.
pub(super) fn transactions(mut bytes: &[u8]) -> Dump {
    const ENTRY_LEN: usize = 34;
    let mut lines = Vec::new();
    while bytes.len() >= ENTRY_LEN {
        let version = bytes.get_i16();
        let [producer_id, first, last, stable] = [(); 4].map(|()| bytes.get_i64());
        lines.push(
            Line::new(Kind::Entry)
                .with("version", version)
                .with("producerId", producer_id)
                .with("firstOffset", first)
                .with("lastOffset", last)
                .with("lastStableOffset", stable),
        );
    }
    Dump::Lines(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_end_an_index() {
        let bytes = [0, 0, 0, 4, 0, 0, 0, 100, 0, 0, 0, 9, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        assert_eq!(offset_entries(&bytes, 50), [(54, 100), (59, 256)]);
        assert_eq!(offset_entries(&[0; 16], 50), []);
        let bytes =
            [[0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 2], [0; 12]].concat();
        assert_eq!(time_entries(&bytes, 50), [(7, 50), (8, 52)]);
    }

    #[test]
    fn aborted_transactions() {
        let mut bytes = vec![0, 0];
        for number in [1_i64, 8402, 8403, 8404] {
            bytes.extend(number.to_be_bytes());
        }
        assert_eq!(
            transactions(&bytes).text(),
            "version: 0 producerId: 1 firstOffset: 8402 lastOffset: 8403 lastStableOffset: 8404\n"
        );
    }
}
