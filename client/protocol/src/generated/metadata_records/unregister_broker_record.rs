// Written by `cargo ci codegen` from schema/metadata-records/unregister_broker_record.schema.

//! `UnregisterBrokerRecord`.

use std::ops::RangeInclusive;

use crate::{DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields};

/// A metadata record, type 1; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UnregisterBrokerRecord {
    /// `int32`
    pub broker_id: i32,
    /// `int64`
    pub broker_epoch: i64,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for UnregisterBrokerRecord {
    const LEN_MIN: usize = 13;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.broker_id);
        out.int64(self.broker_epoch);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.broker_id = input.int32("broker_id")?;
        self.broker_epoch = input.int64("broker_epoch")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for UnregisterBrokerRecord {
    const NAME: &'static str = "UnregisterBrokerRecord";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}
