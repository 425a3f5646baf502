//! DescribeTopicPartitions (KIP-966): topics page by page. Not here: making topics.

use std::collections::BTreeSet;
use std::rc::Rc;

use klamm_metadata::{MetadataImage, PartitionImage, TopicImage, topic_name_error};
use klamm_protocol::ErrorCode;
use klamm_protocol::describe_topic_partitions_request::{
    Cursor as RequestCursor, DescribeTopicPartitionsRequest,
};
use klamm_protocol::describe_topic_partitions_response::{
    Cursor, DescribeTopicPartitionsResponse, DescribeTopicPartitionsResponsePartition,
    DescribeTopicPartitionsResponseTopic,
};

use super::metadata::TOPIC_OPERATIONS;
use crate::dispatch::RequestContext;
use crate::lane::LaneState;

/// Answers the request.
pub(crate) async fn handle(
    state: Rc<LaneState>,
    _context: RequestContext,
    request: DescribeTopicPartitionsRequest,
) -> DescribeTopicPartitionsResponse {
    let image = state.image();
    let page_max = state.node.config.static_number("max.request.partition.size.limit");
    let limit = usize::try_from(i64::from(request.response_partition_limit).clamp(1, page_max)).unwrap_or(1);
    let limit = if request.response_partition_limit < 0 { 1 } else { limit };
    let names = names(&image, &request);
    if let Some(cursor) = &request.cursor
        && (cursor.partition_index < 0 || !names.contains(cursor.topic_name.as_str()))
    {
        return refused_cursor(cursor);
    }
    let from = request.cursor.as_ref().map_or("", |cursor| cursor.topic_name.as_str());
    let mut response = DescribeTopicPartitionsResponse::default();
    let mut left = limit;
    for name in names.range(from..) {
        let begin = request
            .cursor
            .as_ref()
            .filter(|cursor| cursor.topic_name == *name)
            .map_or(0, |cursor| cursor.partition_index);
        if left == 0 {
            response.next_cursor = Some(cursor(name, begin));
            break;
        }
        let (topic, next) = described(&image, name, begin, &mut left);
        response.topics.push(topic);
        if let Some(next) = next {
            response.next_cursor = Some(cursor(name, next));
            break;
        }
    }
    response
}

fn cursor(topic_name: &str, partition_index: i32) -> Cursor {
    Cursor { topic_name: topic_name.to_owned(), partition_index, ..Cursor::default() }
}

fn refused_cursor(cursor: &RequestCursor) -> DescribeTopicPartitionsResponse {
    let topic = DescribeTopicPartitionsResponseTopic {
        error_code: ErrorCode::INVALID_REQUEST,
        name: Some(cursor.topic_name.clone()),
        ..DescribeTopicPartitionsResponseTopic::default()
    };
    DescribeTopicPartitionsResponse { topics: vec![topic], ..DescribeTopicPartitionsResponse::default() }
}

/// The names to describe, sorted: those asked for, or all.
fn names<'a>(image: &'a MetadataImage, request: &'a DescribeTopicPartitionsRequest) -> BTreeSet<&'a str> {
    if request.topics.is_empty() {
        return image.topic_ids.keys().map(String::as_str).collect();
    }
    request.topics.iter().map(|topic| topic.name.as_str()).collect()
}

/// Describes what still fits; gives the partition to go on with, if any is left.
fn described(
    image: &MetadataImage,
    name: &str,
    begin: i32,
    left: &mut usize,
) -> (DescribeTopicPartitionsResponseTopic, Option<i32>) {
    let Some(topic) = image.topic(name) else {
        let error_code = match topic_name_error(name) {
            Some(_) => ErrorCode::INVALID_TOPIC_EXCEPTION,
            None => ErrorCode::UNKNOWN_TOPIC_OR_PARTITION,
        };
        let topic = DescribeTopicPartitionsResponseTopic {
            error_code,
            name: Some(name.to_owned()),
            ..DescribeTopicPartitionsResponseTopic::default()
        };
        return (topic, None);
    };
    let skipped = usize::try_from(begin).unwrap_or(0);
    let partitions: Vec<_> = (0..).zip(&topic.partitions).skip(skipped).take(*left).map(partition).collect();
    *left -= partitions.len();
    let next = skipped + partitions.len();
    let next = (next < topic.partitions.len())
        .then(|| i32::try_from(next).expect("partitions are numbered in 32 bits"));
    (described_topic(topic, partitions), next)
}

fn described_topic(
    topic: &TopicImage,
    partitions: Vec<DescribeTopicPartitionsResponsePartition>,
) -> DescribeTopicPartitionsResponseTopic {
    DescribeTopicPartitionsResponseTopic {
        name: Some(topic.name.clone()),
        topic_id: topic.id,
        is_internal: topic.is_internal(),
        partitions,
        topic_authorized_operations: TOPIC_OPERATIONS,
        ..DescribeTopicPartitionsResponseTopic::default()
    }
}

fn partition((index, partition): (i32, &PartitionImage)) -> DescribeTopicPartitionsResponsePartition {
    DescribeTopicPartitionsResponsePartition {
        error_code: if partition.leader < 0 { ErrorCode::LEADER_NOT_AVAILABLE } else { ErrorCode::NONE },
        partition_index: index,
        leader_id: partition.leader,
        leader_epoch: partition.leader_epoch,
        replica_nodes: partition.replicas.clone(),
        isr_nodes: partition.isr.clone(),
        eligible_leader_replicas: Some(partition.eligible_leader_replicas.clone()),
        last_known_elr: Some(partition.last_known_elr.clone()),
        ..DescribeTopicPartitionsResponsePartition::default()
    }
}
