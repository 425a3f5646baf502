// Written by `cargo ci codegen` from schema/wire/unregister_controller_response.schema.

//! `UnregisterControllerResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, Encoder, ErrorCode, Message, Structure, TaggedFields,
};

/// Body of a response; version 0, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct UnregisterControllerResponse {
    /// `int32`
    pub throttle_time_ms: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `string?`
    pub error_message: Option<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for UnregisterControllerResponse {
    fn default() -> Self {
        Self {
            throttle_time_ms: 0,
            error_code: ErrorCode::NONE,
            error_message: Some(String::new()),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for UnregisterControllerResponse {
    const LEN_MIN: usize = 8;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.throttle_time_ms);
        out.error_code(self.error_code);
        out.nullable_string("error_message", self.error_message.as_deref(), true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        self.error_code = input.error_code("error_code")?;
        self.error_message = input.nullable_string("error_message", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for UnregisterControllerResponse {
    const NAME: &'static str = "UnregisterControllerResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

impl crate::Response for UnregisterControllerResponse {
    const KEY: ApiKey = ApiKey::UnregisterController;
}
