// Written by `cargo ci codegen` from schema/wire/add_partitions_to_txn_response.schema.

//! `AddPartitionsToTxnResponse`.

use std::ops::RangeInclusive;

use crate::{
    ApiKey, DecodeError, Decoder, EncodeError, EncodeErrorKind, Encoder, ErrorCode, Message, Structure,
    TaggedFields,
};

/// Body of a response; versions 0-5, flexible from 3.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AddPartitionsToTxnResponse {
    /// `int32`
    pub throttle_time_ms: i32,
    /// `error @4+ ignorable`
    pub error_code: ErrorCode,
    /// `[AddPartitionsToTxnResult] @4+`
    pub results_by_transaction: Vec<AddPartitionsToTxnResult>,
    /// `[AddPartitionsToTxnTopicResult] @0-3`
    pub results_by_topic_v3_and_below: Vec<AddPartitionsToTxnTopicResult>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for AddPartitionsToTxnResponse {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 3;
        out.int32(self.throttle_time_ms);
        if version >= 4 {
            out.error_code(self.error_code);
        }
        if version >= 4 {
            out.structures("results_by_transaction", &self.results_by_transaction, version, flexible)?;
        } else if !self.results_by_transaction.is_empty() {
            return Err(EncodeError::new("results_by_transaction", EncodeErrorKind::NotInVersion));
        }
        if version <= 3 {
            out.structures(
                "results_by_topic_v3_and_below",
                &self.results_by_topic_v3_and_below,
                version,
                flexible,
            )?;
        } else if !self.results_by_topic_v3_and_below.is_empty() {
            return Err(EncodeError::new("results_by_topic_v3_and_below", EncodeErrorKind::NotInVersion));
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
        self.throttle_time_ms = input.int32("throttle_time_ms")?;
        if version >= 4 {
            self.error_code = input.error_code("error_code")?;
            self.results_by_transaction = input.structures("results_by_transaction", version, flexible)?;
        }
        if version <= 3 {
            self.results_by_topic_v3_and_below =
                input.structures("results_by_topic_v3_and_below", version, flexible)?;
        }
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`AddPartitionsToTxnResponse`]; versions 4-5, flexible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AddPartitionsToTxnResult {
    /// `string`
    pub transactional_id: String,
    /// `[AddPartitionsToTxnTopicResult]`
    pub topic_results: Vec<AddPartitionsToTxnTopicResult>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for AddPartitionsToTxnResult {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        out.string("transactional_id", &self.transactional_id, true)?;
        out.structures("topic_results", &self.topic_results, version, true)?;
        out.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        self.transactional_id = input.string("transactional_id", true)?;
        self.topic_results = input.structures("topic_results", version, true)?;
        self.unknown_tagged_fields = input.tagged_fields()?;
        Ok(())
    }
}

/// Part of [`AddPartitionsToTxnResponse`]; versions 0-5, flexible from 3.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AddPartitionsToTxnTopicResult {
    /// `string`
    pub name: String,
    /// `[AddPartitionsToTxnPartitionResult]`
    pub results_by_partition: Vec<AddPartitionsToTxnPartitionResult>,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for AddPartitionsToTxnTopicResult {
    const LEN_MIN: usize = 3;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 3;
        out.string("name", &self.name, flexible)?;
        out.structures("results_by_partition", &self.results_by_partition, version, flexible)?;
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
        self.results_by_partition = input.structures("results_by_partition", version, flexible)?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

/// Part of [`AddPartitionsToTxnResponse`]; versions 0-5, flexible from 3.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AddPartitionsToTxnPartitionResult {
    /// `int32`
    pub partition_index: i32,
    /// `error`
    pub partition_error_code: ErrorCode,
    /// Tagged fields that the schema does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Structure for AddPartitionsToTxnPartitionResult {
    const LEN_MIN: usize = 6;

    fn write(&self, out: &mut Encoder, version: i16) -> Result<(), EncodeError> {
        let flexible = version >= 3;
        out.int32(self.partition_index);
        out.error_code(self.partition_error_code);
        if flexible {
            out.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::new("unknown_tagged_fields", EncodeErrorKind::NotInVersion));
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Decoder, version: i16) -> Result<(), DecodeError> {
        let flexible = version >= 3;
        self.partition_index = input.int32("partition_index")?;
        self.partition_error_code = input.error_code("partition_error_code")?;
        if flexible {
            self.unknown_tagged_fields = input.tagged_fields()?;
        }
        Ok(())
    }
}

impl Message for AddPartitionsToTxnResponse {
    const NAME: &'static str = "AddPartitionsToTxnResponse";
    const VERSIONS: RangeInclusive<i16> = 0..=5;
}

impl crate::Response for AddPartitionsToTxnResponse {
    const KEY: ApiKey = ApiKey::AddPartitionsToTxn;
}
