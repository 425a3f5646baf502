//! One end of a connection: what comes in, and how it closes. Not here: the stream that a task holds.

use std::collections::VecDeque;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::task::Waker;

use klamm_env::Buffers;

use super::Network;
use crate::event::{Event, Slot};
use crate::state::State;

/// Bytes, or the end of them, on their way to an end.
#[derive(Clone, Copy)]
pub(super) struct Segment {
    at: u64,
    /// `None` for the end.
    len: Option<usize>,
}

/// What is at this end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    /// A stream, or a place in the queue of a listener.
    Open,
    /// Nobody: who sends here is reset.
    Closed,
    /// Nobody at all; the slot is free.
    Free,
}

/// How far `poll_send_file` has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileSend {
    /// Not begun.
    Idle,
    /// The disk reads.
    Reading,
    /// The disk has read; the next poll sends.
    Read,
}

/// Whom a connection joins: a node's address, and the buffers that were asked for there.
pub(super) struct Side {
    pub(super) at: (u32, SocketAddr),
    pub(super) buffers: Buffers,
}

/// One end of a connection, with what is on its way to it.
pub(super) struct End {
    pub(super) slot: Slot,
    pub(super) peer: Slot,
    pub(super) node: u32,
    pub(super) peer_node: u32,
    pub(super) local: SocketAddr,
    pub(super) remote: SocketAddr,
    pub(super) holder: Holder,
    /// Arrived bytes, then those under way.
    pub(super) bytes: VecDeque<u8>,
    /// How many of them there may be; more is held back at the peer.
    pub(super) window: usize,
    pub(super) arrived: usize,
    segments: VecDeque<Segment>,
    /// An event is queued for the first segment.
    scheduled: bool,
    pub(super) finished: bool,
    pub(super) error: Option<ErrorKind>,
    pub(super) shut: bool,
    pub(super) reader: Option<Waker>,
    pub(super) writer: Option<Waker>,
    pub(super) file_send: FileSend,
}

impl End {
    pub(super) fn take_wakers(&mut self) -> [Option<Waker>; 2] {
        [self.reader.take(), self.writer.take()]
    }

    /// Forgets what is there and what is under way.
    fn clear(&mut self) {
        self.bytes.clear();
        self.segments.clear();
        self.arrived = 0;
    }
}

fn ring(wakers: impl IntoIterator<Item = Option<Waker>>) {
    wakers.into_iter().flatten().for_each(Waker::wake);
}

impl Network {
    /// Makes a connection: its ends at `from` and at `to`.
    pub(super) fn pair(&mut self, from: &Side, to: &Side) -> (Slot, Slot) {
        let (near, far) = (self.take_slot(), self.take_slot());
        self.fill(near, far, from, to);
        self.fill(far, near, to, from);
        (near, far)
    }

    fn take_slot(&mut self) -> Slot {
        if let Some(index) = self.free.pop() {
            return self.ends[index as usize].slot;
        }
        let slot = Slot { index: u32::try_from(self.ends.len()).expect("ends fit 32 bits"), generation: 0 };
        let nowhere = SocketAddr::from(([0, 0, 0, 0], 0));
        self.ends.push(End {
            slot,
            peer: slot,
            node: 0,
            peer_node: 0,
            local: nowhere,
            remote: nowhere,
            holder: Holder::Free,
            bytes: VecDeque::new(),
            window: 0,
            arrived: 0,
            segments: VecDeque::new(),
            scheduled: false,
            finished: false,
            error: None,
            shut: false,
            reader: None,
            writer: None,
            file_send: FileSend::Idle,
        });
        slot
    }

