// Written by `cargo ci codegen` from schema/wire/offset_fetch_response.schema.

//! `OffsetFetchResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Structure,
    TaggedFields, Uuid,
};

/// Body of a response; versions 1-10, flexible from 6.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetFetchResponse {
    /// `int32 @3+ ignorable`
    pub throttle_time_ms: i32,
    /// `[OffsetFetchResponseTopic] @1-7`
    pub topics: Vec<OffsetFetchResponseTopic>,
    /// `error @2-7 ignorable`
    pub error_code: ErrorCode,
    /// `[OffsetFetchResponseGroup] @8+`
    pub groups: Vec<OffsetFetchResponseGroup>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for OffsetFetchResponse {
    const LEN_MIN: usize = 4;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 6;
        if version >= 3 {
            out.int32(self.throttle_time_ms);
        }
        if version <= 7 {
            out.structures("topics", &self.topics, version, flexible)?;
        } else if !self.topics.is_empty() {
            return Err(EncodeError::new("topics", EncodeErrorKind::NotInVersion));
        }
        if (2..=7).contains(&version) {
            out.error_code(self.error_code);
        }
        if version >= 8 {
            out.structures("groups", &self.groups, version, flexible)?;
        } else if !self.groups.is_empty() {
            return Err(EncodeError::new("groups", EncodeErrorKind::NotInVersion));
        }
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 6;
        if version >= 3 {
            self.throttle_time_ms = input.int32("throttle_time_ms")?;
        }
        if version <= 7 {
            self.topics = input.structures("topics", version, flexible)?;
        }
        if (2..=7).contains(&version) {
            self.error_code = input.error_code("error_code")?;
        }
        if version >= 8 {
            self.groups = input.structures("groups", version, flexible)?;
        }
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`OffsetFetchResponse`]; versions 1-7, flexible from 6.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetFetchResponseTopic {
    /// `string`
    pub name: String,
    /// `[OffsetFetchResponsePartition]`
    pub partitions: Vec<OffsetFetchResponsePartition>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for OffsetFetchResponseTopic {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 6;
        out.string("name", &self.name, flexible)?;
        out.structures("partitions", &self.partitions, version, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 6;
        self.name = input.string("name", flexible)?;
        self.partitions = input.structures("partitions", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`OffsetFetchResponse`]; versions 1-7, flexible from 6.
#[derive(Clone, Debug, PartialEq)]
pub struct OffsetFetchResponsePartition {
    /// `int32`
    pub partition_index: i32,
    /// `int64`
    pub committed_offset: i64,
    /// `int32 = -1 @5+ ignorable`
    pub committed_leader_epoch: i32,
    /// `string?`
    pub metadata: Option<String>,
    /// `error`
    pub error_code: ErrorCode,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for OffsetFetchResponsePartition {
    fn default() -> Self {
        Self {
            partition_index: 0,
            committed_offset: 0,
            committed_leader_epoch: -1,
            metadata: Some(String::new()),
            error_code: ErrorCode::NONE,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for OffsetFetchResponsePartition {
    const LEN_MIN: usize = 16;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 6;
        out.int32(self.partition_index);
        out.int64(self.committed_offset);
        if version >= 5 {
            out.int32(self.committed_leader_epoch);
        }
        out.nullable_string("metadata", self.metadata.as_deref(), flexible)?;
        out.error_code(self.error_code);
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 6;
        self.partition_index = input.int32("partition_index")?;
        self.committed_offset = input.int64("committed_offset")?;
        if version >= 5 {
            self.committed_leader_epoch = input.int32("committed_leader_epoch")?;
        }
        self.metadata = input.nullable_string("metadata", flexible)?;
        self.error_code = input.error_code("error_code")?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`OffsetFetchResponse`]; versions 8-10, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetFetchResponseGroup {
    /// `string`
    pub group_id: String,
    /// `[OffsetFetchResponseTopics]`
    pub topics: Vec<OffsetFetchResponseTopics>,
    /// `error`
    pub error_code: ErrorCode,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for OffsetFetchResponseGroup {
    const LEN_MIN: usize = 5;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.string("group_id", &self.group_id, true)?;
        out.structures("topics", &self.topics, version, true)?;
        out.error_code(self.error_code);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.group_id = input.string("group_id", true)?;
        self.topics = input.structures("topics", version, true)?;
        self.error_code = input.error_code("error_code")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`OffsetFetchResponse`]; versions 8-10, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetFetchResponseTopics {
    /// `string @8-9 ignorable`
    pub name: String,
    /// `uuid @10+ ignorable`
    pub topic_id: Uuid,
    /// `[OffsetFetchResponsePartitions]`
    pub partitions: Vec<OffsetFetchResponsePartitions>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for OffsetFetchResponseTopics {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        if version <= 9 {
            out.string("name", &self.name, true)?;
        }
        if version >= 10 {
            out.uuid(self.topic_id);
        }
        out.structures("partitions", &self.partitions, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        if version <= 9 {
            self.name = input.string("name", true)?;
        }
        if version >= 10 {
            self.topic_id = input.uuid("topic_id")?;
        }
        self.partitions = input.structures("partitions", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`OffsetFetchResponse`]; versions 8-10, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct OffsetFetchResponsePartitions {
    /// `int32`
    pub partition_index: i32,
    /// `int64`
    pub committed_offset: i64,
    /// `int32 = -1 ignorable`
    pub committed_leader_epoch: i32,
    /// `string?`
    pub metadata: Option<String>,
    /// `error`
    pub error_code: ErrorCode,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for OffsetFetchResponsePartitions {
    fn default() -> Self {
        Self {
            partition_index: 0,
            committed_offset: 0,
            committed_leader_epoch: -1,
            metadata: Some(String::new()),
            error_code: ErrorCode::NONE,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for OffsetFetchResponsePartitions {
    const LEN_MIN: usize = 20;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.partition_index);
        out.int64(self.committed_offset);
        out.int32(self.committed_leader_epoch);
        out.nullable_string("metadata", self.metadata.as_deref(), true)?;
        out.error_code(self.error_code);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.partition_index = input.int32("partition_index")?;
        self.committed_offset = input.int64("committed_offset")?;
        self.committed_leader_epoch = input.int32("committed_leader_epoch")?;
        self.metadata = input.nullable_string("metadata", true)?;
        self.error_code = input.error_code("error_code")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for OffsetFetchResponse {
    const NAME: &'static str = "OffsetFetchResponse";
    const VERSIONS: RangeInclusive<i16> = 1..=10;
}

impl crate::Response for OffsetFetchResponse {
    const KEY: ApiKey = ApiKey::OffsetFetch;
}
