// Written by `cargo ci codegen` from schema/metadata-records/producer_ids_record.schema.

//! `ProducerIdsRecord`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields};

/// A metadata record, type 15; version 0, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct ProducerIdsRecord {
    /// `int32`
    pub broker_id: i32,
    /// `int64 = -1`
    pub broker_epoch: i64,
    /// `int64`
    pub next_producer_id: i64,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ProducerIdsRecord {
    fn default() -> Self {
        Self {
            broker_id: 0,
            broker_epoch: -1,
            next_producer_id: 0,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for ProducerIdsRecord {
    const LEN_MIN: usize = 21;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.broker_id);
        out.int64(self.broker_epoch);
        out.int64(self.next_producer_id);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.broker_id = input.int32("broker_id")?;
        self.broker_epoch = input.int64("broker_epoch")?;
        self.next_producer_id = input.int64("next_producer_id")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for ProducerIdsRecord {
    const NAME: &'static str = "ProducerIdsRecord";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
