//! CreateTopics. Not here: what is decided (klamm-metadata).

use std::rc::Rc;

use klamm_metadata::controller::create_topics;
use klamm_protocol::create_topics_request::CreateTopicsRequest;
use klamm_protocol::create_topics_response::{CreatableTopicResult, CreateTopicsResponse};

use super::metadata::creation;
use crate::controller::DecisionContext;
use crate::dispatch::RequestContext;
use crate::lane::LaneState;

/// Answers the request.
pub(crate) async fn handle(
    state: Rc<LaneState>,
    _context: RequestContext,
    request: CreateTopicsRequest,
) -> CreateTopicsResponse {
    let timeout_ms = request.timeout_ms;
    let names: Vec<String> = request.topics.iter().map(|topic| topic.name.clone()).collect();
    let decided = state.controller.decide(timeout_ms, move |context: &mut DecisionContext<'_>| {
        create_topics(&mut creation(context), &request)
    });
    decided.await.unwrap_or_else(|error_code| CreateTopicsResponse {
        topics: names
            .into_iter()
            .map(|name| CreatableTopicResult { name, error_code, ..CreatableTopicResult::default() })
            .collect(),
        ..CreateTopicsResponse::default()
    })
}
