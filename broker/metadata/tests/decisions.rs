//! Decisions of the controller, replayed: whatever is decided can be replayed, and a snapshot of what results gives the
//! same image back. Single answers are held against Kafka's elsewhere.

use std::collections::BTreeMap;

use klamm_metadata::config::Configs;
use klamm_metadata::controller::{
    CreateTopics, NodeRegistration, allocate_producer_ids, bootstrap_records, create_partitions,
    create_topics, delete_topics, incremental_alter_configs, register_node,
};
use klamm_metadata::{Endpoint, MetadataDelta, MetadataImage, record_version};
use klamm_protocol::create_partitions_request::{CreatePartitionsRequest, CreatePartitionsTopic};
use klamm_protocol::create_topics_request::{CreatableTopic, CreateTopicsRequest};
use klamm_protocol::delete_topics_request::DeleteTopicsRequest;
use klamm_protocol::incremental_alter_configs_request::{
    AlterConfigsResource, AlterableConfig, IncrementalAlterConfigsRequest,
};
use klamm_protocol::metadata_records::MetadataRecord;
use klamm_protocol::{ErrorCode, Uuid};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Operation {
    Create { name: u8, partitions: i32 },
    Delete { name: u8 },
    Grow { name: u8, partitions: i32 },
    Configure { name: u8, retention_ms: Option<i64> },
    ProducerIds,
    Restart,
}

fn operation() -> impl Strategy<Value = Operation> {
    let name = 0..4_u8;
    prop_oneof![
        (name.clone(), -1..5_i32).prop_map(|(name, partitions)| Operation::Create { name, partitions }),
        name.clone().prop_map(|name| Operation::Delete { name }),
        (name.clone(), 0..8_i32).prop_map(|(name, partitions)| Operation::Grow { name, partitions }),
        (name, prop::option::of(0..9_i64))
            .prop_map(|(name, retention_ms)| Operation::Configure { name, retention_ms }),
        Just(Operation::ProducerIds),
        Just(Operation::Restart),
    ]
}

struct Cluster {
    image: MetadataImage,
    offset: i64,
    next_id: u8,
}

impl Cluster {
    fn new() -> Self {
        let mut cluster = Self { image: MetadataImage::default(), offset: 0, next_id: 0 };
        cluster.commit(&bootstrap_records());
        cluster.restart();
        cluster
    }

    /// Replays records as they come back from the log: encoded and decoded.
    fn commit(&mut self, records: &[MetadataRecord]) {
        let mut delta = MetadataDelta::new(&self.image);
        for record in records {
            let bytes = record.encode_framed(record_version(record)).expect("decisions can be written");
            let read = MetadataRecord::decode_framed(bytes).expect("and read");
            assert_eq!(read, *record);
            delta.replay(&read).expect("a decision fits the image that it was made on");
        }
        self.image = (*delta.finish().0).clone();
        self.offset += i64::try_from(records.len()).expect("few");
    }

    fn restart(&mut self) {
        let endpoint =
            Endpoint { name: "PLAINTEXT".into(), host: "h".into(), port: 9092, security_protocol: 0 };
        let registration = NodeRegistration {
            broker_endpoints: vec![endpoint.clone()],
            controller_endpoints: vec![endpoint],
            rack: None,
            log_dirs: vec![Uuid([7; 16])],
        };
        let records = register_node(&self.image, 1, self.offset, Uuid([9; 16]), registration);
        self.commit(&records);
    }

    fn apply(&mut self, operation: &Operation) {
        let records = self.decide(operation);
        self.commit(&records);
    }

