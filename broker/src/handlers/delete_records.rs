//! DeleteRecords (KIP-107): moves the start of logs. Not here: removing files, which retention does.

use std::rc::Rc;

use klamm_protocol::ErrorCode;
use klamm_protocol::delete_records_request::DeleteRecordsRequest;
use klamm_protocol::delete_records_response::{
    DeleteRecordsPartitionResult, DeleteRecordsResponse, DeleteRecordsTopicResult,
};

use super::{Asked, ask_owners, log_error_code};
use crate::dispatch::RequestContext;
use crate::lane::LaneState;

/// Answers the request.
pub(crate) async fn handle(
    state: Rc<LaneState>,
    _context: RequestContext,
    request: DeleteRecordsRequest,
) -> DeleteRecordsResponse {
    let image = state.image();
    let mut asked = Vec::new();
    for topic in &request.topics {
        let id = image.topic(&topic.name).map(|topic| topic.id).unwrap_or_default();
        let partitions = topic.partitions.iter();
        asked.extend(partitions.map(|one| Asked {
            topic_id: id,
            partition: one.partition_index,
            question: one.offset,
        }));
    }
    let mut answers = ask_owners(&state, asked, delete).await.into_iter();
    let topics = request.topics.into_iter().map(|topic| DeleteRecordsTopicResult {
        partitions: answers.by_ref().take(topic.partitions.len()).collect(),
        name: topic.name,
        ..DeleteRecordsTopicResult::default()
    });
    DeleteRecordsResponse { topics: topics.collect(), ..DeleteRecordsResponse::default() }
}

async fn delete(state: Rc<LaneState>, asked: Asked<i64>) -> DeleteRecordsPartitionResult {
    let (error_code, low_watermark) = match delete_before(&state, &asked) {
        Ok(low_watermark) => (ErrorCode::NONE, low_watermark),
        Err(code) => (code, -1),
    };
    if error_code == ErrorCode::NONE
        && let Err(error) = crate::upkeep::write_log_starts(&state).await
    {
        tracing::error!(%error, "the start of a log cannot be made durable");
        return DeleteRecordsPartitionResult {
            partition_index: asked.partition,
            low_watermark: -1,
            error_code: ErrorCode::KAFKA_STORAGE_ERROR,
            ..DeleteRecordsPartitionResult::default()
        };
    }
    DeleteRecordsPartitionResult {
        partition_index: asked.partition,
        low_watermark,
        error_code,
        ..DeleteRecordsPartitionResult::default()
    }
}

fn delete_before(state: &LaneState, asked: &Asked<i64>) -> Result<i64, ErrorCode> {
    let partition = state.partition(asked.topic_id, asked.partition)?;
    if state.image().topic_by_id(asked.topic_id).is_some_and(|topic| topic.is_internal()) {
        return Err(ErrorCode::INVALID_TOPIC_EXCEPTION);
    }
    if partition.settings().compact_only {
        return Err(ErrorCode::POLICY_VIOLATION);
    }
    let high_watermark = partition.high_watermark();
    let offset = if asked.question == -1 { high_watermark } else { asked.question };
    if !(0..=high_watermark).contains(&offset) {
        return Err(ErrorCode::OFFSET_OUT_OF_RANGE);
    }
    partition.log.delete_records_before(offset, high_watermark).map_err(|error| log_error_code(&error))?;
    partition.purgatory.borrow_mut().wake_all();
    Ok(partition.log.log_start_offset())
}
