//! Topics and their partitions. Not here: their configurations.

use std::collections::BTreeMap;
use std::rc::Rc;

use klamm_client_core::ByVersion;
use klamm_protocol::{
    CreatePartitionsRequest, CreateTopicsRequest, DeleteTopicsRequest, DescribeTopicPartitionsRequest,
    ErrorCode, MetadataRequest, MetadataResponse, create_partitions_request, create_topics_request,
    delete_topics_request, describe_topic_partitions_request, metadata_request, metadata_response,
};

use super::attempts::{ask_any, ask_controller};
use super::{
    CreatedTopic, Each, NewPartitions, NewTopic, PartitionDescription, TopicDescription, TopicListing,
};
use crate::error::Error;
use crate::link::Link;

fn controller_moved(codes: impl IntoIterator<Item = ErrorCode>) -> Result<(), Error> {
    match codes.into_iter().any(|code| code == ErrorCode::NOT_CONTROLLER) {
        true => Err(ErrorCode::NOT_CONTROLLER.into()),
        false => Ok(()),
    }
}

pub(super) async fn create(
    link: Rc<Link>,
    topics: Vec<NewTopic>,
    validate_only: bool,
) -> Result<Each<String, CreatedTopic>, Error> {
    let request = CreateTopicsRequest {
        topics: topics.into_iter().map(creatable).collect(),
        timeout_ms: link.request_timeout_ms(),
        validate_only,
        ..CreateTopicsRequest::default()
    };
    let response = ask_controller::<CreateTopicsRequest>(
        &link,
        || Box::new(request.clone()),
        |response| controller_moved(response.topics.iter().map(|topic| topic.error_code)),
    )
    .await?;
    let outcome = |topic: klamm_protocol::create_topics_response::CreatableTopicResult| {
        let created = CreatedTopic {
            topic_id: topic.topic_id,
            num_partitions: topic.num_partitions,
            replication_factor: topic.replication_factor,
        };
        (topic.name, Error::check(topic.error_code, topic.error_message).map(|()| created))
    };
    Ok(response.topics.into_iter().map(outcome).collect())
}

fn creatable(topic: NewTopic) -> create_topics_request::CreatableTopic {
    let assigned = !topic.replica_assignment.is_empty();
    let assignment = |(partition_index, broker_ids)| create_topics_request::CreatableReplicaAssignment {
        partition_index,
        broker_ids,
        ..Default::default()
    };
    let config = |(name, value)| create_topics_request::CreatableTopicConfig {
        name,
        value: Some(value),
        ..Default::default()
    };
    create_topics_request::CreatableTopic {
        name: topic.name,
        num_partitions: topic.num_partitions.filter(|_| !assigned).unwrap_or(-1),
        replication_factor: topic.replication_factor.filter(|_| !assigned).unwrap_or(-1),
        assignments: topic.replica_assignment.into_iter().map(assignment).collect(),
        configs: topic.configs.into_iter().map(config).collect(),
        ..Default::default()
    }
}

pub(super) async fn delete(link: Rc<Link>, names: Vec<String>) -> Result<Each<String, ()>, Error> {
    let timeout_ms = link.request_timeout_ms();
    let request = move |version: i16| {
        let state = |name: &String| delete_topics_request::DeleteTopicState {
            name: Some(name.clone()),
            ..Default::default()
        };
        let topics = if version >= 6 { names.iter().map(state).collect() } else { Vec::new() };
        let topic_names = if version >= 6 { Vec::new() } else { names.clone() };
        DeleteTopicsRequest { topics, topic_names, timeout_ms, ..Default::default() }
    };
    let response = ask_controller::<DeleteTopicsRequest>(
        &link,
        || ByVersion::new(request.clone()).into(),
        |response| controller_moved(response.responses.iter().map(|topic| topic.error_code)),
    )
    .await?;
    let outcome = |topic: klamm_protocol::delete_topics_response::DeletableTopicResult| {
        (topic.name.unwrap_or_default(), Error::check(topic.error_code, topic.error_message))
    };
    Ok(response.responses.into_iter().map(outcome).collect())
}

pub(super) async fn create_partitions(
    link: Rc<Link>,
    topics: BTreeMap<String, NewPartitions>,
    validate_only: bool,
) -> Result<Each<String, ()>, Error> {
    let assignment = |broker_ids| create_partitions_request::CreatePartitionsAssignment {
        broker_ids,
        ..Default::default()
    };
    let topic =
        |(name, partitions): (String, NewPartitions)| create_partitions_request::CreatePartitionsTopic {
            name,
            count: partitions.total_count,
            assignments: partitions.assignments.map(|brokers| brokers.into_iter().map(assignment).collect()),
            ..Default::default()
        };
    let request = CreatePartitionsRequest {
        topics: topics.into_iter().map(topic).collect(),
        timeout_ms: link.request_timeout_ms(),
        validate_only,
        ..CreatePartitionsRequest::default()
    };
    let response = ask_controller::<CreatePartitionsRequest>(
        &link,
        || Box::new(request.clone()),
        |response| controller_moved(response.results.iter().map(|topic| topic.error_code)),
    )
    .await?;
    let results = response.results.into_iter();
    Ok(results.map(|topic| (topic.name, Error::check(topic.error_code, topic.error_message))).collect())
}

