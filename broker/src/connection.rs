//! One connection: frames in, answers out in the same order, everything bounded.
//!
//! Requests that are both Produce overlap, so that one flush answers many; any other waits until those before it are
//! answered, as with Kafka. Not here: what a request means.

use std::future::{Future, ready as at_once};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::future::LocalBoxFuture;
use futures_util::stream::FuturesOrdered;
use futures_util::{FutureExt as _, StreamExt as _};
use klamm_env::{Instant, Lane, Stream};

use crate::answer_sender::AnswerSender;
use crate::arrival::{Arrival, Ticket};
use crate::dispatch::{self, ConnectionContext, InFlight, Reply};
use crate::frame_reader::{BYTES_FOR_A_PAUSE, FrameError, FrameReader, PAUSES_MAX, READ_BUFFER, ReadFrame};
use crate::lane::LaneState;
use crate::lane_affinity::LaneAffinity;
use crate::listener::ListenerContext;
use crate::metrics::{ConnectionCount, ConnectionCounters, RequestKind, Timeline};
use crate::patience::Patience;
use crate::request_memory::Share;

/// Requests of one connection that are handled at once.
const IN_FLIGHT_MAX: usize = 64;
/// How long requests that came before the end of a connection have to be answered.
const LAST_ANSWERS_MAX: Duration = Duration::from_secs(30);
/// A connection that is quiet for this long gives back what large requests needed.
const QUIET: Duration = Duration::from_secs(1);
/// For ever, as far as a connection is concerned.
const FOR_EVER: Duration = Duration::from_secs(100 * 365 * 86_400);

/// Serves a connection until its peer or this node ends it, or until it moves to another lane.
pub(crate) async fn serve(state: Rc<LaneState>, stream: Box<dyn Stream>, ticket: Ticket, unread: BytesMut) {
    let peer = stream.peer_addr();
    let counters = state.metrics.of_listener(&ticket.listener.name);
    let _here = Here::enter(&state);
    let mut connection = Connection::new(&state, &counters, ticket.listener.clone(), stream, unread);
    let end = tokio::select! {
        biased;
        () = ticket.stopping.cancelled() => Err("the broker stops".to_owned()),
        end = connection.run() => end,
    };
    connection.count_received();
    let end = end.and_then(|lane| {
        let Connection { stream, input, .. } = connection;
        let incoming = stream.leave().map_err(|error| error.to_string())?;
        tracing::debug!(%peer, to = lane.0, "connection moves");
        counters.add(ConnectionCount::Went, 1);
        Arrival { incoming, ticket, unread: input.into_unread(), moved: true }.go_to(&state.lanes, lane);
        Ok(())
    });
    if let Err(why) = end {
        tracing::debug!(%peer, %why, "connection closed");
        counters.add(ConnectionCount::Closed, 1);
    }
}

/// A connection of a lane, counted until it is dropped.
struct Here(Rc<LaneState>);

impl Here {
    fn enter(state: &Rc<LaneState>) -> Self {
        state.connections.set(state.connections.get() + 1);
        Self(Rc::clone(state))
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        self.0.connections.set(self.0.connections.get() - 1);
    }
}

struct Connection {
    state: Rc<LaneState>,
    /// Of its listener on this lane.
    counters: Rc<ConnectionCounters>,
    context: Rc<ConnectionContext>,
    input: FrameReader,
    stream: Box<dyn Stream>,
    in_flight: FuturesOrdered<Handling>,
    /// A request that waits until all before it are answered, and when it came.
    held: Option<(ReadFrame, Instant)>,
    /// Bytes of the requests in flight.
    bytes_in_flight: usize,
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
    memory: Share,
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
        self.memory.give_back();
        Poll::Ready(Answered { request: self.request, reply, at: self.state.env.now() })
    }
}

/// What happened next on a connection.
enum Event {
    /// One or more, in order.
    Answered(Vec<Answered>),
    Frame(Result<Option<ReadFrame>, FrameError>),
    /// Nothing for a moment.
    Quiet,
    Idle,
    /// The last answers took too long.
    Overdue(String),
}

impl Connection {
    fn new(
        state: &Rc<LaneState>,
        counters: &Rc<ConnectionCounters>,
        listener: ListenerContext,
        stream: Box<dyn Stream>,
        unread: BytesMut,
    ) -> Self {
        let image = state.image();
        let number = |key| state.node.config.number(&image.configs, key);
        let size_max = usize::try_from(number("socket.request.max.bytes")).unwrap_or(usize::MAX);
        let idle_ms = u64::try_from(number("connections.max.idle.ms"));
        Self {
            state: Rc::clone(state),
            counters: Rc::clone(counters),
            context: Rc::new(ConnectionContext { listener, affinity: LaneAffinity::default() }),
            input: FrameReader::new(size_max, &state.request_memory, unread),
            stream,
            in_flight: FuturesOrdered::new(),
            held: None,
            bytes_in_flight: 0,
            overlapping: false,
            ending: None,
            idle: idle_ms.ok().map(Duration::from_millis),
        }
    }

