// Written by `cargo ci codegen` from schema/group-records/consumer_group_metadata.schema.

//! `ConsumerGroupMetadataKey` and `ConsumerGroupMetadataValue`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields, TaggedWriter};

/// Key of a record, type 3; version 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConsumerGroupMetadataKey {
    /// `string`
    pub group_id: String,
}

impl Structure for ConsumerGroupMetadataKey {
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

impl Message for ConsumerGroupMetadataKey {
    const NAME: &'static str = "ConsumerGroupMetadataKey";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

/// Value of a record, type 3; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConsumerGroupMetadataValue {
    /// `int32`
    pub epoch: i32,
    /// `int64 tag(0)`
    pub metadata_hash: i64,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ConsumerGroupMetadataValue {
    const LEN_MIN: usize = 5;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.epoch);
        let mut tagged = TaggedWriter::default();
        if self.metadata_hash != 0 {
            let out = tagged.field(0);
            out.int64(self.metadata_hash);
        }
        tagged.finish(&self.unknown_tagged_fields, out)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.epoch = input.int32("epoch")?;
        for _ in 0..input.tag_count()? {
            let tag = input.open_tag()?;
            match tag.number {
                0 => {
                    self.metadata_hash = input.int64("metadata_hash")?;
                }
                _ => input.unknown_tag(&tag, &mut self.unknown_tagged_fields)?,
            }
            input.close_tag(tag)?;
        }
        Ok(())
    }
}

impl Message for ConsumerGroupMetadataValue {
    const NAME: &'static str = "ConsumerGroupMetadataValue";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
