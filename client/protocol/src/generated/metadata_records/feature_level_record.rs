// Written by `cargo ci codegen` from schema/metadata-records/feature_level_record.schema.

//! `FeatureLevelRecord`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields};

/// A metadata record, type 12; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FeatureLevelRecord {
    /// `string`
    pub name: String,
    /// `int16`
    pub feature_level: i16,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for FeatureLevelRecord {
    const LEN_MIN: usize = 4;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("name", &self.name, true)?;
        out.int16(self.feature_level);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.name = input.string("name", true)?;
        self.feature_level = input.int16("feature_level")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for FeatureLevelRecord {
    const NAME: &'static str = "FeatureLevelRecord";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
