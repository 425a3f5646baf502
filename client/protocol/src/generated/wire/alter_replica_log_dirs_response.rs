// Written by `cargo ci codegen` from schema/wire/alter_replica_log_dirs_response.schema.

//! `AlterReplicaLogDirsResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Structure,
    TaggedFields,
};

/// Body of a response; versions 1-2, flexible from 2.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlterReplicaLogDirsResponse {
    /// `int32`
    pub throttle_time_ms: i32,
    /// `[AlterReplicaLogDirTopicResult]`
    pub results: Vec<AlterReplicaLogDirTopicResult>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for AlterReplicaLogDirsResponse {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 2;
        out.int32(self.throttle_time_ms);
        out.structures("results", &self.results, version, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 2;
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        self.results = input.structures("results", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`AlterReplicaLogDirsResponse`]; versions 1-2, flexible from 2.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlterReplicaLogDirTopicResult {
    /// `string`
    pub topic_name: String,
    /// `[AlterReplicaLogDirPartitionResult]`
    pub partitions: Vec<AlterReplicaLogDirPartitionResult>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for AlterReplicaLogDirTopicResult {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 2;
        out.string("topic_name", &self.topic_name, flexible)?;
        out.structures("partitions", &self.partitions, version, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 2;
        self.topic_name = input.string("topic_name", flexible)?;
        self.partitions = input.structures("partitions", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`AlterReplicaLogDirsResponse`]; versions 1-2, flexible from 2.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlterReplicaLogDirPartitionResult {
    /// `int32`
    pub partition_index: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for AlterReplicaLogDirPartitionResult {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 2;
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
        let flexible = version >= 2;
        self.partition_index = input.int32("partition_index")?;
        self.error_code = input.error_code("error_code")?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for AlterReplicaLogDirsResponse {
    const NAME: &'static str = "AlterReplicaLogDirsResponse";
    const VERSIONS: RangeInclusive<i16> = 1..=2;
}

impl crate::Response for AlterReplicaLogDirsResponse {
    const KEY: ApiKey = ApiKey::AlterReplicaLogDirs;
}
