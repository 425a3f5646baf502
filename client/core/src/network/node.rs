//! One node: its connection, what waits for it and what is under way. Not here: the choice between nodes.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use klamm_protocol::{ApiKey, Decoder, decode_response_header};

use super::versions::{self, Handshake};
use super::{Answer, Body, ConnectionId, Endpoint, Network, NetworkEffect, NodeVersions, RequestError};
use crate::Moment;

/// Requests on one connection, whoever sends them.
const IN_FLIGHT_MAX: usize = 100;

#[derive(Debug)]
pub(super) struct Pending<W> {
    pub(super) body: Box<dyn Body>,
    pub(super) deadline: Moment,
    pub(super) answered: bool,
    pub(super) waiter: W,
}

#[derive(Debug)]
pub(super) struct InFlight<W> {
    correlation_id: i32,
    key: ApiKey,
    version: i16,
    deadline: Moment,
    waiter: W,
}

/// A request that has no answer, on its way into the connection.
#[derive(Debug)]
pub(super) struct Unanswered<W> {
    /// How many frames of this connection are written once this one is.
    place: u64,
    version: i16,
    deadline: Moment,
    waiter: W,
}

#[derive(Debug)]
enum State {
    /// Not connected; nobody may try before this moment.
    Idle {
        until: Moment,
    },
    Connecting {
        connection: ConnectionId,
        deadline: Moment,
    },
    /// The versions are being asked for.
    Handshake {
        connection: ConnectionId,
        deadline: Moment,
        asked: i16,
    },
    Ready {
        connection: ConnectionId,
        versions: Box<NodeVersions>,
    },
}

#[derive(Debug)]
pub(super) struct Node<W> {
    pub(super) endpoint: Endpoint,
    pub(super) waiting: VecDeque<Pending<W>>,
    pub(super) in_flight: VecDeque<InFlight<W>>,
    /// Requests without an answer that are not in the connection yet.
    pub(super) unwritten: VecDeque<Unanswered<W>>,
    /// Frames handed over to the connection there is, and how many of them are in it.
    frames: u64,
    frames_written: u64,
    pub(super) last_used: Moment,
    state: State,
    /// In a row.
    failures: u32,
    next_correlation_id: i32,
}

impl<W> Node<W> {
    pub(super) fn at(endpoint: Endpoint) -> Self {
        Node {
            endpoint,
            waiting: VecDeque::new(),
            in_flight: VecDeque::new(),
            unwritten: VecDeque::new(),
            frames: 0,
            frames_written: 0,
            last_used: Moment::default(),
            state: State::Idle { until: Moment::default() },
            failures: 0,
            next_correlation_id: 0,
        }
    }

    pub(super) fn versions(&self) -> Option<&NodeVersions> {
        match &self.state {
            State::Ready { versions, .. } => Some(versions),
            _ => None,
        }
    }

    pub(super) fn backing_off(&self, now: Moment) -> Option<Moment> {
        match self.state {
            State::Idle { until } if until > now => Some(until),
            _ => None,
        }
    }

    /// Orders nodes by how soon they could answer.
    pub(super) fn unreadiness(&self, now: Moment) -> (u8, Moment) {
        match self.state {
            State::Ready { .. } => (0, Moment::default()),
            State::Handshake { .. } | State::Connecting { .. } => (1, Moment::default()),
            State::Idle { until } if until <= now => (2, Moment::default()),
            State::Idle { until } => (3, until),
        }
    }

    pub(super) fn next_deadline(&self, max_idle: Option<Duration>) -> Moment {
        let requests = self.earliest_under_way();
        let waiting = self.waiting.iter().map(|pending| pending.deadline).min().unwrap_or(Moment::NEVER);
        let state = match &self.state {
            State::Idle { until } if !self.waiting.is_empty() => *until,
            State::Idle { .. } => Moment::NEVER,
            State::Connecting { deadline, .. } | State::Handshake { deadline, .. } => *deadline,
            State::Ready { .. } if self.under_way() > 0 || !self.waiting.is_empty() => Moment::NEVER,
            State::Ready { .. } => max_idle.map_or(Moment::NEVER, |idle| self.last_used + idle),
        };
        requests.min(waiting).min(state)
    }

    /// Requests on the connection.
    pub(super) fn under_way(&self) -> usize {
        self.in_flight.len() + self.unwritten.len()
    }

    fn earliest_under_way(&self) -> Moment {
        let answered = self.in_flight.iter().map(|request| request.deadline);
        let unanswered = self.unwritten.iter().map(|request| request.deadline);
        answered.chain(unanswered).min().unwrap_or(Moment::NEVER)
    }

    fn correlation_id(&mut self) -> i32 {
        let id = self.next_correlation_id;
        self.next_correlation_id = id.wrapping_add(1) & i32::MAX;
        id
    }
}

