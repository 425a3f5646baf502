//! `__cluster_metadata-0`: records in batches, snapshots beside them. With one voter, appended and flushed is committed.
//!
//! ```text
//!   <end offset>-<epoch>.checkpoint     header · records of the image · footer
//!   <20 digits>.log                     leader change · records · records …
//! ```
//!
//! Not here: what records mean (klamm-metadata), how a snapshot is written ([`crate::metadata_snapshot`]), votes.

use std::cell::Cell;
use std::io;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use klamm_env::{Env, WallMillis};
use klamm_log::{
    AppendError, DirectoryState, Log, LogConfig, LogDirectory, LogError, LogStart, TopicId, TopicPartition,
};
use klamm_metadata::{METADATA_TOPIC, MetadataDelta, MetadataImage, record_version};
use klamm_protocol::metadata_records::{AbortTransactionRecord, MetadataRecord};
use klamm_protocol::{
    KRaftVersionRecord, LeaderChangeMessage, Message, Uuid, VotersRecord, leader_change_message,
};
use klamm_records::{BatchBuilder, Batches, Compression, Compressor, ControlRecordType, control_batch};

use crate::config::Durability;
use crate::metadata_snapshot::{
    SnapshotName, latest_snapshot, read_whole, remove_parts, remove_snapshots_before, snapshot_bytes,
    write_snapshot_file,
};
use crate::metadata_view::{MetadataView, Written};

/// Longest read of the log at once, in bytes.
const READ_BYTES_MAX: usize = 1 << 20;
/// A metadata batch is written by this node, and no larger than this when it is read back.
const BATCH_BYTES_MAX: usize = 64 << 20;
/// Largest batch that is written, as with Kafka's quorum. A segment may be smaller.
const WRITTEN_BATCH_BYTES_MAX: usize = 8 << 20;

/// Why the metadata cannot be read or written.
#[derive(Debug)]
pub(crate) enum MetadataLogError {
    /// The log failed.
    Log(LogError),
    /// An append was refused.
    Append(AppendError),
    /// A file does not hold what it should.
    Malformed(String),
    /// Records that cannot be written.
    Unwritable(String),
}

impl std::fmt::Display for MetadataLogError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Log(error) => error.fmt(f),
            Self::Append(error) => error.fmt(f),
            Self::Malformed(what) => write!(f, "the metadata log is damaged: {what}"),
            Self::Unwritable(what) => write!(f, "metadata records cannot be written: {what}"),
        }
    }
}

impl std::error::Error for MetadataLogError {}

impl From<LogError> for MetadataLogError {
    fn from(error: LogError) -> Self {
        Self::Log(error)
    }
}

impl From<io::Error> for MetadataLogError {
    fn from(error: io::Error) -> Self {
        Self::Log(LogError::Storage(error))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it ends a map_err")]
pub(crate) fn malformed(what: impl ToString) -> MetadataLogError {
    MetadataLogError::Malformed(what.to_string())
}

#[expect(clippy::needless_pass_by_value, reason = "it ends a map_err")]
fn unwritable(what: impl ToString) -> MetadataLogError {
    MetadataLogError::Unwritable(what.to_string())
}

/// What a snapshot or the log says of the quorum itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct QuorumRecords {
    /// Level of kraft.version.
    pub(crate) kraft_version: i16,
    /// The voters, where the quorum is dynamic.
    pub(crate) voters: Option<VotersRecord>,
}

impl QuorumRecords {
    /// The control records that say so; none of a quorum whose voters every node's configuration names.
    pub(crate) fn to_records(&self) -> Result<Vec<(ControlRecordType, Bytes)>, MetadataLogError> {
        let mut records = Vec::new();
        if self.kraft_version > 0 {
            let version = KRaftVersionRecord { kraft_version: self.kraft_version, ..Default::default() };
            records.push((ControlRecordType::KRaftVersion, version.to_bytes(0).map_err(malformed)?));
        }
        if let Some(voters) = &self.voters {
            records.push((ControlRecordType::KRaftVoters, voters.to_bytes(0).map_err(malformed)?));
        }
        Ok(records)
    }
}

/// When a segment of the log ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SegmentRules {
    /// Before it would be larger (`metadata.log.segment.bytes`).
    pub(crate) bytes: u32,
    /// When its first batch is older (`metadata.log.segment.ms`).
    pub(crate) ms: i64,
}

/// Records that are ready to be appended, before anything else is.
pub(crate) struct NextBatch(Bytes);

