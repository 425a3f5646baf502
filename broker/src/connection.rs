//! One connection: frames in, answers out in the same order, everything bounded.
//!
//! Requests that are both Produce overlap, so that one flush answers many; any other waits until those before it are
//! answered, as with Kafka. Not here: what a request means.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
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
use crate::metrics::{RequestKind, Timeline};

/// Requests of one connection that are handled at once.
const IN_FLIGHT_MAX: usize = 64;
/// First size of the read buffer, and the most that is kept when it is empty.
const READ_BUFFER: usize = 16 << 10;
/// Requests up to this size are not counted against the memory for requests.
const SMALL_REQUEST: usize = READ_BUFFER;
/// How long requests that came before the end of a connection have to be answered.
const LAST_ANSWERS_MAX: Duration = Duration::from_secs(30);
/// Bytes of a file up to this many are read and sent with what is before them.
const FILE_COPY_MAX: usize = 16 << 10;

/// Serves a connection until its peer or this node ends it.
pub(crate) async fn serve(
    state: Rc<LaneState>,
    stream: Box<dyn Stream>,
    listener: Rc<ListenerContext>,
    stopping: CancellationToken,
) {
    let peer = stream.peer_addr();
    state.metrics.connection_opened(&listener.name);
    let image = state.image();
    let limit = state.node.config.number(&image.configs, "socket.request.max.bytes");
    let idle_ms = state.node.config.number(&image.configs, "connections.max.idle.ms");
    let memory = Arc::clone(&state.request_memory);
    let mut connection = Connection {
        state: Rc::clone(&state),
        listener,
        input: FrameReader::new(usize::try_from(limit).unwrap_or(usize::MAX), memory),
        stream,
        in_flight: FuturesOrdered::new(),
        held: None,
        overlapping: false,
        ending: None,
        idle: u64::try_from(idle_ms).ok().map(Duration::from_millis),
    };
    let why = tokio::select! {
        biased;
        () = stopping.cancelled() => "the broker stops".to_owned(),
        Err(why) = connection.run() => why,
    };
    tracing::debug!(%peer, %why, "connection closed");
    state.metrics.connection_closed(&connection.listener.name);
}

struct Connection {
    state: Rc<LaneState>,
    listener: Rc<ListenerContext>,
    input: FrameReader,
    stream: Box<dyn Stream>,
    in_flight: FuturesOrdered<Handling>,
    /// A request that waits until all before it are answered, and when it came.
    held: Option<(ReadFrame, Instant)>,
    /// Whether what is in flight may be handled beside more of its kind.
    overlapping: bool,
    /// Why nothing more is read, and since when: what came before is answered still.
    ending: Option<(String, Instant)>,
    idle: Option<Duration>,
}

/// What is known of a request as soon as it is begun.
#[derive(Clone, Copy)]
struct Begun {
    kind: RequestKind,
    bytes: usize,
    received: Instant,
    begun: Instant,
}

/// A request that is being handled, until its answer is there.
struct Handling {
    state: Rc<LaneState>,
    request: Begun,
    /// Its share of the memory for requests.
    memory: Option<OwnedSemaphorePermit>,
    reply: LocalBoxFuture<'static, Reply>,
}

/// A request's answer, ready to be sent.
struct Answered {
    request: Begun,
    reply: Reply,
    at: Instant,
}

impl Future for Handling {
    type Output = Answered;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Answered> {
        let reply = ready!(self.reply.as_mut().poll(cx));
        self.memory = None;
        Poll::Ready(Answered { request: self.request, reply, at: self.state.env.now() })
    }
}

/// What happened next on a connection.
enum Event {
    Answered(Answered),
    Frame(Result<Option<ReadFrame>, FrameError>),
    Idle,
    /// The last answers took too long.
    Overdue(String),
}

