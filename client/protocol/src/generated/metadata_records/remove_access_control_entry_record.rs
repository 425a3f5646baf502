// Written by `cargo ci codegen` from schema/metadata-records/remove_access_control_entry_record.schema.

//! `RemoveAccessControlEntryRecord`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields, Uuid};

/// A metadata record, type 19; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RemoveAccessControlEntryRecord {
    /// `uuid`
    pub id: Uuid,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for RemoveAccessControlEntryRecord {
    const LEN_MIN: usize = 17;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.uuid(self.id);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.id = input.uuid("id")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for RemoveAccessControlEntryRecord {
    const NAME: &'static str = "RemoveAccessControlEntryRecord";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
