//! When metadata is asked for, and of which topics. Not here: what is known (`cluster`).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use klamm_protocol::{MetadataRequest, MetadataResponse, metadata_request::MetadataRequestTopic};

use crate::{Backoff, Cluster, Moment};

/// How metadata is kept fresh.
#[derive(Clone, Copy, Debug)]
pub struct MetadataConfig {
    /// Asked again when it is older.
    pub max_age: Duration,
    /// A topic that nobody used for so long is forgotten.
    pub max_idle: Duration,
    /// Between attempts.
    pub backoff: Backoff,
    /// Whether asking for a topic may create it.
    pub allow_auto_topic_creation: bool,
}

/// The cache and its decisions.
#[derive(Debug)]
pub struct Metadata {
    config: MetadataConfig,
    cluster: Arc<Cluster>,
    /// Topics of interest, and when each was last asked for.
    wanted: BTreeMap<Arc<str>, Moment>,
    asked: Asked,
    /// Whether a refresh is wanted before the metadata is too old.
    requested: bool,
    fresh_until: Moment,
    not_before: Moment,
    failures: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    No,
    /// And a topic was added, or a refresh requested, since.
    Yes {
        again: bool,
    },
}

impl Metadata {
    /// Knows nothing, and asks when the first topic is wanted.
    pub fn new(config: MetadataConfig) -> Self {
        Metadata {
            config,
            cluster: Arc::default(),
            wanted: BTreeMap::new(),
            asked: Asked::No,
            requested: false,
            fresh_until: Moment::NEVER,
            not_before: Moment::default(),
            failures: 0,
        }
    }

    /// What is known.
    pub fn cluster(&self) -> &Arc<Cluster> {
        &self.cluster
    }

    /// Keeps a topic in the cache from now on; asks for it if it is not there.
    pub fn want(&mut self, now: Moment, topic: &Arc<str>) {
        match self.wanted.get_mut(topic) {
            Some(last_used) => *last_used = now,
            None => {
                self.wanted.insert(topic.clone(), now);
                self.request_refresh();
            }
        }
    }

    /// Notes that a topic in the cache is in use.
    pub fn touch(&mut self, now: Moment, topic: &str) {
        if let Some(last_used) = self.wanted.get_mut(topic) {
            *last_used = now;
        }
    }

    /// Asks again as soon as the back-off allows.
    pub fn request_refresh(&mut self) {
        self.requested = true;
        if self.asked != Asked::No {
            self.asked = Asked::Yes { again: true };
        }
    }

    /// The request to send now, if one is due. Its answer goes to [`Metadata::answered`] or [`Metadata::failed`].
    pub fn poll_request(&mut self, now: Moment) -> Option<MetadataRequest> {
        if self.asked != Asked::No || self.next_deadline() > now {
            return None;
        }
        let idle = self.config.max_idle;
        self.wanted.retain(|_, last_used| *last_used + idle > now);
        if self.wanted.is_empty() {
            self.requested = false;
            self.fresh_until = Moment::NEVER;
            return None;
        }
        self.asked = Asked::Yes { again: false };
        let topic = |name: &Arc<str>| MetadataRequestTopic {
            name: Some(name.to_string()),
            ..MetadataRequestTopic::default()
        };
        Some(MetadataRequest {
            topics: Some(self.wanted.keys().map(topic).collect()),
            allow_auto_topic_creation: self.config.allow_auto_topic_creation,
            ..MetadataRequest::default()
        })
    }

    /// When [`Metadata::poll_request`] has something to say.
    pub fn next_deadline(&self) -> Moment {
        let due = if self.requested { Moment::default() } else { self.fresh_until };
        if self.asked == Asked::No { due.max(self.not_before) } else { Moment::NEVER }
    }

    /// Takes over an answer. A topic in it that has a passing error, or a partition without a leader, is asked for again.
    pub fn answered(&mut self, now: Moment, response: MetadataResponse, draw: f64) {
        let mut cluster = Cluster::clone(&self.cluster);
        cluster.update(response);
        cluster.topics.retain(|name, _| self.wanted.contains_key(name));
        self.cluster = Arc::new(cluster);
        let unsettled = self.wanted.keys().any(|name| match self.cluster.topics.get(name) {
            None => true,
            Some(topic) if topic.error.is_error() => topic.error.is_retriable(),
            Some(topic) => topic.partitions.iter().any(|partition| partition.leader.is_none()),
        });
        self.requested = unsettled || self.asked == Asked::Yes { again: true };
        self.failures = if unsettled { self.failures.saturating_add(1) } else { 0 };
        self.asked = Asked::No;
        self.fresh_until = now + self.config.max_age;
        self.not_before = if unsettled { now + self.config.backoff.delay(self.failures, draw) } else { now };
    }

    /// No answer came.
    pub fn failed(&mut self, now: Moment, draw: f64) {
        self.asked = Asked::No;
        self.requested = true;
        self.failures = self.failures.saturating_add(1);
        self.not_before = now + self.config.backoff.delay(self.failures, draw);
    }
}
