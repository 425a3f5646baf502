//! ListOffsets: offsets by time, and the ends of logs. Not here: tiered storage, which has nothing to list.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use klamm_log::TimestampQuery;
use klamm_protocol::ErrorCode;
use klamm_protocol::list_offsets_request::{ListOffsetsPartition, ListOffsetsRequest};
use klamm_protocol::list_offsets_response::{
    ListOffsetsPartitionResponse, ListOffsetsResponse, ListOffsetsTopicResponse,
};

use super::{Asked, ask_owners, log_error_code};
use crate::dispatch::RequestContext;
use crate::lane::LaneState;

/// What a timestamp asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Query {
    Log(TimestampQuery),
    /// Of tiered storage, which is not there.
    Nothing,
}

/// Answers the request.
pub(crate) async fn handle(
    state: Rc<LaneState>,
    context: RequestContext,
    request: ListOffsetsRequest,
) -> ListOffsetsResponse {
    let image = state.image();
    let twice = listed_twice(&request);
    let mut refused: Vec<Option<ErrorCode>> = Vec::new();
    let mut asked = Vec::new();
    for topic in &request.topics {
        for partition in &topic.partitions {
            let key = (topic.name.as_str(), partition.partition_index);
            let question = if twice.contains(&key) {
                Err(ErrorCode::INVALID_REQUEST)
            } else {
                let known = image
                    .topic(&topic.name)
                    .map(|topic| topic.id)
                    .ok_or(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION);
                known.and_then(|id| {
                    if !matches!(request.isolation_level, 0 | 1) {
                        return Err(ErrorCode::UNKNOWN_SERVER_ERROR);
                    }
                    Ok((id, query(context.version, partition.timestamp)?))
                })
            };
            refused.push(question.err());
            if let Ok((topic_id, query)) = question {
                let question = (query, partition.current_leader_epoch);
                asked.push(Asked { topic_id, partition: partition.partition_index, question });
            }
        }
    }
    let mut answers = ask_owners(&state, asked, list).await.into_iter();
    let mut results =
        refused.into_iter().map(|code| code.map_or_else(|| answers.next().expect("asked"), Err));
    let topics = request.topics.iter().map(|topic| ListOffsetsTopicResponse {
        name: topic.name.clone(),
        partitions: once_each(&topic.partitions)
            .into_iter()
            .map(|(partition, repeats)| {
                let result = results.by_ref().take(repeats).last().expect("one for each");
                partition_response(context.version, partition.partition_index, result)
            })
            .collect(),
        ..ListOffsetsTopicResponse::default()
    });
    ListOffsetsResponse { topics: topics.collect(), ..ListOffsetsResponse::default() }
}

fn listed_twice(request: &ListOffsetsRequest) -> BTreeSet<(&str, i32)> {
    let mut counts: BTreeMap<(&str, i32), usize> = BTreeMap::new();
    for topic in &request.topics {
        for partition in &topic.partitions {
            *counts.entry((topic.name.as_str(), partition.partition_index)).or_default() += 1;
        }
    }
    counts.into_iter().filter(|(_, count)| *count > 1).map(|(key, _)| key).collect()
}

/// Neighbours that name the same partition are answered once.
fn once_each(partitions: &[ListOffsetsPartition]) -> Vec<(&ListOffsetsPartition, usize)> {
    partitions
        .chunk_by(|a, b| a.partition_index == b.partition_index)
        .map(|same| (&same[0], same.len()))
        .collect()
}

fn query(version: i16, timestamp: i64) -> Result<Query, ErrorCode> {
    match timestamp {
        -1 => Ok(Query::Log(TimestampQuery::Latest)),
        -2 => Ok(Query::Log(TimestampQuery::Earliest)),
        -3 if version >= 7 => Ok(Query::Log(TimestampQuery::MaxTimestamp)),
        -4 if version >= 8 => Ok(Query::Log(TimestampQuery::Earliest)),
        -5 if version >= 9 => Ok(Query::Nothing),
        -6 if version >= 11 => Ok(Query::Nothing),
        time if time >= 0 => Ok(Query::Log(TimestampQuery::At(time))),
        _ => Err(ErrorCode::UNSUPPORTED_VERSION),
    }
}

type Listed = Result<(i64, i64, i32), ErrorCode>;

async fn list(state: Rc<LaneState>, asked: Asked<(Query, i32)>) -> Listed {
    let partition = state.partition(asked.topic_id, asked.partition)?;
    let (query, current_leader_epoch) = asked.question;
    partition.check_leader_epoch(current_leader_epoch)?;
    let Query::Log(query) = query else { return Ok((-1, -1, -1)) };
    let found = partition.log.offset_for_timestamp(query, partition.high_watermark()).await;
    match found.map_err(|error| log_error_code(&error))? {
        Some(found) => {
            let ends = matches!(query, TimestampQuery::Earliest | TimestampQuery::Latest);
            let epoch =
                if ends && found.leader_epoch < 0 { partition.leader_epoch() } else { found.leader_epoch };
            Ok((found.offset, found.timestamp, epoch))
        }
        None => Ok((-1, -1, -1)),
    }
}

fn partition_response(version: i16, partition_index: i32, listed: Listed) -> ListOffsetsPartitionResponse {
    let (error_code, (offset, timestamp, leader_epoch)) = match listed {
        Ok(found) => (ErrorCode::NONE, found),
        Err(code) => (code, (-1, -1, -1)),
    };
    ListOffsetsPartitionResponse {
        partition_index,
        error_code,
        timestamp,
        offset,
        // KIP-320 came with version 4.
        leader_epoch: if version >= 4 { leader_epoch } else { -1 },
        ..ListOffsetsPartitionResponse::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_timestamps_need_their_version() {
        let check = |version, timestamp, expected| {
            assert_eq!(query(version, timestamp), expected, "v{version} {timestamp}");
        };
        check(1, -1, Ok(Query::Log(TimestampQuery::Latest)));
        check(6, -3, Err(ErrorCode::UNSUPPORTED_VERSION));
        check(7, -3, Ok(Query::Log(TimestampQuery::MaxTimestamp)));
        check(7, -4, Err(ErrorCode::UNSUPPORTED_VERSION));
        check(8, -5, Err(ErrorCode::UNSUPPORTED_VERSION));
        check(10, -6, Err(ErrorCode::UNSUPPORTED_VERSION));
        check(11, -6, Ok(Query::Nothing));
        check(11, -7, Err(ErrorCode::UNSUPPORTED_VERSION));
        check(1, 5, Ok(Query::Log(TimestampQuery::At(5))));
    }
}
