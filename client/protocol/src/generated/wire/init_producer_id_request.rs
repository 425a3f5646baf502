// Written by `cargo ci codegen` from schema/wire/init_producer_id_request.schema.

//! `InitProducerIdRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
};

/// Body of a request; versions 0-6, flexible from 2.
#[derive(Clone, Debug, PartialEq)]
pub struct InitProducerIdRequest {
    /// `string?`
    pub transactional_id: Option<String>,
    /// `int32`
    pub transaction_timeout_ms: i32,
    /// `int64 = -1 @3+`
    pub producer_id: i64,
    /// `int16 = -1 @3+`
    pub producer_epoch: i16,
    /// `bool @6+`
    pub enable_2pc: bool,
    /// `bool @6+`
    pub keep_prepared_txn: bool,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for InitProducerIdRequest {
    fn default() -> Self {
        Self {
            transactional_id: Some(String::new()),
            transaction_timeout_ms: 0,
            producer_id: -1,
            producer_epoch: -1,
            enable_2pc: false,
            keep_prepared_txn: false,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for InitProducerIdRequest {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 2;
        out.nullable_string("transactional_id", self.transactional_id.as_deref(), flexible)?;
        out.int32(self.transaction_timeout_ms);
        if version >= 3 {
            out.int64(self.producer_id);
        } else if self.producer_id != -1 {
            return Err(EncodeError::new("producer_id", EncodeErrorKind::NotInVersion));
        }
        if version >= 3 {
            out.int16(self.producer_epoch);
        } else if self.producer_epoch != -1 {
            return Err(EncodeError::new("producer_epoch", EncodeErrorKind::NotInVersion));
        }
        if version >= 6 {
            out.bool(self.enable_2pc);
        } else if self.enable_2pc {
            return Err(EncodeError::new("enable_2pc", EncodeErrorKind::NotInVersion));
        }
        if version >= 6 {
            out.bool(self.keep_prepared_txn);
        } else if self.keep_prepared_txn {
            return Err(EncodeError::new("keep_prepared_txn", EncodeErrorKind::NotInVersion));
        }
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 2;
        self.transactional_id = input.nullable_string("transactional_id", flexible)?;
        self.transaction_timeout_ms = input.int32("transaction_timeout_ms")?;
        if version >= 3 {
            self.producer_id = input.int64("producer_id")?;
            self.producer_epoch = input.int16("producer_epoch")?;
        }
        if version >= 6 {
            self.enable_2pc = input.bool("enable_2pc")?;
            self.keep_prepared_txn = input.bool("keep_prepared_txn")?;
        }
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for InitProducerIdRequest {
    const NAME: &'static str = "InitProducerIdRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=6;
}

impl crate::Request for InitProducerIdRequest {
    const KEY: ApiKey = ApiKey::InitProducerId;
    type Response = crate::InitProducerIdResponse;
}
