//! Control records: markers in the log for its readers. The key tells the type, the value is the type's own.
//!
//! Not here: the values of KRaft's types, which are messages of the protocol; they pass as bytes.

use bytes::{Buf, BufMut, Bytes, BytesMut};

use crate::{BatchBuilder, Compression, Compressor, InvalidRecord, NO_SEQUENCE, ProducerState, RecordsError};

const KEY_VERSION: i16 = 0;
const END_TRANSACTION_MARKER_VERSION: i16 = 0;

/// What a control record says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ControlRecordType {
    /// A transaction ended and its records do not count (KIP-98).
    Abort,
    /// A transaction ended and its records count (KIP-98).
    Commit,
    /// A KRaft leader took office (KIP-595).
    LeaderChange,
    /// A metadata snapshot begins (KIP-630).
    SnapshotHeader,
    /// A metadata snapshot ends (KIP-630).
    SnapshotFooter,
    /// The quorum's own protocol version (KIP-853).
    KRaftVersion,
    /// The quorum's members (KIP-853).
    KRaftVoters,
    /// A type of a later version; readers ignore it.
    Unknown(i16),
}

impl ControlRecordType {
    /// The number in the key.
    pub fn id(self) -> i16 {
        match self {
            ControlRecordType::Abort => 0,
            ControlRecordType::Commit => 1,
            ControlRecordType::LeaderChange => 2,
            ControlRecordType::SnapshotHeader => 3,
            ControlRecordType::SnapshotFooter => 4,
            ControlRecordType::KRaftVersion => 5,
            ControlRecordType::KRaftVoters => 6,
            ControlRecordType::Unknown(id) => id,
        }
    }

    /// The type with this number.
    pub fn from_id(id: i16) -> ControlRecordType {
        match id {
            0 => ControlRecordType::Abort,
            1 => ControlRecordType::Commit,
            2 => ControlRecordType::LeaderChange,
            3 => ControlRecordType::SnapshotHeader,
            4 => ControlRecordType::SnapshotFooter,
            5 => ControlRecordType::KRaftVersion,
            6 => ControlRecordType::KRaftVoters,
            id => ControlRecordType::Unknown(id),
        }
    }

    /// Reads a control record's key. Later versions only add fields, so they are read alike.
    pub fn from_key(mut key: &[u8]) -> Result<ControlRecordType, InvalidRecord> {
        let version = key.try_get_i16().map_err(|_| InvalidRecord::Control)?;
        let id = key.try_get_i16().map_err(|_| InvalidRecord::Control)?;
        if version < 0 { Err(InvalidRecord::Control) } else { Ok(ControlRecordType::from_id(id)) }
    }

    /// The key of such a record.
    pub fn key(self) -> [u8; 4] {
        let [v0, v1] = KEY_VERSION.to_be_bytes();
        let [t0, t1] = self.id().to_be_bytes();
        [v0, v1, t0, t1]
    }
}

/// The end of a transaction in one partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndTransactionMarker {
    /// Whether its records count.
    pub commit: bool,
    /// Epoch of the transaction coordinator that wrote the marker.
    pub coordinator_epoch: i32,
}

impl EndTransactionMarker {
    /// Reads a control record; `None` if it is of another type.
    pub fn from_record(key: &[u8], mut value: &[u8]) -> Result<Option<EndTransactionMarker>, InvalidRecord> {
        let commit = match ControlRecordType::from_key(key)? {
            ControlRecordType::Commit => true,
            ControlRecordType::Abort => false,
            _ => return Ok(None),
        };
        let version = value.try_get_i16().map_err(|_| InvalidRecord::Control)?;
        let coordinator_epoch = value.try_get_i32().map_err(|_| InvalidRecord::Control)?;
        if version < 0 {
            return Err(InvalidRecord::Control);
        }
        Ok(Some(EndTransactionMarker { commit, coordinator_epoch }))
    }

    /// The type that the key tells.
    pub fn control_record_type(&self) -> ControlRecordType {
        if self.commit { ControlRecordType::Commit } else { ControlRecordType::Abort }
    }

