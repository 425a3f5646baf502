// Written by `cargo ci codegen` from schema/wire/offset_delete_response.schema.

//! `OffsetDeleteResponse`.

use std::ops::RangeInclusive;

use crate::{ApiKey, DecodeError, Decoder, EncodeError, Encoder, ErrorCode, Message, Structure};

/// Body of a response; version 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetDeleteResponse {
    /// `error`
    pub error_code: ErrorCode,
    /// `int32 ignorable`
    pub throttle_time_ms: i32,
    /// `[OffsetDeleteResponseTopic]`
    pub topics: Vec<OffsetDeleteResponseTopic>,
}

impl Structure for OffsetDeleteResponse {
    const LEN_MIN: usize = 10;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.error_code(self.error_code);
        out.int32(self.throttle_time_ms);
        out.structures("topics", &self.topics, version, false)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.error_code = input.error_code("error_code")?;
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        self.topics = input.structures("topics", version, false)?;
        Ok(())
    }
}

/// Part of [`OffsetDeleteResponse`]; version 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetDeleteResponseTopic {
    /// `string`
    pub name: String,
    /// `[OffsetDeleteResponsePartition]`
    pub partitions: Vec<OffsetDeleteResponsePartition>,
}

impl Structure for OffsetDeleteResponseTopic {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.string("name", &self.name, false)?;
        out.structures("partitions", &self.partitions, version, false)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.name = input.string("name", false)?;
        self.partitions = input.structures("partitions", version, false)?;
        Ok(())
    }
}

/// Part of [`OffsetDeleteResponse`]; version 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetDeleteResponsePartition {
    /// `int32`
    pub partition_index: i32,
    /// `error`
    pub error_code: ErrorCode,
}

impl Structure for OffsetDeleteResponsePartition {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.partition_index);
        out.error_code(self.error_code);
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.partition_index = input.int32("partition_index")?;
        self.error_code = input.error_code("error_code")?;
        Ok(())
    }
}

impl Message for OffsetDeleteResponse {
    const NAME: &'static str = "OffsetDeleteResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

impl crate::Response for OffsetDeleteResponse {
    const KEY: ApiKey = ApiKey::OffsetDelete;
}
