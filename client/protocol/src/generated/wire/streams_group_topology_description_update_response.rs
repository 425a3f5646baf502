// Written by `cargo ci codegen` from schema/wire/streams_group_topology_description_update_response.schema.

//! `StreamsGroupTopologyDescriptionUpdateResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, Encoder, ErrorCode, Message, Structure, TaggedFields,
};

/// Body of a response; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreamsGroupTopologyDescriptionUpdateResponse {
    /// `int32`
    pub throttle_time_ms: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `string? = null`
    pub error_message: Option<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for StreamsGroupTopologyDescriptionUpdateResponse {
    const LEN_MIN: usize = 8;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.throttle_time_ms);
        out.error_code(self.error_code);
        out.nullable_string("error_message", self.error_message.as_deref(), true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        self.error_code = input.error_code("error_code")?;
        self.error_message = input.nullable_string("error_message", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for StreamsGroupTopologyDescriptionUpdateResponse {
    const NAME: &'static str = "StreamsGroupTopologyDescriptionUpdateResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

impl crate::Response for StreamsGroupTopologyDescriptionUpdateResponse {
    const KEY: ApiKey = ApiKey::StreamsGroupTopologyDescriptionUpdate;
}
