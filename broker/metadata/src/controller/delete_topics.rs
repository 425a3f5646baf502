//! DeleteTopics. Not here: the logs, which go when the record is replayed.

use std::collections::BTreeSet;

use klamm_protocol::delete_topics_request::{DeleteTopicState, DeleteTopicsRequest};
use klamm_protocol::delete_topics_response::{DeletableTopicResult, DeleteTopicsResponse};
use klamm_protocol::metadata_records::{MetadataRecord, RemoveTopicRecord};
use klamm_protocol::{ErrorCode, Uuid};

use super::{Named, Outcome, Refusal, told};
use crate::image::{MetadataImage, TopicImage};

/// Decides a DeleteTopics request; `enabled` is `delete.topic.enable`.
pub fn delete_topics(
    image: &MetadataImage,
    request: &DeleteTopicsRequest,
    enabled: bool,
) -> Outcome<DeleteTopicsResponse> {
    let by_name = request
        .topic_names
        .iter()
        .map(|name| DeleteTopicState { name: Some(name.clone()), ..DeleteTopicState::default() });
    let asked: Vec<DeleteTopicState> = request.topics.iter().cloned().chain(by_name).collect();
    let mut outcome = Outcome { records: Vec::new(), response: DeleteTopicsResponse::default() };
    let named = Named::count(asked.iter().map(|topic| key(image, topic)));
    let mut answered = BTreeSet::new();
    for topic in &asked {
        let key = key(image, topic);
        let repeats = named.repeats(&key);
        if !answered.insert(key) {
            continue;
        }
        let decided = if repeats {
            Err(Refusal::new(ErrorCode::INVALID_REQUEST, "Duplicate topic name or id."))
        } else {
            delete_topic(image, topic, request.timeout_ms, enabled)
        };
        let (error_code, error_message) = told(&decided);
        let mut result = DeletableTopicResult {
            name: topic.name.clone(),
            topic_id: topic.topic_id,
            error_code,
            error_message,
            ..DeletableTopicResult::default()
        };
        if let Ok(found) = decided {
            result.name = Some(found.name.clone());
            result.topic_id = found.id;
            let record = RemoveTopicRecord { topic_id: found.id, ..RemoveTopicRecord::default() };
            outcome.records.push(MetadataRecord::RemoveTopic(record));
        }
        outcome.response.responses.push(result);
    }
    outcome
}

/// What two entries have in common when they mean the same topic.
fn key(image: &MetadataImage, topic: &DeleteTopicState) -> (Option<String>, Uuid) {
    match &topic.name {
        Some(name) if topic.topic_id == Uuid::default() => {
            (Some(name.clone()), image.topic_ids.get(name).copied().unwrap_or_default())
        }
        None if topic.topic_id != Uuid::default() => {
            (image.topic_by_id(topic.topic_id).map(|found| found.name.clone()), topic.topic_id)
        }
        name => (name.clone(), topic.topic_id),
    }
}

fn delete_topic<'a>(
    image: &'a MetadataImage,
    topic: &DeleteTopicState,
    timeout_ms: i32,
    enabled: bool,
) -> Result<&'a TopicImage, Refusal> {
    let found = match &topic.name {
        Some(_) if topic.topic_id != Uuid::default() => {
            return Err(Refusal::new(
                ErrorCode::INVALID_REQUEST,
                "A topic is given by name or by id, not by both.",
            ));
        }
        None if topic.topic_id == Uuid::default() => {
            return Err(Refusal::new(
                ErrorCode::INVALID_REQUEST,
                "Neither topic name nor id were specified.",
            ));
        }
        _ if timeout_ms <= 0 => return Err(Refusal::bare(ErrorCode::REQUEST_TIMED_OUT)),
        Some(name) => image.topic(name).ok_or(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION),
        None => image.topic_by_id(topic.topic_id).ok_or(ErrorCode::UNKNOWN_TOPIC_ID),
    };
    match found {
        Err(code) => Err(Refusal::new(code, "This server does not host this topic.")),
        Ok(_) if !enabled => Err(Refusal::new(
            ErrorCode::TOPIC_DELETION_DISABLED,
            "Topic deletion is disabled (delete.topic.enable).",
        )),
        Ok(found) => Ok(found),
    }
}
