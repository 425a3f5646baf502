// Written by `cargo ci codegen` from schema/transaction-records/.

//! Records of `__transaction_state`.

pub mod transaction_log;

use crate::Message as _;
pub use transaction_log::{TransactionLogKey, TransactionLogValue};

/// Any of them, by type.
#[derive(Clone, Debug, PartialEq)]
pub enum TransactionRecordKey {
    /// Type 0, versions 0.
    TransactionLog(TransactionLogKey),
}

impl crate::AnyRecord for TransactionRecordKey {
    fn record_type(&self) -> i16 {
        match self {
            Self::TransactionLog(_) => 0,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::TransactionLog(_) => TransactionLogKey::NAME,
        }
    }

    fn encode_body(&self, out: &mut crate::Encoder, version: i16) -> Result<(), crate::EncodeError> {
        match self {
            Self::TransactionLog(record) => record.encode(out, version),
        }
    }

    fn decode_body(
        record_type: i16,
        input: &mut crate::Decoder,
        version: i16,
    ) -> Result<Self, crate::DecodeError> {
        match record_type {
            0 => TransactionLogKey::decode(input, version).map(Self::TransactionLog),

            _ => Err(input.unknown_record_type("TransactionRecordKey", record_type)),
        }
    }
}

impl From<TransactionLogKey> for TransactionRecordKey {
    fn from(record: TransactionLogKey) -> Self {
        Self::TransactionLog(record)
    }
}

/// Any of them, by type.
#[derive(Clone, Debug, PartialEq)]
pub enum TransactionRecordValue {
    /// Type 0, versions 0-1.
    TransactionLog(TransactionLogValue),
}

impl crate::AnyRecord for TransactionRecordValue {
    fn record_type(&self) -> i16 {
        match self {
            Self::TransactionLog(_) => 0,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::TransactionLog(_) => TransactionLogValue::NAME,
        }
    }

    fn encode_body(&self, out: &mut crate::Encoder, version: i16) -> Result<(), crate::EncodeError> {
        match self {
            Self::TransactionLog(record) => record.encode(out, version),
        }
    }

    fn decode_body(
        record_type: i16,
        input: &mut crate::Decoder,
        version: i16,
    ) -> Result<Self, crate::DecodeError> {
        match record_type {
            0 => TransactionLogValue::decode(input, version).map(Self::TransactionLog),

            _ => Err(input.unknown_record_type("TransactionRecordValue", record_type)),
        }
    }
}

impl From<TransactionLogValue> for TransactionRecordValue {
    fn from(record: TransactionLogValue) -> Self {
        Self::TransactionLog(record)
    }
}
