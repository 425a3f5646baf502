// Written by `cargo ci codegen` from schema/wire/alter_partition_response.schema.

//! `AlterPartitionResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, Encoder, ErrorCode, Message, Structure, TaggedFields, Uuid,
};

/// Body of a response; versions 2-3, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlterPartitionResponse {
    /// `int32`
    pub throttle_time_ms: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `[TopicData]`
    pub topics: Vec<TopicData>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for AlterPartitionResponse {
    const LEN_MIN: usize = 8;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.throttle_time_ms);
        out.error_code(self.error_code);
        out.structures("topics", &self.topics, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        self.error_code = input.error_code("error_code")?;
        self.topics = input.structures("topics", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`AlterPartitionResponse`]; versions 2-3, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicData {
    /// `uuid ignorable`
    pub topic_id: Uuid,
    /// `[PartitionData]`
    pub partitions: Vec<PartitionData>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for TopicData {
    const LEN_MIN: usize = 18;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.uuid(self.topic_id);
        out.structures("partitions", &self.partitions, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.topic_id = input.uuid("topic_id")?;
        self.partitions = input.structures("partitions", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`AlterPartitionResponse`]; versions 2-3, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartitionData {
    /// `int32`
    pub partition_index: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `int32`
    pub leader_id: i32,
    /// `int32`
    pub leader_epoch: i32,
    /// `[int32]`
    pub isr: Vec<i32>,
    /// `int8 ignorable`
    pub leader_recovery_state: i8,
    /// `int32`
    pub partition_epoch: i32,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for PartitionData {
    const LEN_MIN: usize = 21;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.partition_index);
        out.error_code(self.error_code);
        out.int32(self.leader_id);
        out.int32(self.leader_epoch);
        out.array("isr", &self.isr, true)?;
        out.int8(self.leader_recovery_state);
        out.int32(self.partition_epoch);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.partition_index = input.int32("partition_index")?;
        self.error_code = input.error_code("error_code")?;
        self.leader_id = input.int32("leader_id")?;
        self.leader_epoch = input.int32("leader_epoch")?;
        self.isr = input.array("isr", true)?;
        self.leader_recovery_state = input.int8("leader_recovery_state")?;
        self.partition_epoch = input.int32("partition_epoch")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for AlterPartitionResponse {
    const NAME: &'static str = "AlterPartitionResponse";
    const VERSIONS: RangeInclusive<i16> = 2..=3;
}

impl crate::Response for AlterPartitionResponse {
    const KEY: ApiKey = ApiKey::AlterPartition;
}
