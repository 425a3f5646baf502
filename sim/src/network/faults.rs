//! What a test does to the network. Not here: faults of nodes and disks.

use std::io::ErrorKind;
use std::time::Duration;

use super::end::break_ends;
use super::link::{Latency, Link};
use crate::node::NodeId;
use crate::state::State;

/// The network's faults, each at this moment. Segments that are held up arrive after the heal, as TCP sends
/// again; resets and connects may be lost.
pub struct Faults<'a> {
    state: &'a State,
}

impl<'a> Faults<'a> {
    pub(crate) fn new(state: &'a State) -> Self {
        Self { state }
    }

    fn change(&mut self, what: &'static str, from: NodeId, to: NodeId, change: impl Fn(&mut Link)) {
        self.state.note(from.0, what, u64::from(to.0));
        change(self.state.network.borrow_mut().link(from.0, to.0));
    }

    /// Cuts both ways between two nodes.
    pub fn cut(&mut self, a: NodeId, b: NodeId) {
        self.cut_one_way(a, b);
        self.cut_one_way(b, a);
    }

    /// Cuts what `from` sends to `to`.
    pub fn cut_one_way(&mut self, from: NodeId, to: NodeId) {
        self.change("cut", from, to, |link| link.cut = true);
    }

    /// Cuts one set of nodes off from another, both ways.
    pub fn partition(&mut self, one: &[NodeId], other: &[NodeId]) {
        for a in one {
            for b in other {
                self.cut(*a, *b);
            }
        }
    }

    /// Holds up what `from` sends to `to`, until it is unclogged or healed.
    pub fn clog(&mut self, from: NodeId, to: NodeId) {
        self.change("clog", from, to, |link| link.clogged = true);
    }

    /// Opens both ways between two nodes.
    pub fn heal(&mut self, a: NodeId, b: NodeId) {
        for (from, to) in [(a, b), (b, a)] {
            self.change("heal", from, to, |link| (link.cut, link.clogged) = (false, false));
        }
        let concerns = |from: u32, to: u32| (from, to) == (a.0, b.0) || (from, to) == (b.0, a.0);
        self.state.network.borrow_mut().retransmit(self.state, concerns);
    }

    /// Opens all ways between all nodes, at their usual speed; names resolve.
    pub fn heal_all(&mut self) {
        self.state.note(crate::trace::NOBODY, "heal all", 0);
        let mut network = self.state.network.borrow_mut();
        for link in &mut network.links {
            *link = Link::default();
        }
        network.unresolvable.clear();
        network.retransmit(self.state, |_, _| true);
    }

    /// Latency of what `from` sends to `to`; `None` for the usual.
    pub fn set_latency(&mut self, from: NodeId, to: NodeId, latency: Option<Latency>) {
        self.change("latency", from, to, |link| link.latency = latency);
    }

    /// Bytes a second of what `from` sends to `to`; `None` for no limit.
    pub fn set_bandwidth(&mut self, from: NodeId, to: NodeId, bytes_per_second: Option<u64>) {
        self.change("bandwidth", from, to, |link| link.bandwidth = bytes_per_second);
    }

    /// Resets all connections between two nodes, in mid-frame: both sides read an error. Returns how many.
    pub fn reset(&mut self, a: NodeId, b: NodeId) -> usize {
        self.state.note(a.0, "reset", u64::from(b.0));
        let between = |x: u32, y: u32| (x, y) == (a.0, b.0) || (x, y) == (b.0, a.0);
        let slots = self.state.network.borrow().open_ends(between);
        break_ends(self.state, &slots, ErrorKind::ConnectionReset);
        slots.len() / 2
    }

    /// Makes all connections between two nodes half-open: `gone` reads an error, `other` hears nothing until
    /// it sends. Returns how many.
    pub fn half_open(&mut self, gone: NodeId, other: NodeId) -> usize {
        self.state.note(gone.0, "half-open", u64::from(other.0));
        let slots = self.state.network.borrow().open_ends(|x, y| (x, y) == (gone.0, other.0));
        break_ends(self.state, &slots, ErrorKind::ConnectionReset);
        slots.len()
    }

    /// How often a write resets its connection from now on.
    pub fn set_reset_writes(&mut self, probability: f64) {
        self.state.network.borrow_mut().config.reset_writes = probability;
    }

    /// Makes a host name unknown, or known again.
    pub fn set_resolvable(&mut self, host: &str, resolvable: bool) {
        let mut network = self.state.network.borrow_mut();
        network.unresolvable.retain(|name| name != host);
        if !resolvable {
            network.unresolvable.push(host.to_owned());
        }
    }

    /// Latency between nodes from now on.
    pub fn set_usual_latency(&mut self, low: Duration, high: Duration) {
        let mut network = self.state.network.borrow_mut();
        (network.config.latency.low, network.config.latency.high) = (low, high);
    }
}
