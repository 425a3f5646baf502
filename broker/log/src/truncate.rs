//! Cutting the end of a log. Not here: how far to cut, which the replica knows.

use std::io;
use std::rc::Rc;

use crate::error::LogError;
use crate::log::Log;
use crate::producer_state::ProducerState;
use crate::recovery::{remove_segment, replay};
use crate::segment::Segment;

impl Log {
    /// Cuts all records from `offset` on; durable when it returns. A batch that begins before `offset` and ends
    /// beyond is cut whole. Nothing happens at or beyond the end.
    ///
    /// # Errors
    /// [`LogError::Storage`].
    pub async fn truncate_to(&self, offset: i64) -> Result<(), LogError> {
        let _turn = self.turn().await?;
        if offset >= self.log_end_offset() {
            return Ok(());
        }
        if offset < self.first_segment_offset() {
            return self.start_anew(offset).await;
        }
        self.cut_to(offset).await.map_err(|error| self.failed_half_way(error))?;
        self.flush().await.map(|_| ())
    }

    /// Removes everything; the log is empty and begins at `offset`.
    ///
    /// # Errors
    /// [`LogError::Storage`].
    pub async fn truncate_fully_and_start_at(&self, offset: i64) -> Result<(), LogError> {
        let _turn = self.turn().await?;
        self.start_anew(offset).await
    }

    async fn cut_to(&self, offset: i64) -> io::Result<()> {
        let kept = {
            let state = self.state();
            state
                .segments
                .range(..=offset)
                .next_back()
                .expect("offset is not below the first segment")
                .1
                .clone()
        };
        let end_offset = self.state().end_of(kept.base_offset);
        let place = kept.find(self.env(), offset, end_offset).await?;
        let (at, end) =
            place.map_or((kept.size(), offset), |placed| (placed.at, placed.header.base_offset.min(offset)));
        self.remove_segments_from(kept.base_offset + 1).await?;
        kept.truncate(self.env(), at).await?;
        let file = kept.file(self.env()).await?;
        self.dirty().borrow_mut().add_file(&file);
        self.dirty().borrow_mut().add_directory(self.path().to_path_buf());
        self.set_end(end);
        self.reload_producers(end).await?;
        if self.state_mut().epochs.truncate_from_end(end) {
            self.write_epochs().await?;
        }
        Ok(())
    }

    async fn start_anew(&self, offset: i64) -> Result<(), LogError> {
        let anew = async {
            self.remove_segments_from(i64::MIN).await?;
            let segment =
                Segment::create(self.env(), offset, self.shape(), self.env().wall(), self.dirty()).await?;
            {
                let mut state = self.state_mut();
                state.segments.clear();
                state.segments.insert(offset, Rc::new(segment));
                state.log_start_offset = offset;
                state.first_durable_offset = state.first_durable_offset.min(offset);
                state.epochs.clear();
            }
            self.set_end(offset);
            self.reload_producers(i64::MIN).await?;
            self.write_epochs().await
        };
        anew.await.map_err(|error| self.failed_half_way(error))?;
        self.flush().await.map(|_| ())
    }

    fn set_end(&self, end: i64) {
        {
            let mut state = self.state_mut();
            state.log_end_offset = end;
            state.log_start_offset = state.log_start_offset.min(end);
        }
        self.note_cut();
    }

    /// Removes the files of segments at `base_offset` and above, the last first, durably: none may come back beside
    /// what is appended next. The first segment stays in memory until another takes its place.
    async fn remove_segments_from(&self, base_offset: i64) -> io::Result<()> {
        let doomed: Vec<Rc<Segment>> =
            self.state().segments.range(base_offset..).map(|each| each.1.clone()).collect();
        for segment in doomed.iter().rev() {
            remove_segment(self.env(), segment).await?;
            let mut state = self.state_mut();
            if state.segments.len() > 1 {
                state.segments.remove(&segment.base_offset);
            }
        }
        if doomed.is_empty() { Ok(()) } else { self.env().sync_dir(self.path()).await }
    }

    /// Producers' state as of `end`, from snapshots and what is left of the log.
    async fn reload_producers(&self, end: i64) -> io::Result<()> {
        let (mut snapshots, segments) = {
            let mut state = self.state_mut();
            (std::mem::take(&mut state.snapshots), state.segments.clone())
        };
        snapshots.retain(self.env(), self.path(), |offset| offset <= end).await?;
        let newest = snapshots.load_newest(self.env(), self.path(), end).await?;
        let (from, producers) = newest.unwrap_or_default();
        let producers = ProducerState::new(producers);
        let producers = replay(self.env(), &segments, producers, from, end.max(from)).await?;
        let mut state = self.state_mut();
        state.snapshots = snapshots;
        state.producers = producers;
        Ok(())
    }
}
