// Written by `cargo ci codegen` from schema/wire/share_group_heartbeat_response.schema.

//! `ShareGroupHeartbeatResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, Encoder, ErrorCode, Message, Structure, TaggedFields, Uuid,
};

/// Body of a response; version 1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShareGroupHeartbeatResponse {
    /// `int32`
    pub throttle_time_ms: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `string? = null`
    pub error_message: Option<String>,
    /// `string? = null`
    pub member_id: Option<String>,
    /// `int32`
    pub member_epoch: i32,
    /// `int32`
    pub heartbeat_interval_ms: i32,
    /// `Assignment? = null`
    pub assignment: Option<Assignment>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ShareGroupHeartbeatResponse {
    const LEN_MIN: usize = 18;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.throttle_time_ms);
        out.error_code(self.error_code);
        out.nullable_string("error_message", self.error_message.as_deref(), true)?;
        out.nullable_string("member_id", self.member_id.as_deref(), true)?;
        out.int32(self.member_epoch);
        out.int32(self.heartbeat_interval_ms);
        out.nullable_structure("assignment", self.assignment.as_ref(), version)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        self.error_code = input.error_code("error_code")?;
        self.error_message = input.nullable_string("error_message", true)?;
        self.member_id = input.nullable_string("member_id", true)?;
        self.member_epoch = input.int32("member_epoch")?;
        self.heartbeat_interval_ms = input.int32("heartbeat_interval_ms")?;
        self.assignment = input.nullable_structure("assignment", version)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`ShareGroupHeartbeatResponse`]; version 1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Assignment {
    /// `[TopicPartitions]`
    pub topic_partitions: Vec<TopicPartitions>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for Assignment {
    const LEN_MIN: usize = 2;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.structures("topic_partitions", &self.topic_partitions, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.topic_partitions = input.structures("topic_partitions", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`ShareGroupHeartbeatResponse`]; version 1, flexible.
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

impl Message for ShareGroupHeartbeatResponse {
    const NAME: &'static str = "ShareGroupHeartbeatResponse";
    const VERSIONS: RangeInclusive<i16> = 1..=1;
}

impl crate::Response for ShareGroupHeartbeatResponse {
    const KEY: ApiKey = ApiKey::ShareGroupHeartbeat;
}
