//! The network: connections as pairs of ends, links between nodes, and what faults do to both.
//! Not here: a connection's reads and writes (`stream`), how one is made (`connect`), waiting for peers (`listener`).

mod connect;
mod end;
mod faults;
mod link;
mod listener;
mod stream;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

pub use faults::Faults;
pub use link::Latency;

pub(crate) use connect::{connect, resolve};
pub(crate) use end::{deliver, node_ended, node_started};
pub(crate) use listener::listen;

use end::End;
use link::Link;
use listener::Listening;

use crate::event::Slot;
use crate::rng::Dice;

/// Habits of a network.
#[derive(Clone, Debug)]
pub struct NetworkConfig {
    /// Between nodes.
    pub latency: Latency,
    /// Within a node.
    pub loopback: Latency,
    /// Bytes under way or unread in one direction of a connection; more is held back.
    pub window: usize,
    /// How often a read gives less than there is.
    pub split_reads: f64,
    /// How often a write takes less than there is room for.
    pub split_writes: f64,
    /// How often a write resets its connection, part of its bytes being lost.
    pub reset_writes: f64,
    /// Peers that wait to be accepted; more must try again.
    pub backlog: usize,
    /// After how long a connect that nobody answers fails.
    pub connect_timeout: Duration,
}

impl Default for NetworkConfig {
    fn default() -> Self {
        Self {
            latency: Latency::default(),
            loopback: Latency {
                high: Duration::from_micros(60),
                ..Latency::fixed(Duration::from_micros(15))
            },
            window: 128 * 1024,
            split_reads: 0.1,
            split_writes: 0.05,
            reset_writes: 0.0,
            backlog: 128,
            connect_timeout: Duration::from_secs(60),
        }
    }
}

/// All connections, links and listeners.
pub(crate) struct Network {
    pub(crate) config: NetworkConfig,
    pub(crate) dice: Dice,
    ends: Vec<End>,
    free: Vec<u32>,
    /// Row by row, the sender's node first.
    links: Vec<Link>,
    nodes: usize,
    listeners: BTreeMap<(u32, u16), Listening>,
    /// Host names that do not resolve for now.
    unresolvable: Vec<String>,
}

impl Network {
    pub(crate) fn new(config: NetworkConfig, dice: Dice) -> Self {
        Self {
            config,
            dice,
            ends: Vec::new(),
            free: Vec::new(),
            links: Vec::new(),
            nodes: 0,
            listeners: BTreeMap::new(),
            unresolvable: Vec::new(),
        }
    }

    pub(crate) fn add_node(&mut self) {
        let before = std::mem::take(&mut self.links);
        let old = self.nodes;
        self.nodes += 1;
        self.links.resize(self.nodes * self.nodes, Link::default());
        for (index, link) in before.into_iter().enumerate() {
            self.links[index / old * self.nodes + index % old] = link;
        }
    }

    fn link(&mut self, from: u32, to: u32) -> &mut Link {
        &mut self.links[from as usize * self.nodes + to as usize]
    }

    fn is_open(&self, from: u32, to: u32) -> bool {
        self.links[from as usize * self.nodes + to as usize].is_open()
    }

    /// When `len` bytes sent now by `from` arrive at `to`.
    fn arrival(&mut self, now: u64, from: u32, to: u32, len: usize) -> u64 {
        let usual = if from == to { &self.config.loopback } else { &self.config.latency };
        self.links[from as usize * self.nodes + to as usize].arrival(now, len, usual, &mut self.dice)
    }

    fn end(&mut self, slot: Slot) -> Option<&mut End> {
        self.ends.get_mut(slot.index as usize).filter(|end| end.slot.generation == slot.generation)
    }
}

/// The node with this address, as `from` sees it.
fn node_at(nodes: &[crate::node::Node], from: u32, ip: IpAddr) -> Option<u32> {
    if crate::engine::is_own(ip, nodes[from as usize].ip) {
        return Some(from);
    }
    nodes.iter().position(|node| node.ip == ip).and_then(|index| u32::try_from(index).ok())
}
