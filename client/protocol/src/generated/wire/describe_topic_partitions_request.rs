// Written by `cargo ci codegen` from schema/wire/describe_topic_partitions_request.schema.

//! `DescribeTopicPartitionsRequest`.

use std::ops::RangeInclusive;

use crate::{ApiKey, DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields};

/// Body of a request; version 0, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeTopicPartitionsRequest {
    /// `[TopicRequest]`
    pub topics: Vec<TopicRequest>,
    /// `int32 = 2000`
    pub response_partition_limit: i32,
    /// `Cursor? = null`
    pub cursor: Option<Cursor>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribeTopicPartitionsRequest {
    fn default() -> Self {
        Self {
            topics: Vec::new(),
            response_partition_limit: 2000,
            cursor: None,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for DescribeTopicPartitionsRequest {
    const LEN_MIN: usize = 7;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.structures("topics", &self.topics, version, true)?;
        out.int32(self.response_partition_limit);
        out.nullable_structure("cursor", self.cursor.as_ref(), version)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.topics = input.structures("topics", version, true)?;
        self.response_partition_limit = input.int32("response_partition_limit")?;
        self.cursor = input.nullable_structure("cursor", version)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`DescribeTopicPartitionsRequest`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicRequest {
    /// `string`
    pub name: String,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for TopicRequest {
    const LEN_MIN: usize = 2;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("name", &self.name, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.name = input.string("name", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`DescribeTopicPartitionsRequest`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cursor {
    /// `string`
    pub topic_name: String,
    /// `int32`
    pub partition_index: i32,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for Cursor {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("topic_name", &self.topic_name, true)?;
        out.int32(self.partition_index);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.topic_name = input.string("topic_name", true)?;
        self.partition_index = input.int32("partition_index")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for DescribeTopicPartitionsRequest {
    const NAME: &'static str = "DescribeTopicPartitionsRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

impl crate::Request for DescribeTopicPartitionsRequest {
    const KEY: ApiKey = ApiKey::DescribeTopicPartitions;
    type Response = crate::DescribeTopicPartitionsResponse;
}
