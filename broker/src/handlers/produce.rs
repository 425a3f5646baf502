//! Produce: checked here, appended by the partitions' lanes, answered when what acks asks for has happened.
//!
//! Not here: sequences of producers (klamm-log), transactions.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::future::Future;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use klamm_env::Instant;
use klamm_log::{AppendError, AppendInfo};
use klamm_protocol::produce_request::{PartitionProduceData, ProduceRequest, TopicProduceData};
use klamm_protocol::produce_response::{
    BatchIndexAndErrorMessage, PartitionProduceResponse, ProduceResponse, TopicProduceResponse,
};
use klamm_protocol::{ErrorCode, Records, Uuid};
use klamm_records::{
    Compression, Compressor, Corruption, ProduceRules, RecordBatch, RecordsError, Stamp, TimestampType,
    Validated, produced_batch, recompress, renumber,
};
use tokio::sync::Notify;

use super::{Asked, ask_owners, log_error_code};
use crate::decompression_budget::DecompressionBudget;
use crate::dispatch::{self, Reply, RequestContext};
use crate::lane::LaneState;
use crate::metrics::{TopicCount, TopicCounters};
use crate::partition::{Acks, Partition};
use crate::request_memory::Share;
use crate::topic_settings::TopicSettings;

/// How long the high watermark has at least: a request's `timeout_ms` is for followers, and with Kafka a leader's own
/// write is not under it.
const ACK_WAIT_MIN_MS: i32 = 1_000;

/// The only client that may write into topics in which Kafka keeps its own state.
const ADMIN_CLIENT_ID: &str = "__admin_client";

/// Why a partition's records were refused.
struct Refused {
    code: ErrorCode,
    message: Option<String>,
    record_errors: Vec<BatchIndexAndErrorMessage>,
    /// Where the log begins, if the batch got as far as the log; else -1.
    log_start_offset: i64,
}

impl From<ErrorCode> for Refused {
    fn from(code: ErrorCode) -> Self {
        Self { code, message: None, record_errors: Vec::new(), log_start_offset: -1 }
    }
}

type Produced = Result<AppendInfo, Refused>;

struct Append {
    /// What is to be appended; or why not, where Kafka tells that together with the log's start.
    batch: Result<Bytes, Refused>,
    /// The batch's share of the memory for requests: it may outlive its request, which gives up at the deadline.
    memory: Share,
    acks: Acks,
    /// When whoever waits for the high watermark is told that it has not come.
    deadline: Instant,
}

/// Checks the batches and hands them to their partitions, in order; the answer comes later.
pub(crate) fn begin(
    state: &Rc<LaneState>,
    context: RequestContext,
    request: ProduceRequest,
    memory: &mut Share,
) -> impl Future<Output = Reply> + 'static {
    let acks = request.acks;
    let wait_ms = u64::from(request.timeout_ms.max(ACK_WAIT_MIN_MS).unsigned_abs());
    let deadline = state.env.now() + Duration::from_millis(wait_ms);
    let topics = distinct(request.topic_data);
    let mut answers: Vec<(usize, i32, Option<Produced>)> = Vec::new();
    let mut appends = Vec::new();
    let mut budget = DecompressionBudget::new();
    for (place, topic) in topics.iter().enumerate() {
        let id = topic_id(state, &context, topic);
        let is_closed = id.is_ok_and(|id| is_closed(state, &context, id));
        for partition in &topic.partition_data {
            let known = id.and_then(|id| known_partition(state, id, partition.index)).map_err(Refused::from);
            let checked = known.and_then(|id| {
                let settings = state.topic_settings(id).ok_or(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION)?;
                let transactional_id = request.transactional_id.as_deref();
                let batch = received_batch(&context, &settings.counters, acks, transactional_id, partition)?;
                settings.counters.add(TopicCount::TotalProduceRequests, 1);
                if is_closed {
                    return Err(ErrorCode::INVALID_TOPIC_EXCEPTION.into());
                }
                Ok((id, validated(state.env.wall().0, &settings, batch, &mut budget)?))
            });
            let refused = checked.map(|(topic_id, batch)| {
                let acks = if acks == 0 { Acks::Appended } else { Acks::Committed };
                let memory = memory.split(batch.as_ref().map_or(0, Bytes::len));
                appends.push(Asked {
                    topic_id,
                    partition: partition.index,
                    question: Append { batch, memory, acks, deadline },
                });
            });
            answers.push((place, partition.index, refused.err().map(Err)));
        }
    }
    if let Some(first) = appends.first_mut() {
        // Any batch keeps the whole frame in memory.
        first.question.memory.absorb(memory);
    }
    let appended = ask_owners(state, appends, append);
    let state = Rc::clone(state);
    async move {
        let _delayed = (acks != 0).then(|| state.metrics.delayed_produces.enter());
        let mut appended = appended.await.into_iter();
        for (_, _, answer) in &mut answers {
            if answer.is_none() {
                *answer = appended.next();
            }
        }
        respond(&state, &context, acks, &topics, answers)
    }
}

