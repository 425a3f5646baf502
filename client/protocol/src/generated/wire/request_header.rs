// Written by `cargo ci codegen` from schema/wire/request_header.schema.

//! `RequestHeader`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields};

/// Header of a frame; versions 1-2, flexible from 2.
#[derive(Clone, Debug, PartialEq)]
pub struct RequestHeader {
    /// `int16`
    pub request_api_key: i16,
    /// `int16`
    pub request_api_version: i16,
    /// `int32`
    pub correlation_id: i32,
    /// `string? inflexible`
    pub client_id: Option<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for RequestHeader {
    fn default() -> Self {
        Self {
            request_api_key: 0,
            request_api_version: 0,
            correlation_id: 0,
            client_id: Some(String::new()),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for RequestHeader {
    const LEN_MIN: usize = 10;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 2;
        out.int16(self.request_api_key);
        out.int16(self.request_api_version);
        out.int32(self.correlation_id);
        out.nullable_string("client_id", self.client_id.as_deref(), false)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 2;
        self.request_api_key = input.int16("request_api_key")?;
        self.request_api_version = input.int16("request_api_version")?;
        self.correlation_id = input.int32("correlation_id")?;
        self.client_id = input.nullable_string("client_id", false)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for RequestHeader {
    const NAME: &'static str = "RequestHeader";
    const VERSIONS: RangeInclusive<i16> = 1..=2;
}
