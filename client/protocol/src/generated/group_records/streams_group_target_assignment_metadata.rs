// Written by `cargo ci codegen` from schema/group-records/streams_group_target_assignment_metadata.schema.

//! `StreamsGroupTargetAssignmentMetadataKey` and `StreamsGroupTargetAssignmentMetadataValue`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields, TaggedWriter};

/// Key of a record, type 20; version 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreamsGroupTargetAssignmentMetadataKey {
    /// `string`
    pub group_id: String,
}

impl Structure for StreamsGroupTargetAssignmentMetadataKey {
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

impl Message for StreamsGroupTargetAssignmentMetadataKey {
    const NAME: &'static str = "StreamsGroupTargetAssignmentMetadataKey";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

/// Value of a record, type 20; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreamsGroupTargetAssignmentMetadataValue {
    /// `int32`
    pub assignment_epoch: i32,
    /// `int64 tag(0) ignorable`
    pub assignment_timestamp: i64,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for StreamsGroupTargetAssignmentMetadataValue {
    const LEN_MIN: usize = 5;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.assignment_epoch);
        let mut tagged = TaggedWriter::default();
        if self.assignment_timestamp != 0 {
            let out = tagged.field(0);
            out.int64(self.assignment_timestamp);
        }
        tagged.finish(&self.unknown_tagged_fields, out)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.assignment_epoch = input.int32("assignment_epoch")?;
        for _ in 0..input.tag_count()? {
            let tag = input.open_tag()?;
            match tag.number {
                0 => {
                    self.assignment_timestamp = input.int64("assignment_timestamp")?;
                }
                _ => input.unknown_tag(&tag, &mut self.unknown_tagged_fields)?,
            }
            input.close_tag(tag)?;
        }
        Ok(())
    }
}

impl Message for StreamsGroupTargetAssignmentMetadataValue {
    const NAME: &'static str = "StreamsGroupTargetAssignmentMetadataValue";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
