//! Records of a batch in passing, whatever its codec: one window over the decompressed stream, nothing kept.
//!
//! Not here: records to keep (`record`).

use crate::compression::Decompressor;
use crate::record::{Base, RecordRef};
use crate::varint::take_varint;
use crate::{Compression, InvalidRecord, RecordBatch, RecordsError};

/// First size of the window; it doubles only where one record is larger than that.
const WINDOW_LEN: usize = 16 * 1024;

/// Shows every record of `batch` to `see`, which gets its position too, and returns the bytes that they take without
/// compression. Fewer or more bytes than the record count needs are an error.
pub(crate) fn walk(
    batch: &RecordBatch,
    decompressed_bytes_max: usize,
    mut see: impl FnMut(i32, &RecordRef<'_>),
) -> Result<usize, RecordsError> {
    let header = batch.header();
    let compression = header.attributes.compression()?;
    if compression == Compression::None {
        for (index, record) in batch.record_refs(batch.payload_slice()).enumerate() {
            see(index as i32, &record?);
        }
        return Ok(batch.payload_slice().len());
    }
    let stream = Decompressor::new(compression, batch.payload_slice(), decompressed_bytes_max)?;
    let mut window = Window { stream, buffer: vec![0; WINDOW_LEN], start: 0, end: 0, passed: 0 };
    let base = Base::of(header);
    for index in 0..header.record_count {
        see(index, &base.read(window.next_body()?)?);
    }
    if window.start < window.end || window.fill()? {
        return Err(InvalidRecord::TrailingBytes.into());
    }
    Ok(window.passed)
}

struct Window<'a> {
    stream: Decompressor<'a>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    passed: usize,
}

impl Window<'_> {
    fn next_body(&mut self) -> Result<&[u8], RecordsError> {
        let (prefix, length) = loop {
            let mut bytes = &self.buffer[self.start..self.end];
            let before = bytes.len();
            match take_varint(&mut bytes) {
                Ok(length) => break (before - bytes.len(), length),
                Err(InvalidRecord::Truncated) if self.fill()? => {}
                Err(error) => return Err(error.into()),
            }
        };
        let length = usize::try_from(length).map_err(|_| InvalidRecord::NegativeLength(length))?;
        while self.end - self.start < prefix + length {
            if !self.fill()? {
                return Err(InvalidRecord::Truncated.into());
            }
        }
        let body = self.start + prefix..self.start + prefix + length;
        self.start = body.end;
        self.passed += prefix + length;
        Ok(&self.buffer[body])
    }

    /// Reads on; false at the end of the stream.
    fn fill(&mut self) -> Result<bool, RecordsError> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
        }
        if self.end == self.buffer.len() {
            self.buffer.resize(self.end * 2, 0);
        }
        let read = self.stream.read(&mut self.buffer[self.end..])?;
        self.end += read;
        Ok(read > 0)
    }
}
