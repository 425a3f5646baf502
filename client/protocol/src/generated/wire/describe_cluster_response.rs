// Written by `cargo ci codegen` from schema/wire/describe_cluster_response.schema.

//! `DescribeClusterResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Structure,
    TaggedFields,
};

/// Body of a response; versions 0-2, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeClusterResponse {
    /// `int32`
    pub throttle_time_ms: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `string? = null`
    pub error_message: Option<String>,
    /// `int8 = 1 @1+`
    pub endpoint_type: i8,
    /// `string`
    pub cluster_id: String,
    /// `int32 = -1`
    pub controller_id: i32,
    /// `[DescribeClusterBroker]`
    pub brokers: Vec<DescribeClusterBroker>,
    /// `int32 = -2147483648`
    pub cluster_authorized_operations: i32,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribeClusterResponse {
    fn default() -> Self {
        Self {
            throttle_time_ms: 0,
            error_code: ErrorCode::NONE,
            error_message: None,
            endpoint_type: 1,
            cluster_id: String::new(),
            controller_id: -1,
            brokers: Vec::new(),
            cluster_authorized_operations: i32::MIN,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for DescribeClusterResponse {
    const LEN_MIN: usize = 18;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.throttle_time_ms);
        out.error_code(self.error_code);
        out.nullable_string("error_message", self.error_message.as_deref(), true)?;
        if version >= 1 {
            out.int8(self.endpoint_type);
        } else if self.endpoint_type != 1 {
            return Err(EncodeError::new("endpoint_type", EncodeErrorKind::NotInVersion));
        }
        out.string("cluster_id", &self.cluster_id, true)?;
        out.int32(self.controller_id);
        out.structures("brokers", &self.brokers, version, true)?;
        out.int32(self.cluster_authorized_operations);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        self.error_code = input.error_code("error_code")?;
        self.error_message = input.nullable_string("error_message", true)?;
        if version >= 1 {
            self.endpoint_type = input.int8("endpoint_type")?;
        }
        self.cluster_id = input.string("cluster_id", true)?;
        self.controller_id = input.int32("controller_id")?;
        self.brokers = input.structures("brokers", version, true)?;
        self.cluster_authorized_operations = input.int32("cluster_authorized_operations")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`DescribeClusterResponse`]; versions 0-2, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribeClusterBroker {
    /// `int32`
    pub broker_id: i32,
    /// `string`
    pub host: String,
    /// `int32`
    pub port: i32,
    /// `string? = null`
    pub rack: Option<String>,
    /// `bool @2+`
    pub is_fenced: bool,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for DescribeClusterBroker {
    const LEN_MIN: usize = 11;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.broker_id);
        out.string("host", &self.host, true)?;
        out.int32(self.port);
        out.nullable_string("rack", self.rack.as_deref(), true)?;
        if version >= 2 {
            out.bool(self.is_fenced);
        } else if self.is_fenced {
            return Err(EncodeError::new("is_fenced", EncodeErrorKind::NotInVersion));
        }
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.broker_id = input.int32("broker_id")?;
        self.host = input.string("host", true)?;
        self.port = input.int32("port")?;
        self.rack = input.nullable_string("rack", true)?;
        if version >= 2 {
            self.is_fenced = input.bool("is_fenced")?;
        }
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for DescribeClusterResponse {
    const NAME: &'static str = "DescribeClusterResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=2;
}

impl crate::Response for DescribeClusterResponse {
    const KEY: ApiKey = ApiKey::DescribeCluster;
}
