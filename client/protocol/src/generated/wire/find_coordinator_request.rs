// Written by `cargo ci codegen` from schema/wire/find_coordinator_request.schema.

//! `FindCoordinatorRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
};

/// Body of a request; versions 0-6, flexible from 3.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FindCoordinatorRequest {
    /// `string @0-3`
    pub key: String,
    /// `int8 @1+`
    pub key_type: i8,
    /// `[string] @4+`
    pub coordinator_keys: Vec<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for FindCoordinatorRequest {
    const LEN_MIN: usize = 2;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 3;
        if version <= 3 {
            out.string("key", &self.key, flexible)?;
        } else if !self.key.is_empty() {
            return Err(EncodeError::new("key", EncodeErrorKind::NotInVersion));
        }
        if version >= 1 {
            out.int8(self.key_type);
        } else if self.key_type != 0 {
            return Err(EncodeError::new("key_type", EncodeErrorKind::NotInVersion));
        }
        if version >= 4 {
            out.array("coordinator_keys", &self.coordinator_keys, flexible)?;
        } else if !self.coordinator_keys.is_empty() {
            return Err(EncodeError::new("coordinator_keys", EncodeErrorKind::NotInVersion));
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
        if version <= 3 {
            self.key = input.string("key", flexible)?;
        }
        if version >= 1 {
            self.key_type = input.int8("key_type")?;
        }
        if version >= 4 {
            self.coordinator_keys = input.array("coordinator_keys", flexible)?;
        }
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for FindCoordinatorRequest {
    const NAME: &'static str = "FindCoordinatorRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=6;
}

impl crate::Request for FindCoordinatorRequest {
    const KEY: ApiKey = ApiKey::FindCoordinator;
    type Response = crate::FindCoordinatorResponse;
}
