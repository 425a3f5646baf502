// Written by `cargo ci codegen` from schema/metadata-records/register_controller_record.schema.

//! `RegisterControllerRecord`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields, Uuid};

/// A metadata record, type 27; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RegisterControllerRecord {
    /// `int32`
    pub controller_id: i32,
    /// `uuid`
    pub incarnation_id: Uuid,
    /// `bool`
    pub zk_migration_ready: bool,
    /// `[ControllerEndpoint]`
    pub end_points: Vec<ControllerEndpoint>,
    /// `[ControllerFeature]`
    pub features: Vec<ControllerFeature>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for RegisterControllerRecord {
    const LEN_MIN: usize = 24;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.controller_id);
        out.uuid(self.incarnation_id);
        out.bool(self.zk_migration_ready);
        out.structures("end_points", &self.end_points, version, true)?;
        out.structures("features", &self.features, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.controller_id = input.int32("controller_id")?;
        self.incarnation_id = input.uuid("incarnation_id")?;
        self.zk_migration_ready = input.bool("zk_migration_ready")?;
        self.end_points = input.structures("end_points", version, true)?;
        self.features = input.structures("features", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`RegisterControllerRecord`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ControllerEndpoint {
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

impl Structure for ControllerEndpoint {
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

/// Part of [`RegisterControllerRecord`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ControllerFeature {
    /// `string`
    pub name: String,
    /// `int16`
    pub min_supported_version: i16,
    /// `int16`
    pub max_supported_version: i16,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ControllerFeature {
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

impl Message for RegisterControllerRecord {
    const NAME: &'static str = "RegisterControllerRecord";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
