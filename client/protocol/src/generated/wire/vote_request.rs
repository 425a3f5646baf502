// Written by `cargo ci codegen` from schema/wire/vote_request.schema.

//! `VoteRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
    Uuid,
};

/// Body of a request; versions 0-2, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct VoteRequest {
    /// `string? = null`
    pub cluster_id: Option<String>,
    /// `int32 = -1 @1+ ignorable`
    pub voter_id: i32,
    /// `[TopicData]`
    pub topics: Vec<TopicData>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for VoteRequest {
    fn default() -> Self {
        Self {
            cluster_id: None,
            voter_id: -1,
            topics: Vec::new(),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for VoteRequest {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.nullable_string("cluster_id", self.cluster_id.as_deref(), true)?;
        if version >= 1 {
            out.int32(self.voter_id);
        }
        out.structures("topics", &self.topics, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.cluster_id = input.nullable_string("cluster_id", true)?;
        if version >= 1 {
            self.voter_id = input.int32("voter_id")?;
        }
        self.topics = input.structures("topics", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`VoteRequest`]; versions 0-2, flexible.
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

/// Part of [`VoteRequest`]; versions 0-2, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartitionData {
    /// `int32`
    pub partition_index: i32,
    /// `int32`
    pub replica_epoch: i32,
    /// `int32`
    pub replica_id: i32,
    /// `uuid @1+ ignorable`
    pub replica_directory_id: Uuid,
    /// `uuid @1+ ignorable`
    pub voter_directory_id: Uuid,
    /// `int32`
    pub last_offset_epoch: i32,
    /// `int64`
    pub last_offset: i64,
    /// `bool @2+`
    pub pre_vote: bool,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for PartitionData {
    const LEN_MIN: usize = 25;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.partition_index);
        out.int32(self.replica_epoch);
        out.int32(self.replica_id);
        if version >= 1 {
            out.uuid(self.replica_directory_id);
            out.uuid(self.voter_directory_id);
        }
        out.int32(self.last_offset_epoch);
        out.int64(self.last_offset);
        if version >= 2 {
            out.bool(self.pre_vote);
        } else if self.pre_vote {
            return Err(EncodeError::new("pre_vote", EncodeErrorKind::NotInVersion));
        }
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.partition_index = input.int32("partition_index")?;
        self.replica_epoch = input.int32("replica_epoch")?;
        self.replica_id = input.int32("replica_id")?;
        if version >= 1 {
            self.replica_directory_id = input.uuid("replica_directory_id")?;
            self.voter_directory_id = input.uuid("voter_directory_id")?;
        }
        self.last_offset_epoch = input.int32("last_offset_epoch")?;
        self.last_offset = input.int64("last_offset")?;
        if version >= 2 {
            self.pre_vote = input.bool("pre_vote")?;
        }
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for VoteRequest {
    const NAME: &'static str = "VoteRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=2;
}

impl crate::Request for VoteRequest {
    const KEY: ApiKey = ApiKey::Vote;
    type Response = crate::VoteResponse;
}
