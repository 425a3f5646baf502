//! One segment: a `.log` file with its two indexes and its sidecar, and how a batch is found in it.
//!
//! The indexes of an active segment are kept in memory and written behind the log in groups; their files are
//! preallocated (sparse) with the first entry and trimmed when the segment becomes inactive.
//!
//! Not here: when a segment is rolled, cut or removed.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use bytes::Bytes;
use klamm_env::{Env, File, IoVec, Open, WallMillis};
use klamm_records::BatchHeader;
use tokio::sync::Mutex;

use crate::atomic_file;
use crate::index::{self, OffsetIndex};
use crate::name::{TopicId, segment_file};
use crate::open_files::{Handle, OpenFiles};
use crate::readable::{self, read_readable};
use crate::scan::{Found, Placed, Scan};
use crate::sidecar::{Group, SIDECAR, Sidecar};
use crate::syncer::Dirty;
use crate::time_index::{self, TimeIndex};

pub(crate) const LOG: &str = ".log";
pub(crate) const INDEX: &str = ".index";
pub(crate) const TIME_INDEX: &str = ".timeindex";
pub(crate) const TRANSACTION_INDEX: &str = ".txnindex";
/// Of all files of a segment, the log first: the others are nothing without it.
pub(crate) const SUFFIXES: [&str; 5] = [LOG, INDEX, TIME_INDEX, TRANSACTION_INDEX, SIDECAR];

/// Entries that may be missing in an index file while the segment is active.
const PENDING_ENTRIES_MAX: usize = 64;
/// Recent appends whose place is known without an index.
const MARKS_MAX: usize = 64;

/// The largest time stamp of a segment, and the last offset of the batch that has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Largest {
    pub(crate) timestamp: i64,
    pub(crate) offset: i64,
}

/// Both indexes of a segment, as they grow batch by batch.
struct Indexes {
    base_offset: i64,
    interval_bytes: u64,
    offsets: OffsetIndex,
    times: TimeIndex,
    largest: Largest,
    unindexed_bytes: u64,
}

impl Indexes {
    fn new(base_offset: i64, interval_bytes: u32) -> Self {
        Self::loaded(base_offset, interval_bytes, OffsetIndex::default(), TimeIndex::default())
    }

    fn loaded(base_offset: i64, interval_bytes: u32, offsets: OffsetIndex, times: TimeIndex) -> Self {
        let (timestamp, relative) = times.last().unwrap_or((-1, 0));
        let largest = Largest { timestamp, offset: base_offset + i64::from(relative) };
        let interval_bytes = u64::from(interval_bytes);
        Self { base_offset, interval_bytes, offsets, times, largest, unindexed_bytes: 0 }
    }

    fn relative(&self, offset: i64) -> u32 {
        u32::try_from((offset - self.base_offset).clamp(0, i64::from(i32::MAX))).expect("clamped to int32")
    }

    /// Takes in one more batch, at `at`.
    fn note(&mut self, header: &BatchHeader, at: u64) {
        if header.max_timestamp > self.largest.timestamp {
            self.largest = Largest { timestamp: header.max_timestamp, offset: header.last_offset() };
        }
        if self.unindexed_bytes > self.interval_bytes {
            let position = u32::try_from(at).expect("a segment is smaller than 4 GiB");
            self.offsets.push(self.relative(header.last_offset()), position);
            self.note_largest();
            self.unindexed_bytes = 0;
        }
        self.unindexed_bytes += header.batch_size() as u64;
    }

    /// Takes in batches as the sidecar has them.
    fn note_group(&mut self, group: &Group) {
        if group.max_timestamp > self.largest.timestamp {
            self.largest = Largest { timestamp: group.max_timestamp, offset: group.largest_offset };
        }
        if self.unindexed_bytes > self.interval_bytes {
            self.offsets.push(self.relative(group.first_last_offset), group.position);
            self.note_largest();
            self.unindexed_bytes = 0;
        }
        self.unindexed_bytes += u64::from(group.len);
    }

