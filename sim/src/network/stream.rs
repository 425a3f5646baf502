//! The stream that a task holds: reads, writes, files. Not here: what is under way (`end`).

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use klamm_env::{File, Incoming, Stream};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::Network;
use super::end::{End, FileSend, break_ends};
use super::listener::SimIncoming;
use crate::engine::{Handle, severed};
use crate::event::Slot;
use crate::state::{State, try_with, with};
use crate::trace::mix_bytes;

/// The most that one call sends of a file.
const FILE_CHUNK_BYTES: usize = 64 * 1024;

/// One end of a connection.
pub(super) struct SimStream {
    handle: Handle,
    world: u64,
    slot: Slot,
    local: SocketAddr,
    remote: SocketAddr,
    /// Another holds the end now.
    left: bool,
}

/// What a write may do.
#[derive(Clone, Copy)]
enum Room {
    Bytes(usize),
    /// Reset after this many bytes.
    Reset(usize),
}

impl SimStream {
    pub(super) fn boxed(state: &State, network: &mut Network, handle: Handle, slot: Slot) -> Box<dyn Stream> {
        let end = network.end(slot).expect("the end is held by what becomes the stream");
        Box::new(Self { handle, world: state.id, slot, local: end.local, remote: end.remote, left: false })
    }

    /// How much of `wanted` bytes may be written now.
    fn poll_room(&self, state: &State, waker: &Waker, wanted: usize) -> Poll<io::Result<Room>> {
        if !self.handle.lives(state) {
            return Poll::Ready(Err(severed()));
        }
        let mut network = state.network.borrow_mut();
        let Some(end) = network.end(self.slot) else { return Poll::Ready(Err(ErrorKind::BrokenPipe.into())) };
        if let Some(kind) = end.error {
            return Poll::Ready(Err(kind.into()));
        }
        if end.shut {
            return Poll::Ready(Err(ErrorKind::BrokenPipe.into()));
        }
        let room = network.room(self.slot).min(wanted);
        if room == 0 && wanted > 0 {
            let end = network.end(self.slot).expect("found above");
            if !end.writer.as_ref().is_some_and(|old| old.will_wake(waker)) {
                end.writer = Some(waker.clone());
            }
            return Poll::Pending;
        }
        let (split, reset) = (network.config.split_writes, network.config.reset_writes);
        if network.dice.chance(reset) {
            return Poll::Ready(Ok(Room::Reset(1 + network.dice.below(room))));
        }
        if room > 1 && network.dice.chance(split) {
            return Poll::Ready(Ok(Room::Bytes(1 + network.dice.below(room - 1))));
        }
        Poll::Ready(Ok(Room::Bytes(room)))
    }

    /// Puts bytes under way. Returns how many were taken.
    fn put(&self, state: &State, room: Room, bytes: &[u8]) -> usize {
        let (len, reset) = match room {
            Room::Bytes(len) => (len.min(bytes.len()), false),
            Room::Reset(len) => (len.min(bytes.len()), true),
        };
        let bytes = &bytes[..len];
        state.note(self.handle.node, "send", mix_bytes(u64::from(self.slot.index), bytes));
        if len > 0 {
            let mut network = state.network.borrow_mut();
            if let Some(outgoing) = network.outgoing(self.slot) {
                outgoing.extend(bytes);
                network.send(state, self.slot, Some(len));
            }
        }
        if reset {
            self.break_later(state);
        }
        len
    }

    /// Resets the connection a moment after what was sent has arrived.
    fn break_later(&self, state: &State) {
        let slot = self.slot;
        let delay = state.network.borrow_mut().dice.between(0, 2_000_000);
        let call = move |state: &State| {
            let peer = state.network.borrow_mut().end(slot).map(|end| end.peer);
            if let Some(peer) = peer {
                state.note(crate::trace::NOBODY, "reset in mid-frame", u64::from(slot.index));
                break_ends(state, &[slot, peer], ErrorKind::ConnectionReset);
            }
        };
        state.after(delay, Box::new(call));
    }

    /// Has the disk read: pending the first time, so that the bytes are read later than they were asked for.
    fn poll_file_read(&self, state: &State, waker: &Waker) -> Poll<()> {
        let mut network = state.network.borrow_mut();
        let Some(end) = network.end(self.slot) else { return Poll::Ready(()) };
        match end.file_send {
            FileSend::Read => {
                end.file_send = FileSend::Idle;
                return Poll::Ready(());
            }
            FileSend::Reading => {}
            FileSend::Idle => {
                end.file_send = FileSend::Reading;
                let slot = self.slot;
                let delay = network.dice.between(1_000, 60_000);
                state.after(delay, Box::new(move |state| file_was_read(state, slot)));
            }
        }
        let end = network.end(self.slot).expect("found above");
        end.writer = Some(waker.clone());
        Poll::Pending
    }
}

