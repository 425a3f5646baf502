// Written by `cargo ci codegen` from schema/wire/offset_commit_response.schema.

//! `OffsetCommitResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Structure,
    TaggedFields, Uuid,
};

/// Body of a response; versions 2-10, flexible from 8.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetCommitResponse {
    /// `int32 @3+ ignorable`
    pub throttle_time_ms: i32,
    /// `[OffsetCommitResponseTopic]`
    pub topics: Vec<OffsetCommitResponseTopic>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for OffsetCommitResponse {
    const LEN_MIN: usize = 4;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 8;
        if version >= 3 {
            out.int32(self.throttle_time_ms);
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
        if version >= 3 {
            self.throttle_time_ms = input.int32("throttle_time_ms")?;
        }
        self.topics = input.structures("topics", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`OffsetCommitResponse`]; versions 2-10, flexible from 8.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetCommitResponseTopic {
    /// `string @2-9 ignorable`
    pub name: String,
    /// `uuid @10+ ignorable`
    pub topic_id: Uuid,
    /// `[OffsetCommitResponsePartition]`
    pub partitions: Vec<OffsetCommitResponsePartition>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for OffsetCommitResponseTopic {
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

/// Part of [`OffsetCommitResponse`]; versions 2-10, flexible from 8.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetCommitResponsePartition {
    /// `int32`
    pub partition_index: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for OffsetCommitResponsePartition {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 8;
        out.int32(self.partition_index);
        out.error_code(self.error_code);
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
        self.error_code = input.error_code("error_code")?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for OffsetCommitResponse {
    const NAME: &'static str = "OffsetCommitResponse";
    const VERSIONS: RangeInclusive<i16> = 2..=10;
}

impl crate::Response for OffsetCommitResponse {
    const KEY: ApiKey = ApiKey::OffsetCommit;
}
