// Written by `cargo ci codegen` from schema/transaction-records/transaction_log.schema.

//! `TransactionLogKey` and `TransactionLogValue`.

use std::ops::RangeInclusive;

use crate::{
    DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, Message, Structure, TaggedFields,
    TaggedWriter,
};

/// Key of a record, type 0; version 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TransactionLogKey {
    /// `string`
    pub transactional_id: String,
}

impl Structure for TransactionLogKey {
    const LEN_MIN: usize = 2;

    fn write(&self, out: &mut Encoder, _version: i16) -> Result<(), EncodeError> {
        out.string("transactional_id", &self.transactional_id, false)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, _version: i16) -> Result<(), DecodeError> {
        self.transactional_id = input.string("transactional_id", false)?;
        Ok(())
    }
}

impl Message for TransactionLogKey {
    const NAME: &'static str = "TransactionLogKey";
    const VERSIONS: RangeInclusive<i16> = 0..=0;
}

/// Value of a record, type 0; versions 0-1, flexible from 1.
#[derive(Clone, Debug, PartialEq)]
pub struct TransactionLogValue {
    /// `int64`
    pub producer_id: i64,
    /// `int64 = -1 @1+ tag(0)`
    pub previous_producer_id: i64,
    /// `int64 = -1 @1+ tag(1)`
    pub next_producer_id: i64,
    /// `int16`
    pub producer_epoch: i16,
    /// `int16 = -1 @1+ tag(3)`
    pub next_producer_epoch: i16,
    /// `int32`
    pub transaction_timeout_ms: i32,
    /// `int8`
    pub transaction_status: i8,
    /// `[PartitionsSchema]?`
    pub transaction_partitions: Option<Vec<PartitionsSchema>>,
    /// `int64`
    pub transaction_last_update_timestamp_ms: i64,
    /// `int64`
    pub transaction_start_timestamp_ms: i64,
    /// `int16 @1+ tag(2)`
    pub client_transaction_version: i16,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for TransactionLogValue {
    fn default() -> Self {
        Self {
            producer_id: 0,
            previous_producer_id: -1,
            next_producer_id: -1,
            producer_epoch: 0,
            next_producer_epoch: -1,
            transaction_timeout_ms: 0,
            transaction_status: 0,
            transaction_partitions: Some(Vec::new()),
            transaction_last_update_timestamp_ms: 0,
            transaction_start_timestamp_ms: 0,
            client_transaction_version: 0,
            unknown_tagged_fields: TaggedFields::new(),
        }
    }
}

impl Structure for TransactionLogValue {
    const LEN_MIN: usize = 33;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 1;
        out.int64(self.producer_id);
        if version < 1 && self.previous_producer_id != -1 {
            return Err(EncodeError::new("previous_producer_id", EncodeErrorKind::NotInVersion));
        }
        if version < 1 && self.next_producer_id != -1 {
            return Err(EncodeError::new("next_producer_id", EncodeErrorKind::NotInVersion));
        }
        out.int16(self.producer_epoch);
        if version < 1 && self.next_producer_epoch != -1 {
            return Err(EncodeError::new("next_producer_epoch", EncodeErrorKind::NotInVersion));
        }
        out.int32(self.transaction_timeout_ms);
        out.int8(self.transaction_status);
        out.nullable_structures(
            "transaction_partitions",
            self.transaction_partitions.as_deref(),
            version,
            flexible,
        )?;
        out.int64(self.transaction_last_update_timestamp_ms);
        out.int64(self.transaction_start_timestamp_ms);
        if version < 1 && self.client_transaction_version != 0 {
            return Err(EncodeError::new("client_transaction_version", EncodeErrorKind::NotInVersion));
        }
        if flexible {
            let mut tagged = TaggedWriter::default();
            if self.previous_producer_id != -1 {
                let out = tagged.field(0);
                out.int64(self.previous_producer_id);
            }
            if self.next_producer_id != -1 {
                let out = tagged.field(1);
                out.int64(self.next_producer_id);
            }
            if self.client_transaction_version != 0 {
                let out = tagged.field(2);
                out.int16(self.client_transaction_version);
            }
            if self.next_producer_epoch != -1 {
                let out = tagged.field(3);
                out.int16(self.next_producer_epoch);
            }
            tagged.finish(&self.unknown_tagged_fields, out)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 1;
        self.producer_id = input.int64("producer_id")?;
        self.producer_epoch = input.int16("producer_epoch")?;
        self.transaction_timeout_ms = input.int32("transaction_timeout_ms")?;
        self.transaction_status = input.int8("transaction_status")?;
        self.transaction_partitions =
            input.nullable_structures("transaction_partitions", version, flexible)?;
        self.transaction_last_update_timestamp_ms = input.int64("transaction_last_update_timestamp_ms")?;
        self.transaction_start_timestamp_ms = input.int64("transaction_start_timestamp_ms")?;
        if flexible {
            for _ in 0..input.tag_count()? {
                let tag = input.open_tag()?;
                match tag.number {
                    0 => {
                        self.previous_producer_id = input.int64("previous_producer_id")?;
                    }
                    1 => {
                        self.next_producer_id = input.int64("next_producer_id")?;
                    }
                    2 => {
                        self.client_transaction_version = input.int16("client_transaction_version")?;
                    }
                    3 => {
                        self.next_producer_epoch = input.int16("next_producer_epoch")?;
                    }
                    _ => input.unknown_tag(&tag, &mut self.unknown_tagged_fields)?,
                }
                input.close_tag(tag)?;
            }
        }
        Ok(())
    }
}

/// Part of [`TransactionLogValue`]; versions 0-1, flexible from 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartitionsSchema {
    /// `string`
    pub topic: String,
    /// `[int32]`
    pub partition_ids: Vec<i32>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for PartitionsSchema {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 1;
        out.string("topic", &self.topic, flexible)?;
        out.array("partition_ids", &self.partition_ids, flexible)?;
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 1;
        self.topic = input.string("topic", flexible)?;
        self.partition_ids = input.array("partition_ids", flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for TransactionLogValue {
    const NAME: &'static str = "TransactionLogValue";
    const VERSIONS: RangeInclusive<i16> = 0..=1;
}
