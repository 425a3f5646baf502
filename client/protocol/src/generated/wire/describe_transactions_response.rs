// Written by `cargo ci codegen` from schema/wire/describe_transactions_response.schema.

//! `DescribeTransactionsResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, Encoder, ErrorCode, Message, Structure, TaggedFields,
};

/// Body of a response; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribeTransactionsResponse {
    /// `int32`
    pub throttle_time_ms: i32,
    /// `[TransactionState]`
    pub transaction_states: Vec<TransactionState>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for DescribeTransactionsResponse {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.throttle_time_ms);
        out.structures("transaction_states", &self.transaction_states, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        self.transaction_states = input.structures("transaction_states", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`DescribeTransactionsResponse`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TransactionState {
    /// `error`
    pub error_code: ErrorCode,
    /// `string`
    pub transactional_id: String,
    /// `string`
    pub transaction_state: String,
    /// `int32`
    pub transaction_timeout_ms: i32,
    /// `int64`
    pub transaction_start_time_ms: i64,
    /// `int64`
    pub producer_id: i64,
    /// `int16`
    pub producer_epoch: i16,
    /// `[TopicData]`
    pub topics: Vec<TopicData>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for TransactionState {
    const LEN_MIN: usize = 28;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.error_code(self.error_code);
        out.string("transactional_id", &self.transactional_id, true)?;
        out.string("transaction_state", &self.transaction_state, true)?;
        out.int32(self.transaction_timeout_ms);
        out.int64(self.transaction_start_time_ms);
        out.int64(self.producer_id);
        out.int16(self.producer_epoch);
        out.structures("topics", &self.topics, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.error_code = input.error_code("error_code")?;
        self.transactional_id = input.string("transactional_id", true)?;
        self.transaction_state = input.string("transaction_state", true)?;
        self.transaction_timeout_ms = input.int32("transaction_timeout_ms")?;
        self.transaction_start_time_ms = input.int64("transaction_start_time_ms")?;
        self.producer_id = input.int64("producer_id")?;
        self.producer_epoch = input.int16("producer_epoch")?;
        self.topics = input.structures("topics", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`DescribeTransactionsResponse`]; version 0, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicData {
    /// `string`
    pub topic: String,
    /// `[int32]`
    pub partitions: Vec<i32>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for TopicData {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("topic", &self.topic, true)?;
        out.array("partitions", &self.partitions, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.topic = input.string("topic", true)?;
        self.partitions = input.array("partitions", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for DescribeTransactionsResponse {
    const NAME: &'static str = "DescribeTransactionsResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

impl crate::Response for DescribeTransactionsResponse {
    const KEY: ApiKey = ApiKey::DescribeTransactions;
}
