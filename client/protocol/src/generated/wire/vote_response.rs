// Written by `cargo ci codegen` from schema/wire/vote_response.schema.

//! `VoteResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Structure,
    TaggedFields, TaggedWriter,
};

/// Body of a response; versions 0-2, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VoteResponse {
    /// `error`
    pub error_code: ErrorCode,
    /// `[TopicData]`
    pub topics: Vec<TopicData>,
    /// `[NodeEndpoint] @1+ tag(0)`
    pub node_endpoints: Vec<NodeEndpoint>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for VoteResponse {
    const LEN_MIN: usize = 4;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.error_code(self.error_code);
        out.structures("topics", &self.topics, version, true)?;
        if version < 1 && !self.node_endpoints.is_empty() {
            return Err(EncodeError::new("node_endpoints", EncodeErrorKind::NotInVersion));
        }
        let mut tagged = TaggedWriter::default();
        if version >= 1 && !self.node_endpoints.is_empty() {
            let out = tagged.field(0);
            out.structures("node_endpoints", &self.node_endpoints, version, true)?;
        }
        tagged.finish(&self.unknown_tagged_fields, out)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.error_code = input.error_code("error_code")?;
        self.topics = input.structures("topics", version, true)?;
        for _ in 0..input.tag_count()? {
            let tag = input.open_tag()?;
            match tag.number {
                0 if version >= 1 => {
                    self.node_endpoints = input.structures("node_endpoints", version, true)?;
                }
                0 => return Err(input.tag_not_in_version(&tag)),
                _ => input.unknown_tag(&tag, &mut self.unknown_tagged_fields)?,
            }
            input.close_tag(tag)?;
        }
        Ok(())
    }
}

/// Part of [`VoteResponse`]; versions 0-2, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicData {
    /// `string`
    pub topic_name: String,
    /// `[PartitionData]`
    pub partitions: Vec<PartitionData>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for TopicData {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.string("topic_name", &self.topic_name, true)?;
        out.structures("partitions", &self.partitions, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.topic_name = input.string("topic_name", true)?;
        self.partitions = input.structures("partitions", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`VoteResponse`]; versions 0-2, flexible.
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
    /// `bool`
    pub vote_granted: bool,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for PartitionData {
    const LEN_MIN: usize = 16;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.partition_index);
        out.error_code(self.error_code);
        out.int32(self.leader_id);
        out.int32(self.leader_epoch);
        out.bool(self.vote_granted);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.partition_index = input.int32("partition_index")?;
        self.error_code = input.error_code("error_code")?;
        self.leader_id = input.int32("leader_id")?;
        self.leader_epoch = input.int32("leader_epoch")?;
        self.vote_granted = input.bool("vote_granted")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`VoteResponse`]; versions 1-2, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NodeEndpoint {
    /// `int32`
    pub node_id: i32,
    /// `string`
    pub host: String,
    /// `uint16`
    pub port: u16,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for NodeEndpoint {
    const LEN_MIN: usize = 8;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.node_id);
        out.string("host", &self.host, true)?;
        out.uint16(self.port);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.node_id = input.int32("node_id")?;
        self.host = input.string("host", true)?;
        self.port = input.uint16("port")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for VoteResponse {
    const NAME: &'static str = "VoteResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=2;
}

impl crate::Response for VoteResponse {
    const KEY: ApiKey = ApiKey::Vote;
}
