// Written by `cargo ci codegen` from schema/wire/assign_replicas_to_dirs_request.schema.

//! `AssignReplicasToDirsRequest`.

use std::ops::RangeInclusive;

use crate::{ApiKey, DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields, Uuid};

/// Body of a request; version 0, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct AssignReplicasToDirsRequest {
    /// `int32`
    pub broker_id: i32,
    /// `int64 = -1`
    pub broker_epoch: i64,
    /// `[DirectoryData]`
    pub directories: Vec<DirectoryData>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for AssignReplicasToDirsRequest {
    fn default() -> Self {
        Self {
            broker_id: 0,
            broker_epoch: -1,
            directories: Vec::new(),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for AssignReplicasToDirsRequest {
    const LEN_MIN: usize = 14;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.broker_id);
        out.int64(self.broker_epoch);
        out.structures("directories", &self.directories, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.broker_id = input.int32("broker_id")?;
        self.broker_epoch = input.int64("broker_epoch")?;
        self.directories = input.structures("directories", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`AssignReplicasToDirsRequest`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DirectoryData {
    /// `uuid`
    pub id: Uuid,
    /// `[TopicData]`
    pub topics: Vec<TopicData>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for DirectoryData {
    const LEN_MIN: usize = 18;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.uuid(self.id);
        out.structures("topics", &self.topics, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.id = input.uuid("id")?;
        self.topics = input.structures("topics", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`AssignReplicasToDirsRequest`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicData {
    /// `uuid`
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

/// Part of [`AssignReplicasToDirsRequest`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartitionData {
    /// `int32`
    pub partition_index: i32,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for PartitionData {
    const LEN_MIN: usize = 5;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.partition_index);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.partition_index = input.int32("partition_index")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for AssignReplicasToDirsRequest {
    const NAME: &'static str = "AssignReplicasToDirsRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

impl crate::Request for AssignReplicasToDirsRequest {
    const KEY: ApiKey = ApiKey::AssignReplicasToDirs;
    type Response = crate::AssignReplicasToDirsResponse;
}