    /// Serves until the connection moves, to the lane that is given, or ends.
    async fn run(&mut self) -> Result<Lane, String> {
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
                if self.in_flight.is_empty()
                    && let Some(lane) = self.better_lane().await
                {
                    return Ok(lane);
                }
            }
            last_used = match self.next_event(last_used).await {
                Event::Answered(answers) => self.finish(answers).await?,
                Event::Frame(frame) => {
                    self.count_received();
                    let now = self.state.env.now();
                    self.take(frame, now)?;
                    now
                }
                Event::Quiet => {
                    self.input.give_back();
                    last_used
                }
                Event::Idle => return Err("idle for longer than connections.max.idle.ms".to_owned()),
                Event::Overdue(why) => {
                    return Err(format!("{why}; requests before that are not answered yet"));
                }
            };
        }
    }

    /// The lane that the connection moves to now: the one that has its partitions, if that serves no more connections than
    /// this one. So those that read one partition do not all burden one lane.
    async fn better_lane(&self) -> Option<Lane> {
        let affinity = &self.context.affinity;
        let lane = affinity.better_than(self.state.lane)?;
        let here = self.state.connections.get();
        let takes = self.state.on(lane, move |there| at_once(there.connections.get() <= here)).await;
        if takes {
            return Some(lane);
        }
        affinity.refused();
        None
    }

    async fn next_event(&mut self, last_used: Instant) -> Event {
        let stays = self.context.affinity.better_than(self.state.lane).is_none();
        let may_read =
            stays && self.held.is_none() && self.ending.is_none() && self.in_flight.len() < IN_FLIGHT_MAX;
        let (deadline, event) = self.patience_ends(last_used);
        let env = self.state.env.clone();
        let too_long = async {
            match deadline {
                Some(deadline) => env.sleep_until(deadline).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            Some(answered) = self.in_flight.next() => Event::Answered(self.with_those_behind(answered)),
            frame = self.input.next(&self.state.env, &mut self.stream), if may_read => Event::Frame(frame),
            () = too_long => event,
        }
    }

    /// When something is to be done although nothing happens, and what.
    fn patience_ends(&self, last_used: Instant) -> (Option<Instant>, Event) {
        match (&self.ending, self.idle) {
            (Some((why, since)), _) => (Some(*since + LAST_ANSWERS_MAX), Event::Overdue(why.clone())),
            _ if !self.in_flight.is_empty() => (None, Event::Idle),
            _ if self.input.has_to_give_back() => (Some(last_used + QUIET), Event::Quiet),
            (None, idle) => (idle.map(|idle| last_used + idle), Event::Idle),
        }
    }

    fn count_received(&mut self) {
        self.counters.add(ConnectionCount::BytesReceived, self.input.take_received());
    }

    /// Takes what was read. A peer that is gone gets no more answers; one that said its last, or nonsense, gets those
    /// that are due.
    fn take(&mut self, frame: Result<Option<ReadFrame>, FrameError>, now: Instant) -> Result<(), String> {
        self.counters.add(ConnectionCount::RequestsReceived, matches!(frame, Ok(Some(_))).into());
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
        let ReadFrame { bytes, mut memory } = frame;
        let size = bytes.len();
        match dispatch::begin(&self.state, &self.context, bytes, &mut memory) {
            Ok(InFlight { overlaps, kind, reply }) => {
                self.overlapping = overlaps;
                self.bytes_in_flight += size;
                let request = Begun { kind, bytes: size, received, begun };
                self.in_flight.push_back(Handling { state: Rc::clone(&self.state), request, memory, reply });
            }
            Err(why) => self.ending = Some((why, begun)),
        }
    }

    /// An answer and the ones behind it that are there as well, as after a flush for many.
    fn with_those_behind(&mut self, first: Answered) -> Vec<Answered> {
        let mut answers = vec![first];
        while let Some(Some(next)) = self.in_flight.next().now_or_never() {
            answers.push(next);
        }
        answers
    }

    /// Sends answers and counts their requests; gives the time at the end.
    async fn finish(&mut self, answers: Vec<Answered>) -> Result<Instant, String> {
        let taken = self.state.env.now();
        let (mut outgoing, mut timelines, mut ended) = (Vec::new(), Vec::with_capacity(answers.len()), None);
        for Answered { request, reply, at } in answers {
            if ended.is_some() {
                break;
            }
            self.bytes_in_flight -= request.bytes;
            let Begun { kind, bytes, received, begun } = request;
            let mut delayed = Duration::ZERO;
            match reply {
                Reply::Send(answer) => {
                    delayed = answer.delayed;
                    outgoing.push(answer);
                }
                Reply::Nothing => {}
                Reply::Close(why) => ended = Some(why),
            }
            timelines.push((
                kind,
                bytes,
                Timeline { received, begun, answered: at, taken, sent: at, delayed },
            ));
        }
        if !outgoing.is_empty() {
            self.input.pause(taken);
            let patience = self.patience_for_reading();
            let (env, counters, count) = (&self.state.env, &*self.counters, outgoing.len() as u64);
            let sender = AnswerSender { env, stream: &mut self.stream, counters, patience };
            sender.send(outgoing).await.map_err(|error| format!("no answer could be sent: {error}"))?;
            self.counters.add(ConnectionCount::AnswersSent, count);
        }
        let sent = self.state.env.now();
        for (kind, bytes, timeline) in timelines {
            self.state.metrics.answered(kind, bytes, &Timeline { sent, ..timeline });
        }
        ended.map_or(Ok(sent), Err)
    }

    /// How long the peer may take to read an answer. As with Kafka any progress will do, unless there are requests of
    /// its own whose memory others may wait for.
    fn patience_for_reading(&self) -> Patience {
        let held = self.held.as_ref().map_or(0, |(frame, _)| frame.bytes.len());
        let holds = self.bytes_in_flight + held + self.input.taken().saturating_sub(READ_BUFFER);
        if holds > READ_BUFFER {
            Patience::new(PAUSES_MAX, BYTES_FOR_A_PAUSE)
        } else {
            Patience::new(self.idle.unwrap_or(FOR_EVER), 1)
        }
    }
}

/// Whether the request in `frame` is a Produce.
fn may_overlap(frame: &Bytes) -> bool {
    frame.first_chunk() == Some(&[0, 0])
}
