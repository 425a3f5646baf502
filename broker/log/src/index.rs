//! The offset index of a segment: `<base>.index`, entries of int32 relative offset and int32 position.
//!
//! An entry names a batch by its *last* offset and where it begins. Not here: the file itself (`segment`).

use bytes::{Buf, BufMut, Bytes, BytesMut};

/// Bytes of one entry.
pub(crate) const ENTRY_LEN: usize = 8;

/// All entries, in memory; those from `written` on are not in the file yet.
#[derive(Debug, Default)]
pub(crate) struct OffsetIndex {
    entries: Vec<(u32, u32)>,
    written: usize,
}

impl OffsetIndex {
    /// Reads a file that may end in the zeros of its preallocation. `None` unless the entries rise, and lie inside
    /// a log of `log_size` bytes.
    pub(crate) fn decode(mut bytes: &[u8], log_size: u64) -> Option<Self> {
        if !bytes.len().is_multiple_of(ENTRY_LEN) {
            return None;
        }
        let mut entries: Vec<(u32, u32)> = Vec::new();
        while bytes.has_remaining() {
            let entry = (bytes.get_u32(), bytes.get_u32());
            if entry.1 == 0 {
                break;
            }
            let rises = entries.last().is_none_or(|last| last.0 < entry.0 && last.1 < entry.1);
            if !rises || u64::from(entry.1) >= log_size || entry.0 > i32::MAX as u32 {
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

    pub(crate) fn push(&mut self, relative_offset: u32, position: u32) {
        debug_assert!(self.entries.last().is_none_or(|last| last.0 < relative_offset));
        self.entries.push((relative_offset, position));
    }

    /// Where to begin to look for an offset: the last entry that is not beyond it.
    pub(crate) fn lookup(&self, relative_offset: u32) -> u32 {
        let after = self.entries.partition_point(|entry| entry.0 <= relative_offset);
        after.checked_sub(1).map_or(0, |slot| self.entries[slot].1)
    }

    /// The last entry's position, 0 without one.
    pub(crate) fn last_position(&self) -> u32 {
        self.entries.last().map_or(0, |entry| entry.1)
    }

    /// Entries that are not in the file.
    pub(crate) fn pending(&self) -> usize {
        self.entries.len() - self.written
    }

    /// Where in the file the missing entries belong, and their bytes; they count as written from now on.
    pub(crate) fn take_pending(&mut self) -> (u64, Bytes) {
        let at = self.written * ENTRY_LEN;
        let mut bytes = BytesMut::with_capacity(self.pending() * ENTRY_LEN);
        for (relative_offset, position) in &self.entries[self.written..] {
            bytes.put_u32(*relative_offset);
            bytes.put_u32(*position);
        }
        self.written = self.entries.len();
        (at as u64, bytes.freeze())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> OffsetIndex {
        let mut index = OffsetIndex::default();
        index.push(4, 100);
        index.push(9, 220);
        index.push(11, 400);
        index
    }

    #[test]
    fn bytes_of_three_entries() {
        let mut index = index();
        let (at, bytes) = index.take_pending();
        assert_eq!(at, 0);
        assert_eq!(
            &bytes[..],
            [0, 0, 0, 4, 0, 0, 0, 100, 0, 0, 0, 9, 0, 0, 0, 220, 0, 0, 0, 11, 0, 0, 1, 144]
        );
        index.push(12, 500);
        let (at, bytes) = index.take_pending();
        assert_eq!((at, &bytes[..]), (24, &[0, 0, 0, 12, 0, 0, 1, 244][..]));
        assert_eq!(index.pending(), 0);
    }

    #[test]
    fn lookup_finds_the_entry_before() {
        let check = |offset, position| assert_eq!(index().lookup(offset), position, "offset {offset}");
        check(0, 0);
        check(4, 100);
        check(8, 100);
        check(11, 400);
        check(u32::MAX, 400);
    }

    #[test]
    fn zeros_end_an_index_and_disorder_spoils_it() {
        let mut bytes = index().take_pending().1.to_vec();
        bytes.extend([0; 80]);
        assert_eq!(OffsetIndex::decode(&bytes, 500).map(|index| index.len()), Some(3));
        assert_eq!(OffsetIndex::decode(&[0; 80], 500).map(|index| index.len()), Some(0));
        assert!(OffsetIndex::decode(&bytes, 400).is_none(), "an entry beyond the log");
        assert!(OffsetIndex::decode(&bytes[..9], 500).is_none(), "half an entry");
        bytes[11] = 3;
        assert!(OffsetIndex::decode(&bytes, 500).is_none(), "an offset that falls");
    }
}
