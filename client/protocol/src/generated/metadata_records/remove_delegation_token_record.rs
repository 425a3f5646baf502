// Written by `cargo ci codegen` from schema/metadata-records/remove_delegation_token_record.schema.

//! `RemoveDelegationTokenRecord`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields};

/// A metadata record, type 26; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RemoveDelegationTokenRecord {
    /// `string`
    pub token_id: String,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for RemoveDelegationTokenRecord {
    const LEN_MIN: usize = 2;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("token_id", &self.token_id, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.token_id = input.string("token_id", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for RemoveDelegationTokenRecord {
    const NAME: &'static str = "RemoveDelegationTokenRecord";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