    /// The value of such a record.
    pub fn value(&self) -> Bytes {
        let mut value = BytesMut::new();
        value.put_i16(END_TRANSACTION_MARKER_VERSION);
        value.put_i32(self.coordinator_epoch);
        value.freeze()
    }
}

/// A batch of control records that no producer sends (KRaft's).
pub fn control_batch(
    base_offset: i64,
    partition_leader_epoch: i32,
    timestamp: i64,
    records: &[(ControlRecordType, &[u8])],
) -> Result<BytesMut, RecordsError> {
    let mut builder = BatchBuilder::new(Compressor::new(Compression::None))
        .base_offset(base_offset)
        .partition_leader_epoch(partition_leader_epoch)
        .control();
    for (control_record_type, value) in records {
        builder.append(timestamp, Some(&control_record_type.key()), Some(value), std::iter::empty())?;
    }
    Ok(builder.build())
}

/// The batch with one marker that ends a producer's transaction.
pub fn end_transaction_batch(
    producer_id: i64,
    producer_epoch: i16,
    timestamp: i64,
    marker: EndTransactionMarker,
) -> BytesMut {
    let mut builder = BatchBuilder::new(Compressor::new(Compression::None)).control();
    builder.set_producer(ProducerState {
        producer_id,
        producer_epoch,
        base_sequence: NO_SEQUENCE,
        transactional: true,
    });
    let key = marker.control_record_type().key();
    builder
        .append(timestamp, Some(&key), Some(&marker.value()), std::iter::empty())
        .expect("one small record fits a batch");
    builder.build()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RecordBatch;

    #[test]
    fn types_by_number_and_key() {
        for id in -1..9 {
            let control_record_type = ControlRecordType::from_id(id);
            assert_eq!(control_record_type.id(), id);
            assert_eq!(ControlRecordType::from_key(&control_record_type.key()), Ok(control_record_type));
        }
        assert_eq!(ControlRecordType::from_key(&[0, 3, 0, 2, 9]), Ok(ControlRecordType::LeaderChange));
        assert_eq!(ControlRecordType::from_key(&[0, 0, 0]), Err(InvalidRecord::Control));
        assert_eq!(ControlRecordType::from_key(&[0xff, 0xff, 0, 0]), Err(InvalidRecord::Control));
    }

    #[test]
    fn end_of_a_transaction() {
        let marker = EndTransactionMarker { commit: true, coordinator_epoch: 7 };
        let batch = end_transaction_batch(41, 3, 1_000, marker).freeze();
        let batch = RecordBatch::parse(batch).expect("a batch");
        batch.check_crc().expect("its CRC fits");
        let header = batch.header();
        assert!(header.attributes.is_control() && header.attributes.is_transactional());
        assert_eq!((header.producer_id, header.producer_epoch, header.base_sequence), (41, 3, NO_SEQUENCE));
        let record = batch.records(0).expect("not compressed").next().expect("one").expect("sound");
        let (key, value) = (record.key.expect("a key"), record.value.expect("a value"));
        assert_eq!(EndTransactionMarker::from_record(&key, &value), Ok(Some(marker)));
        assert_eq!(EndTransactionMarker::from_record(&key, &value[..5]), Err(InvalidRecord::Control));
        assert_eq!(EndTransactionMarker::from_record(&[0, 0, 0, 3], &[]), Ok(None));
    }

    #[test]
    fn batch_of_the_quorum() {
        let records =
            [(ControlRecordType::KRaftVersion, &b"one"[..]), (ControlRecordType::KRaftVoters, b"two")];
        let batch = control_batch(9, 4, 5, &records).expect("small");
        let batch = RecordBatch::parse(batch.freeze()).expect("a batch");
        let types: Vec<_> = batch
            .records(0)
            .expect("not compressed")
            .map(|record| ControlRecordType::from_key(&record.expect("sound").key.expect("a key")))
            .collect();
        assert_eq!(types, [Ok(ControlRecordType::KRaftVersion), Ok(ControlRecordType::KRaftVoters)]);
        assert_eq!((batch.header().base_offset, batch.header().last_offset()), (9, 10));
    }
}