impl Connection {
    /// Serves until there is a reason not to.
    async fn run(&mut self) -> Result<Infallible, String> {
        let mut last_used = self.state.env.now();
        loop {
            if self.in_flight.is_empty() {
                if let Some((frame, received)) = self.held.take() {
                    let now = self.state.env.now();
                    self.begin(frame, received, now);
                }
                if self.in_flight.is_empty()
                    && let Some((why, _)) = self.ending.take()
                {
                    return Err(why);
                }
            }
            last_used = match self.next_event(last_used).await {
                Event::Answered(answered) => self.finish(answered).await?,
                Event::Frame(frame) => {
                    let now = self.state.env.now();
                    self.take(frame, now)?;
                    now
                }
                Event::Idle => return Err("idle for longer than connections.max.idle.ms".to_owned()),
                Event::Overdue(why) => {
                    return Err(format!("{why}; requests before that are not answered yet"));
                }
            };
        }
    }

    async fn next_event(&mut self, last_used: Instant) -> Event {
        let may_read = self.held.is_none() && self.ending.is_none() && self.in_flight.len() < IN_FLIGHT_MAX;
        let deadline = match &self.ending {
            Some((_, since)) => Some(*since + LAST_ANSWERS_MAX),
            None => self.idle.filter(|_| self.in_flight.is_empty()).map(|idle| last_used + idle),
        };
        let env = self.state.env.clone();
        let too_long = async {
            match deadline {
                Some(deadline) => env.sleep_until(deadline).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            Some(answered) = self.in_flight.next() => Event::Answered(answered),
            frame = self.input.next(&mut self.stream), if may_read => Event::Frame(frame),
            () = too_long => self.ending.take().map_or(Event::Idle, |(why, _)| Event::Overdue(why)),
        }
    }

    /// Takes what was read. A peer that is gone gets no more answers; one that said its last, or nonsense, gets those
    /// that are due.
    fn take(&mut self, frame: Result<Option<ReadFrame>, FrameError>, now: Instant) -> Result<(), String> {
        match frame {
            Ok(Some(frame)) if self.may_begin(&frame) => self.begin(frame, now, now),
            Ok(Some(frame)) => self.held = Some((frame, now)),
            Ok(None) => self.ending = Some(("the peer closed it".to_owned(), now)),
            Err(FrameError::Io(error)) => return Err(error.to_string()),
            Err(error) => self.ending = Some((error.to_string(), now)),
        }
        Ok(())
    }

    /// Whether a frame overtakes nobody who must not be overtaken.
    fn may_begin(&self, frame: &ReadFrame) -> bool {
        self.in_flight.is_empty() || self.overlapping && may_overlap(&frame.bytes)
    }

    /// Begins to handle a frame; after one that cannot be handled nothing more is read.
    fn begin(&mut self, frame: ReadFrame, received: Instant, begun: Instant) {
        let ReadFrame { bytes, memory } = frame;
        let size = bytes.len();
        match dispatch::begin(&self.state, &self.listener, bytes) {
            Ok(InFlight { overlaps, kind, reply }) => {
                self.overlapping = overlaps;
                let request = Begun { kind, bytes: size, received, begun };
                self.in_flight.push_back(Handling { state: Rc::clone(&self.state), request, memory, reply });
            }
            Err(why) => self.ending = Some((why, begun)),
        }
    }

    /// Sends an answer and counts its request; gives the time at the end.
    async fn finish(&mut self, answered: Answered) -> Result<Instant, String> {
        let Answered { request, reply, at } = answered;
        let taken = self.state.env.now();
        let (delayed, ended) = match reply {
            Reply::Send(outgoing) => {
                let delayed = outgoing.delayed;
                send(&mut self.stream, outgoing).await.map_err(|error| error.to_string())?;
                (delayed, None)
            }
            Reply::Nothing => (Duration::ZERO, None),
            Reply::Close(why) => (Duration::ZERO, Some(why)),
        };
        let sent = self.state.env.now();
        let Begun { kind, bytes, received, begun } = request;
        let timeline = Timeline { received, begun, answered: at, taken, sent, delayed };
        self.state.metrics.answered(kind, bytes, &timeline);
        ended.map_or(Ok(sent), Err)
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
