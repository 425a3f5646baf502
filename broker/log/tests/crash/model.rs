//! The plain model: records in a vector, and what must be left of them. Not here: the world.

use std::cell::RefCell;

use klamm_env::WallMillis;
use klamm_log::{AppendError, Log};

use crate::batches::{batch, read_all, sent_by, values};

const PRODUCER: i64 = 7;

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
    /// Value by offset, from 0 on, also of records that are gone.
    records: Vec<String>,
    /// Below, nothing may be lost.
    pub(crate) flushed: i64,
    /// The log may begin anywhere up to here.
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

    /// The power was lost: what is in the log now is what the next comparison finds.
    pub(crate) fn crashed(&mut self) {
        self.leader_epoch += 1;
    }

    fn draw_values(&mut self, count: usize) -> Vec<String> {
        let drawn = values(self.next_value, count);
        self.next_value += count;
        drawn
    }

    fn end(&self) -> i64 {
        i64::try_from(self.records.len()).expect("few records")
    }

    fn next_sequence(&self) -> i32 {
        let after = |sent: &Sent| sent.sequence + i32::try_from(sent.values.len()).expect("few");
        self.sent.last().map_or(0, after)
    }

    /// Holds the log against the model, and takes over where the log ends.
    pub(crate) async fn compare(model: &RefCell<Self>, log: &Log) {
        let (start, end) = (log.log_start_offset(), log.log_end_offset());
        let records = read_all(log, start, end).await;
        {
            let mut model = model.borrow_mut();
            let least = model.cutting.map_or(model.flushed, |cut| model.flushed.min(cut));
            assert!(end >= least, "flushed up to {least}, found up to {end}");
            assert!(end <= model.end(), "records up to {} were appended, {end} found", model.end());
            assert!(start <= model.start_max.max(0) && start <= end, "the log begins at {start}");
            let expected: Vec<(i64, String)> = (start..end)
                .map(|offset| (offset, model.records[usize::try_from(offset).expect("from 0")].clone()))
                .collect();
            assert_eq!(records, expected);
            model.records.truncate(usize::try_from(end).expect("from 0"));
            model.sent.retain(|sent| sent.offset + sent.values.len() as i64 <= end);
            model.cutting = None;
            assert!(log.flushed_end_offset() <= end);
            model.flushed = model.flushed.min(end).max(log.flushed_end_offset());
        }
        Self::repeat(model, log).await;
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

    pub(crate) async fn append(model: &RefCell<Self>, log: &Log, count: usize) {
        let (values, epoch, expected) = {
            let mut model = model.borrow_mut();
            let expected = model.end();
            let values = model.draw_values(count);
            model.records.extend(values.iter().cloned());
            (values, model.leader_epoch, expected)
        };
        let timestamp = 1000 + expected;
        let info =
            log.append_as_leader(batch(&values, timestamp), epoch, WallMillis(0)).await.expect("appended");
        assert_eq!(info.first_offset, expected);
    }

    pub(crate) async fn send(model: &RefCell<Self>, log: &Log, count: usize) {
        let (sent, epoch) = {
            let mut model = model.borrow_mut();
            let sent = Sent {
                sequence: model.next_sequence(),
                offset: model.end(),
                values: model.draw_values(count),
            };
            model.records.extend(sent.values.iter().cloned());
            model.sent.push(sent.clone());
            (sent, model.leader_epoch)
        };
        let batch = sent_by(PRODUCER, 0, sent.sequence, &sent.values);
        let info = log.append_as_leader(batch, epoch, WallMillis(0)).await.expect("appended");
        assert_eq!((info.first_offset, info.duplicate), (sent.offset, false));
    }

    pub(crate) async fn flush(model: &RefCell<Self>, log: &Log) {
        let end = log.log_end_offset();
        let flushed = log.flush().await.expect("flushed");
        assert!(flushed >= end);
        assert_eq!(flushed, log.flushed_end_offset());
        model.borrow_mut().flushed = end;
    }

    pub(crate) async fn truncate(model: &RefCell<Self>, log: &Log, count: i64) {
        let (cut, whole) = {
            let mut model = model.borrow_mut();
            let cut = (model.end() - count).max(log.log_start_offset());
            // Whole batches go: the log may end up to a batch before the cut.
            let whole = cut.saturating_sub(6).max(0);
            model.cutting = Some(whole);
            (cut, whole)
        };
        log.truncate_to(cut).await.expect("cut");
        let end = log.log_end_offset();
        assert!((whole..=cut).contains(&end), "cut to {cut}, ended at {end}");
        let mut model = model.borrow_mut();
        model.records.truncate(usize::try_from(end).expect("from 0"));
        model.sent.retain(|sent| sent.offset + (sent.values.len() as i64) <= end);
        model.cutting = None;
        model.flushed = end;
        assert_eq!(log.flushed_end_offset(), end);
    }

    pub(crate) async fn delete(model: &RefCell<Self>, log: &Log, count: i64) {
        let bound = log.flushed_end_offset();
        let start = (log.log_start_offset() + count).min(bound);
        {
            let mut model = model.borrow_mut();
            model.start_max = model.start_max.max(start);
        }
        log.delete_records_before(start, bound).expect("below the bound");
        log.delete_old_segments(bound, WallMillis(1000)).await.expect("looked");
        assert_eq!(log.log_start_offset(), start.max(log.first_segment_offset()));
    }
}