impl<W> Network<W> {
    /// Connects if somebody waits, and writes what waits if connected.
    pub(super) fn advance(&mut self, now: Moment, id: i32) {
        let Some(node) = self.nodes.get_mut(&id) else { return };
        if node.waiting.is_empty() {
            return;
        }
        match node.state {
            State::Ready { .. } => self.write_waiting(id),
            _ => drop(self.connect(now, id)),
        }
    }

    /// Connects a node that nobody is connecting, unless it backs off. False if no such node is known.
    pub fn connect(&mut self, now: Moment, id: i32) -> bool {
        let Some(node) = self.nodes.get_mut(&id) else { return false };
        match node.state {
            State::Idle { until } if until <= now => {}
            _ => return true,
        }
        let connection = ConnectionId(self.next_connection);
        self.next_connection += 1;
        let timeout = self.config.setup_timeout.delay(node.failures.saturating_add(1), 0.5);
        node.state = State::Connecting { connection, deadline: now + timeout };
        (node.frames, node.frames_written) = (0, 0);
        self.by_connection.insert(connection, id);
        let endpoint = node.endpoint.clone();
        self.effects.push_back(NetworkEffect::Connect { connection, endpoint });
        true
    }

    fn write_waiting(&mut self, id: i32) {
        let Some(node) = self.nodes.get_mut(&id) else { return };
        let State::Ready { connection, versions } = &node.state else { return };
        let connection = *connection;
        let mut refused = Vec::new();
        while node.under_way() < IN_FLIGHT_MAX
            && let Some(pending) = node.waiting.pop_front()
        {
            let correlation_id = node.next_correlation_id;
            let frame = versions.choose(&*pending.body).and_then(|version| {
                let frame = pending.body.encode(correlation_id, &self.config.client_id, version);
                Ok((version, frame.map_err(|error| RequestError::Unencodable(error.to_string()))?))
            });
            let (version, frame) = match frame {
                Ok(frame) => frame,
                Err(error) => {
                    refused.push((pending.waiter, error));
                    continue;
                }
            };
            node.next_correlation_id = correlation_id.wrapping_add(1) & i32::MAX;
            self.effects.push_back(NetworkEffect::Write { connection, frame });
            node.frames += 1;
            let Pending { body, deadline, waiter, answered } = pending;
            if answered {
                let key = body.key();
                node.in_flight.push_back(InFlight { correlation_id, key, version, deadline, waiter });
            } else {
                node.unwritten.push_back(Unanswered { place: node.frames, version, deadline, waiter });
            }
        }
        for (waiter, error) in refused {
            self.answer(waiter, Err(error));
        }
    }

    /// So many more frames are in the connection: requests without an answer among them are done.
    pub(super) fn take_written(&mut self, now: Moment, id: i32, frames: u64) {
        let Some(node) = self.nodes.get_mut(&id) else { return };
        node.frames_written += frames;
        let mut done = Vec::new();
        while let Some(first) = node.unwritten.pop_front_if(|first| first.place <= node.frames_written) {
            done.push(first);
        }
        if !done.is_empty() {
            node.last_used = now;
        }
        for Unanswered { version, waiter, .. } in done {
            self.answer(waiter, Ok(Answer { version, body: Bytes::new() }));
        }
        self.advance(now, id);
    }

    /// Asks the node of a fresh connection for its versions.
    pub(super) fn shake_hands(&mut self, id: i32, asked: i16, deadline: Moment) {
        let Some(node) = self.nodes.get_mut(&id) else { return };
        let (State::Connecting { connection, .. } | State::Handshake { connection, .. }) = node.state else {
            return;
        };
        let correlation_id = node.correlation_id();
        let frame = versions::introduction()
            .encode(correlation_id, &self.config.client_id, asked)
            .expect("a question without content fits every version");
        node.state = State::Handshake { connection, deadline, asked };
        node.frames += 1;
        self.effects.push_back(NetworkEffect::Write { connection, frame });
    }

