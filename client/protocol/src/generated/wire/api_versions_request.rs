// Written by `cargo ci codegen` from schema/wire/api_versions_request.schema.

//! `ApiVersionsRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
};

/// Body of a request; versions 0-5, flexible from 3.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiVersionsRequest {
    /// `string @3+ ignorable`
    pub client_software_name: String,
    /// `string @3+ ignorable`
    pub client_software_version: String,
    /// `string? = null @5+ ignorable`
    pub cluster_id: Option<String>,
    /// `int32 = -1 @5+ ignorable`
    pub node_id: i32,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ApiVersionsRequest {
    fn default() -> Self {
        Self {
            client_software_name: String::new(),
            client_software_version: String::new(),
            cluster_id: None,
            node_id: -1,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for ApiVersionsRequest {
    const LEN_MIN: usize = 0;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 3;
        if version >= 3 {
            out.string("client_software_name", &self.client_software_name, flexible)?;
            out.string("client_software_version", &self.client_software_version, flexible)?;
        }
        if version >= 5 {
            out.nullable_string("cluster_id", self.cluster_id.as_deref(), flexible)?;
            out.int32(self.node_id);
        }
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 3;
        if version >= 3 {
            self.client_software_name = input.string("client_software_name", flexible)?;
            self.client_software_version = input.string("client_software_version", flexible)?;
        }
        if version >= 5 {
            self.cluster_id = input.nullable_string("cluster_id", flexible)?;
            self.node_id = input.int32("node_id")?;
        }
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for ApiVersionsRequest {
    const NAME: &'static str = "ApiVersionsRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=5;
}

impl crate::Request for ApiVersionsRequest {
    const KEY: ApiKey = ApiKey::ApiVersions;
    type Response = crate::ApiVersionsResponse;
}
