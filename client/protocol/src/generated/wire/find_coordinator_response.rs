// Written by `cargo ci codegen` from schema/wire/find_coordinator_response.schema.

//! `FindCoordinatorResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Structure,
    TaggedFields,
};

/// Body of a response; versions 0-6, flexible from 3.
#[derive(Clone, Debug, PartialEq)]
pub struct FindCoordinatorResponse {
    /// `int32 @1+ ignorable`
    pub throttle_time_ms: i32,
    /// `error @0-3`
    pub error_code: ErrorCode,
    /// `string? @1-3 ignorable`
    pub error_message: Option<String>,
    /// `int32 @0-3`
    pub node_id: i32,
    /// `string @0-3`
    pub host: String,
    /// `int32 @0-3`
    pub port: i32,
    /// `[Coordinator] @4+`
    pub coordinators: Vec<Coordinator>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for FindCoordinatorResponse {
    fn default() -> Self {
        Self {
            throttle_time_ms: 0,
            error_code: ErrorCode::NONE,
            error_message: Some(String::new()),
            node_id: 0,
            host: String::new(),
            port: 0,
            coordinators: Vec::new(),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for FindCoordinatorResponse {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 3;
        if version >= 1 {
            out.int32(self.throttle_time_ms);
        }
        if version <= 3 {
            out.error_code(self.error_code);
        } else if self.error_code.is_error() {
            return Err(EncodeError::new("error_code", EncodeErrorKind::NotInVersion));
        }
        if (1..=3).contains(&version) {
            out.nullable_string("error_message", self.error_message.as_deref(), flexible)?;
        }
        if version <= 3 {
            out.int32(self.node_id);
        } else if self.node_id != 0 {
            return Err(EncodeError::new("node_id", EncodeErrorKind::NotInVersion));
        }
        if version <= 3 {
            out.string("host", &self.host, flexible)?;
        } else if !self.host.is_empty() {
            return Err(EncodeError::new("host", EncodeErrorKind::NotInVersion));
        }
        if version <= 3 {
            out.int32(self.port);
        } else if self.port != 0 {
            return Err(EncodeError::new("port", EncodeErrorKind::NotInVersion));
        }
        if version >= 4 {
            out.structures("coordinators", &self.coordinators, version, flexible)?;
        } else if !self.coordinators.is_empty() {
            return Err(EncodeError::new("coordinators", EncodeErrorKind::NotInVersion));
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
        if version >= 1 {
            self.throttle_time_ms = input.int32("throttle_time_ms")?;
        }
        if version <= 3 {
            self.error_code = input.error_code("error_code")?;
        }
        if (1..=3).contains(&version) {
            self.error_message = input.nullable_string("error_message", flexible)?;
        }
        if version <= 3 {
            self.node_id = input.int32("node_id")?;
            self.host = input.string("host", flexible)?;
            self.port = input.int32("port")?;
        }
        if version >= 4 {
            self.coordinators = input.structures("coordinators", version, flexible)?;
        }
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`FindCoordinatorResponse`]; versions 4-6, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct Coordinator {
    /// `string`
    pub key: String,
    /// `int32`
    pub node_id: i32,
    /// `string`
    pub host: String,
    /// `int32`
    pub port: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `string? ignorable`
    pub error_message: Option<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for Coordinator {
    fn default() -> Self {
        Self {
            key: String::new(),
            node_id: 0,
            host: String::new(),
            port: 0,
            error_code: ErrorCode::NONE,
            error_message: Some(String::new()),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for Coordinator {
    const LEN_MIN: usize = 14;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("key", &self.key, true)?;
        out.int32(self.node_id);
        out.string("host", &self.host, true)?;
        out.int32(self.port);
        out.error_code(self.error_code);
        out.nullable_string("error_message", self.error_message.as_deref(), true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.key = input.string("key", true)?;
        self.node_id = input.int32("node_id")?;
        self.host = input.string("host", true)?;
        self.port = input.int32("port")?;
        self.error_code = input.error_code("error_code")?;
        self.error_message = input.nullable_string("error_message", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for FindCoordinatorResponse {
    const NAME: &'static str = "FindCoordinatorResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=6;
}

impl crate::Response for FindCoordinatorResponse {
    const KEY: ApiKey = ApiKey::FindCoordinator;
}
