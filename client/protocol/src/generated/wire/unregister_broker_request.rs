// Written by `cargo ci codegen` from schema/wire/unregister_broker_request.schema.

//! `UnregisterBrokerRequest`.

use std::ops::RangeInclusive;

use crate::{ApiKey, DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields};

/// Body of a request; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UnregisterBrokerRequest {
    /// `int32`
    pub broker_id: i32,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for UnregisterBrokerRequest {
    const LEN_MIN: usize = 5;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.broker_id);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.broker_id = input.int32("broker_id")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for UnregisterBrokerRequest {
    const NAME: &'static str = "UnregisterBrokerRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

impl crate::Request for UnregisterBrokerRequest {
    const KEY: ApiKey = ApiKey::UnregisterBroker;
    type Response = crate::UnregisterBrokerResponse;
}