/// The metadata log of this node, which leads it.
pub(crate) struct MetadataLog {
    env: Env,
    directory: LogDirectory,
    log: Log,
    epoch: i32,
    pub(crate) quorum: QuorumRecords,
    snapshot_offset: i64,
    bytes_since_snapshot: usize,
    /// The log ends in a transaction that nobody will end (KIP-868).
    has_open_transaction: bool,
    written: Rc<Written>,
}

impl MetadataLog {
    /// Opens the log and replays the latest snapshot and what follows it.
    pub(crate) async fn open(
        env: &Env,
        directory: &LogDirectory,
        segments: SegmentRules,
        durability: Durability,
        start: LogStart,
    ) -> Result<(Self, Arc<MetadataImage>), MetadataLogError> {
        let partition = TopicPartition::new(METADATA_TOPIC, 0);
        let config = LogConfig {
            segment_bytes: segments.bytes,
            segment_ms: segments.ms,
            retention_ms: -1,
            file_delete_delay_ms: 0,
            durability_fsync: durability == Durability::Fsync,
            ..LogConfig::default()
        };
        let path = directory.path().join(partition.directory_name());
        remove_parts(env, &path).await?;
        let snapshot = latest_snapshot(env, &path).await?;
        let log = Log::open(directory, &partition, Some(TopicId::METADATA_TOPIC), config, start).await?;
        let mut delta = MetadataDelta::new(&MetadataImage::default());
        let mut quorum = QuorumRecords::default();
        let mut from = log.log_start_offset();
        let reached = snapshot.map_or(0, |snapshot| snapshot.end_offset);
        if from > reached {
            let path = path.display();
            return Err(malformed(format!(
                "{path} begins at offset {from}, and what was before is in no snapshot: the latest ends at {reached}"
            )));
        }
        let mut snapshot_bytes = 0;
        if let Some(snapshot) = &snapshot {
            let bytes = read_whole(env, &path.join(snapshot.file_name())).await?;
            snapshot_bytes = bytes.len();
            replay(bytes, &mut delta, &mut quorum)?;
            from = from.max(snapshot.end_offset);
        }
        if log.log_end_offset() < from {
            // A snapshot is flushed before the log behind it goes: the log may lag behind it after a swap of disks.
            log.truncate_fully_and_start_at(from).await?;
        }
        let snapshot_offset = from;
        let mut bytes_since_snapshot = 0;
        while from < log.log_end_offset() {
            let bytes = log.read_bytes(from, READ_BYTES_MAX, log.log_end_offset()).await?;
            bytes_since_snapshot += bytes.len();
            from = replay(bytes, &mut delta, &mut quorum)?.max(from + 1);
        }
        let last_epoch = log.latest_epoch().unwrap_or(0).max(snapshot.map_or(0, |snapshot| snapshot.epoch));
        let this = Self {
            env: env.clone(),
            directory: directory.clone(),
            log,
            epoch: last_epoch + 1,
            quorum,
            snapshot_offset,
            bytes_since_snapshot,
            has_open_transaction: delta.in_transaction(),
            written: Rc::new(Written {
                last_timestamp: Cell::new(WallMillis(-1)),
                snapshot_bytes: Cell::new(snapshot_bytes),
                snapshots_loaded: usize::from(snapshot.is_some()),
                snapshot_at: Cell::new(env.now()),
            }),
        };
        Ok((this, delta.finish().0))
    }

    /// Offset of the next record.
    pub(crate) fn end_offset(&self) -> i64 {
        self.log.log_end_offset()
    }

    /// Whether the log's directory takes writes.
    pub(crate) fn disk(&self) -> DirectoryState {
        self.directory.state()
    }

    /// The epoch in which this node leads the quorum.
    pub(crate) fn epoch(&self) -> i32 {
        self.epoch
    }

    /// What others may see of it.
    pub(crate) fn view(&self) -> MetadataView {
        MetadataView { log: self.log.clone(), epoch: self.epoch, written: Rc::clone(&self.written) }
    }

    /// The log's directory.
    pub(crate) fn path(&self) -> &Path {
        self.log.path()
    }

