// Written by `cargo ci codegen` from schema/wire/initialize_share_group_state_response.schema.

//! `InitializeShareGroupStateResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, Encoder, ErrorCode, Message, Structure, TaggedFields, Uuid,
};

/// Body of a response; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InitializeShareGroupStateResponse {
    /// `[InitializeStateResult]`
    pub results: Vec<InitializeStateResult>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for InitializeShareGroupStateResponse {
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

/// Part of [`InitializeShareGroupStateResponse`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InitializeStateResult {
    /// `uuid`
    pub topic_id: Uuid,
    /// `[PartitionResult]`
    pub partitions: Vec<PartitionResult>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for InitializeStateResult {
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

/// Part of [`InitializeShareGroupStateResponse`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartitionResult {
    /// `int32`
    pub partition: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `string? = null`
    pub error_message: Option<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for PartitionResult {
    const LEN_MIN: usize = 8;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.partition);
        out.error_code(self.error_code);
        out.nullable_string("error_message", self.error_message.as_deref(), true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.partition = input.int32("partition")?;
        self.error_code = input.error_code("error_code")?;
        self.error_message = input.nullable_string("error_message", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for InitializeShareGroupStateResponse {
    const NAME: &'static str = "InitializeShareGroupStateResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

impl crate::Response for InitializeShareGroupStateResponse {
    const KEY: ApiKey = ApiKey::InitializeShareGroupState;
}
