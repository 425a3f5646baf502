// Written by `cargo ci codegen` from schema/wire/describe_configs_response.schema.

//! `DescribeConfigsResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Structure,
    TaggedFields,
};

/// Body of a response; versions 1-4, flexible from 4.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribeConfigsResponse {
    /// `int32`
    pub throttle_time_ms: i32,
    /// `[DescribeConfigsResult]`
    pub results: Vec<DescribeConfigsResult>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for DescribeConfigsResponse {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 4;
        out.int32(self.throttle_time_ms);
        out.structures("results", &self.results, version, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 4;
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        self.results = input.structures("results", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`DescribeConfigsResponse`]; versions 1-4, flexible from 4.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeConfigsResult {
    /// `error`
    pub error_code: ErrorCode,
    /// `string?`
    pub error_message: Option<String>,
    /// `int8`
    pub resource_type: i8,
    /// `string`
    pub resource_name: String,
    /// `[DescribeConfigsResourceResult]`
    pub configs: Vec<DescribeConfigsResourceResult>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribeConfigsResult {
    fn default() -> Self {
        Self {
            error_code: ErrorCode::NONE,
            error_message: Some(String::new()),
            resource_type: 0,
            resource_name: String::new(),
            configs: Vec::new(),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for DescribeConfigsResult {
    const LEN_MIN: usize = 7;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 4;
        out.error_code(self.error_code);
        out.nullable_string("error_message", self.error_message.as_deref(), flexible)?;
        out.int8(self.resource_type);
        out.string("resource_name", &self.resource_name, flexible)?;
        out.structures("configs", &self.configs, version, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 4;
        self.error_code = input.error_code("error_code")?;
        self.error_message = input.nullable_string("error_message", flexible)?;
        self.resource_type = input.int8("resource_type")?;
        self.resource_name = input.string("resource_name", flexible)?;
        self.configs = input.structures("configs", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`DescribeConfigsResponse`]; versions 1-4, flexible from 4.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeConfigsResourceResult {
    /// `string`
    pub name: String,
    /// `string?`
    pub value: Option<String>,
    /// `bool`
    pub read_only: bool,
    /// `int8 = -1 ignorable`
    pub config_source: i8,
    /// `bool`
    pub is_sensitive: bool,
    /// `[DescribeConfigsSynonym] ignorable`
    pub synonyms: Vec<DescribeConfigsSynonym>,
    /// `int8 @3+ ignorable`
    pub config_type: i8,
    /// `string? @3+ ignorable`
    pub documentation: Option<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribeConfigsResourceResult {
    fn default() -> Self {
        Self {
            name: String::new(),
            value: Some(String::new()),
            read_only: false,
            config_source: -1,
            is_sensitive: false,
            synonyms: Vec::new(),
            config_type: 0,
            documentation: Some(String::new()),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for DescribeConfigsResourceResult {
    const LEN_MIN: usize = 9;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 4;
        out.string("name", &self.name, flexible)?;
        out.nullable_string("value", self.value.as_deref(), flexible)?;
        out.bool(self.read_only);
        out.int8(self.config_source);
        out.bool(self.is_sensitive);
        out.structures("synonyms", &self.synonyms, version, flexible)?;
        if version >= 3 {
            out.int8(self.config_type);
            out.nullable_string("documentation", self.documentation.as_deref(), flexible)?;
        }
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 4;
        self.name = input.string("name", flexible)?;
        self.value = input.nullable_string("value", flexible)?;
        self.read_only = input.bool("read_only")?;
        self.config_source = input.int8("config_source")?;
        self.is_sensitive = input.bool("is_sensitive")?;
        self.synonyms = input.structures("synonyms", version, flexible)?;
        if version >= 3 {
            self.config_type = input.int8("config_type")?;
            self.documentation = input.nullable_string("documentation", flexible)?;
        }
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`DescribeConfigsResponse`]; versions 1-4, flexible from 4.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeConfigsSynonym {
    /// `string`
    pub name: String,
    /// `string?`
    pub value: Option<String>,
    /// `int8`
    pub source: i8,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribeConfigsSynonym {
    fn default() -> Self {
        Self {
            name: String::new(),
            value: Some(String::new()),
            source: 0,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for DescribeConfigsSynonym {
    const LEN_MIN: usize = 4;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 4;
        out.string("name", &self.name, flexible)?;
        out.nullable_string("value", self.value.as_deref(), flexible)?;
        out.int8(self.source);
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 4;
        self.name = input.string("name", flexible)?;
        self.value = input.nullable_string("value", flexible)?;
        self.source = input.int8("source")?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for DescribeConfigsResponse {
    const NAME: &'static str = "DescribeConfigsResponse";
    const VERSIONS: RangeInclusive<i16> = 1..=4;
}

impl crate::Response for DescribeConfigsResponse {
    const KEY: ApiKey = ApiKey::DescribeConfigs;
}
