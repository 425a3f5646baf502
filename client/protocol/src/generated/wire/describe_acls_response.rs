// Written by `cargo ci codegen` from schema/wire/describe_acls_response.schema.

//! `DescribeAclsResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Structure,
    TaggedFields,
};

/// Body of a response; versions 1-3, flexible from 2.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeAclsResponse {
    /// `int32`
    pub throttle_time_ms: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `string?`
    pub error_message: Option<String>,
    /// `[DescribeAclsResource]`
    pub resources: Vec<DescribeAclsResource>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribeAclsResponse {
    fn default() -> Self {
        Self {
            throttle_time_ms: 0,
            error_code: ErrorCode::NONE,
            error_message: Some(String::new()),
            resources: Vec::new(),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for DescribeAclsResponse {
    const LEN_MIN: usize = 9;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 2;
        out.int32(self.throttle_time_ms);
        out.error_code(self.error_code);
        out.nullable_string("error_message", self.error_message.as_deref(), flexible)?;
        out.structures("resources", &self.resources, version, flexible)?;
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
        self.error_code = input.error_code("error_code")?;
        self.error_message = input.nullable_string("error_message", flexible)?;
        self.resources = input.structures("resources", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`DescribeAclsResponse`]; versions 1-3, flexible from 2.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeAclsResource {
    /// `int8`
    pub resource_type: i8,
    /// `string`
    pub resource_name: String,
    /// `int8 = 3`
    pub pattern_type: i8,
    /// `[AclDescription]`
    pub acls: Vec<AclDescription>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribeAclsResource {
    fn default() -> Self {
        Self {
            resource_type: 0,
            resource_name: String::new(),
            pattern_type: 3,
            acls: Vec::new(),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for DescribeAclsResource {
    const LEN_MIN: usize = 5;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 2;
        out.int8(self.resource_type);
        out.string("resource_name", &self.resource_name, flexible)?;
        out.int8(self.pattern_type);
        out.structures("acls", &self.acls, version, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 2;
        self.resource_type = input.int8("resource_type")?;
        self.resource_name = input.string("resource_name", flexible)?;
        self.pattern_type = input.int8("pattern_type")?;
        self.acls = input.structures("acls", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`DescribeAclsResponse`]; versions 1-3, flexible from 2.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AclDescription {
    /// `string`
    pub principal: String,
    /// `string`
    pub host: String,
    /// `int8`
    pub operation: i8,
    /// `int8`
    pub permission_type: i8,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for AclDescription {
    const LEN_MIN: usize = 5;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 2;
        out.string("principal", &self.principal, flexible)?;
        out.string("host", &self.host, flexible)?;
        out.int8(self.operation);
        out.int8(self.permission_type);
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 2;
        self.principal = input.string("principal", flexible)?;
        self.host = input.string("host", flexible)?;
        self.operation = input.int8("operation")?;
        self.permission_type = input.int8("permission_type")?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for DescribeAclsResponse {
    const NAME: &'static str = "DescribeAclsResponse";
    const VERSIONS: RangeInclusive<i16> = 1..=3;
}

impl crate::Response for DescribeAclsResponse {
    const KEY: ApiKey = ApiKey::DescribeAcls;
}
