// Written by `cargo ci codegen` from schema/wire/broker_registration_request.schema.

//! `BrokerRegistrationRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
    Uuid,
};

/// Body of a request; versions 0-4, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct BrokerRegistrationRequest {
    /// `int32`
    pub broker_id: i32,
    /// `string`
    pub cluster_id: String,
    /// `uuid`
    pub incarnation_id: Uuid,
    /// `[Listener]`
    pub listeners: Vec<Listener>,
    /// `[Feature]`
    pub features: Vec<Feature>,
    /// `string?`
    pub rack: Option<String>,
    /// `bool @1+`
    pub is_migrating_zk_broker: bool,
    /// `[uuid] @2+ ignorable`
    pub log_dirs: Vec<Uuid>,
    /// `int64 = -1 @3+ ignorable`
    pub previous_broker_epoch: i64,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for BrokerRegistrationRequest {
    fn default() -> Self {
        Self {
            broker_id: 0,
            cluster_id: String::new(),
            incarnation_id: Uuid::ZERO,
            listeners: Vec::new(),
            features: Vec::new(),
            rack: Some(String::new()),
            is_migrating_zk_broker: false,
            log_dirs: Vec::new(),
            previous_broker_epoch: -1,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for BrokerRegistrationRequest {
    const LEN_MIN: usize = 25;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.broker_id);
        out.string("cluster_id", &self.cluster_id, true)?;
        out.uuid(self.incarnation_id);
        out.structures("listeners", &self.listeners, version, true)?;
        out.structures("features", &self.features, version, true)?;
        out.nullable_string("rack", self.rack.as_deref(), true)?;
        if version >= 1 {
            out.bool(self.is_migrating_zk_broker);
        } else if self.is_migrating_zk_broker {
            return Err(EncodeError::new("is_migrating_zk_broker", EncodeErrorKind::NotInVersion));
        }
        if version >= 2 {
            out.array("log_dirs", &self.log_dirs, true)?;
        }
        if version >= 3 {
            out.int64(self.previous_broker_epoch);
        }
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.broker_id = input.int32("broker_id")?;
        self.cluster_id = input.string("cluster_id", true)?;
        self.incarnation_id = input.uuid("incarnation_id")?;
        self.listeners = input.structures("listeners", version, true)?;
        self.features = input.structures("features", version, true)?;
        self.rack = input.nullable_string("rack", true)?;
        if version >= 1 {
            self.is_migrating_zk_broker = input.bool("is_migrating_zk_broker")?;
        }
        if version >= 2 {
            self.log_dirs = input.array("log_dirs", true)?;
        }
        if version >= 3 {
            self.previous_broker_epoch = input.int64("previous_broker_epoch")?;
        }
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`BrokerRegistrationRequest`]; versions 0-4, flexible.
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

/// Part of [`BrokerRegistrationRequest`]; versions 0-4, flexible.
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

impl Message for BrokerRegistrationRequest {
    const NAME: &'static str = "BrokerRegistrationRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=4;
}

impl crate::Request for BrokerRegistrationRequest {
    const KEY: ApiKey = ApiKey::BrokerRegistration;
    type Response = crate::BrokerRegistrationResponse;
}
