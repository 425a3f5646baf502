// Written by `cargo ci codegen` from schema/group-records/group_metadata.schema.

//! `GroupMetadataKey` and `GroupMetadataValue`.

use std::ops::RangeInclusive;

use bytes::Bytes;

use crate::{DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields};

/// Key of a record, type 2; version 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GroupMetadataKey {
    /// `string`
    pub group: String,
}

impl Structure for GroupMetadataKey {
    const LEN_MIN: usize = 2;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("group", &self.group, false)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.group = input.string("group", false)?;
        Ok(())
    }
}

impl Message for GroupMetadataKey {
    const NAME: &'static str = "GroupMetadataKey";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

/// Value of a record, type 2; versions 0-4, flexible from 4.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupMetadataValue {
    /// `string`
    pub protocol_type: String,
    /// `int32`
    pub generation: i32,
    /// `string?`
    pub protocol: Option<String>,
    /// `string?`
    pub leader: Option<String>,
    /// `int64 = -1 @2+ ignorable`
    pub current_state_timestamp: i64,
    /// `[MemberMetadata]`
    pub members: Vec<MemberMetadata>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for GroupMetadataValue {
    fn default() -> Self {
        Self {
            protocol_type: String::new(),
            generation: 0,
            protocol: Some(String::new()),
            leader: Some(String::new()),
            current_state_timestamp: -1,
            members: Vec::new(),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for GroupMetadataValue {
    const LEN_MIN: usize = 14;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 4;
        out.string("protocol_type", &self.protocol_type, flexible)?;
        out.int32(self.generation);
        out.nullable_string("protocol", self.protocol.as_deref(), flexible)?;
        out.nullable_string("leader", self.leader.as_deref(), flexible)?;
        if version >= 2 {
            out.int64(self.current_state_timestamp);
        }
        out.structures("members", &self.members, version, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 4;
        self.protocol_type = input.string("protocol_type", flexible)?;
        self.generation = input.int32("generation")?;
        self.protocol = input.nullable_string("protocol", flexible)?;
        self.leader = input.nullable_string("leader", flexible)?;
        if version >= 2 {
            self.current_state_timestamp = input.int64("current_state_timestamp")?;
        }
        self.members = input.structures("members", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`GroupMetadataValue`]; versions 0-4, flexible from 4.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberMetadata {
    /// `string`
    pub member_id: String,
    /// `string? = null @3+ ignorable`
    pub group_instance_id: Option<String>,
    /// `string`
    pub client_id: String,
    /// `string`
    pub client_host: String,
    /// `int32 = -1 @1+ ignorable`
    pub rebalance_timeout: i32,
    /// `int32`
    pub session_timeout: i32,
    /// `bytes`
    pub subscription: Bytes,
    /// `bytes`
    pub assignment: Bytes,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for MemberMetadata {
    fn default() -> Self {
        Self {
            member_id: String::new(),
            group_instance_id: None,
            client_id: String::new(),
            client_host: String::new(),
            rebalance_timeout: -1,
            session_timeout: 0,
            subscription: Bytes::new(),
            assignment: Bytes::new(),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for MemberMetadata {
    const LEN_MIN: usize = 15;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 4;
        out.string("member_id", &self.member_id, flexible)?;
        if version >= 3 {
            out.nullable_string("group_instance_id", self.group_instance_id.as_deref(), flexible)?;
        }
        out.string("client_id", &self.client_id, flexible)?;
        out.string("client_host", &self.client_host, flexible)?;
        if version >= 1 {
            out.int32(self.rebalance_timeout);
        }
        out.int32(self.session_timeout);
        out.bytes("subscription", &self.subscription, flexible)?;
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
        if version >= 3 {
            self.group_instance_id = input.nullable_string("group_instance_id", flexible)?;
        }
        self.client_id = input.string("client_id", flexible)?;
        self.client_host = input.string("client_host", flexible)?;
        if version >= 1 {
            self.rebalance_timeout = input.int32("rebalance_timeout")?;
        }
        self.session_timeout = input.int32("session_timeout")?;
        self.subscription = input.bytes("subscription", flexible)?;
        self.assignment = input.bytes("assignment", flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for GroupMetadataValue {
    const NAME: &'static str = "GroupMetadataValue";
    const VERSIONS: RangeInclusive<i16> = 0..=4;
}
