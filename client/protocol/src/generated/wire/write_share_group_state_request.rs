// Written by `cargo ci codegen` from schema/wire/write_share_group_state_request.schema.

//! `WriteShareGroupStateRequest`.

use std::ops::RangeInclusive;

use crate::{ApiKey, DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields, Uuid};

/// Body of a request; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WriteShareGroupStateRequest {
    /// `string`
    pub group_id: String,
    /// `[WriteStateData]`
    pub topics: Vec<WriteStateData>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for WriteShareGroupStateRequest {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.string("group_id", &self.group_id, true)?;
        out.structures("topics", &self.topics, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.group_id = input.string("group_id", true)?;
        self.topics = input.structures("topics", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`WriteShareGroupStateRequest`]; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WriteStateData {
    /// `uuid`
    pub topic_id: Uuid,
    /// `[PartitionData]`
    pub partitions: Vec<PartitionData>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for WriteStateData {
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

/// Part of [`WriteShareGroupStateRequest`]; versions 0-1, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionData {
    /// `int32`
    pub partition: i32,
    /// `int32`
    pub state_epoch: i32,
    /// `int32`
    pub leader_epoch: i32,
    /// `int64`
    pub start_offset: i64,
    /// `int32 = -1 @1+ ignorable`
    pub delivery_complete_count: i32,
    /// `[StateBatch]`
    pub state_batches: Vec<StateBatch>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for PartitionData {
    fn default() -> Self {
        Self {
            partition: 0,
            state_epoch: 0,
            leader_epoch: 0,
            start_offset: 0,
            delivery_complete_count: -1,
            state_batches: Vec::new(),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for PartitionData {
    const LEN_MIN: usize = 22;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.partition);
        out.int32(self.state_epoch);
        out.int32(self.leader_epoch);
        out.int64(self.start_offset);
        if version >= 1 {
            out.int32(self.delivery_complete_count);
        }
        out.structures("state_batches", &self.state_batches, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.partition = input.int32("partition")?;
        self.state_epoch = input.int32("state_epoch")?;
        self.leader_epoch = input.int32("leader_epoch")?;
        self.start_offset = input.int64("start_offset")?;
        if version >= 1 {
            self.delivery_complete_count = input.int32("delivery_complete_count")?;
        }
        self.state_batches = input.structures("state_batches", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`WriteShareGroupStateRequest`]; versions 0-1, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StateBatch {
    /// `int64`
    pub first_offset: i64,
    /// `int64`
    pub last_offset: i64,
    /// `int8`
    pub delivery_state: i8,
    /// `int16`
    pub delivery_count: i16,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for StateBatch {
    const LEN_MIN: usize = 20;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int64(self.first_offset);
        out.int64(self.last_offset);
        out.int8(self.delivery_state);
        out.int16(self.delivery_count);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.first_offset = input.int64("first_offset")?;
        self.last_offset = input.int64("last_offset")?;
        self.delivery_state = input.int8("delivery_state")?;
        self.delivery_count = input.int16("delivery_count")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for WriteShareGroupStateRequest {
    const NAME: &'static str = "WriteShareGroupStateRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=1;
}

impl crate::Request for WriteShareGroupStateRequest {
    const KEY: ApiKey = ApiKey::WriteShareGroupState;
    type Response = crate::WriteShareGroupStateResponse;
}
