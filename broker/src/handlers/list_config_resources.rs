//! ListConfigResources (KIP-1142). Not here: their values (DescribeConfigs).

use std::collections::BTreeSet;
use std::rc::Rc;

use klamm_metadata::ResourceType;
use klamm_metadata::controller::list_config_resources;
use klamm_protocol::ErrorCode;
use klamm_protocol::list_config_resources_request::ListConfigResourcesRequest;
use klamm_protocol::list_config_resources_response::{ConfigResource, ListConfigResourcesResponse};

use crate::dispatch::RequestContext;
use crate::lane::LaneState;

/// Answers the request.
pub(crate) async fn handle(
    state: Rc<LaneState>,
    context: RequestContext,
    request: ListConfigResourcesRequest,
) -> ListConfigResourcesResponse {
    let types: Option<BTreeSet<ResourceType>> = match request.resource_types.as_slice() {
        _ if context.version == 0 => Some([ResourceType::ClientMetrics].into()),
        [] => Some(ResourceType::ALL.into()),
        codes => codes.iter().map(|code| ResourceType::from_code(*code)).collect(),
    };
    let Some(types) = types else {
        return ListConfigResourcesResponse {
            error_code: ErrorCode::UNSUPPORTED_VERSION,
            ..ListConfigResourcesResponse::default()
        };
    };
    let resources = list_config_resources(&state.image(), state.node_id(), &types).into_iter();
    let listed = resources.map(|resource| ConfigResource {
        resource_type: resource.kind.code(),
        resource_name: resource.name,
        ..ConfigResource::default()
    });
    ListConfigResourcesResponse {
        config_resources: listed.collect(),
        ..ListConfigResourcesResponse::default()
    }
}
