//! One group of batches, and its slot in the file. Not here: the groups of a segment (`sidecar`).

use bytes::Bytes;
use klamm_records::{BATCH_HEADER_LEN, BatchHeader, Batches, crc32c};

use crate::name::Uuid;

/// Bytes of a slot: a divisor of a sector, so that a slot is written whole or not at all.
pub(crate) const SLOT_LEN: usize = 64;

/// Bytes of a batch's front that are bound: base offset, length, leader epoch, magic, and the CRC of all the rest.
const FRONT_LEN: usize = 21;

/// Small batches that follow one another share a group up to so many bytes.
const SHARED_BYTES_MAX: u32 = 4096;

/// In front of each slot, with the version of its layout.
const MAGIC: [u8; 4] = *b"KLS1";

/// What a group belongs to: another partition's bytes, or another segment's, are none of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) topic_id: Uuid,
    pub(crate) partition: i32,
    pub(crate) segment_base: i64,
}

impl Identity {
    /// A hash of the identity and one number, which further hashes go on from.
    fn seal(self, number: u64) -> u32 {
        let mut bytes = [0; 36];
        bytes[..16].copy_from_slice(&self.topic_id.0);
        bytes[16..20].copy_from_slice(&self.partition.to_be_bytes());
        bytes[20..28].copy_from_slice(&self.segment_base.to_be_bytes());
        bytes[28..].copy_from_slice(&number.to_be_bytes());
        crc32c(&bytes)
    }
}

/// Batches that lie behind one another, of one leader epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    /// Where it begins in `.log`.
    pub(crate) position: u32,
    pub(crate) len: u32,
    pub(crate) base_offset: i64,
    pub(crate) last_offset: i64,
    /// Last offset of the first batch.
    pub(crate) first_last_offset: i64,
    pub(crate) leader_epoch: i32,
    pub(crate) max_timestamp: i64,
    /// Last offset of the batch that has `max_timestamp`.
    pub(crate) largest_offset: i64,
    /// A hash of the batches' fronts, the identity and the position.
    pub(crate) fronts: u32,
}

impl Group {
    /// A group of the batch at `position`.
    pub(crate) fn begin(identity: Identity, header: &BatchHeader, position: u32) -> Self {
        let empty = Self {
            position,
            len: 0,
            base_offset: header.base_offset,
            last_offset: header.last_offset(),
            first_last_offset: header.last_offset(),
            leader_epoch: header.partition_leader_epoch,
            max_timestamp: i64::MIN,
            largest_offset: header.last_offset(),
            fronts: identity.seal(u64::from(position)),
        };
        empty.extended(header)
    }

    /// With one more batch behind.
    pub(crate) fn extended(self, header: &BatchHeader) -> Self {
        let size = u32::try_from(header.batch_size()).expect("a batch is smaller than 2 GiB");
        let later = header.max_timestamp > self.max_timestamp;
        Self {
            len: self.len + size,
            last_offset: header.last_offset(),
            max_timestamp: if later { header.max_timestamp } else { self.max_timestamp },
            largest_offset: if later { header.last_offset() } else { self.largest_offset },
            fronts: bound(self.fronts, header),
            ..self
        }
    }

    /// Whether a batch at `position` may share the group: nothing of it has been flushed, so that one that is torn does not
    /// take another with it that was acknowledged.
    pub(crate) fn takes(&self, header: &BatchHeader, position: u64, flushed_offset: i64) -> bool {
        self.end() == position
            && self.base_offset >= flushed_offset
            && self.leader_epoch == header.partition_leader_epoch
            && u64::from(self.len) + header.batch_size() as u64 <= u64::from(SHARED_BYTES_MAX)
    }

    /// Where it ends in `.log`.
    pub(crate) fn end(&self) -> u64 {
        u64::from(self.position) + u64::from(self.len)
    }

