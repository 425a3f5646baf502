//! The logs that a node finds in its directories when it starts: where they begin, and which of them are nobody's.
//!
//! Not here: opening them, logs that are made later.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use klamm_log::{LogDirectory, LogError, LogName, LogStart, OffsetCheckpoint, TopicPartition, bounded};
use klamm_metadata::{METADATA_TOPIC, MetadataImage};
use klamm_protocol::Uuid;

/// The logs that are there.
pub(crate) type FoundLogs = BTreeMap<TopicPartition, FoundLog>;

/// One of them.
pub(crate) struct FoundLog {
    /// The place of the directory in which it lies.
    pub(crate) directory: usize,
    pub(crate) start: LogStart,
    /// It was deleted since: another of the same name, on whatever lane, begins elsewhere.
    pub(crate) deleted: AtomicBool,
}

/// Small files read at once.
const READ_AT_ONCE: usize = 64;

/// Looks into the directories, and takes away what they say of a clean stop.
///
/// # Errors
/// A directory cannot be read or written.
pub(crate) async fn find(directories: &[(Uuid, LogDirectory)]) -> Result<FoundLogs, LogError> {
    let mut found = FoundLogs::new();
    for (place, (_, directory)) in directories.iter().enumerate() {
        let clean = directory.take_clean_shutdown().await?.is_some();
        let recovery_points = directory.read_checkpoint(OffsetCheckpoint::RecoveryPoint).await?;
        let log_start_offsets = directory.read_checkpoint(OffsetCheckpoint::LogStart).await?;
        for name in directory.list().await? {
            let LogName::Live(partition) = name else { continue };
            let of = |offsets: &BTreeMap<TopicPartition, i64>| offsets.get(&partition).copied().unwrap_or(0);
            let start = LogStart {
                recovery_point: of(&recovery_points),
                log_start_offset: of(&log_start_offsets),
                clean,
            };
            found.insert(partition, FoundLog { directory: place, start, deleted: AtomicBool::new(false) });
        }
    }
    Ok(found)
}

/// Renames logs that the metadata does not know, and takes them out of `found`: a crash came between the deletion of
/// their topic and that of their directory. Under its name, a later topic of the same name could not be opened.
///
/// # Errors
/// A directory cannot be read or written.
pub(crate) async fn set_strays_aside(
    directories: &[(Uuid, LogDirectory)],
    image: &MetadataImage,
    node_id: i32,
    found: &mut FoundLogs,
) -> Result<(), LogError> {
    let ids = found.iter().filter(|(partition, _)| partition.topic != METADATA_TOPIC).map(
        |(partition, log)| async move {
            (partition, log.directory, directories[log.directory].1.topic_id(partition).await)
        },
    );
    let mut strays: BTreeMap<usize, Vec<TopicPartition>> = BTreeMap::new();
    for (partition, place, id) in bounded(ids, READ_AT_ONCE).await {
        if !belongs(image, node_id, partition, id?) {
            strays.entry(place).or_default().push(partition.clone());
        }
    }
    for (place, strays) in strays {
        directories[place].1.set_aside(&strays).await?;
        for stray in &strays {
            found.remove(stray);
        }
    }
    Ok(())
}

/// Whether a log is one of this node's replicas. A directory without an id came no further than to be made, and one whose id is
/// damaged is mended when it is opened.
fn belongs(
    image: &MetadataImage,
    node_id: i32,
    partition: &TopicPartition,
    id: Option<klamm_log::Uuid>,
) -> bool {
    image.topic(&partition.topic).is_some_and(|topic| {
        let index = usize::try_from(partition.partition).ok();
        let replica = index.and_then(|index| topic.partitions.get(index));
        replica.is_some_and(|replica| replica.replicas.contains(&node_id))
            && id.is_none_or(|id| {
                let known = klamm_log::Uuid(topic.id.0);
                id == known || id.is_misread(known)
            })
    })
}

/// Takes entries of logs that are not there out of the checkpoints: a later log of the same name begins elsewhere, and
/// a crash may come before the next checkpoint.
///
/// # Errors
/// A directory cannot be read or written.
pub(crate) async fn forget_others(
    directories: &[(Uuid, LogDirectory)],
    found: &FoundLogs,
) -> Result<(), LogError> {
    for (place, (_, directory)) in directories.iter().enumerate() {
        for checkpoint in OffsetCheckpoint::ALL {
            let mut offsets = directory.read_checkpoint(checkpoint).await?;
            let count = offsets.len();
            offsets.retain(|partition, _| found.get(partition).is_some_and(|log| log.directory == place));
            if offsets.len() < count {
                directory.write_checkpoint(checkpoint, &offsets).await?;
            }
        }
    }
    Ok(())
}
