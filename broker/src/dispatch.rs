//! From a frame to the handler of its API, and from the handler's answer to a frame.
//!
//! What a peer sends can cost it its connection, never the broker: a panic in decoding, in what Produce does before its
//! first wait, or in a handler that reads nothing but the metadata closes the connection and is logged. Other handlers
//! reach into partitions and sessions and are not guarded: a panic there is a broken invariant of something that owns
//! state, and ends the node. Nothing that is guarded may call `die`, which unwinds.
//!
//! Not here: sockets, order of answers.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use klamm_env::File;
use klamm_protocol::{
    ApiKey, Decoder, FetchRequest, Frame, Message, Request, RequestHeader, decode_request_header,
    encode_response,
};

use crate::handlers;
use crate::lane::LaneState;
use crate::lane_affinity::LaneAffinity;
use crate::listener::ListenerContext;
use crate::metrics::{RequestKind, RequestName, ResponseErrors};
use crate::request_memory::Share;

/// What a handler knows of a request besides its body.
#[derive(Clone)]
pub(crate) struct RequestContext {
    pub(crate) key: ApiKey,
    pub(crate) version: i16,
    pub(crate) correlation_id: i32,
    pub(crate) client_id: Option<String>,
    pub(crate) connection: Rc<ConnectionContext>,
}

/// What requests of one connection share.
#[derive(Debug)]
pub(crate) struct ConnectionContext {
    pub(crate) listener: ListenerContext,
    pub(crate) affinity: LaneAffinity,
}

/// Bytes of a file that are part of an answer.
#[derive(Clone)]
pub(crate) struct FileRange {
    pub(crate) file: Arc<dyn File>,
    pub(crate) at: u64,
    pub(crate) len: usize,
}

/// A frame to send; its ranges are named by their place in `files`.
pub(crate) struct Outgoing {
    pub(crate) frame: Frame,
    pub(crate) files: Vec<FileRange>,
    /// How long it waited for others to do something.
    pub(crate) delayed: Duration,
}

/// What becomes of a request.
pub(crate) enum Reply {
    /// An answer.
    Send(Outgoing),
    /// None is due (acks=0).
    Nothing,
    /// The connection is closed, as Kafka does where no answer can be given.
    Close(String),
}

impl Reply {
    /// The same, after it waited for others.
    pub(crate) fn after(self, delayed: Duration) -> Self {
        match self {
            Self::Send(outgoing) => Self::Send(Outgoing { delayed, ..outgoing }),
            other => other,
        }
    }
}

/// A request that is being handled.
pub(crate) struct InFlight {
    /// May be handled beside others that may.
    pub(crate) overlaps: bool,
    pub(crate) kind: RequestKind,
    pub(crate) reply: LocalBoxFuture<'static, Reply>,
}

/// Begins to handle a frame (without its size). What must happen in order has happened when this returns. What outlives
/// the request takes its part of `memory`, the frame's.
///
/// # Errors
/// Why the connection is to be closed.
pub(crate) fn begin(
    state: &Rc<LaneState>,
    connection: &Rc<ConnectionContext>,
    frame: Bytes,
    memory: &mut Share,
) -> Result<InFlight, String> {
    catch_unwind(AssertUnwindSafe(|| begin_unguarded(state, connection, frame, memory)))
        .unwrap_or_else(|_| Err(panicked("a request was decoded")))
}

/// Notes a panic, whose message is above it in the log; gives why the connection is closed.
fn panicked(doing: &str) -> String {
    tracing::error!(doing, "a panic, which costs a connection; please report it");
    format!("a panic while {doing}")
}

