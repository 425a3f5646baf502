//! Connections to nodes: one queue a node, correlation, versions, deadlines. Not here: which node is asked what.

mod body;
mod error;
mod node;
#[cfg(test)]
mod tests;
mod versions;

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use bytes::Bytes;
use klamm_protocol::Frame;

pub use body::{Body, ByVersion, with_ids_if_known};
pub use error::RequestError;
pub use versions::{INTRODUCTION_VERSION_MAX, NodeVersions, introduction};

use crate::{Backoff, Moment};
use node::{Node, Pending};

/// Where a node listens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Endpoint {
    /// Host name or address.
    pub host: String,
    /// Port.
    pub port: u16,
}

/// One connection; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// A request to be sent.
pub struct Outgoing {
    /// What is asked.
    pub body: Box<dyn Body>,
    /// How long the answer may take, from now on, waiting for the connection included.
    pub timeout: Duration,
    /// Whether the node answers; produce requests with acks=0 have no answer, and are done once they are written.
    pub answered: bool,
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The version spoken.
    pub version: i16,
    /// The body, without the header; empty if none was expected.
    pub body: Bytes,
}

/// What the caller has to do.
#[derive(Debug)]
pub enum NetworkEffect<W> {
    /// Connect, and tell [`Network::connected`] or [`Network::disconnected`].
    Connect {
        /// By this name.
        connection: ConnectionId,
        /// To here.
        endpoint: Endpoint,
    },
    /// Write a frame, in the order of these effects, and tell [`Network::written`].
    Write {
        /// On this connection.
        connection: ConnectionId,
        /// All of it.
        frame: Frame,
    },
    /// Close a connection, or stop connecting; nothing that is not in it yet may go into it any more, and nothing needs
    /// to be told.
    Close(ConnectionId),
    /// A node is connected: requests to it are written at once from now on.
    Available(i32),
    /// A node's connection broke, or did not come about: who leads what may have changed.
    Unavailable(i32),
    /// Hand an answer to who waits for it.
    Answer {
        /// What the request was sent with.
        waiter: W,
        /// The answer.
        result: Result<Answer, RequestError>,
    },
}

/// How connections behave.
#[derive(Clone, Debug)]
pub struct NetworkConfig {
    /// Sent with every request.
    pub client_id: String,
    /// Between attempts to connect.
    pub reconnect_backoff: Backoff,
    /// How long connecting may take; doubles from failure to failure.
    pub setup_timeout: Backoff,
    /// How long the versions of a node may take to arrive.
    pub request_timeout: Duration,
    /// After how long without a request a connection is closed.
    pub max_idle: Option<Duration>,
    /// Whether nodes of the configuration are asked though others are known.
    pub rebootstrap: bool,
}

/// All nodes and what is under way to them. `W` is what the caller knows a request by.
#[derive(Debug)]
pub struct Network<W> {
    config: NetworkConfig,
    nodes: BTreeMap<i32, Node<W>>,
    by_connection: BTreeMap<ConnectionId, i32>,
    next_connection: u64,
    effects: VecDeque<NetworkEffect<W>>,
}

impl<W> Network<W> {
    /// Nodes that are known from the configuration only have negative numbers, from -1 down.
    pub fn new(config: NetworkConfig, bootstrap: &[Endpoint]) -> Self {
        let nodes = (1..).zip(bootstrap).map(|(number, endpoint)| (-number, Node::at(endpoint.clone())));
        Network {
            config,
            nodes: nodes.collect(),
            by_connection: BTreeMap::new(),
            next_connection: 0,
            effects: VecDeque::new(),
        }
    }

    /// The next thing to do.
    pub fn poll_effect(&mut self) -> Option<NetworkEffect<W>> {
        self.effects.pop_front()
    }

    /// Takes over the nodes of fresh metadata; without any, those of the configuration are all that is known. Those that
    /// are gone, or have moved, lose their connections.
    pub fn update_nodes(&mut self, now: Moment, known: &BTreeMap<i32, Endpoint>) {
        let gone = |id: &i32, node: &Node<W>| *id >= 0 && known.get(id) != Some(&node.endpoint);
        let stale: Vec<i32> =
            self.nodes.iter().filter(|(id, node)| gone(id, node)).map(|(id, _)| *id).collect();
        for id in stale {
            self.fail(now, id, &RequestError::Disconnected("the node has moved or left".into()), 0.5);
            self.nodes.remove(&id);
        }
        for (id, endpoint) in known {
            self.nodes.entry(*id).or_insert_with(|| Node::at(endpoint.clone()));
        }
    }

