// Written by `cargo ci codegen` from schema/metadata-records/no_op_record.schema.

//! `NoOpRecord`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields};

/// A metadata record, type 20; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NoOpRecord {
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for NoOpRecord {
    const LEN_MIN: usize = 1;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for NoOpRecord {
    const NAME: &'static str = "NoOpRecord";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
