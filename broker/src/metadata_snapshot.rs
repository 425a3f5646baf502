//! Snapshots of the metadata beside its log (KIP-630): their bytes, their files, their names.
//!
//! Not here: when one is due, the log behind it.

use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use klamm_env::{Env, IoVec, Open};
use klamm_protocol::metadata_records::MetadataRecord;
use klamm_protocol::{Message, SnapshotFooterRecord, SnapshotHeaderRecord};
use klamm_records::{ControlRecordType, control_batch};

use crate::metadata_log::{MetadataLogError, QuorumRecords, data_batch, malformed};

/// Behind the name of a snapshot that is being written.
const PART: &str = ".part";
/// Most records in one batch of a snapshot.
const SNAPSHOT_BATCH_RECORDS: usize = 1024;
/// Most bytes of configuration in one batch of a snapshot; no other record is large.
const SNAPSHOT_BATCH_CONFIG_BYTES: usize = 1 << 20;

/// Whether the next record still goes into the batch of the one before, for records in order.
fn fits_one_batch() -> impl FnMut(&MetadataRecord, &MetadataRecord) -> bool {
    let (mut count, mut config_bytes) = (1, 0);
    move |_, next| {
        count += 1;
        if let MetadataRecord::Config(config) = next {
            config_bytes += config.name.len() + config.value.as_ref().map_or(0, String::len);
        }
        let fits = count <= SNAPSHOT_BATCH_RECORDS && config_bytes <= SNAPSHOT_BATCH_CONFIG_BYTES;
        if !fits {
            (count, config_bytes) = (1, 0);
        }
        fits
    }
}

/// The bytes of a snapshot (KIP-630).
pub(crate) fn snapshot_bytes(
    now_ms: i64,
    epoch: i32,
    quorum: &QuorumRecords,
    records: &[MetadataRecord],
) -> Result<Vec<Bytes>, MetadataLogError> {
    let mut parts = Vec::new();
    let mut offset = 0;
    let control =
        |offset: &mut i64, records: &[(ControlRecordType, Bytes)]| -> Result<Bytes, MetadataLogError> {
            let borrowed: Vec<(ControlRecordType, &[u8])> =
                records.iter().map(|(kind, value)| (*kind, &value[..])).collect();
            let batch = control_batch(*offset, epoch, now_ms, &borrowed).map_err(malformed)?;
            *offset += i64::try_from(records.len()).expect("few control records");
            Ok(batch.freeze())
        };
    let header =
        SnapshotHeaderRecord { last_contained_log_timestamp: now_ms, ..SnapshotHeaderRecord::default() };
    let mut front = vec![(ControlRecordType::SnapshotHeader, header.to_bytes(0).map_err(malformed)?)];
    front.extend(quorum.to_records()?);
    parts.push(control(&mut offset, &front)?);
    for chunk in records.chunk_by(fits_one_batch()) {
        parts.push(data_batch(offset, epoch, now_ms, chunk)?.freeze());
        offset += i64::try_from(chunk.len()).expect("a chunk is small");
    }
    let footer = SnapshotFooterRecord::default().to_bytes(0).map_err(malformed)?;
    parts.push(control(&mut offset, &[(ControlRecordType::SnapshotFooter, footer)])?);
    Ok(parts)
}

/// What a snapshot's file is called by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SnapshotName {
    /// Everything below is in it.
    pub(crate) end_offset: i64,
    /// Epoch of the last record in it.
    pub(crate) epoch: i32,
}

impl SnapshotName {
    fn parse(name: &str) -> Option<Self> {
        let (end_offset, epoch) = name.strip_suffix(".checkpoint")?.split_once('-')?;
        (end_offset.len() == 20 && epoch.len() == 10).then_some(())?;
        Some(Self { end_offset: end_offset.parse().ok()?, epoch: epoch.parse().ok()? })
    }

    pub(crate) fn file_name(self) -> String {
        format!("{:020}-{:010}.checkpoint", self.end_offset, self.epoch)
    }
}

async fn names(env: &Env, path: &Path) -> io::Result<Vec<String>> {
    match env.list(path).await {
        Ok(entries) => Ok(entries.into_iter().map(|entry| entry.name).collect()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

pub(crate) async fn snapshots(env: &Env, path: &Path) -> io::Result<Vec<SnapshotName>> {
    Ok(names(env, path).await?.iter().filter_map(|name| SnapshotName::parse(name)).collect())
}

pub(crate) async fn latest_snapshot(env: &Env, path: &Path) -> io::Result<Option<SnapshotName>> {
    Ok(snapshots(env, path).await?.into_iter().max())
}

/// Removes snapshots that a crash or a failure left unfinished.
pub(crate) async fn remove_parts(env: &Env, path: &Path) -> io::Result<()> {
    for name in names(env, path).await? {
        if name.strip_suffix(PART).is_some_and(|name| SnapshotName::parse(name).is_some()) {
            env.remove(&path.join(name)).await?;
        }
    }
    Ok(())
}

/// Writes a snapshot under another name, makes it durable, and gives it its own name.
pub(crate) async fn write_snapshot_file(
    env: &Env,
    path: &Path,
    name: SnapshotName,
    parts: Vec<Bytes>,
) -> io::Result<()> {
    let target: PathBuf = path.join(name.file_name());
    let part = path.join(format!("{}{PART}", name.file_name()));
    let file = env.open(&part, Open::REPLACE).await?;
    file.write(0, IoVec::from(parts)).await?;
    env.sync(vec![file]).await?;
    env.rename(&part, &target).await?;
    env.sync_dir(path).await
}

pub(crate) async fn remove_snapshots_before(env: &Env, path: &Path, end_offset: i64) -> io::Result<()> {
    for name in snapshots(env, path).await? {
        if name.end_offset < end_offset {
            env.remove(&path.join(name.file_name())).await?;
        }
    }
    Ok(())
}

pub(crate) async fn read_whole(env: &Env, path: &Path) -> Result<Bytes, MetadataLogError> {
    let bytes = klamm_log::atomic_file::read(env, path).await?;
    bytes.ok_or_else(|| malformed(format!("snapshot {} is gone", path.display())))
}
