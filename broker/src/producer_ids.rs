//! Producer ids of this broker, out of blocks that the metadata log has given it. Not here: blocks (klamm-metadata).

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use klamm_metadata::controller::allocate_producer_ids;
use klamm_protocol::ErrorCode;

use crate::controller::DecisionContext;
use crate::lane::LaneState;

/// What is left of the block in use; shared by the lanes, since an id is needed once in a producer's life.
#[derive(Debug, Default)]
pub(crate) struct ProducerIds(Mutex<Range<i64>>);

impl ProducerIds {
    fn take(&self) -> Option<i64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).next()
    }

    /// Goes on with `block`; what another lane got meanwhile is used up first.
    fn refill(&self, block: Range<i64>) -> Option<i64> {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if left.is_empty() {
            *left = block;
        }
        left.next()
    }
}

/// An id that no producer had before; its block is durable.
///
/// # Errors
/// The metadata cannot be written, or not in time.
pub(crate) async fn next(state: &LaneState) -> Result<i64, ErrorCode> {
    if let Some(id) = state.node.producer_ids.take() {
        return Ok(id);
    }
    let decided = state.controller.decide(0, |context: &mut DecisionContext<'_>| {
        allocate_producer_ids(context.image, context.node.config.node_id, context.broker_epoch)
    });
    let block = decided.await?;
    state.node.producer_ids.refill(block).ok_or(ErrorCode::COORDINATOR_LOAD_IN_PROGRESS)
}
