// Written by `cargo ci codegen` from schema/wire/offset_for_leader_epoch_response.schema.

//! `OffsetForLeaderEpochResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Structure,
    TaggedFields,
};

/// Body of a response; versions 2-4, flexible from 4.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetForLeaderEpochResponse {
    /// `int32 ignorable`
    pub throttle_time_ms: i32,
    /// `[OffsetForLeaderTopicResult]`
    pub topics: Vec<OffsetForLeaderTopicResult>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for OffsetForLeaderEpochResponse {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 4;
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
        let flexible = version >= 4;
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        self.topics = input.structures("topics", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`OffsetForLeaderEpochResponse`]; versions 2-4, flexible from 4.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetForLeaderTopicResult {
    /// `string`
    pub topic: String,
    /// `[EpochEndOffset]`
    pub partitions: Vec<EpochEndOffset>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for OffsetForLeaderTopicResult {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 4;
        out.string("topic", &self.topic, flexible)?;
        out.structures("partitions", &self.partitions, version, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 4;
        self.topic = input.string("topic", flexible)?;
        self.partitions = input.structures("partitions", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`OffsetForLeaderEpochResponse`]; versions 2-4, flexible from 4.
#[derive(Clone, Debug, PartialEq)]
pub struct EpochEndOffset {
    /// `error`
    pub error_code: ErrorCode,
    /// `int32`
    pub partition: i32,
    /// `int32 = -1 ignorable`
    pub leader_epoch: i32,
    /// `int64 = -1`
    pub end_offset: i64,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for EpochEndOffset {
    fn default() -> Self {
        Self {
            error_code: ErrorCode::NONE,
            partition: 0,
            leader_epoch: -1,
            end_offset: -1,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for EpochEndOffset {
    const LEN_MIN: usize = 18;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 4;
        out.error_code(self.error_code);
        out.int32(self.partition);
        out.int32(self.leader_epoch);
        out.int64(self.end_offset);
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 4;
        self.error_code = input.error_code("error_code")?;
        self.partition = input.int32("partition")?;
        self.leader_epoch = input.int32("leader_epoch")?;
        self.end_offset = input.int64("end_offset")?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for OffsetForLeaderEpochResponse {
    const NAME: &'static str = "OffsetForLeaderEpochResponse";
    const VERSIONS: RangeInclusive<i16> = 2..=4;
}

impl crate::Response for OffsetForLeaderEpochResponse {
    const KEY: ApiKey = ApiKey::OffsetForLeaderEpoch;
}
