// Written by `cargo ci codegen` from schema/metadata-records/register_broker_record.schema.

//! `RegisterBrokerRecord`.

use std::ops::RangeInclusive;

use crate::{
    DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
    TaggedWriter, Uuid,
};

/// A metadata record, type 0; versions 0-4, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct RegisterBrokerRecord {
    /// `int32`
    pub broker_id: i32,
    /// `bool @2+`
    pub is_migrating_zk_broker: bool,
    /// `uuid`
    pub incarnation_id: Uuid,
    /// `int64`
    pub broker_epoch: i64,
    /// `[BrokerEndpoint]`
    pub end_points: Vec<BrokerEndpoint>,
    /// `[BrokerFeature]`
    pub features: Vec<BrokerFeature>,
    /// `string?`
    pub rack: Option<String>,
    /// `bool = true`
    pub fenced: bool,
    /// `bool @1+`
    pub in_controlled_shutdown: bool,
    /// `[uuid] @3+ tag(0)`
    pub log_dirs: Vec<Uuid>,
    /// `[uuid]? = null @4+ tag(1)`
    pub cordoned_log_dirs: Option<Vec<Uuid>>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for RegisterBrokerRecord {
    fn default() -> Self {
        Self {
            broker_id: 0,
            is_migrating_zk_broker: false,
            incarnation_id: Uuid::ZERO,
            broker_epoch: 0,
            end_points: Vec::new(),
            features: Vec::new(),
            rack: Some(String::new()),
            fenced: true,
            in_controlled_shutdown: false,
            log_dirs: Vec::new(),
            cordoned_log_dirs: None,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for RegisterBrokerRecord {
    const LEN_MIN: usize = 33;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.broker_id);
        if version >= 2 {
            out.bool(self.is_migrating_zk_broker);
        } else if self.is_migrating_zk_broker {
            return Err(EncodeError::new("is_migrating_zk_broker", EncodeErrorKind::NotInVersion));
        }
        out.uuid(self.incarnation_id);
        out.int64(self.broker_epoch);
        out.structures("end_points", &self.end_points, version, true)?;
        out.structures("features", &self.features, version, true)?;
        out.nullable_string("rack", self.rack.as_deref(), true)?;
        out.bool(self.fenced);
        if version >= 1 {
            out.bool(self.in_controlled_shutdown);
        } else if self.in_controlled_shutdown {
            return Err(EncodeError::new("in_controlled_shutdown", EncodeErrorKind::NotInVersion));
        }
        if version < 3 && !self.log_dirs.is_empty() {
            return Err(EncodeError::new("log_dirs", EncodeErrorKind::NotInVersion));
        }
        if version < 4 && self.cordoned_log_dirs.is_some() {
            return Err(EncodeError::new("cordoned_log_dirs", EncodeErrorKind::NotInVersion));
        }
        let mut tagged = TaggedWriter::default();
        if version >= 3 && !self.log_dirs.is_empty() {
            let out = tagged.field(0);
            out.array("log_dirs", &self.log_dirs, true)?;
        }
        if version >= 4 && self.cordoned_log_dirs.is_some() {
            let out = tagged.field(1);
            out.nullable_array("cordoned_log_dirs", self.cordoned_log_dirs.as_deref(), true)?;
        }
        tagged.finish(&self.unknown_tagged_fields, out)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.broker_id = input.int32("broker_id")?;
        if version >= 2 {
            self.is_migrating_zk_broker = input.bool("is_migrating_zk_broker")?;
        }
        self.incarnation_id = input.uuid("incarnation_id")?;
        self.broker_epoch = input.int64("broker_epoch")?;
        self.end_points = input.structures("end_points", version, true)?;
        self.features = input.structures("features", version, true)?;
        self.rack = input.nullable_string("rack", true)?;
        self.fenced = input.bool("fenced")?;
        if version >= 1 {
            self.in_controlled_shutdown = input.bool("in_controlled_shutdown")?;
        }
        for _ in 0..input.tag_count()? {
            let tag = input.open_tag()?;
            match tag.number {
                0 if version >= 3 => {
                    self.log_dirs = input.array("log_dirs", true)?;
                }
                1 if version >= 4 => {
                    self.cordoned_log_dirs = input.nullable_array("cordoned_log_dirs", true)?;
                }
                0..=1 => return Err(input.tag_not_in_version(&tag)),
                _ => input.unknown_tag(&tag, &mut self.unknown_tagged_fields)?,
            }
            input.close_tag(tag)?;
        }
        Ok(())
    }
}

/// Part of [`RegisterBrokerRecord`]; versions 0-4, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BrokerEndpoint {
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

impl Structure for BrokerEndpoint {
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

/// Part of [`RegisterBrokerRecord`]; versions 0-4, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BrokerFeature {
    /// `string`
    pub name: String,
    /// `int16`
    pub min_supported_version: i16,
    /// `int16`
    pub max_supported_version: i16,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for BrokerFeature {
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

impl Message for RegisterBrokerRecord {
    const NAME: &'static str = "RegisterBrokerRecord";
    const VERSIONS: RangeInclusive<i16> = 0..=4;
}
