// Written by `cargo ci codegen` from schema/wire/get_telemetry_subscriptions_response.schema.

//! `GetTelemetrySubscriptionsResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, Encoder, ErrorCode, Message, Structure, TaggedFields, Uuid,
};

/// Body of a response; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GetTelemetrySubscriptionsResponse {
    /// `int32`
    pub throttle_time_ms: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `uuid`
    pub client_instance_id: Uuid,
    /// `int32`
    pub subscription_id: i32,
    /// `[int8]`
    pub accepted_compression_types: Vec<i8>,
    /// `int32`
    pub push_interval_ms: i32,
    /// `int32`
    pub telemetry_max_bytes: i32,
    /// `bool`
    pub delta_temporality: bool,
    /// `[string]`
    pub requested_metrics: Vec<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for GetTelemetrySubscriptionsResponse {
    const LEN_MIN: usize = 38;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int32(self.throttle_time_ms);
        out.error_code(self.error_code);
        out.uuid(self.client_instance_id);
        out.int32(self.subscription_id);
        out.array("accepted_compression_types", &self.accepted_compression_types, true)?;
        out.int32(self.push_interval_ms);
        out.int32(self.telemetry_max_bytes);
        out.bool(self.delta_temporality);
        out.array("requested_metrics", &self.requested_metrics, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        self.error_code = input.error_code("error_code")?;
        self.client_instance_id = input.uuid("client_instance_id")?;
        self.subscription_id = input.int32("subscription_id")?;
        self.accepted_compression_types = input.array("accepted_compression_types", true)?;
        self.push_interval_ms = input.int32("push_interval_ms")?;
        self.telemetry_max_bytes = input.int32("telemetry_max_bytes")?;
        self.delta_temporality = input.bool("delta_temporality")?;
        self.requested_metrics = input.array("requested_metrics", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for GetTelemetrySubscriptionsResponse {
    const NAME: &'static str = "GetTelemetrySubscriptionsResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

impl crate::Response for GetTelemetrySubscriptionsResponse {
    const KEY: ApiKey = ApiKey::GetTelemetrySubscriptions;
}
