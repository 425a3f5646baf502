//! Sockets before they are streams. Not here: bytes.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs};
use std::task::{Context, Poll, ready};

use klamm_env::{Buffers, Done, Incoming, ListenOptions, Listener, Net, Stream};
use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::TcpSocket;

use crate::engine::Engine;
use crate::lane;
use crate::stream::KernelStream;

/// Peers that the kernel keeps until they are accepted, unless another number is asked for; its own bound (`somaxconn`)
/// holds too.
const BACKLOG: u32 = 1024;

impl Net for Engine {
    fn listen(&self, addr: SocketAddr, options: ListenOptions) -> Done<Box<dyn Listener>> {
        Done::ready(listen(addr, options).map(|listener| Box::new(listener) as Box<dyn Listener>))
    }

    fn connect(&self, addr: SocketAddr, buffers: Buffers) -> Done<Box<dyn Stream>> {
        let (answer, done) = Done::wait();
        lane::start_task_unnamed(async move {
            let stream = connect(addr, buffers).await;
            let _nobody_waits = answer.send(stream.map(|stream| Box::new(stream) as Box<dyn Stream>));
        });
        done
    }

    fn resolve(&self, host: &str, port: u16) -> Done<Vec<SocketAddr>> {
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        if let Ok(ip) = bare.parse::<IpAddr>() {
            return Done::ready(Ok(vec![SocketAddr::new(ip, port)]));
        }
        let host = host.to_owned();
        // Name servers that do not answer must not hold back the disk.
        self.blocking.run(move || Ok((host.as_str(), port).to_socket_addrs()?.collect()))
    }
}

fn listen(addr: SocketAddr, options: ListenOptions) -> io::Result<KernelListener> {
    let socket = Socket::new(Domain::for_address(addr), Type::STREAM.nonblocking(), Some(Protocol::TCP))?;
    // A restart must not wait for connections of the process before it.
    socket.set_reuse_address(true)?;
    // What it accepts inherits both. A window that was announced cannot shrink, so they are set before the first peer.
    if let Some(bytes) = options.buffers.send {
        socket.set_send_buffer_size(bytes)?;
    }
    if let Some(bytes) = options.buffers.receive {
        socket.set_recv_buffer_size(bytes)?;
    }
    socket.bind(&addr.into())?;
    let backlog = options.backlog.unwrap_or(BACKLOG).max(1);
    socket.listen(i32::try_from(backlog).unwrap_or(i32::MAX))?;
    let socket = tokio::net::TcpListener::from_std(socket.into())?;
    Ok(KernelListener { local: socket.local_addr()?, socket })
}

async fn connect(addr: SocketAddr, buffers: Buffers) -> io::Result<KernelStream> {
    let socket = if addr.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    let size = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX);
    if let Some(bytes) = buffers.send {
        socket.set_send_buffer_size(size(bytes))?;
    }
    // Before the peer is told of a window, which cannot shrink.
    if let Some(bytes) = buffers.receive {
        socket.set_recv_buffer_size(size(bytes))?;
    }
    KernelStream::new(socket.connect(addr).await?)
}

struct KernelListener {
    socket: tokio::net::TcpListener,
    local: SocketAddr,
}

impl Listener for KernelListener {
    fn poll_accept(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Box<dyn Incoming>>> {
        let (socket, peer) = ready!(self.socket.poll_accept(cx))?;
        Poll::Ready(Ok(Box::new(Peer { socket: socket.into_std()?, peer })))
    }

    fn local_addr(&self) -> SocketAddr {
        self.local
    }
}

/// A socket that is registered with no lane's epoll yet.
pub(crate) struct Peer {
    pub(crate) socket: TcpStream,
    pub(crate) peer: SocketAddr,
}

impl Incoming for Peer {
    fn peer_addr(&self) -> SocketAddr {
        self.peer
    }

    fn open(self: Box<Self>) -> io::Result<Box<dyn Stream>> {
        let socket = tokio::net::TcpStream::from_std(self.socket)?;
        Ok(Box::new(KernelStream::new(socket)?))
    }
}
