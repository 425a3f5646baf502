//! Reading a range of a log and holding it against the sidecar, batch by batch, before anybody is given it.
//!
//! Not here: what becomes of damage (`log`).

use std::io;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use klamm_env::{Env, File};
use klamm_records::Batches;

use super::Group;
use crate::readable::{is_unreadable, read_readable};
use crate::scan::{Found, Placed, Scan};
use crate::segment::Segment;

/// Bytes that are read at once: they stay in the core's own cache until they are checked.
const WINDOW_BYTES: u64 = 256 * 1024;

/// What a reader asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    /// From the batch on that holds this offset, or the next one.
    pub(crate) offset: i64,
    pub(crate) bytes_max: u64,
    /// One batch, however large it is.
    pub(crate) min_one_batch: bool,
    /// Batches that begin below.
    pub(crate) upper_bound: i64,
}

/// Whole batches that lie behind one another; none if `len` is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sound {
    pub(crate) base_offset: i64,
    pub(crate) at: u64,
    pub(crate) len: u64,
    pub(crate) first_size: u64,
    /// Another batch is there, and had no room.
    pub(crate) limited: bool,
}

/// What came of it.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// All of it is what was written there.
    Sound(Sound),
    /// No group covers the offset: another broker wrote the batch, or none is there.
    NotCovered,
    /// The group that holds the offset is not what was written there.
    Damaged(Group, String),
}

impl Segment {
    /// What is wanted, held against the sidecar: read for that, unless it lies in memory where it was sound before and nothing
    /// was loaded since. Damage behind the first group ends the range before it.
    pub(crate) async fn read_sound(&self, env: &Env, wanted: Wanted) -> io::Result<Verdict> {
        self.load_sidecar(env).await?;
        let (first, groups) = self.groups_for(wanted);
        let (Some(front), Some(back)) = (groups.first(), groups.last()) else {
            return Ok(Verdict::NotCovered);
        };
        let at = u64::from(front.position);
        let len = usize::try_from(back.end() - at).map_err(io::Error::other)?;
        let loads = env.loads();
        let still_sound =
            self.with_sidecar(|sidecar| sidecar.are_still_sound(first..first + groups.len(), loads));
        let file = self.file(env).await?;
        if still_sound && file.is_resident(at, len) {
            return Ok(Verdict::Sound(take_known(&file, &groups, wanted).await?));
        }
        self.check_groups(env, first, &groups, wanted).await
    }

    async fn check_groups(
        &self,
        env: &Env,
        first: usize,
        groups: &[Group],
        wanted: Wanted,
    ) -> io::Result<Verdict> {
        let at = u64::from(groups[0].position);
        let (mut range, mut place, mut damaged) = (Range::new(wanted), first, None);
        self.each_group(env, groups, |group, read| {
            let (bytes, loads) = match read {
                Ok(read) => read,
                Err(why) => {
                    damaged = range.is_empty().then_some((*group, why));
                    return false;
                }
            };
            self.note_sound(place, group, loads);
            place += 1;
            range.take(group, bytes)
        })
        .await?;
        Ok(match damaged {
            Some((group, why)) => Verdict::Damaged(group, why),
            None => Verdict::Sound(range.end(at)),
        })
    }

    /// Reads groups, many at once, and holds each against the sidecar, as long as `with` wants more: it is given the bytes and
    /// what the disk had loaded then, or why they are not what was written there.
    pub(crate) async fn each_group(
        &self,
        env: &Env,
        groups: &[Group],
        mut with: impl FnMut(&Group, Result<(Bytes, u64), String>) -> bool,
    ) -> io::Result<()> {
        let file = self.file(env).await?;
        let mut buffer = BytesMut::new();
        for window in windows(groups) {
            let (from, end) = (u64::from(window[0].position), window[window.len() - 1].end());
            let whole = read_window(&file, from, end - from, buffer).await?;
            let loads = env.loads();
            for group in window {
                let [start, end] =
                    [u64::from(group.position), group.end()].map(|it| clamped(it - from, &whole));
                let bytes = match whole.is_empty() {
                    false => Ok(whole.slice(start..end)),
                    true => read_readable(&file, u64::from(group.position), u64::from(group.len)).await?,
                };
                let sound = bytes.and_then(|bytes| self.held(group, bytes)).map(|bytes| (bytes, loads));
                if !with(group, sound) {
                    return Ok(());
                }
            }
            buffer = whole.try_into_mut().unwrap_or_default();
        }
        Ok(())
    }

