// Written by `cargo ci codegen` from schema/wire/sasl_authenticate_request.schema.

//! `SaslAuthenticateRequest`.

use std::ops::RangeInclusive;

use bytes::Bytes;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
};

/// Body of a request; versions 0-2, flexible from 2.
#[derive(Clone, Default, PartialEq)]
pub struct SaslAuthenticateRequest {
    /// `bytes secret`
    pub auth_bytes: Bytes,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

/// Without the secrets.
impl std::fmt::Debug for SaslAuthenticateRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SaslAuthenticateRequest")
            .field("auth_bytes", &format_args!("(hidden)"))
            .field("unknown_tagged_fields", &self.unknown_tagged_fields)
            .finish()
    }
}

impl Structure for SaslAuthenticateRequest {
    const LEN_MIN: usize = 2;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 2;
        out.bytes("auth_bytes", &self.auth_bytes, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 2;
        self.auth_bytes = input.bytes("auth_bytes", flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for SaslAuthenticateRequest {
    const NAME: &'static str = "SaslAuthenticateRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=2;
}

impl crate::Request for SaslAuthenticateRequest {
    const KEY: ApiKey = ApiKey::SaslAuthenticate;
    type Response = crate::SaslAuthenticateResponse;
}
