//! One file per API: from a request to its answer. Not here: frames, decoding.

pub(crate) mod alter_configs;
pub(crate) mod api_versions;
pub(crate) mod create_partitions;
pub(crate) mod create_topics;
pub(crate) mod delete_records;
pub(crate) mod delete_topics;
pub(crate) mod describe_cluster;
pub(crate) mod describe_configs;
pub(crate) mod describe_log_dirs;
pub(crate) mod describe_topic_partitions;
pub(crate) mod fetch;
pub(crate) mod find_coordinator;
pub(crate) mod incremental_alter_configs;
pub(crate) mod init_producer_id;
pub(crate) mod list_config_resources;
pub(crate) mod list_offsets;
pub(crate) mod metadata;
pub(crate) mod offset_for_leader_epoch;
pub(crate) mod produce;

use std::collections::BTreeMap;
use std::future::Future;
use std::rc::Rc;

use futures_util::future::join_all;
use klamm_env::Lane;
use klamm_log::LogError;
use klamm_protocol::{ErrorCode, Uuid};

use crate::lane::LaneState;

/// A partition of a request: where its answer goes, and what is asked of it.
pub(crate) struct Asked<Q> {
    pub(crate) topic_id: Uuid,
    pub(crate) partition: i32,
    pub(crate) question: Q,
}

/// Asks the partitions' lanes, one message a lane, and gives the answers in the order asked.
pub(crate) fn ask_owners<Q, A, F, H>(
    state: &Rc<LaneState>,
    asked: Vec<Asked<Q>>,
    handle: H,
) -> impl Future<Output = Vec<A>> + use<Q, A, F, H>
where
    H: Fn(Rc<LaneState>, Asked<Q>) -> F + Clone + Send + 'static,
    Q: Send + 'static,
    A: Send + 'static,
    F: Future<Output = A> + 'static,
{
    let count = asked.len();
    let mut by_lane: BTreeMap<Lane, (Vec<usize>, Vec<Asked<Q>>)> = BTreeMap::new();
    for (place, one) in asked.into_iter().enumerate() {
        let (places, group) = by_lane.entry(state.owner(one.topic_id, one.partition)).or_default();
        places.push(place);
        group.push(one);
    }
    let lanes: Vec<_> = by_lane
        .into_iter()
        .map(|(lane, (places, group))| {
            let handle = handle.clone();
            let answers = state.on(lane, move |state| {
                // Begun in order here and now; what they wait for, they wait for together.
                let begun: Vec<F> = group.into_iter().map(|one| handle(Rc::clone(&state), one)).collect();
                join_all(begun)
            });
            async move { (places, answers.await) }
        })
        .collect();
    async move {
        let mut answers: Vec<Option<A>> = (0..count).map(|_| None).collect();
        for (places, group) in join_all(lanes).await {
            for (place, answer) in places.into_iter().zip(group) {
                answers[place] = Some(answer);
            }
        }
        answers.into_iter().map(|answer| answer.expect("every partition was asked")).collect()
    }
}

/// Kafka's code for a log that cannot do what was asked.
pub(crate) fn log_error_code(error: &LogError) -> ErrorCode {
    match error {
        LogError::OffsetOutOfRange { .. } => ErrorCode::OFFSET_OUT_OF_RANGE,
        LogError::Damaged { .. } => ErrorCode::CORRUPT_MESSAGE,
        _ => ErrorCode::KAFKA_STORAGE_ERROR,
    }
}
