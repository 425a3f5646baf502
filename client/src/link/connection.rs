//! One connection: frames in, frames out. Not here: what is in them.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io::{self, IoSlice};
use std::pin::pin;
use std::rc::Rc;

use bytes::{Buf, Bytes, BytesMut};
use futures_util::future::{Either, select};
use klamm_client_core::{ConnectionId, Endpoint};
use klamm_env::{Buffers, Env, Stream};
use klamm_protocol::{Frame, Piece};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::sync::oneshot;
use tracing::{debug, info, warn};

use super::{FRAME_SIZE_MAX, Link};

/// Room made for reading at a time, at least.
const READ_LEN: usize = 64 << 10;

const CLOSED_BY_NODE: &str = "the node closed it";

/// Pieces that one call writes.
const PIECES_MAX: usize = 32;

/// The link's end of a connection: dropping it closes the connection, whatever is not written yet.
pub(super) struct Writer {
    frames: UnboundedSender<Frame>,
    _open: oneshot::Sender<Infallible>,
}

impl Writer {
    pub(super) fn write(&self, frame: Frame) {
        // A connection that is gone tells so itself.
        let _ = self.frames.send(frame);
    }
}

/// The connection's end of a [`Writer`].
pub(super) struct Orders {
    frames: UnboundedReceiver<Frame>,
    closed: oneshot::Receiver<Infallible>,
}

pub(super) fn orders() -> (Writer, Orders) {
    let (sender, frames) = mpsc::unbounded_channel();
    let (_open, closed) = oneshot::channel();
    (Writer { frames: sender, _open }, Orders { frames, closed })
}

/// Connects and serves until either side has enough. What the client has given up must not go out any more, since it may
/// go out again elsewhere: that it has closed the connection counts first.
pub(super) async fn run(link: Rc<Link>, connection: ConnectionId, endpoint: Endpoint, orders: Orders) {
    let serving = pin!(serve(&link, connection, &endpoint, orders.frames));
    match select(orders.closed, serving).await {
        Either::Left(_) => {}
        Either::Right((Ok(()), _)) => link.disconnected(connection, CLOSED_BY_NODE),
        Either::Right((Err(error), _)) => link.disconnected(connection, &error.to_string()),
    }
}

async fn serve(
    link: &Rc<Link>,
    connection: ConnectionId,
    endpoint: &Endpoint,
    frames: UnboundedReceiver<Frame>,
) -> io::Result<()> {
    let buffers = Buffers { send: link.config.send_buffer, receive: link.config.receive_buffer };
    let (number, host, port) = (connection.0, &endpoint.host, endpoint.port);
    let stream = match connect(&link.env, endpoint, buffers).await {
        Ok(stream) => stream,
        Err(error) => {
            // Once in a row: it is tried again and again.
            if link.is_newly_unreachable(endpoint) {
                warn!(host, port, %error, "a broker cannot be reached");
            }
            return Err(error);
        }
    };
    match link.unreachable.borrow_mut().remove(endpoint) {
        true => warn!(host, port, "the broker is reached again"),
        false => debug!(connection = number, host, port, "connected"),
    }
    link.connected(connection);
    let (reading, writing) = tokio::io::split(stream);
    let reading = pin!(read(link, connection, reading));
    let writing = pin!(write(link, connection, frames, writing));
    let ended = match select(reading, writing).await {
        Either::Left((result, _)) | Either::Right((result, _)) => result,
    };
    let why = ended.as_ref().err().map(ToString::to_string);
    info!(connection = number, host, port, why = why.as_deref().unwrap_or(CLOSED_BY_NODE), "connection lost");
    ended
}

async fn connect(env: &Env, endpoint: &Endpoint, buffers: Buffers) -> io::Result<Box<dyn Stream>> {
    let mut failure = None;
    for address in env.resolve(&endpoint.host, endpoint.port).await? {
        match env.connect(address, buffers).await {
            Ok(stream) => return Ok(stream),
            Err(error) => failure = Some(error),
        }
    }
    let nowhere = || io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    let error = failure.unwrap_or_else(nowhere);
    Err(io::Error::new(error.kind(), format!("{}:{}: {error}", endpoint.host, endpoint.port)))
}

/// Reads frames until the stream ends. Memory for a frame is taken as it arrives, never ahead of its bytes by more
/// than has arrived already.
async fn read(
    link: &Rc<Link>,
    connection: ConnectionId,
    mut stream: impl AsyncRead + Unpin,
) -> io::Result<()> {
    let mut buffer = BytesMut::with_capacity(READ_LEN);
    loop {
        let missing = take_frames(link, connection, &mut buffer)?;
        if buffer.capacity() == buffer.len() {
            buffer.reserve(missing.min(buffer.len().max(READ_LEN)));
        }
        if stream.read_buf(&mut buffer).await? == 0 {
            return Ok(());
        }
    }
}

/// Hands over whole frames; returns how many bytes the next one lacks.
fn take_frames(link: &Rc<Link>, connection: ConnectionId, buffer: &mut BytesMut) -> io::Result<usize> {
    while let Some(prefix) = buffer.first_chunk::<4>() {
        let size = usize::try_from(i32::from_be_bytes(*prefix)).unwrap_or(usize::MAX);
        if size > FRAME_SIZE_MAX {
            let why = format!("an answer of {size} bytes, of {FRAME_SIZE_MAX} at most");
            return Err(io::Error::new(io::ErrorKind::InvalidData, why));
        }
        if buffer.len() < 4 + size {
            return Ok(4 + size - buffer.len());
        }
        buffer.advance(4);
        link.received(connection, buffer.split_to(size).freeze());
    }
    Ok(READ_LEN)
}

/// Writes frames as they come, as many pieces at once as there are, and tells how many are in the socket.
async fn write(
    link: &Rc<Link>,
    connection: ConnectionId,
    mut frames: UnboundedReceiver<Frame>,
    mut stream: impl AsyncWrite + Unpin,
) -> io::Result<()> {
    let mut pieces = VecDeque::new();
    while let Some(frame) = frames.recv().await {
        let mut count = 1;
        add_pieces(&mut pieces, frame)?;
        while !pieces.is_empty() {
            while pieces.len() < PIECES_MAX
                && let Ok(frame) = frames.try_recv()
            {
                count += 1;
                add_pieces(&mut pieces, frame)?;
            }
            write_some(&mut pieces, &mut stream).await?;
        }
        stream.flush().await?;
        link.written(connection, count);
    }
    Ok(())
}

fn add_pieces(pieces: &mut VecDeque<Bytes>, frame: Frame) -> io::Result<()> {
    for piece in frame.into_pieces() {
        match piece {
            Piece::Bytes(bytes) => pieces.push_back(bytes),
            Piece::Range { .. } => return Err(io::Error::other("clients send no ranges")),
        }
    }
    Ok(())
}

async fn write_some(pieces: &mut VecDeque<Bytes>, stream: &mut (impl AsyncWrite + Unpin)) -> io::Result<()> {
    let slices: Vec<IoSlice<'_>> = pieces.iter().take(PIECES_MAX).map(|piece| IoSlice::new(piece)).collect();
    let mut written = stream.write_vectored(&slices).await?;
    if written == 0 {
        return Err(io::ErrorKind::WriteZero.into());
    }
    while let Some(first) = pieces.front_mut() {
        if written < first.len() {
            first.advance(written);
            break;
        }
        written -= first.len();
        pieces.pop_front();
    }
    Ok(())
}
