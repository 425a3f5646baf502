// Written by `cargo ci codegen` from schema/metadata-records/unregister_controller_record.schema.

//! `UnregisterControllerRecord`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields};

/// A metadata record, type 29; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UnregisterControllerRecord {
    /// `int32`
    pub controller_id: i32,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for UnregisterControllerRecord {
    const LEN_MIN: usize = 5;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.controller_id);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.controller_id = input.int32("controller_id")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for UnregisterControllerRecord {
    const NAME: &'static str = "UnregisterControllerRecord";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
