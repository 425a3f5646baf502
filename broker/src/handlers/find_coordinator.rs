//! FindCoordinator: there is no coordinator of groups or transactions here, and every key is told so.
//!
//! It is served all the same, since librdkafka takes a broker without it for one that cannot read LZ4.
//! Not here: coordinators.

use std::rc::Rc;

use klamm_protocol::ErrorCode;
use klamm_protocol::find_coordinator_request::FindCoordinatorRequest;
use klamm_protocol::find_coordinator_response::{Coordinator, FindCoordinatorResponse};

use crate::dispatch::RequestContext;
use crate::lane::LaneState;

/// Words for people who look for a coordinator.
const NONE_HERE: &str = "This broker coordinates neither groups nor transactions.";

/// Answers the request.
pub(crate) async fn handle(
    _state: Rc<LaneState>,
    context: RequestContext,
    request: FindCoordinatorRequest,
) -> FindCoordinatorResponse {
    if context.version < 4 {
        return FindCoordinatorResponse {
            error_code: ErrorCode::COORDINATOR_NOT_AVAILABLE,
            error_message: (context.version >= 1).then(|| NONE_HERE.to_owned()),
            node_id: -1,
            port: -1,
            ..FindCoordinatorResponse::default()
        };
    }
    let none = |key: String| Coordinator {
        key,
        node_id: -1,
        port: -1,
        error_code: ErrorCode::COORDINATOR_NOT_AVAILABLE,
        error_message: Some(NONE_HERE.to_owned()),
        ..Coordinator::default()
    };
    FindCoordinatorResponse {
        coordinators: request.coordinator_keys.into_iter().map(none).collect(),
        ..FindCoordinatorResponse::default()
    }
}
