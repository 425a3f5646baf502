//! Opening a log: what lies in its directory, what of it is sound, and what it tells of epochs and producers.
//!
//! Sidecars tell how far the log was flushed; the recovery point, which lags, does where there are none. Below, nothing is
//! read: whoever asks for it will hold it against the sidecar. What lies beyond is checked batch by batch, unless the stop was clean, and
//! the first that is not sound ends the log: power may have torn it. It is written again, so that the barrier at the end of
//! opening covers it whatever a failed barrier left in the page cache.
//!
//! Where something below is found missing or damaged all the same, its bytes stay where they are, its offsets are not given
//! to other records, and the log goes on behind them in a new segment.
//!
//! Not here: the barrier itself (`log`); checking a segment (`check`).

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use bytes::Bytes;
use klamm_env::{Env, IoVec, Open};
use klamm_records::{EndTransactionMarker, RecordBatch};

use crate::atomic_file;
use crate::config::LogConfig;
use crate::epoch_cache::{self, EpochCache};
use crate::error::LogError;
use crate::leftovers;
use crate::log::{LogStart, State, shape};
use crate::name::{TopicId, Uuid, offset_of};
use crate::open_files::OpenFiles;
use crate::producer_state::{Incoming, ProducerState};
use crate::readable;
use crate::scan::{Found, Placed, Scan};
use crate::segment::{LOG, Place, SUFFIXES, Segment};
use crate::sidecar::Group;
use crate::snapshots::{self, Snapshots};
use crate::syncer::Dirty;

const PARTITION_METADATA: &str = "partition.metadata";
/// Records of a marker's batch are few bytes.
const MARKER_BYTES_MAX: usize = 1 << 16;

/// A log as it was found.
pub(crate) struct Opened {
    pub(crate) state: State,
    /// No barrier is needed before it is used.
    pub(crate) all_flushed: bool,
    /// Its only segment was just made.
    pub(crate) made_anew: bool,
}

/// Makes the log's directory if need be, and holds the topic id in it against `topic_id`. The path is that of its file, if
/// that was written, which no barrier has covered then.
pub(crate) async fn verify_topic_id(
    env: &Env,
    path: &Path,
    topic_id: Option<TopicId>,
) -> Result<(Option<TopicId>, Option<PathBuf>), LogError> {
    let file = path.join(PARTITION_METADATA);
    let known = async {
        env.create_dir(path).await?;
        read_topic_id(env, path).await
    };
    let known = known.await.map_err(LogError::Storage)?;
    match (known, topic_id) {
        (Some(known), Some(expected)) if known.is_misread(expected) => {
            tracing::error!(path = %file.display(), %known, %expected, "a log's topic id is damaged and written anew");
            let text = Bytes::from(encode_partition_metadata(expected));
            atomic_file::replace(env, &file, text).await.map_err(LogError::Storage)?;
            Ok((Some(expected), None))
        }
        (Some(known), Some(expected)) if known != expected => {
            let reason = format!("topic_id: {known} is there, {expected} is expected");
            Err(LogError::Malformed { path: file, reason })
        }
        (None, Some(expected)) => {
            let text = Bytes::from(encode_partition_metadata(expected));
            let write = async { env.open(&file, Open::REPLACE).await?.write(0, IoVec::from(text)).await };
            write.await.map_err(LogError::Storage)?;
            Ok((Some(expected), Some(file)))
        }
        (known, _) => Ok((known, None)),
    }
}

/// The topic id in a log's directory; `None` if it has none that can be read.
pub(crate) async fn read_topic_id(env: &Env, path: &Path) -> io::Result<Option<TopicId>> {
    let file = path.join(PARTITION_METADATA);
    let Some(bytes) = readable::read_small(env, &file).await? else { return Ok(None) };
    let topic_id = std::str::from_utf8(&bytes).ok().and_then(decode_partition_metadata);
    if topic_id.is_none() {
        tracing::warn!(path = %file.display(), "a log's topic id is malformed");
    }
    Ok(topic_id)
}

fn encode_partition_metadata(topic_id: Uuid) -> String {
    format!("version: 0\ntopic_id: {topic_id}")
}

