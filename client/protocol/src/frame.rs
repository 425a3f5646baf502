//! Frames: size prefix, header and body, as pieces that a connection sends without copying the large ones.
//!
//! Not here: reading frames from a stream and their size limits, which belong to the connection.

use bytes::Bytes;

use crate::error::{DecodeError, DecodeErrorKind, EncodeError, EncodeErrorKind};
use crate::{ApiKey, Decoder, Encoder, Message, Request, RequestHeader, Response, ResponseHeader};

/// A part of a frame.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Bytes to send.
    Bytes(Bytes),
    /// Bytes that the sender has: see [`Records::Range`](crate::Records::Range).
    Range {
        /// What the sender knows the bytes by.
        token: u64,
        /// How many there are.
        len: usize,
    },
}

impl Piece {
    /// Length in bytes.
    pub fn len(&self) -> usize {
        match self {
            Self::Bytes(bytes) => bytes.len(),
            Self::Range { len, .. } => *len,
        }
    }

    /// Whether there is nothing to send.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A whole frame, size prefix included.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    pieces: Vec<Piece>,
    len: usize,
}

impl Frame {
    /// Bytes on the wire, the four of the size prefix included.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Never: the prefix is always there.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The pieces in order; none is empty.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The pieces in order, to be sent one after the other.
    pub fn into_pieces(self) -> Vec<Piece> {
        self.pieces
    }

    /// Puts the size in front of what was written behind four spare bytes.
    fn finish(mut out: Encoder) -> Result<Self, EncodeError> {
        let len = out.len();
        let size = i32::try_from(len - 4).map_err(|_| EncodeError::new("", EncodeErrorKind::TooLong(len)))?;
        out.patch_prefix(size);
        Ok(Self { pieces: out.into_pieces(), len })
    }
}

/// Capacity that spares most frames a second allocation.
const FRAME_CAPACITY: usize = 256;

/// A request as a frame.
///
/// # Errors
/// As [`Message::encode`].
pub fn encode_request<R: Request>(
    correlation_id: i32,
    client_id: Option<&str>,
    body: &R,
    version: i16,
) -> Result<Frame, EncodeError> {
    let header = RequestHeader {
        request_api_key: R::KEY as i16,
        request_api_version: version,
        correlation_id,
        client_id: client_id.map(str::to_owned),
        ..RequestHeader::default()
    };
    let mut out = Encoder::with_capacity(FRAME_CAPACITY);
    out.int32(0);
    header.encode(&mut out, R::KEY.request_header_version(version))?;
    body.encode(&mut out, version)?;
    Frame::finish(out).map_err(|error| error.of(R::NAME, version))
}

/// A response as a frame.
///
/// # Errors
/// As [`Message::encode`].
pub fn encode_response<R: Response>(
    correlation_id: i32,
    body: &R,
    version: i16,
) -> Result<Frame, EncodeError> {
    let header = ResponseHeader { correlation_id, ..ResponseHeader::default() };
    let mut out = Encoder::with_capacity(FRAME_CAPACITY);
    out.int32(0);
    header.encode(&mut out, R::KEY.response_header_version(version))?;
    body.encode(&mut out, version)?;
    Frame::finish(out).map_err(|error| error.of(R::NAME, version))
}

/// Takes the header of a request from a frame without its size prefix; the body follows. The version of the body
/// is not checked: an ApiVersions request of a later version still has a header that can be read.
///
/// # Errors
/// An unknown API, or bytes that are no header.
pub fn decode_request_header(input: &mut Decoder) -> Result<(ApiKey, RequestHeader), DecodeError> {
    let start = input.peek_request()?;
    let key = ApiKey::try_from(start.0).map_err(|unknown| {
        input.error("request_api_key", DecodeErrorKind::UnknownApiKey(unknown.0)).of(RequestHeader::NAME, 1)
    })?;
    let header = RequestHeader::decode(input, key.request_header_version(start.1))?;
    Ok((key, header))
}

