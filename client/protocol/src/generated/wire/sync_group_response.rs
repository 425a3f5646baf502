// Written by `cargo ci codegen` from schema/wire/sync_group_response.schema.

//! `SyncGroupResponse`.

use std::ops::RangeInclusive;

use bytes::Bytes;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Structure,
    TaggedFields,
};

/// Body of a response; versions 0-5, flexible from 4.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SyncGroupResponse {
    /// `int32 @1+ ignorable`
    pub throttle_time_ms: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `string? = null @5+ ignorable`
    pub protocol_type: Option<String>,
    /// `string? = null @5+ ignorable`
    pub protocol_name: Option<String>,
    /// `bytes`
    pub assignment: Bytes,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for SyncGroupResponse {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 4;
        if version >= 1 {
            out.int32(self.throttle_time_ms);
        }
        out.error_code(self.error_code);
        if version >= 5 {
            out.nullable_string("protocol_type", self.protocol_type.as_deref(), flexible)?;
            out.nullable_string("protocol_name", self.protocol_name.as_deref(), flexible)?;
        }
        out.bytes("assignment", &self.assignment, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 4;
        if version >= 1 {
            self.throttle_time_ms = input.int32("throttle_time_ms")?;
        }
        self.error_code = input.error_code("error_code")?;
        if version >= 5 {
            self.protocol_type = input.nullable_string("protocol_type", flexible)?;
            self.protocol_name = input.nullable_string("protocol_name", flexible)?;
        }
        self.assignment = input.bytes("assignment", flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for SyncGroupResponse {
    const NAME: &'static str = "SyncGroupResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=5;
}

impl crate::Response for SyncGroupResponse {
    const KEY: ApiKey = ApiKey::SyncGroup;
}