/// Entries for the same topic are taken together; a partition that stands twice counts as it stands last.
fn distinct(topics: Vec<TopicProduceData>) -> Vec<TopicProduceData> {
    let mut distinct: Vec<TopicProduceData> = Vec::with_capacity(topics.len());
    let mut places: BTreeMap<(String, Uuid), (usize, BTreeMap<i32, usize>)> = BTreeMap::new();
    for mut topic in topics {
        let partitions = std::mem::take(&mut topic.partition_data);
        let key = (topic.name.clone(), topic.topic_id);
        let (place, indexes) = places.entry(key).or_insert_with(|| {
            distinct.push(topic);
            (distinct.len() - 1, BTreeMap::new())
        });
        let known = &mut distinct[*place].partition_data;
        for partition in partitions {
            match indexes.entry(partition.index) {
                Entry::Occupied(index) => known[*index.get()] = partition,
                Entry::Vacant(index) => {
                    index.insert(known.len());
                    known.push(partition);
                }
            }
        }
    }
    distinct
}

fn topic_id(
    state: &LaneState,
    context: &RequestContext,
    topic: &TopicProduceData,
) -> Result<Uuid, ErrorCode> {
    let image = state.image();
    if context.version >= 13 {
        return image.topic_by_id(topic.topic_id).map(|topic| topic.id).ok_or(ErrorCode::UNKNOWN_TOPIC_ID);
    }
    image.topic(&topic.name).map(|topic| topic.id).ok_or(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION)
}

/// Whether the client may not write there, since Kafka keeps its own state in the topic.
fn is_closed(state: &LaneState, context: &RequestContext, topic_id: Uuid) -> bool {
    context.client_id.as_deref() != Some(ADMIN_CLIENT_ID)
        && state.image().topic_by_id(topic_id).is_some_and(|topic| topic.is_internal())
}

fn known_partition(state: &LaneState, topic_id: Uuid, index: i32) -> Result<Uuid, ErrorCode> {
    let image = state.image();
    let topic = image.topic_by_id(topic_id).ok_or(ErrorCode::UNKNOWN_TOPIC_ID)?;
    let there = usize::try_from(index).is_ok_and(|index| index < topic.partitions.len());
    if there { Ok(topic_id) } else { Err(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION) }
}

/// The one batch of a partition, as far as it can be told apart without the topic's rules.
fn received_batch(
    context: &RequestContext,
    counters: &TopicCounters,
    acks: i16,
    transactional_id: Option<&str>,
    partition: &PartitionProduceData,
) -> Result<RecordBatch, Refused> {
    if !(-1..=1).contains(&acks) {
        return Err(ErrorCode::INVALID_REQUIRED_ACKS.into());
    }
    // Kafka never answers null records; nobody is served by a wait.
    let records = match &partition.records {
        Some(Records::Bytes(bytes)) => bytes.clone(),
        _ => Bytes::new(),
    };
    let batch = produced_batch(&records, context.version).map_err(|error| refused(counters, &error))?;
    if batch.header().attributes.is_transactional() || transactional_id.is_some() {
        return Err(ErrorCode::TRANSACTIONAL_ID_AUTHORIZATION_FAILED.into());
    }
    Ok(batch)
}

/// The batch as it will be appended. Errors of the frame are told at once; those of the records, which Kafka finds when
/// it appends, go with the batch to its partition.
fn validated(
    now_ms: i64,
    settings: &TopicSettings,
    batch: RecordBatch,
    budget: &mut DecompressionBudget,
) -> Result<Result<Bytes, Refused>, Refused> {
    let counters = &settings.counters;
    match validate(now_ms, settings, batch, budget) {
        Err(error @ (RecordsError::BatchTooLarge { .. } | RecordsError::Corrupt(_))) => {
            Err(refused(counters, &error))
        }
        checked => Ok(checked.map_err(|error| refused(counters, &error))),
    }
}

