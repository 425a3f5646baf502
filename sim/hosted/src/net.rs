//! Listeners and streams over a host's sockets. Not here: what the network does to them.

use std::any::Any;
use std::cell::RefCell;
use std::future::poll_fn;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, ready};

use klamm_env::{Buffers, Done, File, Incoming, ListenOptions, Listener, LocalTask, Net, Stream};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::mpsc;

use crate::disk::MemoryFile;
use crate::{Connection, Duplex, Engine, Host};

/// Peers that wait until they are accepted, unless another number is asked for.
const BACKLOG: u32 = 128;
/// Bytes that one write takes at most.
const WRITE_BYTES_MAX: usize = 64 * 1024;
/// Ports that are free for listeners without one: above those that hosts give to whoever connects.
const PORTS: std::ops::Range<u64> = 20_000..40_000;

impl<H: Host> Net for Engine<H> {
    fn listen(&self, mut addr: SocketAddr, options: ListenOptions) -> Done<Box<dyn Listener>> {
        if addr.port() == 0 {
            let nth = self.port.fetch_add(1, Ordering::Relaxed) % (PORTS.end - PORTS.start);
            addr.set_port(u16::try_from(PORTS.start + nth).expect("it lies in the range"));
        }
        let backlog = options.backlog.unwrap_or(BACKLOG).max(1) as usize;
        let (answer, done) = Done::wait();
        H::spawn(Box::pin(async move {
            let bound = H::bind(addr).await;
            let listener = bound.map(|listener| {
                Box::new(HostListener::open::<H>(listener, addr, backlog)) as Box<dyn Listener>
            });
            let _nobody_waits = answer.send(listener);
        }));
        done
    }

    fn connect(&self, addr: SocketAddr, _buffers: Buffers) -> Done<Box<dyn Stream>> {
        let (answer, done) = Done::wait();
        H::spawn(Box::pin(async move {
            let stream = H::connect(addr).await.map(|connection| HostStream::open(connection, false));
            let _nobody_waits = answer.send(stream);
        }));
        done
    }

    fn resolve(&self, host: &str, port: u16) -> Done<Vec<SocketAddr>> {
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let named = || match host {
            "localhost" => Some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            _ => self.site.names.get(host).copied(),
        };
        let ip = bare.parse().ok().or_else(named);
        let unknown = || io::Error::new(ErrorKind::NotFound, format!("nobody is called {host}"));
        Done::ready(ip.map(|ip| vec![SocketAddr::new(ip, port)]).ok_or_else(unknown))
    }
}

struct HostListener {
    addr: SocketAddr,
    arrived: mpsc::Receiver<io::Result<Connection>>,
    /// What accepts; with it goes the socket.
    accepting: Rc<RefCell<Option<LocalTask>>>,
}

impl HostListener {
    fn open<H: Host>(socket: H::Listener, addr: SocketAddr, backlog: usize) -> Self {
        let (sender, arrived) = mpsc::channel(backlog);
        let accept: LocalTask = Box::pin(async move {
            while let Ok(room) = sender.reserve().await {
                room.send(H::accept(&socket).await);
            }
        });
        let accepting = Rc::new(RefCell::new(Some(accept)));
        let shared = Rc::clone(&accepting);
        H::spawn(Box::pin(poll_fn(move |cx| match &mut *shared.borrow_mut() {
            Some(accept) => accept.as_mut().poll(cx),
            None => Poll::Ready(()),
        })));
        Self { addr, arrived, accepting }
    }
}

impl Drop for HostListener {
    fn drop(&mut self) {
        self.accepting.take();
    }
}

impl Listener for HostListener {
    fn poll_accept(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Box<dyn Incoming>>> {
        let arrived = ready!(self.arrived.poll_recv(cx));
        let connection = arrived.unwrap_or_else(|| Err(ErrorKind::NotConnected.into()))?;
        Poll::Ready(Ok(Box::new(Peer { connection, shut: false })))
    }

    fn local_addr(&self) -> SocketAddr {
        self.addr
    }
}

/// A connection of no lane.
struct Peer {
    connection: Connection,
    shut: bool,
}

impl Incoming for Peer {
    fn peer_addr(&self) -> SocketAddr {
        self.connection.peer
    }

    fn open(self: Box<Self>) -> io::Result<Box<dyn Stream>> {
        Ok(HostStream::open(self.connection, self.shut))
    }
}

/// A connection; without bytes once it was reset.
struct HostStream {
    bytes: Option<Box<dyn Duplex>>,
    shut: bool,
    peer: SocketAddr,
    local: SocketAddr,
}

impl HostStream {
    fn open(Connection { bytes, peer, local }: Connection, shut: bool) -> Box<dyn Stream> {
        Box::new(Self { bytes: Some(bytes), shut, peer, local })
    }

    fn bytes(&mut self) -> io::Result<Pin<&mut (dyn Duplex + 'static)>> {
        self.bytes.as_deref_mut().map(Pin::new).ok_or_else(|| ErrorKind::NotConnected.into())
    }
}

impl AsyncRead for HostStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.bytes()?.poll_read(cx, into)
    }
}

impl AsyncWrite for HostStream {
    /// What a kernel was given is on its way: hosts that wait for a flush get one.
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        let from = &from[..from.len().min(WRITE_BYTES_MAX)];
        let written = ready!(self.bytes()?.poll_write(cx, from))?;
        ready!(self.bytes()?.poll_flush(cx))?;
        Poll::Ready(Ok(written))
    }

    /// Each write was flushed already: a host might send another message for this one.
    fn poll_flush(mut self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.bytes().map(drop))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.shut {
            ready!(self.bytes()?.poll_shutdown(cx))?;
            self.shut = true;
        }
        Poll::Ready(Ok(()))
    }
}

impl Stream for HostStream {
    fn poll_send_file(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        file: &Arc<dyn File>,
        at: u64,
        len: usize,
    ) -> Poll<io::Result<usize>> {
        let file: &dyn Any = &**file;
        let Some(file) = file.downcast_ref::<MemoryFile>() else {
            return Poll::Ready(Err(io::Error::new(ErrorKind::InvalidInput, "a file of another engine")));
        };
        let bytes = file.bytes(at, len.min(WRITE_BYTES_MAX));
        if bytes.is_empty() { Poll::Ready(Ok(0)) } else { self.poll_write(cx, &bytes) }
    }

    fn leave(self: Box<Self>) -> io::Result<Box<dyn Incoming>> {
        let Self { bytes, shut, peer, local } = *self;
        let bytes = bytes.ok_or(ErrorKind::NotConnected)?;
        Ok(Box::new(Peer { connection: Connection { bytes, peer, local }, shut }))
    }

    fn reset(mut self: Pin<&mut Self>) {
        self.bytes = None;
    }

    fn peer_addr(&self) -> SocketAddr {
        self.peer
    }

    fn local_addr(&self) -> SocketAddr {
        self.local
    }
}
