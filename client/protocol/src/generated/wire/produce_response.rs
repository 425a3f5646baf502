// Written by `cargo ci codegen` from schema/wire/produce_response.schema.

//! `ProduceResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Structure,
    TaggedFields, TaggedWriter, Uuid, tagged_fields::differs_from_default,
};

/// Body of a response; versions 3-13, flexible from 9.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProduceResponse {
    /// `[TopicProduceResponse]`
    pub responses: Vec<TopicProduceResponse>,
    /// `int32 ignorable`
    pub throttle_time_ms: i32,
    /// `[NodeEndpoint] @10+ tag(0)`
    pub node_endpoints: Vec<NodeEndpoint>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ProduceResponse {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 9;
        out.structures("responses", &self.responses, version, flexible)?;
        out.int32(self.throttle_time_ms);
        if version < 10 && !self.node_endpoints.is_empty() {
            return Err(EncodeError::new("node_endpoints", EncodeErrorKind::NotInVersion));
        }
        if flexible {
            let mut tagged = TaggedWriter::default();
            if version >= 10 && !self.node_endpoints.is_empty() {
                let out = tagged.field(0);
                out.structures("node_endpoints", &self.node_endpoints, version, true)?;
            }
            tagged.finish(&self.unknown_tagged_fields, out)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 9;
        self.responses = input.structures("responses", version, flexible)?;
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        if flexible {
            for _ in 0..input.tag_count()? {
                let tag = input.open_tag()?;
                match tag.number {
                    0 if version >= 10 => {
                        self.node_endpoints = input.structures("node_endpoints", version, true)?;
                    }
                    0 => return Err(input.tag_not_in_version(&tag)),
                    _ => input.unknown_tag(&tag, &mut self.unknown_tagged_fields)?,
                }
                input.close_tag(tag)?;
            }
        }
        Ok(())
    }
}

/// Part of [`ProduceResponse`]; versions 3-13, flexible from 9.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicProduceResponse {
    /// `string @3-12 ignorable`
    pub name: String,
    /// `uuid @13+ ignorable`
    pub topic_id: Uuid,
    /// `[PartitionProduceResponse]`
    pub partition_responses: Vec<PartitionProduceResponse>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for TopicProduceResponse {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 9;
        if version <= 12 {
            out.string("name", &self.name, flexible)?;
        }
        if version >= 13 {
            out.uuid(self.topic_id);
        }
        out.structures("partition_responses", &self.partition_responses, version, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 9;
        if version <= 12 {
            self.name = input.string("name", flexible)?;
        }
        if version >= 13 {
            self.topic_id = input.uuid("topic_id")?;
        }
        self.partition_responses = input.structures("partition_responses", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`ProduceResponse`]; versions 3-13, flexible from 9.
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionProduceResponse {
    /// `int32`
    pub index: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `int64`
    pub base_offset: i64,
    /// `int64 = -1 ignorable`
    pub log_append_time_ms: i64,
    /// `int64 = -1 @5+ ignorable`
    pub log_start_offset: i64,
    /// `[BatchIndexAndErrorMessage] @8+ ignorable`
    pub record_errors: Vec<BatchIndexAndErrorMessage>,
    /// `string? = null @8+ ignorable`
    pub error_message: Option<String>,
    /// `LeaderIdAndEpoch @10+ tag(0)`
    pub current_leader: LeaderIdAndEpoch,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for PartitionProduceResponse {
    fn default() -> Self {
        Self {
            index: 0,
            error_code: ErrorCode::NONE,
            base_offset: 0,
            log_append_time_ms: -1,
            log_start_offset: -1,
            record_errors: Vec::new(),
            error_message: None,
            current_leader: LeaderIdAndEpoch::default(),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for PartitionProduceResponse {
    const LEN_MIN: usize = 22;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 9;
        out.int32(self.index);
        out.error_code(self.error_code);
        out.int64(self.base_offset);
        out.int64(self.log_append_time_ms);
        if version >= 5 {
            out.int64(self.log_start_offset);
        }
        if version >= 8 {
            out.structures("record_errors", &self.record_errors, version, flexible)?;
            out.nullable_string("error_message", self.error_message.as_deref(), flexible)?;
        }
        if version < 10 && differs_from_default(&self.current_leader) {
            return Err(EncodeError::new("current_leader", EncodeErrorKind::NotInVersion));
        }
        if flexible {
            let mut tagged = TaggedWriter::default();
            if version >= 10 && differs_from_default(&self.current_leader) {
                let out = tagged.field(0);
                out.structure("current_leader", &self.current_leader, version)?;
            }
            tagged.finish(&self.unknown_tagged_fields, out)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 9;
        self.index = input.int32("index")?;
        self.error_code = input.error_code("error_code")?;
        self.base_offset = input.int64("base_offset")?;
        self.log_append_time_ms = input.int64("log_append_time_ms")?;
        if version >= 5 {
            self.log_start_offset = input.int64("log_start_offset")?;
        }
        if version >= 8 {
            self.record_errors = input.structures("record_errors", version, flexible)?;
            self.error_message = input.nullable_string("error_message", flexible)?;
        }
        if flexible {
            for _ in 0..input.tag_count()? {
                let tag = input.open_tag()?;
                match tag.number {
                    0 if version >= 10 => {
                        self.current_leader = input.structure("current_leader", version)?;
                    }
                    0 => return Err(input.tag_not_in_version(&tag)),
                    _ => input.unknown_tag(&tag, &mut self.unknown_tagged_fields)?,
                }
                input.close_tag(tag)?;
            }
        }
        Ok(())
    }
}

/// Part of [`ProduceResponse`]; versions 8-13, flexible from 9.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BatchIndexAndErrorMessage {
    /// `int32`
    pub batch_index: i32,
    /// `string? = null`
    pub batch_index_error_message: Option<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for BatchIndexAndErrorMessage {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 9;
        out.int32(self.batch_index);
        out.nullable_string(
            "batch_index_error_message",
            self.batch_index_error_message.as_deref(),
            flexible,
        )?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 9;
        self.batch_index = input.int32("batch_index")?;
        self.batch_index_error_message = input.nullable_string("batch_index_error_message", flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`ProduceResponse`]; versions 10-13, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct LeaderIdAndEpoch {
    /// `int32 = -1`
    pub leader_id: i32,
    /// `int32 = -1`
    pub leader_epoch: i32,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for LeaderIdAndEpoch {
    fn default() -> Self {
        Self { leader_id: -1, leader_epoch: -1, unknown_tagged_fields: TaggedFields::new() }
    }
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

/// Part of [`ProduceResponse`]; versions 10-13, flexible.
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

impl Message for ProduceResponse {
    const NAME: &'static str = "ProduceResponse";
    const VERSIONS: RangeInclusive<i16> = 3..=13;
}

impl crate::Response for ProduceResponse {
    const KEY: ApiKey = ApiKey::Produce;
}
