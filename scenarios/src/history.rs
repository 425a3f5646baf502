//! What happened in a world, as checkers are told it: clients' calls, wire and disk facts, nodes' lives.
//! Not here: anything read from inside a node; judging.
//!
//! A client that crashes comes back under another [`ClientId`], and a topic made anew under another number, so
//! that no name in a history ever means two things.

use std::collections::VecDeque;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::checkers::{Checkers, Violation};
use crate::value::{Value, ValueId};

/// One life of one client.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId(pub u32);

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "c{}", self.0)
    }
}

impl fmt::Debug for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A partition of a topic; topics are numbered in the order in which the workload makes them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Partition {
    /// The topic's number.
    pub topic: u16,
    /// The partition's index within it.
    pub index: u16,
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "t{}-{}", self.topic, self.index)
    }
}

impl fmt::Debug for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// An offset within a partition.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Offset(pub i64);

impl Offset {
    /// Beyond every record.
    pub const MAX: Offset = Offset(i64::MAX);

    /// The offset behind this one.
    pub fn next(self) -> Offset {
        Offset(self.0.saturating_add(1))
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Debug for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A broker or client machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u16);

/// What a producer was set up to promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Delivery {
    /// Idempotent: each value once at most, in the order of its calls.
    Ordered,
    /// Plain retries: a value may be there twice, and overtake another.
    AtLeastOnce,
}

/// How a produce call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Acknowledged with acks=1 or all; the offset may be unknown (a duplicate that the broker no longer places).
    Acknowledged(Option<Offset>),
    /// Certainly not written.
    Failed,
    /// May be written, now or later: timed out, connection lost, acks=0, client gone.
    Unknown,
}

/// A record as it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Record {
    /// Where.
    pub offset: Offset,
    /// What.
    pub value: Value,
    /// Leader epoch stamped on its batch; -1 where there is none.
    pub leader_epoch: i32,
}

/// A turn in a node's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Turn {
    /// Its process started.
    Started,
    /// It ended as it was asked to.
    Stopped,
    /// Its process was killed; what it had written is still in the page cache.
    Killed,
    /// Its power went; what was not flushed may be gone.
    PowerLost,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Fact {
    /// A client called send.
    Sent {
        /// What it sent.
        value: Value,
        /// Where to.
        partition: Partition,
        /// What its producer promises; the same for all of a client's calls.
        delivery: Delivery,
    },
    /// A send ended.
    Ended {
        /// Which one.
        value: ValueId,
        /// Where it was sent to.
        partition: Partition,
        /// How.
        outcome: Outcome,
    },
    /// A consumer was assigned a partition or sought in it, by call or because its position was out of range.
    Placed {
        /// Who.
        consumer: ClientId,
        /// Where.
        partition: Partition,
        /// The next record it should see; `None` when that is not known (the end, a time).
        offset: Option<Offset>,
    },
    /// A poll handed a partition's records to the application.
    Polled {
        /// Who.
        consumer: ClientId,
        /// Whose records.
        partition: Partition,
        /// In the order in which the application saw them.
        records: Vec<Record>,
    },
    /// A client was told where a partition ends.
    EndRead {
        /// Which partition.
        partition: Partition,
        /// The offset that the next record would get.
        end: Offset,
        /// When it asked, as time since the world began.
        asked: Duration,
    },
    /// From now on records below an offset may be gone: a deletion was asked for, or retention permits it.
    MayBeDeleted {
        /// Which partition.
        partition: Partition,
        /// The first offset that must stay.
        below: Offset,
    },
    /// What a partition holds so far may be lost without breach of promise: all its replicas lost power, and none of
    /// them flushes before it answers. To be recorded once no answer from before the loss can reach a client any more.
    LossAllowed {
        /// Which partition.
        partition: Partition,
    },
    /// A batch was taken, as the disk shows.
    BatchAccepted {
        /// Where it went.
        partition: Partition,
        /// -1 where there is none.
        producer_id: i64,
        /// -1 where there is none.
        producer_epoch: i16,
        /// Offset of its first record.
        base_offset: Offset,
    },
    /// Everything that the durable bytes of all replicas of a partition hold from an offset on, decoded from the disks.
    Scanned {
        /// Which partition.
        partition: Partition,
        /// Where the oldest segment begins.
        from: Offset,
        /// All records, in log order.
        records: Vec<Record>,
    },
    /// The disk no longer has these records as they were written, and no other copy is left: from here on they may be missing,
    /// if that is said. The group that holds the harmed byte, from its first to its last offset.
    Harmed {
        /// Which partition.
        partition: Partition,
        /// The first record.
        first: Offset,
        /// The last one.
        last: Offset,
    },
    /// A consumer was told that the record at an offset is damaged.
    DamageTold {
        /// Who.
        consumer: ClientId,
        /// Which partition.
        partition: Partition,
        /// Where.
        offset: Offset,
    },
    /// A node's life took a turn.
    Node {
        /// Which node.
        node: NodeId,
        /// Which turn.
        turn: Turn,
    },
}

/// One thing that happened, and when.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Event {
    /// Time since the world began, on no node's clock.
    pub at: Duration,
    /// What.
    pub fact: Fact,
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>12.6} {:?}", self.at.as_secs_f64(), self.fact)
    }
}

/// Events kept to be shown around a failure.
const TAIL_EVENTS: usize = 20;

/// A world's history while it is made: clients and taps write it, checkers read along. Cheap to clone.
#[derive(Clone)]
pub struct History(Arc<Mutex<Recorder>>);

