// Written by `cargo ci codegen` from schema/wire/join_group_response.schema.

//! `JoinGroupResponse`.

use std::ops::RangeInclusive;

use bytes::Bytes;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Structure,
    TaggedFields,
};

/// Body of a response; versions 0-9, flexible from 6.
#[derive(Clone, Debug, PartialEq)]
pub struct JoinGroupResponse {
    /// `int32 @2+ ignorable`
    pub throttle_time_ms: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `int32 = -1`
    pub generation_id: i32,
    /// `string? = null @7+ ignorable`
    pub protocol_type: Option<String>,
    /// `string?7+`
    pub protocol_name: Option<String>,
    /// `string`
    pub leader: String,
    /// `bool @9+`
    pub skip_assignment: bool,
    /// `string`
    pub member_id: String,
    /// `[JoinGroupResponseMember]`
    pub members: Vec<JoinGroupResponseMember>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for JoinGroupResponse {
    fn default() -> Self {
        Self {
            throttle_time_ms: 0,
            error_code: ErrorCode::NONE,
            generation_id: -1,
            protocol_type: None,
            protocol_name: Some(String::new()),
            leader: String::new(),
            skip_assignment: false,
            member_id: String::new(),
            members: Vec::new(),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for JoinGroupResponse {
    const LEN_MIN: usize = 15;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 6;
        if version >= 2 {
            out.int32(self.throttle_time_ms);
        }
        out.error_code(self.error_code);
        out.int32(self.generation_id);
        if version >= 7 {
            out.nullable_string("protocol_type", self.protocol_type.as_deref(), flexible)?;
        }
        if version < 7 && self.protocol_name.is_none() {
            return Err(EncodeError::new("protocol_name", EncodeErrorKind::Null));
        }
        out.nullable_string("protocol_name", self.protocol_name.as_deref(), flexible)?;
        out.string("leader", &self.leader, flexible)?;
        if version >= 9 {
            out.bool(self.skip_assignment);
        } else if self.skip_assignment {
            return Err(EncodeError::new("skip_assignment", EncodeErrorKind::NotInVersion));
        }
        out.string("member_id", &self.member_id, flexible)?;
        out.structures("members", &self.members, version, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 6;
        if version >= 2 {
            self.throttle_time_ms = input.int32("throttle_time_ms")?;
        }
        self.error_code = input.error_code("error_code")?;
        self.generation_id = input.int32("generation_id")?;
        if version >= 7 {
            self.protocol_type = input.nullable_string("protocol_type", flexible)?;
        }
        self.protocol_name = input.nullable_string("protocol_name", flexible)?;
        if version < 7 && self.protocol_name.is_none() {
            return Err(input.null("protocol_name"));
        }
        self.leader = input.string("leader", flexible)?;
        if version >= 9 {
            self.skip_assignment = input.bool("skip_assignment")?;
        }
        self.member_id = input.string("member_id", flexible)?;
        self.members = input.structures("members", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`JoinGroupResponse`]; versions 0-9, flexible from 6.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JoinGroupResponseMember {
    /// `string`
    pub member_id: String,
    /// `string? = null @5+ ignorable`
    pub group_instance_id: Option<String>,
    /// `bytes`
    pub metadata: Bytes,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for JoinGroupResponseMember {
    const LEN_MIN: usize = 4;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 6;
        out.string("member_id", &self.member_id, flexible)?;
        if version >= 5 {
            out.nullable_string("group_instance_id", self.group_instance_id.as_deref(), flexible)?;
        }
        out.bytes("metadata", &self.metadata, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 6;
        self.member_id = input.string("member_id", flexible)?;
        if version >= 5 {
            self.group_instance_id = input.nullable_string("group_instance_id", flexible)?;
        }
        self.metadata = input.bytes("metadata", flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for JoinGroupResponse {
    const NAME: &'static str = "JoinGroupResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=9;
}

impl crate::Response for JoinGroupResponse {
    const KEY: ApiKey = ApiKey::JoinGroup;
}
