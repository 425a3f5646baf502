// Written by `cargo ci codegen` from schema/metadata-records/abort_transaction_record.schema.

//! `AbortTransactionRecord`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields, TaggedWriter};

/// A metadata record, type 25; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AbortTransactionRecord {
    /// `string? = null tag(0)`
    pub reason: Option<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for AbortTransactionRecord {
    const LEN_MIN: usize = 1;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        let mut tagged = TaggedWriter::default();
        if self.reason.is_some() {
            let out = tagged.field(0);
            out.nullable_string("reason", self.reason.as_deref(), true)?;
        }
        tagged.finish(&self.unknown_tagged_fields, out)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        for _ in 0..input.tag_count()? {
            let tag = input.open_tag()?;
            match tag.number {
                0 => {
                    self.reason = input.nullable_string("reason", true)?;
                }
                _ => input.unknown_tag(&tag, &mut self.unknown_tagged_fields)?,
            }
            input.close_tag(tag)?;
        }
        Ok(())
    }
}

impl Message for AbortTransactionRecord {
    const NAME: &'static str = "AbortTransactionRecord";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
