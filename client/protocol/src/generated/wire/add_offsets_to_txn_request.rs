// Written by `cargo ci codegen` from schema/wire/add_offsets_to_txn_request.schema.

//! `AddOffsetsToTxnRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
};

/// Body of a request; versions 0-4, flexible from 3.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AddOffsetsToTxnRequest {
    /// `string`
    pub transactional_id: String,
    /// `int64`
    pub producer_id: i64,
    /// `int16`
    pub producer_epoch: i16,
    /// `string`
    pub group_id: String,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for AddOffsetsToTxnRequest {
    const LEN_MIN: usize = 13;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 3;
        out.string("transactional_id", &self.transactional_id, flexible)?;
        out.int64(self.producer_id);
        out.int16(self.producer_epoch);
        out.string("group_id", &self.group_id, flexible)?;
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
        self.group_id = input.string("group_id", flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for AddOffsetsToTxnRequest {
    const NAME: &'static str = "AddOffsetsToTxnRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=4;
}

impl crate::Request for AddOffsetsToTxnRequest {
    const KEY: ApiKey = ApiKey::AddOffsetsToTxn;
    type Response = crate::AddOffsetsToTxnResponse;
}
