//! Appending: offsets, stamps, duplicates, when a segment is full, and one write.
//!
//! Not here: validation of records (`klamm-records`), flushing (`log`).

use bytes::Bytes;
use klamm_env::{IoVec, WallMillis};
use klamm_records::{BATCH_HEADER_LEN, BatchHeader, Batches, RecordBatch, Stamp, TimestampType};

use crate::error::AppendError;
use crate::log::Log;
use crate::producer_state::{BatchMetadata, Incoming};
use crate::recovery::coordinator_epoch;

/// What an append did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AppendInfo {
    /// Offset of the first record; of the batch in the log if this was a duplicate.
    pub first_offset: i64,
    /// Offset of the last record.
    pub last_offset: i64,
    /// Milliseconds that Produce answers: the stamp with `LogAppendTime`, a duplicate's own time stamp, else -1.
    pub log_append_time: i64,
    /// The log's start at that moment.
    pub log_start_offset: i64,
    /// The log's end after the append.
    pub log_end_offset: i64,
    /// Records appended; 0 for a duplicate.
    pub record_count: i64,
    /// Bytes appended; 0 for a duplicate.
    pub size: usize,
    /// Nothing was appended: the batch is one of the producer's last five. It may not be flushed yet.
    pub duplicate: bool,
}

/// Batches as they go into the file.
struct Prepared {
    headers: Vec<BatchHeader>,
    /// Of a transaction's marker, by batch.
    coordinator_epochs: Vec<Option<i32>>,
    parts: Vec<Bytes>,
    size: usize,
    log_append_time: i64,
}

impl Prepared {
    fn with_room_for(batches: usize) -> Self {
        Self {
            headers: Vec::with_capacity(batches),
            coordinator_epochs: Vec::with_capacity(batches),
            parts: Vec::with_capacity(2 * batches),
            size: 0,
            log_append_time: -1,
        }
    }

    fn push(&mut self, header: BatchHeader, batch: &RecordBatch) {
        self.size += header.batch_size();
        self.headers.push(header);
        self.coordinator_epochs.push(coordinator_epoch(batch));
    }

    fn first_offset(&self) -> i64 {
        self.headers.first().map_or(-1, |header| header.base_offset)
    }

    fn last_offset(&self) -> i64 {
        self.headers.last().map_or(-1, BatchHeader::last_offset)
    }

    fn max_timestamp(&self) -> i64 {
        self.headers.iter().map(|header| header.max_timestamp).max().unwrap_or(-1)
    }

    fn incoming(&self) -> impl Iterator<Item = Incoming<'_>> {
        let markers = self.coordinator_epochs.iter().copied();
        self.headers
            .iter()
            .zip(markers)
            .map(|(header, coordinator_epoch)| Incoming { header, coordinator_epoch })
    }
}

impl Log {
    /// Appends validated batches (version 2, back to back, as `klamm-records` checks them) at the log's end:
    /// gives them offsets, `leader_epoch` and, with `LogAppendTime`, the time stamp `now`. One write; the record
    /// bytes are not copied. The bytes are durable once a [`Log::flush`] begun after this call has resolved.
    ///
    /// # Errors
    /// See [`AppendError`]; nothing is appended then.
    pub async fn append_as_leader(
        &self,
        batches: Bytes,
        leader_epoch: i32,
        now: WallMillis,
    ) -> Result<AppendInfo, AppendError> {
        let batches = parse(batches)?;
        let _turn = self.turn().await?;
        follows(self.latest_epoch(), leader_epoch)?;
        if let Some(known) = self.duplicate(&batches) {
            return Ok(self.answer_duplicate(&known));
        }
        let prepared = self.stamp(&batches, leader_epoch, now)?;
        for incoming in prepared.incoming() {
            self.state().producers.check(&incoming)?;
        }
        self.write(prepared, now).await
    }

    /// Appends batches exactly as they are: with their offsets and leader epochs. Also for the metadata log.
    ///
    /// # Errors
    /// See [`AppendError`]; sequences are followed, not checked.
    pub async fn append_as_follower(
        &self,
        batches: Bytes,
        now: WallMillis,
    ) -> Result<AppendInfo, AppendError> {
        let parsed = parse(batches.clone())?;
        let _turn = self.turn().await?;
        let mut prepared = Prepared::with_room_for(parsed.len());
        let mut next = self.log_end_offset();
        let mut latest_epoch = self.latest_epoch();
        for batch in &parsed {
            let base_offset = batch.header().base_offset;
            let leader_epoch = batch.header().partition_leader_epoch;
            follows(latest_epoch, leader_epoch)?;
            latest_epoch = Some(leader_epoch);
            if base_offset < next || batch.header().last_offset_delta < 0 {
                return Err(AppendError::OffsetsNotMonotonic { base_offset, log_end_offset: next });
            }
            next = batch.header().next_offset();
            prepared.push(*batch.header(), batch);
        }
        prepared.parts.push(batches);
        self.write(prepared, now).await
    }

    fn duplicate(&self, batches: &[RecordBatch]) -> Option<BatchMetadata> {
        let state = self.state();
        batches.iter().find_map(|batch| state.producers.duplicate(batch.header()))
    }

