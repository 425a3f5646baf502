//! The cluster and its brokers. Not here: topics.

use std::collections::BTreeMap;
use std::rc::Rc;

use klamm_client_core::{ByVersion, INTRODUCTION_VERSION_MAX, introduction};
use klamm_protocol::{
    ApiVersionsRequest, DescribeClusterRequest, DescribeLogDirsRequest, MetadataResponse,
    describe_log_dirs_response,
};

use super::attempts::{ask_any, nodes, retry};
use super::{ClusterDescription, Each, LogDirDescription, Node, NodeApiVersions, ReplicaInfo};
use crate::error::Error;
use crate::link::Link;

/// A question about the brokers themselves, not the controllers.
const ENDPOINT_TYPE_BROKERS: i8 = 1;

pub(super) async fn describe(link: Rc<Link>, include_fenced: bool) -> Result<ClusterDescription, Error> {
    let body = || {
        ByVersion::new(move |_| DescribeClusterRequest {
            endpoint_type: ENDPOINT_TYPE_BROKERS,
            include_fenced_brokers: include_fenced,
            ..Default::default()
        })
        .from(if include_fenced { 2 } else { 0 })
        .into()
    };
    let response = ask_any::<DescribeClusterRequest>(&link, body).await?;
    Error::check(response.error_code, response.error_message)?;
    let node = |broker: klamm_protocol::describe_cluster_response::DescribeClusterBroker| Node {
        id: broker.broker_id,
        host: broker.host,
        port: broker.port,
        rack: broker.rack,
        is_fenced: broker.is_fenced,
    };
    let mut nodes: Vec<Node> = response.brokers.into_iter().map(node).collect();
    nodes.sort();
    Ok(ClusterDescription {
        cluster_id: response.cluster_id,
        controller_id: (response.controller_id >= 0).then_some(response.controller_id),
        nodes,
    })
}

fn brokers(metadata: &MetadataResponse) -> BTreeMap<i32, Node> {
    let node = |broker: &klamm_protocol::metadata_response::MetadataResponseBroker| Node {
        id: broker.node_id,
        host: broker.host.clone(),
        port: broker.port,
        rack: broker.rack.clone(),
        is_fenced: false,
    };
    metadata.brokers.iter().map(|broker| (broker.node_id, node(broker))).collect()
}

pub(super) async fn api_versions(link: Rc<Link>) -> Result<Each<i32, NodeApiVersions>, Error> {
    let mut outcomes = Each::new();
    for (id, node) in brokers(&nodes(&link).await?) {
        outcomes.insert(id, versions_of(&link, node).await);
    }
    Ok(outcomes)
}

async fn versions_of(link: &Rc<Link>, node: Node) -> Result<NodeApiVersions, Error> {
    let id = node.id;
    let body = || ByVersion::new(|_| introduction()).up_to(INTRODUCTION_VERSION_MAX).into();
    let response =
        retry(link, async |deadline| link.ask::<ApiVersionsRequest>(id, body(), deadline).await).await?;
    Error::check(response.error_code, None)?;
    let apis = response.api_keys.iter().map(|api| (api.api_key, api.min_version..=api.max_version)).collect();
    let supported = response.supported_features.into_iter();
    let finalized = response.finalized_features.into_iter();
    Ok(NodeApiVersions {
        node,
        apis,
        supported_features: supported
            .map(|feature| (feature.name, feature.min_version..=feature.max_version))
            .collect(),
        finalized_features: finalized.map(|feature| (feature.name, feature.max_version_level)).collect(),
    })
}

pub(super) async fn describe_log_dirs(
    link: Rc<Link>,
    brokers: Vec<i32>,
) -> Result<Each<i32, Vec<Result<LogDirDescription, Error>>>, Error> {
    nodes(&link).await?;
    let mut outcomes = Each::new();
    for broker in brokers {
        outcomes.insert(broker, log_dirs_of(&link, broker).await);
    }
    Ok(outcomes)
}

async fn log_dirs_of(link: &Rc<Link>, broker: i32) -> Result<Vec<Result<LogDirDescription, Error>>, Error> {
    let request = DescribeLogDirsRequest { topics: None, ..DescribeLogDirsRequest::default() };
    let response = retry(link, async |deadline| {
        link.ask::<DescribeLogDirsRequest>(broker, Box::new(request.clone()), deadline).await
    })
    .await?;
    Error::check(response.error_code, None)?;
    Ok(response.results.into_iter().map(log_dir).collect())
}

fn log_dir(result: describe_log_dirs_response::DescribeLogDirsResult) -> Result<LogDirDescription, Error> {
    Error::check(result.error_code, Some(format!("log directory {}", result.log_dir)))?;
    let told = |bytes: i64| (bytes >= 0).then_some(bytes);
    let mut replicas = Vec::new();
    for topic in result.topics {
        for partition in topic.partitions {
            replicas.push(ReplicaInfo {
                topic: topic.name.clone(),
                partition: partition.partition_index,
                size: partition.partition_size,
                offset_lag: partition.offset_lag,
                is_future: partition.is_future_key,
            });
        }
    }
    Ok(LogDirDescription {
        path: result.log_dir,
        total_bytes: told(result.total_bytes),
        usable_bytes: told(result.usable_bytes),
        replicas,
    })
}
