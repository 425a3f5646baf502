// Written by `cargo ci codegen` from schema/group-records/share_group_state_partition_metadata.schema.

//! `ShareGroupStatePartitionMetadataKey` and `ShareGroupStatePartitionMetadataValue`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields, Uuid};

/// Key of a record, type 15; version 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShareGroupStatePartitionMetadataKey {
    /// `string`
    pub group_id: String,
}

impl Structure for ShareGroupStatePartitionMetadataKey {
    const LEN_MIN: usize = 2;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("group_id", &self.group_id, false)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.group_id = input.string("group_id", false)?;
        Ok(())
    }
}

impl Message for ShareGroupStatePartitionMetadataKey {
    const NAME: &'static str = "ShareGroupStatePartitionMetadataKey";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

/// Value of a record, type 15; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShareGroupStatePartitionMetadataValue {
    /// `[TopicPartitionsInfo]`
    pub initializing_topics: Vec<TopicPartitionsInfo>,
    /// `[TopicPartitionsInfo]`
    pub initialized_topics: Vec<TopicPartitionsInfo>,
    /// `[TopicInfo]`
    pub deleting_topics: Vec<TopicInfo>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ShareGroupStatePartitionMetadataValue {
    const LEN_MIN: usize = 4;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.structures("initializing_topics", &self.initializing_topics, version, true)?;
        out.structures("initialized_topics", &self.initialized_topics, version, true)?;
        out.structures("deleting_topics", &self.deleting_topics, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.initializing_topics = input.structures("initializing_topics", version, true)?;
        self.initialized_topics = input.structures("initialized_topics", version, true)?;
        self.deleting_topics = input.structures("deleting_topics", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`ShareGroupStatePartitionMetadataValue`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicPartitionsInfo {
    /// `uuid`
    pub topic_id: Uuid,
    /// `string`
    pub topic_name: String,
    /// `[int32]`
    pub partitions: Vec<i32>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for TopicPartitionsInfo {
    const LEN_MIN: usize = 19;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.uuid(self.topic_id);
        out.string("topic_name", &self.topic_name, true)?;
        out.array("partitions", &self.partitions, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.topic_id = input.uuid("topic_id")?;
        self.topic_name = input.string("topic_name", true)?;
        self.partitions = input.array("partitions", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`ShareGroupStatePartitionMetadataValue`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicInfo {
    /// `uuid`
    pub topic_id: Uuid,
    /// `string`
    pub topic_name: String,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for TopicInfo {
    const LEN_MIN: usize = 18;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.uuid(self.topic_id);
        out.string("topic_name", &self.topic_name, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.topic_id = input.uuid("topic_id")?;
        self.topic_name = input.string("topic_name", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for ShareGroupStatePartitionMetadataValue {
    const NAME: &'static str = "ShareGroupStatePartitionMetadataValue";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
