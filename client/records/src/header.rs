//! The 61 bytes in front of every batch: their fields, their places, their meaning.
//!
//! Not here: where one batch ends and the next begins (`batch`).

use std::fmt;
use std::str::FromStr;

use crate::{Compression, RecordsError};

/// Bytes of a batch before its records.
pub const BATCH_HEADER_LEN: usize = 61;
/// Bytes before those that the length field counts: base offset and the length itself.
pub(crate) const FRAME_LEN: usize = 12;
/// Where the bytes that the CRC covers begin.
pub(crate) const CRC_FROM: usize = 21;
/// The only format that is written and read.
pub(crate) const MAGIC: i8 = 2;

/// A batch of no idempotent producer.
pub const NO_PRODUCER_ID: i64 = -1;
/// See [`NO_PRODUCER_ID`].
pub const NO_PRODUCER_EPOCH: i16 = -1;
/// See [`NO_PRODUCER_ID`].
pub const NO_SEQUENCE: i32 = -1;
/// A record without a timestamp.
pub const NO_TIMESTAMP: i64 = -1;
/// A batch that no leader has stamped yet.
pub const NO_PARTITION_LEADER_EPOCH: i32 = -1;

/// Who set the timestamps of a batch (`message.timestamp.type`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum TimestampType {
    /// The producer, record by record.
    #[default]
    CreateTime,
    /// The broker, one for the whole batch: its `max_timestamp`.
    LogAppendTime,
}

impl TimestampType {
    /// The name in configuration files.
    pub fn name(self) -> &'static str {
        match self {
            TimestampType::CreateTime => "CreateTime",
            TimestampType::LogAppendTime => "LogAppendTime",
        }
    }
}

impl fmt::Display for TimestampType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for TimestampType {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        [TimestampType::CreateTime, TimestampType::LogAppendTime]
            .into_iter()
            .find(|each| each.name() == name)
            .ok_or_else(|| format!("timestamp type '{name}' is not one of CreateTime, LogAppendTime"))
    }
}

/// The attribute bits of a batch. Unknown bits are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Attributes(pub i16);

impl Attributes {
    const CODEC: i16 = 0x07;
    const LOG_APPEND_TIME: i16 = 0x08;
    const TRANSACTIONAL: i16 = 0x10;
    const CONTROL: i16 = 0x20;
    const DELETE_HORIZON: i16 = 0x40;

    /// The codec of the records, or [`RecordsError::UnknownCodec`].
    pub fn compression(self) -> Result<Compression, RecordsError> {
        let id = (self.0 & Attributes::CODEC) as u8;
        Compression::from_id(id).ok_or(RecordsError::UnknownCodec(id))
    }

    /// Who set the timestamps.
    pub fn timestamp_type(self) -> TimestampType {
        if self.has(Attributes::LOG_APPEND_TIME) {
            TimestampType::LogAppendTime
        } else {
            TimestampType::CreateTime
        }
    }

    /// Whether the batch belongs to a transaction.
    pub fn is_transactional(self) -> bool {
        self.has(Attributes::TRANSACTIONAL)
    }

    /// Whether the records are markers for readers rather than data.
    pub fn is_control(self) -> bool {
        self.has(Attributes::CONTROL)
    }

    /// Whether the base timestamp is the time after which compaction may drop tombstones and markers (KIP-534).
    pub fn has_delete_horizon(self) -> bool {
        self.has(Attributes::DELETE_HORIZON)
    }

    /// The same with another codec.
    #[must_use]
    pub fn with_compression(self, compression: Compression) -> Self {
        Attributes(self.0 & !Attributes::CODEC | i16::from(compression.id()))
    }

    /// The same with another timestamp type.
    #[must_use]
    pub fn with_timestamp_type(self, timestamp_type: TimestampType) -> Self {
        self.with(Attributes::LOG_APPEND_TIME, timestamp_type == TimestampType::LogAppendTime)
    }

    /// The same with the transactional bit set or cleared.
    #[must_use]
    pub fn with_transactional(self, on: bool) -> Self {
        self.with(Attributes::TRANSACTIONAL, on)
    }