    /// Takes an answer; an error ends the connection.
    pub(super) fn take_frame(&mut self, now: Moment, id: i32, frame: Bytes) -> Result<(), RequestError> {
        let Some(node) = self.nodes.get_mut(&id) else { return Ok(()) };
        let mut input = Decoder::new(frame);
        if let State::Handshake { connection, deadline, asked } = node.state {
            let expected = node.next_correlation_id.wrapping_sub(1);
            take_header(&mut input, ApiKey::ApiVersions, asked, expected)?;
            match versions::read(input.rest(), asked)? {
                Handshake::AskAgain(version) => self.shake_hands(id, version, deadline),
                Handshake::Done(versions) => {
                    node.state = State::Ready { connection, versions: Box::new(versions) };
                    node.failures = 0;
                    node.last_used = now;
                    self.effects.push_back(NetworkEffect::Available(id));
                    self.advance(now, id);
                }
            }
            return Ok(());
        }
        let Some(request) = node.in_flight.front() else {
            return Err(RequestError::Malformed("an answer to nothing".into()));
        };
        let version = request.version;
        take_header(&mut input, request.key, version, request.correlation_id)?;
        let request = node.in_flight.pop_front().expect("it was there a moment ago");
        node.last_used = now;
        self.answer(request.waiter, Ok(Answer { version, body: input.rest() }));
        self.advance(now, id);
        Ok(())
    }

    /// Gives up what is late.
    pub(super) fn expire(&mut self, now: Moment, id: i32, draw: f64) {
        let Some(node) = self.nodes.get_mut(&id) else { return };
        let idle = self.config.max_idle.is_some_and(|idle| node.last_used + idle <= now);
        match &node.state {
            State::Connecting { deadline, .. } | State::Handshake { deadline, .. } if *deadline <= now => {
                return self.fail(now, id, &RequestError::NotConnected("it took too long".into()), draw);
            }
            State::Ready { .. } if node.earliest_under_way() <= now => {
                return self.fail(now, id, &RequestError::TimedOut, draw);
            }
            State::Ready { connection, .. } if idle && node.under_way() == 0 && node.waiting.is_empty() => {
                let connection = *connection;
                node.state = State::Idle { until: now };
                self.by_connection.remove(&connection);
                self.effects.push_back(NetworkEffect::Close(connection));
            }
            _ => {}
        }
        let Some(node) = self.nodes.get_mut(&id) else { return };
        if node.waiting.iter().any(|pending| pending.deadline <= now) {
            let (late, waiting) =
                node.waiting.drain(..).partition(|pending: &Pending<W>| pending.deadline <= now);
            node.waiting = waiting;
            let late: VecDeque<Pending<W>> = late;
            for pending in late {
                self.answer(pending.waiter, Err(RequestError::NotConnected("none in time".into())));
            }
        }
    }

    /// Ends the connection and answers all that hoped for it: what was under way with `error` (or, behind one that
    /// timed out, as disconnected), what was not sent as not connected.
    pub(super) fn fail(&mut self, now: Moment, id: i32, error: &RequestError, draw: f64) {
        let Some(node) = self.nodes.get_mut(&id) else { return };
        let was_ready = matches!(node.state, State::Ready { .. });
        if let State::Connecting { connection, .. }
        | State::Handshake { connection, .. }
        | State::Ready { connection, .. } = node.state
        {
            self.by_connection.remove(&connection);
            self.effects.push_back(NetworkEffect::Close(connection));
            self.effects.push_back(NetworkEffect::Unavailable(id));
            node.failures = node.failures.saturating_add(1);
        }
        let delay = self.config.reconnect_backoff.delay(node.failures, draw);
        node.state = State::Idle { until: now + delay };
        let unsent = match error {
            RequestError::Closed => RequestError::Closed,
            RequestError::NotConnected(why) | RequestError::Disconnected(why) => {
                RequestError::NotConnected(why.clone())
            }
            other => RequestError::NotConnected(other.to_string()),
        };
        let answered = std::mem::take(&mut node.in_flight).into_iter();
        let unanswered = std::mem::take(&mut node.unwritten).into_iter();
        let answered = answered.map(|request| (request.deadline, request.waiter));
        let unanswered = unanswered.map(|request| (request.deadline, request.waiter));
        for (deadline, waiter) in answered.chain(unanswered) {
            let error = match error {
                RequestError::TimedOut if deadline > now => {
                    RequestError::Disconnected("closed after a request that timed out".into())
                }
                other => other.clone(),
            };
            self.effects.push_back(NetworkEffect::Answer { waiter, result: Err(error) });
        }
        // What waits for a connection that was sound until now gets another one.
        if !was_ready || *error == RequestError::Closed {
            for pending in std::mem::take(&mut node.waiting) {
                let result = Err(unsent.clone());
                self.effects.push_back(NetworkEffect::Answer { waiter: pending.waiter, result });
            }
        }
    }
}

/// Takes a response's header and holds its correlation id against the one that is due.
fn take_header(input: &mut Decoder, key: ApiKey, version: i16, expected: i32) -> Result<(), RequestError> {
    let header = decode_response_header(input, key, version)
        .map_err(|error| RequestError::Malformed(error.to_string()))?;
    if header.correlation_id != expected {
        return Err(RequestError::Malformed(format!(
            "correlation id {} where {expected} is due",
            header.correlation_id
        )));
    }
    Ok(())
}
