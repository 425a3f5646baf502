//! One barrier over many files. Not here: which files are dirty.

use std::any::Any;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use klamm_env::{Done, File};
use rustix::fs::{fstatfs, syncfs};
use rustix::system::uname;

use crate::engine::stopped;
use crate::file::{KernelFile, OpenFile};
use crate::pool::Pool;

/// Files of one file system from which on one `syncfs` is cheaper than an `fdatasync` each. By
/// `examples/sync_cost.rs`, on ext4 with 4 KiB appended to each file, both cost the same at 16 files, `syncfs` a
/// quarter less at 32 and half at 200. It waits for other programs' dirty pages as well, so level is not enough.
const SYNCFS_FILES_MIN: usize = 24;

/// The file systems on which a node has opened files.
#[derive(Clone, Default)]
pub(crate) struct Volumes(Arc<Mutex<BTreeMap<u64, Arc<Volume>>>>);

impl Volumes {
    /// The file system of the file at `path`.
    pub(crate) fn of(&self, file: &fs::Metadata, path: &Path) -> io::Result<Arc<Volume>> {
        let mut volumes = self.0.lock().expect("nothing panics while it holds the volumes");
        if let Some(volume) = volumes.get(&file.dev()) {
            return Ok(volume.clone());
        }
        // Not the file itself: its room would not be free before the process ends.
        let directory = fs::File::open(directory_of(path))?;
        let tells = tells_of_lost_writes(&directory);
        let volume = Arc::new(Volume { directory, tells, failures: AtomicU64::new(0) });
        volumes.insert(file.dev(), volume.clone());
        Ok(volume)
    }
}

/// Where a file is; a bare name is in the working directory.
fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        parent => parent.unwrap_or(Path::new("/")),
    }
}

/// Whether `syncfs` reports writes that failed: since Linux 5.8, and not where one file system lies over another.
fn tells_of_lost_writes(directory: &fs::File) -> bool {
    const TRUSTED: [u32; 3] = [0xef53, 0x5846_5342, 0x9123_683e]; // ext4, xfs, btrfs
    let kernel = uname();
    let release = kernel.release().to_string_lossy();
    let mut numbers = release.split(['.', '-']).map_while(|part| part.parse::<u32>().ok());
    let release = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    release >= (5, 8)
        && fstatfs(directory)
            .is_ok_and(|it| TRUSTED.iter().any(|magic| i128::from(it.f_type) == i128::from(*magic)))
}

/// One file system. Its handle is as old as the first file opened there, and the kernel tells each handle once
/// of every write that failed since it was opened.
pub(crate) struct Volume {
    directory: fs::File,
    /// It is a disk's, and `syncfs` tells of writes that were lost.
    tells: bool,
    /// Calls of `syncfs` that failed: whichever file the lost bytes were of, the kernel tells it once.
    failures: AtomicU64,
}

impl Volume {
    /// How often a write was lost so far.
    pub(crate) fn failures(&self) -> u64 {
        self.failures.load(Ordering::SeqCst)
    }

    /// Whether what is loaded from it is counted as the process's, and by nobody else: on a disk of this machine.
    pub(crate) fn counts_loads(&self) -> bool {
        self.tells
    }

    /// Whether one `syncfs` is the cheaper barrier over so many files, and tells of what was lost.
    fn prefers_syncfs(&self, files: usize) -> bool {
        self.tells && files >= SYNCFS_FILES_MIN
    }

    /// One `flush` for all of `files`. A failure that was told to another barrier is one of theirs too, unless they were
    /// opened after it.
    fn sync(
        &self,
        files: &[Arc<OpenFile>],
        flush: impl FnOnce(&fs::File) -> io::Result<()>,
    ) -> io::Result<()> {
        let flushed = flush(&self.directory);
        if flushed.is_err() {
            self.failures.fetch_add(1, Ordering::SeqCst);
        }
        let failures = self.failures();
        let untold =
            files.iter().filter(|file| file.failures_told.swap(failures, Ordering::SeqCst) != failures);
        let untold = untold.count();
        flushed?;
        if untold > 0 { Err(io::Error::other("a write to this file system was lost")) } else { Ok(()) }
    }
}

