// Written by `cargo ci codegen` from schema/wire/get_telemetry_subscriptions_request.schema.

//! `GetTelemetrySubscriptionsRequest`.

use std::ops::RangeInclusive;

use crate::{ApiKey, DecodeError, Decoder, EncodeError, Encoder, Message, Structure, TaggedFields, Uuid};

/// Body of a request; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GetTelemetrySubscriptionsRequest {
    /// `uuid`
    pub client_instance_id: Uuid,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for GetTelemetrySubscriptionsRequest {
    const LEN_MIN: usize = 17;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.uuid(self.client_instance_id);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.client_instance_id = input.uuid("client_instance_id")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for GetTelemetrySubscriptionsRequest {
    const NAME: &'static str = "GetTelemetrySubscriptionsRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

impl crate::Request for GetTelemetrySubscriptionsRequest {
    const KEY: ApiKey = ApiKey::GetTelemetrySubscriptions;
    type Response = crate::GetTelemetrySubscriptionsResponse;
}
