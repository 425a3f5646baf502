// Written by `cargo ci codegen` from schema/wire/list_groups_response.schema.

//! `ListGroupsResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Structure,
    TaggedFields,
};

/// Body of a response; versions 0-5, flexible from 3.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListGroupsResponse {
    /// `int32 @1+ ignorable`
    pub throttle_time_ms: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `[ListedGroup]`
    pub groups: Vec<ListedGroup>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ListGroupsResponse {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 3;
        if version >= 1 {
            out.int32(self.throttle_time_ms);
        }
        out.error_code(self.error_code);
        out.structures("groups", &self.groups, version, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 3;
        if version >= 1 {
            self.throttle_time_ms = input.int32("throttle_time_ms")?;
        }
        self.error_code = input.error_code("error_code")?;
        self.groups = input.structures("groups", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`ListGroupsResponse`]; versions 0-5, flexible from 3.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListedGroup {
    /// `string`
    pub group_id: String,
    /// `string`
    pub protocol_type: String,
    /// `string @4+ ignorable`
    pub group_state: String,
    /// `string @5+ ignorable`
    pub group_type: String,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ListedGroup {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 3;
        out.string("group_id", &self.group_id, flexible)?;
        out.string("protocol_type", &self.protocol_type, flexible)?;
        if version >= 4 {
            out.string("group_state", &self.group_state, flexible)?;
        }
        if version >= 5 {
            out.string("group_type", &self.group_type, flexible)?;
        }
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 3;
        self.group_id = input.string("group_id", flexible)?;
        self.protocol_type = input.string("protocol_type", flexible)?;
        if version >= 4 {
            self.group_state = input.string("group_state", flexible)?;
        }
        if version >= 5 {
            self.group_type = input.string("group_type", flexible)?;
        }
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for ListGroupsResponse {
    const NAME: &'static str = "ListGroupsResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=5;
}

impl crate::Response for ListGroupsResponse {
    const KEY: ApiKey = ApiKey::ListGroups;
}
