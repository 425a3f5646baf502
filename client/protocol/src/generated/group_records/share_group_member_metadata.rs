// Written by `cargo ci codegen` from schema/group-records/share_group_member_metadata.schema.

//! `ShareGroupMemberMetadataKey` and `ShareGroupMemberMetadataValue`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields};

/// Key of a record, type 10; version 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShareGroupMemberMetadataKey {
    /// `string`
    pub group_id: String,
    /// `string`
    pub member_id: String,
}

impl Structure for ShareGroupMemberMetadataKey {
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

impl Message for ShareGroupMemberMetadataKey {
    const NAME: &'static str = "ShareGroupMemberMetadataKey";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

/// Value of a record, type 10; version 0, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct ShareGroupMemberMetadataValue {
    /// `string?`
    pub rack_id: Option<String>,
    /// `string`
    pub client_id: String,
    /// `string`
    pub client_host: String,
    /// `[string]`
    pub subscribed_topic_names: Vec<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ShareGroupMemberMetadataValue {
    fn default() -> Self {
        Self {
            rack_id: Some(String::new()),
            client_id: String::new(),
            client_host: String::new(),
            subscribed_topic_names: Vec::new(),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for ShareGroupMemberMetadataValue {
    const LEN_MIN: usize = 5;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.nullable_string("rack_id", self.rack_id.as_deref(), true)?;
        out.string("client_id", &self.client_id, true)?;
        out.string("client_host", &self.client_host, true)?;
        out.array("subscribed_topic_names", &self.subscribed_topic_names, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.rack_id = input.nullable_string("rack_id", true)?;
        self.client_id = input.string("client_id", true)?;
        self.client_host = input.string("client_host", true)?;
        self.subscribed_topic_names = input.array("subscribed_topic_names", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for ShareGroupMemberMetadataValue {
    const NAME: &'static str = "ShareGroupMemberMetadataValue";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