fn file_was_read(state: &State, slot: Slot) {
    let waker = state.network.borrow_mut().end(slot).and_then(|end| {
        end.file_send = FileSend::Read;
        end.writer.take()
    });
    if let Some(waker) = waker {
        waker.wake();
    }
}

impl AsyncRead for SimStream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        with(|state| {
            if !self.handle.lives(state) {
                return Poll::Ready(Err(severed()));
            }
            let mut network = state.network.borrow_mut();
            let network = &mut *network;
            let split = network.config.split_reads;
            let Some(end) =
                network.ends.get_mut(self.slot.index as usize).filter(|end| end.slot == self.slot)
            else {
                return Poll::Ready(Err(ErrorKind::ConnectionReset.into()));
            };
            if let Some(kind) = end.error {
                return Poll::Ready(Err(kind.into()));
            }
            let mut len = end.arrived.min(into.remaining());
            if len == 0 {
                if end.finished || into.remaining() == 0 {
                    return Poll::Ready(Ok(()));
                }
                if !end.reader.as_ref().is_some_and(|old| old.will_wake(cx.waker())) {
                    end.reader = Some(cx.waker().clone());
                }
                return Poll::Pending;
            }
            if len > 1 && network.dice.chance(split) {
                len = 1 + network.dice.below(len - 1);
            }
            let was_full = end.bytes.len() >= end.window;
            take(&mut end.bytes, len, into);
            end.arrived -= len;
            let peer = end.peer;
            if was_full && let Some(waker) = network.end(peer).and_then(|peer| peer.writer.take()) {
                waker.wake();
            }
            Poll::Ready(Ok(()))
        })
    }
}

fn take(bytes: &mut std::collections::VecDeque<u8>, len: usize, into: &mut ReadBuf<'_>) {
    let (front, back) = bytes.as_slices();
    let first = front.len().min(len);
    into.put_slice(&front[..first]);
    into.put_slice(&back[..len - first]);
    if len == bytes.len() {
        bytes.clear();
    } else {
        bytes.drain(..len);
    }
}

impl AsyncWrite for SimStream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        with(|state| {
            self.poll_room(state, cx.waker(), bytes.len()).map_ok(|room| self.put(state, room, bytes))
        })
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        with(|state| {
            if !self.handle.lives(state) {
                return Poll::Ready(Err(severed()));
            }
            let mut network = state.network.borrow_mut();
            if let Some(end) = network.end(self.slot) {
                if let Some(kind) = end.error {
                    return Poll::Ready(Err(kind.into()));
                }
                if !std::mem::replace(&mut end.shut, true) {
                    network.send(state, self.slot, None);
                }
            }
            Poll::Ready(Ok(()))
        })
    }
}

impl Stream for SimStream {
    fn poll_send_file(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        file: &Arc<dyn File>,
        at: u64,
        len: usize,
    ) -> Poll<io::Result<usize>> {
        with(|state| {
            let room = match self.poll_room(state, cx.waker(), len.min(FILE_CHUNK_BYTES)) {
                Poll::Ready(Ok(room)) => room,
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => return Poll::Pending,
            };
            if self.poll_file_read(state, cx.waker()).is_pending() {
                return Poll::Pending;
            }
            let (Room::Bytes(wanted) | Room::Reset(wanted)) = room;
            let bytes = crate::disk::read_now(state, file, at, wanted.max(1));
            Poll::Ready(bytes.map(|bytes| self.put(state, room, &bytes)))
        })
    }

    fn leave(mut self: Box<Self>) -> io::Result<Box<dyn Incoming>> {
        with(|state| {
            if !self.handle.lives(state) {
                return Err(severed());
            }
            // Who waited here waits no more.
            let waited = state.network.borrow_mut().end(self.slot).map(End::take_wakers);
            drop(waited);
            self.left = true;
            let (handle, slot, peer) = (self.handle, Some(self.slot), self.remote);
            Ok(Box::new(SimIncoming { handle, slot, peer }) as Box<dyn Incoming>)
        })
    }

    fn reset(self: Pin<&mut Self>) {
        with(|state| {
            if self.handle.lives(state) {
                let mut network = state.network.borrow_mut();
                network.close(state, self.slot, true);
                if let Some(end) = network.end(self.slot) {
                    end.error.get_or_insert(ErrorKind::NotConnected);
                }
            }
        });
    }

    fn peer_addr(&self) -> SocketAddr {
        self.remote
    }

    fn local_addr(&self) -> SocketAddr {
        self.local
    }
}

impl Drop for SimStream {
    fn drop(&mut self) {
        try_with(|state| {
            if !self.left && state.id == self.world && self.handle.lives(state) {
                state.network.borrow_mut().close(state, self.slot, false);
            }
        });
    }
}
