// Written by `cargo ci codegen` from schema/wire/envelope_response.schema.

//! `EnvelopeResponse`.

use std::ops::RangeInclusive;

use bytes::Bytes;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, Encoder, ErrorCode, Message, Structure, TaggedFields,
};

/// Body of a response; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EnvelopeResponse {
    /// `bytes? = null`
    pub response_data: Option<Bytes>,
    /// `error`
    pub error_code: ErrorCode,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for EnvelopeResponse {
    const LEN_MIN: usize = 4;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.nullable_bytes("response_data", self.response_data.as_ref(), true)?;
        out.error_code(self.error_code);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.response_data = input.nullable_bytes("response_data", true)?;
        self.error_code = input.error_code("error_code")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for EnvelopeResponse {
    const NAME: &'static str = "EnvelopeResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

impl crate::Response for EnvelopeResponse {
    const KEY: ApiKey = ApiKey::Envelope;
}
