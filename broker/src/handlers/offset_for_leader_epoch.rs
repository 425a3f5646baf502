//! OffsetForLeaderEpoch (KIP-101, KIP-320): where a leader epoch ends. Not here: truncation, which is the asker's.

use std::rc::Rc;

use klamm_protocol::ErrorCode;
use klamm_protocol::offset_for_leader_epoch_request::{
    OffsetForLeaderEpochRequest, OffsetForLeaderPartition,
};
use klamm_protocol::offset_for_leader_epoch_response::{
    EpochEndOffset, OffsetForLeaderEpochResponse, OffsetForLeaderTopicResult,
};

use super::{Asked, ask_owners};
use crate::dispatch::RequestContext;
use crate::lane::LaneState;

/// Answers the request.
pub(crate) async fn handle(
    state: Rc<LaneState>,
    _context: RequestContext,
    request: OffsetForLeaderEpochRequest,
) -> OffsetForLeaderEpochResponse {
    let image = state.image();
    let mut asked = Vec::new();
    for topic in &request.topics {
        let id = image.topic(&topic.topic).map(|topic| topic.id).unwrap_or_default();
        let partitions = topic.partitions.iter();
        asked.extend(partitions.map(|one| Asked {
            topic_id: id,
            partition: one.partition,
            question: one.clone(),
        }));
    }
    let mut answers = ask_owners(&state, asked, epoch_end).await.into_iter();
    let topics = request.topics.into_iter().map(|topic| OffsetForLeaderTopicResult {
        partitions: answers.by_ref().take(topic.partitions.len()).collect(),
        topic: topic.topic,
        ..OffsetForLeaderTopicResult::default()
    });
    OffsetForLeaderEpochResponse { topics: topics.collect(), ..OffsetForLeaderEpochResponse::default() }
}

async fn epoch_end(state: Rc<LaneState>, asked: Asked<OffsetForLeaderPartition>) -> EpochEndOffset {
    let partition = state.partition(asked.topic_id, asked.partition);
    let question = asked.question;
    let checked = partition.and_then(|partition| {
        partition.check_leader_epoch(question.current_leader_epoch)?;
        Ok(partition)
    });
    let none = EpochEndOffset {
        partition: asked.partition,
        leader_epoch: -1,
        end_offset: -1,
        ..EpochEndOffset::default()
    };
    match checked {
        Err(error_code) => EpochEndOffset { error_code, ..none },
        // The log learns of an epoch with its first batch. As in Kafka the end is the log's, not the high watermark.
        Ok(partition) if question.leader_epoch == partition.leader_epoch() => EpochEndOffset {
            leader_epoch: question.leader_epoch,
            end_offset: partition.log.visible_end_offset(),
            ..none
        },
        Ok(partition) if question.leader_epoch < 0 || question.leader_epoch > partition.leader_epoch() => {
            EpochEndOffset { error_code: ErrorCode::NONE, ..none }
        }
        Ok(partition) => {
            let end = partition.log.end_offset_for_epoch(question.leader_epoch);
            EpochEndOffset { leader_epoch: end.leader_epoch, end_offset: end.end_offset, ..none }
        }
    }
}
