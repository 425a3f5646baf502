//! One batch as a view over shared bytes, and batches back to back in a buffer.
//!
//! Not here: what a broker checks beyond the frame and the CRC (`validate`).

use bytes::Bytes;

use crate::compression::Decompressor;
use crate::header::{CRC_FROM, FRAME_LEN, MAGIC};
use crate::record::{RecordRefs, Records};
use crate::{BATCH_HEADER_LEN, BatchHeader, Compression, Corruption, RecordsError, crc32c};

/// Bytes up to and with the magic: enough to know a frame.
const FRAME_WITH_MAGIC_LEN: usize = 17;
/// The smallest length field of any format (a magic 0 message without key and value).
const LENGTH_MIN_OF_ALL: i32 = 14;

/// What the first bytes of a batch of any format tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// The base offset (in formats 0 and 1 the last offset).
    pub base_offset: i64,
    /// Bytes of the whole batch, these included.
    pub size: usize,
    /// The format: 0, 1 or 2.
    pub magic: i8,
}

impl Frame {
    /// Bytes that [`Frame::peek`] needs to see.
    pub const LEN: usize = FRAME_WITH_MAGIC_LEN;

    /// Looks at the front of `bytes`. `None` if they are too few to tell; an error if no batch can begin like that.
    pub fn peek(bytes: &[u8]) -> Result<Option<Frame>, RecordsError> {
        let Some(&start) = bytes.first_chunk::<FRAME_LEN>() else { return Ok(None) };
        let [o0, o1, o2, o3, o4, o5, o6, o7, l0, l1, l2, l3] = start;
        let length = i32::from_be_bytes([l0, l1, l2, l3]);
        if length < LENGTH_MIN_OF_ALL {
            return Err(Corruption::Length { length, length_min: LENGTH_MIN_OF_ALL }.into());
        }
        let Some(&magic) = bytes.get(FRAME_WITH_MAGIC_LEN - 1) else { return Ok(None) };
        let magic = magic as i8;
        if !(0..=MAGIC).contains(&magic) {
            return Err(Corruption::Magic(magic).into());
        }
        let length_min = (BATCH_HEADER_LEN - FRAME_LEN) as i32;
        if magic == MAGIC && length < length_min {
            return Err(Corruption::Length { length, length_min }.into());
        }
        Ok(Some(Frame {
            base_offset: i64::from_be_bytes([o0, o1, o2, o3, o4, o5, o6, o7]),
            size: length as usize + FRAME_LEN,
            magic,
        }))
    }
}

/// A batch of magic 2: its bytes, shared, and its header, read once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordBatch {
    header: BatchHeader,
    bytes: Bytes,
}

impl RecordBatch {
    /// Takes `bytes` as exactly one batch. The CRC is not looked at.
    pub fn parse(bytes: Bytes) -> Result<RecordBatch, RecordsError> {
        let frame = match Frame::peek(&bytes)? {
            Some(frame) if frame.magic < MAGIC => {
                return Err(RecordsError::OldFormat { magic: frame.magic });
            }
            frame => frame,
        };
        let declared = frame.map_or(BATCH_HEADER_LEN, |frame| frame.size);
        match bytes.first_chunk::<BATCH_HEADER_LEN>() {
            Some(start) if declared == bytes.len() => {
                Ok(RecordBatch { header: BatchHeader::read(start), bytes })
            }
            _ => Err(Corruption::Size { declared, actual: bytes.len() }.into()),
        }
    }

    /// The header's fields.
    pub fn header(&self) -> &BatchHeader {
        &self.header
    }

    /// The whole batch.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The whole batch, given up.
    pub fn into_bytes(self) -> Bytes {
        self.bytes
    }

    /// Bytes of the whole batch.
    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    /// What follows the header: the records, compressed if the attributes say so.
    pub fn payload(&self) -> Bytes {
        self.bytes.slice(BATCH_HEADER_LEN..)
    }

    pub(crate) fn payload_slice(&self) -> &[u8] {
        &self.bytes[BATCH_HEADER_LEN..]
    }

    /// Holds the stored CRC against the bytes.
    pub fn check_crc(&self) -> Result<(), RecordsError> {
        let computed = crc32c(&self.bytes[CRC_FROM..]);
        let stored = self.header.crc;
        if computed == stored { Ok(()) } else { Err(Corruption::Checksum { stored, computed }.into()) }
    }

    /// The records' bytes without compression: the payload itself if it has none, else one buffer of at most
    /// `decompressed_bytes_max` bytes.
    pub fn decompressed(&self, decompressed_bytes_max: usize) -> Result<Bytes, RecordsError> {
        match self.header.attributes.compression()? {
            Compression::None => Ok(self.payload()),
            compression => {
                Decompressor::new(compression, self.payload_slice(), decompressed_bytes_max)?.read_all()
            }
        }
    }

    /// The records, each sharing the batch's bytes or those decompressed from it.
    pub fn records(&self, decompressed_bytes_max: usize) -> Result<Records, RecordsError> {
        Ok(Records::new(&self.header, self.decompressed(decompressed_bytes_max)?))
    }

    /// The records as plain slices of `decompressed`, which [`RecordBatch::decompressed`] gave.
    pub fn record_refs<'a>(&self, decompressed: &'a [u8]) -> RecordRefs<'a> {
        RecordRefs::new(&self.header, decompressed)
    }
}

/// Batches back to back. Ends at a batch that is cut short (as fetch answers may end) and after an error.
#[derive(Debug, Clone)]
pub struct Batches {
    rest: Bytes,
    failed: bool,
}

impl Batches {
    /// Walks `bytes` from their start.
    pub fn new(bytes: Bytes) -> Batches {
        Batches { rest: bytes, failed: false }
    }

    /// What has not been walked: at the end, the bytes of a batch cut short.
    pub fn rest(&self) -> &Bytes {
        &self.rest
    }
}

impl Iterator for Batches {
    type Item = Result<RecordBatch, RecordsError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let result = match Frame::peek(&self.rest) {
            Ok(Some(frame)) if frame.size <= self.rest.len() => {
                RecordBatch::parse(self.rest.slice(..frame.size)).inspect(|batch| {
                    let _ = self.rest.split_to(batch.size());
                })
            }
            Ok(_) => return None,
            Err(error) => Err(error),
        };
        self.failed = result.is_err();
        Some(result)
    }
}
