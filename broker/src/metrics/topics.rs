//! What is counted of a topic on one lane (`kafka.server:type=BrokerTopicMetrics`). Not here: names, sums over lanes.

use std::cell::Cell;

use klamm_protocol::ErrorCode;
use klamm_records::{Corruption, InvalidRecord, RecordRejection, RecordsError};

/// What is counted, named as Kafka's beans without `PerSec`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum TopicCount {
    MessagesIn,
    BytesIn,
    BytesOut,
    BytesRejected,
    FailedProduceRequests,
    FailedFetchRequests,
    TotalProduceRequests,
    TotalFetchRequests,
    InvalidMagicNumberRecords,
    InvalidMessageCrcRecords,
    InvalidOffsetOrSequenceRecords,
    NoKeyCompactedTopicRecords,
}

const COUNTS: usize = TopicCount::NoKeyCompactedTopicRecords as usize + 1;

/// Counts of one topic, or of several together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TopicCounts([u64; COUNTS]);

impl TopicCounts {
    /// One of them.
    pub(crate) fn get(&self, which: TopicCount) -> u64 {
        self.0[which as usize]
    }

    /// Adds those of another.
    pub(crate) fn absorb(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine += theirs;
        }
    }
}

/// Counts of one topic while they are made.
#[derive(Debug, Default)]
pub(crate) struct TopicCounters([Cell<u64>; COUNTS]);

impl TopicCounters {
    /// Counts `more`.
    pub(crate) fn add(&self, which: TopicCount, more: u64) {
        let count = &self.0[which as usize];
        count.set(count.get() + more);
    }

    /// The counts so far.
    pub(crate) fn counts(&self) -> TopicCounts {
        TopicCounts(std::array::from_fn(|which| self.0[which].get()))
    }

    /// A batch was refused before it came to the log.
    pub(crate) fn refused(&self, error: &RecordsError) {
        match error {
            RecordsError::BatchTooLarge { size, .. } => self.add(TopicCount::BytesRejected, *size as u64),
            RecordsError::Corrupt(Corruption::Checksum { .. }) => {
                self.add(TopicCount::InvalidMessageCrcRecords, 1);
            }
            RecordsError::OldFormat { .. } | RecordsError::Corrupt(Corruption::Magic(_)) => {
                self.add(TopicCount::InvalidMagicNumberRecords, 1);
            }
            RecordsError::Invalid(
                InvalidRecord::OffsetRange(_)
                | InvalidRecord::Count(_)
                | InvalidRecord::CountMismatch { .. }
                | InvalidRecord::ControlBatch
                | InvalidRecord::Sequence { .. },
            ) => self.add(TopicCount::InvalidOffsetOrSequenceRecords, 1),
            RecordsError::Rejected(rejected) => {
                let keyless = rejected.iter().filter(|one| one.rejection == RecordRejection::MissingKey);
                self.add(TopicCount::NoKeyCompactedTopicRecords, keyless.count() as u64);
            }
            _ => {}
        }
    }

    /// A partition's part of a request ended in an error. As with Kafka, only what nobody expects is a failure.
    pub(crate) fn failed(&self, which: TopicCount, code: ErrorCode) {
        let expected = matches!(
            code,
            ErrorCode::UNKNOWN_TOPIC_OR_PARTITION
                | ErrorCode::UNKNOWN_TOPIC_ID
                | ErrorCode::NOT_LEADER_OR_FOLLOWER
                | ErrorCode::UNKNOWN_LEADER_EPOCH
                | ErrorCode::FENCED_LEADER_EPOCH
                | ErrorCode::OFFSET_OUT_OF_RANGE
                | ErrorCode::MESSAGE_TOO_LARGE
                | ErrorCode::RECORD_LIST_TOO_LARGE
                | ErrorCode::CORRUPT_MESSAGE
                | ErrorCode::KAFKA_STORAGE_ERROR
                | ErrorCode::REQUEST_TIMED_OUT
        );
        if !expected {
            self.add(which, 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use klamm_records::RejectedRecord;

    use super::*;

    #[test]
    fn a_refused_batch_counts_by_its_reason() {
        let counters = TopicCounters::default();
        let rejected = |rejection| RejectedRecord { batch_index: 0, rejection };
        for error in [
            RecordsError::BatchTooLarge { size: 7, size_max: 1 },
            RecordsError::Corrupt(Corruption::Checksum { stored: 1, computed: 2 }),
            RecordsError::OldFormat { magic: 1 },
            RecordsError::Invalid(InvalidRecord::ControlBatch),
            RecordsError::Rejected(vec![
                rejected(RecordRejection::MissingKey),
                rejected(RecordRejection::LogAppendTime),
                rejected(RecordRejection::MissingKey),
            ]),
            RecordsError::UnknownCodec(7),
        ] {
            counters.refused(&error);
        }
        counters.failed(TopicCount::FailedProduceRequests, ErrorCode::MESSAGE_TOO_LARGE);
        counters.failed(TopicCount::FailedProduceRequests, ErrorCode::INVALID_RECORD);
        assert_eq!(counters.counts(), TopicCounts([0, 0, 0, 7, 1, 0, 0, 0, 1, 1, 1, 2]));
    }
}
