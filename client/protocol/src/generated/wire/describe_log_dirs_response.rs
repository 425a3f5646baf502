// Written by `cargo ci codegen` from schema/wire/describe_log_dirs_response.schema.

//! `DescribeLogDirsResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Structure,
    TaggedFields,
};

/// Body of a response; versions 1-5, flexible from 2.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribeLogDirsResponse {
    /// `int32`
    pub throttle_time_ms: i32,
    /// `error @3+ ignorable`
    pub error_code: ErrorCode,
    /// `[DescribeLogDirsResult]`
    pub results: Vec<DescribeLogDirsResult>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for DescribeLogDirsResponse {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 2;
        out.int32(self.throttle_time_ms);
        if version >= 3 {
            out.error_code(self.error_code);
        }
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
        if version >= 3 {
            self.error_code = input.error_code("error_code")?;
        }
        self.results = input.structures("results", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`DescribeLogDirsResponse`]; versions 1-5, flexible from 2.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeLogDirsResult {
    /// `error`
    pub error_code: ErrorCode,
    /// `string`
    pub log_dir: String,
    /// `[DescribeLogDirsTopic]`
    pub topics: Vec<DescribeLogDirsTopic>,
    /// `int64 = -1 @4+ ignorable`
    pub total_bytes: i64,
    /// `int64 = -1 @4+ ignorable`
    pub usable_bytes: i64,
    /// `bool @5+ ignorable`
    pub is_cordoned: bool,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribeLogDirsResult {
    fn default() -> Self {
        Self {
            error_code: ErrorCode::NONE,
            log_dir: String::new(),
            topics: Vec::new(),
            total_bytes: -1,
            usable_bytes: -1,
            is_cordoned: false,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for DescribeLogDirsResult {
    const LEN_MIN: usize = 5;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 2;
        out.error_code(self.error_code);
        out.string("log_dir", &self.log_dir, flexible)?;
        out.structures("topics", &self.topics, version, flexible)?;
        if version >= 4 {
            out.int64(self.total_bytes);
            out.int64(self.usable_bytes);
        }
        if version >= 5 {
            out.bool(self.is_cordoned);
        }
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 2;
        self.error_code = input.error_code("error_code")?;
        self.log_dir = input.string("log_dir", flexible)?;
        self.topics = input.structures("topics", version, flexible)?;
        if version >= 4 {
            self.total_bytes = input.int64("total_bytes")?;
            self.usable_bytes = input.int64("usable_bytes")?;
        }
        if version >= 5 {
            self.is_cordoned = input.bool("is_cordoned")?;
        }
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`DescribeLogDirsResponse`]; versions 1-5, flexible from 2.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribeLogDirsTopic {
    /// `string`
    pub name: String,
    /// `[DescribeLogDirsPartition]`
    pub partitions: Vec<DescribeLogDirsPartition>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for DescribeLogDirsTopic {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 2;
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
        let flexible = version >= 2;
        self.name = input.string("name", flexible)?;
        self.partitions = input.structures("partitions", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`DescribeLogDirsResponse`]; versions 1-5, flexible from 2.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribeLogDirsPartition {
    /// `int32`
    pub partition_index: i32,
    /// `int64`
    pub partition_size: i64,
    /// `int64`
    pub offset_lag: i64,
    /// `bool`
    pub is_future_key: bool,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for DescribeLogDirsPartition {
    const LEN_MIN: usize = 21;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 2;
        out.int32(self.partition_index);
        out.int64(self.partition_size);
        out.int64(self.offset_lag);
        out.bool(self.is_future_key);
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
        self.partition_size = input.int64("partition_size")?;
        self.offset_lag = input.int64("offset_lag")?;
        self.is_future_key = input.bool("is_future_key")?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for DescribeLogDirsResponse {
    const NAME: &'static str = "DescribeLogDirsResponse";
    const VERSIONS: RangeInclusive<i16> = 1..=5;
}

impl crate::Response for DescribeLogDirsResponse {
    const KEY: ApiKey = ApiKey::DescribeLogDirs;
}