    fn fill(&mut self, slot: Slot, peer: Slot, here: &Side, there: &Side) {
        let smaller = [there.buffers.send, here.buffers.receive].into_iter().flatten().min();
        let window = smaller.map_or(self.config.window, |bytes| bytes.clamp(1, self.config.window));
        let end = &mut self.ends[slot.index as usize];
        ((end.node, end.local), (end.peer_node, end.remote)) = (here.at, there.at);
        (end.peer, end.holder, end.error) = (peer, Holder::Open, None);
        (end.scheduled, end.finished, end.shut, end.file_send) = (false, false, false, FileSend::Idle);
        end.clear();
        end.window = window;
    }

    /// Frees both ends once nobody holds either.
    fn free_if_closed(&mut self, slot: Slot) {
        let Some(end) = self.end(slot) else { return };
        let peer = end.peer;
        if end.holder == Holder::Closed && self.end(peer).is_some_and(|peer| peer.holder == Holder::Closed) {
            for index in [slot.index, peer.index] {
                let end = &mut self.ends[index as usize];
                end.clear();
                end.bytes.shrink_to(64 * 1024);
                end.holder = Holder::Free;
                end.slot.generation = end.slot.generation.wrapping_add(1);
                self.free.push(index);
            }
        }
    }

    /// Room for bytes on the way from this end to its peer.
    pub(super) fn room(&mut self, slot: Slot) -> usize {
        let usual = self.config.window;
        let peer = self.ends[slot.index as usize].peer;
        self.end(peer).map_or(usual, |peer| peer.window.saturating_sub(peer.bytes.len()))
    }

    /// Puts bytes that were added to the peer's queue under way.
    pub(super) fn send(&mut self, state: &State, slot: Slot, len: Option<usize>) {
        let now = state.now.get();
        let end = &self.ends[slot.index as usize];
        let (from, to, peer) = (end.node, end.peer_node, end.peer);
        let at = self.arrival(now, from, to, len.unwrap_or(0));
        let Some(peer) = self.end(peer) else { return };
        let at = peer.segments.back().map_or(at, |last| last.at.max(at));
        peer.segments.push_back(Segment { at, len });
        if !peer.scheduled {
            peer.scheduled = true;
            state.add_event(at, Event::Deliver(peer.slot));
        }
    }

    /// The bytes on their way to the peer of this end.
    pub(super) fn outgoing(&mut self, slot: Slot) -> Option<&mut std::collections::VecDeque<u8>> {
        let peer = self.ends[slot.index as usize].peer;
        self.end(peer).map(|peer| &mut peer.bytes)
    }

    /// Breaks an end: both halves give this error from now on.
    pub(super) fn break_end(&mut self, slot: Slot, kind: ErrorKind) -> [Option<Waker>; 2] {
        let Some(end) = self.end(slot).filter(|end| end.holder == Holder::Open) else { return [None, None] };
        end.error.get_or_insert(kind);
        end.clear();
        end.take_wakers()
    }

    /// Tells the peer of an end that nobody is there; the message may get lost.
    fn send_reset(&mut self, state: &State, slot: Slot) {
        let end = &self.ends[slot.index as usize];
        let (from, to, peer) = (end.node, end.peer_node, end.peer);
        let at = self.arrival(state.now.get(), from, to, 0);
        let call = move |state: &State| {
            let woken = {
                let mut network = state.network.borrow_mut();
                if !network.is_open(from, to) {
                    return;
                }
                network.break_end(peer, ErrorKind::ConnectionReset)
            };
            ring(woken);
        };
        state.events.borrow_mut().call(at, Box::new(call));
    }

    /// Nobody holds this end any more: the peer reads the end of the stream, or an error if bytes were lost.
    pub(super) fn close(&mut self, state: &State, slot: Slot, reset: bool) {
        let Some(end) = self.end(slot).filter(|end| end.holder == Holder::Open) else { return };
        let lost = end.arrived > 0 || reset;
        let broken = end.error.is_some();
        let shut = std::mem::replace(&mut end.shut, true);
        end.holder = Holder::Closed;
        (end.reader, end.writer) = (None, None);
        if !broken {
            if lost {
                end.clear();
                self.send_reset(state, slot);
            } else if !shut {
                self.send(state, slot, None);
            }
        }
        self.free_if_closed(slot);
    }

