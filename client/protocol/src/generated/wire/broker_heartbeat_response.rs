// Written by `cargo ci codegen` from schema/wire/broker_heartbeat_response.schema.

//! `BrokerHeartbeatResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, Encoder, ErrorCode, Message, Structure, TaggedFields,
};

/// Body of a response; versions 0-2, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct BrokerHeartbeatResponse {
    /// `int32`
    pub throttle_time_ms: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `bool`
    pub is_caught_up: bool,
    /// `bool = true`
    pub is_fenced: bool,
    /// `bool`
    pub should_shut_down: bool,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for BrokerHeartbeatResponse {
    fn default() -> Self {
        Self {
            throttle_time_ms: 0,
            error_code: ErrorCode::NONE,
            is_caught_up: false,
            is_fenced: true,
            should_shut_down: false,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for BrokerHeartbeatResponse {
    const LEN_MIN: usize = 10;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.throttle_time_ms);
        out.error_code(self.error_code);
        out.bool(self.is_caught_up);
        out.bool(self.is_fenced);
        out.bool(self.should_shut_down);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        self.error_code = input.error_code("error_code")?;
        self.is_caught_up = input.bool("is_caught_up")?;
        self.is_fenced = input.bool("is_fenced")?;
        self.should_shut_down = input.bool("should_shut_down")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for BrokerHeartbeatResponse {
    const NAME: &'static str = "BrokerHeartbeatResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=2;
}

impl crate::Response for BrokerHeartbeatResponse {
    const KEY: ApiKey = ApiKey::BrokerHeartbeat;
}
