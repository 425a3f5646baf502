//! What the null broker answers to a request: success, and for Fetch a batch that was built before.
//!
//! **Not here**: sockets; APIs that neither the load nor a client's greeting needs (the connection is closed then).

use std::io;

use bytes::Bytes;
use klamm_protocol::{
    ApiKey, ApiVersionsResponse, CreateTopicsRequest, CreateTopicsResponse, Decoder, DeleteTopicsRequest,
    DeleteTopicsResponse, ErrorCode, FetchRequest, FetchResponse, InitProducerIdRequest,
    InitProducerIdResponse, Message, MetadataRequest, MetadataResponse, Piece, ProduceRequest,
    ProduceResponse, Records, Request, Uuid, api_versions_response, create_topics_response,
    decode_request_header, delete_topics_response, encode_response, fetch_response, metadata_response,
    produce_response,
};

use crate::bench::batch;

/// The node that leads everything.
const NODE: i32 = 1;

/// The id of every topic.
const TOPIC_ID: Uuid = Uuid([7; 16]);

/// Bytes that a partition gives at most in one Fetch answer.
const FETCH_BYTES: usize = 1 << 20;

/// The APIs that are answered, with their versions.
const SERVED: [(ApiKey, std::ops::RangeInclusive<i16>); 7] = [
    (ApiKey::ApiVersions, klamm_protocol::ApiVersionsRequest::VERSIONS),
    (ApiKey::CreateTopics, CreateTopicsRequest::VERSIONS),
    (ApiKey::DeleteTopics, DeleteTopicsRequest::VERSIONS),
    (ApiKey::Fetch, FetchRequest::VERSIONS),
    (ApiKey::InitProducerId, InitProducerIdRequest::VERSIONS),
    (ApiKey::Metadata, MetadataRequest::VERSIONS),
    (ApiKey::Produce, ProduceRequest::VERSIONS),
];

/// What every lane answers from.
pub(super) struct Answers {
    port: i32,
    /// Batches back to back, offsets from 0 on.
    records: Bytes,
    record_count: i64,
}

impl Answers {
    /// Prepares the answers of a broker that listens on `port` of the loopback.
    pub(super) fn new(port: u16) -> Self {
        let (records, record_count) = batch::back_to_back(FETCH_BYTES);
        Self { port: i32::from(port), records, record_count }
    }

    /// Answers one request (without its size prefix), appending the bytes to send to `out`.
    pub(super) fn answer(&self, frame: Bytes, out: &mut Vec<Bytes>) -> io::Result<()> {
        let mut input = Decoder::new(frame);
        let (key, header) = decode_request_header(&mut input).map_err(io::Error::other)?;
        let (id, version) = (header.correlation_id, header.request_api_version);
        let input = &mut input;
        match key {
            ApiKey::ApiVersions => put(id, version, &api_versions(), out),
            ApiKey::Metadata => reply::<MetadataRequest>(input, id, version, out, |it| self.metadata(it)),
            ApiKey::CreateTopics => reply::<CreateTopicsRequest>(input, id, version, out, create_topics),
            ApiKey::DeleteTopics => reply::<DeleteTopicsRequest>(input, id, version, out, delete_topics),
            ApiKey::InitProducerId => reply::<InitProducerIdRequest>(input, id, version, out, |_| {
                InitProducerIdResponse { producer_id: 1, ..Default::default() }
            }),
            ApiKey::Produce => {
                let request = ProduceRequest::decode(input, version).map_err(io::Error::other)?;
                if request.acks == 0 {
                    return Ok(());
                }
                put(id, version, &produce(request), out)
            }
            ApiKey::Fetch => reply::<FetchRequest>(input, id, version, out, |it| self.fetch(it)),
            other => Err(io::Error::other(format!("a null broker does not answer {other:?}"))),
        }
    }

