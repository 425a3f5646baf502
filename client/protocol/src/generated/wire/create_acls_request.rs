// Written by `cargo ci codegen` from schema/wire/create_acls_request.schema.

//! `CreateAclsRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
};

/// Body of a request; versions 1-3, flexible from 2.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CreateAclsRequest {
    /// `[AclCreation]`
    pub creations: Vec<AclCreation>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for CreateAclsRequest {
    const LEN_MIN: usize = 2;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 2;
        out.structures("creations", &self.creations, version, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 2;
        self.creations = input.structures("creations", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`CreateAclsRequest`]; versions 1-3, flexible from 2.
#[derive(Clone, Debug, PartialEq)]
pub struct AclCreation {
    /// `int8`
    pub resource_type: i8,
    /// `string`
    pub resource_name: String,
    /// `int8 = 3`
    pub resource_pattern_type: i8,
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

impl Default for AclCreation {
    fn default() -> Self {
        Self {
            resource_type: 0,
            resource_name: String::new(),
            resource_pattern_type: 3,
            principal: String::new(),
            host: String::new(),
            operation: 0,
            permission_type: 0,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for AclCreation {
    const LEN_MIN: usize = 8;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 2;
        out.int8(self.resource_type);
        out.string("resource_name", &self.resource_name, flexible)?;
        out.int8(self.resource_pattern_type);
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
        self.resource_type = input.int8("resource_type")?;
        self.resource_name = input.string("resource_name", flexible)?;
        self.resource_pattern_type = input.int8("resource_pattern_type")?;
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

impl Message for CreateAclsRequest {
    const NAME: &'static str = "CreateAclsRequest";
    const VERSIONS: RangeInclusive<i16> = 1..=3;
}

impl crate::Request for CreateAclsRequest {
    const KEY: ApiKey = ApiKey::CreateAcls;
    type Response = crate::CreateAclsResponse;
}
