// Written by `cargo ci codegen` from schema/wire/expire_delegation_token_response.schema.

//! `ExpireDelegationTokenResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Structure,
    TaggedFields,
};

/// Body of a response; versions 1-2, flexible from 2.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExpireDelegationTokenResponse {
    /// `error`
    pub error_code: ErrorCode,
    /// `int64`
    pub expiry_timestamp_ms: i64,
    /// `int32`
    pub throttle_time_ms: i32,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ExpireDelegationTokenResponse {
    const LEN_MIN: usize = 14;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 2;
        out.error_code(self.error_code);
        out.int64(self.expiry_timestamp_ms);
        out.int32(self.throttle_time_ms);
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
        self.expiry_timestamp_ms = input.int64("expiry_timestamp_ms")?;
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for ExpireDelegationTokenResponse {
    const NAME: &'static str = "ExpireDelegationTokenResponse";
    const VERSIONS: RangeInclusive<i16> = 1..=2;
}

impl crate::Response for ExpireDelegationTokenResponse {
    const KEY: ApiKey = ApiKey::ExpireDelegationToken;
}