    fn note_largest(&mut self) {
        self.times.push(self.largest.timestamp, self.relative(self.largest.offset));
    }

    fn lookup(&self, offset: i64) -> u64 {
        u64::from(self.offsets.lookup(self.relative(offset)))
    }
}

/// Indexes that are built from batches that lie in `.log` already.
pub(crate) struct Rebuild {
    indexes: Indexes,
    first_timestamp: Option<i64>,
}

impl Rebuild {
    /// Takes in the next batch.
    pub(crate) fn note(&mut self, placed: &Placed) {
        self.first_timestamp.get_or_insert(placed.header.max_timestamp);
        self.indexes.note(&placed.header, placed.at);
    }

    /// Takes in the next group.
    pub(crate) fn note_group(&mut self, group: &Group) {
        self.first_timestamp.get_or_insert(group.max_timestamp);
        self.indexes.note_group(group);
    }

    /// There are no more batches; gives the entries of both files, from their beginnings.
    fn complete(&mut self) -> [(u64, Bytes); 2] {
        self.indexes.note_largest();
        [self.indexes.offsets.take_pending(), self.indexes.times.take_pending()]
    }
}

/// Where a log lies, and what it is of.
pub(crate) struct Place {
    pub(crate) path: Rc<Path>,
    pub(crate) topic_id: Option<TopicId>,
    pub(crate) partition: i32,
}

/// What a segment is opened with.
pub(crate) struct Shape {
    pub(crate) place: Rc<Place>,
    pub(crate) index_interval_bytes: u32,
    pub(crate) roll_jitter_ms: i64,
    pub(crate) open_files: Arc<OpenFiles>,
}

pub(crate) struct Segment {
    pub(crate) base_offset: i64,
    shape: Shape,
    size: Cell<u64>,
    handle: Arc<Handle>,
    sidecar_handle: Arc<Handle>,
    sidecar: RefCell<Option<Sidecar>>,
    /// Whoever writes slots or cuts their file has it.
    writing_slots: Mutex<()>,
    /// How long its file is at least.
    sidecar_len: Cell<u64>,
    /// What slots were found to say of it.
    known_flushed: Cell<i64>,
    indexes: RefCell<Option<Indexes>>,
    largest: Cell<Option<Largest>>,
    first_timestamp: Cell<Option<i64>>,
    created: WallMillis,
    preallocated: [Cell<bool>; 2],
    marks: RefCell<VecDeque<(i64, u64)>>,
    /// Whoever loads or builds the indexes has it.
    loading: Mutex<()>,
}

impl Segment {
    /// A segment whose `.log` is there with `size` bytes.
    pub(crate) fn existing(base_offset: i64, shape: Shape, size: u64, now: WallMillis) -> Self {
        Self {
            base_offset,
            shape,
            size: Cell::new(size),
            handle: Arc::default(),
            sidecar_handle: Arc::default(),
            sidecar: RefCell::new(None),
            writing_slots: Mutex::new(()),
            sidecar_len: Cell::new(0),
            known_flushed: Cell::new(0),
            indexes: RefCell::new(None),
            largest: Cell::new(None),
            first_timestamp: Cell::new(None),
            created: now,
            preallocated: [const { Cell::new(false) }; 2],
            marks: RefCell::new(VecDeque::new()),
            loading: Mutex::new(()),
        }
    }

    /// Makes the files of an empty segment.
    pub(crate) async fn create(
        env: &Env,
        base_offset: i64,
        shape: Shape,
        now: WallMillis,
        dirty: &RefCell<Dirty>,
    ) -> io::Result<Self> {
        let segment = Self::existing(base_offset, shape, 0, now);
        for suffix in [INDEX, TIME_INDEX] {
            env.open(&segment.path(suffix), Open::REPLACE).await?;
        }
        env.open(&segment.path(SIDECAR), Open::REPLACE).await?;
        *segment.sidecar.borrow_mut() = Some(Sidecar::new(segment.identity()));
        let file = env.open(&segment.path(LOG), Open::REPLACE).await?;
        segment.shape.open_files.keep(&segment.handle, &file);
        dirty.borrow_mut().add_directory(segment.shape.place.path.to_path_buf());
        *segment.indexes.borrow_mut() = Some(segment.empty_indexes());
        segment.largest.set(Some(Largest { timestamp: -1, offset: base_offset }));
        Ok(segment)
    }

