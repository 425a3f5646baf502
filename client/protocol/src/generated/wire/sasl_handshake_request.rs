// Written by `cargo ci codegen` from schema/wire/sasl_handshake_request.schema.

//! `SaslHandshakeRequest`.

use std::ops::RangeInclusive;

use crate::{ApiKey, DecodeError, Decoder, EncodeError, Encoder, Message, Structure};

/// Body of a request; versions 0-1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SaslHandshakeRequest {
    /// `string`
    pub mechanism: String,
}

impl Structure for SaslHandshakeRequest {
    const LEN_MIN: usize = 2;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("mechanism", &self.mechanism, false)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.mechanism = input.string("mechanism", false)?;
        Ok(())
    }
}

impl Message for SaslHandshakeRequest {
    const NAME: &'static str = "SaslHandshakeRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=1;
}

impl crate::Request for SaslHandshakeRequest {
    const KEY: ApiKey = ApiKey::SaslHandshake;
    type Response = crate::SaslHandshakeResponse;
}