pub(super) async fn list(link: Rc<Link>, include_internal: bool) -> Result<Vec<TopicListing>, Error> {
    let response = metadata(&link, None).await?;
    let listing = |topic: metadata_response::MetadataResponseTopic| {
        let shown = topic.error_code.is_none() && (include_internal || !topic.is_internal);
        let name = topic.name.filter(|_| shown)?;
        Some(TopicListing { name, topic_id: topic.topic_id, is_internal: topic.is_internal })
    };
    let mut topics: Vec<TopicListing> = response.topics.into_iter().filter_map(listing).collect();
    topics.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(topics)
}

pub(super) async fn describe(
    link: Rc<Link>,
    names: Vec<String>,
    partitions_per_response: i32,
) -> Result<Each<String, TopicDescription>, Error> {
    let response = metadata(&link, Some(names)).await?;
    let topics = response.topics.into_iter();
    let mut described: Each<String, TopicDescription> =
        topics.map(|topic| (topic.name.clone().unwrap_or_default(), description(topic))).collect();
    add_eligible_leaders(&link, &mut described, partitions_per_response).await;
    Ok(described)
}

/// Adds what only DescribeTopicPartitions tells (KIP-966), page by page. Brokers before Kafka 3.8 do not have it, and
/// then there is nothing to add.
async fn add_eligible_leaders(
    link: &Rc<Link>,
    described: &mut Each<String, TopicDescription>,
    partitions_per_response: i32,
) {
    let names = described.iter().filter(|(_, topic)| topic.is_ok()).map(|(name, _)| name.clone());
    let topic = |name| describe_topic_partitions_request::TopicRequest { name, ..Default::default() };
    let mut request = DescribeTopicPartitionsRequest {
        topics: names.map(topic).collect(),
        response_partition_limit: partitions_per_response,
        ..DescribeTopicPartitionsRequest::default()
    };
    while !request.topics.is_empty() {
        let body = || {
            ByVersion::new({
                let request = request.clone();
                move |_| request.clone()
            })
        };
        let Ok(page) = ask_any::<DescribeTopicPartitionsRequest>(link, || body().into()).await else {
            return;
        };
        for topic in page.topics {
            let name = topic.name.unwrap_or_default();
            let Some(Ok(known)) = described.get_mut(&name) else { continue };
            for partition in topic.partitions {
                let index =
                    known.partitions.iter_mut().find(|other| other.partition == partition.partition_index);
                let Some(known) = index else { continue };
                known.elr = partition.eligible_leader_replicas;
                known.last_known_elr = partition.last_known_elr;
            }
        }
        let Some(cursor) = page.next_cursor else { return };
        let place = |name: &str, partition| (name.to_owned(), partition);
        let next = place(&cursor.topic_name, cursor.partition_index);
        // A cursor that does not move on would be followed for ever.
        if request.cursor.as_ref().is_some_and(|last| next <= place(&last.topic_name, last.partition_index)) {
            return;
        }
        request.topics.retain(|topic| topic.name >= cursor.topic_name);
        request.cursor = Some(describe_topic_partitions_request::Cursor {
            topic_name: cursor.topic_name,
            partition_index: cursor.partition_index,
            ..Default::default()
        });
    }
}

async fn metadata(link: &Rc<Link>, names: Option<Vec<String>>) -> Result<MetadataResponse, Error> {
    let topic = |name| metadata_request::MetadataRequestTopic { name: Some(name), ..Default::default() };
    let request = MetadataRequest {
        topics: names.map(|names| names.into_iter().map(topic).collect()),
        allow_auto_topic_creation: false,
        ..MetadataRequest::default()
    };
    // Version 4 is the first in which asking creates nothing.
    let body = || {
        let request = request.clone();
        ByVersion::new(move |_| request.clone()).from(4).into()
    };
    let response = ask_any::<MetadataRequest>(link, body).await?;
    link.learn_nodes(&response);
    Ok(response)
}

pub(crate) fn description(
    topic: metadata_response::MetadataResponseTopic,
) -> Result<TopicDescription, Error> {
    Error::check(topic.error_code, None)?;
    let described = |partition: metadata_response::MetadataResponsePartition| {
        PartitionDescription::of(partition.partition_index, partition.into())
    };
    let mut partitions: Vec<PartitionDescription> = topic.partitions.into_iter().map(described).collect();
    partitions.sort_by_key(|partition| partition.partition);
    Ok(TopicDescription {
        name: topic.name.unwrap_or_default(),
        topic_id: topic.topic_id,
        is_internal: topic.is_internal,
        partitions,
    })
}
