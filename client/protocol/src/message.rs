//! The traits of what is generated: structures, messages, requests and responses.
//! Not here: how a field is written (`encoder`, `decoder`).

use std::ops::RangeInclusive;

use bytes::Bytes;

use crate::{ApiKey, DecodeError, DecodeErrorKind, Decoder, EncodeError, EncodeErrorKind, Encoder};

/// Fields in a row: a message or a part of one. Written and read without a look at the message's range of versions.
pub trait Structure: Default {
    /// No instance is shorter in any version; counts of elements are held against it.
    const LEN_MIN: usize;

    /// Appends the fields of this version.
    ///
    /// # Errors
    /// A value that the version cannot carry.
    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError>;

    /// Replaces the fields of this version; the others keep their defaults.
    ///
    /// # Errors
    /// Bytes that are not this structure.
    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError>;
}

/// What is encoded and decoded by itself, by version.
pub trait Message: Structure {
    /// Kafka's name, for errors and logs.
    const NAME: &'static str;
    /// The versions that the schema describes.
    const VERSIONS: RangeInclusive<i16>;

    /// Appends the message.
    ///
    /// # Errors
    /// A version that does not exist, or a value that it cannot carry; the error names message, version and field.
    fn encode(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        if !Self::VERSIONS.contains(&version) {
            return Err(EncodeError::new("", EncodeErrorKind::UnsupportedVersion).of(Self::NAME, version));
        }
        self.write(out, version).map_err(|error| error.of(Self::NAME, version))
    }

    /// Takes the message from where the decoder stands, and leaves what follows it.
    ///
    /// # Errors
    /// A version that does not exist, or bytes that are not this message; the error names message, version and field.
    fn decode(input: &mut Decoder, version: i16) -> Result<Self, DecodeError> {
        if !Self::VERSIONS.contains(&version) {
            return Err(input.error("", DecodeErrorKind::UnsupportedVersion).of(Self::NAME, version));
        }
        let mut message = Self::default();
        message.read(input, version).map_err(|error| error.of(Self::NAME, version))?;
        Ok(message)
    }

    /// The message alone, in one piece.
    ///
    /// # Errors
    /// As [`Message::encode`]; also records that are a [`Range`](crate::Records::Range).
    fn to_bytes(&self, version: i16) -> Result<Bytes, EncodeError> {
        let mut out = Encoder::new();
        self.encode(&mut out, version)?;
        out.into_bytes().map_err(|error| error.of(Self::NAME, version))
    }

    /// The message at the beginning of `bytes`, and how many bytes were left over behind it.
    ///
    /// # Errors
    /// As [`Message::decode`].
    fn from_bytes(bytes: Bytes, version: i16) -> Result<(Self, usize), DecodeError> {
        let mut input = Decoder::new(bytes);
        let message = Self::decode(&mut input, version)?;
        Ok((message, input.remaining()))
    }
}

/// The body of a request.
pub trait Request: Message {
    /// Its API.
    const KEY: ApiKey;
    /// What answers it, in the same version.
    type Response: Response;
}

/// The body of a response.
pub trait Response: Message {
    /// Its API.
    const KEY: ApiKey;
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::{
        CreateTopicsResponse, FetchRequest, FetchSnapshotResponse, JoinGroupResponse, ListOffsetsRequest,
        MetadataRequest, OffsetFetchRequest, ProduceRequest, SaslAuthenticateRequest, TaggedFields,
        create_topics_response, fetch_snapshot_response,
    };

