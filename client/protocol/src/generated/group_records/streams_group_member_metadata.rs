// Written by `cargo ci codegen` from schema/group-records/streams_group_member_metadata.schema.

//! `StreamsGroupMemberMetadataKey` and `StreamsGroupMemberMetadataValue`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields};

/// Key of a record, type 19; version 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreamsGroupMemberMetadataKey {
    /// `string`
    pub group_id: String,
    /// `string`
    pub member_id: String,
}

impl Structure for StreamsGroupMemberMetadataKey {
    const LEN_MIN: usize = 4;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("group_id", &self.group_id, false)?;
        out.string("member_id", &self.member_id, false)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.group_id = input.string("group_id", false)?;
        self.member_id = input.string("member_id", false)?;
        Ok(())
    }
}

impl Message for StreamsGroupMemberMetadataKey {
    const NAME: &'static str = "StreamsGroupMemberMetadataKey";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

/// Value of a record, type 19; version 0, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamsGroupMemberMetadataValue {
    /// `string?`
    pub instance_id: Option<String>,
    /// `string?`
    pub rack_id: Option<String>,
    /// `string`
    pub client_id: String,
    /// `string`
    pub client_host: String,
    /// `int32 = -1`
    pub rebalance_timeout_ms: i32,
    /// `int32`
    pub topology_epoch: i32,
    /// `string`
    pub process_id: String,
    /// `Endpoint? = null`
    pub user_endpoint: Option<Endpoint>,
    /// `[KeyValue]`
    pub client_tags: Vec<KeyValue>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for StreamsGroupMemberMetadataValue {
    fn default() -> Self {
        Self {
            instance_id: Some(String::new()),
            rack_id: Some(String::new()),
            client_id: String::new(),
            client_host: String::new(),
            rebalance_timeout_ms: -1,
            topology_epoch: 0,
            process_id: String::new(),
            user_endpoint: None,
            client_tags: Vec::new(),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for StreamsGroupMemberMetadataValue {
    const LEN_MIN: usize = 16;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.nullable_string("instance_id", self.instance_id.as_deref(), true)?;
        out.nullable_string("rack_id", self.rack_id.as_deref(), true)?;
        out.string("client_id", &self.client_id, true)?;
        out.string("client_host", &self.client_host, true)?;
        out.int32(self.rebalance_timeout_ms);
        out.int32(self.topology_epoch);
        out.string("process_id", &self.process_id, true)?;
        out.nullable_structure("user_endpoint", self.user_endpoint.as_ref(), version)?;
        out.structures("client_tags", &self.client_tags, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.instance_id = input.nullable_string("instance_id", true)?;
        self.rack_id = input.nullable_string("rack_id", true)?;
        self.client_id = input.string("client_id", true)?;
        self.client_host = input.string("client_host", true)?;
        self.rebalance_timeout_ms = input.int32("rebalance_timeout_ms")?;
        self.topology_epoch = input.int32("topology_epoch")?;
        self.process_id = input.string("process_id", true)?;
        self.user_endpoint = input.nullable_structure("user_endpoint", version)?;
        self.client_tags = input.structures("client_tags", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`StreamsGroupMemberMetadataValue`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Endpoint {
    /// `string`
    pub host: String,
    /// `uint16`
    pub port: u16,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for Endpoint {
    const LEN_MIN: usize = 4;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("host", &self.host, true)?;
        out.uint16(self.port);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.host = input.string("host", true)?;
        self.port = input.uint16("port")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`StreamsGroupMemberMetadataValue`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KeyValue {
    /// `string`
    pub key: String,
    /// `string`
    pub value: String,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for KeyValue {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("key", &self.key, true)?;
        out.string("value", &self.value, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.key = input.string("key", true)?;
        self.value = input.string("value", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for StreamsGroupMemberMetadataValue {
    const NAME: &'static str = "StreamsGroupMemberMetadataValue";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