    pub(crate) fn path(&self, suffix: &str) -> PathBuf {
        self.shape.place.path.join(segment_file(self.base_offset, suffix))
    }

    pub(crate) fn place(&self) -> &Place {
        &self.shape.place
    }

    pub(crate) fn open_files(&self) -> &OpenFiles {
        &self.shape.open_files
    }

    pub(crate) fn sidecar(&self) -> &RefCell<Option<Sidecar>> {
        &self.sidecar
    }

    pub(crate) fn sidecar_handle(&self) -> &Arc<Handle> {
        &self.sidecar_handle
    }

    pub(crate) fn writing_slots(&self) -> &Mutex<()> {
        &self.writing_slots
    }

    pub(crate) fn sidecar_len(&self) -> u64 {
        self.sidecar_len.get()
    }

    pub(crate) fn set_sidecar_len(&self, len: u64) {
        self.sidecar_len.set(len);
    }

    /// Everything below was flushed, as far as slots tell that were loaded.
    pub(crate) fn known_flushed(&self) -> i64 {
        self.known_flushed.get()
    }

    pub(crate) fn note_flushed(&self, offset: i64) {
        self.known_flushed.set(self.known_flushed.get().max(offset));
    }

    pub(crate) fn size(&self) -> u64 {
        self.size.get()
    }

    /// Sets the length of `.log` as it was found.
    pub(crate) fn set_size(&self, size: u64) {
        self.size.set(size);
    }

    /// Cuts `.log` at a batch that begins at `at`; the indexes are to be built anew. What the sidecar says of the bytes is
    /// durably gone before they are.
    pub(crate) async fn cut(&self, env: &Env, at: u64) -> io::Result<()> {
        self.cut_sidecar(env, at).await?;
        self.file(env).await?.set_len(at).await?;
        self.size.set(at);
        self.marks.borrow_mut().clear();
        Ok(())
    }

    /// The `.log` file, opened where it is not.
    pub(crate) async fn file(&self, env: &Env) -> io::Result<Arc<dyn File>> {
        match self.handle.get() {
            Some(file) => Ok(file),
            None => self.shape.open_files.open(env, &self.path(LOG), &self.handle).await,
        }
    }

    /// Gives back what [`Segment::file`] and lookups opened and loaded.
    pub(crate) fn cool(&self) {
        self.handle.close();
        self.sidecar_handle.close();
        *self.indexes.borrow_mut() = None;
        *self.sidecar.borrow_mut() = None;
    }

    /// Whether `offset` fits the int32 of an index entry.
    pub(crate) fn can_hold(&self, offset: i64) -> bool {
        (0..=i64::from(i32::MAX)).contains(&(offset - self.base_offset))
    }

    fn empty_indexes(&self) -> Indexes {
        Indexes::new(self.base_offset, self.shape.index_interval_bytes)
    }

    /// Milliseconds that count against `segment.ms` when a batch with `timestamp` comes.
    pub(crate) fn waited_ms(&self, timestamp: i64, now: WallMillis) -> i64 {
        match self.first_timestamp.get().filter(|first| *first >= 0) {
            Some(first) => timestamp.saturating_sub(first),
            None => now.0.saturating_sub(self.created.0),
        }
    }

    pub(crate) fn roll_jitter_ms(&self) -> i64 {
        self.shape.roll_jitter_ms
    }

    /// Whether an index has no room left for entries of `index_bytes`.
    pub(crate) fn indexes_full(&self, index_bytes: u32) -> bool {
        let room = index_bytes as usize;
        self.indexes.borrow().as_ref().is_some_and(|indexes| {
            indexes.offsets.len() >= (room / index::ENTRY_LEN).max(1)
                || indexes.times.len() + 1 >= (room / time_index::ENTRY_LEN).max(2)
        })
    }

