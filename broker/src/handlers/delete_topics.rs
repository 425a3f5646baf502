//! DeleteTopics. Not here: what is decided (klamm-metadata).

use std::rc::Rc;

use klamm_metadata::controller::delete_topics;
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
    let names: Vec<String> = request.topic_names.clone();
    let decided = state.controller.decide(timeout_ms, move |context: &mut DecisionContext<'_>| {
        let enabled = context.node.config.flag(&context.image.configs, "delete.topic.enable");
        delete_topics(context.image, &request, enabled)
    });
    decided.await.unwrap_or_else(|error_code| DeleteTopicsResponse {
        responses: names
            .into_iter()
            .map(|name| DeletableTopicResult {
                name: Some(name),
                error_code,
                ..DeletableTopicResult::default()
            })
            .collect(),
        ..DeleteTopicsResponse::default()
    })
}
