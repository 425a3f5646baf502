// Written by `cargo ci codegen` from schema/wire/push_telemetry_request.schema.

//! `PushTelemetryRequest`.

use std::ops::RangeInclusive;

use bytes::Bytes;

use crate::{ApiKey, DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields, Uuid};

/// Body of a request; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PushTelemetryRequest {
    /// `uuid`
    pub client_instance_id: Uuid,
    /// `int32`
    pub subscription_id: i32,
    /// `bool`
    pub terminating: bool,
    /// `int8`
    pub compression_type: i8,
    /// `bytes`
    pub metrics: Bytes,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for PushTelemetryRequest {
    const LEN_MIN: usize = 24;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.uuid(self.client_instance_id);
        out.int32(self.subscription_id);
        out.bool(self.terminating);
        out.int8(self.compression_type);
        out.bytes("metrics", &self.metrics, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.client_instance_id = input.uuid("client_instance_id")?;
        self.subscription_id = input.int32("subscription_id")?;
        self.terminating = input.bool("terminating")?;
        self.compression_type = input.int8("compression_type")?;
        self.metrics = input.bytes("metrics", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for PushTelemetryRequest {
    const NAME: &'static str = "PushTelemetryRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

impl crate::Request for PushTelemetryRequest {
    const KEY: ApiKey = ApiKey::PushTelemetry;
    type Response = crate::PushTelemetryResponse;
}
