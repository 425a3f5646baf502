// Written by `cargo ci codegen` from schema/wire/initialize_share_group_state_request.schema.

//! `InitializeShareGroupStateRequest`.

use std::ops::RangeInclusive;

use crate::{ApiKey, DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields, Uuid};

/// Body of a request; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InitializeShareGroupStateRequest {
    /// `string`
    pub group_id: String,
    /// `[InitializeStateData]`
    pub topics: Vec<InitializeStateData>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for InitializeShareGroupStateRequest {
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

/// Part of [`InitializeShareGroupStateRequest`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InitializeStateData {
    /// `uuid`
    pub topic_id: Uuid,
    /// `[PartitionData]`
    pub partitions: Vec<PartitionData>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for InitializeStateData {
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

/// Part of [`InitializeShareGroupStateRequest`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartitionData {
    /// `int32`
    pub partition: i32,
    /// `int32`
    pub state_epoch: i32,
    /// `int64`
    pub start_offset: i64,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for PartitionData {
    const LEN_MIN: usize = 17;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.partition);
        out.int32(self.state_epoch);
        out.int64(self.start_offset);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.partition = input.int32("partition")?;
        self.state_epoch = input.int32("state_epoch")?;
        self.start_offset = input.int64("start_offset")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for InitializeShareGroupStateRequest {
    const NAME: &'static str = "InitializeShareGroupStateRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

impl crate::Request for InitializeShareGroupStateRequest {
    const KEY: ApiKey = ApiKey::InitializeShareGroupState;
    type Response = crate::InitializeShareGroupStateResponse;
}
