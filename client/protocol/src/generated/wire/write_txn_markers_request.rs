// Written by `cargo ci codegen` from schema/wire/write_txn_markers_request.schema.

//! `WriteTxnMarkersRequest`.

use std::ops::RangeInclusive;

use crate::{ApiKey, DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields};

/// Body of a request; versions 1-2, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WriteTxnMarkersRequest {
    /// `[WritableTxnMarker]`
    pub markers: Vec<WritableTxnMarker>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for WriteTxnMarkersRequest {
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

/// Part of [`WriteTxnMarkersRequest`]; versions 1-2, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WritableTxnMarker {
    /// `int64`
    pub producer_id: i64,
    /// `int16`
    pub producer_epoch: i16,
    /// `bool`
    pub transaction_result: bool,
    /// `[WritableTxnMarkerTopic]`
    pub topics: Vec<WritableTxnMarkerTopic>,
    /// `int32`
    pub coordinator_epoch: i32,
    /// `int8 @2+ ignorable`
    pub transaction_version: i8,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for WritableTxnMarker {
    const LEN_MIN: usize = 17;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int64(self.producer_id);
        out.int16(self.producer_epoch);
        out.bool(self.transaction_result);
        out.structures("topics", &self.topics, version, true)?;
        out.int32(self.coordinator_epoch);
        if version >= 2 {
            out.int8(self.transaction_version);
        }
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.producer_id = input.int64("producer_id")?;
        self.producer_epoch = input.int16("producer_epoch")?;
        self.transaction_result = input.bool("transaction_result")?;
        self.topics = input.structures("topics", version, true)?;
        self.coordinator_epoch = input.int32("coordinator_epoch")?;
        if version >= 2 {
            self.transaction_version = input.int8("transaction_version")?;
        }
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`WriteTxnMarkersRequest`]; versions 1-2, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WritableTxnMarkerTopic {
    /// `string`
    pub name: String,
    /// `[int32]`
    pub partition_indexes: Vec<i32>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for WritableTxnMarkerTopic {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("name", &self.name, true)?;
        out.array("partition_indexes", &self.partition_indexes, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.name = input.string("name", true)?;
        self.partition_indexes = input.array("partition_indexes", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for WriteTxnMarkersRequest {
    const NAME: &'static str = "WriteTxnMarkersRequest";
    const VERSIONS: RangeInclusive<i16> = 1..=2;
}

impl crate::Request for WriteTxnMarkersRequest {
    const KEY: ApiKey = ApiKey::WriteTxnMarkers;
    type Response = crate::WriteTxnMarkersResponse;
}
