//! Files and directories. Not here: formats, caches, what to do after a failed write.

use std::any::Any;
use std::path::Path;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};

use crate::clock::WallMillis;
use crate::done::Done;

/// How a file is opened. Reading is always possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Open {
    /// Writing is possible too.
    pub write: bool,
    /// Made if it is not there; its directory must be.
    pub create: bool,
    /// Fails with `AlreadyExists` if it is there.
    pub create_new: bool,
    /// Emptied.
    pub truncate: bool,
}

impl Open {
    /// Read only; the file must be there.
    pub const READ: Open = Open { write: false, create: false, create_new: false, truncate: false };
    /// Read and write; the file must be there.
    pub const EDIT: Open = Open { write: true, create: false, create_new: false, truncate: false };
    /// Read and write; made if it is not there.
    pub const CREATE: Open = Open { write: true, create: true, create_new: false, truncate: false };
    /// Read and write; must not be there yet.
    pub const CREATE_NEW: Open = Open { write: true, create: true, create_new: true, truncate: false };
    /// Read and write; made, or emptied if it is there.
    pub const REPLACE: Open = Open { write: true, create: true, create_new: false, truncate: true };
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
}

/// One name in a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name without its directory. Names that are not UTF-8 are left out of a listing.
    pub name: String,
    /// What it stands for.
    pub kind: Kind,
}

/// What is known of a file without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stat {
    /// File or directory.
    pub kind: Kind,
    /// Length in bytes; 0 for a directory.
    pub len: u64,
    /// Last change of its bytes.
    pub modified: WallMillis,
}

/// Room on the volume that holds a path, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Space {
    /// All of it.
    pub total: u64,
    /// What this process may still use.
    pub usable: u64,
}

/// Bytes to write, in order, without joining them first.
#[derive(Clone, Debug, Default)]
pub struct IoVec(pub Vec<Bytes>);

impl IoVec {
    /// Bytes in all parts.
    pub fn len(&self) -> usize {
        self.0.iter().map(Bytes::len).sum()
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Bytes::is_empty)
    }
}

impl From<Bytes> for IoVec {
    fn from(bytes: Bytes) -> Self {
        Self(vec![bytes])
    }
}

impl From<Vec<Bytes>> for IoVec {
    fn from(parts: Vec<Bytes>) -> Self {
        Self(parts)
    }
}

/// Files that one barrier makes durable.
pub type FileSet = Vec<Arc<dyn File>>;

/// A node's disks. Paths are the node's own.
///
/// A failed write or `sync` leaves the bytes concerned undefined, and a later `sync` says nothing of them.
pub trait Disk {
    /// Opens a file. The *name* of a new file is durable only after [`Disk::sync_dir`] of its directory.
    fn open(&self, path: &Path, how: Open) -> Done<Arc<dyn File>>;

    /// Returns when the bytes and lengths of all files in `set` are durable: one barrier, many files.
    fn sync(&self, set: FileSet) -> Done<()>;

    /// Returns when the names in the directory (new, renamed, removed) are durable.
    fn sync_dir(&self, path: &Path) -> Done<()>;

    /// Makes a directory and those above it that are missing; fine if it is there.
    fn create_dir(&self, path: &Path) -> Done<()>;

    /// Gives a file or directory another name, replacing a file of that name in one step.
    fn rename(&self, from: &Path, to: &Path) -> Done<()>;

    /// Removes a file, or a directory that is empty. Open handles stay readable.
    fn remove(&self, path: &Path) -> Done<()>;

    /// The names in a directory, sorted.
    fn list(&self, path: &Path) -> Done<Vec<Entry>>;

    /// Kind, length and time of change; `NotFound` if the name is not there.
    fn stat(&self, path: &Path) -> Done<Stat>;

    /// Room on the volume of `path`.
    fn free_space(&self, path: &Path) -> Done<Space>;

    /// How much this process has had loaded from its disks so far, in any unit. While the number stands, a range of a file that
    /// is resident ([`File::is_resident`]) holds what was last read or written there. Where that cannot be told, the number is
    /// another one each time.
    fn loads(&self) -> u64;

    /// Takes the lock file `path` (made if missing) until the value is dropped; `WouldBlock` if another
    /// process has it.
    fn lock(&self, path: &Path) -> Done<Box<dyn FileLock>>;
}

/// A lock file that is held.
pub trait FileLock: Send + Sync {}

/// An open file. Operations on disjoint ranges may run at the same time.
#[allow(
    clippy::len_without_is_empty,
    reason = "asking is an operation of the disk, and no file is asked only that"
)]
pub trait File: Any + Send + Sync {
    /// Appends to `into` up to `len` bytes from offset `at`; fewer only where the file ends.
    fn read(&self, at: u64, len: usize, into: BytesMut) -> Done<BytesMut>;

    /// Writes all parts from offset `at` on, back to back; a gap before `at` reads as zeros. After an error
    /// any part of the range may have been written.
    fn write(&self, at: u64, from: IoVec) -> Done<()>;

    /// Cuts the file, or extends it with zeros.
    fn set_len(&self, len: u64) -> Done<()>;

    /// Whether a read of the range would come from memory; false also where that cannot be told.
    fn is_resident(&self, at: u64, len: usize) -> bool;

    /// The file's length in bytes.
    fn len(&self) -> Done<u64>;
}
