// Written by `cargo ci codegen` from schema/wire/alter_share_group_offsets_response.schema.

//! `AlterShareGroupOffsetsResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, Encoder, ErrorCode, Message, Structure, TaggedFields, Uuid,
};

/// Body of a response; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlterShareGroupOffsetsResponse {
    /// `int32`
    pub throttle_time_ms: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `string? = null`
    pub error_message: Option<String>,
    /// `[AlterShareGroupOffsetsResponseTopic]`
    pub responses: Vec<AlterShareGroupOffsetsResponseTopic>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for AlterShareGroupOffsetsResponse {
    const LEN_MIN: usize = 9;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.throttle_time_ms);
        out.error_code(self.error_code);
        out.nullable_string("error_message", self.error_message.as_deref(), true)?;
        out.structures("responses", &self.responses, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        self.error_code = input.error_code("error_code")?;
        self.error_message = input.nullable_string("error_message", true)?;
        self.responses = input.structures("responses", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`AlterShareGroupOffsetsResponse`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlterShareGroupOffsetsResponseTopic {
    /// `string`
    pub topic_name: String,
    /// `uuid`
    pub topic_id: Uuid,
    /// `[AlterShareGroupOffsetsResponsePartition]`
    pub partitions: Vec<AlterShareGroupOffsetsResponsePartition>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for AlterShareGroupOffsetsResponseTopic {
    const LEN_MIN: usize = 19;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.string("topic_name", &self.topic_name, true)?;
        out.uuid(self.topic_id);
        out.structures("partitions", &self.partitions, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.topic_name = input.string("topic_name", true)?;
        self.topic_id = input.uuid("topic_id")?;
        self.partitions = input.structures("partitions", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`AlterShareGroupOffsetsResponse`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlterShareGroupOffsetsResponsePartition {
    /// `int32`
    pub partition_index: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `string? = null`
    pub error_message: Option<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for AlterShareGroupOffsetsResponsePartition {
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

impl Message for AlterShareGroupOffsetsResponse {
    const NAME: &'static str = "AlterShareGroupOffsetsResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

impl crate::Response for AlterShareGroupOffsetsResponse {
    const KEY: ApiKey = ApiKey::AlterShareGroupOffsets;
}