/// Makes all of `set` durable: an `fdatasync` each, side by side, or one `syncfs` a file system.
pub(crate) fn sync(pool: &Pool, set: &[Arc<dyn File>]) -> Done<()> {
    let mut volumes: BTreeMap<*const Volume, Vec<Arc<OpenFile>>> = BTreeMap::new();
    for file in set {
        let file: &dyn Any = &**file;
        let Some(file) = file.downcast_ref::<KernelFile>() else {
            return Done::ready(Err(io::Error::new(io::ErrorKind::InvalidInput, "a file of another engine")));
        };
        let file = file.opened();
        volumes.entry(Arc::as_ptr(&file.volume)).or_default().push(file);
    }
    let mut parts: Vec<Box<dyn FnOnce() -> io::Result<()> + Send>> = Vec::new();
    for files in volumes.into_values() {
        let volume = files[0].volume.clone();
        if volume.prefers_syncfs(files.len()) {
            parts.push(Box::new(move || volume.sync(&files, |handle| Ok(syncfs(handle)?))));
        } else {
            parts.extend(files.into_iter().map(|file| Box::new(move || file.handle.sync_data()) as Box<_>));
        }
    }
    all(pool, parts)
}

/// Runs all `parts` on the pool; the answer is the first error, once all have ended.
fn all(pool: &Pool, parts: Vec<Box<dyn FnOnce() -> io::Result<()> + Send>>) -> Done<()> {
    if parts.is_empty() {
        return Done::ready(Ok(()));
    }
    let (answer, done) = Done::wait();
    let left = AtomicUsize::new(parts.len());
    let shared = Arc::new((left, Mutex::new((Ok(()), Some(answer)))));
    for part in parts {
        let shared = shared.clone();
        let accepted = pool.submit(Box::new(move || {
            let result = part();
            let (left, outcome) = &*shared;
            let mut outcome = outcome.lock().expect("nothing panics while it holds the outcome");
            if outcome.0.is_ok() {
                outcome.0 = result;
            }
            if left.fetch_sub(1, Ordering::SeqCst) == 1 {
                let result = std::mem::replace(&mut outcome.0, Ok(()));
                let answer = outcome.1.take().expect("the last part ends once");
                let _nobody_waits = answer.send(result);
            }
        }));
        if !accepted {
            return Done::ready(Err(stopped()));
        }
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(volume: &Arc<Volume>) -> Arc<OpenFile> {
        let handle = tempfile::tempfile().expect("a file");
        Arc::new(OpenFile::new(handle, volume.clone()))
    }

    #[test]
    fn a_file_is_in_a_directory() {
        let check =
            |path: &str, expected: &str| assert_eq!(directory_of(Path::new(path)), Path::new(expected));
        check("/data/0.log", "/data");
        check("data/0.log", "data");
        check("server.properties", ".");
        check("/", "/");
    }

    #[test]
    fn many_files_take_one_syncfs_where_that_can_be_trusted() {
        let check = |tells, files, expected| {
            let directory = fs::File::open(std::env::temp_dir()).expect("a directory");
            let volume = Volume { directory, tells, failures: AtomicU64::new(0) };
            assert_eq!(volume.prefers_syncfs(files), expected, "{files} files");
        };
        check(true, SYNCFS_FILES_MIN, true);
        check(true, SYNCFS_FILES_MIN - 1, false);
        check(false, 1000, false);
    }

    #[test]
    fn a_lost_write_is_told_to_every_file_that_was_open() {
        let directory = fs::File::open(std::env::temp_dir()).expect("a directory");
        let volume = Arc::new(Volume { directory, tells: true, failures: AtomicU64::new(0) });
        let known = [opened(&volume), opened(&volume)];
        let sound = |files: &[Arc<OpenFile>]| volume.sync(files, |_| Ok(())).is_ok();
        assert!(sound(&known));
        assert!(volume.sync(&known[..1], |_| Err(io::ErrorKind::Other.into())).is_err());
        assert!(sound(&known[..1]), "it was told");
        let later = [opened(&volume)];
        assert!(sound(&later), "it was opened afterwards");
        assert!(!sound(&known), "the bytes that were lost may have been of the second one");
        assert!(sound(&known));
    }
}
