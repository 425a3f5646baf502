//! Which leader wrote which offsets: `leader-epoch-checkpoint`, text of one `<epoch> <start offset>` a line.
//!
//! Not here: when it is written (`log`).

use crate::error::LogError;
use crate::log::Log;

/// Name of the file.
pub(crate) const FILE: &str = "leader-epoch-checkpoint";

/// Where a leader epoch ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EpochEnd {
    /// The largest epoch in the log that is not above the one asked for; -1 if there is none.
    pub leader_epoch: i32,
    /// First offset beyond it; -1 if there is none.
    pub end_offset: i64,
}

/// Leader epochs and the offset at which each began; both rise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct EpochCache {
    entries: Vec<(i32, i64)>,
}

impl EpochCache {
    /// Reads the file's text; `None` if it is not in the format.
    pub(crate) fn decode(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        if lines.next()? != "0" {
            return None;
        }
        let count: usize = lines.next()?.parse().ok()?;
        let mut cache = Self::default();
        for line in lines.by_ref().take(count) {
            let (epoch, start) = line.split_once(' ')?;
            let (epoch, start) = (epoch.parse().ok()?, start.parse().ok()?);
            let rises = cache.entries.last().is_none_or(|last| last.0 < epoch && last.1 <= start);
            if !rises {
                return None;
            }
            cache.entries.push((epoch, start));
        }
        (cache.entries.len() == count && lines.next().is_none()).then_some(cache)
    }

    /// The file's text.
    pub(crate) fn encode(&self) -> String {
        let mut text = format!("0\n{}\n", self.entries.len());
        for (epoch, start) in &self.entries {
            text.push_str(&format!("{epoch} {start}\n"));
        }
        text
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(crate) fn latest(&self) -> Option<i32> {
        self.entries.last().map(|entry| entry.0)
    }

    /// Epoch of the record at `offset`.
    pub(crate) fn at(&self, offset: i64) -> Option<i32> {
        let after = self.entries.partition_point(|entry| entry.1 <= offset);
        after.checked_sub(1).map(|slot| self.entries[slot].0)
    }

    /// Notes that `epoch` begins at `start`; whether that changed anything. An epoch that began there or later
    /// without a record is replaced.
    pub(crate) fn assign(&mut self, epoch: i32, start: i64) -> bool {
        if epoch < 0 || self.latest().is_some_and(|latest| latest >= epoch) {
            return false;
        }
        while self.entries.last().is_some_and(|last| last.1 >= start) {
            self.entries.pop();
        }
        self.entries.push((epoch, start));
        true
    }

    /// Takes in a batch that lies in the log at `offset`. If another epoch was known there, what is known from there on is
    /// wrong: a log start that was not checkpointed brought records back whose epochs were forgotten already.
    pub(crate) fn observe(&mut self, epoch: i32, offset: i64) {
        if self.at(offset) != Some(epoch) {
            self.truncate_from_end(offset);
            self.assign(epoch, offset);
        }
    }

    /// Where `epoch` ends in a log that ends at `log_end_offset`.
    pub(crate) fn end_offset_for(&self, epoch: i32, log_end_offset: i64) -> EpochEnd {
        let unknown = EpochEnd { leader_epoch: -1, end_offset: -1 };
        let Some(latest) = self.latest().filter(|_| epoch >= 0) else {
            return unknown;
        };
        if epoch == latest {
            return EpochEnd { leader_epoch: epoch, end_offset: log_end_offset };
        }
        let above = self.entries.partition_point(|entry| entry.0 <= epoch);
        let Some((_, end_offset)) = self.entries.get(above).copied() else {
            return unknown;
        };
        match above.checked_sub(1) {
            Some(slot) => EpochEnd { leader_epoch: self.entries[slot].0, end_offset },
            None => EpochEnd { leader_epoch: epoch, end_offset },
        }
    }

    /// Forgets epochs that began at `offset` or later; whether there were any.
    pub(crate) fn truncate_from_end(&mut self, offset: i64) -> bool {
        let before = self.entries.len();
        self.entries.retain(|entry| entry.1 < offset);
        before != self.entries.len()
    }

    /// Forgets epochs that ended at `offset` or before; the one that holds it begins there now.
    pub(crate) fn truncate_from_start(&mut self, offset: i64) -> bool {
        let after = self.entries.partition_point(|entry| entry.1 <= offset);
        let Some(holder) = after.checked_sub(1) else {
            return false;
        };
        if holder == 0 && self.entries[0].1 == offset {
            return false;
        }
        self.entries.drain(..holder);
        self.entries[0].1 = offset;
        true
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }
}

impl Log {
    /// The newest leader epoch in the log or assigned to it.
    pub fn latest_epoch(&self) -> Option<i32> {
        self.state().epochs.latest()
    }

