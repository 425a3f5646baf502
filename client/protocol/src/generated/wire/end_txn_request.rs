// Written by `cargo ci codegen` from schema/wire/end_txn_request.schema.

//! `EndTxnRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
};

/// Body of a request; versions 0-5, flexible from 3.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EndTxnRequest {
    /// `string`
    pub transactional_id: String,
    /// `int64`
    pub producer_id: i64,
    /// `int16`
    pub producer_epoch: i16,
    /// `bool`
    pub committed: bool,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for EndTxnRequest {
    const LEN_MIN: usize = 13;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 3;
        out.string("transactional_id", &self.transactional_id, flexible)?;
        out.int64(self.producer_id);
        out.int16(self.producer_epoch);
        out.bool(self.committed);
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 3;
        self.transactional_id = input.string("transactional_id", flexible)?;
        self.producer_id = input.int64("producer_id")?;
        self.producer_epoch = input.int16("producer_epoch")?;
        self.committed = input.bool("committed")?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for EndTxnRequest {
    const NAME: &'static str = "EndTxnRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=5;
}

impl crate::Request for EndTxnRequest {
    const KEY: ApiKey = ApiKey::EndTxn;
    type Response = crate::EndTxnResponse;
}
