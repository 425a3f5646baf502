// Written by `cargo ci codegen` from schema/wire/describe_groups_response.schema.

//! `DescribeGroupsResponse`.

use std::ops::RangeInclusive;

use bytes::Bytes;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Structure,
    TaggedFields,
};

/// Body of a response; versions 0-6, flexible from 5.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribeGroupsResponse {
    /// `int32 @1+ ignorable`
    pub throttle_time_ms: i32,
    /// `[DescribedGroup]`
    pub groups: Vec<DescribedGroup>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for DescribeGroupsResponse {
    const LEN_MIN: usize = 4;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 5;
        if version >= 1 {
            out.int32(self.throttle_time_ms);
        }
        out.structures("groups", &self.groups, version, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 5;
        if version >= 1 {
            self.throttle_time_ms = input.int32("throttle_time_ms")?;
        }
        self.groups = input.structures("groups", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`DescribeGroupsResponse`]; versions 0-6, flexible from 5.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribedGroup {
    /// `error`
    pub error_code: ErrorCode,
    /// `string? = null @6+`
    pub error_message: Option<String>,
    /// `string`
    pub group_id: String,
    /// `string`
    pub group_state: String,
    /// `string`
    pub protocol_type: String,
    /// `string`
    pub protocol_data: String,
    /// `[DescribedGroupMember]`
    pub members: Vec<DescribedGroupMember>,
    /// `int32 = -2147483648 @3+`
    pub authorized_operations: i32,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribedGroup {
    fn default() -> Self {
        Self {
            error_code: ErrorCode::NONE,
            error_message: None,
            group_id: String::new(),
            group_state: String::new(),
            protocol_type: String::new(),
            protocol_data: String::new(),
            members: Vec::new(),
            authorized_operations: i32::MIN,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for DescribedGroup {
    const LEN_MIN: usize = 12;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 5;
        out.error_code(self.error_code);
        if version >= 6 {
            out.nullable_string("error_message", self.error_message.as_deref(), flexible)?;
        } else if self.error_message.is_some() {
            return Err(EncodeError::new("error_message", EncodeErrorKind::NotInVersion));
        }
        out.string("group_id", &self.group_id, flexible)?;
        out.string("group_state", &self.group_state, flexible)?;
        out.string("protocol_type", &self.protocol_type, flexible)?;
        out.string("protocol_data", &self.protocol_data, flexible)?;
        out.structures("members", &self.members, version, flexible)?;
        if version >= 3 {
            out.int32(self.authorized_operations);
        } else if self.authorized_operations != i32::MIN {
            return Err(EncodeError::new("authorized_operations", EncodeErrorKind::NotInVersion));
        }
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 5;
        self.error_code = input.error_code("error_code")?;
        if version >= 6 {
            self.error_message = input.nullable_string("error_message", flexible)?;
        }
        self.group_id = input.string("group_id", flexible)?;
        self.group_state = input.string("group_state", flexible)?;
        self.protocol_type = input.string("protocol_type", flexible)?;
        self.protocol_data = input.string("protocol_data", flexible)?;
        self.members = input.structures("members", version, flexible)?;
        if version >= 3 {
            self.authorized_operations = input.int32("authorized_operations")?;
        }
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`DescribeGroupsResponse`]; versions 0-6, flexible from 5.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribedGroupMember {
    /// `string`
    pub member_id: String,
    /// `string? = null @4+ ignorable`
    pub group_instance_id: Option<String>,
    /// `string`
    pub client_id: String,
    /// `string`
    pub client_host: String,
    /// `bytes`
    pub member_metadata: Bytes,
    /// `bytes`
    pub member_assignment: Bytes,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for DescribedGroupMember {
    const LEN_MIN: usize = 7;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 5;
        out.string("member_id", &self.member_id, flexible)?;
        if version >= 4 {
            out.nullable_string("group_instance_id", self.group_instance_id.as_deref(), flexible)?;
        }
        out.string("client_id", &self.client_id, flexible)?;
        out.string("client_host", &self.client_host, flexible)?;
        out.bytes("member_metadata", &self.member_metadata, flexible)?;
        out.bytes("member_assignment", &self.member_assignment, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 5;
        self.member_id = input.string("member_id", flexible)?;
        if version >= 4 {
            self.group_instance_id = input.nullable_string("group_instance_id", flexible)?;
        }
        self.client_id = input.string("client_id", flexible)?;
        self.client_host = input.string("client_host", flexible)?;
        self.member_metadata = input.bytes("member_metadata", flexible)?;
        self.member_assignment = input.bytes("member_assignment", flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for DescribeGroupsResponse {
    const NAME: &'static str = "DescribeGroupsResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=6;
}

impl crate::Response for DescribeGroupsResponse {
    const KEY: ApiKey = ApiKey::DescribeGroups;
}
