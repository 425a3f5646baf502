//! What is due at a moment of virtual time. Not here: time itself, tasks.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::state::State;

/// Work that the world does at its moment.
pub(crate) type Call = Box<dyn FnOnce(&State)>;

/// A place in a table whose places are used again; the generation tells the uses apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Slot {
    pub(crate) index: u32,
    pub(crate) generation: u32,
}

/// What happens at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Event {
    /// A timer may have elapsed.
    Timer(Slot),
    /// Segments arrive at one end of a connection.
    Deliver(Slot),
    /// A call of the table below.
    Call(u32),
    /// Nothing but that time stops here, for the world's owner.
    Stop,
}

/// The queue of events: by time, then by the order in which they were added.
#[derive(Default)]
pub(crate) struct Events {
    heap: BinaryHeap<Reverse<(u64, u64, Event)>>,
    next: u64,
    calls: Vec<Option<Call>>,
    free: Vec<u32>,
}

impl Events {
    pub(crate) fn add(&mut self, nanos: u64, event: Event) {
        self.next += 1;
        self.heap.push(Reverse((nanos, self.next, event)));
    }

    pub(crate) fn call(&mut self, nanos: u64, call: Call) {
        let index = self.free.pop().unwrap_or_else(|| {
            self.calls.push(None);
            u32::try_from(self.calls.len() - 1).expect("calls under way fit 32 bits")
        });
        self.calls[index as usize] = Some(call);
        self.add(nanos, Event::Call(index));
    }

    pub(crate) fn take_call(&mut self, index: u32) -> Option<Call> {
        self.free.push(index);
        self.calls[index as usize].take()
    }

    pub(crate) fn peek(&self) -> Option<(u64, Event)> {
        self.heap.peek().map(|Reverse((nanos, _, event))| (*nanos, *event))
    }

    /// Takes the next event that is due at `nanos`.
    pub(crate) fn pop_due(&mut self, nanos: u64) -> Option<Event> {
        let (at, event) = self.peek()?;
        if at > nanos {
            return None;
        }
        self.heap.pop();
        Some(event)
    }

    pub(crate) fn pop(&mut self) {
        self.heap.pop();
    }

    /// Forgets events that `live` denies, so that cancelled ones do not pile up.
    pub(crate) fn retain(&mut self, live: impl Fn(Event) -> bool) {
        self.heap.retain(|Reverse((_, _, event))| live(*event));
    }

    pub(crate) fn len(&self) -> usize {
        self.heap.len()
    }

    /// Everything that was to be called, for the world's end.
    pub(crate) fn clear(&mut self) -> Vec<Option<Call>> {
        self.heap.clear();
        self.free.clear();
        std::mem::take(&mut self.calls)
    }
}
