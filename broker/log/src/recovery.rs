//! Opening a log: what lies in its directory, what of it is sound, and what it tells of epochs and producers.
//!
//! After a clean stop only the end is looked for. Otherwise every batch from the segment that holds the last one before
//! the recovery point on is checked; the first that is not sound ends the log. What lies beyond the recovery point is written
//! again, so that the barrier at the end of opening covers it whatever a failed barrier left in the page cache.
//!
//! Not here: the barrier itself (`log`).

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io;
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
use crate::scan::{Found, Placed, Scan, read_batch};
use crate::segment::{INDEX, LOG, Segment, TIME_INDEX, TRANSACTION_INDEX};
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
    let bytes = atomic_file::read(env, &path.join(PARTITION_METADATA)).await?;
    Ok(bytes.as_deref().and_then(|bytes| decode_partition_metadata(std::str::from_utf8(bytes).ok()?)))
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

/// Opens the log in the directory `path`, which is there.
pub(crate) async fn open(
    env: &Env,
    path: &Rc<Path>,
    config: LogConfig,
    start: LogStart,
    dirty: &RefCell<Dirty>,
    open_files: &Arc<OpenFiles>,
) -> io::Result<Opened> {
    dirty.borrow_mut().add_directory(path.to_path_buf());
    let mut recovery = Recovery::load(env, path, config, dirty, open_files).await?;
    let start =
        if recovery.epochs_damaged { LogStart { recovery_point: 0, clean: false, ..start } } else { start };
    recovery.find_end(start).await?;
    if recovery.end < start.log_start_offset {
        recovery.remove_from(0).await?;
        recovery.epochs.clear();
        recovery.producers = ProducerState::default();
        recovery.end = start.log_start_offset;
    }
    if recovery.segments.is_empty() {
        recovery.made_anew = true;
        recovery.end = start.log_start_offset;
        let shape = shape(env, path, &recovery.config, open_files);
        let segment = Segment::create(env, recovery.end, shape, env.wall(), dirty).await?;
        recovery.segments.insert(recovery.end, Rc::new(segment));
    }
    recovery.finish(start).await
}

struct Recovery<'a> {
    env: &'a Env,
    path: &'a Rc<Path>,
    config: LogConfig,
    dirty: &'a RefCell<Dirty>,
    segments: BTreeMap<i64, Rc<Segment>>,
    snapshots: Snapshots,
    epochs: EpochCache,
    epochs_damaged: bool,
    producers: ProducerState,
    end: i64,
    /// Of the batches checked so far.
    newest_epoch: i32,
    scanned: bool,
    made_anew: bool,
}

