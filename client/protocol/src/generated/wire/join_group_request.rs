// Written by `cargo ci codegen` from schema/wire/join_group_request.schema.

//! `JoinGroupRequest`.

use std::ops::RangeInclusive;

use bytes::Bytes;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
};

/// Body of a request; versions 0-9, flexible from 6.
#[derive(Clone, Debug, PartialEq)]
pub struct JoinGroupRequest {
    /// `string`
    pub group_id: String,
    /// `int32`
    pub session_timeout_ms: i32,
    /// `int32 = -1 @1+ ignorable`
    pub rebalance_timeout_ms: i32,
    /// `string`
    pub member_id: String,
    /// `string? = null @5+`
    pub group_instance_id: Option<String>,
    /// `string`
    pub protocol_type: String,
    /// `[JoinGroupRequestProtocol]`
    pub protocols: Vec<JoinGroupRequestProtocol>,
    /// `string? = null @8+ ignorable`
    pub reason: Option<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for JoinGroupRequest {
    fn default() -> Self {
        Self {
            group_id: String::new(),
            session_timeout_ms: 0,
            rebalance_timeout_ms: -1,
            member_id: String::new(),
            group_instance_id: None,
            protocol_type: String::new(),
            protocols: Vec::new(),
            reason: None,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for JoinGroupRequest {
    const LEN_MIN: usize = 14;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 6;
        out.string("group_id", &self.group_id, flexible)?;
        out.int32(self.session_timeout_ms);
        if version >= 1 {
            out.int32(self.rebalance_timeout_ms);
        }
        out.string("member_id", &self.member_id, flexible)?;
        if version >= 5 {
            out.nullable_string("group_instance_id", self.group_instance_id.as_deref(), flexible)?;
        } else if self.group_instance_id.is_some() {
            return Err(EncodeError::new("group_instance_id", EncodeErrorKind::NotInVersion));
        }
        out.string("protocol_type", &self.protocol_type, flexible)?;
        out.structures("protocols", &self.protocols, version, flexible)?;
        if version >= 8 {
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
        let flexible = version >= 6;
        self.group_id = input.string("group_id", flexible)?;
        self.session_timeout_ms = input.int32("session_timeout_ms")?;
        if version >= 1 {
            self.rebalance_timeout_ms = input.int32("rebalance_timeout_ms")?;
        }
        self.member_id = input.string("member_id", flexible)?;
        if version >= 5 {
            self.group_instance_id = input.nullable_string("group_instance_id", flexible)?;
        }
        self.protocol_type = input.string("protocol_type", flexible)?;
        self.protocols = input.structures("protocols", version, flexible)?;
        if version >= 8 {
            self.reason = input.nullable_string("reason", flexible)?;
        }
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`JoinGroupRequest`]; versions 0-9, flexible from 6.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JoinGroupRequestProtocol {
    /// `string`
    pub name: String,
    /// `bytes`
    pub metadata: Bytes,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for JoinGroupRequestProtocol {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 6;
        out.string("name", &self.name, flexible)?;
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
        self.name = input.string("name", flexible)?;
        self.metadata = input.bytes("metadata", flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for JoinGroupRequest {
    const NAME: &'static str = "JoinGroupRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=9;
}

impl crate::Request for JoinGroupRequest {
    const KEY: ApiKey = ApiKey::JoinGroup;
    type Response = crate::JoinGroupResponse;
}
