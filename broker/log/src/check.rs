//! Checking the end of a segment after an unclean stop: which batches are sound, and what becomes of the rest.
//!
//! Groups below the flushed offset are taken as the sidecar has them. Behind them a batch is sound if its own CRC is right, if
//! it continues the log, and if the sidecar, where it knows of a group there, has written just these bytes. The indexes are
//! built anew from both.
//!
//! Not here: where to begin, and which segments to check (`recovery`).

use std::io;

use klamm_env::IoVec;
use klamm_records::RecordBatch;

use crate::epoch_cache::EpochCache;
use crate::recovery::{Recovery, coordinator_epoch};
use crate::scan::{Found, Placed, Scan};
use crate::segment::{Rebuild, Segment};
use crate::sidecar::Group;

/// Batches of one group, until all of it was read.
#[derive(Default)]
struct Pending {
    batches: Vec<(Placed, Option<i32>)>,
    /// What the sidecar would say of them.
    group: Option<Group>,
}

/// How far a segment was found sound.
struct Progress {
    rebuild: Rebuild,
    /// The sidecar's groups behind those that were flushed, the first at the end.
    known: Vec<Group>,
    pending: Pending,
    /// Where the sound batches end.
    sound_to: u64,
    /// The first batch that was not known to be flushed.
    unflushed_from: Option<u64>,
    /// Where another broker went on, and the sidecar says nothing any more.
    stale_from: Option<u32>,
}

