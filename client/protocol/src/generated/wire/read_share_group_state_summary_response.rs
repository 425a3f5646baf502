// Written by `cargo ci codegen` from schema/wire/read_share_group_state_summary_response.schema.

//! `ReadShareGroupStateSummaryResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, Encoder, ErrorCode, Message, Structure, TaggedFields, Uuid,
};

/// Body of a response; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadShareGroupStateSummaryResponse {
    /// `[ReadStateSummaryResult]`
    pub results: Vec<ReadStateSummaryResult>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ReadShareGroupStateSummaryResponse {
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

/// Part of [`ReadShareGroupStateSummaryResponse`]; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadStateSummaryResult {
    /// `uuid`
    pub topic_id: Uuid,
    /// `[PartitionResult]`
    pub partitions: Vec<PartitionResult>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ReadStateSummaryResult {
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

/// Part of [`ReadShareGroupStateSummaryResponse`]; versions 0-1, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionResult {
    /// `int32`
    pub partition: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `string? = null`
    pub error_message: Option<String>,
    /// `int32`
    pub state_epoch: i32,
    /// `int32`
    pub leader_epoch: i32,
    /// `int64`
    pub start_offset: i64,
    /// `int32 = -1 @1+ ignorable`
    pub delivery_complete_count: i32,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for PartitionResult {
    fn default() -> Self {
        Self {
            partition: 0,
            error_code: ErrorCode::NONE,
            error_message: None,
            state_epoch: 0,
            leader_epoch: 0,
            start_offset: 0,
            delivery_complete_count: -1,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for PartitionResult {
    const LEN_MIN: usize = 24;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.partition);
        out.error_code(self.error_code);
        out.nullable_string("error_message", self.error_message.as_deref(), true)?;
        out.int32(self.state_epoch);
        out.int32(self.leader_epoch);
        out.int64(self.start_offset);
        if version >= 1 {
            out.int32(self.delivery_complete_count);
        }
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.partition = input.int32("partition")?;
        self.error_code = input.error_code("error_code")?;
        self.error_message = input.nullable_string("error_message", true)?;
        self.state_epoch = input.int32("state_epoch")?;
        self.leader_epoch = input.int32("leader_epoch")?;
        self.start_offset = input.int64("start_offset")?;
        if version >= 1 {
            self.delivery_complete_count = input.int32("delivery_complete_count")?;
        }
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for ReadShareGroupStateSummaryResponse {
    const NAME: &'static str = "ReadShareGroupStateSummaryResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=1;
}

impl crate::Response for ReadShareGroupStateSummaryResponse {
    const KEY: ApiKey = ApiKey::ReadShareGroupStateSummary;
}
