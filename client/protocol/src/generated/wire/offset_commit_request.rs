// Written by `cargo ci codegen` from schema/wire/offset_commit_request.schema.

//! `OffsetCommitRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
    Uuid,
};

/// Body of a request; versions 2-10, flexible from 8.
#[derive(Clone, Debug, PartialEq)]
pub struct OffsetCommitRequest {
    /// `string`
    pub group_id: String,
    /// `int32 = -1 ignorable`
    pub generation_id_or_member_epoch: i32,
    /// `string ignorable`
    pub member_id: String,
    /// `string? = null @7+`
    pub group_instance_id: Option<String>,
    /// `int64 = -1 @2-4 ignorable`
    pub retention_time_ms: i64,
    /// `[OffsetCommitRequestTopic]`
    pub topics: Vec<OffsetCommitRequestTopic>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for OffsetCommitRequest {
    fn default() -> Self {
        Self {
            group_id: String::new(),
            generation_id_or_member_epoch: -1,
            member_id: String::new(),
            group_instance_id: None,
            retention_time_ms: -1,
            topics: Vec::new(),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for OffsetCommitRequest {
    const LEN_MIN: usize = 9;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 8;
        out.string("group_id", &self.group_id, flexible)?;
        out.int32(self.generation_id_or_member_epoch);
        out.string("member_id", &self.member_id, flexible)?;
        if version >= 7 {
            out.nullable_string("group_instance_id", self.group_instance_id.as_deref(), flexible)?;
        } else if self.group_instance_id.is_some() {
            return Err(EncodeError::new("group_instance_id", EncodeErrorKind::NotInVersion));
        }
        if version <= 4 {
            out.int64(self.retention_time_ms);
        }
        out.structures("topics", &self.topics, version, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 8;
        self.group_id = input.string("group_id", flexible)?;
        self.generation_id_or_member_epoch = input.int32("generation_id_or_member_epoch")?;
        self.member_id = input.string("member_id", flexible)?;
        if version >= 7 {
            self.group_instance_id = input.nullable_string("group_instance_id", flexible)?;
        }
        if version <= 4 {
            self.retention_time_ms = input.int64("retention_time_ms")?;
        }
        self.topics = input.structures("topics", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`OffsetCommitRequest`]; versions 2-10, flexible from 8.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetCommitRequestTopic {
    /// `string @2-9 ignorable`
    pub name: String,
    /// `uuid @10+ ignorable`
    pub topic_id: Uuid,
    /// `[OffsetCommitRequestPartition]`
    pub partitions: Vec<OffsetCommitRequestPartition>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for OffsetCommitRequestTopic {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 8;
        if version <= 9 {
            out.string("name", &self.name, flexible)?;
        }
        if version >= 10 {
            out.uuid(self.topic_id);
        }
        out.structures("partitions", &self.partitions, version, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 8;
        if version <= 9 {
            self.name = input.string("name", flexible)?;
        }
        if version >= 10 {
            self.topic_id = input.uuid("topic_id")?;
        }
        self.partitions = input.structures("partitions", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`OffsetCommitRequest`]; versions 2-10, flexible from 8.
#[derive(Clone, Debug, PartialEq)]
pub struct OffsetCommitRequestPartition {
    /// `int32`
    pub partition_index: i32,
    /// `int64`
    pub committed_offset: i64,
    /// `int32 = -1 @6+ ignorable`
    pub committed_leader_epoch: i32,
    /// `string?`
    pub committed_metadata: Option<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for OffsetCommitRequestPartition {
    fn default() -> Self {
        Self {
            partition_index: 0,
            committed_offset: 0,
            committed_leader_epoch: -1,
            committed_metadata: Some(String::new()),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for OffsetCommitRequestPartition {
    const LEN_MIN: usize = 14;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 8;
        out.int32(self.partition_index);
        out.int64(self.committed_offset);
        if version >= 6 {
            out.int32(self.committed_leader_epoch);
        }
        out.nullable_string("committed_metadata", self.committed_metadata.as_deref(), flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 8;
        self.partition_index = input.int32("partition_index")?;
        self.committed_offset = input.int64("committed_offset")?;
        if version >= 6 {
            self.committed_leader_epoch = input.int32("committed_leader_epoch")?;
        }
        self.committed_metadata = input.nullable_string("committed_metadata", flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for OffsetCommitRequest {
    const NAME: &'static str = "OffsetCommitRequest";
    const VERSIONS: RangeInclusive<i16> = 2..=10;
}

impl crate::Request for OffsetCommitRequest {
    const KEY: ApiKey = ApiKey::OffsetCommit;
    type Response = crate::OffsetCommitResponse;
}
