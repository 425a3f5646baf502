//! One connection: frames in, answers out in the same order, everything bounded.
//!
//! Requests that are both Produce overlap, so that one flush answers many; any other waits until those before it are
//! answered, as with Kafka. Not here: what a request means.

use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf as _, Bytes, BytesMut};
use futures_util::StreamExt as _;
use futures_util::future::LocalBoxFuture;
use futures_util::stream::FuturesOrdered;
use klamm_env::{Instant, Stream};
use klamm_protocol::Piece;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use crate::dispatch::{self, InFlight, Outgoing, Reply};
use crate::lane::{LaneState, MEMORY_UNIT, REQUEST_MEMORY_UNITS_MIN};
use crate::listener::ListenerContext;
use crate::metrics::Metrics;

/// Requests of one connection that are handled at once.
const IN_FLIGHT_MAX: usize = 64;
/// First size of the read buffer, and the most that is kept when it is empty.
const READ_BUFFER: usize = 16 << 10;
/// Requests up to this size are not counted against the memory for requests.
const SMALL_REQUEST: usize = READ_BUFFER;
/// Bytes of a file up to this many are read and sent with what is before them.
const FILE_COPY_MAX: usize = 16 << 10;

/// Serves a connection until its peer or this node ends it.
pub(crate) async fn serve(
    state: Rc<LaneState>,
    stream: Box<dyn Stream>,
    listener: Rc<ListenerContext>,
    stopping: CancellationToken,
    metrics: Metrics,
) {
    let peer = stream.peer_addr();
    metrics.connection_opened(&listener.name);
    let image = state.image();
    let limit = state.node.config.number(&image.configs, "socket.request.max.bytes");
    let idle_ms = state.node.config.number(&image.configs, "connections.max.idle.ms");
    let memory = Arc::clone(&state.request_memory);
    let mut connection = Connection {
        state,
        listener,
        input: FrameReader::new(usize::try_from(limit).unwrap_or(usize::MAX), memory),
        stream,
        in_flight: FuturesOrdered::new(),
        held: None,
        overlapping: false,
        idle: u64::try_from(idle_ms).ok().map(Duration::from_millis),
    };
    let why = tokio::select! {
        biased;
        () = stopping.cancelled() => "the broker stops".to_owned(),
        why = connection.run() => why,
    };
    tracing::debug!(%peer, %why, "connection closed");
    metrics.connection_closed(&connection.listener.name);
}

struct Connection {
    state: Rc<LaneState>,
    listener: Rc<ListenerContext>,
    input: FrameReader,
    stream: Box<dyn Stream>,
    in_flight: FuturesOrdered<LocalBoxFuture<'static, Reply>>,
    /// A request that waits until all before it are answered.
    held: Option<ReadFrame>,
    /// Whether what is in flight may be handled beside more of its kind.
    overlapping: bool,
    idle: Option<Duration>,
}

/// What happened next on a connection.
enum Event {
    Answered(Reply),
    Frame(Result<Option<ReadFrame>, FrameError>),
    Idle,
}

impl Connection {
    async fn run(&mut self) -> String {
        let mut last_used = self.state.env.now();
        loop {
            if self.in_flight.is_empty()
                && let Some(frame) = self.held.take()
            {
                match self.begin(frame) {
                    Ok(()) => continue,
                    Err(why) => return why,
                }
            }
            match self.next_event(last_used).await {
                Event::Answered(Reply::Send(outgoing)) => {
                    if let Err(error) = send(&mut self.stream, outgoing).await {
                        return error.to_string();
                    }
                }
                Event::Answered(Reply::Nothing) => {}
                Event::Answered(Reply::Close(why)) => return why,
                Event::Frame(Ok(Some(frame))) => {
                    if let Err(why) = self.begin(frame) {
                        return why;
                    }
                }
                Event::Frame(Ok(None)) => return "the peer closed it".to_owned(),
                Event::Frame(Err(error)) => return error.to_string(),
                Event::Idle => return "idle for longer than connections.max.idle.ms".to_owned(),
            }
            last_used = self.state.env.now();
        }
    }

    async fn next_event(&mut self, last_used: Instant) -> Event {
        let may_read = self.held.is_none() && self.in_flight.len() < IN_FLIGHT_MAX;
        let idle_until = self.idle.filter(|_| self.in_flight.is_empty()).map(|idle| last_used + idle);
        let env = self.state.env.clone();
        let idle = async {
            match idle_until {
                Some(deadline) => env.sleep_until(deadline).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            Some(reply) = self.in_flight.next() => Event::Answered(reply),
            frame = self.input.next(&mut self.stream), if may_read => Event::Frame(frame),
            () = idle => Event::Idle,
        }
    }

    /// Begins to handle a frame, or holds it back if it may not overtake.
    fn begin(&mut self, frame: ReadFrame) -> Result<(), String> {
        let may_begin = self.in_flight.is_empty() || self.overlapping && may_overlap(&frame.bytes);
        if !may_begin {
            self.held = Some(frame);
            return Ok(());
        }
        let ReadFrame { bytes, memory } = frame;
        let InFlight { overlaps, reply } = dispatch::begin(&self.state, &self.listener, bytes)?;
        self.overlapping = overlaps;
        let reply = match memory {
            None => reply,
            Some(memory) => Box::pin(async move {
                let reply = reply.await;
                drop(memory);
                reply
            }),
        };
        self.in_flight.push_back(reply);
        Ok(())
    }
}

/// Whether the request in `frame` is a Produce.
fn may_overlap(frame: &Bytes) -> bool {
    frame.first_chunk() == Some(&[0, 0])
}

/// Why a stream of frames ends.
#[derive(Debug)]
enum FrameError {
    Size { size: i32, size_max: usize },
    Cut,
    Io(std::io::Error),
}

impl std::fmt::Display for FrameError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Size { size, size_max } => {
                write!(f, "a request of {size} bytes; allowed are 1 to {size_max} (socket.request.max.bytes)")
            }
            Self::Cut => f.write_str("the peer closed it in the middle of a request"),
            Self::Io(error) => error.fmt(f),
        }
    }
}

