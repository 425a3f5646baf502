// Written by `cargo ci codegen` from schema/wire/consumer_group_heartbeat_request.schema.

//! `ConsumerGroupHeartbeatRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
    Uuid,
};

/// Body of a request; versions 0-1, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct ConsumerGroupHeartbeatRequest {
    /// `string`
    pub group_id: String,
    /// `string`
    pub member_id: String,
    /// `int32`
    pub member_epoch: i32,
    /// `string? = null`
    pub instance_id: Option<String>,
    /// `string? = null`
    pub rack_id: Option<String>,
    /// `int32 = -1`
    pub rebalance_timeout_ms: i32,
    /// `[string]? = null`
    pub subscribed_topic_names: Option<Vec<String>>,
    /// `string? = null @1+`
    pub subscribed_topic_regex: Option<String>,
    /// `string? = null`
    pub server_assignor: Option<String>,
    /// `[TopicPartitions]? = null`
    pub topic_partitions: Option<Vec<TopicPartitions>>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ConsumerGroupHeartbeatRequest {
    fn default() -> Self {
        Self {
            group_id: String::new(),
            member_id: String::new(),
            member_epoch: 0,
            instance_id: None,
            rack_id: None,
            rebalance_timeout_ms: -1,
            subscribed_topic_names: None,
            subscribed_topic_regex: None,
            server_assignor: None,
            topic_partitions: None,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for ConsumerGroupHeartbeatRequest {
    const LEN_MIN: usize = 16;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.string("group_id", &self.group_id, true)?;
        out.string("member_id", &self.member_id, true)?;
        out.int32(self.member_epoch);
        out.nullable_string("instance_id", self.instance_id.as_deref(), true)?;
        out.nullable_string("rack_id", self.rack_id.as_deref(), true)?;
        out.int32(self.rebalance_timeout_ms);
        out.nullable_array("subscribed_topic_names", self.subscribed_topic_names.as_deref(), true)?;
        if version >= 1 {
            out.nullable_string("subscribed_topic_regex", self.subscribed_topic_regex.as_deref(), true)?;
        } else if self.subscribed_topic_regex.is_some() {
            return Err(EncodeError::new("subscribed_topic_regex", EncodeErrorKind::NotInVersion));
        }
        out.nullable_string("server_assignor", self.server_assignor.as_deref(), true)?;
        out.nullable_structures("topic_partitions", self.topic_partitions.as_deref(), version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.group_id = input.string("group_id", true)?;
        self.member_id = input.string("member_id", true)?;
        self.member_epoch = input.int32("member_epoch")?;
        self.instance_id = input.nullable_string("instance_id", true)?;
        self.rack_id = input.nullable_string("rack_id", true)?;
        self.rebalance_timeout_ms = input.int32("rebalance_timeout_ms")?;
        self.subscribed_topic_names = input.nullable_array("subscribed_topic_names", true)?;
        if version >= 1 {
            self.subscribed_topic_regex = input.nullable_string("subscribed_topic_regex", true)?;
        }
        self.server_assignor = input.nullable_string("server_assignor", true)?;
        self.topic_partitions = input.nullable_structures("topic_partitions", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`ConsumerGroupHeartbeatRequest`]; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicPartitions {
    /// `uuid`
    pub topic_id: Uuid,
    /// `[int32]`
    pub partitions: Vec<i32>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for TopicPartitions {
    const LEN_MIN: usize = 18;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.uuid(self.topic_id);
        out.array("partitions", &self.partitions, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.topic_id = input.uuid("topic_id")?;
        self.partitions = input.array("partitions", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for ConsumerGroupHeartbeatRequest {
    const NAME: &'static str = "ConsumerGroupHeartbeatRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=1;
}

impl crate::Request for ConsumerGroupHeartbeatRequest {
    const KEY: ApiKey = ApiKey::ConsumerGroupHeartbeat;
    type Response = crate::ConsumerGroupHeartbeatResponse;
}
