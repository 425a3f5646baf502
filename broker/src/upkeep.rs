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
    let interval_ms = state.node.config.static_number("log.retention.check.interval.ms");
    let interval = Duration::from_millis(u64::try_from(interval_ms).unwrap_or(u64::MAX));
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

/// Writes the checkpoints of all directories every `log.flush.offset.checkpoint.interval.ms`; runs on one lane.
pub(crate) async fn checkpoint(state: Rc<LaneState>) {
    let interval_ms = state.node.config.static_number("log.flush.offset.checkpoint.interval.ms");
    let interval = Duration::from_millis(u64::try_from(interval_ms).unwrap_or(u64::MAX));
    loop {
        state.env.sleep(interval).await;
        if let Err(error) = write_all(&state).await {
            tracing::error!(%error, "checkpoints cannot be written");
        }
    }
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

/// Writes every checkpoint of every directory.
pub(crate) async fn write_all(state: &Rc<LaneState>) -> Result<(), LogError> {
    let _alone = state.node.checkpointing.lock().await;
    let offsets = all_offsets(state).await;
    write(state, &offsets, OffsetCheckpoint::RecoveryPoint, |offsets| Some(offsets.recovery_point)).await?;
    write(state, &offsets, OffsetCheckpoint::HighWatermark, |offsets| Some(offsets.high_watermark)).await?;
    write(state, &offsets, OffsetCheckpoint::LogStart, |offsets| offsets.log_start_offset).await
}

/// Makes the starts of logs durable: what was deleted must not come back.
pub(crate) async fn write_log_starts(state: &Rc<LaneState>) -> Result<(), LogError> {
    let _alone = state.node.checkpointing.lock().await;
    let offsets = all_offsets(state).await;
    write(state, &offsets, OffsetCheckpoint::LogStart, |offsets| offsets.log_start_offset).await
}

async fn write(
    state: &Rc<LaneState>,
    all: &[Offsets],
    which: OffsetCheckpoint,
    offset: impl Fn(&Offsets) -> Option<i64>,
) -> Result<(), LogError> {
    for (place, (_, directory)) in state.node.directories.iter().enumerate() {
        let here = all.iter().filter(|offsets| offsets.directory == place);
        let entries: BTreeMap<TopicPartition, i64> =
            here.filter_map(|offsets| Some((offsets.partition.clone(), offset(offsets)?))).collect();
        directory.write_checkpoint(which, &entries).await?;
    }
    Ok(())
}
