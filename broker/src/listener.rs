//! Listeners: accept, bound the number of connections, spread them over the lanes. Not here: what a connection does.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use klamm_env::{Env, Lane, Listener};
use klamm_protocol::ApiKey;
use tokio_util::sync::CancellationToken;

use crate::connection;
use crate::dispatch::{BROKER_APIS, CONTROLLER_APIS};
use crate::lanes::Lanes;

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

/// Connections that are open, in all and by address.
#[derive(Debug)]
pub(crate) struct ConnectionLimits {
    all_max: usize,
    per_address_max: usize,
    open: Mutex<(usize, BTreeMap<IpAddr, usize>)>,
}

/// Room for one connection; given back when dropped.
pub(crate) struct ConnectionSlot {
    limits: Arc<ConnectionLimits>,
    address: IpAddr,
}

impl ConnectionLimits {
    /// So many in all, and so many from one address.
    pub(crate) fn new(all_max: usize, per_address_max: usize) -> Arc<Self> {
        Arc::new(Self { all_max, per_address_max, open: Mutex::default() })
    }

    fn take(self: &Arc<Self>, address: IpAddr) -> Option<ConnectionSlot> {
        let mut open = self.open.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let (all, by_address) = &mut *open;
        let from_address = by_address.entry(address).or_default();
        if *all >= self.all_max || *from_address >= self.per_address_max {
            return None;
        }
        *all += 1;
        *from_address += 1;
        Some(ConnectionSlot { limits: Arc::clone(self), address })
    }
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        let mut open = self.limits.open.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
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

/// What accepting needs.
pub(crate) struct Acceptor {
    pub(crate) env: Env,
    pub(crate) lanes: Lanes,
    pub(crate) context: ListenerContext,
    pub(crate) limits: Arc<ConnectionLimits>,
    pub(crate) stopping: CancellationToken,
}

impl Acceptor {
    /// Accepts until the node stops. The socket is bound already.
    pub(crate) async fn serve(self, mut listener: Box<dyn Listener>) {
        let mut lane = 0;
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
                    self.env.sleep(std::time::Duration::from_millis(10)).await;
                    continue;
                }
            };
            let peer: SocketAddr = incoming.peer_addr();
            let Some(slot) = self.limits.take(peer.ip()) else {
                tracing::warn!(%peer, "refused: max.connections or max.connections.per.ip is reached");
                continue;
            };
            lane = (lane + 1) % self.lanes.count();
            let (context, stopping) = (self.context.clone(), self.stopping.clone());
            self.lanes.send(Lane(lane), move |state| match incoming.open() {
                Ok(stream) => {
                    let served = connection::serve(Rc::clone(state), stream, Rc::new(context), stopping);
                    state.env.spawn_local("connection", async move {
                        served.await;
                        drop(slot);
                    });
                }
                Err(error) => tracing::debug!(%peer, %error, "gone before it was served"),
            });
        }
    }
}