    /// Why `bytes` are not those of the group, if they are not.
    pub(crate) fn damage_in(&self, identity: Identity, bytes: &Bytes) -> Option<String> {
        if bytes.len() != self.len as usize {
            return Some(format!("the file ends {} bytes before", self.len as usize - bytes.len()));
        }
        let mut walk = Batches::new(bytes.clone());
        let mut fronts = identity.seal(u64::from(self.position));
        for batch in walk.by_ref() {
            let checked = batch.and_then(|batch| batch.check_crc().map(|()| *batch.header()));
            match checked {
                Ok(header) => fronts = bound(fronts, &header),
                Err(error) => return Some(error.to_string()),
            }
        }
        let whole = walk.rest().is_empty() && fronts == self.fronts;
        (!whole).then(|| "these are other bytes than were written there".to_owned())
    }

    /// The slot with this number, which says that everything below `flushed_offset` was flushed before.
    pub(crate) fn encode(&self, identity: Identity, number: usize, flushed_offset: i64) -> [u8; SLOT_LEN] {
        let mut slot = [0; SLOT_LEN];
        let delta = |offset: i64| u32::try_from(offset - self.base_offset).expect("a group fits its segment");
        slot[..4].copy_from_slice(&MAGIC);
        slot[4..8].copy_from_slice(&self.position.to_be_bytes());
        slot[8..12].copy_from_slice(&self.len.to_be_bytes());
        slot[12..16].copy_from_slice(&delta(self.first_last_offset).to_be_bytes());
        slot[16..24].copy_from_slice(&self.base_offset.to_be_bytes());
        slot[24..32].copy_from_slice(&self.last_offset.to_be_bytes());
        slot[32..36].copy_from_slice(&delta(self.largest_offset).to_be_bytes());
        slot[36..40].copy_from_slice(&self.leader_epoch.to_be_bytes());
        slot[40..48].copy_from_slice(&self.max_timestamp.to_be_bytes());
        slot[48..56].copy_from_slice(&flushed_offset.to_be_bytes());
        slot[56..60].copy_from_slice(&self.fronts.to_be_bytes());
        let crc = crc_of(identity, number, &slot);
        slot[60..].copy_from_slice(&crc.to_be_bytes());
        slot
    }

    /// What a slot says: the group, and the flushed offset; `None` if it is not the slot with this number, or damaged.
    pub(crate) fn decode(identity: Identity, number: usize, slot: &[u8; SLOT_LEN]) -> Option<(Self, i64)> {
        let u32_at = |at: usize| u32::from_be_bytes(*slot[at..].first_chunk().expect("inside of the slot"));
        let i32_at = |at: usize| i32::from_be_bytes(*slot[at..].first_chunk().expect("inside of the slot"));
        let i64_at = |at: usize| i64::from_be_bytes(*slot[at..].first_chunk().expect("inside of the slot"));
        if slot[..4] != MAGIC || u32_at(60) != crc_of(identity, number, slot) {
            return None;
        }
        let base_offset = i64_at(16);
        let group = Self {
            position: u32_at(4),
            len: u32_at(8),
            base_offset,
            last_offset: i64_at(24),
            first_last_offset: base_offset.checked_add(i64::from(u32_at(12)))?,
            leader_epoch: i32_at(36),
            max_timestamp: i64_at(40),
            largest_offset: base_offset.checked_add(i64::from(u32_at(32)))?,
            fronts: u32_at(56),
        };
        Some((group, i64_at(48)))
    }
}

/// The hash of a group with one more batch's front.
fn bound(fronts: u32, header: &BatchHeader) -> u32 {
    let mut front = [0; BATCH_HEADER_LEN];
    header.write(&mut front);
    let mut bytes = [0; 4 + FRONT_LEN];
    bytes[..4].copy_from_slice(&fronts.to_be_bytes());
    bytes[4..].copy_from_slice(&front[..FRONT_LEN]);
    crc32c(&bytes)
}

fn crc_of(identity: Identity, number: usize, slot: &[u8; SLOT_LEN]) -> u32 {
    let mut bytes = [0; SLOT_LEN];
    bytes[..4].copy_from_slice(&identity.seal(number as u64).to_be_bytes());
    bytes[4..].copy_from_slice(&slot[..SLOT_LEN - 4]);
    crc32c(&bytes)
}
