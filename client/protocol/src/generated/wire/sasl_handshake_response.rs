// Written by `cargo ci codegen` from schema/wire/sasl_handshake_response.schema.

//! `SaslHandshakeResponse`.

use std::ops::RangeInclusive;

use crate::{ApiKey, DecodeError, Decoder, EncodeError, Encoder, ErrorCode, Message, Structure};

/// Body of a response; versions 0-1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SaslHandshakeResponse {
    /// `error`
    pub error_code: ErrorCode,
    /// `[string]`
    pub mechanisms: Vec<String>,
}

impl Structure for SaslHandshakeResponse {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.error_code(self.error_code);
        out.array("mechanisms", &self.mechanisms, false)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.error_code = input.error_code("error_code")?;
        self.mechanisms = input.array("mechanisms", false)?;
        Ok(())
    }
}

impl Message for SaslHandshakeResponse {
    const NAME: &'static str = "SaslHandshakeResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=1;
}

impl crate::Response for SaslHandshakeResponse {
    const KEY: ApiKey = ApiKey::SaslHandshake;
}
