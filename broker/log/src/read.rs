//! Reading by offset. Not here: who may read how far; looking for a time (`read_by_time`).

use std::io;
use std::rc::Rc;
use std::sync::Arc;

use crate::error::LogError;
use crate::log::Log;
use crate::segment::Segment;
use crate::sidecar::{Group, Sound, Verdict, Wanted};
use bytes::{Bytes, BytesMut};
use klamm_env::File;

/// A range of one segment's file: whole batches from the one with the offset asked for on, held against what was written.
#[derive(Clone)]
pub struct ReadSlice {
    /// Base offset of the first batch in the range; the offset asked for when the range is empty.
    pub base_offset: i64,
    /// The segment's file; `None` when the range is empty.
    pub file: Option<Arc<dyn File>>,
    /// Where the range begins.
    pub at: u64,
    /// Bytes in it.
    pub len: usize,
    /// The first batch has at most so many bytes.
    pub first_batch_bytes_max: usize,
    /// Bytes that were there to be read, up to as many as were asked for: those in the range, and those of a batch behind it
    /// that had no room.
    pub available: usize,
}

impl ReadSlice {
    fn empty(offset: i64) -> Self {
        Self { base_offset: offset, file: None, at: 0, len: 0, first_batch_bytes_max: 0, available: 0 }
    }

    /// The bytes themselves.
    ///
    /// # Errors
    /// [`LogError::Storage`], also when the file ends early because the log was cut meanwhile.
    pub async fn bytes(&self) -> Result<Bytes, LogError> {
        let Some(file) = &self.file else {
            return Ok(Bytes::new());
        };
        let read = file.read(self.at, self.len, BytesMut::with_capacity(self.len)).await;
        match read {
            Ok(bytes) if bytes.len() < self.len => {
                Err(LogError::Storage(io::ErrorKind::UnexpectedEof.into()))
            }
            Ok(bytes) => Ok(bytes.freeze()),
            Err(error) => Err(LogError::Storage(error)),
        }
    }
}

/// What `ListOffsets` asks a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimestampQuery {
    /// The first offset (-2, and -4 without tiered storage).
    Earliest,
    /// The upper bound (-1).
    Latest,
    /// The first record with the largest time stamp (-3).
    MaxTimestamp,
    /// The first record whose time stamp is this or later, in milliseconds.
    At(i64),
}

/// An answer to a [`TimestampQuery`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OffsetAndTimestamp {
    /// The record's time stamp; -1 for earliest and latest.
    pub timestamp: i64,
    /// The record's offset.
    pub offset: i64,
    /// Leader epoch of its batch; -1 if unknown.
    pub leader_epoch: i32,
}

/// A segment, and where it ended when it was looked up.
pub(crate) struct Held {
    pub(crate) segment: Rc<Segment>,
    pub(crate) end_offset: i64,
    pub(crate) active: bool,
}

impl Log {
    /// Finds the range that begins with the batch that holds `offset` (or the next one, where there is a gap),
    /// within one segment, of at most `max_bytes`, or of one whole batch if that is larger and `min_one_batch` is
    /// set, and of records below `upper_bound` only. Empty at and beyond the bound.
    ///
    /// # Errors
    /// [`LogError::OffsetOutOfRange`] below the log's start and above its end; [`LogError::Storage`].
    pub async fn read(
        &self,
        offset: i64,
        max_bytes: usize,
        min_one_batch: bool,
        upper_bound: i64,
    ) -> Result<ReadSlice, LogError> {
        self.directory().check_readable()?;
        let upper_bound = {
            let state = self.state();
            let (log_start_offset, log_end_offset) = (state.log_start_offset, state.log_end_offset);
            if offset < log_start_offset || offset > log_end_offset {
                return Err(LogError::OffsetOutOfRange { offset, log_start_offset, log_end_offset });
            }
            upper_bound.min(log_end_offset)
        };
        let mut offset_in_segment = offset;
        while offset_in_segment < upper_bound {
            let Some(held) = self.hold(offset_in_segment) else { break };
            let slice =
                self.read_segment(&held, offset_in_segment, max_bytes, min_one_batch, upper_bound).await;
            let slice = slice?;
            if !held.active {
                self.keep_warm(held.segment.base_offset);
            }
            match slice {
                Some(slice) => return Ok(slice),
                // A gap up to the segment's end: compaction, or a follower's.
                None => offset_in_segment = held.end_offset,
            }
        }
        Ok(ReadSlice::empty(offset))
    }

