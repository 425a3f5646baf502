// Written by `cargo ci codegen` from schema/wire/sasl_authenticate_response.schema.

//! `SaslAuthenticateResponse`.

use std::ops::RangeInclusive;

use bytes::Bytes;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Structure,
    TaggedFields,
};

/// Body of a response; versions 0-2, flexible from 2.
#[derive(Clone, PartialEq)]
pub struct SaslAuthenticateResponse {
    /// `error`
    pub error_code: ErrorCode,
    /// `string?`
    pub error_message: Option<String>,
    /// `bytes secret`
    pub auth_bytes: Bytes,
    /// `int64 @1+ ignorable`
    pub session_lifetime_ms: i64,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

/// Without the secrets.
impl std::fmt::Debug for SaslAuthenticateResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SaslAuthenticateResponse")
            .field("error_code", &self.error_code)
            .field("error_message", &self.error_message)
            .field("auth_bytes", &format_args!("(hidden)"))
            .field("session_lifetime_ms", &self.session_lifetime_ms)
            .field("unknown_tagged_fields", &self.unknown_tagged_fields)
            .finish()
    }
}

impl Default for SaslAuthenticateResponse {
    fn default() -> Self {
        Self {
            error_code: ErrorCode::NONE,
            error_message: Some(String::new()),
            auth_bytes: Bytes::new(),
            session_lifetime_ms: 0,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for SaslAuthenticateResponse {
    const LEN_MIN: usize = 8;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 2;
        out.error_code(self.error_code);
        out.nullable_string("error_message", self.error_message.as_deref(), flexible)?;
        out.bytes("auth_bytes", &self.auth_bytes, flexible)?;
        if version >= 1 {
            out.int64(self.session_lifetime_ms);
        }
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 2;
        self.error_code = input.error_code("error_code")?;
        self.error_message = input.nullable_string("error_message", flexible)?;
        self.auth_bytes = input.bytes("auth_bytes", flexible)?;
        if version >= 1 {
            self.session_lifetime_ms = input.int64("session_lifetime_ms")?;
        }
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for SaslAuthenticateResponse {
    const NAME: &'static str = "SaslAuthenticateResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=2;
}

impl crate::Response for SaslAuthenticateResponse {
    const KEY: ApiKey = ApiKey::SaslAuthenticate;
}
