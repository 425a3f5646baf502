// Written by `cargo ci codegen` from schema/wire/describe_share_group_offsets_response.schema.

//! `DescribeShareGroupOffsetsResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, Encoder, ErrorCode, Message, Structure, TaggedFields, Uuid,
};

/// Body of a response; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribeShareGroupOffsetsResponse {
    /// `int32`
    pub throttle_time_ms: i32,
    /// `[DescribeShareGroupOffsetsResponseGroup]`
    pub groups: Vec<DescribeShareGroupOffsetsResponseGroup>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for DescribeShareGroupOffsetsResponse {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.throttle_time_ms);
        out.structures("groups", &self.groups, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        self.groups = input.structures("groups", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`DescribeShareGroupOffsetsResponse`]; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribeShareGroupOffsetsResponseGroup {
    /// `string`
    pub group_id: String,
    /// `[DescribeShareGroupOffsetsResponseTopic]`
    pub topics: Vec<DescribeShareGroupOffsetsResponseTopic>,
    /// `error`
    pub error_code: ErrorCode,
    /// `string? = null`
    pub error_message: Option<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for DescribeShareGroupOffsetsResponseGroup {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.string("group_id", &self.group_id, true)?;
        out.structures("topics", &self.topics, version, true)?;
        out.error_code(self.error_code);
        out.nullable_string("error_message", self.error_message.as_deref(), true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.group_id = input.string("group_id", true)?;
        self.topics = input.structures("topics", version, true)?;
        self.error_code = input.error_code("error_code")?;
        self.error_message = input.nullable_string("error_message", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`DescribeShareGroupOffsetsResponse`]; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribeShareGroupOffsetsResponseTopic {
    /// `string`
    pub topic_name: String,
    /// `uuid`
    pub topic_id: Uuid,
    /// `[DescribeShareGroupOffsetsResponsePartition]`
    pub partitions: Vec<DescribeShareGroupOffsetsResponsePartition>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for DescribeShareGroupOffsetsResponseTopic {
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

/// Part of [`DescribeShareGroupOffsetsResponse`]; versions 0-1, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeShareGroupOffsetsResponsePartition {
    /// `int32`
    pub partition_index: i32,
    /// `int64`
    pub start_offset: i64,
    /// `int32`
    pub leader_epoch: i32,
    /// `int64 = -1 @1+ ignorable`
    pub lag: i64,
    /// `error`
    pub error_code: ErrorCode,
    /// `string? = null`
    pub error_message: Option<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribeShareGroupOffsetsResponsePartition {
    fn default() -> Self {
        Self {
            partition_index: 0,
            start_offset: 0,
            leader_epoch: 0,
            lag: -1,
            error_code: ErrorCode::NONE,
            error_message: None,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for DescribeShareGroupOffsetsResponsePartition {
    const LEN_MIN: usize = 20;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.partition_index);
        out.int64(self.start_offset);
        out.int32(self.leader_epoch);
        if version >= 1 {
            out.int64(self.lag);
        }
        out.error_code(self.error_code);
        out.nullable_string("error_message", self.error_message.as_deref(), true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.partition_index = input.int32("partition_index")?;
        self.start_offset = input.int64("start_offset")?;
        self.leader_epoch = input.int32("leader_epoch")?;
        if version >= 1 {
            self.lag = input.int64("lag")?;
        }
        self.error_code = input.error_code("error_code")?;
        self.error_message = input.nullable_string("error_message", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for DescribeShareGroupOffsetsResponse {
    const NAME: &'static str = "DescribeShareGroupOffsetsResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=1;
}

impl crate::Response for DescribeShareGroupOffsetsResponse {
    const KEY: ApiKey = ApiKey::DescribeShareGroupOffsets;
}
