//! DescribeCluster (KIP-700, KIP-919): the nodes, by the kind of listener that was asked. Not here: topics (Metadata).

use std::rc::Rc;

use klamm_metadata::{Endpoint, MetadataImage};
use klamm_protocol::ErrorCode;
use klamm_protocol::describe_cluster_request::DescribeClusterRequest;
use klamm_protocol::describe_cluster_response::{DescribeClusterBroker, DescribeClusterResponse};

use super::metadata::CLUSTER_OPERATIONS;
use crate::dispatch::RequestContext;
use crate::lane::LaneState;
use crate::listener::Audience;

/// Answers the request.
pub(crate) async fn handle(
    state: Rc<LaneState>,
    context: RequestContext,
    request: DescribeClusterRequest,
) -> DescribeClusterResponse {
    let endpoint_type = if context.version == 0 { 1 } else { request.endpoint_type };
    let served = match context.connection.listener.audience {
        Audience::Clients => 1,
        Audience::Quorum => 2,
    };
    let refused = |error_code, message: &str| DescribeClusterResponse {
        error_code,
        error_message: Some(message.to_owned()),
        endpoint_type: served,
        ..DescribeClusterResponse::default()
    };
    if !matches!(endpoint_type, 1 | 2) {
        return refused(
            ErrorCode::UNSUPPORTED_ENDPOINT_TYPE,
            "Endpoint types are 1 for brokers and 2 for controllers",
        );
    }
    if endpoint_type != served {
        return refused(
            ErrorCode::MISMATCHED_ENDPOINT_TYPE,
            "This listener knows the other kind of endpoint",
        );
    }
    let image = state.image();
    let name = context.connection.listener.name.as_str();
    let nodes: Vec<DescribeClusterBroker> = if served == 1 {
        brokers_on(&image, name, request.include_fenced_brokers)
            .map(|(id, endpoint, rack, fenced)| node(id, endpoint, rack.clone(), fenced))
            .collect()
    } else {
        let controllers = image.controllers.iter();
        controllers
            .filter_map(|(id, controller)| {
                let endpoint = controller.endpoints.iter().find(|endpoint| endpoint.name == name)?;
                Some(node(*id, endpoint, None, false))
            })
            .collect()
    };
    DescribeClusterResponse {
        endpoint_type: served,
        cluster_id: state.node.cluster_id.clone(),
        controller_id: state.node_id(),
        brokers: nodes,
        cluster_authorized_operations: if request.include_cluster_authorized_operations {
            CLUSTER_OPERATIONS
        } else {
            i32::MIN
        },
        ..DescribeClusterResponse::default()
    }
}

fn node(broker_id: i32, endpoint: &Endpoint, rack: Option<String>, is_fenced: bool) -> DescribeClusterBroker {
    DescribeClusterBroker {
        broker_id,
        host: endpoint.host.clone(),
        port: i32::from(endpoint.port),
        rack,
        is_fenced,
        ..DescribeClusterBroker::default()
    }
}

/// Brokers that can be reached through the listener of that name: id, address, rack, whether fenced.
pub(crate) fn brokers_on<'a>(
    image: &'a MetadataImage,
    listener: &'a str,
    fenced_too: bool,
) -> impl Iterator<Item = (i32, &'a Endpoint, &'a Option<String>, bool)> {
    image.brokers.iter().filter(move |(_, broker)| fenced_too || !broker.fenced).filter_map(
        move |(id, broker)| {
            let endpoint = broker.endpoints.iter().find(|endpoint| endpoint.name == listener)?;
            Some((*id, endpoint, &broker.rack, broker.fenced))
        },
    )
}