    /// Takes in batches that were written at the end of `.log`; readers see them from now on.
    pub(crate) fn extend(&self, batches: &[BatchHeader], size: u64) {
        let Some(first) = batches.first() else { return };
        let mut at = self.size.get();
        if at == 0 {
            self.first_timestamp.set(Some(first.max_timestamp));
        }
        let mut marks = self.marks.borrow_mut();
        if marks.len() == MARKS_MAX {
            marks.pop_front();
        }
        marks.push_back((first.base_offset, at));
        let mut indexes = self.indexes.borrow_mut();
        let indexes = indexes.as_mut().expect("the indexes of an active segment are loaded");
        for header in batches {
            indexes.note(header, at);
            at += header.batch_size() as u64;
        }
        debug_assert_eq!(at, self.size.get() + size);
        self.largest.set(Some(indexes.largest));
        self.size.set(at);
    }

    /// Whether so many index entries are only in memory that it is time to write them.
    pub(crate) fn indexes_are_behind(&self) -> bool {
        self.indexes.borrow().as_ref().is_some_and(|indexes| {
            indexes.offsets.pending() >= PENDING_ENTRIES_MAX || indexes.times.pending() >= PENDING_ENTRIES_MAX
        })
    }

    /// Writes index entries that are only in memory, and preallocates the files up to `index_bytes`.
    pub(crate) async fn write_indexes(&self, env: &Env, index_bytes: u32) -> io::Result<()> {
        let files = self.index_files(env).await?;
        for (slot, (file, (at, bytes))) in files.iter().zip(self.take_pending()).enumerate() {
            if bytes.is_empty() {
                continue;
            }
            let end = at + bytes.len() as u64;
            file.write(at, IoVec::from(bytes)).await?;
            if !self.preallocated[slot].replace(true) {
                let entry_len = [index::ENTRY_LEN, time_index::ENTRY_LEN][slot] as u64;
                let room = u64::from(index_bytes) / entry_len * entry_len;
                file.set_len(room.max(end)).await?;
            }
        }
        Ok(())
    }

    /// Both index files. They are opened before entries are taken for them: where there is no handle left, none is lost.
    async fn index_files(&self, env: &Env) -> io::Result<[Arc<dyn File>; 2]> {
        let offsets = env.open(&self.path(INDEX), Open::CREATE).await?;
        Ok([offsets, env.open(&self.path(TIME_INDEX), Open::CREATE).await?])
    }

    fn take_pending(&self) -> [(u64, Bytes); 2] {
        let mut indexes = self.indexes.borrow_mut();
        let indexes = indexes.as_mut().expect("the indexes of an active segment are loaded");
        [indexes.offsets.take_pending(), indexes.times.take_pending()]
    }

    /// Writes what is missing in the index files, with an entry for the largest time stamp, and cuts them to their
    /// entries. The segment may become inactive then.
    pub(crate) async fn complete_indexes(
        &self,
        env: &Env,
        dirty: &RefCell<Dirty>,
        flushed_offset: i64,
    ) -> io::Result<()> {
        if let Some(indexes) = self.indexes.borrow_mut().as_mut() {
            indexes.note_largest();
        }
        self.complete_sidecar(env, dirty, flushed_offset).await?;
        let files = self.index_files(env).await?;
        write_trimmed(files, self.take_pending(), dirty).await?;
        self.preallocated.iter().for_each(|each| each.set(false));
        self.marks.borrow_mut().clear();
        Ok(())
    }

