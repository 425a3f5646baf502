//! The batches of one partition that are sealed: sequences, order over retries, epochs. Not here: requests.

use std::collections::VecDeque;

use klamm_records::{ProducerState, next_sequence};

use super::batch::Sealed;
use super::sender::ProducerIdentity;
use crate::Moment;

/// What is out, or was and has to go out again, in the order of sequences.
#[derive(Debug)]
pub(super) struct Outstanding<T> {
    /// At a broker.
    pub(super) in_flight: Vec<Sealed<T>>,
    /// To be sent again.
    pub(super) retries: VecDeque<Sealed<T>>,
    /// Nothing is sent before.
    pub(super) not_before: Moment,
    /// Whom the sequences belong to.
    producer: Option<ProducerIdentity>,
    next_sequence: i32,
    /// A batch of this identity was acknowledged. Until then one is out at a time: a broker that knows nothing of a
    /// producer takes any sequence as its first, so that the second batch could overtake the first.
    proven: bool,
    /// The broker lacks what the sequences build on: they begin anew under a higher epoch once nothing is out.
    gap: bool,
}

impl<T> Outstanding<T> {
    pub(super) fn new() -> Self {
        Outstanding {
            in_flight: Vec::new(),
            retries: VecDeque::new(),
            not_before: Moment::default(),
            producer: None,
            next_sequence: 0,
            proven: false,
            gap: false,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.in_flight.is_empty() && self.retries.is_empty()
    }

    /// Whether a fresh batch may go out. With `one_by_one`, nothing may be out.
    pub(super) fn takes_fresh(&self, now: Moment, one_by_one: bool) -> bool {
        self.retries.is_empty()
            && !self.gap
            && self.not_before <= now
            && (self.in_flight.is_empty() || !one_by_one && (self.proven || self.producer.is_none()))
    }

    /// A batch was acknowledged.
    pub(super) fn acknowledged(&mut self, producer: ProducerState) {
        self.proven |=
            self.producer.is_some_and(|identity| identity.state(producer.base_sequence) == producer);
    }

    /// Whether the first retry may go out. With `ordered`, nothing may be out: what is behind it must not overtake it.
    pub(super) fn takes_retry(&self, now: Moment, ordered: bool) -> bool {
        !self.retries.is_empty()
            && !self.gap
            && self.not_before <= now
            && (!ordered || self.in_flight.is_empty())
    }

    /// The sequence of a fresh batch of so many records. Where nothing is outstanding, a new epoch is taken over.
    pub(super) fn number(&mut self, identity: ProducerIdentity, record_count: i32) -> ProducerState {
        if self.producer != Some(identity) && self.is_empty() {
            self.producer = Some(identity);
            self.next_sequence = 0;
            self.proven = false;
        }
        let owner = self.producer.unwrap_or(identity);
        let base_sequence = self.next_sequence;
        self.next_sequence = next_sequence(base_sequence, record_count);
        owner.state(base_sequence)
    }

    /// Keeps a batch to be sent again, in its place.
    pub(super) fn retry(&mut self, batch: Sealed<T>) {
        let behind = self.retries.partition_point(|other| other.number < batch.number);
        self.retries.insert(behind, batch);
    }

    /// Whether no batch before this one is outstanding, so that nothing can fill a gap before it any more.
    pub(super) fn is_first(&self, number: u64) -> bool {
        self.in_flight.iter().chain(&self.retries).all(|other| other.number > number)
    }

    pub(super) fn found_gap(&mut self) {
        self.gap = true;
    }

    /// Closes a gap once nothing is out: the sequences of what is left begin anew. Returns the identity to go on with;
    /// `None` if there is nothing to do. What is left was refused behind the gap, or never sent, so that the broker has
    /// none of it.
    pub(super) fn close_gap(&mut self, current: ProducerIdentity) -> Option<ProducerIdentity> {
        if !self.gap || !self.in_flight.is_empty() {
            return None;
        }
        self.gap = false;
        self.proven = false;
        let identity = if self.producer == Some(current) { current.bumped() } else { current };
        self.producer = Some(identity);
        self.next_sequence = 0;
        for batch in &mut self.retries {
            batch.renumber(identity.state(self.next_sequence));
            self.next_sequence = next_sequence(self.next_sequence, batch.record_count);
        }
        Some(identity)
    }
}