struct Recorder {
    checkers: Checkers,
    hash: Fold,
    tail: VecDeque<Event>,
    tail_closed: bool,
    events: u64,
    acknowledged: u64,
    given_up: u64,
}

/// What a finished history comes to.
#[derive(Clone, Debug)]
pub struct Findings {
    /// What was broken.
    pub violations: Vec<Violation>,
    /// Hash of all events.
    pub hash: u64,
    /// How many events.
    pub events: u64,
    /// How many sends were acknowledged.
    pub acknowledged: u64,
    /// How many ended otherwise.
    pub given_up: u64,
    /// The last events up to the first violation, or to the end.
    pub tail: Vec<Event>,
}

impl History {
    /// An empty one, read by `checkers`.
    pub fn new(checkers: Checkers) -> Self {
        Self(Arc::new(Mutex::new(Recorder {
            checkers,
            hash: Fold::default(),
            tail: VecDeque::with_capacity(TAIL_EVENTS),
            tail_closed: false,
            events: 0,
            acknowledged: 0,
            given_up: 0,
        })))
    }

    /// Adds what happened `at` that time since the world began.
    pub fn record(&self, at: Duration, fact: Fact) {
        self.recorder().record(Event { at, fact });
    }

    /// Whether a checker has found something already.
    pub fn is_violated(&self) -> bool {
        !self.recorder().checkers.violations().is_empty()
    }

    /// Sends that were acknowledged so far.
    pub fn acknowledged(&self) -> u64 {
        self.recorder().acknowledged
    }

    /// Ends the history at that time since the world began; final reads have been made.
    pub fn finish(&self, at: Duration) -> Findings {
        let mut recorder = self.recorder();
        recorder.checkers.finish(at);
        recorder.findings()
    }

    /// What was found in a history that broke off, before final reads.
    pub fn break_off(&self) -> Findings {
        self.recorder().findings()
    }

    fn recorder(&self) -> MutexGuard<'_, Recorder> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Recorder {
    fn findings(&self) -> Findings {
        Findings {
            violations: self.checkers.violations().to_vec(),
            hash: self.hash.finish(),
            events: self.events,
            acknowledged: self.acknowledged,
            given_up: self.given_up,
            tail: self.tail.iter().cloned().collect(),
        }
    }

    fn record(&mut self, event: Event) {
        event.hash(&mut self.hash);
        self.events += 1;
        match event.fact {
            Fact::Ended { outcome: Outcome::Acknowledged(_), .. } => self.acknowledged += 1,
            Fact::Ended { .. } => self.given_up += 1,
            _ => {}
        }
        self.checkers.observe(&event);
        if self.tail_closed {
            return;
        }
        if self.tail.len() == TAIL_EVENTS {
            self.tail.pop_front();
        }
        self.tail.push_back(event);
        self.tail_closed = !self.checkers.violations().is_empty();
    }
}

/// A hasher that gives the same answer in every process (FNV-1a, eight bytes at a time).
#[derive(Clone)]
pub struct Fold(u64);

impl Default for Fold {
    fn default() -> Self {
        Self(0xCBF2_9CE4_8422_2325)
    }
}

impl Hasher for Fold {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks();
        for word in words {
            self.write_u64(u64::from_le_bytes(*word));
        }
        if !rest.is_empty() {
            let mut word = [0; 8];
            word[..rest.len()].copy_from_slice(rest);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0 ^ word).wrapping_mul(0x0000_0100_0000_01B3);
        self.0 ^= self.0 >> 32;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(seconds: u64, turn: Turn) -> Event {
        Event { at: Duration::from_secs(seconds), fact: Fact::Node { node: NodeId(1), turn } }
    }

    fn hash(events: &[Event]) -> u64 {
        let history = History::new(Checkers::all());
        for event in events {
            history.record(event.at, event.fact.clone());
        }
        history.finish(Duration::from_secs(9)).hash
    }

    #[test]
    fn the_hash_tells_what_when_and_in_which_order() {
        let events = [turn(1, Turn::Killed), turn(1, Turn::Started)];
        assert_eq!(hash(&events), hash(&events));
        assert_ne!(hash(&events), hash(&[turn(1, Turn::Started), turn(1, Turn::Killed)]));
        assert_ne!(hash(&events), hash(&[turn(1, Turn::Killed), turn(2, Turn::Started)]));
        assert_ne!(hash(&events), hash(&events[..1]));
    }

    #[test]
    fn the_tail_ends_with_the_first_violation() {
        let history = History::new(Checkers::all());
        let partition = Partition { topic: 0, index: 0 };
        for round in 0..30 {
            history.record(Duration::from_secs(round), Fact::LossAllowed { partition });
        }
        let (mut value, _) = Value::encode(ValueId { client: ClientId(1), sequence: 0 }, 16);
        value.id = ValueId::DAMAGED;
        let records = vec![Record { offset: Offset(0), value, leader_epoch: 0 }];
        history.record(Duration::from_secs(30), Fact::Polled { consumer: ClientId(2), partition, records });
        assert!(history.is_violated());
        history.record(Duration::from_secs(31), Fact::LossAllowed { partition });
        let findings = history.finish(Duration::from_secs(32));
        assert_eq!(findings.events, 32);
        assert_eq!(findings.tail.len(), TAIL_EVENTS);
        assert_eq!(findings.tail.last().map(|event| event.at), Some(Duration::from_secs(30)));
    }
}