    /// Loads the indexes unless they are; what is not sound is built anew. `end_offset` is where the segment ends.
    pub(crate) async fn load_indexes(&self, env: &Env, end_offset: i64) -> io::Result<()> {
        if self.indexes.borrow().is_some() {
            return Ok(());
        }
        let _turn = self.loading.lock().await;
        if self.indexes.borrow().is_some() {
            return Ok(());
        }
        let offsets = readable::read_small(env, &self.path(INDEX)).await?;
        let times = readable::read_small(env, &self.path(TIME_INDEX)).await?;
        let decoded = offsets.zip(times).and_then(|(offsets, times)| {
            let offsets = OffsetIndex::decode(&offsets, self.size.get())?;
            let times = TimeIndex::decode(&times, end_offset - self.base_offset)?;
            Some(Indexes::loaded(self.base_offset, self.shape.index_interval_bytes, offsets, times))
        });
        match decoded {
            Some(indexes) => {
                self.install(indexes);
                Ok(())
            }
            None => self.rebuild(env).await,
        }
    }

    fn install(&self, indexes: Indexes) {
        if self.largest.get().is_none() {
            self.largest.set(Some(indexes.largest));
        }
        *self.indexes.borrow_mut() = Some(indexes);
    }

    /// Builds the indexes anew, whatever they are.
    async fn rebuild_indexes(&self, env: &Env) -> io::Result<()> {
        let _turn = self.loading.lock().await;
        self.rebuild(env).await
    }

    /// Builds the indexes from the headers in `.log`, and puts them in the place of the files, durably: no start builds
    /// them again once the recovery point is beyond, and an index that power took a part of looks sound.
    async fn rebuild(&self, env: &Env) -> io::Result<()> {
        tracing::warn!(segment = %self.path(LOG).display(), "an index is missing or malformed and is built anew");
        let mut rebuild = self.begin_rebuild();
        let mut scan = Scan::new(self.file(env).await?, 0, self.size.get());
        while let Found::Batch(placed) = scan.next_header().await? {
            rebuild.note(&placed);
        }
        let [(_, offsets), (_, times)] = rebuild.complete();
        atomic_file::replace(env, &self.path(INDEX), offsets).await?;
        atomic_file::replace(env, &self.path(TIME_INDEX), times).await?;
        self.install_rebuilt(rebuild);
        Ok(())
    }

    /// Begins to build the indexes anew from batches that lie in `.log` already.
    pub(crate) fn begin_rebuild(&self) -> Rebuild {
        Rebuild { indexes: self.empty_indexes(), first_timestamp: None }
    }

    /// Writes indexes built anew, trimmed, and uses them from now on.
    pub(crate) async fn finish_rebuild(
        &self,
        env: &Env,
        mut rebuild: Rebuild,
        dirty: &RefCell<Dirty>,
    ) -> io::Result<()> {
        write_trimmed(self.index_files(env).await?, rebuild.complete(), dirty).await?;
        self.install_rebuilt(rebuild);
        Ok(())
    }

    fn install_rebuilt(&self, rebuild: Rebuild) {
        self.first_timestamp.set(rebuild.first_timestamp);
        self.largest.set(None);
        self.install(rebuild.indexes);
    }

    /// Cuts `.log` and the indexes at a batch that begins at `at`; the segment becomes the active one.
    pub(crate) async fn truncate(&self, env: &Env, at: u64) -> io::Result<()> {
        self.cut(env, at).await?;
        self.preallocated.iter().for_each(|each| each.set(false));
        self.rebuild_indexes(env).await
    }

    /// The largest time stamp; -1 if there is none.
    pub(crate) async fn largest(&self, env: &Env, end_offset: i64) -> io::Result<Largest> {
        if self.largest.get().is_none() {
            self.load_indexes(env, end_offset).await?;
        }
        Ok(self.largest.get().expect("set when indexes are loaded"))
    }

    /// Where to begin to look for a record that is as late as `timestamp` and not before `offset`.
    pub(crate) async fn seek_time(
        &self,
        env: &Env,
        timestamp: i64,
        offset: i64,
        end_offset: i64,
    ) -> io::Result<u64> {
        self.load_indexes(env, end_offset).await?;
        let indexes = self.indexes.borrow();
        let indexes = indexes.as_ref().expect("loaded just now");
        let earlier = self.base_offset + i64::from(indexes.times.lookup(timestamp));
        Ok(indexes.lookup(earlier.max(offset)))
    }

