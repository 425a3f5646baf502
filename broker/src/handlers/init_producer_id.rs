//! InitProducerId for idempotent producers. Not here: transactional ids, which need a transaction coordinator.

use std::rc::Rc;

use klamm_protocol::ErrorCode;
use klamm_protocol::init_producer_id_request::InitProducerIdRequest;
use klamm_protocol::init_producer_id_response::InitProducerIdResponse;

use crate::dispatch::RequestContext;
use crate::lane::LaneState;

/// Answers the request.
pub(crate) async fn handle(
    state: Rc<LaneState>,
    _context: RequestContext,
    request: InitProducerIdRequest,
) -> InitProducerIdResponse {
    let refused = |error_code| InitProducerIdResponse {
        error_code,
        producer_epoch: -1,
        ..InitProducerIdResponse::default()
    };
    match request.transactional_id.as_deref() {
        Some("") => return refused(ErrorCode::INVALID_REQUEST),
        Some(_) => return refused(ErrorCode::NOT_COORDINATOR),
        None => {}
    }
    match crate::producer_ids::next(&state).await {
        Ok(producer_id) => {
            InitProducerIdResponse { producer_id, producer_epoch: 0, ..InitProducerIdResponse::default() }
        }
        Err(error_code) => refused(error_code),
    }
}