    fn metadata(&self, request: MetadataRequest) -> MetadataResponse {
        let broker = metadata_response::MetadataResponseBroker {
            node_id: NODE,
            host: "127.0.0.1".to_owned(),
            port: self.port,
            ..Default::default()
        };
        let partition = metadata_response::MetadataResponsePartition {
            leader_id: NODE,
            replica_nodes: vec![NODE],
            isr_nodes: vec![NODE],
            ..Default::default()
        };
        let topic = |asked: klamm_protocol::metadata_request::MetadataRequestTopic| {
            metadata_response::MetadataResponseTopic {
                name: asked.name.or_else(|| Some("null".to_owned())),
                topic_id: TOPIC_ID,
                partitions: vec![partition.clone()],
                ..Default::default()
            }
        };
        MetadataResponse {
            brokers: vec![broker],
            controller_id: NODE,
            topics: request.topics.unwrap_or_default().into_iter().map(topic).collect(),
            ..Default::default()
        }
    }

    fn fetch(&self, request: FetchRequest) -> FetchResponse {
        let partition = |asked: klamm_protocol::fetch_request::FetchPartition| {
            let len = self.records.len().min(usize::try_from(asked.partition_max_bytes).unwrap_or(0));
            fetch_response::PartitionData {
                partition_index: asked.partition,
                high_watermark: self.record_count,
                last_stable_offset: self.record_count,
                log_start_offset: 0,
                records: Some(Records::Bytes(self.records.slice(..len))),
                ..Default::default()
            }
        };
        let topic =
            |asked: klamm_protocol::fetch_request::FetchTopic| fetch_response::FetchableTopicResponse {
                topic: asked.topic,
                topic_id: asked.topic_id,
                partitions: asked.partitions.into_iter().map(partition).collect(),
                ..Default::default()
            };
        FetchResponse { responses: request.topics.into_iter().map(topic).collect(), ..Default::default() }
    }
}

fn reply<R: Request>(
    input: &mut Decoder,
    id: i32,
    version: i16,
    out: &mut Vec<Bytes>,
    answer: impl FnOnce(R) -> R::Response,
) -> io::Result<()> {
    let request = R::decode(input, version).map_err(io::Error::other)?;
    put(id, version, &answer(request), out)
}

fn put<R: klamm_protocol::Response>(id: i32, version: i16, body: &R, out: &mut Vec<Bytes>) -> io::Result<()> {
    // A client that asks for a later ApiVersions is told in version 0 what there is.
    let version = if R::VERSIONS.contains(&version) { version } else { 0 };
    let frame = encode_response(id, body, version).map_err(io::Error::other)?;
    for piece in frame.into_pieces() {
        match piece {
            Piece::Bytes(bytes) => out.push(bytes),
            Piece::Range { .. } => return Err(io::Error::other("a null broker has no files")),
        }
    }
    Ok(())
}

fn api_versions() -> ApiVersionsResponse {
    let api_keys = SERVED.map(|(key, versions)| api_versions_response::ApiVersion {
        api_key: key as i16,
        min_version: *versions.start(),
        max_version: *versions.end(),
        ..Default::default()
    });
    ApiVersionsResponse { api_keys: api_keys.into(), ..Default::default() }
}

fn create_topics(request: CreateTopicsRequest) -> CreateTopicsResponse {
    let topic = |asked: klamm_protocol::create_topics_request::CreatableTopic| {
        create_topics_response::CreatableTopicResult {
            name: asked.name,
            topic_id: TOPIC_ID,
            num_partitions: asked.num_partitions,
            replication_factor: 1,
            ..Default::default()
        }
    };
    CreateTopicsResponse { topics: request.topics.into_iter().map(topic).collect(), ..Default::default() }
}

fn delete_topics(request: DeleteTopicsRequest) -> DeleteTopicsResponse {
    let topic = |asked: klamm_protocol::delete_topics_request::DeleteTopicState| {
        delete_topics_response::DeletableTopicResult {
            name: asked.name,
            topic_id: asked.topic_id,
            ..Default::default()
        }
    };
    DeleteTopicsResponse { responses: request.topics.into_iter().map(topic).collect(), ..Default::default() }
}

