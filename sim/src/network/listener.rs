//! Sockets that wait for peers. Not here: how a peer gets into the queue (`connect`).

use std::collections::VecDeque;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr};
use std::task::{Context, Poll, Waker};

use klamm_env::{Done, Incoming, ListenOptions, Listener, Stream};

use super::stream::SimStream;
use crate::engine::{Handle, is_own, severed};
use crate::event::Slot;
use crate::state::{State, try_with, with};

/// One socket that listens.
pub(super) struct Listening {
    pub(super) ip: IpAddr,
    pub(super) options: ListenOptions,
    pub(super) queue: VecDeque<(Slot, SocketAddr)>,
    pub(super) waker: Option<Waker>,
}

/// Listens on an address of the node.
pub(crate) fn listen(
    state: &State,
    handle: Handle,
    addr: SocketAddr,
    options: ListenOptions,
) -> Done<Box<dyn Listener>> {
    Done::ready(bind(state, handle, addr, options))
}

fn bind(
    state: &State,
    handle: Handle,
    addr: SocketAddr,
    options: ListenOptions,
) -> io::Result<Box<dyn Listener>> {
    let mut nodes = state.nodes.borrow_mut();
    let node = &mut nodes[handle.node as usize];
    if !is_own(addr.ip(), node.ip) {
        return Err(io::Error::new(
            ErrorKind::AddrNotAvailable,
            format!("{} is not an address of this node", addr.ip()),
        ));
    }
    let mut network = state.network.borrow_mut();
    let mut port = addr.port();
    while port == 0 {
        node.next_port = node.next_port.checked_add(1).unwrap_or(32_768);
        if !network.listeners.contains_key(&(handle.node, node.next_port)) {
            port = node.next_port;
        }
    }
    let key = (handle.node, port);
    if network.listeners.contains_key(&key) {
        return Err(io::Error::new(ErrorKind::AddrInUse, format!("somebody listens on port {port} already")));
    }
    network.listeners.insert(key, Listening { ip: addr.ip(), options, queue: VecDeque::new(), waker: None });
    state.note(handle.node, "listen", u64::from(port));
    Ok(Box::new(SimListener { handle, world: state.id, addr: SocketAddr::new(addr.ip(), port) }))
}

struct SimListener {
    handle: Handle,
    world: u64,
    addr: SocketAddr,
}

impl Listener for SimListener {
    fn poll_accept(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Box<dyn Incoming>>> {
        with(|state| {
            if !self.handle.lives(state) {
                return Poll::Ready(Err(severed()));
            }
            let mut network = state.network.borrow_mut();
            let key = (self.handle.node, self.addr.port());
            let listening = network.listeners.get_mut(&key).expect("it listens while it is held");
            let Some((slot, peer)) = listening.queue.pop_front() else {
                listening.waker = Some(cx.waker().clone());
                return Poll::Pending;
            };
            if network.end(slot).is_none_or(|end| end.error.is_some()) {
                network.vanish(slot);
                return Poll::Ready(Err(ErrorKind::ConnectionAborted.into()));
            }
            let incoming = SimIncoming { handle: self.handle, slot: Some(slot), peer };
            Poll::Ready(Ok(Box::new(incoming) as Box<dyn Incoming>))
        })
    }

    fn local_addr(&self) -> SocketAddr {
        self.addr
    }
}

impl Drop for SimListener {
    fn drop(&mut self) {
        try_with(|state| {
            if state.id != self.world || !self.handle.lives(state) {
                return;
            }
            let mut network = state.network.borrow_mut();
            let listening = network.listeners.remove(&(self.handle.node, self.addr.port()));
            for (slot, _) in listening.into_iter().flat_map(|listening| listening.queue) {
                network.close(state, slot, true);
            }
        });
    }
}

pub(super) struct SimIncoming {
    pub(super) handle: Handle,
    pub(super) slot: Option<Slot>,
    pub(super) peer: SocketAddr,
}

impl Incoming for SimIncoming {
    fn peer_addr(&self) -> SocketAddr {
        self.peer
    }

    fn open(mut self: Box<Self>) -> io::Result<Box<dyn Stream>> {
        let slot = self.slot.take().expect("it is opened once");
        with(|state| {
            if !self.handle.lives(state) {
                return Err(severed());
            }
            let mut network = state.network.borrow_mut();
            match network.end(slot).and_then(|end| end.error) {
                Some(kind) => {
                    network.vanish(slot);
                    Err(kind.into())
                }
                None => Ok(SimStream::boxed(state, &mut network, self.handle, slot)),
            }
        })
    }
}

impl Drop for SimIncoming {
    fn drop(&mut self) {
        if let Some(slot) = self.slot.take() {
            try_with(|state| {
                if self.handle.lives(state) {
                    state.network.borrow_mut().close(state, slot, true);
                }
            });
        }
    }
}
