// Written by `cargo ci codegen` from schema/wire/describe_producers_response.schema.

//! `DescribeProducersResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, Encoder, ErrorCode, Message, Structure, TaggedFields,
};

/// Body of a response; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribeProducersResponse {
    /// `int32`
    pub throttle_time_ms: i32,
    /// `[TopicResponse]`
    pub topics: Vec<TopicResponse>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for DescribeProducersResponse {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.throttle_time_ms);
        out.structures("topics", &self.topics, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        self.topics = input.structures("topics", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`DescribeProducersResponse`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicResponse {
    /// `string`
    pub name: String,
    /// `[PartitionResponse]`
    pub partitions: Vec<PartitionResponse>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for TopicResponse {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.string("name", &self.name, true)?;
        out.structures("partitions", &self.partitions, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.name = input.string("name", true)?;
        self.partitions = input.structures("partitions", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`DescribeProducersResponse`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartitionResponse {
    /// `int32`
    pub partition_index: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `string? = null`
    pub error_message: Option<String>,
    /// `[ProducerState]`
    pub active_producers: Vec<ProducerState>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for PartitionResponse {
    const LEN_MIN: usize = 9;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.partition_index);
        out.error_code(self.error_code);
        out.nullable_string("error_message", self.error_message.as_deref(), true)?;
        out.structures("active_producers", &self.active_producers, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.partition_index = input.int32("partition_index")?;
        self.error_code = input.error_code("error_code")?;
        self.error_message = input.nullable_string("error_message", true)?;
        self.active_producers = input.structures("active_producers", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`DescribeProducersResponse`]; version 0, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct ProducerState {
    /// `int64`
    pub producer_id: i64,
    /// `int32`
    pub producer_epoch: i32,
    /// `int32 = -1`
    pub last_sequence: i32,
    /// `int64 = -1`
    pub last_timestamp: i64,
    /// `int32`
    pub coordinator_epoch: i32,
    /// `int64 = -1`
    pub current_txn_start_offset: i64,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ProducerState {
    fn default() -> Self {
        Self {
            producer_id: 0,
            producer_epoch: 0,
            last_sequence: -1,
            last_timestamp: -1,
            coordinator_epoch: 0,
            current_txn_start_offset: -1,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for ProducerState {
    const LEN_MIN: usize = 37;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.int64(self.producer_id);
        out.int32(self.producer_epoch);
        out.int32(self.last_sequence);
        out.int64(self.last_timestamp);
        out.int32(self.coordinator_epoch);
        out.int64(self.current_txn_start_offset);
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.producer_id = input.int64("producer_id")?;
        self.producer_epoch = input.int32("producer_epoch")?;
        self.last_sequence = input.int32("last_sequence")?;
        self.last_timestamp = input.int64("last_timestamp")?;
        self.coordinator_epoch = input.int32("coordinator_epoch")?;
        self.current_txn_start_offset = input.int64("current_txn_start_offset")?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for DescribeProducersResponse {
    const NAME: &'static str = "DescribeProducersResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

impl crate::Response for DescribeProducersResponse {
    const KEY: ApiKey = ApiKey::DescribeProducers;
}
