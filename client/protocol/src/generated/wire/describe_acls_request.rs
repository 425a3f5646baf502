// Written by `cargo ci codegen` from schema/wire/describe_acls_request.schema.

//! `DescribeAclsRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
};

/// Body of a request; versions 1-3, flexible from 2.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeAclsRequest {
    /// `int8`
    pub resource_type_filter: i8,
    /// `string?`
    pub resource_name_filter: Option<String>,
    /// `int8 = 3`
    pub pattern_type_filter: i8,
    /// `string?`
    pub principal_filter: Option<String>,
    /// `string?`
    pub host_filter: Option<String>,
    /// `int8`
    pub operation: i8,
    /// `int8`
    pub permission_type: i8,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribeAclsRequest {
    fn default() -> Self {
        Self {
            resource_type_filter: 0,
            resource_name_filter: Some(String::new()),
            pattern_type_filter: 3,
            principal_filter: Some(String::new()),
            host_filter: Some(String::new()),
            operation: 0,
            permission_type: 0,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for DescribeAclsRequest {
    const LEN_MIN: usize = 8;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 2;
        out.int8(self.resource_type_filter);
        out.nullable_string("resource_name_filter", self.resource_name_filter.as_deref(), flexible)?;
        out.int8(self.pattern_type_filter);
        out.nullable_string("principal_filter", self.principal_filter.as_deref(), flexible)?;
        out.nullable_string("host_filter", self.host_filter.as_deref(), flexible)?;
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
        self.resource_type_filter = input.int8("resource_type_filter")?;
        self.resource_name_filter = input.nullable_string("resource_name_filter", flexible)?;
        self.pattern_type_filter = input.int8("pattern_type_filter")?;
        self.principal_filter = input.nullable_string("principal_filter", flexible)?;
        self.host_filter = input.nullable_string("host_filter", flexible)?;
        self.operation = input.int8("operation")?;
        self.permission_type = input.int8("permission_type")?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for DescribeAclsRequest {
    const NAME: &'static str = "DescribeAclsRequest";
    const VERSIONS: RangeInclusive<i16> = 1..=3;
}

impl crate::Request for DescribeAclsRequest {
    const KEY: ApiKey = ApiKey::DescribeAcls;
    type Response = crate::DescribeAclsResponse;
}