    /// Where `leader_epoch` ends (OffsetForLeaderEpoch, KIP-320), as far as it may be seen: what power could still take is
    /// told to nobody.
    pub fn end_offset_for_epoch(&self, leader_epoch: i32) -> EpochEnd {
        let visible = self.visible_end_offset();
        let state = self.state();
        let end = state.epochs.end_offset_for(leader_epoch, state.log_end_offset);
        EpochEnd { end_offset: end.end_offset.min(visible), ..end }
    }

    /// Notes that `leader_epoch` begins at the log's end; older or equal ones change nothing. Appends do it too.
    ///
    /// # Errors
    /// [`LogError::Storage`].
    pub async fn assign_leader_epoch(&self, leader_epoch: i32) -> Result<(), LogError> {
        let _turn = self.turn().await?;
        let end = self.log_end_offset();
        self.note_epoch(leader_epoch, end).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cache() -> EpochCache {
        let mut cache = EpochCache::default();
        for (epoch, start) in [(0, 0), (2, 10), (5, 30)] {
            assert!(cache.assign(epoch, start));
        }
        cache
    }

    #[test]
    fn text_of_the_file() {
        assert_eq!(cache().encode(), "0\n3\n0 0\n2 10\n5 30\n");
        assert_eq!(EpochCache::decode("0\n3\n0 0\n2 10\n5 30\n"), Some(cache()));
        assert_eq!(EpochCache::decode("0\n0\n"), Some(EpochCache::default()));
        for damaged in ["", "1\n0\n", "0\n2\n0 0\n", "0\n1\n0 0\n1 1\n", "0\n2\n1 0\n1 4\n", "0\n1\nx 0\n"] {
            assert_eq!(EpochCache::decode(damaged), None, "{damaged:?}");
        }
    }

    #[test]
    fn ends_of_epochs() {
        let check = |epoch, leader_epoch, end_offset| {
            assert_eq!(
                cache().end_offset_for(epoch, 44),
                EpochEnd { leader_epoch, end_offset },
                "epoch {epoch}"
            );
        };
        check(-1, -1, -1);
        check(0, 0, 10);
        check(1, 0, 10);
        check(2, 2, 30);
        check(4, 2, 30);
        check(5, 5, 44);
        check(6, -1, -1);
        assert_eq!(cache().at(29), Some(2));
        assert_eq!(EpochCache::default().at(0), None);
    }

    #[test]
    fn epochs_only_rise() {
        let mut cache = cache();
        assert!(!cache.assign(5, 50));
        assert!(!cache.assign(3, 50));
        assert!(cache.assign(6, 30), "epoch 5 wrote nothing");
        assert_eq!(cache.encode(), "0\n3\n0 0\n2 10\n6 30\n");
    }

    #[test]
    fn what_lies_in_the_log_is_right() {
        let mut known = cache();
        for (epoch, offset) in [(0, 4), (2, 12), (5, 30), (5, 40)] {
            known.observe(epoch, offset);
        }
        assert_eq!(known, cache());
        let mut forgotten = EpochCache::decode("0\n1\n5 40\n").expect("sound");
        for (epoch, offset) in [(0, 0), (0, 5), (2, 10), (5, 30), (5, 40)] {
            forgotten.observe(epoch, offset);
        }
        assert_eq!(forgotten, cache());
    }

    #[test]
    fn both_ends_can_be_cut() {
        let mut cut = cache();
        assert!(cut.truncate_from_end(30));
        assert!(!cut.truncate_from_end(30));
        assert_eq!(cut.encode(), "0\n2\n0 0\n2 10\n");
        let mut cut = cache();
        assert!(cut.truncate_from_start(12));
        assert_eq!(cut.encode(), "0\n2\n2 12\n5 30\n");
        assert!(!cut.truncate_from_start(12));
        assert!(!cut.truncate_from_start(3));
    }
}
