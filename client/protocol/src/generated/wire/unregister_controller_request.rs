// Written by `cargo ci codegen` from schema/wire/unregister_controller_request.schema.

//! `UnregisterControllerRequest`.

use std::ops::RangeInclusive;

use crate::{ApiKey, DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields};

/// Body of a request; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UnregisterControllerRequest {
    /// `int32`
    pub controller_id: i32,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for UnregisterControllerRequest {
    const LEN_MIN: usize = 5;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.controller_id);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.controller_id = input.int32("controller_id")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for UnregisterControllerRequest {
    const NAME: &'static str = "UnregisterControllerRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

impl crate::Request for UnregisterControllerRequest {
    const KEY: ApiKey = ApiKey::UnregisterController;
    type Response = crate::UnregisterControllerResponse;
}
