// Written by `cargo ci codegen` from schema/metadata-records/begin_transaction_record.schema.

//! `BeginTransactionRecord`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields, TaggedWriter};

/// A metadata record, type 23; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BeginTransactionRecord {
    /// `string? = null tag(0)`
    pub name: Option<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for BeginTransactionRecord {
    const LEN_MIN: usize = 1;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        let mut tagged = TaggedWriter::default();
        if self.name.is_some() {
            let out = tagged.field(0);
            out.nullable_string("name", self.name.as_deref(), true)?;
        }
        tagged.finish(&self.unknown_tagged_fields, out)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        for _ in 0..input.tag_count()? {
            let tag = input.open_tag()?;
            match tag.number {
                0 => {
                    self.name = input.nullable_string("name", true)?;
                }
                _ => input.unknown_tag(&tag, &mut self.unknown_tagged_fields)?,
            }
            input.close_tag(tag)?;
        }
        Ok(())
    }
}

impl Message for BeginTransactionRecord {
    const NAME: &'static str = "BeginTransactionRecord";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