    fn check_error<M: Message>(message: &M, version: i16, expected: &str) {
        let error = message.to_bytes(version).expect_err(expected);
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn a_value_that_the_version_lacks_is_an_error() {
        let absent = "the version has no such field, and the value is not the default";
        let request = ListOffsetsRequest { isolation_level: 1, ..Default::default() };
        check_error(&request, 1, &format!("ListOffsetsRequest v1, isolation_level: {absent}"));
        assert!(request.to_bytes(2).is_ok());
        let request = FetchRequest { replica_id: 3, ..Default::default() };
        check_error(&request, 15, &format!("FetchRequest v15, replica_id: {absent}"));
        let mut request = FetchRequest::default();
        request.replica_state.replica_id = 3;
        check_error(&request, 14, &format!("FetchRequest v14, replica_state: {absent}"));
        let mut request = MetadataRequest::default();
        request.unknown_tagged_fields.insert(9, Bytes::new());
        check_error(&request, 8, &format!("MetadataRequest v8, unknown_tagged_fields: {absent}"));
    }

    #[test]
    fn an_ignorable_value_is_dropped() {
        let request = FetchRequest { rack_id: "r".to_owned(), session_id: 7, ..Default::default() };
        assert_eq!(request.to_bytes(4), FetchRequest::default().to_bytes(4));
        assert_ne!(request.to_bytes(11), FetchRequest::default().to_bytes(11));
    }

    #[test]
    fn null_is_held_against_the_version() {
        let null = "null is not allowed in this version";
        let request = MetadataRequest { topics: None, ..Default::default() };
        check_error(&request, 0, &format!("MetadataRequest v0, topics: {null}"));
        assert_eq!(request.to_bytes(1).expect("null is allowed"), &[0xff; 4][..]);
        let response = JoinGroupResponse { protocol_name: None, ..Default::default() };
        check_error(&response, 6, &format!("JoinGroupResponse v6, protocol_name: {null}"));
        let request = OffsetFetchRequest { topics: None, ..Default::default() };
        check_error(&request, 1, &format!("OffsetFetchRequest v1, topics: {null}"));
        let mut response = FetchSnapshotResponse::default();
        let mut topic = fetch_snapshot_response::TopicSnapshot::default();
        topic.partitions.push(fetch_snapshot_response::PartitionSnapshot::default());
        response.topics.push(topic);
        check_error(
            &response,
            0,
            &format!("FetchSnapshotResponse v0, topics.partitions.unaligned_records: {null}"),
        );
    }

    #[test]
    fn defaults_are_those_of_the_schema() {
        let request = FetchRequest::default();
        assert_eq!((request.replica_id, request.max_bytes, request.cluster_id), (-1, i32::MAX, None));
        assert_eq!(MetadataRequest::default().topics, Some(Vec::new()));
        assert_eq!(ProduceRequest::default().transactional_id, None);
        assert_eq!(JoinGroupResponse::default().protocol_name, Some(String::new()));
    }

    #[test]
    fn tagged_fields_are_left_out_while_they_are_defaults() {
        let topic = create_topics_response::CreatableTopicResult {
            topic_config_error_code: crate::ErrorCode(29),
            ..Default::default()
        };
        let mut response = CreateTopicsResponse { topics: vec![topic], ..Default::default() };
        let with = response.to_bytes(7).expect("it can be encoded");
        response.topics[0].topic_config_error_code = crate::ErrorCode::NONE;
        let without = response.to_bytes(7).expect("it can be encoded");
        assert_eq!(with.len(), without.len() + 4);
    }

    #[test]
    fn a_known_tag_is_not_an_unknown_one() {
        let mut unknown_tagged_fields = TaggedFields::new();
        unknown_tagged_fields.insert(0, Bytes::new());
        let request =
            FetchRequest { cluster_id: Some("c".to_owned()), unknown_tagged_fields, ..Default::default() };
        check_error(&request, 12, "FetchRequest v12, unknown_tagged_fields: tag 0 is a known one");
    }

    #[test]
    fn strings_have_a_limit_in_every_form() {
        let request = FetchRequest { rack_id: "r".repeat(0x8000), ..Default::default() };
        for version in [11, 12] {
            check_error(&request, version, &format!("FetchRequest v{version}, rack_id: 32768 is too long"));
        }
    }

    #[test]
    fn secrets_are_not_shown() {
        let request =
            SaslAuthenticateRequest { auth_bytes: Bytes::from_static(b"pass"), ..Default::default() };
        assert!(format!("{request:?}").contains("auth_bytes: (hidden)"), "{request:?}");
    }
}
