// Written by `cargo ci codegen` from schema/wire/controller_registration_request.schema.

//! `ControllerRegistrationRequest`.

use std::ops::RangeInclusive;

use crate::{ApiKey, DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields, Uuid};

/// Body of a request; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ControllerRegistrationRequest {
    /// `int32`
    pub controller_id: i32,
    /// `uuid`
    pub incarnation_id: Uuid,
    /// `bool`
    pub zk_migration_ready: bool,
    /// `[Listener]`
    pub listeners: Vec<Listener>,
    /// `[Feature]`
    pub features: Vec<Feature>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ControllerRegistrationRequest {
    const LEN_MIN: usize = 24;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.controller_id);
        out.uuid(self.incarnation_id);
        out.bool(self.zk_migration_ready);
        out.structures("listeners", &self.listeners, version, true)?;
        out.structures("features", &self.features, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.controller_id = input.int32("controller_id")?;
        self.incarnation_id = input.uuid("incarnation_id")?;
        self.zk_migration_ready = input.bool("zk_migration_ready")?;
        self.listeners = input.structures("listeners", version, true)?;
        self.features = input.structures("features", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`ControllerRegistrationRequest`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listener {
    /// `string`
    pub name: String,
    /// `string`
    pub host: String,
    /// `uint16`
    pub port: u16,
    /// `int16`
    pub security_protocol: i16,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for Listener {
    const LEN_MIN: usize = 7;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("name", &self.name, true)?;
        out.string("host", &self.host, true)?;
        out.uint16(self.port);
        out.int16(self.security_protocol);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.name = input.string("name", true)?;
        self.host = input.string("host", true)?;
        self.port = input.uint16("port")?;
        self.security_protocol = input.int16("security_protocol")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`ControllerRegistrationRequest`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Feature {
    /// `string`
    pub name: String,
    /// `int16`
    pub min_supported_version: i16,
    /// `int16`
    pub max_supported_version: i16,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for Feature {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("name", &self.name, true)?;
        out.int16(self.min_supported_version);
        out.int16(self.max_supported_version);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.name = input.string("name", true)?;
        self.min_supported_version = input.int16("min_supported_version")?;
        self.max_supported_version = input.int16("max_supported_version")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for ControllerRegistrationRequest {
    const NAME: &'static str = "ControllerRegistrationRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

impl crate::Request for ControllerRegistrationRequest {
    const KEY: ApiKey = ApiKey::ControllerRegistration;
    type Response = crate::ControllerRegistrationResponse;
}
