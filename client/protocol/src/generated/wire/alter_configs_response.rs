// Written by `cargo ci codegen` from schema/wire/alter_configs_response.schema.

//! `AlterConfigsResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Structure,
    TaggedFields,
};

/// Body of a response; versions 0-2, flexible from 2.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlterConfigsResponse {
    /// `int32`
    pub throttle_time_ms: i32,
    /// `[AlterConfigsResourceResponse]`
    pub responses: Vec<AlterConfigsResourceResponse>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for AlterConfigsResponse {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 2;
        out.int32(self.throttle_time_ms);
        out.structures("responses", &self.responses, version, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 2;
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        self.responses = input.structures("responses", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`AlterConfigsResponse`]; versions 0-2, flexible from 2.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterConfigsResourceResponse {
    /// `error`
    pub error_code: ErrorCode,
    /// `string?`
    pub error_message: Option<String>,
    /// `int8`
    pub resource_type: i8,
    /// `string`
    pub resource_name: String,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for AlterConfigsResourceResponse {
    fn default() -> Self {
        Self {
            error_code: ErrorCode::NONE,
            error_message: Some(String::new()),
            resource_type: 0,
            resource_name: String::new(),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for AlterConfigsResourceResponse {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 2;
        out.error_code(self.error_code);
        out.nullable_string("error_message", self.error_message.as_deref(), flexible)?;
        out.int8(self.resource_type);
        out.string("resource_name", &self.resource_name, flexible)?;
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
        self.resource_type = input.int8("resource_type")?;
        self.resource_name = input.string("resource_name", flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for AlterConfigsResponse {
    const NAME: &'static str = "AlterConfigsResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=2;
}

impl crate::Response for AlterConfigsResponse {
    const KEY: ApiKey = ApiKey::AlterConfigs;
}
