//! Where a disk may be harmed, so that each loss that follows is a bug. Not here: which harm a plan asks for.
//!
//! A segment and its sidecar hold the same truth twice, and its indexes repeat a part of it. The atlas remembers which of
//! these was harmed, and lets the others of that segment alone; and it keeps away from what is not known to be flushed,
//! which nothing on a disk tells from what power tore.

use std::cell::RefCell;
use std::collections::BTreeMap;

use klamm_sim::{NodeId, World};

use super::broker::LOG_DIR;
use super::disk_scan::partition_of;
use crate::history::{Fact, History, Offset, Partition};
use crate::plan::Copied;
use crate::sometimes;

/// Bytes of a slot of a sidecar, and how one begins.
const SLOT_LEN: usize = 64;
const SLOT_MAGIC: [u8; 4] = *b"KLS1";
/// An index is made far longer than what it holds: harm comes to what may be in use.
const INDEX_BYTES_MAX: u64 = 512;
/// Of what a fault tells its place as a fraction.
const WHOLE: u64 = 1_000_000;

/// A batch or several that are bound by one slot of a sidecar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// Where it begins in the segment.
    pub(super) position: usize,
    pub(super) len: usize,
    pub(super) first_offset: i64,
    pub(super) last_offset: i64,
    /// Everything below was flushed when the slot was written.
    flushed_offset: i64,
    /// Where the slot lies in its file.
    slot: usize,
}

impl Group {
    fn decode(slot: usize, bytes: &[u8]) -> Option<Self> {
        let word = |at: usize| bytes.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes);
        let long = |at: usize| bytes.get(at..at + 8)?.try_into().ok().map(i64::from_be_bytes);
        bytes.starts_with(&SLOT_MAGIC).then_some(())?;
        Some(Self {
            position: word(4)? as usize,
            len: word(8)? as usize,
            first_offset: long(16)?,
            last_offset: long(24)?,
            flushed_offset: long(48)?,
            slot: slot * SLOT_LEN,
        })
    }

    /// Where it ends in the segment.
    pub(super) fn end(&self) -> usize {
        self.position + self.len
    }
}

/// A segment of a partition, by its first offset.
type SegmentKey = (Partition, i64);

/// What was harmed of a segment.
struct Harm {
    copy: Copied,
    /// Groups whose records it cost.
    groups: Vec<Group>,
}

/// How far each partition was flushed, and in how many lives of its broker.
pub(super) struct Sighting {
    flushed: BTreeMap<Partition, i64>,
    deaths: usize,
}

/// Remembers what was harmed on one broker's disk.
pub(super) struct Atlas {
    history: History,
    harmed: RefCell<BTreeMap<SegmentKey, Harm>>,
}

impl Atlas {
    pub(super) fn new(history: History) -> Self {
        Self { history, harmed: RefCell::default() }
    }

    /// Looks how far everything was flushed: what lies below may be harmed once the slots that say so are flushed too.
    pub(super) fn sight(world: &mut World, node: NodeId) -> Sighting {
        let mut flushed = BTreeMap::new();
        for ((partition, _), groups) in groups(world, node) {
            let known = groups.iter().map(|group| group.flushed_offset).max().unwrap_or(0);
            let end = flushed.entry(partition).or_insert(0);
            *end = known.max(*end);
        }
        Sighting { flushed, deaths: world.deaths(node).len() }
    }

    /// Flips bits of a byte of what was flushed when `sighting` was made, unless the broker went down since.
    pub(super) fn rot(
        &self,
        world: &mut World,
        node: NodeId,
        sighting: &Sighting,
        (copy, place, bits): (Copied, u32, u8),
    ) {
        if !world.is_alive(node) || world.deaths(node).len() != sighting.deaths {
            return;
        }
        let Some((key, group, at)) = self.choose(world, node, sighting, copy, place) else { return };
        let path = path_of(key, copy);
        if !world.disk(node).rot(&path, at, bits) {
            return;
        }
        tracing::info!(path, at, bits, "a byte rots");
        self.note(world, key, copy, group);
    }

