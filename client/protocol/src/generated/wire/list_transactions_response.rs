// Written by `cargo ci codegen` from schema/wire/list_transactions_response.schema.

//! `ListTransactionsResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, Encoder, ErrorCode, Message, Structure, TaggedFields,
};

/// Body of a response; versions 0-2, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListTransactionsResponse {
    /// `int32`
    pub throttle_time_ms: i32,
    /// `error`
    pub error_code: ErrorCode,
    /// `[string]`
    pub unknown_state_filters: Vec<String>,
    /// `[TransactionState]`
    pub transaction_states: Vec<TransactionState>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for ListTransactionsResponse {
    const LEN_MIN: usize = 9;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.int32(self.throttle_time_ms);
        out.error_code(self.error_code);
        out.array("unknown_state_filters", &self.unknown_state_filters, true)?;
        out.structures("transaction_states", &self.transaction_states, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        self.error_code = input.error_code("error_code")?;
        self.unknown_state_filters = input.array("unknown_state_filters", true)?;
        self.transaction_states = input.structures("transaction_states", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`ListTransactionsResponse`]; versions 0-2, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TransactionState {
    /// `string`
    pub transactional_id: String,
    /// `int64`
    pub producer_id: i64,
    /// `string`
    pub transaction_state: String,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for TransactionState {
    const LEN_MIN: usize = 11;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("transactional_id", &self.transactional_id, true)?;
        out.int64(self.producer_id);
        out.string("transaction_state", &self.transaction_state, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.transactional_id = input.string("transactional_id", true)?;
        self.producer_id = input.int64("producer_id")?;
        self.transaction_state = input.string("transaction_state", true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for ListTransactionsResponse {
    const NAME: &'static str = "ListTransactionsResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=2;
}

impl crate::Response for ListTransactionsResponse {
    const KEY: ApiKey = ApiKey::ListTransactions;
}