    /// Bytes of a group, unless they are not what was written there.
    fn held(&self, group: &Group, bytes: Bytes) -> Result<Bytes, String> {
        match group.damage_in(self.identity(), &bytes) {
            None => Ok(bytes),
            Some(why) => Err(why),
        }
    }

    /// Remembers that a group was sound, if the sidecar still has it there.
    fn note_sound(&self, place: usize, group: &Group, loads: u64) {
        if let Some(sidecar) = self.sidecar().borrow_mut().as_mut()
            && sidecar.groups().get(place) == Some(group)
        {
            sidecar.note_sound(place, loads);
        }
    }

    /// Reads a group; an error tells why it is not what was written there.
    pub(crate) async fn read_group(&self, env: &Env, group: &Group) -> io::Result<Result<Bytes, String>> {
        let file = self.file(env).await?;
        let bytes = read_readable(&file, u64::from(group.position), u64::from(group.len)).await?;
        Ok(bytes.and_then(|bytes| self.held(group, bytes)))
    }

    /// Reads what is wanted from a batch on whose place is known, up to `end`, where no group covers it. Batches are taken as
    /// long as they are sound by themselves and their offsets rise; an error tells why the first is not.
    pub(crate) async fn read_by_crc(
        &self,
        env: &Env,
        first: &Placed,
        end: u64,
        wanted: Wanted,
    ) -> io::Result<Result<Sound, String>> {
        let mut range = Range::new(wanted);
        let mut scan = Scan::new(self.file(env).await?, first.at, end.max(first.at));
        let mut next_offset = first.header.base_offset;
        loop {
            let placed = match scan.next_whole().await? {
                Found::Batch((placed, _)) if placed.header.base_offset >= next_offset => placed,
                Found::Broken(why) if range.is_empty() => return Ok(Err(why)),
                _ => break,
            };
            next_offset = placed.header.next_offset();
            if !range.take_batch(placed.header.base_offset, placed.at, placed.size) {
                break;
            }
        }
        Ok(Ok(range.end(first.at)))
    }

    /// Groups that the range may reach, each right behind the one before, and the place of the first.
    fn groups_for(&self, wanted: Wanted) -> (usize, Vec<Group>) {
        self.with_sidecar(|sidecar| {
            let Some(first) = sidecar.at_or_behind(wanted.offset) else { return (0, Vec::new()) };
            let groups = &sidecar.groups()[first..];
            let (start, reach) =
                (u64::from(groups[0].position), groups[0].end().saturating_add(wanted.bytes_max));
            let is_gap = follows_another(first, sidecar.groups());
            if groups[0].base_offset > wanted.offset && !is_gap {
                return (0, Vec::new());
            }
            let mut end = start;
            let reaches = |group: &&Group| {
                let next = u64::from(group.position) == end && group.base_offset < wanted.upper_bound;
                let near = end <= reach;
                end = group.end();
                next && near
            };
            (first, groups.iter().take_while(reaches).copied().collect())
        })
    }
}

/// Whether no bytes lie between a group and the one before, or the segment's beginning.
fn follows_another(place: usize, groups: &[Group]) -> bool {
    let before = place.checked_sub(1).map_or(0, |before| groups[before].end());
    u64::from(groups[place].position) == before
}

