//! The time index of a segment: `<base>.timeindex`, entries of int64 time stamp and int32 relative offset.
//!
//! An entry says: up to the batch with this last offset, no time stamp is larger. Not here: the file (`segment`).

use bytes::{Buf, BufMut, Bytes, BytesMut};

/// Bytes of one entry.
pub(crate) const ENTRY_LEN: usize = 12;

/// All entries, in memory; those from `written` on are not in the file yet.
#[derive(Debug, Default)]
pub(crate) struct TimeIndex {
    entries: Vec<(i64, u32)>,
    written: usize,
}

impl TimeIndex {
    /// Reads a file that may end in the zeros of its preallocation. `None` unless the entries rise, and their
    /// offsets lie before `relative_end`.
    pub(crate) fn decode(mut bytes: &[u8], relative_end: i64) -> Option<Self> {
        if !bytes.len().is_multiple_of(ENTRY_LEN) {
            return None;
        }
        let mut entries: Vec<(i64, u32)> = Vec::new();
        while bytes.has_remaining() {
            let entry = (bytes.get_i64(), bytes.get_u32());
            if entry.1 == 0 && (entry.0 == 0 || !entries.is_empty()) {
                break;
            }
            let rises = entries.last().is_none_or(|last| last.0 < entry.0 && last.1 <= entry.1);
            if !rises || i64::from(entry.1) >= relative_end || entry.0 < 0 {
                return None;
            }
            entries.push(entry);
        }
        let written = entries.len();
        Some(Self { entries, written })
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Adds an entry unless its time stamp is no larger than the last one's.
    pub(crate) fn push(&mut self, timestamp: i64, relative_offset: u32) {
        if timestamp > self.last().map_or(-1, |last| last.0) {
            self.entries.push((timestamp, relative_offset));
        }
    }

    /// The last entry: the largest time stamp, and the relative last offset of its batch.
    pub(crate) fn last(&self) -> Option<(i64, u32)> {
        self.entries.last().copied()
    }

    /// Records before the relative offset returned have smaller time stamps than `timestamp`.
    pub(crate) fn lookup(&self, timestamp: i64) -> u32 {
        let after = self.entries.partition_point(|entry| entry.0 < timestamp);
        after.checked_sub(1).map_or(0, |slot| self.entries[slot].1)
    }

    /// Entries that are not in the file.
    pub(crate) fn pending(&self) -> usize {
        self.entries.len() - self.written
    }

    /// Where in the file the missing entries belong, and their bytes; they count as written from now on.
    pub(crate) fn take_pending(&mut self) -> (u64, Bytes) {
        let at = self.written * ENTRY_LEN;
        let mut bytes = BytesMut::with_capacity(self.pending() * ENTRY_LEN);
        for (timestamp, relative_offset) in &self.entries[self.written..] {
            bytes.put_i64(*timestamp);
            bytes.put_u32(*relative_offset);
        }
        self.written = self.entries.len();
        (at as u64, bytes.freeze())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> TimeIndex {
        let mut index = TimeIndex::default();
        index.push(1000, 4);
        index.push(1000, 9);
        index.push(1005, 12);
        index
    }

    #[test]
    fn bytes_of_two_entries() {
        let mut index = index();
        let (at, bytes) = index.take_pending();
        assert_eq!(at, 0);
        assert_eq!(&bytes[..], [0, 0, 0, 0, 0, 0, 3, 232, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 3, 237, 0, 0, 0, 12]);
        assert_eq!(index.pending(), 0);
    }

    #[test]
    fn lookup_never_skips_a_record() {
        let check = |timestamp, offset| assert_eq!(index().lookup(timestamp), offset, "time {timestamp}");
        check(999, 0);
        check(1000, 0);
        check(1001, 4);
        check(1005, 4);
        check(9999, 12);
    }

    #[test]
    fn zeros_end_an_index_and_disorder_spoils_it() {
        let mut bytes = index().take_pending().1.to_vec();
        bytes.extend([0; 120]);
        assert_eq!(TimeIndex::decode(&bytes, 13).map(|index| index.len()), Some(2));
        assert_eq!(TimeIndex::decode(&[0; 24], 13).map(|index| index.len()), Some(0));
        assert!(TimeIndex::decode(&bytes, 12).is_none(), "an offset beyond the segment");
        assert!(TimeIndex::decode(&bytes[..13], 13).is_none(), "a part of an entry");
        bytes[19] = 0xe8;
        assert!(TimeIndex::decode(&bytes, 13).is_none(), "a time that does not rise");
    }
}
