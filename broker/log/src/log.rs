//! One replica's log: its handle, its state, turns, flushing, rolling and closing.
//!
//! Not here: appending, reading, cutting, retention and recovery, each a file of its own.

use std::cell::{Cell, Ref, RefCell, RefMut};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::{Either, ready};
use klamm_env::{Env, IoVec, Open};
use klamm_records::BatchHeader;
use rand_chacha::rand_core::Rng;
use tokio::sync::{Mutex, MutexGuard};

use crate::atomic_file;
use crate::config::LogConfig;
use crate::directory::LogDirectory;
use crate::epoch_cache::{self, EpochCache};
use crate::error::LogError;
use crate::name::{TopicId, TopicPartition};
use crate::open_files::OpenFiles;
use crate::producer_state::{ActiveProducer, ProducerState};
use crate::recovery;
use crate::segment::{Place, Segment, Shape};
use crate::snapshots::Snapshots;
use crate::syncer::{Dirty, LogKey};

/// What the directory's checkpoints say of a log that is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct LogStart {
    /// Everything below was flushed (`recovery-point-offset-checkpoint`); 0 if unknown.
    pub recovery_point: i64,
    /// First offset to serve (`log-start-offset-checkpoint`); 0 if unknown.
    pub log_start_offset: i64,
    /// The directory was left by a clean stop: nothing is scanned.
    pub clean: bool,
}

/// One replica's log: a handle that is cloned cheaply and never leaves its lane. Appends, rolls, cuts and
/// deletions take turns, in the order they were called; reads run beside them.
#[derive(Clone)]
pub struct Log(Rc<Shared>);

struct Shared {
    directory: LogDirectory,
    partition: TopicPartition,
    place: Rc<Place>,
    turn: Mutex<()>,
    closed: Cell<bool>,
    flushed: Cell<Flushed>,
    /// Base of the newest segment whose name is on the disk.
    durable_base: Cell<i64>,
    dirty: RefCell<Dirty>,
    /// What the disk had loaded when slots were written last: no more than it has when the next batch is.
    loads: Cell<u64>,
    key: LogKey,
    /// Small files that wait for the barrier of the first records; not held open meanwhile.
    unsynced: RefCell<Vec<PathBuf>>,
    state: RefCell<State>,
}

/// The flushed end, and where it lies, so that readers need not look for it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Flushed {
    pub(crate) end_offset: i64,
    pub(crate) segment_base: i64,
    pub(crate) position: u64,
    /// Counts cuts: a barrier begun before one says nothing of what came after.
    pub(crate) cuts: u64,
}

/// What the log is, in memory. Never borrowed across an await.
pub(crate) struct State {
    pub(crate) config: LogConfig,
    pub(crate) log_start_offset: i64,
    pub(crate) log_end_offset: i64,
    /// Where the log began at least if power went now: the first segment, once those before it are durably gone.
    pub(crate) first_durable_offset: i64,
    /// By base offset; never empty once the log is open.
    pub(crate) segments: BTreeMap<i64, Rc<Segment>>,
    pub(crate) epochs: EpochCache,
    pub(crate) producers: ProducerState,
    pub(crate) snapshots: Snapshots,
    /// First offsets of records that were found damaged.
    pub(crate) damaged: BTreeSet<i64>,
    /// Bytes at the end that were not sound when the log was opened.
    pub(crate) cut_at_open: u64,
    /// Inactive segments that hold files and indexes open, the one read last at the end.
    pub(crate) warm: VecDeque<i64>,
}

impl State {
    /// The last segment, which is appended to.
    pub(crate) fn active(&self) -> &Rc<Segment> {
        self.segments.last_key_value().expect("a log has a segment").1
    }

    /// Where the segment with this base offset ends.
    pub(crate) fn end_of(&self, base_offset: i64) -> i64 {
        let mut later = self.segments.range(base_offset + 1..);
        later.next().map_or(self.log_end_offset, |(base_offset, _)| *base_offset)
    }
}

