// Written by `cargo ci codegen` from schema/wire/broker_registration_response.schema.

//! `BrokerRegistrationResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, Encoder, ErrorCode, Message, Structure, TaggedFields,
};

/// Body of a response; versions 0-4, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct BrokerRegistrationResponse {
    /// `int32`
    pub throttle_time_ms: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `int64 = -1`
    pub broker_epoch: i64,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for BrokerRegistrationResponse {
    fn default() -> Self {
        Self {
            throttle_time_ms: 0,
            error_code: ErrorCode::NONE,
            broker_epoch: -1,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for BrokerRegistrationResponse {
    const LEN_MIN: usize = 15;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.throttle_time_ms);
        out.error_code(self.error_code);
        out.int64(self.broker_epoch);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        self.error_code = input.error_code("error_code")?;
        self.broker_epoch = input.int64("broker_epoch")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for BrokerRegistrationResponse {
    const NAME: &'static str = "BrokerRegistrationResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=4;
}

impl crate::Response for BrokerRegistrationResponse {
    const KEY: ApiKey = ApiKey::BrokerRegistration;
}