fn decode_partition_metadata(text: &str) -> Option<Uuid> {
    let mut lines = text.lines();
    let version = lines.next()?.strip_prefix("version:")?.trim();
    let topic_id = lines.next()?.strip_prefix("topic_id:")?.trim();
    if version == "0" { Uuid::parse(topic_id) } else { None }
}

/// Opens the log at `place`, whose directory is there.
pub(crate) async fn open(
    env: &Env,
    place: &Rc<Place>,
    config: LogConfig,
    start: LogStart,
    dirty: &RefCell<Dirty>,
    open_files: &Arc<OpenFiles>,
) -> io::Result<Opened> {
    dirty.borrow_mut().add_directory(place.path.to_path_buf());
    let mut recovery = Recovery::load(env, place, config, dirty, open_files).await?;
    recovery.find_end(start).await?;
    let start = recovery.believable(start);
    if recovery.end < start.log_start_offset {
        recovery.remove_from(0).await?;
        recovery.epochs.clear();
        recovery.producers = ProducerState::default();
        recovery.end = start.log_start_offset;
    }
    if recovery.segments.is_empty() || recovery.sealed {
        recovery.made_anew = recovery.segments.is_empty();
        recovery.end = recovery.end.max(start.log_start_offset);
        let shape = shape(env, place, &recovery.config, open_files);
        let segment = Segment::create(env, recovery.end, shape, env.wall(), dirty).await?;
        recovery.segments.insert(recovery.end, Rc::new(segment));
    }
    recovery.finish(start).await
}

/// Where a log's leader epochs were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum EpochsFrom {
    Nowhere,
    Checkpoint,
    Batches,
}

/// A log that is being opened.
pub(crate) struct Recovery<'a> {
    pub(crate) env: &'a Env,
    pub(crate) path: &'a Rc<Path>,
    pub(crate) config: LogConfig,
    pub(crate) dirty: &'a RefCell<Dirty>,
    segments: BTreeMap<i64, Rc<Segment>>,
    snapshots: Snapshots,
    pub(crate) epochs: EpochCache,
    epochs_from: EpochsFrom,
    pub(crate) producers: ProducerState,
    pub(crate) end: i64,
    /// Of the batches checked so far.
    pub(crate) newest_epoch: i32,
    scanned: bool,
    made_anew: bool,
    /// The last segment takes no more batches.
    sealed: bool,
    /// First offsets of records that were flushed and are damaged.
    damaged: BTreeSet<i64>,
    /// Bytes that were not sound, and are cut.
    pub(crate) cut: u64,
    /// Everything below was flushed, by the slots of sidecars.
    pub(crate) slots_flushed: i64,
}

