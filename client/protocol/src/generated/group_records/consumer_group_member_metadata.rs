// Written by `cargo ci codegen` from schema/group-records/consumer_group_member_metadata.schema.

//! `ConsumerGroupMemberMetadataKey` and `ConsumerGroupMemberMetadataValue`.

use std::ops::RangeInclusive;

use bytes::Bytes;

use crate::{
    DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields, TaggedWriter,
    tagged_fields::differs_from_default,
};

/// Key of a record, type 5; version 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConsumerGroupMemberMetadataKey {
    /// `string`
    pub group_id: String,
    /// `string`
    pub member_id: String,
}

impl Structure for ConsumerGroupMemberMetadataKey {
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

impl Message for ConsumerGroupMemberMetadataKey {
    const NAME: &'static str = "ConsumerGroupMemberMetadataKey";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

/// Value of a record, type 5; version 0, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct ConsumerGroupMemberMetadataValue {
    /// `string?`
    pub instance_id: Option<String>,
    /// `string?`
    pub rack_id: Option<String>,
    /// `string`
    pub client_id: String,
    /// `string`
    pub client_host: String,
    /// `[string]`
    pub subscribed_topic_names: Vec<String>,
    /// `string?`
    pub subscribed_topic_regex: Option<String>,
    /// `int32 = -1`
    pub rebalance_timeout_ms: i32,
    /// `string?`
    pub server_assignor: Option<String>,
    /// `ClassicMemberMetadata? tag(0)`
    pub classic_member_metadata: Option<ClassicMemberMetadata>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ConsumerGroupMemberMetadataValue {
    fn default() -> Self {
        Self {
            instance_id: Some(String::new()),
            rack_id: Some(String::new()),
            client_id: String::new(),
            client_host: String::new(),
            subscribed_topic_names: Vec::new(),
            subscribed_topic_regex: Some(String::new()),
            rebalance_timeout_ms: -1,
            server_assignor: Some(String::new()),
            classic_member_metadata: Some(ClassicMemberMetadata::default()),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for ConsumerGroupMemberMetadataValue {
    const LEN_MIN: usize = 12;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.nullable_string("instance_id", self.instance_id.as_deref(), true)?;
        out.nullable_string("rack_id", self.rack_id.as_deref(), true)?;
        out.string("client_id", &self.client_id, true)?;
        out.string("client_host", &self.client_host, true)?;
        out.array("subscribed_topic_names", &self.subscribed_topic_names, true)?;
        out.nullable_string("subscribed_topic_regex", self.subscribed_topic_regex.as_deref(), true)?;
        out.int32(self.rebalance_timeout_ms);
        out.nullable_string("server_assignor", self.server_assignor.as_deref(), true)?;
        let mut tagged = TaggedWriter::default();
        if self.classic_member_metadata.as_ref().is_none_or(differs_from_default) {
            let out = tagged.field(0);
            out.nullable_tagged_structure(
                "classic_member_metadata",
                self.classic_member_metadata.as_ref(),
                version,
            )?;
        }
        tagged.finish(&self.unknown_tagged_fields, out)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.instance_id = input.nullable_string("instance_id", true)?;
        self.rack_id = input.nullable_string("rack_id", true)?;
        self.client_id = input.string("client_id", true)?;
        self.client_host = input.string("client_host", true)?;
        self.subscribed_topic_names = input.array("subscribed_topic_names", true)?;
        self.subscribed_topic_regex = input.nullable_string("subscribed_topic_regex", true)?;
        self.rebalance_timeout_ms = input.int32("rebalance_timeout_ms")?;
        self.server_assignor = input.nullable_string("server_assignor", true)?;
        for _ in 0..input.tag_count()? {
            let tag = input.open_tag()?;
            match tag.number {
                0 => {
                    self.classic_member_metadata =
                        input.nullable_tagged_structure("classic_member_metadata", version)?;
                }
                _ => input.unknown_tag(&tag, &mut self.unknown_tagged_fields)?,
            }
            input.close_tag(tag)?;
        }
        Ok(())
    }
}

/// Part of [`ConsumerGroupMemberMetadataValue`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClassicMemberMetadata {
    /// `int32`
    pub session_timeout_ms: i32,
    /// `[ClassicProtocol]`
    pub supported_protocols: Vec<ClassicProtocol>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ClassicMemberMetadata {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.session_timeout_ms);
        out.structures("supported_protocols", &self.supported_protocols, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.session_timeout_ms = input.int32("session_timeout_ms")?;
        self.supported_protocols = input.structures("supported_protocols", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`ConsumerGroupMemberMetadataValue`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClassicProtocol {
    /// `string`
    pub name: String,
    /// `bytes`
    pub metadata: Bytes,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ClassicProtocol {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("name", &self.name, true)?;
        out.bytes("metadata", &self.metadata, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.name = input.string("name", true)?;
        self.metadata = input.bytes("metadata", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for ConsumerGroupMemberMetadataValue {
    const NAME: &'static str = "ConsumerGroupMemberMetadataValue";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
