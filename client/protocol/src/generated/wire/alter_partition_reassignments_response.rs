// Written by `cargo ci codegen` from schema/wire/alter_partition_reassignments_response.schema.

//! `AlterPartitionReassignmentsResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, Encoder, ErrorCode, Message, Structure, TaggedFields,
};

/// Body of a response; versions 0-1, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterPartitionReassignmentsResponse {
    /// `int32`
    pub throttle_time_ms: i32,
    /// `bool = true @1+ ignorable`
    pub allow_replication_factor_change: bool,
    /// `error`
    pub error_code: ErrorCode,
    /// `string?`
    pub error_message: Option<String>,
    /// `[ReassignableTopicResponse]`
    pub responses: Vec<ReassignableTopicResponse>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for AlterPartitionReassignmentsResponse {
    fn default() -> Self {
        Self {
            throttle_time_ms: 0,
            allow_replication_factor_change: true,
            error_code: ErrorCode::NONE,
            error_message: Some(String::new()),
            responses: Vec::new(),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for AlterPartitionReassignmentsResponse {
    const LEN_MIN: usize = 9;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.throttle_time_ms);
        if version >= 1 {
            out.bool(self.allow_replication_factor_change);
        }
        out.error_code(self.error_code);
        out.nullable_string("error_message", self.error_message.as_deref(), true)?;
        out.structures("responses", &self.responses, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        if version >= 1 {
            self.allow_replication_factor_change = input.bool("allow_replication_factor_change")?;
        }
        self.error_code = input.error_code("error_code")?;
        self.error_message = input.nullable_string("error_message", true)?;
        self.responses = input.structures("responses", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`AlterPartitionReassignmentsResponse`]; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReassignableTopicResponse {
    /// `string`
    pub name: String,
    /// `[ReassignablePartitionResponse]`
    pub partitions: Vec<ReassignablePartitionResponse>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ReassignableTopicResponse {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.string("name", &self.name, true)?;
        out.structures("partitions", &self.partitions, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.name = input.string("name", true)?;
        self.partitions = input.structures("partitions", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`AlterPartitionReassignmentsResponse`]; versions 0-1, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct ReassignablePartitionResponse {
    /// `int32`
    pub partition_index: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `string?`
    pub error_message: Option<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ReassignablePartitionResponse {
    fn default() -> Self {
        Self {
            partition_index: 0,
            error_code: ErrorCode::NONE,
            error_message: Some(String::new()),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for ReassignablePartitionResponse {
    const LEN_MIN: usize = 8;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.partition_index);
        out.error_code(self.error_code);
        out.nullable_string("error_message", self.error_message.as_deref(), true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.partition_index = input.int32("partition_index")?;
        self.error_code = input.error_code("error_code")?;
        self.error_message = input.nullable_string("error_message", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for AlterPartitionReassignmentsResponse {
    const NAME: &'static str = "AlterPartitionReassignmentsResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=1;
}

impl crate::Response for AlterPartitionReassignmentsResponse {
    const KEY: ApiKey = ApiKey::AlterPartitionReassignments;
}
