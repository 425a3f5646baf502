// Written by `cargo ci codegen` from schema/group-records/consumer_group_partition_metadata.schema.

//! `ConsumerGroupPartitionMetadataKey` and `ConsumerGroupPartitionMetadataValue`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields, Uuid};

/// Key of a record, type 4; version 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConsumerGroupPartitionMetadataKey {
    /// `string`
    pub group_id: String,
}

impl Structure for ConsumerGroupPartitionMetadataKey {
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

impl Message for ConsumerGroupPartitionMetadataKey {
    const NAME: &'static str = "ConsumerGroupPartitionMetadataKey";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

/// Value of a record, type 4; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConsumerGroupPartitionMetadataValue {
    /// `[TopicMetadata]`
    pub topics: Vec<TopicMetadata>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ConsumerGroupPartitionMetadataValue {
    const LEN_MIN: usize = 2;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.structures("topics", &self.topics, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.topics = input.structures("topics", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`ConsumerGroupPartitionMetadataValue`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicMetadata {
    /// `uuid`
    pub topic_id: Uuid,
    /// `string`
    pub topic_name: String,
    /// `int32`
    pub num_partitions: i32,
    /// `[PartitionMetadata]`
    pub partition_metadata: Vec<PartitionMetadata>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for TopicMetadata {
    const LEN_MIN: usize = 23;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.uuid(self.topic_id);
        out.string("topic_name", &self.topic_name, true)?;
        out.int32(self.num_partitions);
        out.structures("partition_metadata", &self.partition_metadata, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.topic_id = input.uuid("topic_id")?;
        self.topic_name = input.string("topic_name", true)?;
        self.num_partitions = input.int32("num_partitions")?;
        self.partition_metadata = input.structures("partition_metadata", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`ConsumerGroupPartitionMetadataValue`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartitionMetadata {
    /// `int32`
    pub partition: i32,
    /// `[string]`
    pub racks: Vec<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for PartitionMetadata {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.partition);
        out.array("racks", &self.racks, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.partition = input.int32("partition")?;
        self.racks = input.array("racks", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for ConsumerGroupPartitionMetadataValue {
    const NAME: &'static str = "ConsumerGroupPartitionMetadataValue";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