fn validate(
    now_ms: i64,
    settings: &TopicSettings,
    batch: RecordBatch,
    budget: &mut DecompressionBudget,
) -> Result<Bytes, RecordsError> {
    let rules = settings.produce_rules(now_ms);
    let limit = budget.limit(rules.decompressed_bytes_max);
    let rules = ProduceRules { decompressed_bytes_max: limit, ..rules };
    let checked = rules.validate(&batch);
    budget.spend(batch.size(), decompressed_bytes(&batch, &checked), limit);
    let valid = checked?;
    let codec = batch.header().attributes.compression()?;
    let compressor = settings.recompress.filter(|compressor| compressor.compression() != codec);
    let batch = match compressor {
        _ if !valid.consecutive_offsets => {
            let compressor = compressor.unwrap_or(Compressor::new(codec));
            RecordBatch::parse(renumber(&batch, compressor, rules.decompressed_bytes_max)?.freeze())?
        }
        Some(compressor) => {
            RecordBatch::parse(recompress(&batch, compressor, rules.decompressed_bytes_max)?.freeze())?
        }
        None => batch,
    };
    let (size, size_max) = (batch.size(), rules.batch_bytes_max);
    if size > size_max {
        return Err(RecordsError::BatchTooLarge { size, size_max });
    }
    Ok(with_true_timestamps(batch, valid.max_timestamp).into_bytes())
}

/// The batch with a header that tells of its records what they tell. The log stamps it where the broker's time counts.
fn with_true_timestamps(batch: RecordBatch, max_timestamp: i64) -> RecordBatch {
    let header = batch.header();
    if header.max_timestamp == max_timestamp
        && header.attributes.timestamp_type() == TimestampType::CreateTime
    {
        return batch;
    }
    let timestamps = Some((TimestampType::CreateTime, max_timestamp));
    Stamp { timestamps, ..Stamp::default() }.apply_to(batch)
}

/// How much was decompressed to check a batch; none if that cannot be told.
fn decompressed_bytes(batch: &RecordBatch, checked: &Result<Validated, RecordsError>) -> Option<usize> {
    match checked {
        Ok(valid) => Some(valid.decompressed_bytes),
        Err(RecordsError::BatchTooLarge { .. } | RecordsError::Corrupt(Corruption::Checksum { .. })) => {
            Some(0)
        }
        Err(_) if batch.header().attributes.compression() == Ok(Compression::None) => Some(batch.size()),
        Err(_) => None,
    }
}

fn refused(counters: &TopicCounters, error: &RecordsError) -> Refused {
    counters.refused(error);
    let (code, tell) = match error {
        RecordsError::Corrupt(Corruption::Checksum { .. }) => (ErrorCode::CORRUPT_MESSAGE, false),
        RecordsError::Corrupt(_) => (ErrorCode::CORRUPT_MESSAGE, true),
        RecordsError::OldFormat { .. } | RecordsError::Invalid(_) => (ErrorCode::INVALID_RECORD, false),
        RecordsError::Rejected(rejected) if rejected.iter().any(|record| record.rejection.is_timestamp()) => {
            (ErrorCode::INVALID_TIMESTAMP, true)
        }
        RecordsError::Rejected(_) => (ErrorCode::INVALID_RECORD, true),
        RecordsError::BatchTooLarge { .. } | RecordsError::DecompressedTooLarge { .. } => {
            (ErrorCode::MESSAGE_TOO_LARGE, false)
        }
        RecordsError::ZstdTooEarly { .. } => (ErrorCode::UNSUPPORTED_COMPRESSION_TYPE, false),
        RecordsError::UnknownCodec(_) | RecordsError::Decompression { .. } => {
            (ErrorCode::UNKNOWN_SERVER_ERROR, false)
        }
    };
    let record_errors = match error {
        RecordsError::Rejected(rejected) => rejected
            .iter()
            .map(|record| BatchIndexAndErrorMessage {
                batch_index: record.batch_index,
                batch_index_error_message: Some(record.rejection.to_string()),
                ..BatchIndexAndErrorMessage::default()
            })
            .collect(),
        _ => Vec::new(),
    };
    Refused { code, message: tell.then(|| error.to_string()), record_errors, log_start_offset: -1 }
}

/// On the partition's lane: queues the append before the first wait.
fn append(state: Rc<LaneState>, asked: Asked<Append>) -> impl Future<Output = Produced> + 'static {
    let partition = state.partition(asked.topic_id, asked.partition);
    let Append { batch, memory, acks, deadline } = asked.question;
    let begun = partition.map_err(Refused::from).and_then(|partition| match batch {
        Ok(batch) => {
            let answer = partition.append(&state.env, batch, memory, acks);
            Ok((partition, answer))
        }
        Err(refused) => Err(refused_at_log(&partition, refused)),
    });
    async move {
        let (partition, answer) = begun?;
        let time_is_up = Arc::new(Notify::new());
        let _deadline = state.deadlines.add(deadline, &time_is_up);
        let answer = tokio::select! {
            biased;
            answer = answer => answer,
            () = time_is_up.notified() => {
                state.metrics.expired_produces.set(state.metrics.expired_produces.get() + 1);
                return Err(ErrorCode::REQUEST_TIMED_OUT.into());
            }
        };
        match answer {
            Ok(Ok(info)) => Ok(info),
            Ok(Err(error)) => Err(refused_at_log(&partition, append_refused(&error).into())),
            Err(_) => Err(ErrorCode::KAFKA_STORAGE_ERROR.into()),
        }
    }
}

