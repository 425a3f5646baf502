// Written by `cargo ci codegen` from schema/wire/write_txn_markers_response.schema.

//! `WriteTxnMarkersResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, Encoder, ErrorCode, Message, Structure, TaggedFields,
};

/// Body of a response; versions 1-2, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WriteTxnMarkersResponse {
    /// `[WritableTxnMarkerResult]`
    pub markers: Vec<WritableTxnMarkerResult>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for WriteTxnMarkersResponse {
    const LEN_MIN: usize = 2;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.structures("markers", &self.markers, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.markers = input.structures("markers", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`WriteTxnMarkersResponse`]; versions 1-2, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WritableTxnMarkerResult {
    /// `int64`
    pub producer_id: i64,
    /// `[WritableTxnMarkerTopicResult]`
    pub topics: Vec<WritableTxnMarkerTopicResult>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for WritableTxnMarkerResult {
    const LEN_MIN: usize = 10;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int64(self.producer_id);
        out.structures("topics", &self.topics, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.producer_id = input.int64("producer_id")?;
        self.topics = input.structures("topics", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`WriteTxnMarkersResponse`]; versions 1-2, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WritableTxnMarkerTopicResult {
    /// `string`
    pub name: String,
    /// `[WritableTxnMarkerPartitionResult]`
    pub partitions: Vec<WritableTxnMarkerPartitionResult>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for WritableTxnMarkerTopicResult {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.string("name", &self.name, true)?;
        out.structures("partitions", &self.partitions, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.name = input.string("name", true)?;
        self.partitions = input.structures("partitions", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`WriteTxnMarkersResponse`]; versions 1-2, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WritableTxnMarkerPartitionResult {
    /// `int32`
    pub partition_index: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for WritableTxnMarkerPartitionResult {
    const LEN_MIN: usize = 7;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.partition_index);
        out.error_code(self.error_code);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.partition_index = input.int32("partition_index")?;
        self.error_code = input.error_code("error_code")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for WriteTxnMarkersResponse {
    const NAME: &'static str = "WriteTxnMarkersResponse";
    const VERSIONS: RangeInclusive<i16> = 1..=2;
}

impl crate::Response for WriteTxnMarkersResponse {
    const KEY: ApiKey = ApiKey::WriteTxnMarkers;
}
