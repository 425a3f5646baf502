// Written by `cargo ci codegen` from schema/wire/expire_delegation_token_request.schema.

//! `ExpireDelegationTokenRequest`.

use std::ops::RangeInclusive;

use bytes::Bytes;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
};

/// Body of a request; versions 1-2, flexible from 2.
#[derive(Clone, Default, PartialEq)]
pub struct ExpireDelegationTokenRequest {
    /// `bytes secret`
    pub hmac: Bytes,
    /// `int64`
    pub expiry_time_period_ms: i64,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

/// Without the secrets.
impl std::fmt::Debug for ExpireDelegationTokenRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ExpireDelegationTokenRequest")
            .field("hmac", &format_args!("(hidden)"))
            .field("expiry_time_period_ms", &self.expiry_time_period_ms)
            .field("unknown_tagged_fields", &self.unknown_tagged_fields)
            .finish()
    }
}

impl Structure for ExpireDelegationTokenRequest {
    const LEN_MIN: usize = 10;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 2;
        out.bytes("hmac", &self.hmac, flexible)?;
        out.int64(self.expiry_time_period_ms);
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 2;
        self.hmac = input.bytes("hmac", flexible)?;
        self.expiry_time_period_ms = input.int64("expiry_time_period_ms")?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for ExpireDelegationTokenRequest {
    const NAME: &'static str = "ExpireDelegationTokenRequest";
    const VERSIONS: RangeInclusive<i16> = 1..=2;
}

impl crate::Request for ExpireDelegationTokenRequest {
    const KEY: ApiKey = ApiKey::ExpireDelegationToken;
    type Response = crate::ExpireDelegationTokenResponse;
}