    /// Segments that are due come in. Returns whom to wake.
    fn arrive(&mut self, state: &State, slot: Slot) -> [Option<Waker>; 2] {
        let now = state.now.get();
        let Some(end) = self.end(slot) else { return [None, None] };
        let (from, to, holder) = (end.peer_node, end.node, end.holder);
        end.scheduled = false;
        if !self.is_open(from, to) || !state.nodes.borrow()[to as usize].powered {
            return [None, None];
        }
        let end = &mut self.ends[slot.index as usize];
        if holder == Holder::Closed || end.error.is_some() {
            let data = end.segments.iter().any(|segment| segment.len.is_some());
            end.clear();
            if data {
                self.send_reset(state, slot);
            }
            return [None, None];
        }
        while let Some(segment) = end.segments.front().copied().filter(|segment| segment.at <= now) {
            end.segments.pop_front();
            match segment.len {
                Some(len) => end.arrived += len,
                None => end.finished = true,
            }
        }
        if let Some(next) = end.segments.front() {
            end.scheduled = true;
            state.add_event(next.at, Event::Deliver(slot));
        }
        [end.reader.take(), None]
    }

    /// Sends again what was held up between two nodes.
    pub(super) fn retransmit(&mut self, state: &State, concerns: impl Fn(u32, u32) -> bool) {
        for index in 0..self.ends.len() {
            let end = &self.ends[index];
            let (from, to) = (end.peer_node, end.node);
            let held = end.holder != Holder::Free && !end.scheduled && !end.segments.is_empty();
            if !held || !concerns(from, to) || !self.is_open(from, to) {
                continue;
            }
            let at = self.arrival(state.now.get(), from, to, 0) + self.dice.between(0, 200_000_000);
            let end = &mut self.ends[index];
            for segment in &mut end.segments {
                segment.at = segment.at.max(at);
            }
            end.scheduled = true;
            state.add_event(at, Event::Deliver(end.slot));
        }
    }

    /// The slots of all open ends that `wanted` picks by node and peer's node.
    pub(super) fn open_ends(&self, wanted: impl Fn(u32, u32) -> bool) -> Vec<Slot> {
        let open = |end: &&End| end.holder == Holder::Open && wanted(end.node, end.peer_node);
        self.ends.iter().filter(open).map(|end| end.slot).collect()
    }

    /// An end vanishes without a word; its peer learns of it when it sends.
    pub(super) fn vanish(&mut self, slot: Slot) {
        if let Some(end) = self.end(slot).filter(|end| end.holder == Holder::Open) {
            end.holder = Holder::Closed;
            (end.shut, end.reader, end.writer) = (true, None, None);
            end.clear();
            self.free_if_closed(slot);
        }
    }
}

/// Segments arrive at an end.
pub(crate) fn deliver(state: &State, slot: Slot) {
    let woken = state.network.borrow_mut().arrive(state, slot);
    ring(woken);
}

/// Breaks ends and wakes who waits on them.
pub(super) fn break_ends(state: &State, slots: &[Slot], kind: ErrorKind) {
    for slot in slots {
        let woken = state.network.borrow_mut().break_end(*slot, kind);
        ring(woken);
    }
}

/// All connections and listeners of a node that ended.
pub(crate) fn node_ended(state: &State, node: u32, power_lost: bool) {
    let mut network = state.network.borrow_mut();
    for slot in network.open_ends(|at, _| at == node) {
        if power_lost {
            network.vanish(slot);
        } else {
            network.close(state, slot, false);
        }
    }
    network.listeners.retain(|(at, _), _| *at != node);
}

/// A machine is on again: what was sent to it meanwhile is answered with resets.
pub(crate) fn node_started(state: &State, node: u32) {
    state.network.borrow_mut().retransmit(state, |_, to| to == node);
}
