//! Requests that name very many things, as a peer may: each is decided in time that grows with it, not with its square.

use std::collections::BTreeMap;

use klamm_metadata::config::Configs;
use klamm_metadata::controller::{
    CreateTopics, create_partitions, create_topics, delete_topics, incremental_alter_configs,
};
use klamm_metadata::{MetadataDelta, MetadataImage};
use klamm_protocol::create_partitions_request::{CreatePartitionsRequest, CreatePartitionsTopic};
use klamm_protocol::create_topics_request::{CreatableTopic, CreateTopicsRequest};
use klamm_protocol::delete_topics_request::DeleteTopicsRequest;
use klamm_protocol::incremental_alter_configs_request::{
    AlterConfigsResource, AlterableConfig, IncrementalAlterConfigsRequest,
};
use klamm_protocol::metadata_records::{MetadataRecord, TopicRecord};
use klamm_protocol::{ErrorCode, Uuid};

/// The square of it would take minutes.
const MANY: u32 = 200_000;

fn name(number: u32) -> String {
    format!("topic.{number}")
}

fn id(number: u32) -> Uuid {
    let mut id = [1; 16];
    id[..4].copy_from_slice(&number.to_be_bytes());
    Uuid(id)
}

fn image() -> MetadataImage {
    let mut delta = MetadataDelta::new(&MetadataImage::default());
    for number in 0..MANY {
        let topic = TopicRecord { name: name(number), topic_id: id(number), ..TopicRecord::default() };
        delta.replay(&MetadataRecord::Topic(topic)).expect("it needs nothing");
    }
    (*delta.finish().0).clone()
}

fn check(codes: impl Iterator<Item = ErrorCode>, count: u32, expected: ErrorCode) {
    let codes: Vec<ErrorCode> = codes.collect();
    assert_eq!((codes.len(), codes.first()), (count as usize, Some(&expected)));
    assert!(codes.iter().all(|code| *code == expected));
}

#[test]
fn topics_made_grown_and_deleted() {
    let image = image();
    let file = BTreeMap::new();
    let new = |number| CreatableTopic { name: name(number).replace('.', "_"), ..CreatableTopic::default() };
    let request = CreateTopicsRequest {
        topics: (0..MANY).map(new).collect(),
        validate_only: true,
        ..CreateTopicsRequest::default()
    };
    let mut context = CreateTopics {
        image: &image,
        configs: Configs { file: &file, image: &image.configs, node_id: 1 },
        partitions_default: 0,
        replication_factor_default: 1,
        new_topic_id: &mut || Uuid([9; 16]),
    };
    let outcome = create_topics(&mut context, &request);
    check(
        outcome.response.topics.iter().map(|topic| topic.error_code),
        MANY,
        ErrorCode::INVALID_TOPIC_EXCEPTION,
    );

    let grown = |number| CreatePartitionsTopic { name: name(number), count: 0, ..Default::default() };
    let request = CreatePartitionsRequest { topics: (0..MANY).map(grown).collect(), ..Default::default() };
    let outcome = create_partitions(&image, &request);
    check(outcome.response.results.iter().map(|topic| topic.error_code), MANY, ErrorCode::INVALID_PARTITIONS);

    let topic_names = (0..MANY).chain(0..MANY).map(name).collect();
    let request = DeleteTopicsRequest { topic_names, timeout_ms: 1, ..Default::default() };
    let outcome = delete_topics(&image, &request, true);
    check(outcome.response.responses.iter().map(|topic| topic.error_code), MANY, ErrorCode::INVALID_REQUEST);
}

#[test]
fn resources_and_keys_altered() {
    let (image, file) = (MetadataImage::default(), BTreeMap::new());
    let configs = Configs { file: &file, image: &image.configs, node_id: 1 };
    let key = |number| AlterableConfig { name: name(number), value: Some("v".into()), ..Default::default() };
    let of = |resource_name: String, keys: u32| AlterConfigsResource {
        resource_type: 4,
        resource_name,
        configs: (0..keys).map(key).collect(),
        ..AlterConfigsResource::default()
    };
    for (resources, count, expected) in [
        ((0..MANY).map(|number| of(name(number), 1)).collect::<Vec<_>>(), MANY, ErrorCode::INVALID_REQUEST),
        (vec![of("1".into(), MANY)], 1, ErrorCode::NONE),
    ] {
        let request = IncrementalAlterConfigsRequest { resources, ..Default::default() };
        let outcome = incremental_alter_configs(&image, &configs, &request);
        check(
            outcome.response.iter().map(|result| result.as_ref().err().map_or(ErrorCode::NONE, |it| it.code)),
            count,
            expected,
        );
    }
}