impl<'a> Recovery<'a> {
    async fn load(
        env: &'a Env,
        place: &'a Rc<Place>,
        config: LogConfig,
        dirty: &'a RefCell<Dirty>,
        open_files: &Arc<OpenFiles>,
    ) -> io::Result<Recovery<'a>> {
        let path = &place.path;
        let names = leftovers::settle(env, path).await?;
        let bases: BTreeSet<i64> = names.iter().filter_map(|name| offset_of(name, LOG)).collect();
        for name in &names {
            let orphan = SUFFIXES[1..]
                .iter()
                .find_map(|suffix| offset_of(name, suffix))
                .is_some_and(|base_offset| !bases.contains(&base_offset));
            if orphan {
                atomic_file::remove(env, &path.join(name)).await?;
            }
        }
        let mut segments = BTreeMap::new();
        for base_offset in bases {
            let shape = shape(env, place, &config, open_files);
            let segment = Segment::existing(base_offset, shape, 0, env.wall());
            let len = env.stat(&segment.path(LOG)).await?.len;
            segment.set_size(len);
            segments.insert(base_offset, Rc::new(segment));
        }
        let epochs = readable::read_small(env, &path.join(epoch_cache::FILE)).await?;
        let epochs = epochs.and_then(|bytes| EpochCache::decode(std::str::from_utf8(&bytes).ok()?));
        let holds_records = segments.values().any(|segment: &Rc<Segment>| segment.size() > 0);
        let epochs_from = match epochs {
            None if holds_records => EpochsFrom::Nowhere,
            _ => EpochsFrom::Checkpoint,
        };
        Ok(Recovery {
            env,
            path,
            config,
            dirty,
            segments,
            snapshots: Snapshots::new(
                names.iter().filter_map(|name| offset_of(name, snapshots::SUFFIX)).collect(),
            ),
            epochs: epochs.unwrap_or_default(),
            epochs_from,
            producers: ProducerState::default(),
            end: 0,
            newest_epoch: -1,
            scanned: false,
            made_anew: false,
            sealed: false,
            damaged: BTreeSet::new(),
            cut: 0,
            slots_flushed: 0,
        })
    }

    async fn find_end(&mut self, start: LogStart) -> io::Result<()> {
        let Some(active) = self.segments.last_key_value().map(|(_, segment)| segment.clone()) else {
            return Ok(());
        };
        if self.epochs_from == EpochsFrom::Nowhere {
            self.rebuild_epochs().await?;
        }
        if !start.clean {
            self.slots_flushed = self.find_flushed().await?;
            let known = if self.slots_flushed > 0 { self.slots_flushed } else { start.recovery_point };
            return self.check_from(known).await;
        }
        match self.end_of_clean(&active).await? {
            Some(end) => {
                self.end = end;
                // A clean stop has the log's end as its recovery point.
                let ends_torn = active.with_sidecar(|sidecar| sidecar.ends_torn());
                if start.recovery_point > end || ends_torn {
                    self.seal(&active, start.recovery_point.max(end), "records are missing at its end");
                }
                self.load_producers(self.end).await
            }
            None => {
                tracing::warn!(log = %self.path.display(), "the log is damaged although it was stopped cleanly");
                self.check_from(active.base_offset).await
            }
        }
    }

    /// Has leader epochs and a segment's groups agree. Where they do not, another broker wrote there in a later epoch, and the
    /// sidecar is stale; or what was written is there still, and the epochs are wrong.
    pub(crate) async fn agree_on_epochs(&mut self, segment: &Segment) -> io::Result<()> {
        segment.load_sidecar(self.env).await?;
        let is_other = |group: &&Group| {
            self.epochs.at(group.base_offset).is_some_and(|epoch| epoch != group.leader_epoch)
        };
        let other = segment.with_sidecar(|sidecar| sidecar.groups().iter().find(is_other).copied());
        if let Some(group) = other.filter(|_| self.epochs_from == EpochsFrom::Checkpoint)
            && segment.read_group(self.env, &group).await?.is_ok()
        {
            self.rebuild_epochs().await?;
            segment.load_sidecar(self.env).await?;
        }
        segment.forget_stale(self.env, &self.epochs).await
    }

    /// Takes the leader epochs from the batches.
    async fn rebuild_epochs(&mut self) -> io::Result<()> {
        tracing::error!(log = %self.path.display(), "{} is damaged; what it said is taken from the batches again", epoch_cache::FILE);
        let mut epochs = EpochCache::default();
        each_sound_batch(self.env, &self.segments, 0..i64::MAX, |batch| {
            epochs.observe(batch.header().partition_leader_epoch, batch.header().base_offset);
        })
        .await?;
        (self.epochs, self.epochs_from) = (epochs, EpochsFrom::Batches);
        Ok(())
    }

    /// What checkpoints say of a log, but for a start behind an end of which power can have taken nothing.
    fn believable(&self, start: LogStart) -> LogStart {
        let all_is_there = start.clean || self.config.durability_fsync;
        if self.end >= start.log_start_offset || !all_is_there || self.segments.is_empty() {
            return start;
        }
        tracing::error!(log = %self.path.display(), log_start_offset = start.log_start_offset, end = self.end,
            "a checkpoint has the log start behind its end, and is not believed");
        LogStart { log_start_offset: 0, ..start }
    }

    /// Everything below was flushed, by the slots of the last segments; 0 if they say nothing.
    async fn find_flushed(&self) -> io::Result<i64> {
        let mut flushed = 0;
        for (base_offset, segment) in self.segments.iter().rev() {
            flushed = flushed.max(segment.load_sidecar(self.env).await?);
            if *base_offset <= flushed {
                break;
            }
        }
        Ok(flushed)
    }

    /// The end of a segment that needs no check; `None` if there is no sound batch at its end.
    async fn end_of_clean(&mut self, active: &Segment) -> io::Result<Option<i64>> {
        active.load_indexes(self.env, i64::MAX).await?;
        active.load_first_timestamp(self.env).await?;
        self.agree_on_epochs(active).await?;
        let last = active.with_sidecar(|sidecar| sidecar.groups().last().copied());
        let (mut end, from) = match last {
            Some(last) if last.end() > active.size() => {
                self.end = last.base_offset;
                self.seal(active, last.last_offset + 1, "its file is shorter than what was written");
                return Ok(Some(self.end));
            }
            Some(last) => (last.last_offset + 1, last.end()),
            None => (active.base_offset, active.last_indexed_position()),
        };
        let mut scan = Scan::new(active.file(self.env).await?, from, active.size());
        loop {
            match scan.next_header().await? {
                Found::Batch(placed) if placed.header.base_offset >= end => end = placed.header.next_offset(),
                Found::End => return Ok(Some(end)),
                Found::Batch(_) | Found::Broken(_) => return Ok(None),
            }
        }
    }

    /// Leaves a segment whose flushed bytes are damaged as it is: the log goes on at `end` in another one.
    pub(crate) fn seal(&mut self, segment: &Segment, end: i64, why: &str) {
        tracing::error!(log = %self.path.display(), segment = segment.base_offset, first_offset = self.end.max(segment.base_offset), last_offset = end - 1, why,
            "the log is damaged where it was flushed: these records are not served");
        self.damaged.insert(self.end.max(segment.base_offset));
        self.end = self.end.max(end);
        (self.sealed, self.scanned) = (true, true);
    }

    /// Checks all batches from the segment on that holds the last one before `flushed`: a recovery point at the very base of a
    /// segment says nothing of the indexes of the one before, which were completed when it was rolled.
    async fn check_from(&mut self, flushed: i64) -> io::Result<()> {
        self.scanned = true;
        let first = self.segments.range(..flushed).next_back().map(|(base_offset, _)| *base_offset);
        let first =
            first.unwrap_or_else(|| *self.segments.first_key_value().expect("called with segments").0);
        self.load_producers(first).await?;
        self.end = first;
        let bases: Vec<i64> = self.segments.range(first..).map(|(base_offset, _)| *base_offset).collect();
        let mut checked: Option<Rc<Segment>> = None;
        for base_offset in bases {
            let gap = base_offset < self.end || (base_offset > self.end && !self.config.cleanup_compact);
            if gap {
                tracing::warn!(log = %self.path.display(), base_offset, end = self.end, "a segment does not continue the log");
                return self.remove_from(base_offset).await;
            }
            // The one before will not be the active one.
            if let Some(before) = checked {
                before.cool();
            }
            let segment = self.segments[&base_offset].clone();
            self.sealed = false;
            if !self.check_segment(&segment, flushed).await? {
                return self.remove_from(base_offset + 1).await;
            }
            checked = Some(segment);
        }
        Ok(())
    }

    /// Removes the segments at `base_offset` and above, the last first.
    async fn remove_from(&mut self, base_offset: i64) -> io::Result<()> {
        let doomed: Vec<i64> =
            self.segments.range(base_offset..).map(|(base_offset, _)| *base_offset).collect();
        if !doomed.is_empty() {
            tracing::warn!(log = %self.path.display(), from = base_offset, segments = doomed.len(),
                "segments behind the end of the log are removed");
        }
        for base_offset in doomed.into_iter().rev() {
            let segment = self.segments.remove(&base_offset).expect("listed just now");
            self.cut += segment.size();
            remove_segment(self.env, &segment).await?;
        }
        self.env.sync_dir(self.path).await
    }

    pub(crate) fn note(&mut self, placed: &Placed, coordinator_epoch: Option<i32>) {
        self.producers.apply(&Incoming { header: &placed.header, coordinator_epoch });
    }

    /// Producers' state as of `offset`: the newest snapshot before, and the headers from there on.
    pub(crate) async fn load_producers(&mut self, offset: i64) -> io::Result<()> {
        let snapshot = self.snapshots.load_newest(self.env, self.path, offset).await?;
        let (from, producers) = snapshot.unwrap_or((0, BTreeMap::new()));
        self.producers =
            replay(self.env, &self.segments, ProducerState::new(producers), from, offset).await?;
        Ok(())
    }

    async fn finish(mut self, start: LogStart) -> io::Result<Opened> {
        let end = self.end;
        let first = *self.segments.first_key_value().expect("made if there was none").0;
        let log_start_offset = start.log_start_offset.max(first);
        if self.scanned {
            let segments = self.segments.len();
            tracing::info!(log = %self.path.display(), log_start_offset, end, segments, "recovered");
        } else {
            tracing::debug!(log = %self.path.display(), log_start_offset, end, new = self.made_anew, "opened");
        }
        let cut = self.epochs.truncate_from_end(end) | self.epochs.truncate_from_start(log_start_offset);
        if cut || self.scanned || self.epochs_from == EpochsFrom::Batches {
            let text = Bytes::from(self.epochs.encode());
            atomic_file::replace(self.env, &self.path.join(epoch_cache::FILE), text).await?;
        }
        let bases: BTreeSet<i64> = self.segments.keys().copied().collect();
        let newest = self.snapshots.newest_to(end);
        let keep = |offset| offset <= end && (bases.contains(&offset) || newest == Some(offset));
        self.snapshots.retain(self.env, self.path, keep).await?;
        let state = State {
            config: self.config,
            log_start_offset,
            log_end_offset: end,
            // The name of one that was made just now may be lost, and with it where the log begins.
            first_durable_offset: if self.made_anew { 0 } else { first },
            segments: self.segments,
            epochs: self.epochs,
            producers: self.producers,
            snapshots: self.snapshots,
            damaged: self.damaged,
            cut_at_open: self.cut,
            warm: VecDeque::new(),
        };
        Ok(Opened { state, all_flushed: !self.scanned, made_anew: self.made_anew })
    }
}