    /// Writes the control record with which a leader begins its epoch, and aborts a transaction that a controller before
    /// it left open: what comes next is none of it.
    pub(crate) async fn begin_epoch(&mut self, node_id: i32) -> Result<(), MetadataLogError> {
        let version = self.quorum.kraft_version;
        let directory_id = self.quorum.voters.as_ref().and_then(|voters| {
            voters.voters.iter().find(|voter| voter.voter_id == node_id).map(|voter| voter.voter_directory_id)
        });
        let voter = || leader_change_message::Voter {
            voter_id: node_id,
            voter_directory_id: directory_id.filter(|_| version > 0).unwrap_or_default(),
            ..leader_change_message::Voter::default()
        };
        let message = LeaderChangeMessage {
            version,
            leader_id: node_id,
            voters: vec![voter()],
            granting_voters: vec![voter()],
            ..LeaderChangeMessage::default()
        };
        let mut records =
            vec![(ControlRecordType::LeaderChange, message.to_bytes(version).map_err(malformed)?)];
        if self.end_offset() == 0 {
            records.extend(self.quorum.to_records()?);
        }
        let records: Vec<(ControlRecordType, &[u8])> =
            records.iter().map(|(kind, value)| (*kind, &value[..])).collect();
        let batch = control_batch(self.end_offset(), self.epoch, self.env.wall().0, &records);
        self.append_batch(batch.map_err(malformed)?.freeze()).await?;
        if std::mem::take(&mut self.has_open_transaction) {
            tracing::warn!("the metadata log ends in a transaction that was not ended: it is aborted");
            let reason = Some("The controller that began it is gone.".to_owned());
            let abort = AbortTransactionRecord { reason, ..AbortTransactionRecord::default() };
            let batch = self.batch(&[MetadataRecord::AbortTransaction(abort)])?;
            self.append(batch).await?;
        }
        Ok(())
    }

    /// Records as the batch that comes next.
    ///
    /// # Errors
    /// They cannot be encoded, or are too large to be committed all or none.
    pub(crate) fn batch(&self, records: &[MetadataRecord]) -> Result<NextBatch, MetadataLogError> {
        let batch = data_batch(self.end_offset(), self.epoch, self.env.wall().0, records)?.freeze();
        let segment_bytes = usize::try_from(self.log.config().segment_bytes).unwrap_or(usize::MAX);
        let size_max = segment_bytes.min(WRITTEN_BATCH_BYTES_MAX);
        if batch.len() > size_max {
            let size = batch.len();
            return Err(unwritable(format!("{size} bytes are more than {size_max}")));
        }
        Ok(NextBatch(batch))
    }

    /// Appends a batch and returns when it is committed.
    pub(crate) async fn append(&mut self, batch: NextBatch) -> Result<(), MetadataLogError> {
        self.append_batch(batch.0).await
    }

    async fn append_batch(&mut self, batch: Bytes) -> Result<(), MetadataLogError> {
        self.bytes_since_snapshot += batch.len();
        let now = self.env.wall();
        self.written.last_timestamp.set(now);
        self.log.append_as_follower(batch, now).await.map_err(MetadataLogError::Append)?;
        // Also where user data may be left to the operating system: ids and topics must not come back from the dead.
        self.log.flush().await?;
        Ok(())
    }

    /// Bytes in the log that no snapshot holds.
    pub(crate) fn bytes_since_snapshot(&self) -> usize {
        self.bytes_since_snapshot
    }

    /// Writes a snapshot of `image`, which holds everything up to the log's end, and trims the log behind it.
    pub(crate) async fn write_snapshot(&mut self, image: &MetadataImage) -> Result<(), MetadataLogError> {
        let name = SnapshotName { end_offset: self.end_offset(), epoch: self.epoch };
        if name.end_offset == self.snapshot_offset {
            return Ok(());
        }
        let bytes = snapshot_bytes(self.env.wall().0, name.epoch, &self.quorum, &image.to_records())?;
        let snapshot_bytes = bytes.iter().map(Bytes::len).sum();
        let written = write_snapshot_file(&self.env, self.path(), name, bytes).await;
        written.map_err(|error| self.directory.failed_by(error))?;
        self.written.snapshot_bytes.set(snapshot_bytes);
        self.written.snapshot_at.set(self.env.now());
        self.snapshot_offset = name.end_offset;
        self.bytes_since_snapshot = 0;
        tracing::info!(snapshot = %name.file_name(), bytes = snapshot_bytes, "metadata snapshot written");
        self.log.roll().await?;
        self.log.delete_records_before(name.end_offset, name.end_offset)?;
        self.log.delete_old_segments(name.end_offset, self.env.wall()).await?;
        let removed = remove_snapshots_before(&self.env, self.path(), name.end_offset).await;
        Ok(removed.map_err(|error| self.directory.failed_by(error))?)
    }

    /// Clean stop.
    pub(crate) async fn close(self) -> Result<(), LogError> {
        self.log.close().await
    }
}