/// Takes the header of a response to a request of this API and version; the body follows.
///
/// # Errors
/// Bytes that are no header.
pub fn decode_response_header(
    input: &mut Decoder,
    key: ApiKey,
    version: i16,
) -> Result<ResponseHeader, DecodeError> {
    ResponseHeader::decode(input, key.response_header_version(version))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api_versions_response::{ApiVersion, FinalizedFeatureKey};
    use crate::fetch_request::{FetchPartition, FetchTopic};
    use crate::metadata_request::MetadataRequestTopic;
    use crate::produce_request::{PartitionProduceData, TopicProduceData};
    use crate::{
        ApiVersionsResponse, ErrorCode, FetchRequest, FetchResponse, MetadataRequest, ProduceRequest,
        Records, Uuid, fetch_response,
    };

    /// The frame against hexadecimal text; ranges stand in it as `<token:len>`.
    fn check(frame: Result<Frame, EncodeError>, expected: &str) {
        let frame = frame.expect("it can be encoded");
        let mut found = String::new();
        for piece in frame.pieces() {
            match piece {
                Piece::Bytes(bytes) => found.extend(bytes.iter().map(|byte| format!("{byte:02x}"))),
                Piece::Range { token, len } => found += &format!("<{token}:{len}>"),
            }
        }
        assert_eq!(found, expected.split_whitespace().collect::<String>());
        assert_eq!(frame.len(), frame.pieces().iter().map(Piece::len).sum::<usize>());
    }

    fn api_versions() -> ApiVersionsResponse {
        let api = ApiVersion { api_key: 18, min_version: 0, max_version: 5, ..Default::default() };
        let feature = FinalizedFeatureKey {
            name: "group.version".to_owned(),
            max_version_level: 1,
            min_version_level: 1,
            ..Default::default()
        };
        ApiVersionsResponse {
            api_keys: vec![api],
            finalized_features_epoch: 2,
            finalized_features: vec![feature],
            ..Default::default()
        }
    }

    #[test]
    fn api_versions_has_a_response_header_without_tags() {
        check(encode_response(7, &api_versions(), 0), "00000010 00000007 0000 00000001 0012 0000 0005");
        check(
            encode_response(7, &api_versions(), 3),
            "00000033 00000007 0000 02 0012 0000 0005 00 00000000 \
             02 01 08 0000000000000002 02 14 02 0e 67726f75702e76657273696f6e 0001 0001 00",
        );
        let unsupported =
            ApiVersionsResponse { error_code: ErrorCode::UNSUPPORTED_VERSION, ..Default::default() };
        check(encode_response(-1, &unsupported, 0), "0000000a ffffffff 0023 00000000");
    }

    #[test]
    fn metadata_request() {
        let topic = MetadataRequestTopic { name: Some("logs".to_owned()), ..Default::default() };
        let request = MetadataRequest { topics: Some(vec![topic]), ..Default::default() };
        check(
            encode_request(5, Some("me"), &request, 12),
            "00000027 0003 000c 00000005 0002 6d65 00 \
             02 00000000000000000000000000000000 05 6c6f6773 00 01 00 00",
        );
        check(
            encode_request(5, None, &request, 1),
            "00000014 0003 0001 00000005 ffff 00000001 0004 6c6f6773",
        );
    }

    #[test]
    fn fetch_request_by_topic_id() {
        let partition = FetchPartition {
            partition: 1,
            fetch_offset: 300,
            partition_max_bytes: 1 << 20,
            ..Default::default()
        };
        let topic =
            FetchTopic { topic_id: Uuid([0x11; 16]), partitions: vec![partition], ..Default::default() };
        let request =
            FetchRequest { max_wait_ms: 500, min_bytes: 1, topics: vec![topic], ..Default::default() };
        check(
            encode_request(1, Some(""), &request, 13),
            "0000005b 0001 000d 00000001 0000 00 \
             ffffffff 000001f4 00000001 7fffffff 00 00000000 ffffffff \
             02 11111111111111111111111111111111 \
             02 00000001 ffffffff 000000000000012c ffffffff ffffffffffffffff 00100000 00 00 \
             01 01 00",
        );
    }

    #[test]
    fn large_records_and_ranges_are_pieces_of_their_own() {
        let batch = Bytes::from(vec![0xab; 512]);
        let data = PartitionProduceData { records: Some(batch.clone().into()), ..Default::default() };
        let topic =
            TopicProduceData { name: "t".to_owned(), partition_data: vec![data], ..Default::default() };
        let request = ProduceRequest { acks: 1, topic_data: vec![topic], ..Default::default() };
        let frame = encode_request(1, None, &request, 9).expect("it can be encoded");
        assert_eq!(frame.pieces().len(), 3);
        let Piece::Bytes(records) = &frame.pieces()[1] else { panic!("bytes were put in") };
        assert_eq!(records.as_ptr(), batch.as_ptr());

        let mut partition = fetch_response::PartitionData { partition_index: 3, ..Default::default() };
        partition.records = Some(Records::Range { token: 42, len: 1000 });
        let topic =
            fetch_response::FetchableTopicResponse { partitions: vec![partition], ..Default::default() };
        let response = FetchResponse { responses: vec![topic], ..Default::default() };
        check(
            encode_response(9, &response, 13),
            "00000431 00000009 00 00000000 0000 00000000 02 00000000000000000000000000000000 \
             02 00000003 0000 0000000000000000 ffffffffffffffff ffffffffffffffff 01 ffffffff e907 \
             <42:1000> 00 00 00",
        );
    }

    #[test]
    fn headers_come_back() {
        let request = encode_request(8, Some("client"), &MetadataRequest::default(), 12).expect("encoded");
        let Piece::Bytes(frame) = &request.pieces()[0] else { panic!("no range was put in") };
        let mut input = Decoder::new(frame.slice(4..));
        let (key, header) = decode_request_header(&mut input).expect("the header is right");
        assert_eq!((key, header.request_api_version, header.correlation_id), (ApiKey::Metadata, 12, 8));
        assert_eq!(header.client_id.as_deref(), Some("client"));
        assert_eq!(MetadataRequest::decode(&mut input, 12), Ok(MetadataRequest::default()));
        assert_eq!(input.remaining(), 0);
    }

    #[test]
    fn headers_that_make_no_sense_are_refused() {
        for (bytes, expected) in [
            (&[0, 4, 0, 0][..], "RequestHeader v1, request_api_key: there is no API with key 4"),
            (&[0, 3, 0], "RequestHeader v1, request_api_version: 2 bytes are needed and 1 are left"),
            (&[0, 3, 0, 1, 0], "RequestHeader v1, correlation_id: 4 bytes are needed and 1 are left"),
        ] {
            let error = decode_request_header(&mut Decoder::new(Bytes::copy_from_slice(bytes)));
            assert_eq!(error.expect_err(expected).to_string(), expected);
        }
    }
}
