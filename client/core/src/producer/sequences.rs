//! The batches of one partition that are sealed: sequences, order over retries, epochs. Not here: requests.

use std::collections::VecDeque;

use klamm_records::{ProducerState, next_sequence};

use super::batch::{Batch, Sealed};
use super::sender::ProducerIdentity;
use crate::Moment;

/// Brokers know a duplicate among so many of a producer's latest batches.
const REMEMBERED_BY_BROKERS: u64 = 5;

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
    next_ordinal: u64,
    /// A batch of this identity was acknowledged. Until then one is out at a time: a broker that knows nothing of a
    /// producer takes any sequence as its first, so that the second batch could overtake the first.
    proven: bool,
    /// A batch was given up while it was adrift, and nothing behind it was acknowledged since: should it arrive after
    /// all, what is adrift behind it follows on it.
    doubtful: bool,
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
            next_ordinal: 0,
            proven: false,
            doubtful: false,
            gap: false,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.in_flight.is_empty() && self.retries.is_empty()
    }

    /// Whether a fresh batch may go out. With `one_by_one`, nothing may be out. Otherwise no more may follow on the first
    /// that is outstanding than brokers remember: sent again, it would pass for a new one.
    pub(super) fn takes_fresh(&self, now: Moment, one_by_one: bool) -> bool {
        let first = self.in_flight.iter().map(|batch| batch.ordinal).min();
        let remembered = first.is_none_or(|first| self.next_ordinal - first < REMEMBERED_BY_BROKERS);
        let follows = !one_by_one && remembered && (self.proven || self.producer.is_none());
        let settled = self.retries.is_empty() && !self.gap && self.not_before <= now;
        settled && (self.in_flight.is_empty() || follows)
    }

    /// A batch was acknowledged, so that the broker has what is before it, too.
    pub(super) fn acknowledged(&mut self, producer: ProducerState) {
        if self.producer.is_some_and(|identity| identity.state(producer.base_sequence) == producer) {
            self.proven = true;
            self.doubtful = false;
            self.gap = false;
        }
    }

    /// A batch was given up.
    pub(super) fn given_up(&mut self, batch: &Sealed<T>) {
        self.doubtful |= batch.adrift;
    }

    /// Whether the first retry may go out. With `ordered`, nothing may be out: what is behind it must not overtake it.
    pub(super) fn takes_retry(&self, now: Moment, ordered: bool) -> bool {
        !self.retries.is_empty()
            && !self.gap
            && self.not_before <= now
            && (!ordered || self.in_flight.is_empty())
    }

    /// Seals a fresh batch with the next sequences. Where nothing is outstanding, a new identity is taken over.
    pub(super) fn seal(&mut self, batch: Batch<T>, identity: ProducerIdentity) -> Sealed<T> {
        if self.producer != Some(identity) && self.is_empty() {
            self.producer = Some(identity);
            self.next_sequence = 0;
            self.proven = false;
        }
        let owner = self.producer.unwrap_or(identity);
        let mut sealed = batch.seal(owner.state(self.next_sequence));
        self.place(&mut sealed);
        sealed
    }

    /// Counts a batch that has the next sequences.
    fn place(&mut self, batch: &mut Sealed<T>) {
        batch.ordinal = self.next_ordinal;
        self.next_ordinal += 1;
        self.next_sequence = next_sequence(self.next_sequence, batch.record_count);
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

    /// Closes a gap once nothing is out: the sequences of what is left begin anew. Returns the identity to go on with,
    /// and what must be given up; `None` if there is nothing to do.
    ///
    /// What is left was refused behind the gap, or never sent, so that the broker has none of it. The exception is what
    /// is adrift behind a batch that was given up adrift: should both arrive after all, sending it anew would double it.
    pub(super) fn close_gap(
        &mut self,
        current: ProducerIdentity,
    ) -> Option<(ProducerIdentity, Vec<Sealed<T>>)> {
        if !self.gap || !self.in_flight.is_empty() {
            return None;
        }
        let identity = if self.producer == Some(current) { current.bumped() } else { current };
        let doubtful = std::mem::take(&mut self.doubtful);
        let (lost, left) =
            std::mem::take(&mut self.retries).into_iter().partition(|batch| doubtful && batch.adrift);
        let lost: VecDeque<Sealed<T>> = lost;
        self.gap = false;
        self.proven = false;
        self.producer = Some(identity);
        self.next_sequence = 0;
        let left: VecDeque<Sealed<T>> = left;
        for mut batch in left {
            batch.renumber(identity.state(self.next_sequence));
            self.place(&mut batch);
            self.retries.push_back(batch);
        }
        Some((identity, lost.into()))
    }
}
