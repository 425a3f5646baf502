// Written by `cargo ci codegen` from schema/wire/describe_groups_request.schema.

//! `DescribeGroupsRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
};

/// Body of a request; versions 0-6, flexible from 5.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribeGroupsRequest {
    /// `[string]`
    pub groups: Vec<String>,
    /// `bool @3+`
    pub include_authorized_operations: bool,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for DescribeGroupsRequest {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 5;
        out.array("groups", &self.groups, flexible)?;
        if version >= 3 {
            out.bool(self.include_authorized_operations);
        } else if self.include_authorized_operations {
            return Err(EncodeError::new("include_authorized_operations", EncodeErrorKind::NotInVersion));
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
        self.groups = input.array("groups", flexible)?;
        if version >= 3 {
            self.include_authorized_operations = input.bool("include_authorized_operations")?;
        }
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for DescribeGroupsRequest {
    const NAME: &'static str = "DescribeGroupsRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=6;
}

impl crate::Request for DescribeGroupsRequest {
    const KEY: ApiKey = ApiKey::DescribeGroups;
    type Response = crate::DescribeGroupsResponse;
}
