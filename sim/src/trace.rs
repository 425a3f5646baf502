//! What happened, as a rolling hash and, on demand, event by event. Not here: the text that nodes log.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::rc::Rc;
use std::time::Duration;

/// Folds one word into a hash.
pub(crate) fn mix(hash: u64, word: u64) -> u64 {
    let folded = u128::from(hash ^ word ^ 0x9e37_79b9_7f4a_7c15) * 0xd6e8_feb8_6659_fd93_u128;
    (folded as u64) ^ ((folded >> 64) as u64)
}

/// Folds bytes into a hash, eight at a time.
pub(crate) fn mix_bytes(hash: u64, bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks();
    let mut hash = mix(hash, bytes.len() as u64);
    for word in words {
        hash = mix(hash, u64::from_le_bytes(*word));
    }
    rest.iter().fold(hash, |hash, byte| mix(hash, u64::from(*byte)))
}

/// A name in one word: its length and its first bytes.
fn tag(what: &str) -> u64 {
    what.bytes().take(7).fold(what.len() as u64, |word, byte| (word << 8) | u64::from(byte))
}

/// The node of an event that belongs to none.
pub(crate) const NOBODY: u32 = u32::MAX;

/// How much of a run is kept beside the hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Keep {
    /// The last few events, for reports.
    #[default]
    Last,
    /// Every event; 40 bytes each.
    All,
}

#[derive(Clone, Copy)]
struct Raw {
    nanos: u64,
    hash: u64,
    word: u64,
    what: &'static str,
    node: u32,
}

/// One event of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceEvent {
    /// Virtual time since the world began.
    pub at: Duration,
    /// The node concerned, if any.
    pub node: Option<Rc<str>>,
    /// A task's name, or what the network, a disk or a fault did.
    pub what: &'static str,
    /// What told this event from others of its name: a task's id, a length, a hash of bytes.
    pub word: u64,
    /// The rolling hash after it.
    pub hash: u64,
}

impl fmt::Display for TraceEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let node = self.node.as_deref().unwrap_or("world");
        write!(f, "{:.9}s {node} {} {:#x}", self.at.as_secs_f64(), self.what, self.word)
    }
}

/// The events of a run that were kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// Oldest first.
    pub events: Vec<TraceEvent>,
    /// The rolling hash over all events, kept or not, and all draws.
    pub hash: u64,
}

/// Where two runs part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// How many events were the same before.
    pub position: usize,
    /// What the first run did, `None` if it had ended.
    pub first: Option<TraceEvent>,
    /// What the second run did, `None` if it had ended.
    pub second: Option<TraceEvent>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "event {}: ", self.position)?;
        match &self.first {
            Some(event) => write!(f, "{event}")?,
            None => f.write_str("(ended)")?,
        }
        match &self.second {
            Some(event) => write!(f, "  |  {event}"),
            None => f.write_str("  |  (ended)"),
        }
    }
}

impl Trace {
    /// The first event that differs from `other`; `None` if there is none among those kept.
    pub fn first_difference(&self, other: &Trace) -> Option<Difference> {
        let position = self.events.iter().zip(&other.events).take_while(|(a, b)| a == b).count();
        if position == self.events.len() && position == other.events.len() {
            return None;
        }
        let (first, second) = (self.events.get(position).cloned(), other.events.get(position).cloned());
        Some(Difference { position, first, second })
    }
}

const LAST_EVENTS: usize = 32;

/// Writes the trace while a world runs.
pub(crate) struct Recorder {
    keep: Keep,
    hash: Cell<u64>,
    events: RefCell<VecDeque<Raw>>,
}

impl Recorder {
    pub(crate) fn new(keep: Keep, seed: u64) -> Self {
        let events = RefCell::new(VecDeque::with_capacity(LAST_EVENTS + 1));
        Self { keep, hash: Cell::new(mix(0, seed)), events }
    }

    /// Notes an event.
    pub(crate) fn note(&self, nanos: u64, node: u32, what: &'static str, word: u64) {
        let hash = mix(self.hash.get() ^ nanos, word ^ (u64::from(node) << 48));
        let hash = mix(hash, tag(what));
        self.hash.set(hash);
        let mut events = self.events.borrow_mut();
        if self.keep == Keep::Last && events.len() == LAST_EVENTS {
            events.pop_front();
        }
        events.push_back(Raw { nanos, hash, word, what, node });
    }

    pub(crate) fn hash(&self) -> u64 {
        self.hash.get()
    }

    /// The events kept; `name` tells a node's name.
    pub(crate) fn events(&self, name: impl Fn(u32) -> Option<Rc<str>>) -> Vec<TraceEvent> {
        let event = |raw: &Raw| TraceEvent {
            at: Duration::from_nanos(raw.nanos),
            node: name(raw.node),
            what: raw.what,
            word: raw.word,
            hash: raw.hash,
        };
        self.events.borrow().iter().map(event).collect()
    }
}
