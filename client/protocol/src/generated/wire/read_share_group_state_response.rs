// Written by `cargo ci codegen` from schema/wire/read_share_group_state_response.schema.

//! `ReadShareGroupStateResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, Encoder, ErrorCode, Message, Structure, TaggedFields, Uuid,
};

/// Body of a response; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadShareGroupStateResponse {
    /// `[ReadStateResult]`
    pub results: Vec<ReadStateResult>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ReadShareGroupStateResponse {
    const LEN_MIN: usize = 2;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.structures("results", &self.results, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.results = input.structures("results", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`ReadShareGroupStateResponse`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadStateResult {
    /// `uuid`
    pub topic_id: Uuid,
    /// `[PartitionResult]`
    pub partitions: Vec<PartitionResult>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ReadStateResult {
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

/// Part of [`ReadShareGroupStateResponse`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartitionResult {
    /// `int32`
    pub partition: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `string? = null`
    pub error_message: Option<String>,
    /// `int32`
    pub state_epoch: i32,
    /// `int64`
    pub start_offset: i64,
    /// `[StateBatch]`
    pub state_batches: Vec<StateBatch>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for PartitionResult {
    const LEN_MIN: usize = 21;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.partition);
        out.error_code(self.error_code);
        out.nullable_string("error_message", self.error_message.as_deref(), true)?;
        out.int32(self.state_epoch);
        out.int64(self.start_offset);
        out.structures("state_batches", &self.state_batches, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.partition = input.int32("partition")?;
        self.error_code = input.error_code("error_code")?;
        self.error_message = input.nullable_string("error_message", true)?;
        self.state_epoch = input.int32("state_epoch")?;
        self.start_offset = input.int64("start_offset")?;
        self.state_batches = input.structures("state_batches", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`ReadShareGroupStateResponse`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StateBatch {
    /// `int64`
    pub first_offset: i64,
    /// `int64`
    pub last_offset: i64,
    /// `int8`
    pub delivery_state: i8,
    /// `int16`
    pub delivery_count: i16,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for StateBatch {
    const LEN_MIN: usize = 20;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int64(self.first_offset);
        out.int64(self.last_offset);
        out.int8(self.delivery_state);
        out.int16(self.delivery_count);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.first_offset = input.int64("first_offset")?;
        self.last_offset = input.int64("last_offset")?;
        self.delivery_state = input.int8("delivery_state")?;
        self.delivery_count = input.int16("delivery_count")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for ReadShareGroupStateResponse {
    const NAME: &'static str = "ReadShareGroupStateResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

impl crate::Response for ReadShareGroupStateResponse {
    const KEY: ApiKey = ApiKey::ReadShareGroupState;
}
