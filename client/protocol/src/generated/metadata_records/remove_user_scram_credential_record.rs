// Written by `cargo ci codegen` from schema/metadata-records/remove_user_scram_credential_record.schema.

//! `RemoveUserScramCredentialRecord`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields};

/// A metadata record, type 22; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RemoveUserScramCredentialRecord {
    /// `string`
    pub name: String,
    /// `int8`
    pub mechanism: i8,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for RemoveUserScramCredentialRecord {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("name", &self.name, true)?;
        out.int8(self.mechanism);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.name = input.string("name", true)?;
        self.mechanism = input.int8("mechanism")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for RemoveUserScramCredentialRecord {
    const NAME: &'static str = "RemoveUserScramCredentialRecord";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
