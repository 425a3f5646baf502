// Written by `cargo ci codegen` from schema/wire/leave_group_request.schema.

//! `LeaveGroupRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
};

/// Body of a request; versions 0-5, flexible from 4.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LeaveGroupRequest {
    /// `string`
    pub group_id: String,
    /// `string @0-2`
    pub member_id: String,
    /// `[MemberIdentity] @3+`
    pub members: Vec<MemberIdentity>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for LeaveGroupRequest {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 4;
        out.string("group_id", &self.group_id, flexible)?;
        if version <= 2 {
            out.string("member_id", &self.member_id, flexible)?;
        } else if !self.member_id.is_empty() {
            return Err(EncodeError::new("member_id", EncodeErrorKind::NotInVersion));
        }
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
        self.group_id = input.string("group_id", flexible)?;
        if version <= 2 {
            self.member_id = input.string("member_id", flexible)?;
        }
        if version >= 3 {
            self.members = input.structures("members", version, flexible)?;
        }
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`LeaveGroupRequest`]; versions 3-5, flexible from 4.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MemberIdentity {
    /// `string`
    pub member_id: String,
    /// `string? = null`
    pub group_instance_id: Option<String>,
    /// `string? = null @5+ ignorable`
    pub reason: Option<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for MemberIdentity {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 4;
        out.string("member_id", &self.member_id, flexible)?;
        out.nullable_string("group_instance_id", self.group_instance_id.as_deref(), flexible)?;
        if version >= 5 {
            out.nullable_string("reason", self.reason.as_deref(), flexible)?;
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
        self.member_id = input.string("member_id", flexible)?;
        self.group_instance_id = input.nullable_string("group_instance_id", flexible)?;
        if version >= 5 {
            self.reason = input.nullable_string("reason", flexible)?;
        }
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for LeaveGroupRequest {
    const NAME: &'static str = "LeaveGroupRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=5;
}

impl crate::Request for LeaveGroupRequest {
    const KEY: ApiKey = ApiKey::LeaveGroup;
    type Response = crate::LeaveGroupResponse;
}
