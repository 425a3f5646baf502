// Written by `cargo ci codegen` from schema/wire/streams_group_describe_request.schema.

//! `StreamsGroupDescribeRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
};

/// Body of a request; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreamsGroupDescribeRequest {
    /// `[string]`
    pub group_ids: Vec<String>,
    /// `bool`
    pub include_authorized_operations: bool,
    /// `bool @1+`
    pub include_topology_description: bool,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for StreamsGroupDescribeRequest {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.array("group_ids", &self.group_ids, true)?;
        out.bool(self.include_authorized_operations);
        if version >= 1 {
            out.bool(self.include_topology_description);
        } else if self.include_topology_description {
            return Err(EncodeError::new("include_topology_description", EncodeErrorKind::NotInVersion));
        }
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.group_ids = input.array("group_ids", true)?;
        self.include_authorized_operations = input.bool("include_authorized_operations")?;
        if version >= 1 {
            self.include_topology_description = input.bool("include_topology_description")?;
        }
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for StreamsGroupDescribeRequest {
    const NAME: &'static str = "StreamsGroupDescribeRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=1;
}

impl crate::Request for StreamsGroupDescribeRequest {
    const KEY: ApiKey = ApiKey::StreamsGroupDescribe;
    type Response = crate::StreamsGroupDescribeResponse;
}
