// Written by `cargo ci codegen` from schema/wire/list_offsets_response.schema.

//! `ListOffsetsResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Structure,
    TaggedFields,
};

/// Body of a response; versions 1-11, flexible from 6.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListOffsetsResponse {
    /// `int32 @2+ ignorable`
    pub throttle_time_ms: i32,
    /// `[ListOffsetsTopicResponse]`
    pub topics: Vec<ListOffsetsTopicResponse>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ListOffsetsResponse {
    const LEN_MIN: usize = 4;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 6;
        if version >= 2 {
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
        let flexible = version >= 6;
        if version >= 2 {
            self.throttle_time_ms = input.int32("throttle_time_ms")?;
        }
        self.topics = input.structures("topics", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`ListOffsetsResponse`]; versions 1-11, flexible from 6.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListOffsetsTopicResponse {
    /// `string`
    pub name: String,
    /// `[ListOffsetsPartitionResponse]`
    pub partitions: Vec<ListOffsetsPartitionResponse>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ListOffsetsTopicResponse {
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

/// Part of [`ListOffsetsResponse`]; versions 1-11, flexible from 6.
#[derive(Clone, Debug, PartialEq)]
pub struct ListOffsetsPartitionResponse {
    /// `int32`
    pub partition_index: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `int64 = -1`
    pub timestamp: i64,
    /// `int64 = -1`
    pub offset: i64,
    /// `int32 = -1 @4+`
    pub leader_epoch: i32,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ListOffsetsPartitionResponse {
    fn default() -> Self {
        Self {
            partition_index: 0,
            error_code: ErrorCode::NONE,
            timestamp: -1,
            offset: -1,
            leader_epoch: -1,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for ListOffsetsPartitionResponse {
    const LEN_MIN: usize = 22;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 6;
        out.int32(self.partition_index);
        out.error_code(self.error_code);
        out.int64(self.timestamp);
        out.int64(self.offset);
        if version >= 4 {
            out.int32(self.leader_epoch);
        } else if self.leader_epoch != -1 {
            return Err(EncodeError::new("leader_epoch", EncodeErrorKind::NotInVersion));
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
        self.partition_index = input.int32("partition_index")?;
        self.error_code = input.error_code("error_code")?;
        self.timestamp = input.int64("timestamp")?;
        self.offset = input.int64("offset")?;
        if version >= 4 {
            self.leader_epoch = input.int32("leader_epoch")?;
        }
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for ListOffsetsResponse {
    const NAME: &'static str = "ListOffsetsResponse";
    const VERSIONS: RangeInclusive<i16> = 1..=11;
}

impl crate::Response for ListOffsetsResponse {
    const KEY: ApiKey = ApiKey::ListOffsets;
}