fn refused_at_log(partition: &Partition, refused: Refused) -> Refused {
    partition.settings().counters.failed(TopicCount::FailedProduceRequests, refused.code);
    Refused { log_start_offset: partition.log.log_start_offset(), ..refused }
}

fn append_refused(error: &AppendError) -> ErrorCode {
    match error {
        AppendError::Log(error) => log_error_code(error),
        AppendError::OutOfOrderSequence { .. } => ErrorCode::OUT_OF_ORDER_SEQUENCE_NUMBER,
        AppendError::InvalidProducerEpoch { .. } => ErrorCode::INVALID_PRODUCER_EPOCH,
        AppendError::InvalidTransactionState { .. } => ErrorCode::INVALID_TXN_STATE,
        AppendError::CoordinatorFenced { .. } => ErrorCode::TRANSACTION_COORDINATOR_FENCED,
        AppendError::LargerThanSegment { .. } => ErrorCode::RECORD_LIST_TOO_LARGE,
        AppendError::OldLeaderEpoch { .. } => ErrorCode::NOT_LEADER_OR_FOLLOWER,
        AppendError::OffsetsNotMonotonic { .. } | AppendError::Corrupt(_) => ErrorCode::CORRUPT_MESSAGE,
    }
}

fn respond(
    state: &LaneState,
    context: &RequestContext,
    acks: i16,
    topics: &[TopicProduceData],
    answers: Vec<(usize, i32, Option<Produced>)>,
) -> Reply {
    let mut responses: Vec<TopicProduceResponse> = topics
        .iter()
        .map(|topic| TopicProduceResponse {
            name: topic.name.clone(),
            topic_id: topic.topic_id,
            ..TopicProduceResponse::default()
        })
        .collect();
    let mut failed = None;
    for (place, index, answer) in answers {
        let produced = answer.expect("every partition was answered");
        if let Err(refused) = &produced {
            failed = Some(refused.code);
        }
        responses[place].partition_responses.push(partition_response(index, produced));
    }
    let response = ProduceResponse { responses, ..ProduceResponse::default() };
    match failed {
        None if acks == 0 => Reply::Nothing,
        Some(code) if acks == 0 => {
            // Nobody reads an answer: closing is the only way to tell.
            state.metrics.count_errors(context.key, &response);
            Reply::Close(format!("Produce with acks=0 failed: {code}"))
        }
        _ => dispatch::answer(state, context, &response, Vec::new()),
    }
}

fn partition_response(index: i32, produced: Produced) -> PartitionProduceResponse {
    match produced {
        Ok(info) => PartitionProduceResponse {
            index,
            base_offset: info.first_offset,
            log_append_time_ms: info.log_append_time,
            log_start_offset: info.log_start_offset,
            ..PartitionProduceResponse::default()
        },
        Err(refused) => PartitionProduceResponse {
            index,
            error_code: refused.code,
            base_offset: -1,
            log_start_offset: refused.log_start_offset,
            record_errors: refused.record_errors,
            error_message: refused.message,
            ..PartitionProduceResponse::default()
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use klamm_records::BatchBuilder;

    /// The header says `timestamp_type` and `max_timestamp` of one record at 1000; whether the batch is written anew.
    fn check(timestamp_type: TimestampType, max_timestamp: i64, written: bool) {
        let mut builder = BatchBuilder::new(Compressor::default());
        builder.append(1000, None, None, std::iter::empty()).expect("small");
        let mut bytes = builder.build();
        Stamp { timestamps: Some((timestamp_type, max_timestamp)), ..Stamp::default() }.apply(&mut bytes);
        let frame = bytes.freeze();
        let batch = RecordBatch::parse(frame.clone()).expect("a batch");
        let stamped = with_true_timestamps(batch, 1000);
        stamped.check_crc().expect("its CRC fits");
        assert_eq!(stamped.bytes().as_ptr() != frame.as_ptr(), written);
        assert_eq!(stamped.header().attributes.timestamp_type(), TimestampType::CreateTime);
        assert_eq!(stamped.header().max_timestamp, 1000);
    }

    /// A batch shares its request's memory, so that writing into it is copying it whole: with LogAppendTime every batch
    /// was stamped here and once more by the log.
    #[test]
    fn only_a_header_that_is_not_true_is_written_anew() {
        check(TimestampType::CreateTime, 1000, false);
        check(TimestampType::CreateTime, 7, true);
        check(TimestampType::LogAppendTime, 1000, true);
    }
}
