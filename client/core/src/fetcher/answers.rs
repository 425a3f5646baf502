//! What answers to fetches and to questions for offsets mean. Not here: reading records (`drain`).

use std::collections::BTreeMap;

use klamm_protocol::{
    ErrorCode, FetchResponse, ListOffsetsResponse, Uuid, fetch_response::PartitionData,
    list_offsets_response::ListOffsetsPartitionResponse,
};
use klamm_records::Batches;

use super::drain::Drain;
use super::{Asked, Assigned, FetchError, Fetcher, FetcherConfig, FetcherEffect, Place, ResetTo};
use crate::{Moment, RequestError};

impl Fetcher {
    /// The answer to a fetch, or why there is none. Topics are known by name up to version 12, by id from 13 on.
    pub fn fetched(
        &mut self,
        now: Moment,
        request: u64,
        answer: Result<FetchResponse, RequestError>,
        draw: f64,
    ) -> Vec<FetcherEffect> {
        let Some(sent) = self.fetches.remove(&request) else { return Vec::new() };
        let mut by_name = BTreeMap::new();
        let mut by_id = BTreeMap::new();
        let refused = match answer {
            Ok(answer) => {
                if answer.throttle_time_ms > 0 {
                    tracing::debug!(throttle_time_ms = answer.throttle_time_ms, "a fetch was throttled");
                }
                for topic in answer.responses {
                    for partition in topic.partitions {
                        if topic.topic_id == Uuid::default() {
                            by_name.insert((topic.topic.clone(), partition.partition_index), partition);
                        } else {
                            by_id.insert((topic.topic_id, partition.partition_index), partition);
                        }
                    }
                }
                answer.error_code
            }
            Err(error) => {
                tracing::debug!(%error, "a fetch has no answer");
                ErrorCode::NETWORK_EXCEPTION
            }
        };
        let mut refresh = refused.is_error();
        for asked in sent.partitions {
            let key = (asked.partition.topic.to_string(), asked.partition.partition);
            let answer = by_name.remove(&key);
            let answer = answer.or_else(|| by_id.remove(&(asked.topic_id, asked.partition.partition)));
            let Some(assigned) = current(&mut self.partitions, &asked) else { continue };
            assigned.asked = false;
            match answer {
                Some(answer) => refresh |= take_fetched(&self.config, assigned, now, &asked, &answer, draw),
                None if refused.is_error() => assigned.failed(now, &self.config.backoff, draw),
                // A partition that is left out has nothing new.
                None => {}
            }
        }
        if refresh { vec![FetcherEffect::RefreshMetadata] } else { Vec::new() }
    }

    /// The answer to a question for offsets, or why there is none.
    pub fn listed(
        &mut self,
        now: Moment,
        request: u64,
        answer: Result<ListOffsetsResponse, RequestError>,
        draw: f64,
    ) -> Vec<FetcherEffect> {
        let Some(sent) = self.lists.remove(&request) else { return Vec::new() };
        let mut answers: BTreeMap<(String, i32), ListOffsetsPartitionResponse> = BTreeMap::new();
        for topic in answer.map(|answer| answer.topics).unwrap_or_default() {
            for partition in topic.partitions {
                answers.insert((topic.name.clone(), partition.partition_index), partition);
            }
        }
        let mut refresh = false;
        for asked in sent.partitions {
            let Some(assigned) = current(&mut self.partitions, &asked) else { continue };
            assigned.asked = false;
            match answers.remove(&(asked.partition.topic.to_string(), asked.partition.partition)) {
                Some(answer) if answer.error_code.is_none() && answer.offset >= 0 => {
                    assigned.place = Place::At(answer.offset);
                    assigned.position = answer.offset;
                    assigned.failures = 0;
                }
                Some(answer)
                    if answer.error_code.is_none()
                        && matches!(assigned.place, Place::Reset(Some(ResetTo::NotOlderThan(_)))) =>
                {
                    assigned.place = Place::Reset(Some(ResetTo::Latest));
                }
                Some(answer) if answer.error_code.is_error() && !answer.error_code.is_retriable() => {
                    assigned.error = Some(FetchError::Refused(answer.error_code));
                }
                _ => {
                    refresh = true;
                    assigned.failed(now, &self.config.backoff, draw);
                }
            }
        }
        if refresh { vec![FetcherEffect::RefreshMetadata] } else { Vec::new() }
    }
}