/// Feeds sound batches between two offsets to producers' state.
pub(crate) async fn replay(
    env: &Env,
    segments: &BTreeMap<i64, Rc<Segment>>,
    mut producers: ProducerState,
    from: i64,
    to: i64,
) -> io::Result<ProducerState> {
    each_sound_batch(env, segments, from..to, |batch| {
        let header = batch.header();
        if header.last_offset() >= from && header.base_offset < to {
            producers.apply(&Incoming { header, coordinator_epoch: coordinator_epoch(batch) });
        }
    })
    .await?;
    Ok(producers)
}

/// Walks over what segments hold of a range; all but the active one give back what they open.
async fn each_sound_batch(
    env: &Env,
    segments: &BTreeMap<i64, Rc<Segment>>,
    offsets: Range<i64>,
    mut with: impl FnMut(&RecordBatch),
) -> io::Result<()> {
    if offsets.is_empty() {
        return Ok(());
    }
    let active = segments.last_key_value().map(|(base_offset, _)| *base_offset);
    let first =
        segments.range(..=offsets.start).next_back().map_or(offsets.start, |(base_offset, _)| *base_offset);
    for (base_offset, segment) in segments.range(first..offsets.end) {
        segment.each_sound_batch(env, offsets.clone(), &mut with).await?;
        if Some(*base_offset) != active {
            segment.cool();
        }
    }
    Ok(())
}

