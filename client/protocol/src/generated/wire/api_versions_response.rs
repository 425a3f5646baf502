// Written by `cargo ci codegen` from schema/wire/api_versions_response.schema.

//! `ApiVersionsResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Structure,
    TaggedFields, TaggedWriter,
};

/// Body of a response; versions 0-5, flexible from 3.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiVersionsResponse {
    /// `error`
    pub error_code: ErrorCode,
    /// `[ApiVersion]`
    pub api_keys: Vec<ApiVersion>,
    /// `int32 @1+ ignorable`
    pub throttle_time_ms: i32,
    /// `[SupportedFeatureKey] @3+ tag(0) ignorable`
    pub supported_features: Vec<SupportedFeatureKey>,
    /// `int64 = -1 @3+ tag(1) ignorable`
    pub finalized_features_epoch: i64,
    /// `[FinalizedFeatureKey] @3+ tag(2) ignorable`
    pub finalized_features: Vec<FinalizedFeatureKey>,
    /// `bool @3+ tag(3) ignorable`
    pub zk_migration_ready: bool,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ApiVersionsResponse {
    fn default() -> Self {
        Self {
            error_code: ErrorCode::NONE,
            api_keys: Vec::new(),
            throttle_time_ms: 0,
            supported_features: Vec::new(),
            finalized_features_epoch: -1,
            finalized_features: Vec::new(),
            zk_migration_ready: false,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for ApiVersionsResponse {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 3;
        out.error_code(self.error_code);
        out.structures("api_keys", &self.api_keys, version, flexible)?;
        if version >= 1 {
            out.int32(self.throttle_time_ms);
        }
        if flexible {
            let mut tagged = TaggedWriter::default();
            if !self.supported_features.is_empty() {
                let out = tagged.field(0);
                out.structures("supported_features", &self.supported_features, version, true)?;
            }
            if self.finalized_features_epoch != -1 {
                let out = tagged.field(1);
                out.int64(self.finalized_features_epoch);
            }
            if !self.finalized_features.is_empty() {
                let out = tagged.field(2);
                out.structures("finalized_features", &self.finalized_features, version, true)?;
            }
            if self.zk_migration_ready {
                let out = tagged.field(3);
                out.bool(self.zk_migration_ready);
            }
            tagged.finish(&self.unknown_tagged_fields, out)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 3;
        self.error_code = input.error_code("error_code")?;
        self.api_keys = input.structures("api_keys", version, flexible)?;
        if version >= 1 {
            self.throttle_time_ms = input.int32("throttle_time_ms")?;
        }
        if flexible {
            for _ in 0..input.tag_count()? {
                let tag = input.open_tag()?;
                match tag.number {
                    0 => {
                        self.supported_features = input.structures("supported_features", version, true)?;
                    }
                    1 => {
                        self.finalized_features_epoch = input.int64("finalized_features_epoch")?;
                    }
                    2 => {
                        self.finalized_features = input.structures("finalized_features", version, true)?;
                    }
                    3 => {
                        self.zk_migration_ready = input.bool("zk_migration_ready")?;
                    }
                    _ => input.unknown_tag(&tag, &mut self.unknown_tagged_fields)?,
                }
                input.close_tag(tag)?;
            }
        }
        Ok(())
    }
}

/// Part of [`ApiVersionsResponse`]; versions 0-5, flexible from 3.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ApiVersion {
    /// `int16`
    pub api_key: i16,
    /// `int16`
    pub min_version: i16,
    /// `int16`
    pub max_version: i16,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ApiVersion {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 3;
        out.int16(self.api_key);
        out.int16(self.min_version);
        out.int16(self.max_version);
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 3;
        self.api_key = input.int16("api_key")?;
        self.min_version = input.int16("min_version")?;
        self.max_version = input.int16("max_version")?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`ApiVersionsResponse`]; versions 3-5, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SupportedFeatureKey {
    /// `string`
    pub name: String,
    /// `int16`
    pub min_version: i16,
    /// `int16`
    pub max_version: i16,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for SupportedFeatureKey {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("name", &self.name, true)?;
        out.int16(self.min_version);
        out.int16(self.max_version);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.name = input.string("name", true)?;
        self.min_version = input.int16("min_version")?;
        self.max_version = input.int16("max_version")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`ApiVersionsResponse`]; versions 3-5, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FinalizedFeatureKey {
    /// `string`
    pub name: String,
    /// `int16`
    pub max_version_level: i16,
    /// `int16`
    pub min_version_level: i16,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for FinalizedFeatureKey {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("name", &self.name, true)?;
        out.int16(self.max_version_level);
        out.int16(self.min_version_level);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.name = input.string("name", true)?;
        self.max_version_level = input.int16("max_version_level")?;
        self.min_version_level = input.int16("min_version_level")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for ApiVersionsResponse {
    const NAME: &'static str = "ApiVersionsResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=5;
}

impl crate::Response for ApiVersionsResponse {
    const KEY: ApiKey = ApiKey::ApiVersions;
}