/// Handles a request that touches no state: a panic costs the connection only.
fn guarded(handled: impl Future<Output = Reply> + 'static) -> impl Future<Output = Reply> + 'static {
    AssertUnwindSafe(handled)
        .catch_unwind()
        .map(|reply| reply.unwrap_or_else(|_| Reply::Close(panicked("a request was handled"))))
}

fn begin_unguarded(
    state: &Rc<LaneState>,
    connection: &Rc<ConnectionContext>,
    frame: Bytes,
    memory: &mut Share,
) -> Result<InFlight, String> {
    let mut input = Decoder::new(frame);
    let (key, header) = decode_request_header(&mut input).map_err(|error| error.to_string())?;
    if key == ApiKey::ApiVersions && !key.is_supported(header.request_api_version) {
        let context = RequestContext { version: 0, ..context(key, header, connection) };
        let reply = answer(state, &context, &handlers::api_versions::unsupported(), Vec::new());
        let kind = RequestKind { name: RequestName::Api(key), version: -1 };
        return Ok(InFlight { overlaps: false, kind, reply: std::future::ready(reply).boxed_local() });
    }
    let listener = &connection.listener;
    if !listener.serves(key) {
        return Err(format!("{} is not served on listener {}", key.name(), listener.name));
    }
    if !key.is_supported(header.request_api_version) {
        return Err(format!("{} has no version {}", key.name(), header.request_api_version));
    }
    let context = context(key, header, connection);
    route(state, context, &mut input, memory)
}

fn context(key: ApiKey, header: RequestHeader, connection: &Rc<ConnectionContext>) -> RequestContext {
    RequestContext {
        key,
        version: header.request_api_version,
        correlation_id: header.correlation_id,
        client_id: header.client_id,
        connection: Rc::clone(connection),
    }
}

/// APIs served on listeners for clients.
pub(crate) const BROKER_APIS: [ApiKey; 19] = [
    ApiKey::Produce,
    ApiKey::Fetch,
    ApiKey::ListOffsets,
    ApiKey::Metadata,
    ApiKey::FindCoordinator,
    ApiKey::ApiVersions,
    ApiKey::CreateTopics,
    ApiKey::DeleteTopics,
    ApiKey::DeleteRecords,
    ApiKey::InitProducerId,
    ApiKey::OffsetForLeaderEpoch,
    ApiKey::DescribeConfigs,
    ApiKey::AlterConfigs,
    ApiKey::DescribeLogDirs,
    ApiKey::CreatePartitions,
    ApiKey::IncrementalAlterConfigs,
    ApiKey::DescribeCluster,
    ApiKey::ListConfigResources,
    ApiKey::DescribeTopicPartitions,
];

/// APIs served on listeners of the quorum.
pub(crate) const CONTROLLER_APIS: [ApiKey; 8] = [
    ApiKey::ApiVersions,
    ApiKey::CreateTopics,
    ApiKey::DeleteTopics,
    ApiKey::DescribeConfigs,
    ApiKey::AlterConfigs,
    ApiKey::CreatePartitions,
    ApiKey::IncrementalAlterConfigs,
    ApiKey::DescribeCluster,
];

fn route(
    state: &Rc<LaneState>,
    context: RequestContext,
    input: &mut Decoder,
    memory: &mut Share,
) -> Result<InFlight, String> {
    macro_rules! to {
        ($handler:path) => {
            one_at_a_time(state, context, input, $handler, false)
        };
    }
    /// To a handler that owns no state and reaches into none.
    macro_rules! guarded_to {
        ($handler:path) => {
            one_at_a_time(state, context, input, $handler, true)
        };
    }
    let version = context.version;
    match context.key {
        ApiKey::Produce => {
            let request = decode(input, version)?;
            let kind = RequestKind { name: RequestName::Api(context.key), version };
            let reply = handlers::produce::begin(state, context, request, memory);
            Ok(InFlight { overlaps: true, kind, reply: reply.boxed_local() })
        }
        ApiKey::Fetch => {
            let request: FetchRequest = decode(input, version)?;
            let kind = RequestKind { name: RequestName::of_fetch(&request), version };
            let reply = handlers::fetch::handle(Rc::clone(state), context, request);
            Ok(InFlight { overlaps: false, kind, reply: reply.boxed_local() })
        }
        ApiKey::ListOffsets => to!(handlers::list_offsets::handle),
        ApiKey::Metadata => guarded_to!(handlers::metadata::handle),
        ApiKey::FindCoordinator => guarded_to!(handlers::find_coordinator::handle),
        ApiKey::ApiVersions => guarded_to!(handlers::api_versions::handle),
        ApiKey::CreateTopics => to!(handlers::create_topics::handle),
        ApiKey::DeleteTopics => to!(handlers::delete_topics::handle),
        ApiKey::DeleteRecords => to!(handlers::delete_records::handle),
        ApiKey::InitProducerId => to!(handlers::init_producer_id::handle),
        ApiKey::OffsetForLeaderEpoch => to!(handlers::offset_for_leader_epoch::handle),
        ApiKey::DescribeConfigs => guarded_to!(handlers::describe_configs::handle),
        ApiKey::AlterConfigs => to!(handlers::alter_configs::handle),
        ApiKey::DescribeLogDirs => to!(handlers::describe_log_dirs::handle),
        ApiKey::CreatePartitions => to!(handlers::create_partitions::handle),
        ApiKey::IncrementalAlterConfigs => to!(handlers::incremental_alter_configs::handle),
        ApiKey::DescribeCluster => guarded_to!(handlers::describe_cluster::handle),
        ApiKey::ListConfigResources => guarded_to!(handlers::list_config_resources::handle),
        ApiKey::DescribeTopicPartitions => guarded_to!(handlers::describe_topic_partitions::handle),
        other => Err(format!("{} is not served", other.name())),
    }
}

fn decode<R: Message>(input: &mut Decoder, version: i16) -> Result<R, String> {
    R::decode(input, version).map_err(|error| error.to_string())
}

/// Handles a request that no other of its connection overtakes.
fn one_at_a_time<R, F>(
    state: &Rc<LaneState>,
    context: RequestContext,
    input: &mut Decoder,
    handler: impl FnOnce(Rc<LaneState>, RequestContext, R) -> F,
    is_guarded: bool,
) -> Result<InFlight, String>
where
    R: Request<Response: ResponseErrors>,
    F: Future<Output = R::Response> + 'static,
{
    let request = decode(input, context.version)?;
    let kind = RequestKind { name: RequestName::Api(context.key), version: context.version };
    let handled = handler(Rc::clone(state), context.clone(), request);
    let state = Rc::clone(state);
    let reply = async move { answer(&state, &context, &handled.await, Vec::new()) };
    let reply = if is_guarded { guarded(reply).boxed_local() } else { reply.boxed_local() };
    Ok(InFlight { overlaps: false, kind, reply })
}

/// An encoded answer; one that cannot be encoded is a mistake of ours, and costs the connection.
pub(crate) fn answer(
    state: &LaneState,
    context: &RequestContext,
    response: &impl ResponseErrors,
    files: Vec<FileRange>,
) -> Reply {
    state.metrics.count_errors(context.key, response);
    match encode_response(context.correlation_id, response, context.version) {
        Ok(frame) => Reply::Send(Outgoing { frame, files, delayed: Duration::ZERO }),
        Err(error) => {
            tracing::error!(%error, "an answer cannot be encoded");
            Reply::Close(error.to_string())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_costs_the_connection_only() {
        let reply = guarded(async { panic!("for a test") }).now_or_never();
        assert!(matches!(reply, Some(Reply::Close(why)) if why == "a panic while a request was handled"));
        let reply = guarded(async { Reply::Nothing }).now_or_never();
        assert!(matches!(reply, Some(Reply::Nothing)));
    }
}
