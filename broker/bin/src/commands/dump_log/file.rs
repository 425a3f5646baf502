//! A segment's bytes, batch by batch. Not here: what is printed of them.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use bytes::{Bytes, BytesMut};
use klamm_env::{Env, File, Open};
use klamm_records::{Frame, RecordBatch, RecordsError};

/// What is read from the disk at once, unless a batch is larger.
const WINDOW_BYTES: usize = 1 << 20;

/// An open file of batches.
pub(super) struct SegmentFile {
    file: Arc<dyn File>,
    len: u64,
    window_at: u64,
    window: Bytes,
}

/// What stands at a position.
pub(super) enum Found {
    /// A whole batch.
    Batch(RecordBatch),
    /// Bytes that are no batch; none at the end of the file.
    Rest(u64),
}

impl SegmentFile {
    pub(super) async fn open(env: &Env, path: &Path) -> Result<Self> {
        let file = open(env, path).await?;
        let len = file.len().await?;
        Ok(Self { file, len, window_at: 0, window: Bytes::new() })
    }

    /// The batch that begins at `position`, where the file counts as cut at `end`.
    ///
    /// # Errors
    /// The disk failed, or a batch of an older format.
    pub(super) async fn batch_at(&mut self, position: u64, end: u64) -> Result<Found> {
        let end = end.min(self.len);
        let rest = end.saturating_sub(position);
        let front = self.bytes(position, Frame::LEN.min(to_usize(rest))).await?;
        let size = match Frame::peek(&front) {
            Ok(Some(frame)) if frame.size as u64 <= rest => frame.size,
            Ok(_) | Err(_) => return Ok(Found::Rest(rest)),
        };
        match RecordBatch::parse(self.bytes(position, size).await?) {
            Ok(batch) => Ok(Found::Batch(batch)),
            Err(error @ RecordsError::OldFormat { .. }) => Err(error.into()),
            Err(_) => Ok(Found::Rest(rest)),
        }
    }

    async fn bytes(&mut self, at: u64, len: usize) -> Result<Bytes> {
        let inside = at >= self.window_at && at + len as u64 <= self.window_at + self.window.len() as u64;
        if !inside {
            let len = len.max(WINDOW_BYTES);
            self.window = self.file.read(at, len, BytesMut::with_capacity(len)).await?.freeze();
            self.window_at = at;
        }
        let from = to_usize(at - self.window_at);
        Ok(self.window.slice(from..(from + len).min(self.window.len())))
    }
}

fn to_usize(length: u64) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}

async fn open(env: &Env, path: &Path) -> Result<Arc<dyn File>> {
    env.open(path, Open::READ).await.with_context(|| format!("cannot read {}", path.display()))
}

/// A whole file.
pub(super) async fn read_all(env: &Env, path: &Path) -> Result<Bytes> {
    let file = open(env, path).await?;
    let len = to_usize(file.len().await?);
    Ok(file.read(0, len, BytesMut::with_capacity(len)).await?.freeze())
}
