//! Which error codes an answer tells, one for each thing that was asked for, as Kafka counts them.
//!
//! Not here: where they are counted.

use klamm_protocol::{
    AlterConfigsResponse, ApiVersionsResponse, CreatePartitionsResponse, CreateTopicsResponse,
    DeleteRecordsResponse, DeleteTopicsResponse, DescribeClusterResponse, DescribeConfigsResponse,
    DescribeLogDirsResponse, DescribeTopicPartitionsResponse, ErrorCode, FetchResponse,
    FindCoordinatorResponse, IncrementalAlterConfigsResponse, InitProducerIdResponse,
    ListConfigResourcesResponse, ListOffsetsResponse, MetadataResponse, OffsetForLeaderEpochResponse,
    ProduceResponse, Response,
};

/// An answer with error codes in it.
pub(crate) trait ResponseErrors: Response {
    /// Tells each of them, [`ErrorCode::NONE`] too.
    fn each_error(&self, tell: &mut dyn FnMut(ErrorCode));
}

/// The code of `$of`, or of each element down a path of lists.
macro_rules! tell_each {
    ($tell:ident, $of:expr,) => { $tell($of.error_code) };
    ($tell:ident, $of:expr, $list:ident $($rest:ident)*) => {
        for element in &$of.$list {
            tell_each!($tell, element, $($rest)*);
        }
    };
}

/// For each answer the paths to its codes.
macro_rules! response_errors {
    ($($response:ident: $([$($list:ident)*])*;)*) => {
        $(impl ResponseErrors for $response {
            fn each_error(&self, tell: &mut dyn FnMut(ErrorCode)) {
                $(tell_each!(tell, self, $($list)*);)*
            }
        })*
    };
}

response_errors! {
    ProduceResponse: [responses partition_responses];
    FetchResponse: [] [responses partitions];
    ListOffsetsResponse: [topics partitions];
    MetadataResponse: [] [topics] [topics partitions];
    ApiVersionsResponse: [];
    CreateTopicsResponse: [topics];
    DeleteTopicsResponse: [responses];
    DeleteRecordsResponse: [topics partitions];
    InitProducerIdResponse: [];
    OffsetForLeaderEpochResponse: [topics partitions];
    DescribeConfigsResponse: [results];
    AlterConfigsResponse: [responses];
    DescribeLogDirsResponse: [] [results];
    CreatePartitionsResponse: [results];
    IncrementalAlterConfigsResponse: [responses];
    DescribeClusterResponse: [];
    ListConfigResourcesResponse: [];
    DescribeTopicPartitionsResponse: [topics] [topics partitions];
}

impl ResponseErrors for FindCoordinatorResponse {
    fn each_error(&self, tell: &mut dyn FnMut(ErrorCode)) {
        tell_each!(tell, self, coordinators);
        // Up to version 3 there is one, without a list.
        if self.coordinators.is_empty() {
            tell(self.error_code);
        }
    }
}

#[cfg(test)]
mod tests {
    use klamm_protocol::fetch_response::{FetchableTopicResponse, PartitionData};

    use super::*;

    #[test]
    fn every_partition_tells_its_code_and_so_does_the_whole() {
        let partition = |error_code| PartitionData { error_code, ..PartitionData::default() };
        let topic = FetchableTopicResponse {
            partitions: vec![partition(ErrorCode::NONE), partition(ErrorCode::OFFSET_OUT_OF_RANGE)],
            ..FetchableTopicResponse::default()
        };
        let response = FetchResponse { responses: vec![topic], ..FetchResponse::default() };
        let mut told = Vec::new();
        response.each_error(&mut |code| told.push(code));
        assert_eq!(told, [ErrorCode::NONE, ErrorCode::NONE, ErrorCode::OFFSET_OUT_OF_RANGE]);
    }
}
