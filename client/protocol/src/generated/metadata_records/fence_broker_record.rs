// Written by `cargo ci codegen` from schema/metadata-records/fence_broker_record.schema.

//! `FenceBrokerRecord`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields};

/// A metadata record, type 7; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FenceBrokerRecord {
    /// `int32`
    pub id: i32,
    /// `int64`
    pub epoch: i64,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for FenceBrokerRecord {
    const LEN_MIN: usize = 13;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.id);
        out.int64(self.epoch);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.id = input.int32("id")?;
        self.epoch = input.int64("epoch")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for FenceBrokerRecord {
    const NAME: &'static str = "FenceBrokerRecord";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
