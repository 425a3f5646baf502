// Written by `cargo ci codegen` from schema/wire/delete_groups_response.schema.

//! `DeleteGroupsResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Structure,
    TaggedFields,
};

/// Body of a response; versions 0-3, flexible from 2.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeleteGroupsResponse {
    /// `int32`
    pub throttle_time_ms: i32,
    /// `[DeletableGroupResult]`
    pub results: Vec<DeletableGroupResult>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for DeleteGroupsResponse {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 2;
        out.int32(self.throttle_time_ms);
        out.structures("results", &self.results, version, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 2;
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        self.results = input.structures("results", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`DeleteGroupsResponse`]; versions 0-3, flexible from 2.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeletableGroupResult {
    /// `string`
    pub group_id: String,
    /// `error`
    pub error_code: ErrorCode,
    /// `string? = null @3+ ignorable`
    pub error_message: Option<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for DeletableGroupResult {
    const LEN_MIN: usize = 4;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 2;
        out.string("group_id", &self.group_id, flexible)?;
        out.error_code(self.error_code);
        if version >= 3 {
            out.nullable_string("error_message", self.error_message.as_deref(), flexible)?;
        }
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 2;
        self.group_id = input.string("group_id", flexible)?;
        self.error_code = input.error_code("error_code")?;
        if version >= 3 {
            self.error_message = input.nullable_string("error_message", flexible)?;
        }
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for DeleteGroupsResponse {
    const NAME: &'static str = "DeleteGroupsResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=3;
}

impl crate::Response for DeleteGroupsResponse {
    const KEY: ApiKey = ApiKey::DeleteGroups;
}