/// The partition, unless it was sought in since it was asked about.
fn current<'a>(
    partitions: &'a mut BTreeMap<crate::TopicPartition, Assigned>,
    asked: &Asked,
) -> Option<&'a mut Assigned> {
    partitions.get_mut(&asked.partition).filter(|assigned| assigned.generation == asked.generation)
}

/// Takes over what was fetched of one partition; true if fresh metadata is needed.
fn take_fetched(
    config: &FetcherConfig,
    assigned: &mut Assigned,
    now: Moment,
    asked: &Asked,
    answer: &PartitionData,
    draw: f64,
) -> bool {
    match answer.error_code {
        ErrorCode::NONE => {}
        ErrorCode::OFFSET_OUT_OF_RANGE
            if assigned.buffered.is_empty() && assigned.position == asked.offset =>
        {
            match config.reset {
                Some(end) => {
                    tracing::info!(partition = %asked.partition, offset = asked.offset, "out of range, reset");
                    assigned.place = Place::Reset(Some(end));
                }
                None => {
                    assigned.error = Some(FetchError::OutOfRange(asked.offset));
                    assigned.failed(now, &config.backoff, draw);
                }
            }
            return false;
        }
        // It may be tried again, and whoever waits for these records has to know of it all the same.
        ErrorCode::CORRUPT_MESSAGE => {
            assigned.error = Some(FetchError::Damaged(asked.offset));
            assigned.failed(now, &config.backoff, draw);
            return true;
        }
        code if code.is_retriable()
            || code == ErrorCode::OFFSET_OUT_OF_RANGE
            || code == ErrorCode::UNKNOWN_SERVER_ERROR =>
        {
            tracing::debug!(partition = %asked.partition, %code, "fetch refused");
            assigned.failed(now, &config.backoff, draw);
            return code != ErrorCode::OFFSET_OUT_OF_RANGE;
        }
        code => {
            assigned.error = Some(FetchError::Refused(code));
            assigned.failed(now, &config.backoff, draw);
            return true;
        }
    }
    let told = |offset: i64| (offset >= 0).then_some(offset);
    assigned.high_watermark = told(answer.high_watermark).or(assigned.high_watermark);
    assigned.last_stable_offset = told(answer.last_stable_offset).or(assigned.last_stable_offset);
    match drain(config, asked, answer) {
        Ok(None) => assigned.failures = 0,
        Ok(Some((drain, next))) => {
            assigned.failures = 0;
            assigned.place = Place::At(next);
            assigned.buffered.push_back(drain);
        }
        Err(error) => {
            assigned.error = Some(FetchError::Malformed(error));
            assigned.failed(now, &config.backoff, draw);
        }
    }
    false
}

/// The batches of an answer, and the offset behind them.
fn drain(
    config: &FetcherConfig,
    asked: &Asked,
    answer: &PartitionData,
) -> Result<Option<(Drain, i64)>, String> {
    let Some(bytes) = answer.records.as_ref().and_then(|records| records.as_bytes()) else { return Ok(None) };
    if bytes.is_empty() {
        return Ok(None);
    }
    let mut batches = Vec::new();
    let mut next = asked.offset;
    for batch in Batches::new(bytes.clone()) {
        let batch = match batch {
            Ok(batch) => batch,
            // What is sound before comes first; the next fetch begins with the damage.
            Err(_) if !batches.is_empty() => break,
            Err(error) => return Err(error.to_string()),
        };
        if batch.header().next_offset() > next {
            next = batch.header().next_offset();
            batches.push(batch);
        }
    }
    if batches.is_empty() {
        return Err(format!("{} bytes without a record from offset {} on", bytes.len(), asked.offset));
    }
    let drain = Drain::new(asked.partition.clone(), asked.generation, asked.offset, batches, config);
    Ok(Some((drain.without_aborted(answer.aborted_transactions.as_deref().unwrap_or_default()), next)))
}
