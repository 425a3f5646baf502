//! Walking the sound batches of a segment, whoever wrote them. Not here: what is made of them; reading for those who asked.

use std::io;
use std::ops::Range;

use bytes::Bytes;
use klamm_env::Env;
use klamm_records::{Batches, RecordBatch};

use super::Group;
use crate::scan::{Found, Scan};
use crate::segment::Segment;

impl Segment {
    /// Gives `with` all batches that may hold offsets of a range: those of the sidecar's groups, held against it, and where no
    /// group is, or another broker's work took its place, those whose own CRC is right. What is damaged is left out.
    pub(crate) async fn each_sound_batch(
        &self,
        env: &Env,
        offsets: Range<i64>,
        mut with: impl FnMut(&RecordBatch),
    ) -> io::Result<()> {
        self.load_sidecar(env).await?;
        let (mut at, end, groups) = self.with_sidecar(|sidecar| {
            let end = sidecar.place_of_groups_from(offsets.end).unwrap_or(self.size());
            (sidecar.place_before(offsets.start), end, sidecar.groups().to_vec())
        });
        let first = groups.partition_point(|group| u64::from(group.position) < at);
        let mut left = &groups[first..groups.partition_point(|group| u64::from(group.position) < end)];
        while let Some(next) = left.first() {
            self.each_batch_by_crc(env, at..u64::from(next.position), None, &mut with).await?;
            let count = self.each_batch_of_groups(env, run_of(left), &mut with).await?;
            at = left[..count].last().map_or(u64::from(next.position), Group::end);
            left = &left[count..];
            if let Some(other) = left.first().filter(|group| u64::from(group.position) == at) {
                self.each_batch_by_crc(env, at..other.end(), Some(other.base_offset), &mut with).await?;
                at = other.end();
                left = &left[1..];
            }
        }
        self.each_batch_by_crc(env, at..end.max(at), None, &mut with).await
    }

    /// As far as groups are what was written there; how many.
    async fn each_batch_of_groups(
        &self,
        env: &Env,
        groups: &[Group],
        with: &mut impl FnMut(&RecordBatch),
    ) -> io::Result<usize> {
        let mut count = 0;
        self.each_group(env, groups, |_, read| {
            let Ok((bytes, _)) = read else { return false };
            each_batch(bytes, with);
            count += 1;
            true
        })
        .await?;
        Ok(count)
    }

    /// As long as batches are sound by themselves and, if it is known which offset comes next, follow one another from there on.
    async fn each_batch_by_crc(
        &self,
        env: &Env,
        places: Range<u64>,
        mut next_offset: Option<i64>,
        with: &mut impl FnMut(&RecordBatch),
    ) -> io::Result<()> {
        if places.is_empty() {
            return Ok(());
        }
        let mut scan = Scan::new(self.file(env).await?, places.start, places.end.min(self.size()));
        while let Found::Batch((placed, batch)) = scan.next_whole().await? {
            if next_offset.is_some_and(|next_offset| placed.header.base_offset != next_offset) {
                break;
            }
            next_offset = next_offset.map(|_| placed.header.next_offset());
            with(&batch);
        }
        Ok(())
    }
}

/// The first groups that lie right behind one another.
fn run_of(groups: &[Group]) -> &[Group] {
    let mut runs = groups.chunk_by(|before, after| before.end() == u64::from(after.position));
    runs.next().unwrap_or_default()
}

fn each_batch(bytes: Bytes, with: &mut impl FnMut(&RecordBatch)) {
    for batch in Batches::new(bytes) {
        with(&batch.expect("the group was held against the sidecar"));
    }
}