    /// The node to ask what every node knows: connected and with the least under way if possible, else the one whose
    /// turn to be connected comes first; those of the configuration last, or not at all.
    pub fn least_loaded(&self, now: Moment) -> Option<i32> {
        let load = |(id, node): &(&i32, &Node<W>)| {
            (node.unreadiness(now), **id < 0, node.waiting.len() + node.under_way())
        };
        let known_only = !self.config.rebootstrap && self.nodes.keys().any(|id| *id >= 0);
        let nodes = self.nodes.iter().filter(|(id, _)| **id >= 0 || !known_only);
        nodes.min_by_key(load).map(|(id, _)| *id)
    }

    /// Whether a request to this node would be written at once.
    pub fn is_ready(&self, node: i32) -> bool {
        self.nodes.get(&node).is_some_and(|node| node.versions().is_some())
    }

    /// Whether a request to this node would wait for a back-off to end, and until when.
    pub fn backing_off(&self, node: i32, now: Moment) -> Option<Moment> {
        self.nodes.get(&node)?.backing_off(now)
    }

    /// When the next back-off of any node ends: requests that waited for that can be made then.
    pub fn next_available(&self, now: Moment) -> Moment {
        self.nodes.values().filter_map(|node| node.backing_off(now)).min().unwrap_or(Moment::NEVER)
    }

    /// Sends a request, now or as soon as the node is connected.
    pub fn send(&mut self, now: Moment, id: i32, request: Outgoing, waiter: W) {
        let Some(node) = self.nodes.get_mut(&id) else {
            return self.answer(waiter, Err(RequestError::UnknownNode(id)));
        };
        let deadline = now + request.timeout;
        node.waiting.push_back(Pending { body: request.body, deadline, answered: request.answered, waiter });
        node.last_used = now;
        self.advance(now, id);
    }

    /// A connection came about.
    pub fn connected(&mut self, now: Moment, connection: ConnectionId) {
        let Some(id) = self.by_connection.get(&connection).copied() else { return };
        let deadline = now + self.config.request_timeout;
        self.shake_hands(id, versions::INTRODUCTION_VERSION_MAX, deadline);
    }

    /// A connection did not come about, or broke.
    pub fn disconnected(&mut self, now: Moment, connection: ConnectionId, why: &str, draw: f64) {
        let Some(id) = self.by_connection.get(&connection).copied() else { return };
        self.fail(now, id, &RequestError::Disconnected(why.to_owned()), draw);
    }

    /// A whole frame arrived, without its size prefix.
    pub fn received(&mut self, now: Moment, connection: ConnectionId, frame: Bytes, draw: f64) {
        let Some(id) = self.by_connection.get(&connection).copied() else { return };
        if let Err(error) = self.take_frame(now, id, frame) {
            self.fail(now, id, &error, draw);
        }
    }

    /// So many more frames of a connection are in its socket.
    pub fn written(&mut self, now: Moment, connection: ConnectionId, frames: u64) {
        let Some(id) = self.by_connection.get(&connection).copied() else { return };
        self.take_written(now, id, frames);
    }

    /// Time has passed: gives up what is late, reconnects what waits, closes what is idle.
    pub fn tick(&mut self, now: Moment, draw: f64) {
        let ids: Vec<i32> = self.nodes.keys().copied().collect();
        for id in ids {
            self.expire(now, id, draw);
            self.advance(now, id);
        }
    }

    /// When [`Network::tick`] has something to do.
    pub fn next_deadline(&self) -> Moment {
        let deadline = |node: &Node<W>| node.next_deadline(self.config.max_idle);
        self.nodes.values().map(deadline).min().unwrap_or(Moment::NEVER)
    }

    /// Closes everything and answers everybody.
    pub fn close(&mut self, now: Moment) {
        for id in self.nodes.keys().copied().collect::<Vec<_>>() {
            self.fail(now, id, &RequestError::Closed, 0.5);
        }
        self.nodes.clear();
    }

    fn answer(&mut self, waiter: W, result: Result<Answer, RequestError>) {
        self.effects.push_back(NetworkEffect::Answer { waiter, result });
    }
}