/// Coordinator epoch of a transaction's marker, if the batch is one.
pub(crate) fn coordinator_epoch(batch: &RecordBatch) -> Option<i32> {
    if !batch.header().attributes.is_control() || !batch.header().has_producer_id() {
        return None;
    }
    let record = batch.records(MARKER_BYTES_MAX).ok()?.next()?.ok()?;
    let marker = EndTransactionMarker::from_record(&record.key?, &record.value?).ok()??;
    Some(marker.coordinator_epoch)
}

/// Removes a segment's files, the log first: an index without its log goes when the log is opened.
pub(crate) async fn remove_segment(env: &Env, segment: &Segment) -> io::Result<()> {
    for suffix in SUFFIXES {
        atomic_file::remove(env, &segment.path(suffix)).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partition_metadata() {
        let text = "version: 0\ntopic_id: AAAAAAAAAAAAAAAAAAAAAQ";
        assert_eq!(encode_partition_metadata(Uuid::METADATA_TOPIC), text);
        assert_eq!(decode_partition_metadata(text), Some(Uuid::METADATA_TOPIC));
        for damaged in
            ["", "version: 1\ntopic_id: AAAAAAAAAAAAAAAAAAAAAQ", "version: 0\n", "version: 0\ntopic_id: x"]
        {
            assert_eq!(decode_partition_metadata(damaged), None, "{damaged:?}");
        }
    }
}