    /// The place of the batch that begins at `offset`, if it was appended lately.
    pub(crate) fn mark(&self, offset: i64) -> Option<u64> {
        let marks = self.marks.borrow();
        marks.binary_search_by_key(&offset, |mark| mark.0).ok().map(|slot| marks[slot].1)
    }

    /// The first batch that ends at `offset` or beyond; `None` if the segment ends before.
    pub(crate) async fn find(&self, env: &Env, offset: i64, end_offset: i64) -> io::Result<Option<Placed>> {
        let from = match self.mark(offset) {
            Some(at) => at,
            None => self.lookup(env, offset, end_offset).await?,
        };
        match self.find_from(env, from, offset).await? {
            Found::Batch(placed) if from == 0 || placed.at > from || placed.header.base_offset <= offset => {
                Ok(Some(placed))
            }
            Found::End => Ok(None),
            Found::Broken(why) if from == 0 => Err(io::Error::new(io::ErrorKind::InvalidData, why)),
            // The index led astray: past the offset, or to bytes that are no batch.
            _ => {
                self.rebuild_indexes(env).await?;
                match self.find_from(env, 0, offset).await? {
                    Found::Batch(placed) => Ok(Some(placed)),
                    Found::End => Ok(None),
                    Found::Broken(why) => Err(io::Error::new(io::ErrorKind::InvalidData, why)),
                }
            }
        }
    }

    async fn lookup(&self, env: &Env, offset: i64, end_offset: i64) -> io::Result<u64> {
        self.load_indexes(env, end_offset).await?;
        Ok(self.indexes.borrow().as_ref().expect("loaded just now").lookup(offset))
    }

    async fn find_from(&self, env: &Env, from: u64, offset: i64) -> io::Result<Found<Placed>> {
        let mut scan = Scan::new(self.file(env).await?, from, self.size.get());
        loop {
            match scan.next_header().await? {
                Found::Batch(placed) if placed.header.last_offset() < offset => {}
                found => return Ok(found),
            }
        }
    }

    /// Where the last batch that an index knows begins.
    pub(crate) fn last_indexed_position(&self) -> u64 {
        let indexes = self.indexes.borrow();
        indexes.as_ref().map_or(0, |indexes| u64::from(indexes.offsets.last_position()))
    }

    /// Reads the first batch's time stamp, which `segment.ms` counts from.
    pub(crate) async fn load_first_timestamp(&self, env: &Env) -> io::Result<()> {
        let mut scan = Scan::new(self.file(env).await?, 0, self.size.get());
        if let Found::Batch(placed) = scan.next_header().await? {
            self.first_timestamp.set(Some(placed.header.max_timestamp));
        }
        Ok(())
    }

    /// Writes the bytes from `from` on once more. After a failed barrier the page cache can be clean and yet hold
    /// bytes that the disk has not: only what is written again is covered by the next barrier.
    pub(crate) async fn rewrite(&self, env: &Env, from: u64) -> io::Result<()> {
        const CHUNK: u64 = 1 << 20;
        let file = self.file(env).await?;
        let mut at = from;
        while at < self.size.get() {
            let len = CHUNK.min(self.size.get() - at);
            let bytes = read_readable(&file, at, len).await?.map_err(io::Error::other)?;
            if bytes.is_empty() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let next = at + bytes.len() as u64;
            file.write(at, IoVec::from(bytes)).await?;
            at = next;
        }
        Ok(())
    }
}

/// Writes entries of both indexes, and cuts the files behind them.
async fn write_trimmed(
    files: [Arc<dyn File>; 2],
    pending: [(u64, Bytes); 2],
    dirty: &RefCell<Dirty>,
) -> io::Result<()> {
    for (file, (at, bytes)) in files.into_iter().zip(pending) {
        let end = at + bytes.len() as u64;
        if !bytes.is_empty() {
            file.write(at, IoVec::from(bytes)).await?;
        }
        file.set_len(end).await?;
        dirty.borrow_mut().add_file(&file);
    }
    Ok(())
}
