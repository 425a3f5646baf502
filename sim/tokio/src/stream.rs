//! A TCP connection of one lane. Not here: how it came about.

use std::any::Any;
use std::future::Future;
use std::io::{self, ErrorKind, IoSlice};
use std::net::SocketAddr;
use std::ops::Range;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use klamm_env::{Done, File, Incoming, Stream};
use rustix::fs::sendfile;
use rustix::io::Errno;
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::TcpStream;

use crate::file::KernelFile;
use crate::net::Peer;

/// Bytes that one `sendfile` moves at most.
const SEND_FILE_BYTES_MAX: usize = 1024 * 1024;

/// A range of a file on its way into the page cache.
struct Warming {
    at: u64,
    len: usize,
    done: Done<()>,
}

/// What is left of a range of a file that lay in memory when it was begun to be sent: it is looked for once.
struct InMemory {
    /// The file's address.
    file: usize,
    range: Range<u64>,
}

/// A connection; without a socket once it was reset.
pub(crate) struct KernelStream {
    socket: Option<TcpStream>,
    peer: SocketAddr,
    local: SocketAddr,
    /// What is to be sent comes from the disk first.
    warming: Option<Warming>,
    in_memory: Option<InMemory>,
}

impl KernelStream {
    pub(crate) fn new(socket: TcpStream) -> io::Result<Self> {
        socket.set_nodelay(true)?;
        Ok(Self {
            peer: socket.peer_addr()?,
            local: socket.local_addr()?,
            socket: Some(socket),
            warming: None,
            in_memory: None,
        })
    }

    /// How much of a range may be sent now, once it is in memory.
    fn poll_in_memory(
        &mut self,
        cx: &mut Context<'_>,
        file: &KernelFile,
        at: u64,
        len: usize,
    ) -> Poll<io::Result<usize>> {
        let address = std::ptr::from_ref(file).addr();
        if let Some(known) = &self.in_memory
            && known.file == address
            && known.range.contains(&at)
        {
            return Poll::Ready(Ok(usize::try_from(known.range.end - at).map_or(len, |left| left.min(len))));
        }
        let len = len.min(SEND_FILE_BYTES_MAX);
        self.warming.take_if(|warming| (warming.at, warming.len) != (at, len));
        if self.warming.is_none() && !file.is_cached(at, len) {
            self.warming = Some(Warming { at, len, done: file.warm(at, len) });
        }
        if let Some(warming) = &mut self.warming {
            let warmed = ready!(Pin::new(&mut warming.done).poll(cx));
            self.warming = None;
            warmed?;
        }
        self.in_memory = Some(InMemory { file: address, range: at..at + len as u64 });
        Poll::Ready(Ok(len))
    }

    fn socket(&mut self) -> io::Result<Pin<&mut TcpStream>> {
        self.socket.as_mut().map(Pin::new).ok_or_else(|| ErrorKind::NotConnected.into())
    }
}

impl AsyncRead for KernelStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.socket()?.poll_read(cx, into)
    }
}

impl AsyncWrite for KernelStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        self.socket()?.poll_write(cx, from)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        from: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.socket()?.poll_write_vectored(cx, from)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.socket()?.poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.socket()?.poll_shutdown(cx)
    }
}

impl Stream for KernelStream {
    fn poll_send_file(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        file: &Arc<dyn File>,
        at: u64,
        len: usize,
    ) -> Poll<io::Result<usize>> {
        let file: &dyn Any = &**file;
        let Some(file) = file.downcast_ref::<KernelFile>() else {
            return Poll::Ready(Err(io::Error::new(ErrorKind::InvalidInput, "a file of another engine")));
        };
        let len = ready!(self.poll_in_memory(cx, file, at, len))?;
        let socket = self.socket()?;
        loop {
            ready!(socket.poll_write_ready(cx))?;
            let sent = socket.try_io(Interest::WRITABLE, || {
                let mut position = at;
                Ok(sendfile(&*socket, file, Some(&mut position), len)?)
            });
            match sent {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) if error.raw_os_error() == Some(Errno::INTR.raw_os_error()) => {}
                sent => {
                    if let (Ok(sent), Some(known)) = (&sent, &mut self.in_memory) {
                        known.range.start = at + *sent as u64;
                    }
                    return Poll::Ready(sent);
                }
            }
        }
    }

    fn leave(self: Box<Self>) -> io::Result<Box<dyn Incoming>> {
        let socket = self.socket.ok_or(ErrorKind::NotConnected)?;
        Ok(Box::new(Peer { socket: socket.into_std()?, peer: self.peer }))
    }

    fn reset(mut self: Pin<&mut Self>) {
        if let Some(socket) = self.socket.take() {
            // With no time to linger, the kernel sends a reset and forgets what was not sent. Should that be
            // refused, the connection is gone already.
            let _gone = SockRef::from(&socket).set_linger(Some(Duration::ZERO));
        }
    }

    fn peer_addr(&self) -> SocketAddr {
        self.peer
    }

    fn local_addr(&self) -> SocketAddr {
        self.local
    }
}
