// Written by `cargo ci codegen` from schema/wire/describe_configs_request.schema.

//! `DescribeConfigsRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
};

/// Body of a request; versions 1-4, flexible from 4.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribeConfigsRequest {
    /// `[DescribeConfigsResource]`
    pub resources: Vec<DescribeConfigsResource>,
    /// `bool`
    pub include_synonyms: bool,
    /// `bool @3+`
    pub include_documentation: bool,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for DescribeConfigsRequest {
    const LEN_MIN: usize = 4;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 4;
        out.structures("resources", &self.resources, version, flexible)?;
        out.bool(self.include_synonyms);
        if version >= 3 {
            out.bool(self.include_documentation);
        } else if self.include_documentation {
            return Err(EncodeError::new("include_documentation", EncodeErrorKind::NotInVersion));
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
        self.resources = input.structures("resources", version, flexible)?;
        self.include_synonyms = input.bool("include_synonyms")?;
        if version >= 3 {
            self.include_documentation = input.bool("include_documentation")?;
        }
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`DescribeConfigsRequest`]; versions 1-4, flexible from 4.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeConfigsResource {
    /// `int8`
    pub resource_type: i8,
    /// `string`
    pub resource_name: String,
    /// `[string]?`
    pub configuration_keys: Option<Vec<String>>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribeConfigsResource {
    fn default() -> Self {
        Self {
            resource_type: 0,
            resource_name: String::new(),
            configuration_keys: Some(Vec::new()),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for DescribeConfigsResource {
    const LEN_MIN: usize = 4;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 4;
        out.int8(self.resource_type);
        out.string("resource_name", &self.resource_name, flexible)?;
        out.nullable_array("configuration_keys", self.configuration_keys.as_deref(), flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 4;
        self.resource_type = input.int8("resource_type")?;
        self.resource_name = input.string("resource_name", flexible)?;
        self.configuration_keys = input.nullable_array("configuration_keys", flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for DescribeConfigsRequest {
    const NAME: &'static str = "DescribeConfigsRequest";
    const VERSIONS: RangeInclusive<i16> = 1..=4;
}

impl crate::Request for DescribeConfigsRequest {
    const KEY: ApiKey = ApiKey::DescribeConfigs;
    type Response = crate::DescribeConfigsResponse;
}
