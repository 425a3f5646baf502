//! The plain model: records in a vector, and what must be left of them. Not here: the world.

use std::cell::RefCell;
use std::collections::BTreeMap;

use klamm_env::WallMillis;
use klamm_log::{AppendError, Log, LogError, TimestampQuery};
use klamm_records::{Record, RecordBatch};

use crate::batches::{batch, read_batches, records, sent_by, value, values};

const PRODUCER: i64 = 7;

/// The disk failed; the log has to be opened again.
#[derive(Debug)]
pub(crate) struct Failed;

impl From<LogError> for Failed {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Storage(_) | LogError::Offline => Self,
            error => panic!("{error}"),
        }
    }
}

impl From<AppendError> for Failed {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::Log(error) => error.into(),
            error => panic!("{error}"),
        }
    }
}

/// A producer's batch: first sequence, values, first offset.
#[derive(Clone, Debug)]
struct Sent {
    sequence: i32,
    values: Vec<String>,
    offset: i64,
}

/// What was done. Changes are noted before they are tried.
#[derive(Default)]
pub(crate) struct Model {
    /// Value and leader epoch by offset, from 0 on, also of records that are gone.
    records: Vec<(String, i32)>,
    /// Below, nothing may be lost.
    pub(crate) flushed: i64,
    /// Below, nothing may be lost while the machine goes on.
    appended: i64,
    /// The log may begin anywhere from here, which its checkpoint has, …
    start_min: i64,
    /// … up to here.
    start_max: i64,
    /// A cut under way: the log may end anywhere from here on.
    cutting: Option<i64>,
    pub(crate) leader_epoch: i32,
    sent: Vec<Sent>,
    next_value: usize,
    place: usize,
}

impl Model {
    /// The place of the next operation in the script.
    pub(crate) fn next_op(&mut self, script_len: usize) -> Option<usize> {
        let place = self.place;
        self.place += 1;
        (place < script_len).then_some(place)
    }

    /// The power was lost or the disk failed: what is in the log now is what the next comparison finds.
    pub(crate) fn crashed(&mut self) {
        self.leader_epoch += 1;
        self.appended = self.flushed;
    }

    /// The process ends, and the machine goes on with what was appended.
    pub(crate) fn killed(&mut self) {
        self.flushed = self.flushed.max(self.appended);
    }

    fn draw_values(&mut self, count: usize) -> Vec<String> {
        let drawn = values(self.next_value, count);
        self.next_value += count;
        let leader_epoch = self.leader_epoch;
        self.records.extend(drawn.iter().map(|value| (value.clone(), leader_epoch)));
        drawn
    }

    fn end(&self) -> i64 {
        i64::try_from(self.records.len()).expect("few records")
    }

    fn next_sequence(&self) -> i32 {
        let after = |sent: &Sent| sent.sequence + i32::try_from(sent.values.len()).expect("few");
        self.sent.last().map_or(0, after)
    }

    fn between(&self, start: i64, end: i64) -> impl Iterator<Item = (i64, &(String, i32))> {
        let at = |offset: i64| usize::try_from(offset).expect("from 0");
        (start..end).zip(&self.records[at(start)..at(end)])
    }

    fn cut_to(&mut self, end: i64) {
        self.records.truncate(usize::try_from(end).expect("from 0"));
        self.sent.retain(|sent| sent.offset + (sent.values.len() as i64) <= end);
        self.cutting = None;
        self.appended = self.appended.min(end);
    }

