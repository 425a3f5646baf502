//! Every API that is advertised, at every version that is: the request is understood, and the answer is of that version.
//! Not here: what each API does beside that.

use std::collections::BTreeSet;

use klamm_client::NewTopic;
use klamm_env::Env;
use klamm_protocol::create_partitions_request::CreatePartitionsTopic;
use klamm_protocol::create_topics_request::CreatableTopic;
use klamm_protocol::delete_records_request::{DeleteRecordsPartition, DeleteRecordsTopic};
use klamm_protocol::delete_topics_request::DeleteTopicState;
use klamm_protocol::describe_configs_request::DescribeConfigsResource;
use klamm_protocol::describe_topic_partitions_request::TopicRequest;
use klamm_protocol::fetch_request::{FetchPartition, FetchTopic};
use klamm_protocol::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use klamm_protocol::metadata_request::MetadataRequestTopic;
use klamm_protocol::offset_for_leader_epoch_request::{OffsetForLeaderPartition, OffsetForLeaderTopic};
use klamm_protocol::{
    AlterConfigsRequest, ApiKey, ApiVersionsRequest, CreatePartitionsRequest, CreateTopicsRequest,
    DeleteRecordsRequest, DeleteTopicsRequest, DescribeClusterRequest, DescribeConfigsRequest,
    DescribeLogDirsRequest, DescribeTopicPartitionsRequest, ErrorCode, FetchRequest, FindCoordinatorRequest,
    IncrementalAlterConfigsRequest, InitProducerIdRequest, ListConfigResourcesRequest, ListOffsetsRequest,
    MetadataRequest, OffsetForLeaderEpochRequest, Request, Uuid, alter_configs_request,
    incremental_alter_configs_request,
};
use klamm_records::Compression;

use crate::acks::one_record;
use crate::{Stage, admin, request};

const TOPIC: i8 = 2;

/// What is asked at each version.
struct Asking {
    env: Env,
    topic_id: Uuid,
    asked: BTreeSet<ApiKey>,
}

impl Asking {
    /// Asks at every version that is advertised and not only so that old clients do not give up (Produce 0 to 2);
    /// `check` is given each answer with its version.
    async fn each<R: Request>(&mut self, make: impl Fn(i16) -> R, mut check: impl FnMut(i16, R::Response)) {
        for version in R::KEY.advertised_versions().filter(|version| R::VERSIONS.contains(version)) {
            check(version, request(&self.env, &make(version), version).await);
        }
        self.asked.insert(R::KEY);
    }

    /// Names and ids of the topic: from some version on an API takes ids alone.
    fn named(&self, by_id: bool) -> (String, Uuid) {
        if by_id { (String::new(), self.topic_id) } else { ("t".into(), Uuid::default()) }
    }

