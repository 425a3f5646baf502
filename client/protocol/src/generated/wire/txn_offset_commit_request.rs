// Written by `cargo ci codegen` from schema/wire/txn_offset_commit_request.schema.

//! `TxnOffsetCommitRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
    Uuid,
};

/// Body of a request; versions 0-6, flexible from 3.
#[derive(Clone, Debug, PartialEq)]
pub struct TxnOffsetCommitRequest {
    /// `string`
    pub transactional_id: String,
    /// `string`
    pub group_id: String,
    /// `int64`
    pub producer_id: i64,
    /// `int16`
    pub producer_epoch: i16,
    /// `int32 = -1 @3+`
    pub generation_id_or_member_epoch: i32,
    /// `string @3+`
    pub member_id: String,
    /// `string? = null @3+`
    pub group_instance_id: Option<String>,
    /// `[TxnOffsetCommitRequestTopic]`
    pub topics: Vec<TxnOffsetCommitRequestTopic>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for TxnOffsetCommitRequest {
    fn default() -> Self {
        Self {
            transactional_id: String::new(),
            group_id: String::new(),
            producer_id: 0,
            producer_epoch: 0,
            generation_id_or_member_epoch: -1,
            member_id: String::new(),
            group_instance_id: None,
            topics: Vec::new(),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for TxnOffsetCommitRequest {
    const LEN_MIN: usize = 18;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 3;
        out.string("transactional_id", &self.transactional_id, flexible)?;
        out.string("group_id", &self.group_id, flexible)?;
        out.int64(self.producer_id);
        out.int16(self.producer_epoch);
        if version >= 3 {
            out.int32(self.generation_id_or_member_epoch);
        } else if self.generation_id_or_member_epoch != -1 {
            return Err(EncodeError::new("generation_id_or_member_epoch", EncodeErrorKind::NotInVersion));
        }
        if version >= 3 {
            out.string("member_id", &self.member_id, flexible)?;
        } else if !self.member_id.is_empty() {
            return Err(EncodeError::new("member_id", EncodeErrorKind::NotInVersion));
        }
        if version >= 3 {
            out.nullable_string("group_instance_id", self.group_instance_id.as_deref(), flexible)?;
        } else if self.group_instance_id.is_some() {
            return Err(EncodeError::new("group_instance_id", EncodeErrorKind::NotInVersion));
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
        let flexible = version >= 3;
        self.transactional_id = input.string("transactional_id", flexible)?;
        self.group_id = input.string("group_id", flexible)?;
        self.producer_id = input.int64("producer_id")?;
        self.producer_epoch = input.int16("producer_epoch")?;
        if version >= 3 {
            self.generation_id_or_member_epoch = input.int32("generation_id_or_member_epoch")?;
            self.member_id = input.string("member_id", flexible)?;
            self.group_instance_id = input.nullable_string("group_instance_id", flexible)?;
        }
        self.topics = input.structures("topics", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`TxnOffsetCommitRequest`]; versions 0-6, flexible from 3.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TxnOffsetCommitRequestTopic {
    /// `string @0-5 ignorable`
    pub name: String,
    /// `uuid @6+ ignorable`
    pub topic_id: Uuid,
    /// `[TxnOffsetCommitRequestPartition]`
    pub partitions: Vec<TxnOffsetCommitRequestPartition>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for TxnOffsetCommitRequestTopic {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 3;
        if version <= 5 {
            out.string("name", &self.name, flexible)?;
        }
        if version >= 6 {
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
        let flexible = version >= 3;
        if version <= 5 {
            self.name = input.string("name", flexible)?;
        }
        if version >= 6 {
            self.topic_id = input.uuid("topic_id")?;
        }
        self.partitions = input.structures("partitions", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`TxnOffsetCommitRequest`]; versions 0-6, flexible from 3.
#[derive(Clone, Debug, PartialEq)]
pub struct TxnOffsetCommitRequestPartition {
    /// `int32`
    pub partition_index: i32,
    /// `int64`
    pub committed_offset: i64,
    /// `int32 = -1 @2+ ignorable`
    pub committed_leader_epoch: i32,
    /// `string?`
    pub committed_metadata: Option<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for TxnOffsetCommitRequestPartition {
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

impl Structure for TxnOffsetCommitRequestPartition {
    const LEN_MIN: usize = 14;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 3;
        out.int32(self.partition_index);
        out.int64(self.committed_offset);
        if version >= 2 {
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
        let flexible = version >= 3;
        self.partition_index = input.int32("partition_index")?;
        self.committed_offset = input.int64("committed_offset")?;
        if version >= 2 {
            self.committed_leader_epoch = input.int32("committed_leader_epoch")?;
        }
        self.committed_metadata = input.nullable_string("committed_metadata", flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for TxnOffsetCommitRequest {
    const NAME: &'static str = "TxnOffsetCommitRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=6;
}

impl crate::Request for TxnOffsetCommitRequest {
    const KEY: ApiKey = ApiKey::TxnOffsetCommit;
    type Response = crate::TxnOffsetCommitResponse;
}
