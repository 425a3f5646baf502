//! DescribeLogDirs (KIP-113, KIP-827): what lies where, and how much room there is.
//! Not here: moving a replica between directories.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use futures_util::future::join_all;
use klamm_log::DirectoryState;
use klamm_protocol::ErrorCode;
use klamm_protocol::describe_log_dirs_request::DescribeLogDirsRequest;
use klamm_protocol::describe_log_dirs_response::{
    DescribeLogDirsPartition, DescribeLogDirsResponse, DescribeLogDirsResult, DescribeLogDirsTopic,
};

use crate::dispatch::RequestContext;
use crate::lane::LaneState;

/// One log: its directory's place, its topic, and itself.
type Found = (usize, String, DescribeLogDirsPartition);

/// Answers the request.
pub(crate) async fn handle(
    state: Rc<LaneState>,
    _context: RequestContext,
    request: DescribeLogDirsRequest,
) -> DescribeLogDirsResponse {
    let asked: Option<BTreeSet<(String, i32)>> = request.topics.map(|topics| {
        let named = topics.into_iter().flat_map(|topic| {
            let name = topic.topic;
            topic.partitions.into_iter().map(move |partition| (name.clone(), partition))
        });
        named.collect()
    });
    let lanes: Vec<_> =
        state.lanes.all().map(|lane| state.on(lane, |state| async move { logs(&state) })).collect();
    let mut by_directory: BTreeMap<usize, BTreeMap<String, Vec<DescribeLogDirsPartition>>> = BTreeMap::new();
    for (directory, topic, partition) in join_all(lanes).await.into_iter().flatten() {
        let wanted =
            asked.as_ref().is_none_or(|asked| asked.contains(&(topic.clone(), partition.partition_index)));
        if wanted {
            by_directory.entry(directory).or_default().entry(topic).or_default().push(partition);
        }
    }
    let mut results = Vec::new();
    for (place, (_, directory)) in state.node.directories.iter().enumerate() {
        let space = directory.free_space().await;
        let bytes = |of: fn(&klamm_env::Space) -> u64| {
            space.as_ref().map_or(-1, |space| i64::try_from(of(space)).unwrap_or(i64::MAX))
        };
        let topics = by_directory.remove(&place).unwrap_or_default().into_iter();
        results.push(DescribeLogDirsResult {
            error_code: if directory.state() == DirectoryState::Offline {
                ErrorCode::KAFKA_STORAGE_ERROR
            } else {
                ErrorCode::NONE
            },
            log_dir: directory.path().display().to_string(),
            topics: topics
                .map(|(name, partitions)| DescribeLogDirsTopic {
                    name,
                    partitions,
                    ..DescribeLogDirsTopic::default()
                })
                .collect(),
            total_bytes: bytes(|space| space.total),
            usable_bytes: bytes(|space| space.usable),
            ..DescribeLogDirsResult::default()
        });
    }
    DescribeLogDirsResponse { results, ..DescribeLogDirsResponse::default() }
}

fn logs(state: &LaneState) -> Vec<Found> {
    let found = state.partitions().into_iter().filter_map(|partition| {
        let path = partition.log.path();
        let place =
            state.node.directories.iter().position(|(_, directory)| path.starts_with(directory.path()))?;
        let described = DescribeLogDirsPartition {
            partition_index: partition.index,
            partition_size: i64::try_from(partition.log.size()).unwrap_or(i64::MAX),
            ..DescribeLogDirsPartition::default()
        };
        Some((place, partition.settings().name.clone(), described))
    });
    found.collect()
}
