// Written by `cargo ci codegen` from schema/wire/share_group_heartbeat_request.schema.

//! `ShareGroupHeartbeatRequest`.

use std::ops::RangeInclusive;

use crate::{ApiKey, DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields};

/// Body of a request; version 1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShareGroupHeartbeatRequest {
    /// `string`
    pub group_id: String,
    /// `string`
    pub member_id: String,
    /// `int32`
    pub member_epoch: i32,
    /// `string? = null`
    pub rack_id: Option<String>,
    /// `[string]? = null`
    pub subscribed_topic_names: Option<Vec<String>>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ShareGroupHeartbeatRequest {
    const LEN_MIN: usize = 9;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("group_id", &self.group_id, true)?;
        out.string("member_id", &self.member_id, true)?;
        out.int32(self.member_epoch);
        out.nullable_string("rack_id", self.rack_id.as_deref(), true)?;
        out.nullable_array("subscribed_topic_names", self.subscribed_topic_names.as_deref(), true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.group_id = input.string("group_id", true)?;
        self.member_id = input.string("member_id", true)?;
        self.member_epoch = input.int32("member_epoch")?;
        self.rack_id = input.nullable_string("rack_id", true)?;
        self.subscribed_topic_names = input.nullable_array("subscribed_topic_names", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for ShareGroupHeartbeatRequest {
    const NAME: &'static str = "ShareGroupHeartbeatRequest";
    const VERSIONS: RangeInclusive<i16> = 1..=1;
}

impl crate::Request for ShareGroupHeartbeatRequest {
    const KEY: ApiKey = ApiKey::ShareGroupHeartbeat;
    type Response = crate::ShareGroupHeartbeatResponse;
}
