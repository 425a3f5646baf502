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
    /// After how long without an answer the nodes of the configuration are to be asked; `None` for never.
    pub rebootstrap_trigger: Option<Duration>,
}

/// The cache and its decisions.
#[derive(Debug)]
pub struct Metadata {
    config: MetadataConfig,
    cluster: Arc<Cluster>,
    /// Topics of interest, and when each was last asked for.
    wanted: BTreeMap<Arc<str>, Moment>,
    /// A topic is wanted that nobody has asked about yet: that need not wait for the back-off after an answer.
    added: bool,
    asked: Asked,
    /// Whether a refresh is wanted before the metadata is too old.
    requested: bool,
    fresh_until: Moment,
    not_before: Moment,
    failures: u32,
    /// Since when there was no answer.
    asking_since: Option<Moment>,
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
            added: false,
            asked: Asked::No,
            requested: false,
            fresh_until: Moment::NEVER,
            not_before: Moment::default(),
            failures: 0,
            asking_since: None,
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
                self.added = true;
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

    /// The request to send now, if one is due; topics that are not in use any more are forgotten before. Its answer goes to [`Metadata::answered`] or [`Metadata::failed`].
    pub fn poll_request(&mut self, now: Moment) -> Option<MetadataRequest> {
        if self.asked != Asked::No || self.next_deadline() > now {
            return None;
        }
        let idle = self.config.max_idle;
        self.wanted.retain(|_, last_used| *last_used + idle > now);
        self.forget_unwanted();
        if self.wanted.is_empty() {
            self.requested = false;
            self.fresh_until = Moment::NEVER;
            return None;
        }
        self.asked = Asked::Yes { again: false };
        self.added = false;
        self.asking_since.get_or_insert(now);
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
        let not_before = if self.added && self.failures == 0 { Moment::default() } else { self.not_before };
        if self.asked == Asked::No { due.max(not_before) } else { Moment::NEVER }
    }

    /// Drops what is known of topics that nobody keeps fresh: it would be believed long after it is wrong.
    fn forget_unwanted(&mut self) {
        if self.cluster.topics.keys().any(|name| !self.wanted.contains_key(name)) {
            Arc::make_mut(&mut self.cluster).topics.retain(|name, _| self.wanted.contains_key(name));
        }
    }

    /// Takes over an answer. A topic in it that has a passing error, or a partition without a leader, is asked for again.
    /// Whoever is not content with the answer asks again, too, but not before the back-off.
    pub fn answered(&mut self, now: Moment, response: MetadataResponse, draw: f64) {
        Arc::make_mut(&mut self.cluster).update(response);
        self.forget_unwanted();
        self.asking_since = None;
        let unsettled = self.wanted.keys().any(|name| match self.cluster.topics.get(name) {
            // A topic that was added since is in no answer yet.
            None => !self.added,
            Some(topic) if topic.error.is_error() => topic.error.is_retriable(),
            Some(topic) => topic.partitions.iter().any(|partition| partition.leader.is_none()),
        });
        self.requested = unsettled || self.asked == Asked::Yes { again: true };
        self.failures = if unsettled { self.failures.saturating_add(1) } else { 0 };
        self.asked = Asked::No;
        self.fresh_until = now + self.config.max_age;
        self.not_before = now + self.config.backoff.delay(self.failures.max(1), draw);
    }

    /// No answer came.
    pub fn failed(&mut self, now: Moment, draw: f64) {
        self.asked = Asked::No;
        self.requested = true;
        self.failures = self.failures.saturating_add(1);
        self.not_before = now + self.config.backoff.delay(self.failures, draw);
    }

