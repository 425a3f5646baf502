//! One record of 1 KiB at a time: from the producer's write to the consumer's read, and to its own acknowledgement.
//!
//! **Not here**: percentiles.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::Topic;
use super::connection::{Connection, Prepared};
use super::fetch::Reader;
use super::produce::{acknowledged, prepared};
use crate::bench::batch;

/// A producer that waits for each acknowledgement.
pub(in crate::bench) struct RoundTrips {
    connection: Connection,
    request: Prepared,
}

impl RoundTrips {
    /// To partition 0.
    pub(in crate::bench) fn connect(topic: &Topic) -> Result<Self> {
        let request = prepared(topic, 0, batch::of_one())?;
        Ok(Self { connection: Connection::open(topic.address)?, request })
    }

    /// Sends `count` records, each after the acknowledgement of the one before.
    pub(in crate::bench) fn run(mut self, count: u64) -> Result<u64> {
        for _ in 0..count {
            self.once()?;
        }
        Ok(count)
    }

    fn once(&mut self) -> Result<i64> {
        self.connection.send(&mut self.request)?;
        acknowledged(&mut self.connection)
    }
}

/// A producer and a consumer, each with a connection of its own.
pub(in crate::bench) struct EndToEnd {
    producer: RoundTrips,
    reader: Reader,
}

impl EndToEnd {
    /// On partition 0; the consumer stands at its end.
    pub(in crate::bench) fn connect(topic: &Topic) -> Result<Self> {
        let mut producer = RoundTrips::connect(topic)?;
        let mut reader = Reader::connect(topic)?;
        reader.seek(producer.once()? + 1);
        reader.ask()?;
        Ok(Self { producer, reader })
    }

    /// Sends `count` records, each once the consumer has the one before; how long each took.
    pub(in crate::bench) fn run(mut self, count: usize) -> Result<Vec<Duration>> {
        let mut all = Vec::with_capacity(count);
        for _ in 0..count {
            let begun = Instant::now();
            self.producer.connection.send(&mut self.producer.request)?;
            self.reader.wait_for_records()?;
            all.push(begun.elapsed());
            // The next fetch waits at the broker before the next record comes.
            self.reader.ask()?;
            acknowledged(&mut self.producer.connection)?;
        }
        Ok(all)
    }
}
