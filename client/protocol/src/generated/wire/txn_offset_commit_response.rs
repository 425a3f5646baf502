// Written by `cargo ci codegen` from schema/wire/txn_offset_commit_response.schema.

//! `TxnOffsetCommitResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Structure,
    TaggedFields, Uuid,
};

/// Body of a response; versions 0-6, flexible from 3.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TxnOffsetCommitResponse {
    /// `int32`
    pub throttle_time_ms: i32,
    /// `[TxnOffsetCommitResponseTopic]`
    pub topics: Vec<TxnOffsetCommitResponseTopic>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for TxnOffsetCommitResponse {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 3;
        out.int32(self.throttle_time_ms);
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
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        self.topics = input.structures("topics", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`TxnOffsetCommitResponse`]; versions 0-6, flexible from 3.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TxnOffsetCommitResponseTopic {
    /// `string @0-5 ignorable`
    pub name: String,
    /// `uuid @6+ ignorable`
    pub topic_id: Uuid,
    /// `[TxnOffsetCommitResponsePartition]`
    pub partitions: Vec<TxnOffsetCommitResponsePartition>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for TxnOffsetCommitResponseTopic {
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

/// Part of [`TxnOffsetCommitResponse`]; versions 0-6, flexible from 3.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TxnOffsetCommitResponsePartition {
    /// `int32`
    pub partition_index: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for TxnOffsetCommitResponsePartition {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 3;
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
        let flexible = version >= 3;
        self.partition_index = input.int32("partition_index")?;
        self.error_code = input.error_code("error_code")?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for TxnOffsetCommitResponse {
    const NAME: &'static str = "TxnOffsetCommitResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=6;
}

impl crate::Response for TxnOffsetCommitResponse {
    const KEY: ApiKey = ApiKey::TxnOffsetCommit;
}