    /// The same with the control bit set or cleared.
    #[must_use]
    pub fn with_control(self, on: bool) -> Self {
        self.with(Attributes::CONTROL, on)
    }

    /// The same with the delete horizon bit set or cleared.
    #[must_use]
    pub fn with_delete_horizon(self, on: bool) -> Self {
        self.with(Attributes::DELETE_HORIZON, on)
    }

    fn has(self, bit: i16) -> bool {
        self.0 & bit != 0
    }

    fn with(self, bit: i16, on: bool) -> Self {
        Attributes(if on { self.0 | bit } else { self.0 & !bit })
    }
}

/// Every field of a batch's header, as it stands there: nothing is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchHeader {
    /// Offset of the first record; 0 when a client sends it.
    pub base_offset: i64,
    /// Bytes that follow this field.
    pub batch_length: i32,
    /// Epoch of the leader that appended the batch, not covered by the CRC.
    pub partition_leader_epoch: i32,
    /// The format: 2.
    pub magic: i8,
    /// CRC-32C of everything after it.
    pub crc: u32,
    /// Codec and flags.
    pub attributes: Attributes,
    /// Offset of the last record, less the base offset. Compaction keeps it when it drops records.
    pub last_offset_delta: i32,
    /// What the records' timestamp deltas add to, in milliseconds; see [`Attributes::has_delete_horizon`].
    pub base_timestamp: i64,
    /// The largest timestamp, or the time of the append with LogAppendTime.
    pub max_timestamp: i64,
    /// The idempotent producer, or [`NO_PRODUCER_ID`].
    pub producer_id: i64,
    /// Its epoch, or [`NO_PRODUCER_EPOCH`].
    pub producer_epoch: i16,
    /// Sequence of the first record, or [`NO_SEQUENCE`].
    pub base_sequence: i32,
    /// How many records follow.
    pub record_count: i32,
}

impl BatchHeader {
    /// Reads the fields of a batch of magic 2.
    pub fn read(bytes: &[u8; BATCH_HEADER_LEN]) -> BatchHeader {
        BatchHeader {
            base_offset: i64::from_be_bytes(array(bytes, 0)),
            batch_length: i32::from_be_bytes(array(bytes, 8)),
            partition_leader_epoch: i32::from_be_bytes(array(bytes, 12)),
            magic: i8::from_be_bytes(array(bytes, 16)),
            crc: u32::from_be_bytes(array(bytes, 17)),
            attributes: Attributes(i16::from_be_bytes(array(bytes, 21))),
            last_offset_delta: i32::from_be_bytes(array(bytes, 23)),
            base_timestamp: i64::from_be_bytes(array(bytes, 27)),
            max_timestamp: i64::from_be_bytes(array(bytes, 35)),
            producer_id: i64::from_be_bytes(array(bytes, 43)),
            producer_epoch: i16::from_be_bytes(array(bytes, 51)),
            base_sequence: i32::from_be_bytes(array(bytes, 53)),
            record_count: i32::from_be_bytes(array(bytes, 57)),
        }
    }

    /// Writes the fields, the CRC as it is.
    pub fn write(&self, into: &mut [u8; BATCH_HEADER_LEN]) {
        into[0..8].copy_from_slice(&self.base_offset.to_be_bytes());
        into[8..12].copy_from_slice(&self.batch_length.to_be_bytes());
        into[12..16].copy_from_slice(&self.partition_leader_epoch.to_be_bytes());
        into[16..17].copy_from_slice(&self.magic.to_be_bytes());
        into[17..21].copy_from_slice(&self.crc.to_be_bytes());
        into[21..23].copy_from_slice(&self.attributes.0.to_be_bytes());
        into[23..27].copy_from_slice(&self.last_offset_delta.to_be_bytes());
        into[27..35].copy_from_slice(&self.base_timestamp.to_be_bytes());
        into[35..43].copy_from_slice(&self.max_timestamp.to_be_bytes());
        into[43..51].copy_from_slice(&self.producer_id.to_be_bytes());
        into[51..53].copy_from_slice(&self.producer_epoch.to_be_bytes());
        into[53..57].copy_from_slice(&self.base_sequence.to_be_bytes());
        into[57..61].copy_from_slice(&self.record_count.to_be_bytes());
    }

