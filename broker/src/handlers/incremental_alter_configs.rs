//! IncrementalAlterConfigs (KIP-339). Not here: what is decided (klamm-metadata).

use std::rc::Rc;

use klamm_metadata::controller::incremental_alter_configs;
use klamm_protocol::ErrorCode;
use klamm_protocol::incremental_alter_configs_request::IncrementalAlterConfigsRequest;
use klamm_protocol::incremental_alter_configs_response::{
    AlterConfigsResourceResponse, IncrementalAlterConfigsResponse,
};

use crate::controller::DecisionContext;
use crate::dispatch::RequestContext;
use crate::lane::LaneState;

/// Answers the request.
pub(crate) async fn handle(
    state: Rc<LaneState>,
    _context: RequestContext,
    request: IncrementalAlterConfigsRequest,
) -> IncrementalAlterConfigsResponse {
    let asked = request.clone();
    let decided = state.controller.decide(0, move |context: &mut DecisionContext<'_>| {
        incremental_alter_configs(
            context.image,
            &context.node.config.configs(&context.image.configs),
            &request,
        )
    });
    let results: Vec<(ErrorCode, Option<String>)> = match decided.await {
        Ok(results) => results.iter().map(klamm_metadata::controller::told).collect(),
        Err(code) => vec![(code, None); asked.resources.len()],
    };
    let responses = asked.resources.iter().zip(results).map(|(resource, result)| {
        let (error_code, error_message) = state.node.loggers.alter(resource, asked.validate_only, result);
        AlterConfigsResourceResponse {
            error_code,
            error_message,
            resource_type: resource.resource_type,
            resource_name: resource.resource_name.clone(),
            ..AlterConfigsResourceResponse::default()
        }
    });
    IncrementalAlterConfigsResponse {
        responses: responses.collect(),
        ..IncrementalAlterConfigsResponse::default()
    }
}
