// Written by `cargo ci codegen` from schema/wire/envelope_request.schema.

//! `EnvelopeRequest`.

use std::ops::RangeInclusive;

use bytes::Bytes;

use crate::{ApiKey, DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields};

/// Body of a request; version 0, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct EnvelopeRequest {
    /// `bytes`
    pub request_data: Bytes,
    /// `bytes?`
    pub request_principal: Option<Bytes>,
    /// `bytes`
    pub client_host_address: Bytes,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for EnvelopeRequest {
    fn default() -> Self {
        Self {
            request_data: Bytes::new(),
            request_principal: Some(Bytes::new()),
            client_host_address: Bytes::new(),
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for EnvelopeRequest {
    const LEN_MIN: usize = 4;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.bytes("request_data", &self.request_data, true)?;
        out.nullable_bytes("request_principal", self.request_principal.as_ref(), true)?;
        out.bytes("client_host_address", &self.client_host_address, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.request_data = input.bytes("request_data", true)?;
        self.request_principal = input.nullable_bytes("request_principal", true)?;
        self.client_host_address = input.bytes("client_host_address", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for EnvelopeRequest {
    const NAME: &'static str = "EnvelopeRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

impl crate::Request for EnvelopeRequest {
    const KEY: ApiKey = ApiKey::Envelope;
    type Response = crate::EnvelopeResponse;
}
