//! Listeners: accept, bound the number of connections and how fast they come, spread them over the lanes. Not here: what
//! a connection does.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::BytesMut;
use klamm_env::{Instant, Lane, Listener};
use klamm_protocol::ApiKey;
use tokio_util::sync::CancellationToken;

use crate::arrival::{Arrival, Ticket};
use crate::connection_rate::{self, ConnectionRate};
use crate::dispatch::{BROKER_APIS, CONTROLLER_APIS};
use crate::lane::LaneState;

/// Whom a listener is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// Clients.
    Clients,
    /// The quorum and its tools.
    Quorum,
}

/// A listener, as its connections know it.
#[derive(Clone, Debug)]
pub(crate) struct ListenerContext {
    pub(crate) name: String,
    pub(crate) audience: Audience,
}

impl ListenerContext {
    /// Whether an API is served here.
    pub(crate) fn serves(&self, key: ApiKey) -> bool {
        self.apis().contains(&key)
    }

    /// APIs served here, by key.
    pub(crate) fn apis(&self) -> &'static [ApiKey] {
        match self.audience {
            Audience::Clients => &BROKER_APIS,
            Audience::Quorum => &CONTROLLER_APIS,
        }
    }
}

/// Connections at once, whatever `max.connections` allows: each costs memory.
const CONNECTIONS_MAX: usize = 20_000;

/// How many connections there may be, in all and from one address.
#[derive(Clone, Copy, Debug)]
struct ConnectionLimits {
    all: usize,
    per_address: usize,
}

impl ConnectionLimits {
    /// As they are set at this moment. One is always let in: whoever sets them to 0 could not take that back.
    fn of(state: &LaneState) -> Self {
        let image = state.image();
        let limit =
            |key| usize::try_from(state.node.config.number(&image.configs, key)).unwrap_or(usize::MAX).max(1);
        Self {
            all: limit("max.connections").min(CONNECTIONS_MAX),
            per_address: limit("max.connections.per.ip"),
        }
    }
}

/// Connections that are open, in all and by address.
#[derive(Debug, Default)]
pub(crate) struct OpenConnections(Mutex<(usize, BTreeMap<IpAddr, usize>)>);

/// Room for one connection; given back when dropped.
pub(crate) struct ConnectionSlot {
    open: Arc<OpenConnections>,
    address: IpAddr,
}

impl OpenConnections {
    fn take(self: &Arc<Self>, address: IpAddr, limits: ConnectionLimits) -> Option<ConnectionSlot> {
        let mut open = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let (all, by_address) = &mut *open;
        let from_address = by_address.get(&address).copied().unwrap_or(0);
        if *all >= limits.all || from_address >= limits.per_address {
            return None;
        }
        *all += 1;
        by_address.insert(address, from_address + 1);
        Some(ConnectionSlot { open: Arc::clone(self), address })
    }
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        let mut open = self.open.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let (all, by_address) = &mut *open;
        *all -= 1;
        if let Some(count) = by_address.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                by_address.remove(&self.address);
            }
        }
    }
}

/// Counts refused connections, so that they do not flood the log.
#[derive(Debug, Default)]
struct Refusals {
    count: u64,
    told: Option<Instant>,
}

impl Refusals {
    /// One more; gives how many there were since they were last told, if it is time to tell.
    fn tell(&mut self, now: Instant) -> Option<u64> {
        const SILENCE: Duration = Duration::from_secs(10);
        self.count += 1;
        if self.told.is_some_and(|told| now - told < SILENCE) {
            return None;
        }
        self.told = Some(now);
        Some(std::mem::take(&mut self.count))
    }
}

/// What accepting needs.
pub(crate) struct Acceptor {
    pub(crate) state: Rc<LaneState>,
    pub(crate) context: ListenerContext,
    pub(crate) open: Arc<OpenConnections>,
    /// Connections of all listeners for the same audience.
    pub(crate) rate: Rc<RefCell<ConnectionRate>>,
    pub(crate) stopping: CancellationToken,
}

impl Acceptor {
    /// Accepts until the node stops. The socket is bound already.
    pub(crate) async fn serve(self, mut listener: Box<dyn Listener>) {
        let mut lane = 0;
        let mut refusals = Refusals::default();
        let mut rate = ConnectionRate::default();
        loop {
            let accepted = tokio::select! {
                biased;
                () = self.stopping.cancelled() => return,
                accepted = poll_fn(|cx| listener.poll_accept(cx)) => accepted,
            };
            let incoming = match accepted {
                Ok(incoming) => incoming,
                Err(error) => {
                    tracing::warn!(listener = %self.context.name, %error, "a connection was not accepted");
                    // Out of file handles, say: the next one would fail at once, too.
                    self.state.env.sleep(Duration::from_millis(10)).await;
                    continue;
                }
            };
            tokio::select! {
                biased;
                () = self.stopping.cancelled() => return,
                () = self.keep_the_rate(&mut rate) => {}
            }
            let peer: SocketAddr = incoming.peer_addr();
            let Some(slot) = self.open.take(peer.ip(), ConnectionLimits::of(&self.state)) else {
                if let Some(count) = refusals.tell(self.state.env.now()) {
                    tracing::warn!(%peer, count, "refused: max.connections or max.connections.per.ip is reached");
                }
                continue;
            };
            lane = (lane + 1) % self.state.lanes.count();
            let ticket =
                Ticket { listener: self.context.clone(), stopping: self.stopping.clone(), _slot: slot };
            let arrival = Arrival { incoming, ticket, unread: BytesMut::new(), moved: false };
            arrival.go_to(&self.state.lanes, Lane(lane));
        }
    }

    /// Waits until one more connection may come, by the rate of this listener and by that of all.
    async fn keep_the_rate(&self, own: &mut ConnectionRate) {
        let state = &self.state;
        let (config, image, now) = (&state.node.config, state.image(), state.env.now());
        let of_all = connection_rate::of_broker(config, &image.configs);
        let of_this = connection_rate::of_listener(config, &image.configs, &self.context.name);
        let wait = self.rate.borrow_mut().admit(now, of_all).max(own.admit(now, of_this));
        if !wait.is_zero() {
            state.env.sleep(wait).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refused_addresses_leave_nothing_behind() {
        let (open, limits) = (Arc::<OpenConnections>::default(), ConnectionLimits { all: 2, per_address: 1 });
        let address = |last| IpAddr::from([127, 0, 0, last]);
        let slots: Vec<_> = (0..200).filter_map(|last| open.take(address(last % 100), limits)).collect();
        let known = || open.0.lock().expect("nobody panicked").1.len();
        assert_eq!((slots.len(), known()), (2, 2));
        drop(slots);
        assert_eq!(known(), 0);
    }

    #[test]
    fn refusals_are_told_together() {
        let mut refusals = Refusals::default();
        let mut told = |seconds| refusals.tell(Instant::from_nanos(0) + Duration::from_secs(seconds));
        assert_eq!(
            [told(0), told(1), told(9), told(10), told(11), told(30)],
            [Some(1), None, None, Some(3), None, Some(2)]
        );
    }
}
