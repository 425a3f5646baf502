//! Streams between nodes. Not here: frames, TLS, reconnecting.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite};

use crate::disk::File;
use crate::done::Done;

/// Bytes that the system keeps at most for a connection; without a number it decides by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Buffers {
    /// Written and not yet received by the peer.
    pub send: Option<usize>,
    /// Received and not yet read.
    pub receive: Option<usize>,
}

/// What the system keeps at most for a listener; without a number it decides by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListenOptions {
    /// Peers that wait to be accepted; what is more than the system allows is cut to that.
    pub backlog: Option<u32>,
    /// For each connection that it accepts.
    pub buffers: Buffers,
}

/// A node's network.
pub trait Net {
    /// Listens on an address; port 0 takes a free one. `AddrInUse` if somebody does already.
    fn listen(&self, addr: SocketAddr, options: ListenOptions) -> Done<Box<dyn Listener>>;

    /// Connects; the stream belongs to the caller's lane.
    fn connect(&self, addr: SocketAddr, buffers: Buffers) -> Done<Box<dyn Stream>>;

    /// Addresses of a host name or a literal address, in the order to try them.
    fn resolve(&self, host: &str, port: u16) -> Done<Vec<SocketAddr>>;
}

/// A socket that waits for peers.
pub trait Listener {
    /// The next peer. A connection that fails before it is accepted is an error here and no reason to stop.
    fn poll_accept(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Box<dyn Incoming>>>;

    /// The address it listens on, with the port that was taken.
    fn local_addr(&self) -> SocketAddr;
}

/// A peer that belongs to no lane: just accepted, or on its way from one to another. It travels to a lane and is opened there.
pub trait Incoming: Send {
    /// The peer's address.
    fn peer_addr(&self) -> SocketAddr;

    /// Makes it a stream of the caller's lane.
    ///
    /// # Errors
    /// The connection is gone already.
    fn open(self: Box<Self>) -> io::Result<Box<dyn Stream>>;
}

/// A connection, both ways. `poll_shutdown` closes the writing half; dropping it closes both; a peer that is
/// slow to read holds back `poll_write`.
pub trait Stream: AsyncRead + AsyncWrite + Unpin {
    /// Sends up to `len` bytes of `file` from `at` on, without copying them here where the engine can.
    /// Returns how many; 0 only if the file ends at or before `at` (it may have been cut meanwhile).
    fn poll_send_file(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        file: &Arc<dyn File>,
        at: u64,
        len: usize,
    ) -> Poll<io::Result<usize>>;

    /// Takes the connection off its lane, to be opened on another. What was not read yet goes with it.
    ///
    /// # Errors
    /// The connection is gone already.
    fn leave(self: Box<Self>) -> io::Result<Box<dyn Incoming>>;

    /// Cuts the connection so that the peer reads an error, not an end.
    fn reset(self: Pin<&mut Self>);

    /// The peer's address.
    fn peer_addr(&self) -> SocketAddr;

    /// This end's address.
    fn local_addr(&self) -> SocketAddr;
}
