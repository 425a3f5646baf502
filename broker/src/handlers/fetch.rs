//! Fetch (KIP-227 sessions, KIP-516 topic ids): reads, and waits until there is enough or time is up.
//!
//! ```text
//!   session ─▶ plan ─▶ read on the partitions' lanes ─▶ enough? ─▶ answer
//!                        ▲                                 │ no
//!                        └── news or deadline ◀── purgatory┘
//! ```
//!
//! Not here: reads by followers.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use klamm_env::Lane;
use klamm_log::ReadSlice;
use klamm_protocol::fetch_request::FetchRequest;
use klamm_protocol::fetch_response::{EpochEndOffset, FetchResponse, FetchableTopicResponse, PartitionData};
use klamm_protocol::{ErrorCode, Records, Uuid};
use tokio::sync::Notify;

use super::{Asked, ask_owners, log_error_code};
use crate::dispatch::{self, FileRange, Reply, RequestContext};
use crate::fetch_limits::FetchLimits;
use crate::fetch_session::{SessionContext, TopicKey, Wanted};
use crate::fetch_session_cache::FetchSessions;
use crate::lane::LaneState;
use crate::metrics::TopicCount;
use crate::purgatory::Waiting;

/// What is asked of one partition.
#[derive(Clone)]
struct ReadPlan {
    fetch_offset: i64,
    current_leader_epoch: i32,
    last_fetched_epoch: i32,
    max_bytes: usize,
    /// It has been read before for the same request.
    again: bool,
}

/// What a partition answers.
struct Read {
    high_watermark: i64,
    log_start_offset: i64,
    slice: Option<ReadSlice>,
    diverging: Option<EpochEndOffset>,
}

type ReadResult = Result<Read, ErrorCode>;

/// What a request found.
struct Found {
    reads: Vec<ReadResult>,
    /// How long it waited for there to be enough.
    waited: Duration,
}

/// An answer, on its way to the connection's lane.
struct Fetched {
    response: FetchResponse,
    files: Vec<FileRange>,
    waited: Duration,
}

/// Answers the request, on the lane that has its session.
pub(crate) async fn handle(state: Rc<LaneState>, context: RequestContext, request: FetchRequest) -> Reply {
    let version = context.version;
    let owner = match request.session_id {
        // A session is begun where its partitions are, if they are on one lane.
        0 => only_lane(&state, &request, version).unwrap_or(state.lane),
        id => FetchSessions::lane_of(id, state.lanes.count()),
    };
    context.connection.affinity.note(owner);
    let fetched = state.on(owner, move |state| fetch(state, version, request)).await;
    dispatch::answer(&state, &context, &fetched.response, fetched.files).after(fetched.waited)
}

/// The one lane that has all partitions of a request.
fn only_lane(state: &LaneState, request: &FetchRequest, version: i16) -> Option<Lane> {
    let mut only = None;
    for topic in &request.topics {
        let id = if version >= 13 { topic.topic_id } else { state.image().topic(&topic.topic)?.id };
        for partition in &topic.partitions {
            let owner = state.owner(id, partition.partition);
            if *only.get_or_insert(owner) != owner {
                return None;
            }
        }
    }
    only
}

async fn fetch(state: Rc<LaneState>, version: i16, request: FetchRequest) -> Fetched {
    let session = state.sessions.borrow_mut().begin(&request, version, state.env.now());
    let session = match session {
        Ok(session) => session,
        Err(error_code) => {
            let response = FetchResponse { error_code, ..FetchResponse::default() };
            return Fetched { response, files: Vec::new(), waited: Duration::ZERO };
        }
    };
    let found = read_until_enough(&state, &request, version, session.wanted()).await;
    let (mut response, files) = answer(&state, version, &session, found.reads);
    if !is_isolation_level(request.isolation_level) {
        response.error_code = ErrorCode::UNKNOWN_SERVER_ERROR;
    }
    Fetched { response, files, waited: found.waited }
}

