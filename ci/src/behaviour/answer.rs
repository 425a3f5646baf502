//! The error codes of an answer and whether messages come with them, in few words:
//! `top: 0 NONE; partitions: 3 UNKNOWN_TOPIC_OR_PARTITION (message null)`.
//!
//! **Not here**: other fields; each section shows its own.

use std::fmt;

use klamm_protocol::{
    AlterConfigsResponse, ApiVersionsResponse, CreatePartitionsResponse, CreateTopicsResponse,
    DeleteRecordsResponse, DeleteTopicsResponse, DescribeClusterResponse, DescribeConfigsResponse,
    DescribeTopicPartitionsResponse, ErrorCode, FetchResponse, GetTelemetrySubscriptionsResponse,
    IncrementalAlterConfigsResponse, InitProducerIdResponse, ListConfigResourcesResponse,
    ListOffsetsResponse, MetadataResponse, OffsetForLeaderEpochResponse, ProduceResponse,
    PushTelemetryResponse, Response,
};

/// Error codes with the field that they sit in, and whether one of the error messages is set.
#[derive(Default)]
pub(super) struct Outcome {
    codes: Vec<(&'static str, ErrorCode)>,
    message: Option<bool>,
}

impl Outcome {
    fn code(mut self, place: &'static str, code: ErrorCode) -> Self {
        self.codes.push((place, code));
        self
    }

    fn message(mut self, message: Option<&String>) -> Self {
        let set = message.is_some_and(|message| !message.is_empty());
        self.message = Some(set || self.message == Some(true));
        self
    }

    /// A lone code without its place, others with theirs and equal ones once.
    pub(super) fn codes(&self) -> String {
        match self.codes.as_slice() {
            [] => "answered, no error field".to_owned(),
            [(_, code)] => coded(*code),
            all => {
                let mut parts: Vec<String> = Vec::new();
                for (place, code) in all {
                    let part = format!("{place}: {}", coded(*code));
                    if !parts.contains(&part) {
                        parts.push(part);
                    }
                }
                parts.join("; ")
            }
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.codes())?;
        match self.message {
            None => Ok(()),
            Some(true) => f.write_str(" (message set)"),
            Some(false) => f.write_str(" (message null)"),
        }
    }
}

/// Number and name.
pub(super) fn coded(code: ErrorCode) -> String {
    format!("{} {code}", code.0)
}

/// An answer whose error codes are known.
pub(super) trait Shown: Response {
    fn outcome(&self, version: i16) -> Outcome;
}

/// Answers with one error code at the top.
macro_rules! one_code {
    ($($response:ty),* $(,)?) => {$(
        impl Shown for $response {
            fn outcome(&self, _version: i16) -> Outcome {
                Outcome::default().code("top", self.error_code)
            }
        }
    )*};
}

one_code!(
    ApiVersionsResponse,
    GetTelemetrySubscriptionsResponse,
    InitProducerIdResponse,
    ListConfigResourcesResponse,
    PushTelemetryResponse,
);

/// Answers with a list of results, each with a code, and with a message from a version on.
macro_rules! list_of_results {
    ($($response:ty, $list:ident, messages from $first:literal);* $(;)?) => {$(
        impl Shown for $response {
            fn outcome(&self, version: i16) -> Outcome {
                self.$list.iter().fold(Outcome::default(), |outcome, result| {
                    let outcome = outcome.code(stringify!($list), result.error_code);
                    if version >= $first { outcome.message(result.error_message.as_ref()) } else { outcome }
                })
            }
        }
    )*};
}

list_of_results!(
    AlterConfigsResponse, responses, messages from 0;
    CreatePartitionsResponse, results, messages from 0;
    CreateTopicsResponse, topics, messages from 1;
    DeleteTopicsResponse, responses, messages from 5;
    DescribeConfigsResponse, results, messages from 0;
    IncrementalAlterConfigsResponse, responses, messages from 0;
);

/// Answers with a list of topics, and a code for each of their partitions.
macro_rules! partitions_of_topics {
    ($($response:ty),* $(,)?) => {$(
        impl Shown for $response {
            fn outcome(&self, _version: i16) -> Outcome {
                let partitions = self.topics.iter().flat_map(|topic| &topic.partitions);
                partitions.fold(Outcome::default(), |outcome, partition| {
                    outcome.code("partitions", partition.error_code)
                })
            }
        }
    )*};
}

partitions_of_topics!(DeleteRecordsResponse, ListOffsetsResponse, OffsetForLeaderEpochResponse);

/// Answers with a list of topics, a code for each and for each of their partitions.
macro_rules! topics_and_partitions {
    ($($response:ty),* $(,)?) => {$(
        impl Shown for $response {
            fn outcome(&self, _version: i16) -> Outcome {
                self.topics.iter().fold(Outcome::default(), |outcome, topic| {
                    let outcome = outcome.code("topics", topic.error_code);
                    topic.partitions.iter().fold(outcome, |outcome, partition| {
                        outcome.code("partitions", partition.error_code)
                    })
                })
            }
        }
    )*};
}

topics_and_partitions!(DescribeTopicPartitionsResponse, MetadataResponse);

impl Shown for DescribeClusterResponse {
    fn outcome(&self, _version: i16) -> Outcome {
        Outcome::default().code("top", self.error_code).message(self.error_message.as_ref())
    }
}

impl Shown for FetchResponse {
    fn outcome(&self, version: i16) -> Outcome {
        let mut outcome = Outcome::default();
        if version >= 7 {
            outcome = outcome.code("top", self.error_code);
        }
        let partitions = self.responses.iter().flat_map(|topic| &topic.partitions);
        partitions.fold(outcome, |outcome, partition| outcome.code("partitions", partition.error_code))
    }
}

impl Shown for ProduceResponse {
    fn outcome(&self, version: i16) -> Outcome {
        let partitions = self.responses.iter().flat_map(|topic| &topic.partition_responses);
        partitions.fold(Outcome::default(), |mut outcome, partition| {
            outcome = outcome.code("partition_responses", partition.error_code);
            if version < 8 {
                return outcome;
            }
            outcome = outcome.message(partition.error_message.as_ref());
            partition
                .record_errors
                .iter()
                .fold(outcome, |outcome, error| outcome.message(error.batch_index_error_message.as_ref()))
        })
    }
}

#[cfg(test)]
mod tests {
    use klamm_protocol::metadata_response::{MetadataResponsePartition, MetadataResponseTopic};

    use super::*;

    #[test]
    fn one_code_stands_alone_and_equal_ones_come_once() {
        let check = |outcome: Outcome, expected: &str| assert_eq!(outcome.to_string(), expected);
        let none = || Outcome::default().code("top", ErrorCode::NONE);
        check(Outcome::default(), "answered, no error field");
        check(none(), "0 NONE");
        check(none().code("top", ErrorCode::NONE), "top: 0 NONE");
        check(none().code("list", ErrorCode::NONE).message(None), "top: 0 NONE; list: 0 NONE (message null)");
        check(none().message(Some(&"why".to_owned())).message(None), "0 NONE (message set)");
        check(none().message(Some(&String::new())), "0 NONE (message null)");
    }

    #[test]
    fn partitions_count_besides_their_topics() {
        let partition = MetadataResponsePartition { error_code: ErrorCode(5), ..Default::default() };
        let topic = MetadataResponseTopic { partitions: vec![partition], ..Default::default() };
        let response = MetadataResponse { topics: vec![topic], ..Default::default() };
        assert_eq!(response.outcome(12).to_string(), "topics: 0 NONE; partitions: 5 LEADER_NOT_AVAILABLE");
    }
}
