//! Making connections, and names. Not here: what waits at the other side (`listener`).

use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::task::Waker;

use klamm_env::{Buffers, Done, Stream};
use tokio::sync::oneshot;

use super::end::Side;
use super::stream::SimStream;
use super::{Network, node_at};
use crate::engine::Handle;
use crate::event::Slot;
use crate::state::State;

type Answer = oneshot::Sender<io::Result<Box<dyn Stream>>>;

struct Attempt {
    handle: Handle,
    local: SocketAddr,
    remote: SocketAddr,
    to: u32,
    buffers: Buffers,
    /// When it is given up.
    until: u64,
    /// After which pause it is sent again.
    pause: u64,
    answer: Answer,
}

/// Connects to an address.
pub(crate) fn connect(
    state: &State,
    handle: Handle,
    remote: SocketAddr,
    buffers: Buffers,
) -> Done<Box<dyn Stream>> {
    let (answer, done) = Done::wait();
    let mut nodes = state.nodes.borrow_mut();
    let to = node_at(&nodes, handle.node, remote.ip());
    let node = &mut nodes[handle.node as usize];
    node.next_port = node.next_port.checked_add(1).unwrap_or(32_768);
    let own = if remote.ip().is_loopback() { remote.ip() } else { node.ip };
    let local = SocketAddr::new(own, node.next_port);
    drop(nodes);
    state.note(handle.node, "connect", u64::from(remote.port()));
    let timeout = state.network.borrow().config.connect_timeout;
    let until = state.now.get() + u64::try_from(timeout.as_nanos()).expect("centuries fit");
    match to {
        Some(to) => {
            let pause = 1_000_000_000;
            knock(state, Attempt { handle, local, remote, to, buffers, until, pause, answer });
        }
        None => {
            let call = move |_: &State| fail(answer, ErrorKind::HostUnreachable);
            state.after(3_000_000_000, Box::new(call));
        }
    }
    done
}

fn fail(answer: Answer, kind: ErrorKind) {
    // Whoever asked may have stopped waiting.
    let _ = answer.send(Err(kind.into()));
}

fn knock(state: &State, attempt: Attempt) {
    let now = state.now.get();
    let at = state.network.borrow_mut().arrival(now, attempt.handle.node, attempt.to, 0);
    state.after(at - now, Box::new(move |state| arrive(state, attempt)));
}

/// What an attempt finds at the other side.
enum Found {
    Nobody,
    Refusal,
    Connection(Slot, Option<Waker>),
}

impl Network {
    fn find(&mut self, state: &State, attempt: &Attempt) -> Found {
        let (from, to) = (attempt.handle.node, attempt.to);
        if !self.is_open(from, to) || !self.is_open(to, from) || !state.nodes.borrow()[to as usize].powered {
            return Found::Nobody;
        }
        let key = (to, attempt.remote.port());
        let backlog = self.config.backlog;
        let ip = attempt.remote.ip();
        let options = match self.listeners.get(&key) {
            Some(listening) if listening.ip.is_unspecified() || listening.ip == ip => {
                let wanted = listening.options.backlog.and_then(|peers| usize::try_from(peers).ok());
                if listening.queue.len() >= wanted.map_or(backlog, |peers| peers.clamp(1, backlog)) {
                    return Found::Nobody;
                }
                listening.options
            }
            _ => return Found::Refusal,
        };
        let near = Side { at: (from, attempt.local), buffers: attempt.buffers };
        let (near, far) = self.pair(&near, &Side { at: (to, attempt.remote), buffers: options.buffers });
        let listening = self.listeners.get_mut(&key).expect("found above");
        listening.queue.push_back((far, attempt.local));
        Found::Connection(near, listening.waker.take())
    }
}

fn arrive(state: &State, mut attempt: Attempt) {
    if !attempt.handle.lives(state) {
        return;
    }
    let found = state.network.borrow_mut().find(state, &attempt);
    let now = state.now.get();
    let back =
        |state: &State| state.network.borrow_mut().arrival(now, attempt.to, attempt.handle.node, 0) - now;
    match found {
        Found::Nobody if now + attempt.pause > attempt.until => {
            let rest = attempt.until.saturating_sub(now);
            state.after(rest, Box::new(move |_| fail(attempt.answer, ErrorKind::TimedOut)));
        }
        Found::Nobody => {
            let pause = attempt.pause;
            attempt.pause *= 2;
            state.after(pause, Box::new(move |state| knock(state, attempt)));
        }
        Found::Refusal => {
            let delay = back(state);
            state.after(delay, Box::new(move |_| fail(attempt.answer, ErrorKind::ConnectionRefused)));
        }
        Found::Connection(slot, waker) => {
            let delay = back(state);
            if let Some(waker) = waker {
                waker.wake();
            }
            state.after(delay, Box::new(move |state| complete(state, attempt, slot)));
        }
    }
}

fn complete(state: &State, attempt: Attempt, slot: Slot) {
    if !attempt.handle.lives(state) {
        return;
    }
    let result = {
        let mut network = state.network.borrow_mut();
        match network.end(slot).map(|end| end.error) {
            None => Err(ErrorKind::ConnectionReset.into()),
            Some(Some(kind)) => {
                network.vanish(slot);
                Err(kind.into())
            }
            Some(None) => Ok(SimStream::boxed(state, &mut network, attempt.handle, slot)),
        }
    };
    // If nobody waits any more, the stream is dropped, which closes it.
    let _ = attempt.answer.send(result);
}

/// Addresses of a node's name, of localhost, or of a literal address.
pub(crate) fn resolve(state: &State, handle: Handle, host: &str, port: u16) -> Done<Vec<SocketAddr>> {
    let (answer, done) = Done::wait();
    let delay = state.network.borrow_mut().dice.between(10_000, 2_000_000);
    let found = look_up(state, host).map(|ip| vec![SocketAddr::new(ip, port)]);
    let handle_lives = move |state: &State| handle.lives(state);
    let result =
        found.ok_or_else(|| io::Error::new(ErrorKind::NotFound, format!("no host is called {host}")));
    state.after(
        delay,
        Box::new(move |state| {
            if handle_lives(state) {
                // Whoever asked may have stopped waiting.
                let _ = answer.send(result);
            }
        }),
    );
    done
}

fn look_up(state: &State, host: &str) -> Option<IpAddr> {
    if let Ok(ip) = host.trim_matches(['[', ']']).parse() {
        return Some(ip);
    }
    if state.network.borrow().unresolvable.iter().any(|name| name == host) {
        return None;
    }
    if host == "localhost" {
        return Some(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    state.nodes.borrow().iter().find(|node| &*node.name == host).map(|node| node.ip)
}