async fn read_until_enough(
    state: &Rc<LaneState>,
    request: &FetchRequest,
    version: i16,
    wanted: &[Wanted],
) -> Found {
    let limits = FetchLimits::of(request, state.fetch_bytes_max);
    let deadline = state.env.now() + limits.wait_max;
    let mut waiting = None;
    let (reads, now) = loop {
        let now = state.env.now();
        let may_wait = limits.bytes_min > 0 && !wanted.is_empty() && now < deadline;
        let mut reads = read(state, request, version, limits.bytes_max, wanted, waiting.is_some()).await;
        let bytes = limits.fit(reads.iter_mut().flatten().filter_map(|read| read.slice.as_mut()));
        let urgent = reads.iter().any(|read| read.as_ref().map_or(true, |read| read.diverging.is_some()));
        if bytes >= limits.bytes_min || urgent || !may_wait {
            break (reads, now);
        }
        let (_, news, everywhere, ..) = waiting.get_or_insert_with(|| {
            let news: Arc<Notify> = Arc::default();
            let alarm = state.deadlines.add(deadline, &news);
            let everywhere = Waiting::new(state, &news);
            (now, news, everywhere, alarm, state.metrics.delayed_fetches.enter())
        });
        everywhere.at(ends(state, request, version, wanted, &reads));
        news.notified().await;
    };
    let Some((since, ..)) = waiting else { return Found { reads, waited: Duration::ZERO } };
    if now >= deadline {
        state.metrics.expired_fetches.set(state.metrics.expired_fetches.get() + 1);
    }
    Found { reads, waited: now - since }
}

/// What may be asked at all; Kafka's codes for what may not.
fn refusal(
    state: &LaneState,
    request: &FetchRequest,
    version: i16,
    wanted: &Wanted,
) -> Result<Uuid, ErrorCode> {
    let image = state.image();
    let topic = match &wanted.topic {
        TopicKey::Name(name) => image.topic(name).ok_or(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION)?,
        TopicKey::Id(id) => image.topic_by_id(*id).ok_or(ErrorCode::UNKNOWN_TOPIC_ID)?,
    };
    let replica_id = if version >= 15 { request.replica_state.replica_id } else { request.replica_id };
    if usize::try_from(wanted.partition.partition).map_or(true, |index| index >= topic.partitions.len()) {
        return Err(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION);
    }
    if replica_id >= 0 {
        // No broker follows this one.
        return Err(ErrorCode::NOT_LEADER_OR_FOLLOWER);
    }
    if !is_isolation_level(request.isolation_level)
        || request.max_bytes < 0
        || wanted.partition.partition_max_bytes < 0
    {
        return Err(ErrorCode::UNKNOWN_SERVER_ERROR);
    }
    Ok(topic.id)
}

/// 0 reads everything, 1 what is committed.
fn is_isolation_level(level: i8) -> bool {
    matches!(level, 0 | 1)
}

/// Reads once, up to `bytes_max` of each partition, or one batch, so that a reader always gets on.
async fn read(
    state: &Rc<LaneState>,
    request: &FetchRequest,
    version: i16,
    bytes_max: usize,
    wanted: &[Wanted],
    again: bool,
) -> Vec<ReadResult> {
    let mut results: Vec<Option<ReadResult>> = Vec::with_capacity(wanted.len());
    let mut asked = Vec::new();
    for one in wanted {
        match refusal(state, request, version, one) {
            Ok(topic_id) => {
                let partition = &one.partition;
                let question = ReadPlan {
                    fetch_offset: partition.fetch_offset,
                    current_leader_epoch: partition.current_leader_epoch,
                    last_fetched_epoch: partition.last_fetched_epoch,
                    max_bytes: usize::try_from(partition.partition_max_bytes).unwrap_or(0).min(bytes_max),
                    again,
                };
                asked.push(Asked { topic_id, partition: partition.partition, question });
                results.push(None);
            }
            Err(code) => results.push(Some(Err(code))),
        }
    }
    let mut answers = ask_owners(state, asked, read_partition).await.into_iter();
    results.into_iter().map(|result| result.unwrap_or_else(|| answers.next().expect("asked"))).collect()
}

/// On the partition's lane.
async fn read_partition(state: Rc<LaneState>, asked: Asked<ReadPlan>) -> ReadResult {
    let partition = state.partition(asked.topic_id, asked.partition)?;
    let plan = asked.question;
    if !plan.again {
        partition.settings().counters.add(TopicCount::TotalFetchRequests, 1);
    }
    partition.check_leader_epoch(plan.current_leader_epoch)?;
    let high_watermark = partition.high_watermark();
    let log_start_offset = partition.log.log_start_offset();
    let told = |slice, diverging| Read { high_watermark, log_start_offset, slice, diverging };
    if plan.last_fetched_epoch >= 0 {
        let end = partition.log.end_offset_for_epoch(plan.last_fetched_epoch);
        if end.leader_epoch < 0 || plan.last_fetched_epoch > partition.leader_epoch() {
            return Err(ErrorCode::OFFSET_OUT_OF_RANGE);
        }
        if end.leader_epoch < plan.last_fetched_epoch || end.end_offset < plan.fetch_offset {
            let diverging = EpochEndOffset {
                epoch: end.leader_epoch,
                end_offset: end.end_offset,
                ..EpochEndOffset::default()
            };
            return Ok(told(None, Some(diverging)));
        }
    }
    if plan.fetch_offset < log_start_offset || plan.fetch_offset > high_watermark {
        return Err(ErrorCode::OFFSET_OUT_OF_RANGE);
    }
    if plan.fetch_offset == high_watermark {
        return Ok(told(None, None));
    }
    match partition.log.read(plan.fetch_offset, plan.max_bytes, true, high_watermark).await {
        Ok(slice) => Ok(told(Some(slice), None)),
        Err(error) => Err(log_error_code(&error)),
    }
}

