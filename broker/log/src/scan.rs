//! Walking the batches of a segment's file; what cannot be read is as good as damaged. Not here: what a walk is for.

use std::io;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use klamm_env::File;
use klamm_records::{BATCH_HEADER_LEN, BatchHeader, Frame, RecordBatch};

use crate::readable::read_readable;

/// Bytes read at once where only headers are looked at.
const HEADERS_WINDOW: u64 = 16 * 1024;
/// Bytes read at once where every byte is looked at.
const WHOLE_WINDOW: u64 = 512 * 1024;

/// A batch's header, and where the batch lies in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Placed {
    pub(crate) header: BatchHeader,
    pub(crate) at: u64,
    pub(crate) size: u64,
}

impl Placed {
    /// Where the next batch begins.
    pub(crate) fn end(&self) -> u64 {
        self.at + self.size
    }
}

/// What lies at the place of a walk.
pub(crate) enum Found<T> {
    /// A batch, whole.
    Batch(T),
    /// The end.
    End,
    /// Something else, and what.
    Broken(String),
}

/// A walk over `file` up to `end`.
pub(crate) struct Scan {
    file: Arc<dyn File>,
    at: u64,
    end: u64,
    window: Bytes,
    window_at: u64,
}

impl Scan {
    pub(crate) fn new(file: Arc<dyn File>, from: u64, end: u64) -> Self {
        Self { file, at: from, end, window: Bytes::new(), window_at: from }
    }

    /// Bytes from the walk's place on: at least `len` unless the file ends before. `Err` within tells why they cannot be read.
    async fn bytes(&mut self, len: u64, window: u64) -> io::Result<Result<Bytes, String>> {
        let window_end = self.window_at + self.window.len() as u64;
        if self.at < self.window_at || self.at + len > window_end {
            let want = len.max(window).min(self.end - self.at);
            let mut read = read_readable(&self.file, self.at, want).await?;
            if read.is_err() && want > len {
                read = read_readable(&self.file, self.at, len).await?;
            }
            match read {
                Ok(bytes) => (self.window, self.window_at) = (bytes, self.at),
                Err(why) => return Ok(Err(why)),
            }
        }
        let from = usize::try_from(self.at - self.window_at).map_err(io::Error::other)?;
        Ok(Ok(self.window.slice(from.min(self.window.len())..)))
    }

    async fn peek(&mut self, window: u64) -> io::Result<Found<Placed>> {
        if self.at >= self.end {
            return Ok(Found::End);
        }
        let head_len = (BATCH_HEADER_LEN as u64).min(self.end - self.at);
        let head = match self.bytes(head_len, window).await? {
            Ok(head) => head,
            Err(why) => return Ok(Found::Broken(why)),
        };
        let size = match Frame::peek(&head) {
            Err(error) => return Ok(Found::Broken(error.to_string())),
            Ok(Some(frame)) if frame.magic < 2 => {
                return Ok(Found::Broken(format!("record format {} is not supported", frame.magic)));
            }
            Ok(frame) => frame.map_or(u64::MAX, |frame| frame.size as u64),
        };
        let header = match head.first_chunk::<BATCH_HEADER_LEN>() {
            Some(front) if size <= self.end - self.at => BatchHeader::read(front),
            _ => return Ok(Found::Broken("a batch is cut short".to_owned())),
        };
        if header.base_offset < 0 || header.last_offset_delta < 0 {
            return Ok(Found::Broken("a batch with impossible offsets".to_owned()));
        }
        Ok(Found::Batch(Placed { header, at: self.at, size }))
    }

    /// The next batch by its header alone: the rest is neither read nor checked.
    pub(crate) async fn next_header(&mut self) -> io::Result<Found<Placed>> {
        let found = self.peek(HEADERS_WINDOW).await?;
        if let Found::Batch(placed) = &found {
            self.at = placed.end();
        }
        Ok(found)
    }

    /// The next batch with all its bytes, its CRC checked.
    pub(crate) async fn next_whole(&mut self) -> io::Result<Found<(Placed, RecordBatch)>> {
        let placed = match self.peek(WHOLE_WINDOW).await? {
            Found::Batch(placed) => placed,
            Found::End => return Ok(Found::End),
            Found::Broken(why) => return Ok(Found::Broken(why)),
        };
        let bytes = match self.bytes(placed.size, WHOLE_WINDOW).await? {
            Ok(bytes) => bytes,
            Err(why) => return Ok(Found::Broken(why)),
        };
        let size = usize::try_from(placed.size).map_err(io::Error::other)?;
        if bytes.len() < size {
            return Ok(Found::Broken("a batch is cut short".to_owned()));
        }
        let checked =
            RecordBatch::parse(bytes.slice(..size)).and_then(|batch| batch.check_crc().map(|()| batch));
        match checked {
            Ok(batch) => {
                self.at = placed.end();
                Ok(Found::Batch((placed, batch)))
            }
            Err(error) => Ok(Found::Broken(error.to_string())),
        }
    }
}

/// Reads one batch whose place is known.
pub(crate) async fn read_batch(file: &Arc<dyn File>, placed: &Placed) -> io::Result<RecordBatch> {
    let size = usize::try_from(placed.size).map_err(io::Error::other)?;
    let bytes = file.read(placed.at, size, BytesMut::with_capacity(size)).await?;
    RecordBatch::parse(bytes.freeze()).map_err(io::Error::other)
}
