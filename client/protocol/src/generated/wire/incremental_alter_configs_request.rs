// Written by `cargo ci codegen` from schema/wire/incremental_alter_configs_request.schema.

//! `IncrementalAlterConfigsRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
};

/// Body of a request; versions 0-1, flexible from 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IncrementalAlterConfigsRequest {
    /// `[AlterConfigsResource]`
    pub resources: Vec<AlterConfigsResource>,
    /// `bool`
    pub validate_only: bool,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for IncrementalAlterConfigsRequest {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 1;
        out.structures("resources", &self.resources, version, flexible)?;
        out.bool(self.validate_only);
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 1;
        self.resources = input.structures("resources", version, flexible)?;
        self.validate_only = input.bool("validate_only")?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`IncrementalAlterConfigsRequest`]; versions 0-1, flexible from 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlterConfigsResource {
    /// `int8`
    pub resource_type: i8,
    /// `string`
    pub resource_name: String,
    /// `[AlterableConfig]`
    pub configs: Vec<AlterableConfig>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for AlterConfigsResource {
    const LEN_MIN: usize = 4;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 1;
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
        let flexible = version >= 1;
        self.resource_type = input.int8("resource_type")?;
        self.resource_name = input.string("resource_name", flexible)?;
        self.configs = input.structures("configs", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`IncrementalAlterConfigsRequest`]; versions 0-1, flexible from 1.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterableConfig {
    /// `string`
    pub name: String,
    /// `int8`
    pub config_operation: i8,
    /// `string?`
    pub value: Option<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for AlterableConfig {
    fn default() -> Self {
        Self {
            name: String::new(),
            config_operation: 0,
            value: Some(String::new()),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for AlterableConfig {
    const LEN_MIN: usize = 4;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 1;
        out.string("name", &self.name, flexible)?;
        out.int8(self.config_operation);
        out.nullable_string("value", self.value.as_deref(), flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 1;
        self.name = input.string("name", flexible)?;
        self.config_operation = input.int8("config_operation")?;
        self.value = input.nullable_string("value", flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for IncrementalAlterConfigsRequest {
    const NAME: &'static str = "IncrementalAlterConfigsRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=1;
}

impl crate::Request for IncrementalAlterConfigsRequest {
    const KEY: ApiKey = ApiKey::IncrementalAlterConfigs;
    type Response = crate::IncrementalAlterConfigsResponse;
}
