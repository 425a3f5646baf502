//! Metadata: brokers, topics, leaders; makes topics that are asked for, where that is allowed.
//! Not here: what is decided about a new topic (klamm-metadata).

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use klamm_metadata::controller::{CreateTopics, auto_create_topics};
use klamm_metadata::{METADATA_TOPIC, MetadataImage, PartitionImage, TopicImage, topic_name_error};
use klamm_protocol::metadata_request::{MetadataRequest, MetadataRequestTopic};
use klamm_protocol::metadata_response::{
    MetadataResponse, MetadataResponseBroker, MetadataResponsePartition, MetadataResponseTopic,
};
use klamm_protocol::{ErrorCode, Uuid};

use super::describe_cluster::brokers_on;
use crate::controller::DecisionContext;
use crate::dispatch::RequestContext;
use crate::lane::LaneState;

/// Says that operations were not asked for.
const NO_OPERATIONS: i32 = i32::MIN;
/// Operations on a topic as bits of Kafka's numbers: read, write, create, delete, alter, describe, describe and alter
/// configs. Nobody is refused anything without an authorizer.
pub(crate) const TOPIC_OPERATIONS: i32 =
    1 << 3 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 8 | 1 << 10 | 1 << 11;
/// The same on the cluster: create, alter, describe, cluster action, describe and alter configs, idempotent write.
pub(crate) const CLUSTER_OPERATIONS: i32 = 1 << 5 | 1 << 7 | 1 << 8 | 1 << 9 | 1 << 10 | 1 << 11 | 1 << 12;

/// Answers the request.
pub(crate) async fn handle(
    state: Rc<LaneState>,
    context: RequestContext,
    request: MetadataRequest,
) -> MetadataResponse {
    let image = state.image();
    let topics = match &request.topics {
        None => all(&image),
        Some(topics) if topics.is_empty() && context.version == 0 => all(&image),
        Some(topics) if context.version < 12 && topics.iter().any(|topic| topic.name.is_none()) => topics
            .iter()
            .map(|_| failed(ErrorCode::INVALID_REQUEST, Some(String::new()), Uuid::default()))
            .collect(),
        Some(topics) => {
            let mut seen = BTreeSet::new();
            let distinct: Vec<_> =
                topics.iter().filter(|topic| seen.insert((&topic.name, topic.topic_id))).collect();
            let create = request.allow_auto_topic_creation
                && state.node.config.flag(&image.configs, "auto.create.topics.enable");
            let made = if create { make_missing(&state, &image, &distinct).await } else { BTreeMap::new() };
            distinct.into_iter().map(|topic| one(&image, topic, &made)).collect()
        }
    };
    let with_operations = |mut topic: MetadataResponseTopic| {
        if request.include_topic_authorized_operations && topic.error_code == ErrorCode::NONE {
            topic.topic_authorized_operations = TOPIC_OPERATIONS;
        }
        topic
    };
    let brokers =
        brokers_on(&image, &context.connection.listener.name, false).map(|(id, endpoint, rack, _)| {
            MetadataResponseBroker {
                node_id: id,
                host: endpoint.host.clone(),
                port: i32::from(endpoint.port),
                rack: rack.clone(),
                ..MetadataResponseBroker::default()
            }
        });
    MetadataResponse {
        brokers: brokers.collect(),
        cluster_id: Some(state.node.cluster_id.clone()),
        controller_id: state.node_id(),
        topics: topics.into_iter().map(with_operations).collect(),
        cluster_authorized_operations: if request.include_cluster_authorized_operations {
            CLUSTER_OPERATIONS
        } else {
            NO_OPERATIONS
        },
        ..MetadataResponse::default()
    }
}

fn all(image: &MetadataImage) -> Vec<MetadataResponseTopic> {
    image.topics_by_name().map(|topic| described(topic)).collect()
}

/// Makes topics that are asked for by name and are not there; tells what became of each.
async fn make_missing(
    state: &LaneState,
    image: &MetadataImage,
    asked: &[&MetadataRequestTopic],
) -> BTreeMap<String, ErrorCode> {
    let is_missing = |name: &&String| {
        image.topic(name).is_none() && topic_name_error(name).is_none() && *name != METADATA_TOPIC
    };
    let by_name = asked.iter().filter(|topic| topic.topic_id == Uuid::default());
    let missing: Vec<String> =
        by_name.filter_map(|topic| topic.name.as_ref()).filter(is_missing).cloned().collect();
    if missing.is_empty() {
        return BTreeMap::new();
    }
    let names = missing.clone();
    let made = state.controller.decide(0, move |context: &mut DecisionContext<'_>| {
        auto_create_topics(&mut creation(context), &names)
    });
    made.await.unwrap_or_else(|code| missing.into_iter().map(|name| (name, code)).collect())
}

fn one(
    image: &MetadataImage,
    asked: &MetadataRequestTopic,
    made: &BTreeMap<String, ErrorCode>,
) -> MetadataResponseTopic {
    if asked.topic_id != Uuid::default() {
        return match image.topic_by_id(asked.topic_id) {
            Some(topic) => described(topic),
            None => failed(ErrorCode::UNKNOWN_TOPIC_ID, None, asked.topic_id),
        };
    }
    let Some(name) = asked.name.clone() else {
        return failed(ErrorCode::UNKNOWN_SERVER_ERROR, Some(String::new()), asked.topic_id);
    };
    if let Some(topic) = image.topic(&name) {
        return described(topic);
    }
    if topic_name_error(&name).is_some() {
        return failed(ErrorCode::INVALID_TOPIC_EXCEPTION, Some(name), Uuid::default());
    }
    // As Kafka does, the first answer says that there is no such topic; a client that asks again finds it.
    let code = match made.get(&name).copied() {
        None | Some(ErrorCode::NONE | ErrorCode::TOPIC_ALREADY_EXISTS) => {
            ErrorCode::UNKNOWN_TOPIC_OR_PARTITION
        }
        Some(code) => code,
    };
    failed(code, Some(name), Uuid::default())
}

/// What making topics needs.
pub(crate) fn creation<'a>(context: &'a mut DecisionContext<'_>) -> CreateTopics<'a> {
    let config = &context.node.config;
    let number = |key| config.number(&context.image.configs, key);
    CreateTopics {
        image: context.image,
        configs: config.configs(&context.image.configs),
        partitions_default: i32::try_from(number("num.partitions")).unwrap_or(1),
        replication_factor_default: i16::try_from(number("default.replication.factor")).unwrap_or(1),
        new_topic_id: &mut *context.new_id,
    }
}

fn failed(error_code: ErrorCode, name: Option<String>, topic_id: Uuid) -> MetadataResponseTopic {
    MetadataResponseTopic { error_code, name, topic_id, ..MetadataResponseTopic::default() }
}

fn described(topic: &TopicImage) -> MetadataResponseTopic {
    let partition = |(index, partition): (i32, &PartitionImage)| MetadataResponsePartition {
        error_code: if partition.leader < 0 { ErrorCode::LEADER_NOT_AVAILABLE } else { ErrorCode::NONE },
        partition_index: index,
        leader_id: partition.leader,
        leader_epoch: partition.leader_epoch,
        replica_nodes: partition.replicas.clone(),
        isr_nodes: partition.isr.clone(),
        ..MetadataResponsePartition::default()
    };
    MetadataResponseTopic {
        name: Some(topic.name.clone()),
        topic_id: topic.id,
        is_internal: topic.is_internal(),
        partitions: (0..).zip(&topic.partitions).map(partition).collect(),
        ..MetadataResponseTopic::default()
    }
}