    /// [`Log::read`] with at least one batch, and the bytes read.
    ///
    /// # Errors
    /// As [`Log::read`].
    pub async fn read_bytes(
        &self,
        offset: i64,
        max_bytes: usize,
        upper_bound: i64,
    ) -> Result<Bytes, LogError> {
        self.read(offset, max_bytes, true, upper_bound).await?.bytes().await
    }

    /// The segment that holds `offset`, if any does.
    fn hold(&self, offset: i64) -> Option<Held> {
        let state = self.state();
        let segment = match state.segments.range(..=offset).next_back() {
            Some((_, segment)) => segment,
            None => state.segments.first_key_value()?.1,
        };
        let end_offset = state.end_of(segment.base_offset);
        let active = Rc::ptr_eq(segment, state.active());
        Some(Held { segment: segment.clone(), end_offset, active })
    }

    async fn read_segment(
        &self,
        held: &Held,
        offset: i64,
        max_bytes: usize,
        min_one_batch: bool,
        upper_bound: i64,
    ) -> Result<Option<ReadSlice>, LogError> {
        let wanted = Wanted { offset, bytes_max: max_bytes as u64, min_one_batch, upper_bound };
        let segment = &held.segment;
        let cuts = self.flushed().cuts;
        let verdict = segment.read_sound(self.env(), wanted).await.map_err(LogError::Storage)?;
        let sound = match verdict {
            Verdict::Sound(sound) => sound,
            Verdict::Damaged(group, why) if !self.is_stale(held, &group).await? => {
                return Err(self.damaged(segment, group.base_offset, group.last_offset, &why, cuts));
            }
            Verdict::Damaged(..) | Verdict::NotCovered => match self.find_uncovered(held, wanted).await? {
                Some(sound) => sound,
                None => return Ok(None),
            },
        };
        if sound.len == 0 {
            return Ok(Some(ReadSlice::empty(offset)));
        }
        let [len, first_batch_bytes_max] = [sound.len, sound.first_size]
            .map(|bytes| usize::try_from(bytes).expect("a range is smaller than 4 GiB"));
        let file = Some(segment.file(self.env()).await.map_err(LogError::Storage)?);
        let available = if sound.limited { len.max(max_bytes) } else { len };
        let Sound { base_offset, at, .. } = sound;
        Ok(Some(ReadSlice { base_offset, file, at, len, first_batch_bytes_max, available }))
    }

    /// What is wanted of bytes that another broker wrote: batches whose own CRC is right. `None` if the segment ends before.
    async fn find_uncovered(&self, held: &Held, wanted: Wanted) -> Result<Option<Sound>, LogError> {
        let segment = &held.segment;
        let cuts = self.flushed().cuts;
        let found = async {
            let end = self.end_position(held, wanted.upper_bound).await?;
            let Some(placed) = segment.find(self.env(), wanted.offset, held.end_offset).await? else {
                return Ok(None);
            };
            segment.read_by_crc(self.env(), &placed, end, wanted).await.map(Some)
        };
        let found = found.await;
        segment.load_sidecar(self.env()).await.map_err(LogError::Storage)?;
        let ends_torn = || !held.active && segment.with_sidecar(|sidecar| sidecar.ends_torn());
        let why = match found {
            Ok(None) if ends_torn() => {
                "the segment and its sidecar end before the next one begins".to_owned()
            }
            Ok(None) => return Ok(None),
            Ok(Some(Ok(sound))) => return Ok(Some(sound)),
            Ok(Some(Err(why))) => why,
            Err(error) if error.kind() == io::ErrorKind::InvalidData => error.to_string(),
            Err(error) => return Err(LogError::Storage(error)),
        };
        let (first_offset, next_offset) = segment
            .with_sidecar(|sidecar| sidecar.gap_around(wanted.offset, segment.base_offset, held.end_offset));
        Err(self.damaged(segment, first_offset, next_offset - 1, &why, cuts))
    }

    /// Whether another broker wrote the segment anew from a group on, which is no damage. The sidecar ends there from now on.
    pub(crate) async fn is_stale(&self, held: &Held, group: &Group) -> Result<bool, LogError> {
        let (epochs, compacted) = {
            let state = self.state();
            (state.epochs.clone(), state.config.cleanup_compact)
        };
        let stale = held.segment.is_stale_from(self.env(), group, held.end_offset, &epochs, compacted).await;
        let stale = stale.map_err(LogError::Storage)?;
        if stale {
            tracing::info!(partition = %self.partition(), segment = held.segment.base_offset, offset = group.base_offset,
                "another broker wrote the log from here on; the sidecar says nothing of it");
            self.forget_stale(&held.segment, group).await?;
        }
        Ok(stale)
    }

