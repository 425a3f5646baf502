// Written by `cargo ci codegen` from schema/wire/list_config_resources_response.schema.

//! `ListConfigResourcesResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, Encoder, ErrorCode, Message, Structure, TaggedFields,
};

/// Body of a response; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListConfigResourcesResponse {
    /// `int32`
    pub throttle_time_ms: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `[ConfigResource]`
    pub config_resources: Vec<ConfigResource>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ListConfigResourcesResponse {
    const LEN_MIN: usize = 8;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.throttle_time_ms);
        out.error_code(self.error_code);
        out.structures("config_resources", &self.config_resources, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        self.error_code = input.error_code("error_code")?;
        self.config_resources = input.structures("config_resources", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`ListConfigResourcesResponse`]; versions 0-1, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct ConfigResource {
    /// `string`
    pub resource_name: String,
    /// `int8 = 16 @1+ ignorable`
    pub resource_type: i8,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ConfigResource {
    fn default() -> Self {
        Self { resource_name: String::new(), resource_type: 16, unknown_tagged_fields: TaggedFields::new() }
    }
}

impl Structure for ConfigResource {
    const LEN_MIN: usize = 2;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.string("resource_name", &self.resource_name, true)?;
        if version >= 1 {
            out.int8(self.resource_type);
        }
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.resource_name = input.string("resource_name", true)?;
        if version >= 1 {
            self.resource_type = input.int8("resource_type")?;
        }
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for ListConfigResourcesResponse {
    const NAME: &'static str = "ListConfigResourcesResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=1;
}

impl crate::Response for ListConfigResourcesResponse {
    const KEY: ApiKey = ApiKey::ListConfigResources;
}
