//! Which `<offset>.snapshot` files a log has, and reading, writing and removing them.
//!
//! One is kept for the base of each segment, so that a segment can be scanned from its start, and the newest.
//! Not here: what is in them (`producer_snapshot`).

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use klamm_env::{Env, IoVec, Open};

use crate::atomic_file;
use crate::name::segment_file;
use crate::producer_snapshot;
use crate::producer_state::ProducerEntry;
use crate::readable;
use crate::syncer::Dirty;

/// Suffix of the files.
pub(crate) const SUFFIX: &str = ".snapshot";

/// Offsets of the snapshots that are there.
#[derive(Debug, Default)]
pub(crate) struct Snapshots(BTreeSet<i64>);

impl Snapshots {
    pub(crate) fn new(offsets: BTreeSet<i64>) -> Self {
        Self(offsets)
    }

    pub(crate) fn contains(&self, offset: i64) -> bool {
        self.0.contains(&offset)
    }

    pub(crate) fn insert(&mut self, offset: i64) {
        self.0.insert(offset);
    }

    /// The newest snapshot at `offset` or before.
    pub(crate) fn newest_to(&self, offset: i64) -> Option<i64> {
        self.0.range(..=offset).next_back().copied()
    }

    /// The newest snapshot at `offset` or before, and what is in it. Damaged ones are removed on the way.
    pub(crate) async fn load_newest(
        &mut self,
        env: &Env,
        directory: &Path,
        offset: i64,
    ) -> io::Result<Option<(i64, BTreeMap<i64, ProducerEntry>)>> {
        while let Some(newest) = self.newest_to(offset) {
            let path = path(directory, newest);
            let bytes = readable::read_small(env, &path).await?.unwrap_or_default();
            match producer_snapshot::decode(&bytes) {
                Ok(producers) => return Ok(Some((newest, producers))),
                Err(reason) => {
                    tracing::warn!(path = %path.display(), reason, "a producer snapshot is malformed and removed");
                    self.remove(env, directory, newest).await?;
                }
            }
        }
        Ok(None)
    }

    /// Removes snapshots for which `keep` is false.
    pub(crate) async fn retain(
        &mut self,
        env: &Env,
        directory: &Path,
        keep: impl Fn(i64) -> bool,
    ) -> io::Result<()> {
        let doomed: Vec<i64> = self.0.iter().copied().filter(|offset| !keep(*offset)).collect();
        for offset in doomed {
            self.remove(env, directory, offset).await?;
        }
        Ok(())
    }

    async fn remove(&mut self, env: &Env, directory: &Path, offset: i64) -> io::Result<()> {
        self.0.remove(&offset);
        atomic_file::remove(env, &path(directory, offset)).await
    }
}

fn path(directory: &Path, offset: i64) -> PathBuf {
    directory.join(segment_file(offset, SUFFIX))
}

/// Writes a snapshot in one step; it is durable with the next barrier, and known by its CRC if it is not.
pub(crate) async fn write(
    env: &Env,
    directory: &Path,
    offset: i64,
    bytes: Bytes,
    dirty: &RefCell<Dirty>,
) -> io::Result<()> {
    let temporary = directory.join(segment_file(offset, ".snapshot.tmp"));
    let file = env.open(&temporary, Open::REPLACE).await?;
    file.write(0, IoVec::from(bytes)).await?;
    env.rename(&temporary, &path(directory, offset)).await?;
    let mut dirty = dirty.borrow_mut();
    dirty.add_file(&file);
    dirty.add_directory(directory.to_path_buf());
    Ok(())
}
