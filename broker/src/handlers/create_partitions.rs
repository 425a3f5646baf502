//! CreatePartitions. Not here: what is decided (klamm-metadata).

use std::rc::Rc;

use klamm_metadata::controller::create_partitions;
use klamm_protocol::create_partitions_request::CreatePartitionsRequest;
use klamm_protocol::create_partitions_response::{CreatePartitionsResponse, CreatePartitionsTopicResult};

use crate::controller::DecisionContext;
use crate::dispatch::RequestContext;
use crate::lane::LaneState;

/// Answers the request.
pub(crate) async fn handle(
    state: Rc<LaneState>,
    _context: RequestContext,
    request: CreatePartitionsRequest,
) -> CreatePartitionsResponse {
    let timeout_ms = request.timeout_ms;
    let names: Vec<String> = request.topics.iter().map(|topic| topic.name.clone()).collect();
    let decided = state.controller.decide(timeout_ms, move |context: &mut DecisionContext<'_>| {
        create_partitions(context.image, &request)
    });
    decided.await.unwrap_or_else(|error_code| CreatePartitionsResponse {
        results: names
            .into_iter()
            .map(|name| CreatePartitionsTopicResult {
                name,
                error_code,
                ..CreatePartitionsTopicResult::default()
            })
            .collect(),
        ..CreatePartitionsResponse::default()
    })
}
