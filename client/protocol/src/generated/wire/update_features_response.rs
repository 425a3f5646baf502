// Written by `cargo ci codegen` from schema/wire/update_features_response.schema.

//! `UpdateFeaturesResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, Encoder, ErrorCode, Message, Structure, TaggedFields,
};

/// Body of a response; versions 0-2, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct UpdateFeaturesResponse {
    /// `int32`
    pub throttle_time_ms: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `string?`
    pub error_message: Option<String>,
    /// `[UpdatableFeatureResult] @0-1 ignorable`
    pub results: Vec<UpdatableFeatureResult>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for UpdateFeaturesResponse {
    fn default() -> Self {
        Self {
            throttle_time_ms: 0,
            error_code: ErrorCode::NONE,
            error_message: Some(String::new()),
            results: Vec::new(),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for UpdateFeaturesResponse {
    const LEN_MIN: usize = 8;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.throttle_time_ms);
        out.error_code(self.error_code);
        out.nullable_string("error_message", self.error_message.as_deref(), true)?;
        if version <= 1 {
            out.structures("results", &self.results, version, true)?;
        }
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        self.error_code = input.error_code("error_code")?;
        self.error_message = input.nullable_string("error_message", true)?;
        if version <= 1 {
            self.results = input.structures("results", version, true)?;
        }
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`UpdateFeaturesResponse`]; versions 0-1, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct UpdatableFeatureResult {
    /// `string`
    pub feature: String,
    /// `error`
    pub error_code: ErrorCode,
    /// `string?`
    pub error_message: Option<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for UpdatableFeatureResult {
    fn default() -> Self {
        Self {
            feature: String::new(),
            error_code: ErrorCode::NONE,
            error_message: Some(String::new()),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for UpdatableFeatureResult {
    const LEN_MIN: usize = 5;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("feature", &self.feature, true)?;
        out.error_code(self.error_code);
        out.nullable_string("error_message", self.error_message.as_deref(), true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.feature = input.string("feature", true)?;
        self.error_code = input.error_code("error_code")?;
        self.error_message = input.nullable_string("error_message", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for UpdateFeaturesResponse {
    const NAME: &'static str = "UpdateFeaturesResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=2;
}

impl crate::Response for UpdateFeaturesResponse {
    const KEY: ApiKey = ApiKey::UpdateFeatures;
}
