//! The load generator: raw protocol over blocking sockets, a thread a connection, requests built before the clock runs. It
//! does less for a byte than any broker, and sends the same bytes to each.
//!
//! **Not here**: who is loaded and what it costs them (`subject`, `stages`).

mod connection;
mod fetch;
mod latency;
mod produce;

use std::net::SocketAddr;

use anyhow::{Context as _, Result, ensure};
use klamm_protocol::create_topics_request::CreatableTopic;
use klamm_protocol::delete_topics_request::DeleteTopicState;
use klamm_protocol::{CreateTopicsRequest, DeleteTopicsRequest, Uuid};

use self::connection::Connection;
pub(super) use self::fetch::Reader;
pub(super) use self::latency::{EndToEnd, RoundTrips};
pub(super) use self::produce::Producers;

/// Produce by topic id.
const PRODUCE_VERSION: i16 = 13;
/// Fetch by topic id.
const FETCH_VERSION: i16 = 17;
const CREATE_TOPICS_VERSION: i16 = 7;
const DELETE_TOPICS_VERSION: i16 = 6;

/// How long a broker may take for what it is asked.
const TIMEOUT_MS: i32 = 30_000;

/// A topic on one broker.
#[derive(Clone, Copy)]
pub(super) struct Topic {
    pub(super) address: SocketAddr,
    id: Uuid,
}

impl Topic {
    /// Creates it, with one replica.
    pub(super) fn create(address: SocketAddr, name: &str, partitions: i32) -> Result<Self> {
        let topic = CreatableTopic {
            name: name.to_owned(),
            num_partitions: partitions,
            replication_factor: 1,
            ..Default::default()
        };
        let request =
            CreateTopicsRequest { topics: vec![topic], timeout_ms: TIMEOUT_MS, ..Default::default() };
        let response = Connection::open(address)?.call(&request, CREATE_TOPICS_VERSION)?;
        let result = response.topics.first().context("CreateTopics answers with the topic")?;
        ensure!(result.error_code.is_none(), "CreateTopics of {name}: {}", result.error_code);
        let topic = Self { address, id: result.topic_id };
        topic.wait_for_leaders(partitions)?;
        Ok(topic)
    }

    /// Deletes it; the broker may take its time with the files.
    pub(super) fn delete(&self) -> Result<()> {
        let topic = DeleteTopicState { name: None, topic_id: self.id, ..Default::default() };
        let request =
            DeleteTopicsRequest { topics: vec![topic], timeout_ms: TIMEOUT_MS, ..Default::default() };
        let response = Connection::open(self.address)?.call(&request, DELETE_TOPICS_VERSION)?;
        let result = response.responses.first().context("DeleteTopics answers with the topic")?;
        ensure!(result.error_code.is_none(), "DeleteTopics: {}", result.error_code);
        Ok(())
    }

    /// A created topic is served a moment later: every partition is asked for its (empty) records until it answers.
    fn wait_for_leaders(&self, partitions: i32) -> Result<()> {
        for partition in 0..partitions {
            fetch::wait_until_served(*self, partition)?;
        }
        Ok(())
    }
}