    /// Offset of the last record.
    pub fn last_offset(&self) -> i64 {
        self.base_offset.wrapping_add(i64::from(self.last_offset_delta))
    }

    /// The offset after the last record.
    pub fn next_offset(&self) -> i64 {
        self.last_offset().wrapping_add(1)
    }

    /// Whether an idempotent producer sent it; every negative id means none.
    pub fn has_producer_id(&self) -> bool {
        self.producer_id >= 0
    }

    /// Sequence of the last record, wrapping from `i32::MAX` to 0, or [`NO_SEQUENCE`].
    pub fn last_sequence(&self) -> i32 {
        match self.base_sequence {
            NO_SEQUENCE => NO_SEQUENCE,
            base => next_sequence(base, self.last_offset_delta),
        }
    }

    /// Time after which compaction may drop tombstones and markers, if one was set.
    pub fn delete_horizon_ms(&self) -> Option<i64> {
        self.attributes.has_delete_horizon().then_some(self.base_timestamp)
    }

    /// The one timestamp of all records, with LogAppendTime.
    pub fn log_append_time(&self) -> Option<i64> {
        (self.attributes.timestamp_type() == TimestampType::LogAppendTime).then_some(self.max_timestamp)
    }

    /// Bytes of the whole batch by its length field; 0 if that is negative.
    pub fn batch_size(&self) -> usize {
        usize::try_from(self.batch_length).map_or(0, |length| length + FRAME_LEN)
    }
}

/// The sequence `increment` records after `sequence`, wrapping from `i32::MAX` to 0.
pub fn next_sequence(sequence: i32, increment: i32) -> i32 {
    ((i64::from(sequence) + i64::from(increment)) & i64::from(i32::MAX)) as i32
}

fn array<const N: usize>(bytes: &[u8; BATCH_HEADER_LEN], at: usize) -> [u8; N] {
    std::array::from_fn(|index| bytes[at + index])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_of_the_header_is_a_field() {
        let bytes: [u8; BATCH_HEADER_LEN] = std::array::from_fn(|index| index as u8 + 1);
        let header = BatchHeader::read(&bytes);
        let mut written = [0; BATCH_HEADER_LEN];
        header.write(&mut written);
        assert_eq!(written, bytes);
        insta::assert_debug_snapshot!(header);
    }

    #[test]
    fn attribute_bits() {
        let attributes = Attributes(0)
            .with_compression(Compression::Zstd)
            .with_timestamp_type(TimestampType::LogAppendTime)
            .with_transactional(true)
            .with_control(true)
            .with_delete_horizon(true);
        assert_eq!(attributes.0, 0x7c);
        assert_eq!(attributes.compression(), Ok(Compression::Zstd));
        assert!(attributes.is_transactional() && attributes.is_control() && attributes.has_delete_horizon());
        assert_eq!(attributes.timestamp_type(), TimestampType::LogAppendTime);
        assert_eq!(attributes.with_compression(Compression::None).0, 0x78);
        assert_eq!(Attributes(5).compression(), Err(RecordsError::UnknownCodec(5)));
    }

    #[test]
    fn sequences_wrap_to_zero() {
        assert_eq!(next_sequence(i32::MAX, 1), 0);
        assert_eq!(next_sequence(i32::MAX - 2, 5), 2);
        assert_eq!(next_sequence(7, 3), 10);
    }

    #[test]
    fn timestamp_type_names() {
        assert_eq!("LogAppendTime".parse(), Ok(TimestampType::LogAppendTime));
        assert_eq!(TimestampType::CreateTime.to_string(), "CreateTime");
        assert!("logappendtime".parse::<TimestampType>().is_err());
    }
}