impl Recovery<'_> {
    /// Checks one segment from `flushed` on, cuts it where it is not sound, and builds its indexes; whether it was sound.
    pub(crate) async fn check_segment(&mut self, segment: &Segment, flushed: i64) -> io::Result<bool> {
        let file = segment.file(self.env).await?;
        self.dirty.borrow_mut().add_file(&file);
        let mut progress = self.take_flushed(segment, flushed).await?;
        if progress.sound_to > 0 {
            self.load_producers(self.end).await?;
            // Whoever walks over a segment lets it go.
            segment.load_sidecar(self.env).await?;
        }
        let mut scan = Scan::new(file, progress.sound_to, segment.size());
        let why = loop {
            match scan.next_whole().await? {
                Found::Batch((placed, batch)) => {
                    if let Some(why) = self.take(segment, &mut progress, placed, &batch, flushed) {
                        break Some(why);
                    }
                }
                Found::End if progress.ends_early() => break Some("the file ends before".to_owned()),
                Found::End => break None,
                Found::Broken(why) => break Some(why),
            }
        };
        // What was read of the group is sound by itself, and continues the log.
        self.keep(&mut progress, flushed);
        self.settle(segment, progress, why, flushed).await
    }

    /// Takes the groups below `flushed` from the sidecar, as far as they lie behind one another from the beginning on.
    async fn take_flushed(&mut self, segment: &Segment, flushed: i64) -> io::Result<Progress> {
        self.agree_on_epochs(segment).await?;
        let groups = segment.with_sidecar(|sidecar| sidecar.groups().to_vec());
        let mut rebuild = segment.begin_rebuild();
        self.end = segment.base_offset;
        let (mut sound_to, mut count) = (0, 0);
        for group in &groups {
            let follows = u64::from(group.position) == sound_to && group.end() <= segment.size();
            if !follows || group.last_offset >= flushed {
                break;
            }
            rebuild.note_group(group);
            self.epochs.observe(group.leader_epoch, group.base_offset);
            self.newest_epoch = group.leader_epoch;
            self.end = group.last_offset + 1;
            (sound_to, count) = (group.end(), count + 1);
        }
        let known = groups[count..].iter().rev().copied().collect();
        Ok(Progress {
            rebuild,
            known,
            pending: Pending::default(),
            sound_to,
            unflushed_from: None,
            stale_from: None,
        })
    }

    /// Takes the next batch of a segment; why it is not sound, if it is not. A tear leaves what lies before it in the group;
    /// where batches contradict each other or the sidecar, any of the group's may be the wrong one.
    fn take(
        &mut self,
        segment: &Segment,
        progress: &mut Progress,
        placed: Placed,
        batch: &RecordBatch,
        flushed: i64,
    ) -> Option<String> {
        let why = self.contradiction(segment, progress, &placed).or_else(|| {
            progress.pending.push(segment, placed, coordinator_epoch(batch));
            self.match_known(progress, placed, flushed)
        });
        if why.is_some() {
            progress.pending = Pending::default();
        }
        why
    }

    fn contradiction(&self, segment: &Segment, progress: &Progress, placed: &Placed) -> Option<String> {
        let header = &placed.header;
        let due = progress.pending.batches.last().map_or(self.end, |(last, _)| last.header.next_offset());
        let newest_epoch = progress
            .pending
            .batches
            .last()
            .map_or(self.newest_epoch, |(last, _)| last.header.partition_leader_epoch);
        // Leaders' epochs only rise: what an earlier leader wrote behind a later one's batch was cut off once, and came back
        // when power went before the bytes that took its place were flushed.
        if header.partition_leader_epoch < newest_epoch {
            return Some(format!(
                "a batch of leader epoch {} at offset {} behind one of epoch {newest_epoch}",
                header.partition_leader_epoch, header.base_offset
            ));
        }
        let follows = header.base_offset == due || self.config.cleanup_compact;
        if header.base_offset < due || !follows || !segment.can_hold(header.last_offset()) {
            return Some(format!("a batch at offset {} where {due} was due", header.base_offset));
        }
        None
    }

    /// Holds what was read of a group against the sidecar once all of it was; what no group covers is taken as it is.
    fn match_known(&mut self, progress: &mut Progress, placed: Placed, flushed: i64) -> Option<String> {
        match progress.known.last().filter(|known| u64::from(known.position) < placed.end()) {
            Some(known) if placed.end() < known.end() => None,
            Some(known) if progress.pending.is(known) => {
                progress.known.pop();
                self.keep(progress, flushed);
                None
            }
            // Another broker has gone on from here, in an epoch that the sidecar does not know.
            Some(known) if progress.pending.is_led_anew(known, &self.epochs) => {
                progress.stale_from = Some(known.position);
                progress.known.clear();
                self.keep(progress, flushed);
                None
            }
            Some(_) => Some("these are other bytes than were written there".to_owned()),
            None => {
                self.keep(progress, flushed);
                None
            }
        }
    }

    /// The batches that were read last are sound.
    fn keep(&mut self, progress: &mut Progress, flushed: i64) {
        for (placed, coordinator_epoch) in std::mem::take(&mut progress.pending).batches {
            if placed.header.last_offset() >= flushed {
                progress.unflushed_from.get_or_insert(placed.at);
            }
            self.newest_epoch = placed.header.partition_leader_epoch;
            self.note(&placed, coordinator_epoch);
            self.epochs.observe(placed.header.partition_leader_epoch, placed.header.base_offset);
            progress.rebuild.note(&placed);
            progress.sound_to = placed.end();
            self.end = placed.header.next_offset();
        }
    }

    /// Cuts what is not sound, or leaves it where it was flushed; writes the indexes and the sidecar. Whether all was sound.
    async fn settle(
        &mut self,
        segment: &Segment,
        progress: Progress,
        why: Option<String>,
        flushed: i64,
    ) -> io::Result<bool> {
        let Progress { rebuild, known, sound_to, unflushed_from, stale_from, .. } = progress;
        if let Some(why) = why.as_deref().filter(|_| self.end < self.slots_flushed) {
            let end = known.first().map_or(flushed, |last| flushed.max(last.last_offset + 1));
            self.seal(segment, end, why);
            segment.finish_rebuild(self.env, rebuild, self.dirty).await?;
            return Ok(true);
        }
        if let Some(why) = &why {
            let bytes = segment.size().saturating_sub(sound_to);
            self.cut += bytes.max(1);
            tracing::warn!(log = %self.path.display(), segment = segment.base_offset, end = self.end, bytes, why,
                "the end of the log is not sound and is cut");
        }
        if why.is_none() && segment.with_sidecar(|sidecar| sidecar.ends_torn()) {
            self.cut += 1;
            tracing::warn!(log = %self.path.display(), segment = segment.base_offset, end = self.end,
                "the end of the sidecar is not sound and is cut; records behind it would be missing");
        }
        if let Some(from) = stale_from {
            segment.cut_sidecar(self.env, u64::from(from)).await?;
        }
        let covered_to = segment.with_sidecar(|sidecar| sidecar.covered_to());
        if sound_to < segment.size() || covered_to > sound_to {
            segment.cut(self.env, sound_to).await?;
        }
        segment.finish_rebuild(self.env, rebuild, self.dirty).await?;
        if let Some(from) = unflushed_from {
            segment.rewrite(self.env, from).await?;
        }
        self.complete_sidecar(segment, flushed).await?;
        Ok(why.is_none())
    }

    /// Has the sidecar know of all batches, and writes what was not known to be flushed.
    async fn complete_sidecar(&mut self, segment: &Segment, flushed: i64) -> io::Result<()> {
        let covered_to = segment.with_sidecar(|sidecar| {
            sidecar.write_anew_from(flushed);
            sidecar.covered_to()
        });
        let mut scan = Scan::new(segment.file(self.env).await?, covered_to, segment.size());
        let mut batches = Vec::new();
        while let Found::Batch(placed) = scan.next_header().await? {
            batches.push(placed.header);
        }
        segment.note_groups(batches, covered_to, self.slots_flushed, None);
        let slots = segment.with_sidecar(|sidecar| sidecar.take_unwritten(self.slots_flushed));
        let file = segment.sidecar_file(self.env, self.dirty).await?;
        if let Some((at, slots)) = slots {
            file.write(at, IoVec::from(slots)).await?;
        }
        self.dirty.borrow_mut().add_file(&file);
        Ok(())
    }
}

impl Progress {
    /// Whether the sidecar knows of more than the file holds.
    fn ends_early(&self) -> bool {
        !self.known.is_empty() || !self.pending.batches.is_empty()
    }
}

impl Pending {
    fn push(&mut self, segment: &Segment, placed: Placed, coordinator_epoch: Option<i32>) {
        let header = &placed.header;
        self.group = Some(match self.group {
            Some(group) => group.extended(header),
            None => {
                let position = u32::try_from(placed.at).expect("a segment is smaller than 4 GiB");
                Group::begin(segment.identity(), header, position)
            }
        });
        self.batches.push((placed, coordinator_epoch));
    }

    fn is_led_anew(&self, known: &Group, epochs: &EpochCache) -> bool {
        self.batches.first().is_some_and(|(placed, _)| {
            let leader_epoch = placed.header.partition_leader_epoch;
            leader_epoch > known.leader_epoch && epochs.at(placed.header.base_offset) == Some(leader_epoch)
        })
    }

    fn is(&self, known: &Group) -> bool {
        self.group.as_ref() == Some(known)
    }
}