impl Log {
    /// Opens or makes the log of `partition` in `directory`. Unless `start.clean`, what lies beyond the recovery
    /// point is checked batch by batch, a torn tail is cut, and what is left is flushed before this returns.
    ///
    /// # Errors
    /// [`LogError::Storage`], and [`LogError::Malformed`] if `partition.metadata` names another topic id.
    pub async fn open(
        directory: &LogDirectory,
        partition: &TopicPartition,
        topic_id: Option<TopicId>,
        config: LogConfig,
        start: LogStart,
    ) -> Result<Self, LogError> {
        directory.check_writable()?;
        let path: Rc<Path> = directory.path().join(partition.directory_name()).into();
        let dirty = RefCell::default();
        let env = directory.env();
        let open_files = directory.open_files();
        let (topic_id, written) = recovery::verify_topic_id(env, &path, topic_id).await?;
        let place = Rc::new(Place { path: path.clone(), topic_id, partition: partition.partition });
        let opened = recovery::open(env, &place, config, start, &dirty, open_files).await;
        let opened = opened.map_err(|error| directory.failed_by(error))?;
        dirty.borrow_mut().add_directory(directory.path().to_owned());
        let log = Self(Rc::new(Shared {
            directory: directory.clone(),
            partition: partition.clone(),
            place,
            turn: Mutex::new(()),
            closed: Cell::new(false),
            flushed: Cell::default(),
            durable_base: Cell::new(i64::MIN),
            dirty,
            loads: Cell::new(env.loads()),
            key: directory.syncer().new_key(),
            unsynced: RefCell::new(written.into_iter().collect()),
            state: RefCell::new(opened.state),
        }));
        if opened.all_flushed {
            log.0.flushed.set(log.end_mark());
            if !opened.made_anew {
                log.0.durable_base.set(log.0.flushed.get().segment_base);
            }
        } else {
            log.flush().await?;
        }
        Ok(log)
    }

    pub(crate) fn env(&self) -> &Env {
        self.0.directory.env()
    }

    pub(crate) fn directory(&self) -> &LogDirectory {
        &self.0.directory
    }

