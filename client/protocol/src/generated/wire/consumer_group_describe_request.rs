// Written by `cargo ci codegen` from schema/wire/consumer_group_describe_request.schema.

//! `ConsumerGroupDescribeRequest`.

use std::ops::RangeInclusive;

use crate::{ApiKey, DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields};

/// Body of a request; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConsumerGroupDescribeRequest {
    /// `[string]`
    pub group_ids: Vec<String>,
    /// `bool`
    pub include_authorized_operations: bool,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ConsumerGroupDescribeRequest {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.array("group_ids", &self.group_ids, true)?;
        out.bool(self.include_authorized_operations);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.group_ids = input.array("group_ids", true)?;
        self.include_authorized_operations = input.bool("include_authorized_operations")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for ConsumerGroupDescribeRequest {
    const NAME: &'static str = "ConsumerGroupDescribeRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=1;
}

impl crate::Request for ConsumerGroupDescribeRequest {
    const KEY: ApiKey = ApiKey::ConsumerGroupDescribe;
    type Response = crate::ConsumerGroupDescribeResponse;
}
