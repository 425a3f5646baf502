// Written by `cargo ci codegen` from schema/wire/leave_group_response.schema.

//! `LeaveGroupResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Structure,
    TaggedFields,
};

/// Body of a response; versions 0-5, flexible from 4.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LeaveGroupResponse {
    /// `int32 @1+ ignorable`
    pub throttle_time_ms: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `[MemberResponse] @3+`
    pub members: Vec<MemberResponse>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for LeaveGroupResponse {
    const LEN_MIN: usize = 2;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 4;
        if version >= 1 {
            out.int32(self.throttle_time_ms);
        }
        out.error_code(self.error_code);
        if version >= 3 {
            out.structures("members", &self.members, version, flexible)?;
        } else if !self.members.is_empty() {
            return Err(EncodeError::new("members", EncodeErrorKind::NotInVersion));
        }
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
        if version >= 3 {
            self.members = input.structures("members", version, flexible)?;
        }
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`LeaveGroupResponse`]; versions 3-5, flexible from 4.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberResponse {
    /// `string`
    pub member_id: String,
    /// `string?`
    pub group_instance_id: Option<String>,
    /// `error`
    pub error_code: ErrorCode,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for MemberResponse {
    fn default() -> Self {
        Self {
            member_id: String::new(),
            group_instance_id: Some(String::new()),
            error_code: ErrorCode::NONE,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for MemberResponse {
    const LEN_MIN: usize = 5;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 4;
        out.string("member_id", &self.member_id, flexible)?;
        out.nullable_string("group_instance_id", self.group_instance_id.as_deref(), flexible)?;
        out.error_code(self.error_code);
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 4;
        self.member_id = input.string("member_id", flexible)?;
        self.group_instance_id = input.nullable_string("group_instance_id", flexible)?;
        self.error_code = input.error_code("error_code")?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for LeaveGroupResponse {
    const NAME: &'static str = "LeaveGroupResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=5;
}

impl crate::Response for LeaveGroupResponse {
    const KEY: ApiKey = ApiKey::LeaveGroup;
}
