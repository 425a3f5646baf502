//! Offsets of partitions, asked of their leaders. Not here: a consumer's own positions.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use klamm_client_core::{Body, ByVersion, Moment, Topic, list_offsets_request};
use klamm_protocol::{DeleteRecordsRequest, ErrorCode, ListOffsetsRequest, delete_records_request};

use crate::admin::{Each, ListedOffset, OffsetSpec, PartitionDescription};
use crate::config::IsolationLevel;
use crate::error::Error;
use crate::link::Link;
use crate::record::TopicPartition;

/// Waits until a topic's partitions are known. `allowed` is what the caller allows in all, for the error.
pub(crate) async fn topic(
    link: &Rc<Link>,
    name: &Arc<str>,
    deadline: Moment,
    allowed: Duration,
) -> Result<Topic, Error> {
    link.want_topic(name);
    loop {
        let mut changed = std::pin::pin!(link.metadata_changed.notified());
        changed.as_mut().enable();
        if link.is_closed() {
            return Err(Error::closed());
        }
        match link.cluster().topics.get(name) {
            Some(topic) if topic.error.is_none() => return Ok(topic.clone()),
            Some(topic) if !topic.error.is_retriable() => return Err(topic.error.into()),
            _ => {}
        }
        let limit = deadline - link.now();
        if link.env.timeout(limit, changed).await.is_err() {
            return match link.cluster().topics.get(name) {
                Some(topic) => Err(topic.error.into()),
                None => Err(Error::timeout("asking for metadata", allowed)),
            };
        }
    }
}

/// The partitions of a topic as callers see them.
pub(crate) fn partitions(topic: &Topic) -> Vec<PartitionDescription> {
    let known = (0..).zip(topic.partitions.iter().cloned());
    known.map(|(number, partition)| PartitionDescription::of(number, partition)).collect()
}

/// Whoever leads the partition may answer.
const NO_LEADER_EPOCH: i32 = -1;

/// What a leader answered of one partition.
type Answers<T> = Vec<(TopicPartition, Result<T, Error>)>;

/// Asks the leader of each partition, and again where leaders have changed, until all have answered or
/// `default.api.timeout.ms` has passed.
async fn ask_leaders<V: Copy, T>(
    link: &Rc<Link>,
    mut open: BTreeMap<TopicPartition, V>,
    ask: impl AsyncFn(i32, Vec<(TopicPartition, V)>, Moment) -> Result<Answers<T>, Error>,
) -> Result<Each<TopicPartition, T>, Error> {
    let deadline = link.now() + link.config.default_api_timeout;
    let mut outcomes = Each::new();
    let mut failures = 0;
    loop {
        for topic in open.keys().map(|partition| &partition.topic) {
            link.want_topic(topic);
        }
        let mut latest = BTreeMap::new();
        for (node, group) in by_leader(link, &open, deadline, &mut latest).await {
            let mut answers = ask(node, group.clone(), deadline).await.map(BTreeMap::from_iter);
            for (partition, _) in group {
                let answer = match &mut answers {
                    Ok(answers) => answers.remove(&partition).unwrap_or_else(|| {
                        Err(Error::protocol(format!("the leader's answer says nothing of {partition}")))
                    }),
                    Err(error) => Err(error.clone()),
                };
                latest.insert(partition, answer);
            }
        }
        for (partition, outcome) in latest {
            let again = outcome.as_ref().is_err_and(Error::is_retriable)
                && failures < link.retries
                && link.now() < deadline;
            if !again {
                open.remove(&partition);
                outcomes.insert(partition, outcome);
            }
        }
        if open.is_empty() {
            return Ok(outcomes);
        }
        failures += 1;
        link.request_refresh();
        link.back_off(failures, deadline).await;
    }
}

/// Partitions by who leads them; what is known to be wrong with the others goes to `failed`.
async fn by_leader<V: Copy, T>(
    link: &Rc<Link>,
    open: &BTreeMap<TopicPartition, V>,
    deadline: Moment,
    failed: &mut BTreeMap<TopicPartition, Result<T, Error>>,
) -> BTreeMap<i32, Vec<(TopicPartition, V)>> {
    let known = |name: &Arc<str>| link.cluster().topics.contains_key(name);
    if !open.keys().all(|partition| known(&partition.topic)) {
        link.next_metadata(deadline).await;
    }
    let cluster = link.cluster();
    let mut groups: BTreeMap<i32, Vec<_>> = BTreeMap::new();
    for (partition, value) in open {
        match cluster.leader(&partition.topic, partition.partition) {
            Some((leader, _)) => groups.entry(leader).or_default().push((partition.clone(), *value)),
            None => {
                let topic = cluster.topics.get(&partition.topic);
                let code = topic.map(|topic| topic.error).filter(|code| code.is_error());
                let code = code.unwrap_or(match cluster.partition(&partition.topic, partition.partition) {
                    Some(_) => ErrorCode::LEADER_NOT_AVAILABLE,
                    None => ErrorCode::UNKNOWN_TOPIC_OR_PARTITION,
                });
                failed.insert(partition.clone(), Err(code.into()));
            }
        }
    }
    groups
}

