// Written by `cargo ci codegen` from schema/wire/describe_cluster_request.schema.

//! `DescribeClusterRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
};

/// Body of a request; versions 0-2, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeClusterRequest {
    /// `bool`
    pub include_cluster_authorized_operations: bool,
    /// `int8 = 1 @1+`
    pub endpoint_type: i8,
    /// `bool @2+`
    pub include_fenced_brokers: bool,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribeClusterRequest {
    fn default() -> Self {
        Self {
            include_cluster_authorized_operations: false,
            endpoint_type: 1,
            include_fenced_brokers: false,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for DescribeClusterRequest {
    const LEN_MIN: usize = 2;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.bool(self.include_cluster_authorized_operations);
        if version >= 1 {
            out.int8(self.endpoint_type);
        } else if self.endpoint_type != 1 {
            return Err(EncodeError::new("endpoint_type", EncodeErrorKind::NotInVersion));
        }
        if version >= 2 {
            out.bool(self.include_fenced_brokers);
        } else if self.include_fenced_brokers {
            return Err(EncodeError::new("include_fenced_brokers", EncodeErrorKind::NotInVersion));
        }
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.include_cluster_authorized_operations = input.bool("include_cluster_authorized_operations")?;
        if version >= 1 {
            self.endpoint_type = input.int8("endpoint_type")?;
        }
        if version >= 2 {
            self.include_fenced_brokers = input.bool("include_fenced_brokers")?;
        }
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for DescribeClusterRequest {
    const NAME: &'static str = "DescribeClusterRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=2;
}

impl crate::Request for DescribeClusterRequest {
    const KEY: ApiKey = ApiKey::DescribeCluster;
    type Response = crate::DescribeClusterResponse;
}
