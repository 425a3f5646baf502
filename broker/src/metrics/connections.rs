//! What is counted of the connections of one listener on one lane (`kafka.server:type=socket-server-metrics`). Not here:
//! names, requests by what they are called.

use std::cell::Cell;

/// What is counted.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ConnectionCount {
    Opened,
    Closed,
    /// From another lane.
    Came,
    /// To another lane.
    Went,
    BytesReceived,
    BytesSent,
    RequestsReceived,
    AnswersSent,
}

const COUNTS: usize = ConnectionCount::AnswersSent as usize + 1;

/// Counts of one listener, at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ConnectionCounts([u64; COUNTS]);

impl ConnectionCounts {
    /// Connections that the lane serves.
    pub(crate) fn open(&self) -> u64 {
        let [came, gone] = [
            [ConnectionCount::Opened, ConnectionCount::Came],
            [ConnectionCount::Closed, ConnectionCount::Went],
        ]
        .map(|both| both.map(|which| self.get(which)).iter().sum::<u64>());
        came - gone
    }

    /// One of them.
    pub(crate) fn get(&self, which: ConnectionCount) -> u64 {
        self.0[which as usize]
    }
}

/// Counts of one listener while they are made.
#[derive(Debug, Default)]
pub(crate) struct ConnectionCounters([Cell<u64>; COUNTS]);

impl ConnectionCounters {
    /// Counts `more`.
    pub(crate) fn add(&self, which: ConnectionCount, more: u64) {
        let count = &self.0[which as usize];
        count.set(count.get() + more);
    }

    /// The counts so far.
    pub(crate) fn counts(&self) -> ConnectionCounts {
        ConnectionCounts(std::array::from_fn(|which| self.0[which].get()))
    }
}