/// Partitions by topic, as requests have them.
fn by_topic<V>(partitions: Vec<(TopicPartition, V)>) -> BTreeMap<Arc<str>, Vec<(i32, V)>> {
    let mut topics: BTreeMap<Arc<str>, Vec<_>> = BTreeMap::new();
    for (partition, value) in partitions {
        topics.entry(partition.topic).or_default().push((partition.partition, value));
    }
    topics
}

pub(crate) async fn list(
    link: Rc<Link>,
    partitions: BTreeMap<TopicPartition, OffsetSpec>,
    isolation: IsolationLevel,
) -> Result<Each<TopicPartition, ListedOffset>, Error> {
    let wire = partitions.into_iter().map(|(partition, spec)| (partition, spec.to_wire())).collect();
    ask_leaders(&link, wire, async |node, group, deadline| {
        let times = group.into_iter().map(|(partition, time)| (partition, NO_LEADER_EPOCH, time));
        let committed = isolation == IsolationLevel::ReadCommitted;
        let body = list_body(list_offsets_request(committed, link.config.request_timeout, times));
        let response = link.ask::<ListOffsetsRequest>(node, body, deadline).await?;
        let mut answers = Vec::new();
        for topic in response.topics {
            let name: Arc<str> = topic.name.into();
            for answer in topic.partitions {
                let listed = ListedOffset {
                    offset: answer.offset,
                    timestamp: answer.timestamp,
                    leader_epoch: answer.leader_epoch,
                };
                let partition = TopicPartition::new(name.clone(), answer.partition_index);
                answers.push((partition, Error::check(answer.error_code, None).map(|()| listed)));
            }
        }
        Ok(answers)
    })
    .await
}

/// The lowest version that knows each of the special times, below -2.
fn lowest_version(time: i64) -> i16 {
    match time {
        -3 => 7,
        -4 => 8,
        -5 => 9,
        -6 => 11,
        _ => 0,
    }
}

/// The question in the versions that can carry its times and its isolation level.
pub(crate) fn list_body(request: ListOffsetsRequest) -> Box<dyn Body> {
    let partitions = request.topics.iter().flat_map(|topic| &topic.partitions);
    let lowest = partitions.map(|partition| lowest_version(partition.timestamp)).max().unwrap_or(0);
    // Version 1 has no isolation level.
    let lowest = lowest.max(if request.isolation_level > 0 { 2 } else { 1 });
    ByVersion::new(move |_| request.clone()).from(lowest).into()
}

pub(crate) async fn delete_records(
    link: Rc<Link>,
    before: BTreeMap<TopicPartition, i64>,
) -> Result<Each<TopicPartition, i64>, Error> {
    let timeout_ms = link.request_timeout_ms();
    ask_leaders(&link, before, async |node, group, deadline| {
        let partition = |(partition_index, offset)| delete_records_request::DeleteRecordsPartition {
            partition_index,
            offset,
            ..Default::default()
        };
        let topic = |(name, partitions): (Arc<str>, Vec<_>)| delete_records_request::DeleteRecordsTopic {
            name: name.to_string(),
            partitions: partitions.into_iter().map(partition).collect(),
            ..Default::default()
        };
        let topics = by_topic(group).into_iter().map(topic).collect();
        let request = DeleteRecordsRequest { topics, timeout_ms, ..Default::default() };
        let response = link.ask::<DeleteRecordsRequest>(node, Box::new(request), deadline).await?;
        let mut answers = Vec::new();
        for topic in response.topics {
            let name: Arc<str> = topic.name.into();
            for answer in topic.partitions {
                let partition = TopicPartition::new(name.clone(), answer.partition_index);
                let outcome = Error::check(answer.error_code, None).map(|()| answer.low_watermark);
                answers.push((partition, outcome));
            }
        }
        Ok(answers)
    })
    .await
}
