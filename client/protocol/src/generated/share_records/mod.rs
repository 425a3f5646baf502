// Written by `cargo ci codegen` from schema/share-records/.

//! Records of `__share_group_state`.

pub mod share_snapshot;
pub mod share_update;

use crate::Message as _;
pub use share_snapshot::{ShareSnapshotKey, ShareSnapshotValue};
pub use share_update::{ShareUpdateKey, ShareUpdateValue};

/// Any of them, by type.
#[derive(Clone, Debug, PartialEq)]
pub enum ShareRecordKey {
    /// Type 0, versions 0.
    ShareSnapshot(ShareSnapshotKey),
    /// Type 1, versions 0.
    ShareUpdate(ShareUpdateKey),
}

impl crate::AnyRecord for ShareRecordKey {
    fn record_type(&self) -> i16 {
        match self {
            Self::ShareSnapshot(_) => 0,
            Self::ShareUpdate(_) => 1,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::ShareSnapshot(_) => ShareSnapshotKey::NAME,
            Self::ShareUpdate(_) => ShareUpdateKey::NAME,
        }
    }

    fn encode_body(&self, out: &mut crate::Encoder, version: i16) -> Result<(), crate::EncodeError> {
        match self {
            Self::ShareSnapshot(record) => record.encode(out, version),
            Self::ShareUpdate(record) => record.encode(out, version),
        }
    }

    fn decode_body(
        record_type: i16,
        input: &mut crate::Decoder,
        version: i16,
    ) -> Result<Self, crate::DecodeError> {
        match record_type {
            0 => ShareSnapshotKey::decode(input, version).map(Self::ShareSnapshot),
            1 => ShareUpdateKey::decode(input, version).map(Self::ShareUpdate),

            _ => Err(input.unknown_record_type("ShareRecordKey", record_type)),
        }
    }
}

impl From<ShareSnapshotKey> for ShareRecordKey {
    fn from(record: ShareSnapshotKey) -> Self {
        Self::ShareSnapshot(record)
    }
}

impl From<ShareUpdateKey> for ShareRecordKey {
    fn from(record: ShareUpdateKey) -> Self {
        Self::ShareUpdate(record)
    }
}

/// Any of them, by type.
#[derive(Clone, Debug, PartialEq)]
pub enum ShareRecordValue {
    /// Type 0, versions 0.
    ShareSnapshot(ShareSnapshotValue),
    /// Type 1, versions 0.
    ShareUpdate(ShareUpdateValue),
}

impl crate::AnyRecord for ShareRecordValue {
    fn record_type(&self) -> i16 {
        match self {
            Self::ShareSnapshot(_) => 0,
            Self::ShareUpdate(_) => 1,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::ShareSnapshot(_) => ShareSnapshotValue::NAME,
            Self::ShareUpdate(_) => ShareUpdateValue::NAME,
        }
    }

    fn encode_body(&self, out: &mut crate::Encoder, version: i16) -> Result<(), crate::EncodeError> {
        match self {
            Self::ShareSnapshot(record) => record.encode(out, version),
            Self::ShareUpdate(record) => record.encode(out, version),
        }
    }

    fn decode_body(
        record_type: i16,
        input: &mut crate::Decoder,
        version: i16,
    ) -> Result<Self, crate::DecodeError> {
        match record_type {
            0 => ShareSnapshotValue::decode(input, version).map(Self::ShareSnapshot),
            1 => ShareUpdateValue::decode(input, version).map(Self::ShareUpdate),

            _ => Err(input.unknown_record_type("ShareRecordValue", record_type)),
        }
    }
}

impl From<ShareSnapshotValue> for ShareRecordValue {
    fn from(record: ShareSnapshotValue) -> Self {
        Self::ShareSnapshot(record)
    }
}

impl From<ShareUpdateValue> for ShareRecordValue {
    fn from(record: ShareUpdateValue) -> Self {
        Self::ShareUpdate(record)
    }
}
