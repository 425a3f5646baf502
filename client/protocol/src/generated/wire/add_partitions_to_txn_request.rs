// Written by `cargo ci codegen` from schema/wire/add_partitions_to_txn_request.schema.

//! `AddPartitionsToTxnRequest`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
};

/// Body of a request; versions 0-5, flexible from 3.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AddPartitionsToTxnRequest {
    /// `[AddPartitionsToTxnTransaction] @4+`
    pub transactions: Vec<AddPartitionsToTxnTransaction>,
    /// `string @0-3`
    pub v3_and_below_transactional_id: String,
    /// `int64 @0-3`
    pub v3_and_below_producer_id: i64,
    /// `int16 @0-3`
    pub v3_and_below_producer_epoch: i16,
    /// `[AddPartitionsToTxnTopic] @0-3`
    pub v3_and_below_topics: Vec<AddPartitionsToTxnTopic>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for AddPartitionsToTxnRequest {
    const LEN_MIN: usize = 2;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 3;
        if version >= 4 {
            out.structures("transactions", &self.transactions, version, flexible)?;
        } else if !self.transactions.is_empty() {
            return Err(EncodeError::new("transactions", EncodeErrorKind::NotInVersion));
        }
        if version <= 3 {
            out.string("v3_and_below_transactional_id", &self.v3_and_below_transactional_id, flexible)?;
        } else if !self.v3_and_below_transactional_id.is_empty() {
            return Err(EncodeError::new("v3_and_below_transactional_id", EncodeErrorKind::NotInVersion));
        }
        if version <= 3 {
            out.int64(self.v3_and_below_producer_id);
        } else if self.v3_and_below_producer_id != 0 {
            return Err(EncodeError::new("v3_and_below_producer_id", EncodeErrorKind::NotInVersion));
        }
        if version <= 3 {
            out.int16(self.v3_and_below_producer_epoch);
        } else if self.v3_and_below_producer_epoch != 0 {
            return Err(EncodeError::new("v3_and_below_producer_epoch", EncodeErrorKind::NotInVersion));
        }
        if version <= 3 {
            out.structures("v3_and_below_topics", &self.v3_and_below_topics, version, flexible)?;
        } else if !self.v3_and_below_topics.is_empty() {
            return Err(EncodeError::new("v3_and_below_topics", EncodeErrorKind::NotInVersion));
        }
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 3;
        if version >= 4 {
            self.transactions = input.structures("transactions", version, flexible)?;
        }
        if version <= 3 {
            self.v3_and_below_transactional_id = input.string("v3_and_below_transactional_id", flexible)?;
            self.v3_and_below_producer_id = input.int64("v3_and_below_producer_id")?;
            self.v3_and_below_producer_epoch = input.int16("v3_and_below_producer_epoch")?;
            self.v3_and_below_topics = input.structures("v3_and_below_topics", version, flexible)?;
        }
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`AddPartitionsToTxnRequest`]; versions 4-5, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AddPartitionsToTxnTransaction {
    /// `string`
    pub transactional_id: String,
    /// `int64`
    pub producer_id: i64,
    /// `int16`
    pub producer_epoch: i16,
    /// `bool`
    pub verify_only: bool,
    /// `[AddPartitionsToTxnTopic]`
    pub topics: Vec<AddPartitionsToTxnTopic>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for AddPartitionsToTxnTransaction {
    const LEN_MIN: usize = 14;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.string("transactional_id", &self.transactional_id, true)?;
        out.int64(self.producer_id);
        out.int16(self.producer_epoch);
        out.bool(self.verify_only);
        out.structures("topics", &self.topics, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.transactional_id = input.string("transactional_id", true)?;
        self.producer_id = input.int64("producer_id")?;
        self.producer_epoch = input.int16("producer_epoch")?;
        self.verify_only = input.bool("verify_only")?;
        self.topics = input.structures("topics", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`AddPartitionsToTxnRequest`]; versions 0-5, flexible from 3.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AddPartitionsToTxnTopic {
    /// `string`
    pub name: String,
    /// `[int32]`
    pub partitions: Vec<i32>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for AddPartitionsToTxnTopic {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 3;
        out.string("name", &self.name, flexible)?;
        out.array("partitions", &self.partitions, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 3;
        self.name = input.string("name", flexible)?;
        self.partitions = input.array("partitions", flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for AddPartitionsToTxnRequest {
    const NAME: &'static str = "AddPartitionsToTxnRequest";
    const VERSIONS: RangeInclusive<i16> = 0..=5;
}

impl crate::Request for AddPartitionsToTxnRequest {
    const KEY: ApiKey = ApiKey::AddPartitionsToTxn;
    type Response = crate::AddPartitionsToTxnResponse;
}
