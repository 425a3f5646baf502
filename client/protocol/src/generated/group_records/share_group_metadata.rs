// Written by `cargo ci codegen` from schema/group-records/share_group_metadata.schema.

//! `ShareGroupMetadataKey` and `ShareGroupMetadataValue`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields};

/// Key of a record, type 11; version 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShareGroupMetadataKey {
    /// `string`
    pub group_id: String,
}

impl Structure for ShareGroupMetadataKey {
    const LEN_MIN: usize = 2;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("group_id", &self.group_id, false)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.group_id = input.string("group_id", false)?;
        Ok(())
    }
}

impl Message for ShareGroupMetadataKey {
    const NAME: &'static str = "ShareGroupMetadataKey";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

/// Value of a record, type 11; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShareGroupMetadataValue {
    /// `int32`
    pub epoch: i32,
    /// `int64`
    pub metadata_hash: i64,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ShareGroupMetadataValue {
    const LEN_MIN: usize = 13;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.epoch);
        out.int64(self.metadata_hash);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.epoch = input.int32("epoch")?;
        self.metadata_hash = input.int64("metadata_hash")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for ShareGroupMetadataValue {
    const NAME: &'static str = "ShareGroupMetadataValue";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
