//! What binds a segment's bytes to their place: a file beside its `.log`, which Kafka passes over.
//!
//! ```text
//!   .log      │ batch │ batch │ batch              │ batch …
//!             └─── group 0 ───┴────── group 1 ─────┴─ group 2 …
//!   .sidecar  │ slot 0        │ slot 1             │ slot 2 …
//!
//!   slot   0 "KLS1"   4 position   8 length   12 last offset of the first batch, less the base offset
//!         16 base offset          24 last offset
//!         32 last offset of the batch with the largest time stamp, less the base offset
//!         36 leader epoch         40 largest time stamp
//!         48 everything below this offset was flushed when the slot was written
//!         56 hash of the fronts   60 hash of the slot          all big-endian; hashes are CRC-32C
//! ```
//!
//! A batch's own CRC leaves out its front: base offset, length, leader epoch, magic. The hash of the fronts goes over
//! the first 21 bytes of each batch, of which the last four are that CRC, so it binds all bytes of the group. Both hashes
//! begin with topic id, partition, base offset of the segment, and position or number of the slot: the same bytes are not
//! sound anywhere else.
//!
//! A slot is written behind its batches, and before they are acknowledged: with fsync durability once for all that one barrier
//! covers, while that runs. It has a barrier of its own then, some milliseconds later; power may take the slots of those
//! milliseconds, and their batches are taken by their own CRCs. Batches between two barriers share a group up to
//! 4 KiB; its slot is written anew with each, and as it lies in one sector, power leaves the old or the new one.
//!
//! Not here: which bytes may be torn (`recovery`).

mod file;
mod group;
mod sound;
mod stale;
mod verified;

use bytes::{BufMut, Bytes, BytesMut};
use klamm_records::BatchHeader;

pub(crate) use group::{Group, Identity, SLOT_LEN};
pub(crate) use verified::{Sound, Verdict, Wanted};

/// The file's suffix.
pub(crate) const SIDECAR: &str = ".sidecar";

/// The groups of one segment, in the order of their places. Between two of them may be bytes that no group covers.
#[derive(Debug)]
pub(crate) struct Sidecar {
    identity: Identity,
    groups: Vec<Group>,
    /// What the disk had loaded ([`klamm_env::Disk::loads`]) when each group was last known to be sound.
    sound_at: Vec<Option<u64>>,
    /// Slots from here on are not written yet.
    unwritten: usize,
    /// Behind the last slot of the file were bytes that are none, and no zeros: the file is made longer before it is written to.
    ends_torn: bool,
}

/// What a file says.
pub(crate) struct Decoded {
    pub(crate) sidecar: Sidecar,
    /// Everything below was flushed.
    pub(crate) flushed_offset: i64,
    /// Slots that are not what they must be: those that others follow.
    pub(crate) damaged: usize,
}

impl Sidecar {
    pub(crate) fn new(identity: Identity) -> Self {
        Self { identity, groups: Vec::new(), sound_at: Vec::new(), unwritten: 0, ends_torn: false }
    }

    /// Reads a file. What is damaged at the end may be torn, and says nothing.
    pub(crate) fn decode(identity: Identity, bytes: &[u8]) -> Decoded {
        let (slots, _torn) = bytes.as_chunks::<SLOT_LEN>();
        let mut sidecar = Self::new(identity);
        let (mut flushed_offset, mut sound_to) = (0, 0);
        for (number, slot) in slots.iter().enumerate() {
            let Some((group, flushed)) = Group::decode(identity, number, slot) else { continue };
            if u64::from(group.position) < sidecar.covered_to() {
                continue;
            }
            sidecar.push(group);
            flushed_offset = flushed_offset.max(flushed);
            sound_to = number + 1;
        }
        let damaged = sound_to - sidecar.groups.len();
        sidecar.ends_torn = bytes[sound_to * SLOT_LEN..].iter().any(|byte| *byte != 0);
        sidecar.unwritten = sidecar.groups.len();
        Decoded { sidecar, flushed_offset, damaged }
    }

    /// Takes in a group that lies behind all others.
    fn push(&mut self, group: Group) {
        if u64::from(group.position) >= self.covered_to() {
            self.groups.push(group);
            self.sound_at.push(None);
        }
    }

    pub(crate) fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// Where the last group ends.
    pub(crate) fn covered_to(&self) -> u64 {
        self.groups.last().map_or(0, Group::end)
    }

    /// Whether the file ended in something else than a slot: while it is written to, power may have torn it.
    pub(crate) fn ends_torn(&self) -> bool {
        self.ends_torn
    }

    /// Whether the groups hold all bytes of a file of this size.
    pub(crate) fn covers(&self, size: u64) -> bool {
        let mut end = 0;
        let follows = |group: &Group| u64::from(group.position) == std::mem::replace(&mut end, group.end());
        self.groups.iter().all(follows) && end == size
    }

