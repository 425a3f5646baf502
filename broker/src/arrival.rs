//! A connection on its way to a lane: just accepted, or moved there from another one.
//!
//! Not here: what is done with it (`connection`), why it moves (`lane_affinity`).

use std::rc::Rc;

use bytes::BytesMut;
use klamm_env::{Incoming, Lane};
use tokio_util::sync::CancellationToken;

use crate::connection;
use crate::lane::LaneState;
use crate::lanes::Lanes;
use crate::listener::{ConnectionSlot, ListenerContext};
use crate::metrics::ConnectionCount;

/// Everything of a connection that goes with it.
pub(crate) struct Arrival {
    pub(crate) incoming: Box<dyn Incoming>,
    pub(crate) ticket: Ticket,
    /// Bytes that were taken from the socket and belong to no request yet.
    pub(crate) unread: BytesMut,
    /// Another lane has served it before.
    pub(crate) moved: bool,
}

/// What a connection keeps for as long as it is open.
pub(crate) struct Ticket {
    pub(crate) listener: ListenerContext,
    pub(crate) stopping: CancellationToken,
    pub(crate) _slot: ConnectionSlot,
}

impl Arrival {
    /// Sends it to `lane`, which serves it from then on.
    pub(crate) fn go_to(self, lanes: &Lanes, lane: Lane) {
        lanes.send(lane, move |state| self.open(state));
    }

    fn open(self, state: &Rc<LaneState>) {
        let peer = self.incoming.peer_addr();
        let counters = state.metrics.of_listener(&self.ticket.listener.name);
        counters.add(ConnectionCount::Came, self.moved.into());
        match self.incoming.open() {
            Ok(stream) => {
                if !self.moved {
                    tracing::debug!(%peer, listener = %self.ticket.listener.name, "connection opened");
                    counters.add(ConnectionCount::Opened, 1);
                }
                let served = connection::serve(Rc::clone(state), stream, self.ticket, self.unread);
                state.env.spawn_local("connection", served);
            }
            Err(error) => {
                tracing::debug!(%peer, %error, "gone before it was served");
                counters.add(ConnectionCount::Closed, u64::from(self.moved));
            }
        }
    }
}