    async fn records(&mut self) {
        let (named, env) = ([self.named(false), self.named(true)], self.env.clone());
        let name = |by_id: bool| named[usize::from(by_id)].clone();
        let mut offsets = 0..;
        let produce = |version| {
            let mut body = one_record(&env, Compression::None, b"v", 1_000);
            (body.topic_data[0].name, body.topic_data[0].topic_id) = name(version >= 13);
            body
        };
        self.each(produce, |version, answer| {
            let partition = &answer.responses[0].partition_responses[0];
            let found = (partition.error_code, partition.base_offset);
            assert_eq!(Some(found), offsets.next().map(|offset| (ErrorCode::NONE, offset)), "{version}");
        })
        .await;
        let end = offsets.start;
        let fetch = |version| {
            let (topic, topic_id) = name(version >= 13);
            let partition = FetchPartition { partition_max_bytes: 1 << 20, ..Default::default() };
            let topic = FetchTopic { topic, topic_id, partitions: vec![partition], ..Default::default() };
            FetchRequest { max_bytes: 1 << 20, topics: vec![topic], ..Default::default() }
        };
        self.each(fetch, |version, answer| {
            let partition = &answer.responses[0].partitions[0];
            let bytes = partition.records.as_ref().map_or(0, klamm_protocol::Records::len);
            assert_eq!((partition.error_code, partition.high_watermark), (ErrorCode::NONE, end), "{version}");
            assert!(bytes > 0, "{version}");
        })
        .await;
        let list = |_| {
            let partition = ListOffsetsPartition { timestamp: -1, ..Default::default() };
            let topic =
                ListOffsetsTopic { name: "t".into(), partitions: vec![partition], ..Default::default() };
            ListOffsetsRequest { replica_id: -1, topics: vec![topic], ..Default::default() }
        };
        self.each(list, |version, answer| {
            assert_eq!(answer.topics[0].partitions[0].offset, end, "{version}");
        })
        .await;
        let epoch = |_| {
            let partition = OffsetForLeaderPartition { leader_epoch: 0, ..Default::default() };
            let topic =
                OffsetForLeaderTopic { topic: "t".into(), partitions: vec![partition], ..Default::default() };
            OffsetForLeaderEpochRequest { topics: vec![topic], ..Default::default() }
        };
        self.each(epoch, |version, answer| {
            assert_eq!(answer.topics[0].partitions[0].end_offset, end, "{version}");
        })
        .await;
        let delete = |_| {
            let partition = DeleteRecordsPartition { offset: 1, ..Default::default() };
            let topic =
                DeleteRecordsTopic { name: "t".into(), partitions: vec![partition], ..Default::default() };
            DeleteRecordsRequest { topics: vec![topic], timeout_ms: 1_000, ..Default::default() }
        };
        self.each(delete, |version, answer| {
            assert_eq!(answer.topics[0].partitions[0].low_watermark, 1, "{version}");
        })
        .await;
    }

    async fn cluster(&mut self) {
        let greet = |version| match version {
            0..3 => ApiVersionsRequest::default(),
            _ => greeting(),
        };
        self.each(greet, |version, answer| assert!(!answer.api_keys.is_empty(), "{version}")).await;
        self.each(|_| DescribeClusterRequest::default(), |_, answer| assert_eq!(answer.brokers.len(), 1))
            .await;
        let metadata = |_| {
            let topic = MetadataRequestTopic { name: Some("t".into()), ..Default::default() };
            MetadataRequest { topics: Some(vec![topic]), ..Default::default() }
        };
        self.each(metadata, |version, answer| assert_eq!(answer.topics[0].partitions.len(), 1, "{version}"))
            .await;
        let describe = |_| DescribeTopicPartitionsRequest {
            topics: vec![TopicRequest { name: "t".into(), ..Default::default() }],
            ..Default::default()
        };
        self.each(describe, |_, answer| assert_eq!(answer.topics[0].partitions.len(), 1)).await;
        self.each(
            |_| DescribeLogDirsRequest { topics: None, ..Default::default() },
            |version, answer| assert_eq!(answer.results[0].topics[0].name, "t", "{version}"),
        )
        .await;
        let mut ids = BTreeSet::new();
        let producer = |_| InitProducerIdRequest { transactional_id: None, ..Default::default() };
        self.each(producer, |version, answer| {
            assert!(answer.error_code.is_none() && ids.insert(answer.producer_id), "{version}");
        })
        .await;
        let find = |version| match version {
            0..4 => FindCoordinatorRequest { key: "g".into(), ..Default::default() },
            _ => FindCoordinatorRequest { coordinator_keys: vec!["g".into()], ..Default::default() },
        };
        self.each(find, |version, answer| {
            let code = answer.coordinators.first().map_or(answer.error_code, |one| one.error_code);
            assert_eq!(code, ErrorCode::COORDINATOR_NOT_AVAILABLE, "{version}");
        })
        .await;
    }

