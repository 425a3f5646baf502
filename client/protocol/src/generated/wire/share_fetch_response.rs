// Written by `cargo ci codegen` from schema/wire/share_fetch_response.schema.

//! `ShareFetchResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Records,
    Structure, TaggedFields, Uuid,
};

/// Body of a response; versions 1-2, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShareFetchResponse {
    /// `int32`
    pub throttle_time_ms: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `string? = null`
    pub error_message: Option<String>,
    /// `int32`
    pub acquisition_lock_timeout_ms: i32,
    /// `[ShareFetchableTopicResponse]`
    pub responses: Vec<ShareFetchableTopicResponse>,
    /// `[NodeEndpoint]`
    pub node_endpoints: Vec<NodeEndpoint>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ShareFetchResponse {
    const LEN_MIN: usize = 14;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.throttle_time_ms);
        out.error_code(self.error_code);
        out.nullable_string("error_message", self.error_message.as_deref(), true)?;
        out.int32(self.acquisition_lock_timeout_ms);
        out.structures("responses", &self.responses, version, true)?;
        out.structures("node_endpoints", &self.node_endpoints, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        self.error_code = input.error_code("error_code")?;
        self.error_message = input.nullable_string("error_message", true)?;
        self.acquisition_lock_timeout_ms = input.int32("acquisition_lock_timeout_ms")?;
        self.responses = input.structures("responses", version, true)?;
        self.node_endpoints = input.structures("node_endpoints", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`ShareFetchResponse`]; versions 1-2, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShareFetchableTopicResponse {
    /// `uuid`
    pub topic_id: Uuid,
    /// `[PartitionData]`
    pub partitions: Vec<PartitionData>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ShareFetchableTopicResponse {
    const LEN_MIN: usize = 18;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.uuid(self.topic_id);
        out.structures("partitions", &self.partitions, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.topic_id = input.uuid("topic_id")?;
        self.partitions = input.structures("partitions", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`ShareFetchResponse`]; versions 1-2, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartitionData {
    /// `int32`
    pub partition_index: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `string? = null`
    pub error_message: Option<String>,
    /// `error`
    pub acknowledge_error_code: ErrorCode,
    /// `string? = null`
    pub acknowledge_error_message: Option<String>,
    /// `LeaderIdAndEpoch`
    pub current_leader: LeaderIdAndEpoch,
    /// `records`
    pub records: Option<Records>,
    /// `[AcquiredRecords]`
    pub acquired_records: Vec<AcquiredRecords>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for PartitionData {
    const LEN_MIN: usize = 22;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.partition_index);
        out.error_code(self.error_code);
        out.nullable_string("error_message", self.error_message.as_deref(), true)?;
        out.error_code(self.acknowledge_error_code);
        out.nullable_string("acknowledge_error_message", self.acknowledge_error_message.as_deref(), true)?;
        out.structure("current_leader", &self.current_leader, version)?;
        if self.records.is_none() {
            return Err(EncodeError::new("records", EncodeErrorKind::Null));
        }
        out.nullable_records("records", self.records.as_ref(), true)?;
        out.structures("acquired_records", &self.acquired_records, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.partition_index = input.int32("partition_index")?;
        self.error_code = input.error_code("error_code")?;
        self.error_message = input.nullable_string("error_message", true)?;
        self.acknowledge_error_code = input.error_code("acknowledge_error_code")?;
        self.acknowledge_error_message = input.nullable_string("acknowledge_error_message", true)?;
        self.current_leader = input.structure("current_leader", version)?;
        self.records = input.nullable_records("records", true)?;
        if self.records.is_none() {
            return Err(input.null("records"));
        }
        self.acquired_records = input.structures("acquired_records", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`ShareFetchResponse`]; versions 1-2, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LeaderIdAndEpoch {
    /// `int32`
    pub leader_id: i32,
    /// `int32`
    pub leader_epoch: i32,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for LeaderIdAndEpoch {
    const LEN_MIN: usize = 9;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.leader_id);
        out.int32(self.leader_epoch);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.leader_id = input.int32("leader_id")?;
        self.leader_epoch = input.int32("leader_epoch")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`ShareFetchResponse`]; versions 1-2, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AcquiredRecords {
    /// `int64`
    pub first_offset: i64,
    /// `int64`
    pub last_offset: i64,
    /// `int16`
    pub delivery_count: i16,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for AcquiredRecords {
    const LEN_MIN: usize = 19;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int64(self.first_offset);
        out.int64(self.last_offset);
        out.int16(self.delivery_count);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.first_offset = input.int64("first_offset")?;
        self.last_offset = input.int64("last_offset")?;
        self.delivery_count = input.int16("delivery_count")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`ShareFetchResponse`]; versions 1-2, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NodeEndpoint {
    /// `int32`
    pub node_id: i32,
    /// `string`
    pub host: String,
    /// `int32`
    pub port: i32,
    /// `string? = null`
    pub rack: Option<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for NodeEndpoint {
    const LEN_MIN: usize = 11;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.node_id);
        out.string("host", &self.host, true)?;
        out.int32(self.port);
        out.nullable_string("rack", self.rack.as_deref(), true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.node_id = input.int32("node_id")?;
        self.host = input.string("host", true)?;
        self.port = input.int32("port")?;
        self.rack = input.nullable_string("rack", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for ShareFetchResponse {
    const NAME: &'static str = "ShareFetchResponse";
    const VERSIONS: RangeInclusive<i16> = 1..=2;
}

impl crate::Response for ShareFetchResponse {
    const KEY: ApiKey = ApiKey::ShareFetch;
}