    /// Whether the nodes that are known have been asked in vain for so long that those of the configuration are to be
    /// asked in their place; they get as much time.
    pub fn is_rebootstrap_due(&mut self, now: Moment) -> bool {
        let due = self.asking_since.zip(self.config.rebootstrap_trigger).map(|(since, after)| since + after);
        let is_due = due.is_some_and(|due| due <= now);
        if is_due {
            self.asking_since = Some(now);
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use klamm_protocol::{ErrorCode, metadata_response};

    use super::*;

    fn metadata() -> Metadata {
        Metadata::new(MetadataConfig {
            max_age: Duration::from_secs(300),
            max_idle: Duration::from_secs(60),
            backoff: Backoff { initial: Duration::from_millis(100), max: Duration::from_secs(1) },
            allow_auto_topic_creation: false,
            rebootstrap_trigger: Some(Duration::from_secs(300)),
        })
    }

    fn at(millis: u64) -> Moment {
        Moment::from_millis(millis)
    }

    /// The topics asked about at a moment, or nothing.
    fn check(metadata: &mut Metadata, millis: u64, expected: &str) {
        let request = metadata.poll_request(at(millis));
        let topics = request.and_then(|request| request.topics).unwrap_or_default();
        let names: Vec<String> = topics.into_iter().filter_map(|topic| topic.name).collect();
        assert_eq!(names.join(" "), expected, "at {millis} ms");
    }

    fn answer(metadata: &mut Metadata, millis: u64, name: &str, error_code: ErrorCode) {
        let partition = metadata_response::MetadataResponsePartition { leader_id: 1, ..Default::default() };
        let topic = metadata_response::MetadataResponseTopic {
            name: Some(name.into()),
            error_code,
            partitions: vec![partition],
            ..Default::default()
        };
        let response = MetadataResponse { topics: vec![topic], ..MetadataResponse::default() };
        metadata.answered(at(millis), response, 0.5);
    }

    #[test]
    fn nobody_is_asked_again_before_the_backoff_whatever_the_answer_was() {
        for code in [ErrorCode::NONE, ErrorCode::INVALID_TOPIC_EXCEPTION] {
            let mut metadata = metadata();
            metadata.want(at(0), &"a".into());
            check(&mut metadata, 0, "a");
            answer(&mut metadata, 10, "a", code);
            metadata.request_refresh();
            check(&mut metadata, 10, "");
            assert_eq!(metadata.next_deadline(), at(110));
            check(&mut metadata, 110, "a");
        }
    }

    #[test]
    fn a_topic_that_nobody_asked_about_yet_does_not_wait_behind_an_answer() {
        let mut metadata = metadata();
        metadata.want(at(0), &"a".into());
        check(&mut metadata, 0, "a");
        metadata.want(at(1), &"b".into());
        answer(&mut metadata, 10, "a", ErrorCode::NONE);
        check(&mut metadata, 10, "a b");
        answer(&mut metadata, 120, "b", ErrorCode::NONE);
        metadata.want(at(121), &"c".into());
        check(&mut metadata, 121, "a b c");
    }

    #[test]
    fn what_was_asked_in_vain_for_long_is_asked_elsewhere() {
        let mut metadata = metadata();
        metadata.want(at(1_000), &"a".into());
        check(&mut metadata, 1_000, "a");
        metadata.failed(at(2_000), 0.5);
        assert!(!metadata.is_rebootstrap_due(at(300_999)));
        assert!(metadata.is_rebootstrap_due(at(301_000)));
        assert!(!metadata.is_rebootstrap_due(at(301_001)));
        assert!(metadata.is_rebootstrap_due(at(601_000)));
        metadata.want(at(601_000), &"a".into());
        check(&mut metadata, 601_000, "a");
        answer(&mut metadata, 601_010, "a", ErrorCode::NONE);
        assert!(!metadata.is_rebootstrap_due(at(999_999)));
    }

    #[test]
    fn a_topic_that_is_not_in_use_is_forgotten_whole_and_may_come_back() {
        let mut metadata = metadata();
        metadata.want(at(0), &"a".into());
        check(&mut metadata, 0, "a");
        answer(&mut metadata, 10, "a", ErrorCode::NONE);
        assert!(metadata.cluster().leader("a", 0).is_some());
        check(&mut metadata, 300_010, "");
        assert_eq!(metadata.cluster().leader("a", 0), None);
        metadata.want(at(300_020), &"a".into());
        check(&mut metadata, 300_020, "a");
    }
}
