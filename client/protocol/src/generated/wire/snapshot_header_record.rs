// Written by `cargo ci codegen` from schema/wire/snapshot_header_record.schema.

//! `SnapshotHeaderRecord`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields};

/// A message of its own; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SnapshotHeaderRecord {
    /// `int16`
    pub version: i16,
    /// `int64`
    pub last_contained_log_timestamp: i64,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for SnapshotHeaderRecord {
    const LEN_MIN: usize = 11;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int16(self.version);
        out.int64(self.last_contained_log_timestamp);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.version = input.int16("version")?;
        self.last_contained_log_timestamp = input.int64("last_contained_log_timestamp")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for SnapshotHeaderRecord {
    const NAME: &'static str = "SnapshotHeaderRecord";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