/// Where the partitions that were read end: something new is to be read once a high watermark has passed there.
fn ends(
    state: &LaneState,
    request: &FetchRequest,
    version: i16,
    wanted: &[Wanted],
    reads: &[ReadResult],
) -> Vec<(Uuid, i32, i64)> {
    let end = |(one, read): (&Wanted, &ReadResult)| {
        let topic_id = refusal(state, request, version, one).ok()?;
        Some((topic_id, one.partition.partition, read.as_ref().ok()?.high_watermark))
    };
    wanted.iter().zip(reads).filter_map(end).collect()
}

fn answer(
    state: &LaneState,
    version: i16,
    session: &SessionContext,
    reads: Vec<ReadResult>,
) -> (FetchResponse, Vec<FileRange>) {
    let mut response = FetchResponse { session_id: session.session_id(), ..FetchResponse::default() };
    let mut files = Vec::new();
    let incremental = matches!(session, SessionContext::Incremental { .. });
    for (wanted, read) in session.wanted().iter().zip(reads) {
        let data = partition_data(version, wanted.partition.partition, read, &mut files);
        let has_records = data.records.as_ref().is_some_and(|records| !records.is_empty());
        let is_error =
            data.error_code != ErrorCode::NONE || data.diverging_epoch != EpochEndOffset::default();
        let changed = state.sessions.borrow_mut().told(
            response.session_id,
            wanted,
            data.high_watermark,
            data.log_start_offset,
            has_records,
            is_error,
        );
        if !incremental || changed {
            count(state, &wanted.topic, &data);
            push(&mut response, &wanted.topic, data);
        }
    }
    (response, files)
}

fn count(state: &LaneState, topic: &TopicKey, data: &PartitionData) {
    let bytes = data.records.as_ref().map_or(0, Records::len);
    if bytes == 0 && data.error_code.is_none() {
        return;
    }
    let id = match topic {
        TopicKey::Name(name) => state.image().topic(name).map(|topic| topic.id),
        TopicKey::Id(id) => Some(*id),
    };
    if let Some(settings) = id.and_then(|id| state.topic_settings(id)) {
        settings.counters.add(TopicCount::BytesOut, bytes as u64);
        if data.error_code.is_error() {
            settings.counters.failed(TopicCount::FailedFetchRequests, data.error_code);
        }
    }
}

fn push(response: &mut FetchResponse, topic: &TopicKey, data: PartitionData) {
    let (name, id) = match topic {
        TopicKey::Name(name) => (name.clone(), Uuid::default()),
        TopicKey::Id(id) => (String::new(), *id),
    };
    match response.responses.last_mut() {
        Some(last) if last.topic == name && last.topic_id == id => last.partitions.push(data),
        _ => response.responses.push(FetchableTopicResponse {
            topic: name,
            topic_id: id,
            partitions: vec![data],
            ..FetchableTopicResponse::default()
        }),
    }
}

fn partition_data(
    version: i16,
    partition_index: i32,
    read: ReadResult,
    files: &mut Vec<FileRange>,
) -> PartitionData {
    let empty = || Some(Records::Bytes(bytes::Bytes::new()));
    match read {
        Ok(read) => {
            let slice = read.slice.filter(|slice| slice.len > 0);
            let records = slice.and_then(|slice| {
                let file = slice.file?;
                files.push(FileRange { file, at: slice.at, len: slice.len });
                Some(Records::Range { token: files.len() as u64 - 1, len: slice.len })
            });
            PartitionData {
                partition_index,
                high_watermark: read.high_watermark,
                last_stable_offset: read.high_watermark,
                log_start_offset: read.log_start_offset,
                diverging_epoch: read.diverging.filter(|_| version >= 12).unwrap_or_default(),
                records: records.or_else(empty),
                ..PartitionData::default()
            }
        }
        Err(error_code) => PartitionData {
            partition_index,
            error_code,
            high_watermark: -1,
            records: empty(),
            ..PartitionData::default()
        },
    }
}
