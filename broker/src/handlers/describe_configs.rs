//! DescribeConfigs. Not here: how values are found (klamm-metadata).

use std::rc::Rc;

use klamm_metadata::controller::describe_config_resource;
use klamm_protocol::describe_configs_request::DescribeConfigsRequest;
use klamm_protocol::describe_configs_response::DescribeConfigsResponse;

use crate::dispatch::RequestContext;
use crate::lane::LaneState;

/// Answers the request.
pub(crate) async fn handle(
    state: Rc<LaneState>,
    _context: RequestContext,
    request: DescribeConfigsRequest,
) -> DescribeConfigsResponse {
    let image = state.image();
    let configs = state.node.config.configs(&image.configs);
    let described = request.resources.iter().map(|asked| {
        let mut result = describe_config_resource(&image, &configs, asked, request.include_synonyms);
        state.node.loggers.describe(asked, &mut result);
        result
    });
    DescribeConfigsResponse { results: described.collect(), ..DescribeConfigsResponse::default() }
}
