//! An open file: positional reads and writes. Not here: its name, its durability.

use std::fs;
use std::io::{self, IoSlice, IoSliceMut};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::MetadataExt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use bytes::BytesMut;
use klamm_env::{Done, File, IoVec};
use rustix::io::{Errno, ReadWriteFlags, pread, preadv2, pwritev};

use crate::barrier::Volume;
use crate::page_cache;
use crate::pool::Pool;

/// Bytes that one system call reads: they are zeroed first, and so much stays in the core's own cache.
const READ_CHUNK_BYTES: usize = 128 * 1024;

/// Parts that the kernel takes in one call.
const PARTS_MAX: usize = 1024;

/// A handle of the kernel's, shared with threads of the pools.
pub(crate) struct OpenFile {
    pub(crate) handle: fs::File,
    /// The file system it lives on.
    pub(crate) volume: Arc<Volume>,
    /// Of the volume's failures, how many this file knows of.
    pub(crate) failures_told: AtomicU64,
}

impl OpenFile {
    pub(crate) fn new(handle: fs::File, volume: Arc<Volume>) -> Self {
        let failures_told = AtomicU64::new(volume.failures());
        Self { handle, volume, failures_told }
    }
}

/// A file of the kernel's.
pub(crate) struct KernelFile {
    file: Arc<OpenFile>,
    pool: Pool,
}

impl KernelFile {
    pub(crate) fn new(file: fs::File, volume: Arc<Volume>, pool: Pool) -> Self {
        Self { file: Arc::new(OpenFile::new(file, volume)), pool }
    }

    /// The handle, to be shared with a thread of a pool.
    pub(crate) fn opened(&self) -> Arc<OpenFile> {
        self.file.clone()
    }

    /// Whether to send a range waits for no disk.
    pub(crate) fn is_cached(&self, at: u64, len: usize) -> bool {
        page_cache::holds(&self.file.handle, at, len)
    }

    /// Reads a range into the page cache, on a thread of the pool.
    pub(crate) fn warm(&self, at: u64, len: usize) -> Done<()> {
        let file = self.file.clone();
        self.pool.run(move || {
            let mut scratch = vec![0; READ_CHUNK_BYTES.min(len)];
            let mut done = 0;
            while done < len {
                let chunk = READ_CHUNK_BYTES.min(len - done);
                match pread(&file.handle, &mut scratch[..chunk], at + done as u64) {
                    Ok(0) => break,
                    Ok(read) => done += read,
                    Err(Errno::INTR) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            Ok(())
        })
    }
}

/// The last handle of a file without a name frees its room, which may take long: not on a lane.
impl Drop for KernelFile {
    fn drop(&mut self) {
        if self.file.handle.metadata().is_ok_and(|metadata| metadata.nlink() == 0) {
            let file = self.file.clone();
            self.pool.submit(Box::new(move || drop(file)));
        }
    }
}

impl AsFd for KernelFile {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.handle.as_fd()
    }
}

impl File for KernelFile {
    fn read(&self, at: u64, len: usize, mut into: BytesMut) -> Done<BytesMut> {
        let end = into.len() + len;
        let start = into.len();
        into.reserve(len);
        let cached = fill(&mut into, end, |read, chunk| {
            let position = at + (read - start) as u64;
            preadv2(&self.file.handle, &mut [IoSliceMut::new(chunk)], position, ReadWriteFlags::NOWAIT)
        });
        match cached {
            Ok(()) => return Done::ready(Ok(into)),
            Err(Errno::AGAIN | Errno::OPNOTSUPP | Errno::NOSYS) => {}
            Err(error) => return Done::ready(Err(error.into())),
        }
        let file = self.file.clone();
        self.pool.run(move || {
            fill(&mut into, end, |read, chunk| pread(&file.handle, chunk, at + (read - start) as u64))?;
            Ok(into)
        })
    }

    fn write(&self, at: u64, from: IoVec) -> Done<()> {
        Done::ready(self.write_all(at, &from))
    }

    fn set_len(&self, len: u64) -> Done<()> {
        let file = self.file.clone();
        self.pool.run(move || file.handle.set_len(len))
    }

    fn is_resident(&self, at: u64, len: usize) -> bool {
        self.file.volume.counts_loads() && page_cache::holds_for_sure(&self.file.handle, at, len)
    }

    fn len(&self) -> Done<u64> {
        Done::ready(self.file.handle.metadata().map(|metadata| metadata.len()))
    }
}

impl KernelFile {
    fn write_all(&self, mut at: u64, from: &IoVec) -> io::Result<()> {
        let mut parts: Vec<IoSlice<'_>> =
            from.0.iter().filter(|part| !part.is_empty()).map(|part| IoSlice::new(part)).collect();
        let mut parts = parts.as_mut_slice();
        while !parts.is_empty() {
            match pwritev(&self.file.handle, &parts[..parts.len().min(PARTS_MAX)], at) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => {
                    IoSlice::advance_slices(&mut parts, written);
                    at += written as u64;
                }
                Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

/// Extends `into` up to `end` with what `read` puts into each chunk, given how long `into` was before it; less
/// only where the file ends.
fn fill(
    into: &mut BytesMut,
    end: usize,
    mut read: impl FnMut(usize, &mut [u8]) -> Result<usize, Errno>,
) -> Result<(), Errno> {
    while into.len() < end {
        let filled = into.len();
        into.resize(end.min(filled + READ_CHUNK_BYTES), 0);
        let result = read(filled, &mut into[filled..]);
        into.truncate(filled + result.unwrap_or(0));
        match result {
            Ok(0) => break,
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
