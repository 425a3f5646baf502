// Written by `cargo ci codegen` from schema/wire/list_config_resources_request.schema.

//! `ListConfigResourcesRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
};

/// Body of a request; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListConfigResourcesRequest {
    /// `[int8] @1+`
    pub resource_types: Vec<i8>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ListConfigResourcesRequest {
    const LEN_MIN: usize = 1;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        if version >= 1 {
            out.array("resource_types", &self.resource_types, true)?;
        } else if !self.resource_types.is_empty() {
            return Err(EncodeError::new("resource_types", EncodeErrorKind::NotInVersion));
        }
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        if version >= 1 {
            self.resource_types = input.array("resource_types", true)?;
        }
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for ListConfigResourcesRequest {
    const NAME: &'static str = "ListConfigResourcesRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=1;
}

impl crate::Request for ListConfigResourcesRequest {
    const KEY: ApiKey = ApiKey::ListConfigResources;
    type Response = crate::ListConfigResourcesResponse;
}
