// Written by `cargo ci codegen` from schema/wire/control_record_type_schema.schema.

//! `ControlRecordTypeSchema`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure};

/// A message of its own; version 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ControlRecordTypeSchema {
    /// `int16`
    pub r#type: i16,
}

impl Structure for ControlRecordTypeSchema {
    const LEN_MIN: usize = 2;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int16(self.r#type);
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.r#type = input.int16("type")?;
        Ok(())
    }
}

impl Message for ControlRecordTypeSchema {
    const NAME: &'static str = "ControlRecordTypeSchema";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
