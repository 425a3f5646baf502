// Written by `cargo ci codegen` from schema/wire/list_groups_request.schema.

//! `ListGroupsRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
};

/// Body of a request; versions 0-5, flexible from 3.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListGroupsRequest {
    /// `[string] @4+`
    pub states_filter: Vec<String>,
    /// `[string] @5+`
    pub types_filter: Vec<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ListGroupsRequest {
    const LEN_MIN: usize = 0;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 3;
        if version >= 4 {
            out.array("states_filter", &self.states_filter, flexible)?;
        } else if !self.states_filter.is_empty() {
            return Err(EncodeError::new("states_filter", EncodeErrorKind::NotInVersion));
        }
        if version >= 5 {
            out.array("types_filter", &self.types_filter, flexible)?;
        } else if !self.types_filter.is_empty() {
            return Err(EncodeError::new("types_filter", EncodeErrorKind::NotInVersion));
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
        if version >= 4 {
            self.states_filter = input.array("states_filter", flexible)?;
        }
        if version >= 5 {
            self.types_filter = input.array("types_filter", flexible)?;
        }
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for ListGroupsRequest {
    const NAME: &'static str = "ListGroupsRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=5;
}

impl crate::Request for ListGroupsRequest {
    const KEY: ApiKey = ApiKey::ListGroups;
    type Response = crate::ListGroupsResponse;
}
