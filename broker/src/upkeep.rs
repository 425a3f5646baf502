//! What a lane does now and then: retention, and checkpoints of how far logs are flushed and where they begin.
//!
//! Not here: what is too old (klamm-log).

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use futures_util::future::join_all;
use klamm_log::{LogError, OffsetCheckpoint, TopicPartition};

use crate::lane::LaneState;

/// Deletes old segments of this lane's partitions every `log.retention.check.interval.ms`.
pub(crate) async fn retain(state: Rc<LaneState>) {
    let interval = interval(&state, "log.retention.check.interval.ms");
    loop {
        state.env.sleep(interval).await;
        for partition in state.partitions() {
            match partition.log.delete_old_segments(partition.high_watermark(), state.env.wall()).await {
                Ok(0) => {}
                Ok(count) => {
                    tracing::info!(partition = %partition.log.partition(), count, "old segments deleted");
                }
                Err(error) => {
                    tracing::error!(partition = %partition.log.partition(), %error, "old segments cannot be deleted");
                }
            }
        }
    }
}

/// Writes one checkpoint of all directories as often as its key says, where something changed; runs on one lane.
pub(crate) async fn checkpoint(state: Rc<LaneState>, which: OffsetCheckpoint) {
    let interval = interval(&state, interval_key(which));
    loop {
        state.env.sleep(interval).await;
        let mut written = state.node.checkpoints.lock().await;
        let offsets = all_offsets(&state).await;
        if let Err(error) = write(&state, &mut written, &offsets, which).await {
            tracing::error!(%error, "checkpoints cannot be written");
        }
    }
}

fn interval_key(which: OffsetCheckpoint) -> &'static str {
    match which {
        OffsetCheckpoint::RecoveryPoint => "log.flush.offset.checkpoint.interval.ms",
        OffsetCheckpoint::LogStart => "log.flush.start.offset.checkpoint.interval.ms",
        OffsetCheckpoint::HighWatermark => "replica.high.watermark.checkpoint.interval.ms",
    }
}

/// How long a task of upkeep sleeps, which is never so short that it does nothing else.
fn interval(state: &LaneState, key: &str) -> Duration {
    const SHORTEST: Duration = Duration::from_millis(100);
    let interval_ms = state.node.config.static_number(key);
    Duration::from_millis(u64::try_from(interval_ms).unwrap_or(u64::MAX)).max(SHORTEST)
}

/// One partition, as the checkpoints know it.
pub(crate) struct Offsets {
    partition: TopicPartition,
    directory: usize,
    recovery_point: i64,
    high_watermark: i64,
    /// Where the log begins, if its files alone do not tell.
    log_start_offset: Option<i64>,
}

impl Offsets {
    fn of(&self, which: OffsetCheckpoint) -> Option<i64> {
        match which {
            OffsetCheckpoint::RecoveryPoint => Some(self.recovery_point),
            OffsetCheckpoint::LogStart => self.log_start_offset,
            OffsetCheckpoint::HighWatermark => Some(self.high_watermark),
        }
    }
}

/// Offsets of this lane's partitions.
fn offsets(state: &LaneState) -> Vec<Offsets> {
    let of = |partition: Rc<crate::partition::Partition>| {
        let path = partition.log.path();
        Some(Offsets {
            directory: state
                .node
                .directories
                .iter()
                .position(|(_, directory)| path.starts_with(directory.path()))?,
            partition: partition.log.partition().clone(),
            recovery_point: partition.log.flushed_end_offset(),
            high_watermark: partition.high_watermark(),
            log_start_offset: partition.log.log_start_to_remember(),
        })
    };
    state.partitions().into_iter().filter_map(of).collect()
}

async fn all_offsets(state: &Rc<LaneState>) -> Vec<Offsets> {
    let lanes: Vec<_> =
        state.lanes.all().map(|lane| state.on(lane, |state| async move { offsets(&state) })).collect();
    join_all(lanes).await.into_iter().flatten().collect()
}

/// What the checkpoints on the disk say, by directory, as far as this node wrote them.
#[derive(Debug, Default)]
pub(crate) struct Checkpoints(BTreeMap<(usize, OffsetCheckpoint), BTreeMap<TopicPartition, i64>>);

/// Writes every checkpoint of every directory.
pub(crate) async fn write_all(state: &Rc<LaneState>) -> Result<(), LogError> {
    let mut written = state.node.checkpoints.lock().await;
    let offsets = all_offsets(state).await;
    for which in OffsetCheckpoint::ALL {
        write(state, &mut written, &offsets, which).await?;
    }
    Ok(())
}

/// Makes the starts of logs durable: what was deleted must not come back.
pub(crate) async fn write_log_starts(state: &Rc<LaneState>) -> Result<(), LogError> {
    let mut written = state.node.checkpoints.lock().await;
    let offsets = all_offsets(state).await;
    write(state, &mut written, &offsets, OffsetCheckpoint::LogStart).await
}

async fn write(
    state: &Rc<LaneState>,
    written: &mut Checkpoints,
    all: &[Offsets],
    which: OffsetCheckpoint,
) -> Result<(), LogError> {
    for (place, (_, directory)) in state.node.directories.iter().enumerate() {
        let here = all.iter().filter(|offsets| offsets.directory == place);
        let entries: BTreeMap<TopicPartition, i64> =
            here.filter_map(|offsets| Some((offsets.partition.clone(), offsets.of(which)?))).collect();
        if written.0.get(&(place, which)) != Some(&entries) {
            // Should it fail, nobody knows what is there.
            written.0.remove(&(place, which));
            directory.write_checkpoint(which, &entries).await?;
            written.0.insert((place, which), entries);
        }
    }
    Ok(())
}
