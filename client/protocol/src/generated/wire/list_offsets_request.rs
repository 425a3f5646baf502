// Written by `cargo ci codegen` from schema/wire/list_offsets_request.schema.

//! `ListOffsetsRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
};

/// Body of a request; versions 1-11, flexible from 6.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListOffsetsRequest {
    /// `int32`
    pub replica_id: i32,
    /// `int8 @2+`
    pub isolation_level: i8,
    /// `[ListOffsetsTopic]`
    pub topics: Vec<ListOffsetsTopic>,
    /// `int32 @10+ ignorable`
    pub timeout_ms: i32,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ListOffsetsRequest {
    const LEN_MIN: usize = 7;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 6;
        out.int32(self.replica_id);
        if version >= 2 {
            out.int8(self.isolation_level);
        } else if self.isolation_level != 0 {
            return Err(EncodeError::new("isolation_level", EncodeErrorKind::NotInVersion));
        }
        out.structures("topics", &self.topics, version, flexible)?;
        if version >= 10 {
            out.int32(self.timeout_ms);
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
        self.replica_id = input.int32("replica_id")?;
        if version >= 2 {
            self.isolation_level = input.int8("isolation_level")?;
        }
        self.topics = input.structures("topics", version, flexible)?;
        if version >= 10 {
            self.timeout_ms = input.int32("timeout_ms")?;
        }
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`ListOffsetsRequest`]; versions 1-11, flexible from 6.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListOffsetsTopic {
    /// `string`
    pub name: String,
    /// `[ListOffsetsPartition]`
    pub partitions: Vec<ListOffsetsPartition>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ListOffsetsTopic {
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

/// Part of [`ListOffsetsRequest`]; versions 1-11, flexible from 6.
#[derive(Clone, Debug, PartialEq)]
pub struct ListOffsetsPartition {
    /// `int32`
    pub partition_index: i32,
    /// `int32 = -1 @4+ ignorable`
    pub current_leader_epoch: i32,
    /// `int64`
    pub timestamp: i64,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ListOffsetsPartition {
    fn default() -> Self {
        Self {
            partition_index: 0,
            current_leader_epoch: -1,
            timestamp: 0,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for ListOffsetsPartition {
    const LEN_MIN: usize = 12;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 6;
        out.int32(self.partition_index);
        if version >= 4 {
            out.int32(self.current_leader_epoch);
        }
        out.int64(self.timestamp);
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
        if version >= 4 {
            self.current_leader_epoch = input.int32("current_leader_epoch")?;
        }
        self.timestamp = input.int64("timestamp")?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for ListOffsetsRequest {
    const NAME: &'static str = "ListOffsetsRequest";
    const VERSIONS: RangeInclusive<i16> = 1..=11;
}

impl crate::Request for ListOffsetsRequest {
    const KEY: ApiKey = ApiKey::ListOffsets;
    type Response = crate::ListOffsetsResponse;
}