    fn answer_duplicate(&self, known: &BatchMetadata) -> AppendInfo {
        let state = self.state();
        AppendInfo {
            first_offset: known.first_offset(),
            last_offset: known.last_offset,
            log_append_time: known.timestamp,
            log_start_offset: state.log_start_offset,
            log_end_offset: state.log_end_offset,
            record_count: 0,
            size: 0,
            duplicate: true,
        }
    }

    fn stamp(
        &self,
        batches: &[RecordBatch],
        leader_epoch: i32,
        now: WallMillis,
    ) -> Result<Prepared, AppendError> {
        let state = self.state();
        let stamped = state.config.timestamp_type == TimestampType::LogAppendTime;
        let mut prepared = Prepared::with_room_for(batches.len());
        let mut next = state.log_end_offset;
        for batch in batches {
            if batch.header().last_offset_delta < 0 {
                return Err(AppendError::Corrupt("a negative offset delta"));
            }
            let stamp = Stamp {
                base_offset: Some(next),
                partition_leader_epoch: Some(leader_epoch),
                timestamps: stamped.then_some((TimestampType::LogAppendTime, now.0)),
                producer: None,
            };
            let (front, payload) = stamp.split(batch);
            let header: &[u8; BATCH_HEADER_LEN] = front.first_chunk().expect("a stamped header is whole");
            let header = BatchHeader::read(header);
            next = header.next_offset();
            prepared.push(header, batch);
            prepared.parts.push(front);
            prepared.parts.push(payload);
        }
        if stamped {
            prepared.log_append_time = now.0;
        }
        Ok(prepared)
    }

    /// Writes batches at the end, and only then lets readers see them. The caller has the turn.
    async fn write(&self, mut prepared: Prepared, now: WallMillis) -> Result<AppendInfo, AppendError> {
        self.make_room(&prepared, now).await?;
        for header in &prepared.headers {
            self.note_epoch(header.partition_leader_epoch, header.base_offset).await?;
        }
        self.gather_unsynced().await.map_err(|error| self.failed_by(error))?;
        let segment = self.state().active().clone();
        let parts = std::mem::take(&mut prepared.parts);
        let written = async {
            let file = segment.file(self.env()).await?;
            file.write(segment.size(), IoVec::from(parts)).await?;
            self.note_groups(&segment, &prepared.headers);
            if !self.state().config.durability_fsync {
                self.write_slots().await?;
            }
            Ok(file)
        };
        let file = written.await.map_err(|error| self.failed_by(error))?;
        self.dirty().borrow_mut().add_file(&file);
        let info = self.publish(&prepared);
        if segment.indexes_are_behind() {
            let index_bytes = self.state().config.segment_index_bytes;
            if let Err(error) = segment.write_indexes(self.env(), index_bytes).await {
                // The batches are in the log all the same. A disk that failed is told to whoever flushes or appends next.
                self.failed_by(error);
            }
        }
        Ok(info)
    }

    fn publish(&self, prepared: &Prepared) -> AppendInfo {
        let mut state = self.state_mut();
        state.active().extend(&prepared.headers, prepared.size as u64);
        for incoming in prepared.incoming() {
            state.producers.apply(&incoming);
        }
        state.log_end_offset = prepared.last_offset() + 1;
        AppendInfo {
            first_offset: prepared.first_offset(),
            last_offset: prepared.last_offset(),
            log_append_time: prepared.log_append_time,
            log_start_offset: state.log_start_offset,
            log_end_offset: state.log_end_offset,
            record_count: prepared.headers.iter().map(|header| i64::from(header.record_count)).sum(),
            size: prepared.size,
            duplicate: false,
        }
    }

    /// Rolls the active segment if the batches do not fit it, or their time has come.
    async fn make_room(&self, prepared: &Prepared, now: WallMillis) -> Result<(), AppendError> {
        let rolls = {
            let state = self.state();
            let config = &state.config;
            let (size, segment_bytes) = (prepared.size, config.segment_bytes);
            if size > segment_bytes as usize {
                return Err(AppendError::LargerThanSegment { size, segment_bytes });
            }
            let active = state.active();
            let waited_ms = active.waited_ms(prepared.max_timestamp(), now);
            active.size() + size as u64 > u64::from(segment_bytes)
                || (active.size() > 0
                    && waited_ms > config.segment_ms.saturating_sub(active.roll_jitter_ms()))
                || active.indexes_full(config.segment_index_bytes)
                || !active.can_hold(prepared.last_offset())
        };
        if rolls {
            self.roll_to(prepared.first_offset()).await?;
        }
        Ok(())
    }
}

/// Leaders' epochs only rise: a batch that falls behind would be cut, with all behind it, when the log is checked.
fn follows(latest_epoch: Option<i32>, leader_epoch: i32) -> Result<(), AppendError> {
    match latest_epoch {
        Some(latest_epoch) if leader_epoch < latest_epoch => {
            Err(AppendError::OldLeaderEpoch { leader_epoch, latest_epoch })
        }
        _ => Ok(()),
    }
}

/// The batches in `bytes`, all of them whole.
fn parse(bytes: Bytes) -> Result<Vec<RecordBatch>, AppendError> {
    let mut walk = Batches::new(bytes);
    let batches: Result<Vec<RecordBatch>, _> = walk.by_ref().collect();
    let batches = batches.map_err(|_| AppendError::Corrupt("its header is damaged"))?;
    if batches.is_empty() || !walk.rest().is_empty() {
        return Err(AppendError::Corrupt("a batch is cut short"));
    }
    Ok(batches)
}
