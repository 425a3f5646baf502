// Written by `cargo ci codegen` from schema/wire/alter_partition_request.schema.

//! `AlterPartitionRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
    Uuid,
};

/// Body of a request; versions 2-3, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterPartitionRequest {
    /// `int32`
    pub broker_id: i32,
    /// `int64 = -1`
    pub broker_epoch: i64,
    /// `[TopicData]`
    pub topics: Vec<TopicData>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for AlterPartitionRequest {
    fn default() -> Self {
        Self {
            broker_id: 0,
            broker_epoch: -1,
            topics: Vec::new(),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for AlterPartitionRequest {
    const LEN_MIN: usize = 14;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.broker_id);
        out.int64(self.broker_epoch);
        out.structures("topics", &self.topics, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.broker_id = input.int32("broker_id")?;
        self.broker_epoch = input.int64("broker_epoch")?;
        self.topics = input.structures("topics", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`AlterPartitionRequest`]; versions 2-3, flexible.
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

/// Part of [`AlterPartitionRequest`]; versions 2-3, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartitionData {
    /// `int32`
    pub partition_index: i32,
    /// `int32`
    pub leader_epoch: i32,
    /// `[int32] @2`
    pub new_isr: Vec<i32>,
    /// `[BrokerState] @3+`
    pub new_isr_with_epochs: Vec<BrokerState>,
    /// `int8`
    pub leader_recovery_state: i8,
    /// `int32`
    pub partition_epoch: i32,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for PartitionData {
    const LEN_MIN: usize = 15;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.partition_index);
        out.int32(self.leader_epoch);
        if version <= 2 {
            out.array("new_isr", &self.new_isr, true)?;
        } else if !self.new_isr.is_empty() {
            return Err(EncodeError::new("new_isr", EncodeErrorKind::NotInVersion));
        }
        if version >= 3 {
            out.structures("new_isr_with_epochs", &self.new_isr_with_epochs, version, true)?;
        } else if !self.new_isr_with_epochs.is_empty() {
            return Err(EncodeError::new("new_isr_with_epochs", EncodeErrorKind::NotInVersion));
        }
        out.int8(self.leader_recovery_state);
        out.int32(self.partition_epoch);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.partition_index = input.int32("partition_index")?;
        self.leader_epoch = input.int32("leader_epoch")?;
        if version <= 2 {
            self.new_isr = input.array("new_isr", true)?;
        }
        if version >= 3 {
            self.new_isr_with_epochs = input.structures("new_isr_with_epochs", version, true)?;
        }
        self.leader_recovery_state = input.int8("leader_recovery_state")?;
        self.partition_epoch = input.int32("partition_epoch")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`AlterPartitionRequest`]; version 3, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct BrokerState {
    /// `int32`
    pub broker_id: i32,
    /// `int64 = -1`
    pub broker_epoch: i64,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for BrokerState {
    fn default() -> Self {
        Self { broker_id: 0, broker_epoch: -1, unknown_tagged_fields: TaggedFields::new() }
    }
}

impl Structure for BrokerState {
    const LEN_MIN: usize = 13;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.broker_id);
        out.int64(self.broker_epoch);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.broker_id = input.int32("broker_id")?;
        self.broker_epoch = input.int64("broker_epoch")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for AlterPartitionRequest {
    const NAME: &'static str = "AlterPartitionRequest";
    const VERSIONS: RangeInclusive<i16> = 2..=3;
}

impl crate::Request for AlterPartitionRequest {
    const KEY: ApiKey = ApiKey::AlterPartition;
    type Response = crate::AlterPartitionResponse;
}
