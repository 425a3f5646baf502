// Written by `cargo ci codegen` from schema/wire/response_header.schema.

//! `ResponseHeader`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields};

/// Header of a frame; versions 0-1, flexible from 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResponseHeader {
    /// `int32`
    pub correlation_id: i32,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ResponseHeader {
    const LEN_MIN: usize = 4;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 1;
        out.int32(self.correlation_id);
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 1;
        self.correlation_id = input.int32("correlation_id")?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for ResponseHeader {
    const NAME: &'static str = "ResponseHeader";
    const VERSIONS: RangeInclusive<i16> = 0..=1;
}
