// Written by `cargo ci codegen` from schema/metadata-records/end_transaction_record.schema.

//! `EndTransactionRecord`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields};

/// A metadata record, type 24; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EndTransactionRecord {
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for EndTransactionRecord {
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

impl Message for EndTransactionRecord {
    const NAME: &'static str = "EndTransactionRecord";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