    /// Holds the log against the model, and takes over where the log ends.
    pub(crate) async fn compare(model: &RefCell<Self>, log: &Log) {
        let (start, end) = (log.log_start_offset(), log.log_end_offset());
        let batches = read_batches(log, start, end).await;
        {
            let mut model = model.borrow_mut();
            let least = model.cutting.map_or(model.flushed, |cut| model.flushed.min(cut));
            assert!(end >= least, "flushed up to {least}, found up to {end}");
            if start == end && end <= model.start_max {
                // A cut took what lay behind the checkpointed start, which power kept: the log is empty there.
                while model.end() < end {
                    model.records.push((String::new(), -1));
                }
            }
            assert!(end <= model.end(), "records up to {} were appended, {end} found", model.end());
            let starts = model.start_min.min(end)..=model.start_max.min(end);
            assert!(starts.contains(&start), "the log begins at {start}, not in {starts:?}");
            let found = batches.iter().flat_map(|batch| {
                let leader_epoch = batch.header().partition_leader_epoch;
                records(batch).into_iter().map(move |record| (record.offset, (value(&record), leader_epoch)))
            });
            let found: Vec<_> = found.filter(|(offset, _)| *offset >= start).collect();
            let expected: Vec<_> =
                model.between(start, end).map(|(offset, each)| (offset, each.clone())).collect();
            assert_eq!(found, expected);
            model.check_epochs(log, start, end);
            model.cut_to(end);
            assert!(log.flushed_end_offset() <= end);
            model.flushed = model.flushed.min(end).max(log.flushed_end_offset());
            model.appended = end;
        }
        Self::look_up(log, &batches).await;
        Self::repeat(model, log).await;
    }

    /// The log knows where each epoch of its records ends.
    fn check_epochs(&self, log: &Log, start: i64, end: i64) {
        let mut ends: BTreeMap<i32, i64> = BTreeMap::new();
        for (offset, (_, leader_epoch)) in self.between(start, end) {
            ends.insert(*leader_epoch, offset + 1);
        }
        for (leader_epoch, end_offset) in ends {
            let found = log.end_offset_for_epoch(leader_epoch);
            let expected = (leader_epoch, end_offset.min(log.visible_end_offset()));
            assert_eq!((found.leader_epoch, found.end_offset), expected, "ends of epochs");
        }
    }

    /// Some records are found by their offset and by their time, through the indexes.
    async fn look_up(log: &Log, batches: &[RecordBatch]) {
        let (start, end) = (log.log_start_offset(), log.log_end_offset());
        let all: Vec<Record> = batches.iter().flat_map(records).filter(|each| each.offset >= start).collect();
        for place in [0, all.len() / 2, all.len().saturating_sub(1)] {
            let Some(wanted) = all.get(place) else { return };
            let holder = batches.iter().rfind(|batch| batch.header().base_offset <= wanted.offset);
            let slice = log.read(wanted.offset, 1, true, end).await.expect("a read inside of the log");
            assert_eq!(Some(slice.base_offset), holder.map(|batch| batch.header().base_offset));
        }
        let timestamp = all[all.len() / 3].timestamp;
        let first = all.iter().find(|record| record.timestamp >= timestamp).map(|record| record.offset);
        let found = log.offset_for_timestamp(TimestampQuery::At(timestamp), end).await.expect("looked");
        assert_eq!(found.map(|found| found.offset), first, "time {timestamp}");
    }

    /// Sends the producer's last five batches again: the last is known if it is still in the log, those before it unless
    /// all that is left of them is a snapshot; nothing is ever appended.
    async fn repeat(model: &RefCell<Self>, log: &Log) {
        let (sent, epoch) = {
            let model = model.borrow();
            (model.sent.iter().rev().take(5).cloned().collect::<Vec<_>>(), model.leader_epoch)
        };
        let start = log.log_start_offset();
        for (place, sent) in sent.into_iter().enumerate().filter(|(_, sent)| sent.offset >= start) {
            let batch = sent_by(PRODUCER, 0, sent.sequence, &sent.values);
            let known = match log.append_as_leader(batch, epoch, WallMillis(0)).await {
                Ok(info) => (info.duplicate, info.first_offset),
                Err(AppendError::OutOfOrderSequence { .. }) if place > 0 => continue,
                Err(error) => panic!("sequence {}: {error}", sent.sequence),
            };
            assert_eq!(known, (true, sent.offset), "sequence {}", sent.sequence);
        }
    }