    fn decide(&mut self, operation: &Operation) -> Vec<MetadataRecord> {
        let file = BTreeMap::new();
        let configs = Configs { file: &file, image: &self.image.configs, node_id: 1 };
        let next_id = &mut self.next_id;
        let topic = |name: u8| format!("topic.{name}");
        match *operation {
            Operation::Create { name, partitions } => {
                let mut new_topic_id = || {
                    *next_id = next_id.wrapping_add(1);
                    Uuid([*next_id; 16])
                };
                let mut context = CreateTopics {
                    image: &self.image,
                    configs,
                    partitions_default: 2,
                    replication_factor_default: 1,
                    new_topic_id: &mut new_topic_id,
                };
                let asked = CreatableTopic {
                    name: topic(name),
                    num_partitions: partitions,
                    replication_factor: -1,
                    ..CreatableTopic::default()
                };
                let request = CreateTopicsRequest { topics: vec![asked], ..CreateTopicsRequest::default() };
                create_topics(&mut context, &request).records
            }
            Operation::Delete { name } => {
                let request = DeleteTopicsRequest {
                    topic_names: vec![topic(name)],
                    timeout_ms: 1,
                    ..Default::default()
                };
                delete_topics(&self.image, &request, true).records
            }
            Operation::Grow { name, partitions } => {
                let asked =
                    CreatePartitionsTopic { name: topic(name), count: partitions, ..Default::default() };
                let request =
                    CreatePartitionsRequest { topics: vec![asked], timeout_ms: 1, ..Default::default() };
                create_partitions(&self.image, &request).records
            }
            Operation::Configure { name, retention_ms } => {
                let config = AlterableConfig {
                    name: "retention.ms".into(),
                    config_operation: i8::from(retention_ms.is_none()),
                    value: retention_ms.map(|ms| ms.to_string()),
                    ..AlterableConfig::default()
                };
                let resource = AlterConfigsResource {
                    resource_type: 2,
                    resource_name: topic(name),
                    configs: vec![config],
                    ..AlterConfigsResource::default()
                };
                let request =
                    IncrementalAlterConfigsRequest { resources: vec![resource], ..Default::default() };
                incremental_alter_configs(&self.image, &configs, &request).records
            }
            Operation::ProducerIds => allocate_producer_ids(&self.image, 1, 5).records,
            Operation::Restart => {
                self.restart();
                Vec::new()
            }
        }
    }
}

proptest! {
    #[test]
    fn what_is_decided_can_be_replayed_and_survives_a_snapshot(operations in prop::collection::vec(operation(), 0..40)) {
        let mut cluster = Cluster::new();
        for operation in &operations {
            let before = cluster.image.next_producer_id;
            cluster.apply(operation);
            prop_assert!(cluster.image.next_producer_id >= before, "producer ids never come back");
            prop_assert_eq!(cluster.image.topics.len(), cluster.image.topic_ids.len());
        }
        let mut restored = MetadataDelta::new(&MetadataImage::default());
        for record in cluster.image.to_records() {
            restored.replay(&record).expect("a snapshot is complete in itself");
        }
        prop_assert_eq!(restored.image(), &cluster.image);
    }
}

#[test]
fn a_restart_leads_every_partition_in_a_new_epoch() {
    let mut cluster = Cluster::new();
    cluster.apply(&Operation::Create { name: 0, partitions: 3 });
    cluster.restart();
    let topic = cluster.image.topic("topic.0").expect("made");
    let epochs: Vec<i32> = topic.partitions.iter().map(|partition| partition.leader_epoch).collect();
    assert_eq!((epochs, cluster.image.brokers[&1].fenced), (vec![1, 1, 1], false));
}

#[test]
fn names_that_share_a_metric_are_refused_within_one_request_too() {
    let mut cluster = Cluster::new();
    let file = BTreeMap::new();
    let mut ids = 0;
    let mut new_topic_id = || {
        ids += 1;
        Uuid([ids; 16])
    };
    let mut context = CreateTopics {
        image: &cluster.image,
        configs: Configs { file: &file, image: &cluster.image.configs, node_id: 1 },
        partitions_default: 1,
        replication_factor_default: 1,
        new_topic_id: &mut new_topic_id,
    };
    let topic = |name: &str| CreatableTopic {
        name: name.into(),
        num_partitions: 1,
        replication_factor: 1,
        ..Default::default()
    };
    let request = CreateTopicsRequest { topics: vec![topic("a.b"), topic("a_b")], ..Default::default() };
    let outcome = create_topics(&mut context, &request);
    let codes: Vec<ErrorCode> = outcome.response.topics.iter().map(|topic| topic.error_code).collect();
    assert_eq!(codes, [ErrorCode::NONE, ErrorCode::INVALID_TOPIC_EXCEPTION]);
    cluster.commit(&outcome.records);
    assert_eq!(cluster.image.topics.len(), 1);
}
