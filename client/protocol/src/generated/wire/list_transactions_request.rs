// Written by `cargo ci codegen` from schema/wire/list_transactions_request.schema.

//! `ListTransactionsRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
};

/// Body of a request; versions 0-2, flexible.
#[derive(Clone, Debug, PartialEq)]
pub struct ListTransactionsRequest {
    /// `[string]`
    pub state_filters: Vec<String>,
    /// `[int64]`
    pub producer_id_filters: Vec<i64>,
    /// `int64 = -1 @1+`
    pub duration_filter: i64,
    /// `string? = null @2+`
    pub transactional_id_pattern: Option<String>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ListTransactionsRequest {
    fn default() -> Self {
        Self {
            state_filters: Vec::new(),
            producer_id_filters: Vec::new(),
            duration_filter: -1,
            transactional_id_pattern: None,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for ListTransactionsRequest {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.array("state_filters", &self.state_filters, true)?;
        out.array("producer_id_filters", &self.producer_id_filters, true)?;
        if version >= 1 {
            out.int64(self.duration_filter);
        } else if self.duration_filter != -1 {
            return Err(EncodeError::new("duration_filter", EncodeErrorKind::NotInVersion));
        }
        if version >= 2 {
            out.nullable_string("transactional_id_pattern", self.transactional_id_pattern.as_deref(), true)?;
        } else if self.transactional_id_pattern.is_some() {
            return Err(EncodeError::new("transactional_id_pattern", EncodeErrorKind::NotInVersion));
        }
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.state_filters = input.array("state_filters", true)?;
        self.producer_id_filters = input.array("producer_id_filters", true)?;
        if version >= 1 {
            self.duration_filter = input.int64("duration_filter")?;
        }
        if version >= 2 {
            self.transactional_id_pattern = input.nullable_string("transactional_id_pattern", true)?;
        }
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

impl Message for ListTransactionsRequest {
    const NAME: &'static str = "ListTransactionsRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=2;
}

impl crate::Request for ListTransactionsRequest {
    const KEY: ApiKey = ApiKey::ListTransactions;
    type Response = crate::ListTransactionsResponse;
}