    /// Takes in a batch that lies at `position`, behind all others, while everything below `flushed_offset` is flushed.
    /// It was written just now if the disk's loads are given.
    pub(crate) fn note(
        &mut self,
        header: &BatchHeader,
        position: u64,
        flushed_offset: i64,
        loads: Option<u64>,
    ) {
        debug_assert!(position >= self.covered_to(), "batches come in the order of their places");
        match self.groups.last_mut() {
            Some(last) if last.takes(header, position, flushed_offset) => {
                *last = last.extended(header);
                self.unwritten = self.unwritten.min(self.groups.len() - 1);
                if let Some(sound_at) = self.sound_at.last_mut().filter(|sound_at| **sound_at != loads) {
                    *sound_at = None;
                }
            }
            _ => {
                let position = u32::try_from(position).expect("a segment is smaller than 4 GiB");
                self.push(Group::begin(self.identity, header, position));
                *self.sound_at.last_mut().expect("pushed just now") = loads;
            }
        }
    }

    /// Forgets what lies at `position` and beyond; a group that reaches beyond is forgotten whole.
    pub(crate) fn cut(&mut self, position: u64) {
        let kept = self.groups.partition_point(|group| group.end() <= position);
        self.groups.truncate(kept);
        self.sound_at.truncate(kept);
        self.unwritten = self.unwritten.min(kept);
    }

    /// A group is what was written: it was read, or written, just now.
    pub(crate) fn note_sound(&mut self, place: usize, loads: u64) {
        if let Some(sound_at) = self.sound_at.get_mut(place) {
            *sound_at = Some(loads);
        }
    }

    /// Whether nothing was loaded since these groups were sound.
    pub(crate) fn are_still_sound(&self, places: std::ops::Range<usize>, loads: u64) -> bool {
        self.sound_at[places].iter().all(|sound_at| *sound_at == Some(loads))
    }

    /// Whether no slot is to be written.
    pub(crate) fn is_written(&self) -> bool {
        self.unwritten == self.groups.len()
    }

    /// Slots that are to be written, and where in the file.
    pub(crate) fn take_unwritten(&mut self, flushed_offset: i64) -> Option<(u64, Bytes)> {
        let first = std::mem::replace(&mut self.unwritten, self.groups.len());
        if first == self.groups.len() {
            return None;
        }
        let mut slots = BytesMut::with_capacity((self.groups.len() - first) * SLOT_LEN);
        for (number, group) in self.groups.iter().enumerate().skip(first) {
            slots.put_slice(&group.encode(self.identity, number, flushed_offset));
        }
        Some(((first * SLOT_LEN) as u64, slots.freeze()))
    }

    /// Slots of groups that end at `offset` or beyond are to be written again.
    pub(crate) fn write_anew_from(&mut self, offset: i64) {
        self.unwritten = self.unwritten.min(self.at_or_behind(offset).unwrap_or(self.groups.len()));
    }

    /// Bytes of the file once all slots are written.
    pub(crate) fn file_len(&self) -> u64 {
        (self.groups.len() * SLOT_LEN) as u64
    }

    /// The first group that ends at `offset` or beyond.
    pub(crate) fn at_or_behind(&self, offset: i64) -> Option<usize> {
        let place = self.groups.partition_point(|group| group.last_offset < offset);
        (place < self.groups.len()).then_some(place)
    }

    /// The offsets around one that no group holds, in a segment from `start` up to `end`.
    pub(crate) fn gap_around(&self, offset: i64, start: i64, end: i64) -> (i64, i64) {
        let next = self.groups.partition_point(|group| group.last_offset < offset);
        let from = next.checked_sub(1).map_or(start, |before| self.groups[before].last_offset + 1);
        (from, self.groups.get(next).map_or(end, |group| group.base_offset))
    }

    /// How many groups lie before a place.
    pub(crate) fn count_to(&self, at: u64) -> usize {
        self.groups.partition_point(|group| u64::from(group.position) < at)
    }

    /// Where to begin to walk the log's file to come to `offset`.
    pub(crate) fn place_before(&self, offset: i64) -> u64 {
        let place = self.groups.partition_point(|group| group.base_offset <= offset);
        place.checked_sub(1).map_or(0, |place| u64::from(self.groups[place].position))
    }

    /// Where the first group begins that has nothing below `offset`.
    pub(crate) fn place_of_groups_from(&self, offset: i64) -> Option<u64> {
        let place = self.groups.partition_point(|group| group.base_offset < offset);
        self.groups.get(place).map(|group| u64::from(group.position))
    }
}

#[cfg(test)]
mod tests;