fn produce(request: ProduceRequest) -> ProduceResponse {
    let partition = |asked: klamm_protocol::produce_request::PartitionProduceData| {
        produce_response::PartitionProduceResponse {
            index: asked.index,
            error_code: ErrorCode::NONE,
            log_start_offset: 0,
            ..Default::default()
        }
    };
    let topic =
        |asked: klamm_protocol::produce_request::TopicProduceData| produce_response::TopicProduceResponse {
            name: asked.name,
            topic_id: asked.topic_id,
            partition_responses: asked.partition_data.into_iter().map(partition).collect(),
            ..Default::default()
        };
    ProduceResponse { responses: request.topic_data.into_iter().map(topic).collect(), ..Default::default() }
}

#[cfg(test)]
mod tests {
    use klamm_protocol::{
        ApiVersionsRequest, Frame, ListGroupsRequest, decode_response_header, encode_request,
    };

    use super::*;

    fn bytes(frame: Frame) -> Bytes {
        let mut all = Vec::new();
        for piece in frame.into_pieces() {
            let Piece::Bytes(bytes) = piece else { panic!("no range was put in") };
            all.extend_from_slice(&bytes);
        }
        Bytes::from(all).slice(4..)
    }

    fn check<R: Request>(request: &R, version: i16) -> R::Response {
        let mut out = Vec::new();
        let frame = encode_request(5, None, request, version).expect("it can be encoded");
        Answers::new(9092).answer(bytes(frame), &mut out).expect("it is answered");
        let mut input = Decoder::new(Bytes::from(out.concat()).slice(4..));
        let header = decode_response_header(&mut input, R::KEY, version).expect("a header comes first");
        assert_eq!(header.correlation_id, 5);
        let body = R::Response::decode(&mut input, version).expect("the body is right");
        assert_eq!(input.remaining(), 0);
        body
    }

    #[test]
    fn a_greeting_names_what_is_served_and_the_rest_is_refused() {
        let response = check(&ApiVersionsRequest::default(), 0);
        assert_eq!(response.api_keys.len(), SERVED.len());
        let frame = encode_request(5, None, &ListGroupsRequest::default(), 4).expect("it can be encoded");
        assert!(Answers::new(1).answer(bytes(frame), &mut Vec::new()).is_err());
        assert!(Answers::new(1).answer(Bytes::from_static(&[0, 0]), &mut Vec::new()).is_err());
    }

    #[test]
    fn a_fetch_gets_whole_batches_up_to_its_bound() {
        let fetch = |partition_max_bytes| {
            let partition =
                klamm_protocol::fetch_request::FetchPartition { partition_max_bytes, ..Default::default() };
            let topic = klamm_protocol::fetch_request::FetchTopic {
                topic_id: TOPIC_ID,
                partitions: vec![partition],
                ..Default::default()
            };
            let mut response = check(&FetchRequest { topics: vec![topic], ..Default::default() }, 17);
            response.responses.remove(0).partitions.remove(0)
        };
        let all = fetch(i32::MAX);
        let records = all.records.expect("records come").as_bytes().expect("as bytes").clone();
        let mut offset = 0;
        for batch in klamm_records::Batches::new(records) {
            let batch = batch.expect("it is sound");
            batch.check_crc().expect("its sum is right");
            assert_eq!(batch.header().base_offset, offset);
            offset += i64::from(batch.header().record_count);
        }
        assert_eq!(offset, all.high_watermark);
        assert_eq!(fetch(1000).records.map(|records| records.len()), Some(1000));
    }

    #[test]
    fn a_produce_request_without_acks_is_not_answered() {
        let mut out = Vec::new();
        let frame = encode_request(5, None, &ProduceRequest::default(), 13).expect("it can be encoded");
        Answers::new(1).answer(bytes(frame), &mut out).expect("it is taken");
        assert!(out.is_empty());
        check(&ProduceRequest { acks: -1, ..Default::default() }, 13);
    }
}
