//! DeleteTopics. Not here: what is decided (klamm-metadata).

use std::rc::Rc;

use klamm_metadata::controller::delete_topics;
use klamm_protocol::Uuid;
use klamm_protocol::delete_topics_request::DeleteTopicsRequest;
use klamm_protocol::delete_topics_response::{DeletableTopicResult, DeleteTopicsResponse};

use crate::controller::DecisionContext;
use crate::dispatch::RequestContext;
use crate::lane::LaneState;

/// Answers the request.
pub(crate) async fn handle(
    state: Rc<LaneState>,
    _context: RequestContext,
    request: DeleteTopicsRequest,
) -> DeleteTopicsResponse {
    let timeout_ms = request.timeout_ms;
    let undecided = undecided(&request);
    let decided = state.controller.decide(timeout_ms, move |context: &mut DecisionContext<'_>| {
        let enabled = context.node.config.flag(&context.image.configs, "delete.topic.enable");
        delete_topics(context.image, &request, enabled)
    });
    decided.await.unwrap_or_else(|error_code| DeleteTopicsResponse {
        responses: undecided.into_iter().map(|topic| DeletableTopicResult { error_code, ..topic }).collect(),
        ..DeleteTopicsResponse::default()
    })
}

/// What is asked for, by name or id, as it is answered when nothing could be decided.
fn undecided(request: &DeleteTopicsRequest) -> Vec<DeletableTopicResult> {
    let of = |name: Option<String>, topic_id| DeletableTopicResult {
        name,
        topic_id,
        ..DeletableTopicResult::default()
    };
    let topics = request.topics.iter().map(|topic| of(topic.name.clone(), topic.topic_id));
    let names = request.topic_names.iter().map(|name| of(Some(name.clone()), Uuid::default()));
    topics.chain(names).collect()
}