/// A request that was read, and its share of the memory for requests until it is answered.
struct ReadFrame {
    bytes: Bytes,
    memory: Option<OwnedSemaphorePermit>,
}

/// Takes frames out of a stream. A wait for the next one may be dropped: nothing that was read is lost.
struct FrameReader {
    buffer: BytesMut,
    size_max: usize,
    memory: Arc<Semaphore>,
    /// What the frame that is being read was given already.
    taken: Option<OwnedSemaphorePermit>,
}

impl FrameReader {
    fn new(size_max: usize, memory: Arc<Semaphore>) -> Self {
        Self { buffer: BytesMut::new(), size_max, memory, taken: None }
    }

    /// The next frame without its size; `None` at the end of the stream.
    async fn next(&mut self, stream: &mut Box<dyn Stream>) -> Result<Option<ReadFrame>, FrameError> {
        loop {
            let missing = match self.take()? {
                Ok(bytes) => return Ok(Some(ReadFrame { bytes, memory: self.taken.take() })),
                Err(missing) => missing,
            };
            if missing > SMALL_REQUEST && self.taken.is_none() {
                self.taken = Some(reserve(&self.memory, missing).await);
            }
            // A large frame is read into one buffer of its own, but no faster than its bytes arrive.
            self.buffer.reserve(missing.min(self.buffer.len().max(READ_BUFFER)).max(READ_BUFFER));
            let read = stream.read_buf(&mut self.buffer).await.map_err(FrameError::Io)?;
            if read == 0 {
                return if self.buffer.is_empty() { Ok(None) } else { Err(FrameError::Cut) };
            }
        }
    }

    /// A whole frame from what was read, or how many bytes are missing at least.
    fn take(&mut self) -> Result<Result<Bytes, usize>, FrameError> {
        let Some(prefix) = self.buffer.first_chunk() else { return Ok(Err(READ_BUFFER)) };
        let size = i32::from_be_bytes(*prefix);
        let len = usize::try_from(size).ok().filter(|len| (1..=self.size_max).contains(len));
        let len = len.ok_or(FrameError::Size { size, size_max: self.size_max })?;
        if self.buffer.len() < 4 + len {
            return Ok(Err(4 + len - self.buffer.len()));
        }
        self.buffer.advance(4);
        Ok(Ok(self.buffer.split_to(len).freeze()))
    }
}

/// Waits for room for a request of about `size` bytes.
async fn reserve(memory: &Arc<Semaphore>, size: usize) -> OwnedSemaphorePermit {
    let units = u32::try_from(size / MEMORY_UNIT + 1).unwrap_or(u32::MAX).min(REQUEST_MEMORY_UNITS_MIN);
    Arc::clone(memory).acquire_many_owned(units).await.expect("the semaphore is never closed")
}

/// Sends an answer: bytes by one vectored write, ranges of files by the kernel.
async fn send(stream: &mut Box<dyn Stream>, outgoing: Outgoing) -> std::io::Result<()> {
    let mut gathered: Vec<Bytes> = Vec::new();
    for piece in outgoing.frame.into_pieces() {
        match piece {
            Piece::Bytes(bytes) => gathered.push(bytes),
            Piece::Range { token, len } => {
                let range = &outgoing.files[usize::try_from(token).expect("a place in the list")];
                debug_assert_eq!(range.len, len, "a range is as long as it was announced");
                if len <= FILE_COPY_MAX {
                    let bytes = range.file.read(range.at, len, BytesMut::with_capacity(len)).await?;
                    if bytes.len() < len {
                        return Err(std::io::Error::other("the log was cut while it was sent"));
                    }
                    gathered.push(bytes.freeze());
                    continue;
                }
                write_all(stream, &mut gathered).await?;
                let (mut at, mut left) = (range.at, len);
                while left > 0 {
                    let sent =
                        poll_fn(|cx| Pin::new(&mut **stream).poll_send_file(cx, &range.file, at, left))
                            .await?;
                    if sent == 0 {
                        return Err(std::io::Error::other("the log was cut while it was sent"));
                    }
                    at += sent as u64;
                    left -= sent;
                }
            }
        }
    }
    write_all(stream, &mut gathered).await
}

async fn write_all(stream: &mut Box<dyn Stream>, gathered: &mut Vec<Bytes>) -> std::io::Result<()> {
    let mut parts = std::mem::take(gathered);
    let mut from = 0;
    while from < parts.len() {
        let slices: Vec<std::io::IoSlice<'_>> =
            parts[from..].iter().map(|part| std::io::IoSlice::new(part)).collect();
        let mut written = stream.write_vectored(&slices).await?;
        if written == 0 {
            return Err(std::io::ErrorKind::WriteZero.into());
        }
        while from < parts.len() && written >= parts[from].len() {
            written -= parts[from].len();
            from += 1;
        }
        if written > 0 {
            parts[from].advance(written);
        }
    }
    Ok(())
}
