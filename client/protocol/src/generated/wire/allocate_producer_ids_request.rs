// Written by `cargo ci codegen` from schema/wire/allocate_producer_ids_request.schema.

//! `AllocateProducerIdsRequest`.

use std::ops::RangeInclusive;

use crate::{ApiKey, DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields};

/// Body of a request; version 0, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct AllocateProducerIdsRequest {
    /// `int32`
    pub broker_id: i32,
    /// `int64 = -1`
    pub broker_epoch: i64,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for AllocateProducerIdsRequest {
    fn default() -> Self {
        Self { broker_id: 0, broker_epoch: -1, unknown_tagged_fields: TaggedFields::new() }
    }
}

impl Structure for AllocateProducerIdsRequest {
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

impl Message for AllocateProducerIdsRequest {
    const NAME: &'static str = "AllocateProducerIdsRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

impl crate::Request for AllocateProducerIdsRequest {
    const KEY: ApiKey = ApiKey::AllocateProducerIds;
    type Response = crate::AllocateProducerIdsResponse;
}
