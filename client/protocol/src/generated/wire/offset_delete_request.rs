// Written by `cargo ci codegen` from schema/wire/offset_delete_request.schema.

//! `OffsetDeleteRequest`.

use std::ops::RangeInclusive;

use crate::{ApiKey, DecodeError, Decoder, EncodeError, Encoder, Message, Structure};

/// Body of a request; version 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetDeleteRequest {
    /// `string`
    pub group_id: String,
    /// `[OffsetDeleteRequestTopic]`
    pub topics: Vec<OffsetDeleteRequestTopic>,
}

impl Structure for OffsetDeleteRequest {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.string("group_id", &self.group_id, false)?;
        out.structures("topics", &self.topics, version, false)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.group_id = input.string("group_id", false)?;
        self.topics = input.structures("topics", version, false)?;
        Ok(())
    }
}

/// Part of [`OffsetDeleteRequest`]; version 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetDeleteRequestTopic {
    /// `string`
    pub name: String,
    /// `[OffsetDeleteRequestPartition]`
    pub partitions: Vec<OffsetDeleteRequestPartition>,
}

impl Structure for OffsetDeleteRequestTopic {
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

/// Part of [`OffsetDeleteRequest`]; version 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetDeleteRequestPartition {
    /// `int32`
    pub partition_index: i32,
}

impl Structure for OffsetDeleteRequestPartition {
    const LEN_MIN: usize = 4;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.partition_index);
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.partition_index = input.int32("partition_index")?;
        Ok(())
    }
}

impl Message for OffsetDeleteRequest {
    const NAME: &'static str = "OffsetDeleteRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

impl crate::Request for OffsetDeleteRequest {
    const KEY: ApiKey = ApiKey::OffsetDelete;
    type Response = crate::OffsetDeleteResponse;
}