    pub(crate) fn state(&self) -> Ref<'_, State> {
        self.0.state.borrow()
    }

    pub(crate) fn state_mut(&self) -> RefMut<'_, State> {
        self.0.state.borrow_mut()
    }

    pub(crate) fn dirty(&self) -> &RefCell<Dirty> {
        &self.0.dirty
    }

    pub(crate) fn flushed(&self) -> Flushed {
        self.0.flushed.get()
    }

    /// Waits for this caller's turn to change the log.
    pub(crate) async fn turn(&self) -> Result<MutexGuard<'_, ()>, LogError> {
        let turn = self.0.turn.lock().await;
        if self.0.closed.get() {
            return Err(LogError::Offline);
        }
        self.0.directory.check_writable()?;
        Ok(turn)
    }

    /// Notes that a write failed, and gives the error to answer with.
    pub(crate) fn failed_by(&self, error: io::Error) -> LogError {
        self.0.directory.failed_by(error)
    }

    /// The same where files may be half-way: the log takes no more changes before it is opened again.
    pub(crate) fn failed_half_way(&self, error: io::Error) -> LogError {
        self.0.closed.set(true);
        self.failed_by(error)
    }

    /// Has the next barrier cover the small files that waited for records.
    pub(crate) async fn gather_unsynced(&self) -> io::Result<()> {
        loop {
            let next = self.0.unsynced.borrow().last().cloned();
            let Some(path) = next else { return Ok(()) };
            let file = self.env().open(&path, Open::EDIT).await?;
            self.0.dirty.borrow_mut().add_file(&file);
            self.0.unsynced.borrow_mut().pop();
        }
    }

    /// The partition.
    pub fn partition(&self) -> &TopicPartition {
        &self.0.partition
    }

    /// The topic's id as `partition.metadata` has it.
    pub fn topic_id(&self) -> Option<TopicId> {
        self.0.place.topic_id
    }

    /// The directory of its files; metadata snapshots lie there too.
    pub fn path(&self) -> &Path {
        &self.0.place.path
    }

    /// First offset that may be read.
    pub fn log_start_offset(&self) -> i64 {
        self.state().log_start_offset
    }

    /// Offset of the next record to come.
    pub fn log_end_offset(&self) -> i64 {
        self.state().log_end_offset
    }

    /// Everything below is on the disk; also the recovery point to checkpoint.
    pub fn flushed_end_offset(&self) -> i64 {
        self.0.flushed.get().end_offset
    }

    /// The flushed end with fsync durability, else the end: no reader, follower or answer goes beyond.
    pub fn visible_end_offset(&self) -> i64 {
        let state = self.state();
        if state.config.durability_fsync { self.flushed_end_offset() } else { state.log_end_offset }
    }

    /// Asks the directory's syncer for a barrier over what was appended so far. The request is made by this call,
    /// not by the first poll; dropping the future takes nothing back. It yields the flushed end offset.
    ///
    /// # Errors
    /// [`LogError::Storage`] if the barrier failed, [`LogError::Offline`] if the node goes down.
    pub fn flush(&self) -> impl Future<Output = Result<i64, LogError>> + use<> {
        let flushed = self.flushed_end_offset();
        let is_durable =
            self.0.dirty.borrow().is_empty() && self.log_end_offset() <= flushed && self.names_are_durable();
        match () {
            () if is_durable => Either::Left(ready(Ok(flushed))),
            // Its files may have other names by now.
            () if self.0.closed.get() => Either::Left(ready(Err(LogError::Offline))),
            () => Either::Right(self.barrier()),
        }
    }

    /// As [`Log::flush`], behind all barriers that were asked for, also if there is nothing to flush.
    fn barrier(&self) -> impl Future<Output = Result<i64, LogError>> + use<> {
        let (log, shared) = (self.clone(), self.0.clone());
        let target = self.end_mark();
        let asked = self.0.directory.syncer().flush(self.0.key, self.0.dirty.take());
        async move {
            log.write_slots().await.map_err(|error| log.failed_by(error))?;
            asked.await.map_err(|_| LogError::Offline)??;
            let known = shared.flushed.get();
            if known.cuts == target.cuts {
                shared.durable_base.set(shared.durable_base.get().max(target.segment_base));
            }
            if known.cuts == target.cuts && known.end_offset <= target.end_offset {
                shared.flushed.set(target);
            }
            Ok(shared.flushed.get().end_offset)
        }
    }

    /// Has the sidecar know of batches that were written behind all others just now.
    pub(crate) fn note_groups(&self, segment: &Segment, batches: &[BatchHeader]) {
        let (at, loads) = (segment.size(), Some(self.0.loads.get()));
        segment.note_groups(batches.iter().copied(), at, self.flushed_end_offset(), loads);
    }

    /// Writes the slots of all batches noted so far.
    pub(crate) async fn write_slots(&self) -> io::Result<()> {
        let active = self.state().active().clone();
        let Some(file) = active.write_slots(self.env(), &self.0.dirty, self.flushed_end_offset()).await?
        else {
            return Ok(());
        };
        self.0.loads.set(self.env().loads());
        if self.state().config.durability_fsync {
            self.0.directory.syncer().sidecar_written(&file);
        } else {
            self.0.dirty.borrow_mut().add_file(&file);
        }
        Ok(())
    }

    /// Whether a barrier has covered the names of all segments.
    fn names_are_durable(&self) -> bool {
        self.0.durable_base.get() >= self.state().active().base_offset
    }

    /// Waits for a barrier over the names of all segments, unless there was one.
    pub(crate) async fn make_names_durable(&self) -> Result<(), LogError> {
        if self.names_are_durable() { Ok(()) } else { self.flush().await.map(|_| ()) }
    }

    fn end_mark(&self) -> Flushed {
        let state = self.state();
        let active = state.active();
        Flushed {
            end_offset: state.log_end_offset,
            segment_base: active.base_offset,
            position: active.size(),
            cuts: self.0.flushed.get().cuts,
        }
    }

    /// The log was cut; what is left up to `end_offset` stays flushed as far as it was.
    pub(crate) fn note_cut(&self) {
        let mut flushed = self.0.flushed.get();
        flushed.cuts += 1;
        let end = self.end_mark();
        if flushed.end_offset >= end.end_offset {
            flushed = Flushed { cuts: flushed.cuts, ..end };
        }
        self.0.flushed.set(flushed);
        self.0.durable_base.set(self.0.durable_base.get().min(end.segment_base));
    }

    /// Closes the active segment, unless it is empty, and begins another at the log's end.
    ///
    /// # Errors
    /// [`LogError::Storage`].
    pub async fn roll(&self) -> Result<(), LogError> {
        let _turn = self.turn().await?;
        let end = self.log_end_offset();
        self.roll_to(end).await
    }

    /// Begins a segment at `base_offset`; the caller has the turn.
    pub(crate) async fn roll_to(&self, base_offset: i64) -> Result<(), LogError> {
        let active = self.state().active().clone();
        if active.size() == 0 && active.base_offset == base_offset {
            return Ok(());
        }
        // The next segment's name must not outlive this one's.
        self.make_names_durable().await?;
        let rolled = async {
            active.complete_indexes(self.env(), &self.0.dirty, self.flushed_end_offset()).await?;
            self.take_producer_snapshot(base_offset).await?;
            Segment::create(self.env(), base_offset, self.shape(), self.env().wall(), &self.0.dirty).await
        };
        let segment = rolled.await.map_err(|error| self.failed_by(error))?;
        tracing::debug!(partition = %self.0.partition, base_offset, "rolled a segment");
        self.state_mut().segments.insert(base_offset, Rc::new(segment));
        self.keep_warm(active.base_offset);
        // The barrier runs behind, so that the recovery point moves on also where nobody asks for one.
        let flush = self.flush();
        self.env().spawn_local("rolled segment flush", async move {
            // A failure takes the directory offline, which whoever appends learns.
            let _ = flush.await;
        });
        Ok(())
    }

    pub(crate) fn shape(&self) -> Shape {
        shape(self.env(), &self.0.place, &self.state().config, self.0.directory.open_files())
    }

    /// Writes `<offset>.snapshot` unless there is one.
    pub(crate) async fn take_producer_snapshot(&self, offset: i64) -> io::Result<()> {
        let bytes = {
            let state = self.state();
            if state.snapshots.contains(offset) {
                return Ok(());
            }
            crate::producer_snapshot::encode(state.producers.producers())
        };
        crate::snapshots::write(self.env(), self.path(), offset, bytes, &self.0.dirty).await?;
        self.state_mut().snapshots.insert(offset);
        Ok(())
    }

    /// Notes that `leader_epoch` begins at `start_offset`; the caller has the turn.
    pub(crate) async fn note_epoch(&self, leader_epoch: i32, start_offset: i64) -> Result<(), LogError> {
        let before = self.state().epochs.clone();
        if !self.state_mut().epochs.assign(leader_epoch, start_offset) {
            return Ok(());
        }
        // A first epoch replaces nothing, so it may wait for the barrier of the records that follow it.
        let first = before.is_empty();
        let written = if first { self.write_first_epoch().await } else { self.write_epochs().await };
        written.map_err(|error| {
            self.state_mut().epochs = before;
            self.failed_by(error)
        })
    }

    async fn write_first_epoch(&self) -> io::Result<()> {
        let text = Bytes::from(self.state().epochs.encode());
        let path = self.path().join(epoch_cache::FILE);
        self.env().open(&path, Open::REPLACE).await?.write(0, IoVec::from(text)).await?;
        self.0.unsynced.borrow_mut().push(path);
        self.0.dirty.borrow_mut().add_directory(self.path().to_path_buf());
        Ok(())
    }

    pub(crate) async fn write_epochs(&self) -> io::Result<()> {
        let text = Bytes::from(self.state().epochs.encode());
        atomic_file::replace(self.env(), &self.path().join(epoch_cache::FILE), text).await
    }

    /// Settings in force.
    pub fn config(&self) -> LogConfig {
        self.state().config.clone()
    }

    /// Other settings from the next operation on.
    pub fn update_config(&self, config: LogConfig) {
        self.state_mut().config = config;
    }

    /// How many groups of records were found that the disk does not have as they were written.
    pub fn damaged_groups(&self) -> usize {
        self.state().damaged.len()
    }

    /// Bytes that were cut from the log's end when it was opened, since they were not sound and no barrier had covered them.
    pub fn cut_at_open(&self) -> u64 {
        self.state().cut_at_open
    }

    /// Bytes in all segments, without indexes.
    pub fn size(&self) -> u64 {
        self.state().segments.values().map(|segment| segment.size()).sum()
    }

    /// How many segments there are; at least 1.
    pub fn segment_count(&self) -> usize {
        self.state().segments.len()
    }

    /// The log's start if it belongs into `log-start-offset-checkpoint`: if the files alone do not tell it.
    pub fn log_start_to_remember(&self) -> Option<i64> {
        let state = self.state();
        (state.log_start_offset > state.first_durable_offset).then_some(state.log_start_offset)
    }

    /// Base offset of the first segment.
    pub fn first_segment_offset(&self) -> i64 {
        *self.state().segments.first_key_value().expect("a log has a segment").0
    }

    /// How many producers have a live state.
    pub fn producer_count(&self) -> usize {
        self.state().producers.producers().len()
    }

    /// Producers with a live state (DescribeProducers), by id.
    pub fn active_producers(&self) -> Vec<ActiveProducer> {
        self.state().producers.active()
    }

    /// Clean stop: writes what is left of indexes, trims them, writes a producer snapshot, flushes all of it.
    /// Appends fail from then on.
    ///
    /// # Errors
    /// [`LogError::Storage`]; the directory must not be marked as cleanly stopped then.
    pub async fn close(&self) -> Result<(), LogError> {
        let _turn = self.turn().await?;
        let (active, end) = {
            let state = self.state();
            (state.active().clone(), state.log_end_offset)
        };
        let finish = async {
            self.gather_unsynced().await?;
            active.complete_indexes(self.env(), &self.0.dirty, self.flushed_end_offset()).await?;
            self.take_producer_snapshot(end).await
        };
        finish.await.map_err(|error| self.failed_by(error))?;
        self.flush().await?;
        self.0.closed.set(true);
        self.state().segments.values().for_each(|segment| segment.cool());
        Ok(())
    }

    /// Ends the log because its topic or replica is deleted: its directory gets another name at once, durably, and
    /// goes after `file.delete.delay.ms`. Appends and reads of files not yet open fail from then on.
    ///
    /// # Errors
    /// [`LogError::Storage`].
    pub async fn delete(&self) -> Result<(), LogError> {
        let _turn = self.turn().await?;
        // Barriers that wait name the directory, which they would not find any more.
        self.barrier().await?;
        self.0.closed.set(true);
        let delay_ms = u64::try_from(self.state().config.file_delete_delay_ms).unwrap_or(0);
        self.0.directory.delete_log(&self.0.partition, Duration::from_millis(delay_ms)).await
    }
}

/// What a new segment of a log is made with.
pub(crate) fn shape(env: &Env, place: &Rc<Place>, config: &LogConfig, open_files: &Arc<OpenFiles>) -> Shape {
    let jitter_max = config.segment_jitter_ms.min(config.segment_ms);
    let roll_jitter_ms = if jitter_max > 0 {
        let draw =
            env.stream("segment roll jitter").next_u64() % u64::try_from(jitter_max).expect("positive");
        i64::try_from(draw).expect("below an i64")
    } else {
        0
    };
    Shape {
        place: place.clone(),
        index_interval_bytes: config.index_interval_bytes,
        roll_jitter_ms,
        open_files: open_files.clone(),
    }
}