impl<'a> Recovery<'a> {
    async fn load(
        env: &'a Env,
        path: &'a Rc<Path>,
        config: LogConfig,
        dirty: &'a RefCell<Dirty>,
        open_files: &Arc<OpenFiles>,
    ) -> io::Result<Recovery<'a>> {
        let names = leftovers::settle(env, path).await?;
        let bases: BTreeSet<i64> = names.iter().filter_map(|name| offset_of(name, LOG)).collect();
        for name in &names {
            let orphan = [INDEX, TIME_INDEX, TRANSACTION_INDEX]
                .iter()
                .find_map(|suffix| offset_of(name, suffix))
                .is_some_and(|base_offset| !bases.contains(&base_offset));
            if orphan {
                atomic_file::remove(env, &path.join(name)).await?;
            }
        }
        let mut segments = BTreeMap::new();
        for base_offset in bases {
            let shape = shape(env, path, &config, open_files);
            let segment = Segment::existing(base_offset, shape, 0, env.wall());
            let len = env.stat(&segment.path(LOG)).await?.len;
            segment.set_size(len);
            segments.insert(base_offset, Rc::new(segment));
        }
        let epochs = atomic_file::read(env, &path.join(epoch_cache::FILE)).await?;
        let epochs = epochs.map(|bytes| std::str::from_utf8(&bytes).ok().and_then(EpochCache::decode));
        let holds_records = segments.values().any(|segment: &Rc<Segment>| segment.size() > 0);
        let epochs_damaged = matches!(epochs, Some(None) | None) && holds_records;
        Ok(Recovery {
            env,
            path,
            config,
            dirty,
            segments,
            snapshots: Snapshots::new(
                names.iter().filter_map(|name| offset_of(name, snapshots::SUFFIX)).collect(),
            ),
            epochs: epochs.flatten().unwrap_or_default(),
            epochs_damaged,
            producers: ProducerState::default(),
            end: 0,
            newest_epoch: -1,
            scanned: false,
            made_anew: false,
        })
    }

    async fn find_end(&mut self, start: LogStart) -> io::Result<()> {
        let Some(active) = self.segments.last_key_value().map(|(_, segment)| segment.clone()) else {
            return Ok(());
        };
        if !start.clean {
            return self.check_from(start.recovery_point).await;
        }
        match self.end_of_clean(&active).await? {
            Some(end) => {
                self.end = end;
                self.load_producers(end).await
            }
            None => {
                tracing::warn!(log = %self.path.display(), "the log is damaged although it was stopped cleanly");
                self.check_from(active.base_offset).await
            }
        }
    }

    /// The end of a segment that needs no check; `None` if there is no sound batch at its end.
    async fn end_of_clean(&self, active: &Segment) -> io::Result<Option<i64>> {
        active.load_indexes(self.env, i64::MAX).await?;
        active.load_first_timestamp(self.env).await?;
        let mut end = active.base_offset;
        let mut scan = Scan::new(active.file(self.env).await?, active.last_indexed_position(), active.size());
        loop {
            match scan.next_header().await? {
                Found::Batch(placed) if placed.header.base_offset >= end => end = placed.header.next_offset(),
                Found::End => return Ok(Some(end)),
                Found::Batch(_) | Found::Broken(_) => return Ok(None),
            }
        }
    }

    /// Checks all batches from the segment on that holds the last one before `recovery_point`: a recovery point at the very
    /// base of a segment says nothing of the indexes of the one before, which were completed when it was rolled.
    async fn check_from(&mut self, recovery_point: i64) -> io::Result<()> {
        self.scanned = true;
        let first = self.segments.range(..recovery_point).next_back().map(|(base_offset, _)| *base_offset);
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
            if !self.check_segment(&segment, recovery_point).await? {
                return self.remove_from(base_offset + 1).await;
            }
            checked = Some(segment);
        }
        Ok(())
    }

    /// Checks one segment, cuts it where it is not sound, and builds its indexes; whether it was sound.
    async fn check_segment(&mut self, segment: &Segment, recovery_point: i64) -> io::Result<bool> {
        let file = segment.file(self.env).await?;
        self.dirty.borrow_mut().add_file(&file);
        self.end = segment.base_offset;
        let mut rebuild = segment.begin_rebuild();
        let mut scan = Scan::new(file, 0, segment.size());
        let mut sound_to = 0;
        let mut rewrite_from = None;
        let damage = loop {
            let (placed, batch) = match scan.next_whole().await? {
                Found::Batch(found) => found,
                Found::End => break None,
                Found::Broken(why) => break Some(why),
            };
            let header = &placed.header;
            // Leaders' epochs only rise: what an earlier leader wrote behind a later one's batch was cut off once, and
            // came back when power went before the bytes that took its place were flushed.
            if header.partition_leader_epoch < self.newest_epoch {
                break Some(format!(
                    "a batch of leader epoch {} at offset {} behind one of epoch {}",
                    header.partition_leader_epoch, header.base_offset, self.newest_epoch
                ));
            }
            let follows = header.base_offset == self.end || self.config.cleanup_compact;
            if header.base_offset < self.end || !follows || !segment.can_hold(header.last_offset()) {
                break Some(format!("a batch at offset {} where {} was due", header.base_offset, self.end));
            }
            if header.last_offset() >= recovery_point {
                rewrite_from.get_or_insert(placed.at);
            }
            self.newest_epoch = header.partition_leader_epoch;
            self.note(&placed, coordinator_epoch(&batch));
            self.epochs.observe(header.partition_leader_epoch, header.base_offset);
            rebuild.note(&placed);
            sound_to = placed.end();
            self.end = header.next_offset();
        };
        if let Some(why) = &damage {
            let bytes = segment.size() - sound_to;
            tracing::warn!(log = %self.path.display(), segment = segment.base_offset, end = self.end, bytes, why,
                "the end of the log is not sound and is cut");
            segment.cut(self.env, sound_to).await?;
        }
        segment.finish_rebuild(self.env, rebuild, self.dirty).await?;
        if let Some(from) = rewrite_from {
            segment.rewrite(self.env, from).await?;
        }
        Ok(damage.is_none())
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
            remove_segment(self.env, &segment).await?;
        }
        self.env.sync_dir(self.path).await
    }

    fn note(&mut self, placed: &Placed, coordinator_epoch: Option<i32>) {
        self.producers.apply(&Incoming { header: &placed.header, coordinator_epoch });
    }

    /// Producers' state as of `offset`: the newest snapshot before, and the headers from there on.
    async fn load_producers(&mut self, offset: i64) -> io::Result<()> {
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
        if cut || self.scanned {
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
            warm: VecDeque::new(),
        };
        Ok(Opened { state, all_flushed: !self.scanned, made_anew: self.made_anew })
    }
}

/// Feeds batches between two offsets to producers' state, by their headers.
pub(crate) async fn replay(
    env: &Env,
    segments: &BTreeMap<i64, Rc<Segment>>,
    mut producers: ProducerState,
    from: i64,
    to: i64,
) -> io::Result<ProducerState> {
    let first = segments.range(..=from).next_back().map_or(from, |(base_offset, _)| *base_offset);
    for (base_offset, segment) in segments.range(first..to.max(first)) {
        let file = segment.file(env).await?;
        let mut scan = Scan::new(file.clone(), 0, segment.size());
        while let Found::Batch(placed) = scan.next_header().await? {
            let header = &placed.header;
            if header.base_offset >= to {
                break;
            }
            if header.last_offset() < from || !header.has_producer_id() {
                continue;
            }
            let marker = if header.attributes.is_control() {
                coordinator_epoch(&read_batch(&file, &placed).await?)
            } else {
                None
            };
            producers.apply(&Incoming { header, coordinator_epoch: marker });
        }
        let is_active = segments.range(base_offset + 1..).next().is_none();
        if !is_active {
            segment.cool();
        }
    }
    Ok(producers)
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
    for suffix in [LOG, INDEX, TIME_INDEX, TRANSACTION_INDEX] {
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