/// Replays batches; gives the offset behind the last.
fn replay(
    bytes: Bytes,
    delta: &mut MetadataDelta,
    quorum: &mut QuorumRecords,
) -> Result<i64, MetadataLogError> {
    let mut next = 0;
    for batch in Batches::new(bytes) {
        let batch = batch.map_err(malformed)?;
        batch.check_crc().map_err(malformed)?;
        next = batch.header().next_offset();
        for record in batch.records(BATCH_BYTES_MAX).map_err(malformed)? {
            let record = record.map_err(malformed)?;
            let value = record.value.unwrap_or_default();
            if batch.header().attributes.is_control() {
                let kind = ControlRecordType::from_key(&record.key.unwrap_or_default()).map_err(malformed)?;
                replay_control(kind, value, quorum)?;
            } else {
                let record = MetadataRecord::decode_framed(value).map_err(malformed)?;
                delta.replay(&record).map_err(malformed)?;
            }
        }
    }
    Ok(next)
}

fn replay_control(
    kind: ControlRecordType,
    value: Bytes,
    quorum: &mut QuorumRecords,
) -> Result<(), MetadataLogError> {
    match kind {
        ControlRecordType::KRaftVersion => {
            quorum.kraft_version =
                KRaftVersionRecord::from_bytes(value, 0).map_err(malformed)?.0.kraft_version;
        }
        ControlRecordType::KRaftVoters => {
            quorum.voters = Some(VotersRecord::from_bytes(value, 0).map_err(malformed)?.0);
        }
        _ => {}
    }
    Ok(())
}

pub(crate) fn data_batch(
    base_offset: i64,
    epoch: i32,
    now_ms: i64,
    records: &[MetadataRecord],
) -> Result<BytesMut, MetadataLogError> {
    let mut builder = BatchBuilder::new(Compressor::new(Compression::None))
        .base_offset(base_offset)
        .partition_leader_epoch(epoch);
    for record in records {
        let value = record.encode_framed(record_version(record)).map_err(unwritable)?;
        builder.append(now_ms, None, Some(&value), std::iter::empty()).map_err(unwritable)?;
    }
    Ok(builder.build())
}

/// The directory id of a voter, for those who format a node.
pub(crate) fn voters_of_one(
    node_id: i32,
    directory_id: Uuid,
    listeners: Vec<klamm_protocol::voters_record::Endpoint>,
) -> VotersRecord {
    use klamm_protocol::voters_record::{KRaftVersionFeature, Voter};
    let voter = Voter {
        voter_id: node_id,
        voter_directory_id: directory_id,
        endpoints: listeners,
        kraft_version_feature: KRaftVersionFeature {
            max_supported_version: 1,
            ..KRaftVersionFeature::default()
        },
        ..Voter::default()
    };
    VotersRecord { voters: vec![voter], ..VotersRecord::default() }
}

#[cfg(test)]
mod tests {
    use klamm_protocol::metadata_records::{BeginTransactionRecord, TopicRecord};

    use super::*;

    fn topic(name: &str) -> MetadataRecord {
        let topic_id = Uuid([name.as_bytes()[0]; 16]);
        MetadataRecord::Topic(TopicRecord { name: name.to_owned(), topic_id, ..TopicRecord::default() })
    }

    /// Opens the log and begins an epoch; appends a batch of these records and closes it again. Gives the topics there
    /// were.
    async fn round(env: &Env, records: &[MetadataRecord]) -> Vec<String> {
        let directory = LogDirectory::open(env, Path::new("/data")).await.expect("it opens");
        let segments = SegmentRules { bytes: 1 << 20, ms: i64::MAX };
        let opened = MetadataLog::open(env, &directory, segments, Durability::Fsync, LogStart::default());
        let (mut log, image) = opened.await.expect("a whole log");
        log.begin_epoch(1).await.expect("room");
        let batch = log.batch(records).expect("small records");
        log.append(batch).await.expect("room");
        log.close().await.expect("room");
        image.topics_by_name().map(|topic| topic.name.clone()).collect()
    }

    #[test]
    fn a_transaction_that_was_left_open_is_aborted() {
        klamm_sim::run(1, |env| async move {
            let begin = MetadataRecord::BeginTransaction(BeginTransactionRecord::default());
            assert_eq!(round(&env, &[topic("a"), begin, topic("b")]).await, [""; 0]);
            assert_eq!(round(&env, &[topic("c")]).await, ["a"]);
            assert_eq!(round(&env, &[topic("d")]).await, ["a", "c"]);
        });
    }
}
