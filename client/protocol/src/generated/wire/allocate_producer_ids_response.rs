// Written by `cargo ci codegen` from schema/wire/allocate_producer_ids_response.schema.

//! `AllocateProducerIdsResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, Encoder, ErrorCode, Message, Structure, TaggedFields,
};

/// Body of a response; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AllocateProducerIdsResponse {
    /// `int32`
    pub throttle_time_ms: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `int64`
    pub producer_id_start: i64,
    /// `int32`
    pub producer_id_len: i32,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for AllocateProducerIdsResponse {
    const LEN_MIN: usize = 19;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.throttle_time_ms);
        out.error_code(self.error_code);
        out.int64(self.producer_id_start);
        out.int32(self.producer_id_len);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        self.error_code = input.error_code("error_code")?;
        self.producer_id_start = input.int64("producer_id_start")?;
        self.producer_id_len = input.int32("producer_id_len")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for AllocateProducerIdsResponse {
    const NAME: &'static str = "AllocateProducerIdsResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

impl crate::Response for AllocateProducerIdsResponse {
    const KEY: ApiKey = ApiKey::AllocateProducerIds;
}