    fn note(&self, world: &World, (partition, base): SegmentKey, copy: Copied, group: Group) {
        let mut harmed = self.harmed.borrow_mut();
        let harm = harmed.entry((partition, base)).or_insert(Harm { copy, groups: Vec::new() });
        match copy {
            Copied::Log => {
                sometimes!("records rotted");
                harm.groups.push(group);
                let (first, last) = (Offset(group.first_offset), Offset(group.last_offset));
                self.history.record(world.now(), Fact::Harmed { partition, first, last });
            }
            Copied::Sidecar => sometimes!("a sidecar rotted"),
            Copied::Index | Copied::TimeIndex => sometimes!("an index rotted"),
        }
    }

    /// A byte of a file that may be harmed, as far along in all of them as `place` says, and the group that it concerns.
    fn choose(
        &self,
        world: &mut World,
        node: NodeId,
        sighting: &Sighting,
        copy: Copied,
        place: u32,
    ) -> Option<(SegmentKey, Group, usize)> {
        let harmed = self.harmed.borrow();
        let mut places = Vec::new();
        for (key, groups) in groups(world, node) {
            if harmed.get(&key).is_some_and(|harm| harm.copy != copy) {
                continue;
            }
            let flushed = sighting.flushed.get(&key.0).copied().unwrap_or(0);
            let flushed = groups.into_iter().filter(|group| group.last_offset < flushed);
            places.extend(flushed.map(|group| (key, group)));
        }
        let extent = |group: &Group| match copy {
            Copied::Log => group.len as u64,
            Copied::Sidecar => SLOT_LEN as u64,
            Copied::Index | Copied::TimeIndex => INDEX_BYTES_MAX,
        };
        let total: u64 = places.iter().map(|(_, group)| extent(group)).sum();
        let mut along = u64::from(place) * total / WHOLE;
        for (key, group) in places {
            if along < extent(&group) {
                let within = usize::try_from(along).expect("a group is small");
                let start = match copy {
                    Copied::Log => group.position,
                    Copied::Sidecar => group.slot,
                    Copied::Index | Copied::TimeIndex => 0,
                };
                return Some((key, group, start + within));
            }
            along -= extent(&group);
        }
        None
    }

    /// Groups of a segment whose records were harmed, in the order of their places.
    pub(super) fn holes(&self, partition: Partition, base: i64) -> Vec<Group> {
        let harmed = self.harmed.borrow();
        let mut holes = harmed.get(&(partition, base)).map(|harm| harm.groups.clone()).unwrap_or_default();
        holes.sort_by_key(|group| group.position);
        holes.dedup();
        holes
    }
}

fn path_of((partition, base): SegmentKey, copy: Copied) -> String {
    let suffix = match copy {
        Copied::Log => "log",
        Copied::Sidecar => "sidecar",
        Copied::Index => "index",
        Copied::TimeIndex => "timeindex",
    };
    format!("{LOG_DIR}/{partition}/{base:020}.{suffix}")
}

/// The groups of every segment, as its sidecar tells.
fn groups(world: &mut World, node: NodeId) -> Vec<(SegmentKey, Vec<Group>)> {
    let disk = world.disk(node);
    let mut found = Vec::new();
    for directory in disk.list(LOG_DIR) {
        let Some(partition) = partition_of(&directory.name) else { continue };
        let path = format!("{LOG_DIR}/{}", directory.name);
        for file in disk.list(&path) {
            let base = file.name.strip_suffix(".sidecar").and_then(|base| base.parse().ok());
            let bytes = disk.read(format!("{path}/{}", file.name));
            let (Some(base), Some(bytes)) = (base, bytes) else { continue };
            let slots = bytes.chunks_exact(SLOT_LEN).enumerate();
            let groups = slots.filter_map(|(slot, bytes)| Group::decode(slot, bytes)).collect();
            found.push(((partition, base), groups));
        }
    }
    found
}