    pub(crate) async fn append(model: &RefCell<Self>, log: &Log, count: usize) -> Result<(), Failed> {
        let (values, epoch, expected) = {
            let mut model = model.borrow_mut();
            let expected = model.end();
            (model.draw_values(count), model.leader_epoch, expected)
        };
        let timestamp = 1000 + expected;
        let info = log.append_as_leader(batch(&values, timestamp), epoch, WallMillis(0)).await?;
        assert_eq!(info.first_offset, expected);
        model.borrow_mut().appended = info.last_offset + 1;
        Ok(())
    }

    pub(crate) async fn send(model: &RefCell<Self>, log: &Log, count: usize) -> Result<(), Failed> {
        let (sent, epoch) = {
            let mut model = model.borrow_mut();
            let (sequence, offset) = (model.next_sequence(), model.end());
            let sent = Sent { sequence, offset, values: model.draw_values(count) };
            model.sent.push(sent.clone());
            (sent, model.leader_epoch)
        };
        let batch = sent_by(PRODUCER, 0, sent.sequence, &sent.values);
        let info = log.append_as_leader(batch, epoch, WallMillis(0)).await?;
        assert_eq!((info.first_offset, info.duplicate), (sent.offset, false));
        model.borrow_mut().appended = info.last_offset + 1;
        Ok(())
    }

    pub(crate) async fn flush(model: &RefCell<Self>, log: &Log) -> Result<(), Failed> {
        let end = log.log_end_offset();
        let flushed = log.flush().await?;
        assert!(flushed >= end);
        assert_eq!(flushed, log.flushed_end_offset());
        model.borrow_mut().flushed = end;
        Ok(())
    }

    /// Appends while a barrier over what came before runs.
    pub(crate) async fn append_while_flushing(
        model: &RefCell<Self>,
        log: &Log,
        count: usize,
    ) -> Result<(), Failed> {
        let end = log.log_end_offset();
        let (appended, flushed) = tokio::join!(Self::append(model, log, count), log.flush());
        if flushed.is_ok() {
            let mut model = model.borrow_mut();
            model.flushed = model.flushed.max(end);
        }
        appended.and(flushed.map(|_| ()).map_err(Failed::from))
    }

    pub(crate) async fn truncate(model: &RefCell<Self>, log: &Log, count: i64) -> Result<(), Failed> {
        let (cut, whole) = {
            let mut model = model.borrow_mut();
            let cut = (model.end() - count).max(log.log_start_offset());
            // Whole batches go: the log may end up to a batch before the cut.
            let whole = cut.saturating_sub(6).max(0);
            model.cutting = Some(whole);
            (cut, whole)
        };
        log.truncate_to(cut).await?;
        let end = log.log_end_offset();
        assert!((whole..=cut).contains(&end), "cut to {cut}, ended at {end}");
        let mut model = model.borrow_mut();
        model.cut_to(end);
        model.flushed = end;
        // The batch that held the start went with the cut.
        model.start_min = model.start_min.min(log.log_start_offset());
        assert_eq!(log.flushed_end_offset(), end);
        Ok(())
    }

    /// Moves the log's start up; gives it.
    pub(crate) fn move_start(model: &RefCell<Self>, log: &Log, count: i64) -> i64 {
        let bound = log.flushed_end_offset();
        let start = (log.log_start_offset() + count).min(bound);
        let mut model = model.borrow_mut();
        model.start_max = model.start_max.max(start);
        log.delete_records_before(start, bound).expect("below the bound");
        start
    }

    /// The log's start is in its checkpoint.
    pub(crate) fn start_is_durable(&mut self, start: i64) {
        self.start_min = self.start_min.max(start);
    }

    pub(crate) async fn delete_segments(log: &Log) -> Result<(), Failed> {
        let start = log.log_start_offset();
        log.delete_old_segments(log.flushed_end_offset(), WallMillis(1000)).await?;
        assert_eq!(log.log_start_offset(), start.max(log.first_segment_offset()));
        Ok(())
    }
}