/// What is wanted of groups that are sound; only where a range begins or ends within one are its batches looked at.
async fn take_known(file: &Arc<dyn File>, groups: &[Group], wanted: Wanted) -> io::Result<Sound> {
    let mut range = Range::new(wanted);
    for group in groups {
        let taken = match range.take_whole(group) {
            Some(taken) => taken,
            None => {
                let len = u64::from(group.len);
                let bytes = read(file, u64::from(group.position), len, BytesMut::new()).await?;
                range.take(group, bytes)
            }
        };
        if !taken {
            break;
        }
    }
    Ok(range.end(u64::from(groups[0].position)))
}

/// Groups by what is read at once.
fn windows(groups: &[Group]) -> impl Iterator<Item = &[Group]> {
    let mut left = groups;
    std::iter::from_fn(move || {
        let start = u64::from(left.first()?.position);
        let count = left.partition_point(|group| group.end() - start <= WINDOW_BYTES).max(1);
        let window;
        (window, left) = left.split_at(count);
        Some(window)
    })
}

/// Bytes for many groups; none if the disk cannot read all of them.
async fn read_window(file: &Arc<dyn File>, at: u64, len: u64, into: BytesMut) -> io::Result<Bytes> {
    match read(file, at, len, into).await {
        Err(error) if is_unreadable(&error) => Ok(Bytes::new()),
        read => read,
    }
}

async fn read(file: &Arc<dyn File>, at: u64, len: u64, mut into: BytesMut) -> io::Result<Bytes> {
    let len = usize::try_from(len).map_err(io::Error::other)?;
    into.clear();
    Ok(file.read(at, len, into).await?.freeze())
}

fn clamped(at: u64, bytes: &Bytes) -> usize {
    usize::try_from(at).map_or(bytes.len(), |at| at.min(bytes.len()))
}

/// Sound batches as far as they were gathered.
struct Range {
    wanted: Wanted,
    sound: Option<Sound>,
}

impl Range {
    fn new(wanted: Wanted) -> Self {
        Self { wanted, sound: None }
    }

    fn is_empty(&self) -> bool {
        self.sound.is_none()
    }

    /// Takes a sound group without a look into it, if that can be; whether all behind the offset was taken.
    fn take_whole(&mut self, group: &Group) -> Option<bool> {
        if group.last_offset < self.wanted.offset {
            return Some(true);
        }
        if group.first_last_offset == group.last_offset {
            return Some(self.take_batch(group.base_offset, u64::from(group.position), u64::from(group.len)));
        }
        let sound = self.sound.as_mut()?;
        let len = group.end() - sound.at;
        let fits = len <= self.wanted.bytes_max && group.last_offset < self.wanted.upper_bound;
        fits.then(|| {
            sound.len = len;
            true
        })
    }

    /// Takes the batches of a sound group, as far as they are wanted; whether all behind the offset were.
    fn take(&mut self, group: &Group, bytes: Bytes) -> bool {
        if let Some(taken) = self.take_whole(group) {
            return taken;
        }
        let mut at = u64::from(group.position);
        for batch in Batches::new(bytes) {
            let Ok(batch) = batch else { return false };
            let header = batch.header();
            let size = header.batch_size() as u64;
            if header.last_offset() >= self.wanted.offset && !self.take_batch(header.base_offset, at, size) {
                return false;
            }
            at += size;
        }
        true
    }

    fn take_batch(&mut self, base_offset: i64, at: u64, size: u64) -> bool {
        if base_offset >= self.wanted.upper_bound {
            return false;
        }
        match &mut self.sound {
            None if size > self.wanted.bytes_max && !self.wanted.min_one_batch => false,
            None => {
                self.sound = Some(Sound { base_offset, at, len: size, first_size: size, limited: false });
                true
            }
            Some(sound) if at + size - sound.at > self.wanted.bytes_max => {
                sound.limited = true;
                false
            }
            Some(sound) => {
                sound.len = at + size - sound.at;
                true
            }
        }
    }

    fn end(self, at: u64) -> Sound {
        let nothing = Sound { base_offset: self.wanted.offset, at, len: 0, first_size: 0, limited: false };
        self.sound.unwrap_or(nothing)
    }
}
