// Written by `cargo ci codegen` from schema/wire/sync_group_request.schema.

//! `SyncGroupRequest`.

use std::ops::RangeInclusive;

use bytes::Bytes;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
};

/// Body of a request; versions 0-5, flexible from 4.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SyncGroupRequest {
    /// `string`
    pub group_id: String,
    /// `int32`
    pub generation_id: i32,
    /// `string`
    pub member_id: String,
    /// `string? = null @3+`
    pub group_instance_id: Option<String>,
    /// `string? = null @5+ ignorable`
    pub protocol_type: Option<String>,
    /// `string? = null @5+ ignorable`
    pub protocol_name: Option<String>,
    /// `[SyncGroupRequestAssignment]`
    pub assignments: Vec<SyncGroupRequestAssignment>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for SyncGroupRequest {
    const LEN_MIN: usize = 9;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 4;
        out.string("group_id", &self.group_id, flexible)?;
        out.int32(self.generation_id);
        out.string("member_id", &self.member_id, flexible)?;
        if version >= 3 {
            out.nullable_string("group_instance_id", self.group_instance_id.as_deref(), flexible)?;
        } else if self.group_instance_id.is_some() {
            return Err(EncodeError::new("group_instance_id", EncodeErrorKind::NotInVersion));
        }
        if version >= 5 {
            out.nullable_string("protocol_type", self.protocol_type.as_deref(), flexible)?;
            out.nullable_string("protocol_name", self.protocol_name.as_deref(), flexible)?;
        }
        out.structures("assignments", &self.assignments, version, flexible)?;
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
        self.generation_id = input.int32("generation_id")?;
        self.member_id = input.string("member_id", flexible)?;
        if version >= 3 {
            self.group_instance_id = input.nullable_string("group_instance_id", flexible)?;
        }
        if version >= 5 {
            self.protocol_type = input.nullable_string("protocol_type", flexible)?;
            self.protocol_name = input.nullable_string("protocol_name", flexible)?;
        }
        self.assignments = input.structures("assignments", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`SyncGroupRequest`]; versions 0-5, flexible from 4.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SyncGroupRequestAssignment {
    /// `string`
    pub member_id: String,
    /// `bytes`
    pub assignment: Bytes,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for SyncGroupRequestAssignment {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 4;
        out.string("member_id", &self.member_id, flexible)?;
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
        self.member_id = input.string("member_id", flexible)?;
        self.assignment = input.bytes("assignment", flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for SyncGroupRequest {
    const NAME: &'static str = "SyncGroupRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=5;
}

impl crate::Request for SyncGroupRequest {
    const KEY: ApiKey = ApiKey::SyncGroup;
    type Response = crate::SyncGroupResponse;
}
