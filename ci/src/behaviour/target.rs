//! The broker under test, and what is put on it before the probes.
//!
//! **Not here**: the probes.

use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, bail, ensure};
use klamm_protocol::create_topics_request::{CreatableTopic, CreatableTopicConfig};
use klamm_protocol::delete_records_request::{DeleteRecordsPartition, DeleteRecordsTopic};
use klamm_protocol::delete_topics_request::DeleteTopicState;
use klamm_protocol::metadata_request::MetadataRequestTopic;
use klamm_protocol::metadata_response::MetadataResponseTopic;
use klamm_protocol::{
    CreateTopicsRequest, DeleteRecordsRequest, DeleteTopicsRequest, ErrorCode, MetadataRequest, Request, Uuid,
};

use super::connection::{ANSWER_WAIT, CLIENT_ID, Connection};
use super::produce::Send;

/// The only broker's id.
pub(super) const BROKER_ID: i32 = 1;

/// How long a topic may take to be created and led.
const TOPIC_WAIT: Duration = Duration::from_secs(20);

/// Where requests go.
pub(super) struct Target {
    pub(super) bootstrap: String,
    pub(super) controller: Option<String>,
    pub(super) cluster_id: String,
}

impl Target {
    pub(super) fn new(bootstrap: &str, controller: Option<&str>) -> Result<Self> {
        let mut target = Self {
            bootstrap: bootstrap.to_owned(),
            controller: controller.map(str::to_owned),
            cluster_id: String::new(),
        };
        let metadata = target.call(&MetadataRequest::default(), 12)?;
        let ids: Vec<i32> = metadata.brokers.iter().map(|broker| broker.node_id).collect();
        ensure!(ids == [BROKER_ID], "the cluster has brokers {ids:?}; the rows are those of broker 1 alone");
        target.cluster_id = metadata.cluster_id.unwrap_or_default();
        Ok(target)
    }

    /// A request of the preparations.
    pub(super) fn call<R: Request>(&self, body: &R, version: i16) -> Result<R::Response> {
        let answer = Connection::open(&self.bootstrap)
            .and_then(|mut connection| connection.call(CLIENT_ID, body, version, ANSWER_WAIT));
        answer.map_err(|error| anyhow!("{} v{version}: {error}", R::NAME))
    }

    /// Deletes the topics, as far as they are there.
    pub(super) fn delete(&self, topics: &[&str]) -> Result<()> {
        let topics = topics
            .iter()
            .map(|topic| DeleteTopicState { name: Some((*topic).to_owned()), ..Default::default() })
            .collect();
        let request = DeleteTopicsRequest { topics, timeout_ms: 10_000, ..Default::default() };
        self.call(&request, 6).map(drop)
    }

    /// An empty topic, also where there was one of this name.
    pub(super) fn fresh_topic(&self, name: &str, partitions: i32, configs: &[(&str, &str)]) -> Result<()> {
        self.delete(&[name])?;
        let configs = configs.iter().map(|(key, value)| CreatableTopicConfig {
            name: (*key).to_owned(),
            value: Some((*value).to_owned()),
            ..Default::default()
        });
        let topic = CreatableTopic {
            name: name.to_owned(),
            num_partitions: partitions,
            replication_factor: 1,
            configs: configs.collect(),
            ..Default::default()
        };
        let request = CreateTopicsRequest { topics: vec![topic], timeout_ms: 10_000, ..Default::default() };
        let begun = Instant::now();
        loop {
            let answer = self.call(&request, 7)?;
            let code = answer.topics.first().map_or(ErrorCode::NONE, |topic| topic.error_code);
            if code.is_none() {
                return self.led(name);
            }
            if begun.elapsed() > TOPIC_WAIT {
                bail!("topic {name} cannot be created: {code}");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Waits until every partition has a leader.
    pub(super) fn led(&self, name: &str) -> Result<()> {
        let begun = Instant::now();
        loop {
            let topic = self.topic(name)?;
            if !topic.partitions.is_empty()
                && topic.partitions.iter().all(|partition| partition.leader_id >= 0)
            {
                return Ok(());
            }
            ensure!(begun.elapsed() < TOPIC_WAIT, "topic {name} has no leader");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub(super) fn topic_id(&self, name: &str) -> Result<Uuid> {
        Ok(self.topic(name)?.topic_id)
    }

    fn topic(&self, name: &str) -> Result<MetadataResponseTopic> {
        let asked = MetadataRequestTopic { name: Some(name.to_owned()), ..Default::default() };
        let request = MetadataRequest {
            topics: Some(vec![asked]),
            allow_auto_topic_creation: false,
            ..Default::default()
        };
        self.call(&request, 12)?.topics.pop().ok_or_else(|| anyhow!("no answer about topic {name}"))
    }

    /// Topic f1 with offsets 3 to 9 in partition 0, a batch each and each a millisecond later, and the empty f2; the
    /// id of f1.
    pub(super) fn filled_topic(&self) -> Result<Uuid> {
        self.fresh_topic("f1", 2, &[])?;
        self.fresh_topic("f2", 2, &[])?;
        for offset in 0..10 {
            let mut send = Send { topic: "f1".to_owned(), ..Send::default() };
            send.batch(|batch| batch.base_timestamp_ms += offset);
            self.call(&send.request(), 9)?;
        }
        let partition = DeleteRecordsPartition { partition_index: 0, offset: 3, ..Default::default() };
        let topic =
            DeleteRecordsTopic { name: "f1".to_owned(), partitions: vec![partition], ..Default::default() };
        let request = DeleteRecordsRequest { topics: vec![topic], timeout_ms: 5000, ..Default::default() };
        self.call(&request, 2)?;
        self.topic_id("f1")
    }
}
