//! Removing old segments: by the log's start, by size, by age. Not here: when to look, and compaction.

use std::io;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use klamm_env::WallMillis;

use crate::atomic_file;
use crate::error::LogError;
use crate::log::Log;
use crate::segment::{LOG, SUFFIXES, Segment};

const DELETED: &str = ".deleted";

impl Log {
    /// Moves the log's start up to `offset` (DeleteRecords, a metadata snapshot); nothing happens if it is there
    /// already. Segments below go with the next [`Log::delete_old_segments`].
    ///
    /// # Errors
    /// [`LogError::OffsetOutOfRange`] above `high_watermark`.
    pub fn delete_records_before(&self, offset: i64, high_watermark: i64) -> Result<(), LogError> {
        let mut state = self.state_mut();
        let (log_start_offset, log_end_offset) = (state.log_start_offset, state.log_end_offset);
        if offset > high_watermark.min(log_end_offset) {
            return Err(LogError::OffsetOutOfRange { offset, log_start_offset, log_end_offset });
        }
        state.log_start_offset = log_start_offset.max(offset);
        Ok(())
    }

    /// Removes segments that the log's start, `retention.bytes` or `retention.ms` has passed, and which lie wholly
    /// below `high_watermark`; also forgets producers that have expired. Returns how many segments went. Their
    /// files are renamed to `*.deleted` and removed after `file.delete.delay.ms`.
    ///
    /// # Errors
    /// [`LogError::Storage`].
    pub async fn delete_old_segments(&self, high_watermark: i64, now: WallMillis) -> Result<usize, LogError> {
        let _turn = self.turn().await?;
        {
            let mut state = self.state_mut();
            let expiration_ms = state.config.producer_id_expiration_ms;
            state.producers.remove_expired(now.0, expiration_ms);
        }
        let doomed = self.deletable(high_watermark, now).await.map_err(LogError::Storage)?;
        if doomed.is_empty() {
            return Ok(0);
        }
        if doomed.len() == self.segment_count() {
            // A log always has a segment: the next one begins where the last deleted one ends.
            let end = self.log_end_offset();
            self.roll_to(end).await?;
        }
        // No name may go before the one that takes its place is there to stay.
        self.make_names_durable().await?;
        self.delete_segments(&doomed).await.map_err(|error| self.failed_half_way(error))?;
        Ok(doomed.len())
    }

    /// The oldest segments that may go, as far as each gives a reason.
    async fn deletable(&self, high_watermark: i64, now: WallMillis) -> io::Result<Vec<Rc<Segment>>> {
        let (segments, config, log_start_offset) = {
            let state = self.state();
            let segments: Vec<_> =
                state.segments.values().map(|each| (each.clone(), state.end_of(each.base_offset))).collect();
            (segments, state.config.clone(), state.log_start_offset)
        };
        let mut excess = if config.retention_bytes >= 0 {
            i64::try_from(self.size()).unwrap_or(i64::MAX).saturating_sub(config.retention_bytes)
        } else {
            -1
        };
        let mut doomed = Vec::new();
        let last = segments.len() - 1;
        for (place, (segment, end_offset)) in segments.into_iter().enumerate() {
            let size = i64::try_from(segment.size()).unwrap_or(i64::MAX);
            if end_offset > high_watermark || (place == last && size == 0) {
                break;
            }
            let passed = place < last && log_start_offset >= end_offset;
            let too_much = config.cleanup_delete && excess >= size;
            let too_old = config.cleanup_delete && config.retention_ms >= 0 && {
                now.0.saturating_sub(self.age_base(&segment, end_offset).await?) > config.retention_ms
            };
            if !(passed || too_much || too_old) {
                break;
            }
            excess = excess.saturating_sub(size);
            doomed.push(segment);
        }
        Ok(doomed)
    }

    /// The moment that a segment's age counts from: its largest time stamp, or its file's last change.
    async fn age_base(&self, segment: &Segment, end_offset: i64) -> io::Result<i64> {
        let largest = segment.largest(self.env(), end_offset).await?.timestamp;
        if largest >= 0 {
            return Ok(largest);
        }
        Ok(self.env().stat(&segment.path(LOG)).await?.modified.0)
    }

    /// Takes segments out, the oldest first, each durably before the next: after a crash no segment is missing
    /// between two others.
    async fn delete_segments(&self, doomed: &[Rc<Segment>]) -> io::Result<()> {
        let mut files = Vec::new();
        for segment in doomed {
            let end_offset = self.state().end_of(segment.base_offset);
            {
                let mut state = self.state_mut();
                state.segments.remove(&segment.base_offset);
                state.log_start_offset = state.log_start_offset.max(end_offset);
            }
            for suffix in SUFFIXES {
                let from = segment.path(suffix);
                let mut to = from.clone().into_os_string();
                to.push(DELETED);
                match self.env().rename(&from, PathBuf::from(&to).as_path()).await {
                    Ok(()) => files.push(PathBuf::from(to)),
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(error) => return Err(error),
                }
            }
            self.env().sync_dir(self.path()).await?;
            self.state_mut().first_durable_offset = end_offset;
            tracing::info!(partition = %self.partition(), base_offset = segment.base_offset, "removed a segment");
        }
        self.forget_before_start().await?;
        self.remove_later(files);
        Ok(())
    }

    /// Drops snapshots and leader epochs of records that are gone with their segments: those between them and the log's
    /// start come back if power goes before that is in its checkpoint.
    async fn forget_before_start(&self) -> io::Result<()> {
        let first = self.first_segment_offset();
        let mut snapshots = std::mem::take(&mut self.state_mut().snapshots);
        snapshots.retain(self.env(), self.path(), |offset| offset >= first).await?;
        let cut = {
            let mut state = self.state_mut();
            state.snapshots = snapshots;
            state.epochs.truncate_from_start(first)
        };
        if cut { self.write_epochs().await } else { Ok(()) }
    }

    fn remove_later(&self, files: Vec<PathBuf>) {
        let env = self.env().clone();
        let delay_ms = u64::try_from(self.state().config.file_delete_delay_ms).unwrap_or(0);
        self.env().spawn_local("segment removal", async move {
            env.sleep(Duration::from_millis(delay_ms)).await;
            for path in files {
                if let Err(error) = atomic_file::remove(&env, &path).await {
                    tracing::warn!(path = %path.display(), %error, "a deleted segment's file could not be removed");
                }
            }
        });
    }
}