    /// Cuts the sidecar at a group that another broker's work took the place of, in turn with appends; where the log takes no
    /// changes, the next reader finds out again.
    async fn forget_stale(&self, segment: &Segment, group: &Group) -> Result<(), LogError> {
        let Ok(_turn) = self.turn().await else { return Ok(()) };
        segment.load_sidecar(self.env()).await.map_err(LogError::Storage)?;
        if segment.with_sidecar(|sidecar| sidecar.groups().contains(group)) {
            let cut = segment.cut_sidecar(self.env(), u64::from(group.position)).await;
            cut.map_err(|error| self.failed_by(error))?;
        }
        Ok(())
    }

    /// Says that records are damaged, once, and that they are not served; unless the log was cut while they were read.
    pub(crate) fn damaged(
        &self,
        segment: &Segment,
        first_offset: i64,
        last_offset: i64,
        why: &str,
        cuts: u64,
    ) -> LogError {
        let is_gone = !self.state().segments.contains_key(&segment.base_offset);
        if self.flushed().cuts != cuts || is_gone {
            return LogError::Storage(io::ErrorKind::UnexpectedEof.into());
        }
        if self.state_mut().damaged.insert(first_offset) {
            tracing::error!(partition = %self.partition(), segment = segment.base_offset, first_offset, last_offset, why,
                "the log is damaged: these records are not served");
        }
        LogError::Damaged { first_offset, last_offset }
    }

    /// Where the batches below `upper_bound` end in a segment.
    async fn end_position(&self, held: &Held, upper_bound: i64) -> io::Result<u64> {
        let segment = &held.segment;
        if upper_bound >= held.end_offset {
            return Ok(segment.size());
        }
        let flushed = self.flushed();
        if upper_bound == flushed.end_offset && segment.base_offset == flushed.segment_base {
            return Ok(flushed.position);
        }
        if let Some(at) = segment.mark(upper_bound) {
            return Ok(at);
        }
        let next = segment.find(self.env(), upper_bound, held.end_offset).await?;
        Ok(next.map_or(segment.size(), |placed| placed.at))
    }

    /// Looks for an offset by time among records below `upper_bound`; `None` if there is no such record.
    ///
    /// # Errors
    /// [`LogError::Storage`].
    pub async fn offset_for_timestamp(
        &self,
        query: TimestampQuery,
        upper_bound: i64,
    ) -> Result<Option<OffsetAndTimestamp>, LogError> {
        self.directory().check_readable()?;
        let at_offset = |offset, leader_epoch: Option<i32>| {
            let leader_epoch = leader_epoch.unwrap_or(-1);
            Ok(Some(OffsetAndTimestamp { timestamp: -1, offset, leader_epoch }))
        };
        let found = match query {
            TimestampQuery::Earliest => {
                let state = self.state();
                return at_offset(state.log_start_offset, state.epochs.at(state.log_start_offset));
            }
            TimestampQuery::Latest => return at_offset(upper_bound, self.latest_epoch()),
            TimestampQuery::MaxTimestamp => self.find_max_timestamp().await,
            TimestampQuery::At(timestamp) => self.find_timestamp(timestamp).await,
        };
        Ok(found?.filter(|found| found.offset < upper_bound))
    }

    /// All segments that hold records, and the log's start.
    pub(crate) fn holds(&self) -> (Vec<Held>, i64) {
        let state = self.state();
        let held = |(base_offset, segment): (&i64, &Rc<Segment>)| Held {
            segment: segment.clone(),
            end_offset: state.end_of(*base_offset),
            active: Rc::ptr_eq(segment, state.active()),
        };
        let holds = state.segments.iter().map(held);
        let start = state.log_start_offset;
        (holds.filter(|held| held.end_offset > start && held.segment.size() > 0).collect(), start)
    }
}

impl Log {
    /// Remembers that an inactive segment was used; the one used longest ago gives back what it holds open.
    pub(crate) fn keep_warm(&self, base_offset: i64) {
        const WARM_SEGMENTS_MAX: usize = 8;
        let mut state = self.state_mut();
        if state.warm.back() == Some(&base_offset) {
            return;
        }
        state.warm.retain(|known| *known != base_offset);
        state.warm.push_back(base_offset);
        if state.warm.len() > WARM_SEGMENTS_MAX
            && let Some(coldest) = state.warm.pop_front()
            && coldest != state.active().base_offset
            && let Some(segment) = state.segments.get(&coldest)
        {
            segment.cool();
        }
    }
}
