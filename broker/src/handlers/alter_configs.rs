//! AlterConfigs: the old way, which replaces all keys. Not here: what is decided (klamm-metadata).

use std::rc::Rc;

use klamm_metadata::controller::alter_configs;
use klamm_protocol::alter_configs_request::AlterConfigsRequest;
use klamm_protocol::alter_configs_response::{AlterConfigsResourceResponse, AlterConfigsResponse};

use crate::controller::DecisionContext;
use crate::dispatch::RequestContext;
use crate::lane::LaneState;

/// Answers the request.
pub(crate) async fn handle(
    state: Rc<LaneState>,
    _context: RequestContext,
    request: AlterConfigsRequest,
) -> AlterConfigsResponse {
    let resources: Vec<_> =
        request.resources.iter().map(|one| (one.resource_type, one.resource_name.clone())).collect();
    let decided = state.controller.decide(0, move |context: &mut DecisionContext<'_>| {
        alter_configs(context.image, &context.node.config.configs(&context.image.configs), &request)
    });
    let results = match decided.await {
        Ok(results) => results.iter().map(klamm_metadata::controller::told).collect(),
        Err(code) => vec![(code, None); resources.len()],
    };
    let responses = resources.into_iter().zip(results).map(
        |((resource_type, resource_name), (error_code, error_message))| AlterConfigsResourceResponse {
            error_code,
            error_message,
            resource_type,
            resource_name,
            ..AlterConfigsResourceResponse::default()
        },
    );
    AlterConfigsResponse { responses: responses.collect(), ..AlterConfigsResponse::default() }
}
