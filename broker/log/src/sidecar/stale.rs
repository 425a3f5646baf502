//! Telling damage from another broker's work: Kafka passes a sidecar over, and writes what it likes beside it.
//!
//! Where a group is not what was written, another broker has been there if all of this holds:
//!
//! 1. From the group's beginning to the end of the file lie whole batches whose CRCs are right, whose offsets go on from the
//!    group before and stay within the segment, and whose leader epochs do not fall.
//! 2. No later group is still what was written in its place. A disk that lost or misplaced one write leaves the others.
//! 3. The first of these batches is of a later leader epoch than the group, and the partition's epochs have it begin there or
//!    before, since every broker that starts leads in one of its own and says so; or the topic is compacted and the file is
//!    shorter than what was written, since a compaction leaves batches out of a new file and moves the others up. If it left
//!    out all from the group on, the time index, which it made anew, knows of none of them.
//!
//! Whatever else is there is damage, and not served.
//!
//! Not here: what was written behind the last group, which no group covers anyway.

use std::io;

use klamm_env::Env;

use super::Group;
use crate::epoch_cache::EpochCache;
use crate::readable;
use crate::scan::{Found, Scan};
use crate::segment::{Segment, TIME_INDEX};
use crate::time_index::TimeIndex;

impl Segment {
    /// Forgets groups in whose place another broker leads in a later epoch, by the partition's epochs alone.
    pub(crate) async fn forget_stale(&self, env: &Env, epochs: &EpochCache) -> io::Result<()> {
        let is_stale =
            |group: &&Group| epochs.at(group.base_offset).is_some_and(|at| at > group.leader_epoch);
        let stale = self.with_sidecar(|sidecar| sidecar.groups().iter().find(is_stale).copied());
        match stale {
            Some(group) => self.cut_sidecar(env, u64::from(group.position)).await,
            None => Ok(()),
        }
    }

    /// Whether another broker wrote what lies where `group` was and behind it; the segment ends before `end_offset`.
    pub(crate) async fn is_stale_from(
        &self,
        env: &Env,
        group: &Group,
        end_offset: i64,
        epochs: &EpochCache,
        compacted: bool,
    ) -> io::Result<bool> {
        self.load_sidecar(env).await?;
        let at = u64::from(group.position);
        let (before, later, covered_to) = self.with_sidecar(|sidecar| {
            let (before, later) = sidecar.groups().split_at(sidecar.count_to(at));
            (before.last().copied(), later.to_vec(), sidecar.covered_to())
        });
        let mut next_offset = before.map_or(self.base_offset, |before| before.last_offset + 1);
        let mut leader_epoch = before.map_or(-1, |before| before.leader_epoch);
        let mut first_epoch = None;
        let mut scan = Scan::new(self.file(env).await?, at, self.size());
        loop {
            let header = match scan.next_whole().await? {
                Found::Batch((placed, _)) => placed.header,
                Found::End => break,
                Found::Broken(_) => return Ok(false),
            };
            let follows =
                header.base_offset == next_offset || (compacted && header.base_offset > next_offset);
            let rises = header.partition_leader_epoch >= leader_epoch;
            if !follows || !rises || header.last_offset() >= end_offset {
                return Ok(false);
            }
            (next_offset, leader_epoch) = (header.next_offset(), header.partition_leader_epoch);
            first_epoch.get_or_insert(leader_epoch);
        }
        for group in later.iter().skip(1).filter(|group| group.end() <= self.size()) {
            if self.read_group(env, group).await?.is_ok() {
                return Ok(false);
            }
        }
        let is_led_anew = first_epoch
            .is_some_and(|first| first > group.leader_epoch && epochs.at(group.base_offset) == Some(first));
        let is_shorter = compacted && self.size() < covered_to;
        Ok(is_led_anew
            || (is_shorter && (first_epoch.is_some() || self.index_ends_before(env, next_offset).await?)))
    }

    /// Whether the time index, as its file has it, knows of no record at `offset` or beyond.
    async fn index_ends_before(&self, env: &Env, offset: i64) -> io::Result<bool> {
        let Some(bytes) = readable::read_small(env, &self.path(TIME_INDEX)).await? else { return Ok(true) };
        let Some(times) = TimeIndex::decode(&bytes, i64::from(i32::MAX)) else { return Ok(false) };
        Ok(times.last().is_none_or(|(_, relative)| self.base_offset + i64::from(relative) < offset))
    }
}