    async fn changes(&mut self) {
        let create = |_| {
            let topic = CreatableTopic {
                name: "u".into(),
                num_partitions: 1,
                replication_factor: 1,
                ..Default::default()
            };
            CreateTopicsRequest { topics: vec![topic], validate_only: true, ..Default::default() }
        };
        self.each(create, |version, answer| assert!(answer.topics[0].error_code.is_none(), "{version}"))
            .await;
        let grow = |_| {
            let topic =
                CreatePartitionsTopic { name: "t".into(), count: 2, assignments: None, ..Default::default() };
            CreatePartitionsRequest {
                topics: vec![topic],
                validate_only: true,
                timeout_ms: 1_000,
                ..Default::default()
            }
        };
        self.each(grow, |version, answer| assert!(answer.results[0].error_code.is_none(), "{version}")).await;
        let delete = |version| match version {
            0..6 => {
                DeleteTopicsRequest { topic_names: vec!["u".into()], timeout_ms: 1_000, ..Default::default() }
            }
            _ => {
                let topic = DeleteTopicState { name: Some("u".into()), ..Default::default() };
                DeleteTopicsRequest { topics: vec![topic], timeout_ms: 1_000, ..Default::default() }
            }
        };
        self.each(delete, |version, answer| {
            assert_eq!(answer.responses[0].error_code, ErrorCode::UNKNOWN_TOPIC_OR_PARTITION, "{version}");
        })
        .await;
    }

    async fn configs(&mut self) {
        let describe = |_| {
            let resource = DescribeConfigsResource {
                resource_type: TOPIC,
                resource_name: "t".into(),
                configuration_keys: None,
                ..Default::default()
            };
            DescribeConfigsRequest { resources: vec![resource], ..Default::default() }
        };
        self.each(describe, |version, answer| assert!(!answer.results[0].configs.is_empty(), "{version}"))
            .await;
        let alter = |_| {
            let resource = alter_configs_request::AlterConfigsResource {
                resource_type: TOPIC,
                resource_name: "t".into(),
                ..Default::default()
            };
            AlterConfigsRequest { resources: vec![resource], validate_only: true, ..Default::default() }
        };
        self.each(alter, |version, answer| assert!(answer.responses[0].error_code.is_none(), "{version}"))
            .await;
        let change = |_| {
            let resource = incremental_alter_configs_request::AlterConfigsResource {
                resource_type: TOPIC,
                resource_name: "t".into(),
                ..Default::default()
            };
            IncrementalAlterConfigsRequest {
                resources: vec![resource],
                validate_only: true,
                ..Default::default()
            }
        };
        self.each(change, |version, answer| assert!(answer.responses[0].error_code.is_none(), "{version}"))
            .await;
        self.each(
            |_| ListConfigResourcesRequest::default(),
            |version, answer| assert!(answer.error_code.is_none(), "{version}"),
        )
        .await;
    }
}

/// From version 3 on a client says what it is.
fn greeting() -> ApiVersionsRequest {
    ApiVersionsRequest {
        client_software_name: "test".into(),
        client_software_version: "1".into(),
        ..Default::default()
    }
}

#[test]
fn every_api_answers_at_every_version() {
    let mut stage = Stage::with(&[]);
    stage.ask(async |env| admin(&env).create_topic(NewTopic::new("t", 1, 1)).await.expect("it is new"));
    let (asked, advertised) = stage.ask(async |env: Env| {
        let topic = MetadataRequestTopic { name: Some("t".into()), ..Default::default() };
        let body = MetadataRequest { topics: Some(vec![topic]), ..Default::default() };
        let topic_id = request(&env, &body, 12).await.topics[0].topic_id;
        let mut asking = Asking { env: env.clone(), topic_id, asked: BTreeSet::new() };
        asking.cluster().await;
        asking.records().await;
        asking.changes().await;
        asking.configs().await;
        let versions = request(&env, &greeting(), 4).await;
        let keys = versions.api_keys.iter().map(|api| api.api_key);
        (asking.asked.iter().map(|key| *key as i16).collect::<BTreeSet<_>>(), keys.collect::<BTreeSet<_>>())
    });
    assert_eq!(asked, advertised);
}
