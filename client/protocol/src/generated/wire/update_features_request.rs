// Written by `cargo ci codegen` from schema/wire/update_features_request.schema.

//! `UpdateFeaturesRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
};

/// Body of a request; versions 0-2, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct UpdateFeaturesRequest {
    /// `int32 = 60000`
    pub timeout_ms: i32,
    /// `[FeatureUpdateKey]`
    pub feature_updates: Vec<FeatureUpdateKey>,
    /// `bool @1+`
    pub validate_only: bool,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for UpdateFeaturesRequest {
    fn default() -> Self {
        Self {
            timeout_ms: 60000,
            feature_updates: Vec::new(),
            validate_only: false,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for UpdateFeaturesRequest {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.timeout_ms);
        out.structures("feature_updates", &self.feature_updates, version, true)?;
        if version >= 1 {
            out.bool(self.validate_only);
        } else if self.validate_only {
            return Err(EncodeError::new("validate_only", EncodeErrorKind::NotInVersion));
        }
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.timeout_ms = input.int32("timeout_ms")?;
        self.feature_updates = input.structures("feature_updates", version, true)?;
        if version >= 1 {
            self.validate_only = input.bool("validate_only")?;
        }
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`UpdateFeaturesRequest`]; versions 0-2, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureUpdateKey {
    /// `string`
    pub feature: String,
    /// `int16`
    pub max_version_level: i16,
    /// `bool @0`
    pub allow_downgrade: bool,
    /// `int8 = 1 @1+`
    pub upgrade_type: i8,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for FeatureUpdateKey {
    fn default() -> Self {
        Self {
            feature: String::new(),
            max_version_level: 0,
            allow_downgrade: false,
            upgrade_type: 1,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for FeatureUpdateKey {
    const LEN_MIN: usize = 5;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.string("feature", &self.feature, true)?;
        out.int16(self.max_version_level);
        if version <= 0 {
            out.bool(self.allow_downgrade);
        } else if self.allow_downgrade {
            return Err(EncodeError::new("allow_downgrade", EncodeErrorKind::NotInVersion));
        }
        if version >= 1 {
            out.int8(self.upgrade_type);
        } else if self.upgrade_type != 1 {
            return Err(EncodeError::new("upgrade_type", EncodeErrorKind::NotInVersion));
        }
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.feature = input.string("feature", true)?;
        self.max_version_level = input.int16("max_version_level")?;
        if version <= 0 {
            self.allow_downgrade = input.bool("allow_downgrade")?;
        }
        if version >= 1 {
            self.upgrade_type = input.int8("upgrade_type")?;
        }
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for UpdateFeaturesRequest {
    const NAME: &'static str = "UpdateFeaturesRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=2;
}

impl crate::Request for UpdateFeaturesRequest {
    const KEY: ApiKey = ApiKey::UpdateFeatures;
    type Response = crate::UpdateFeaturesResponse;
}
