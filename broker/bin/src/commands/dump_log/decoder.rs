//! Keys and values of records as text: plain, or decoded as the records of an internal topic.
//! Not here: reading batches.

use bytes::Bytes;
use klamm_protocol::group_records::{GroupRecordKey, GroupRecordValue};
use klamm_protocol::metadata_records::MetadataRecord;
use klamm_protocol::share_records::{ShareRecordKey, ShareRecordValue};
use klamm_protocol::transaction_records::{TransactionRecordKey, TransactionRecordValue};
use klamm_protocol::{
    AnyRecord, DecodeError, KRaftVersionRecord, LeaderChangeMessage, Message, SnapshotFooterRecord,
    SnapshotHeaderRecord, VotersRecord,
};
use klamm_records::{ControlRecordType, EndTransactionMarker, Record};

use super::json;
use super::line::{Decoded, Field, Line};

/// How records are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decoder {
    /// UTF-8.
    Text,
    /// `__consumer_offsets`.
    Offsets,
    /// `__transaction_state`.
    Transactions,
    /// `__cluster_metadata`.
    ClusterMetadata,
    /// `__share_group_state`.
    ShareGroupState,
}

/// Key and value of one record, as far as it has them.
pub(super) type KeyAndValue = (Option<Field>, Option<Field>);

impl Decoder {
    pub(super) fn fields(self, record: &Record) -> KeyAndValue {
        let decoded = match self {
            Self::Text => return (record.key.as_ref().map(plain), record.value.as_ref().map(plain)),
            Self::ClusterMetadata => return (None, record.value.as_ref().map(metadata)),
            Self::Offsets => coordinator(record, GroupRecordKey::decode_key, GroupRecordValue::decode_value),
            Self::Transactions => {
                coordinator(record, TransactionRecordKey::decode_key, TransactionRecordValue::decode_value)
            }
            Self::ShareGroupState => {
                coordinator(record, ShareRecordKey::decode_key, ShareRecordValue::decode_value)
            }
        };
        let damaged = |error: DecodeError| {
            let key = record.key.as_ref().map(plain);
            (key, Some(format!("<{error}>").into()))
        };
        decoded.unwrap_or_else(damaged)
    }
}

fn plain(bytes: &Bytes) -> Field {
    String::from_utf8_lossy(bytes).into_owned().into()
}

fn metadata(value: &Bytes) -> Field {
    let decoded = MetadataRecord::decode_framed_with_version(value.clone());
    Field::Structure(match decoded {
        Ok((record, version)) => {
            let name = capitals(record.name());
            Ok(format!(r#"{{"type":"{name}","version":{version},"data":{}}}"#, json::of(&record)))
        }
        Err(error) => Err(format!("Error at {}: {error}", value.len())),
    })
}

/// `TopicRecord` as `TOPIC_RECORD`.
fn capitals(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.extend(letter.to_uppercase());
    }
    out
}

fn coordinator<K: AnyRecord + std::fmt::Debug, V: std::fmt::Debug>(
    record: &Record,
    decode_key: fn(Bytes) -> Result<K, DecodeError>,
    decode_value: fn(i16, Bytes) -> Result<V, DecodeError>,
) -> Result<KeyAndValue, DecodeError> {
    let Some(key_bytes) = &record.key else {
        return Ok((None, record.value.as_ref().map(plain)));
    };
    let key = decode_key(key_bytes.clone())?;
    let key_json = format!(r#"{{"type":"{}","data":{}}}"#, key.record_type(), json::of(&key));
    let key_field = Some(Field::Structure(Ok(key_json)));
    let Some(value_bytes) = &record.value else {
        return Ok((key_field, Some("<DELETE>".into())));
    };
    let value = decode_value(key.record_type(), value_bytes.clone())?;
    let version = value_bytes.first_chunk().map_or(-1, |bytes| i16::from_be_bytes(*bytes));
    let value_json = format!(r#"{{"version":"{version}","data":{}}}"#, json::of(&value));
    Ok((key_field, Some(Field::Structure(Ok(value_json)))))
}

/// The line, and what a control record says.
pub(super) fn control(record: &Record, line: Line) -> Line {
    let key = record.key.as_deref().unwrap_or_default();
    let value = record.value.clone().unwrap_or_default();
    let Ok(kind) = ControlRecordType::from_key(key) else {
        return line.with("controlType", "malformed");
    };
    match kind {
        ControlRecordType::Abort | ControlRecordType::Commit => {
            match EndTransactionMarker::from_record(key, &value) {
                Ok(Some(marker)) => line
                    .with("endTxnMarker", if marker.commit { "COMMIT" } else { "ABORT" })
                    .with("coordinatorEpoch", marker.coordinator_epoch),
                _ => line.with("endTxnMarker", "malformed"),
            }
        }
        ControlRecordType::LeaderChange => {
            line.with("LeaderChange", Field::Structure(quorum::<LeaderChangeMessage>(value)))
        }
        ControlRecordType::SnapshotHeader => {
            line.with("SnapshotHeader", Field::Bare(quorum::<SnapshotHeaderRecord>(value)))
        }
        ControlRecordType::SnapshotFooter => {
            line.with("SnapshotFooter", Field::Bare(quorum::<SnapshotFooterRecord>(value)))
        }
        ControlRecordType::KRaftVersion => {
            line.with("KRaftVersion", Field::Bare(quorum::<KRaftVersionRecord>(value)))
        }
        ControlRecordType::KRaftVoters => {
            line.with("KRaftVoters", Field::Bare(quorum::<VotersRecord>(value)))
        }
        ControlRecordType::Unknown(id) => line.with("controlType", format!("UNKNOWN({id})")),
    }
}

/// A control record of the quorum, whose value begins with its version.
fn quorum<M: Message + std::fmt::Debug>(value: Bytes) -> Decoded {
    let version = value.first_chunk().map_or(-1, |bytes| i16::from_be_bytes(*bytes));
    match M::from_bytes(value, version) {
        Ok((message, _)) => Ok(json::of(&message)),
        Err(error) => Err(format!("<{error}>")),
    }
}
