//! One barrier over many files. Not here: which files are dirty.

use std::any::Any;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use klamm_env::{Done, File};
use rustix::fs::syncfs;

use crate::engine::stopped;
use crate::file::KernelFile;
use crate::pool::Pool;

/// Files of one file system from which on one `syncfs` is cheaper than an `fdatasync` each. By
/// `examples/sync_cost.rs`, on ext4 with 4 KiB appended to each file, both cost the same at 16 files, `syncfs` a
/// quarter less at 32 and half at 200. It waits for other programs' dirty pages as well, so level is not enough.
const SYNCFS_FILES_MIN: usize = 24;

/// The file systems on which a node has opened files.
#[derive(Clone, Default)]
pub(crate) struct Volumes(Arc<Mutex<BTreeMap<u64, Arc<Volume>>>>);

impl Volumes {
    /// The file system of `file`.
    pub(crate) fn of(&self, file: &fs::File) -> io::Result<Arc<Volume>> {
        let device = file.metadata()?.dev();
        let mut volumes = self.0.lock().expect("nothing panics while it holds the volumes");
        if let Some(volume) = volumes.get(&device) {
            return Ok(volume.clone());
        }
        let volume =
            Arc::new(Volume { file: file.try_clone()?, turn: Mutex::new(()), failures: AtomicU64::new(0) });
        volumes.insert(device, volume.clone());
        Ok(volume)
    }
}

/// One file system. Its handle is as old as the first file opened there, and the kernel tells each handle once
/// of every write that failed since it was opened, so that no loss escapes.
pub(crate) struct Volume {
    file: fs::File,
    turn: Mutex<()>,
    failures: AtomicU64,
}

impl Volume {
    /// `syncfs`, which reports failed writes since Linux 5.8. It reports each to one caller only: those that
    /// waited meanwhile fail with it, since the bytes may have been theirs.
    fn sync(&self) -> io::Result<()> {
        let before = self.failures.load(Ordering::SeqCst);
        let _turn = self.turn.lock().expect("nothing panics while it syncs");
        let result = syncfs(&self.file);
        if result.is_err() {
            self.failures.fetch_add(1, Ordering::SeqCst);
        }
        if self.failures.load(Ordering::SeqCst) != before {
            return Err(result
                .err()
                .map_or_else(|| io::Error::other("a barrier beside this one failed"), Into::into));
        }
        Ok(())
    }
}

/// Makes all of `set` durable: an `fdatasync` each, side by side, or one `syncfs` a file system.
pub(crate) fn sync(pool: &Pool, set: &[Arc<dyn File>]) -> Done<()> {
    let mut volumes: BTreeMap<*const Volume, (Arc<Volume>, Vec<Arc<fs::File>>)> = BTreeMap::new();
    for file in set {
        let file: &dyn Any = &**file;
        let Some(file) = file.downcast_ref::<KernelFile>() else {
            return Done::ready(Err(io::Error::new(io::ErrorKind::InvalidInput, "a file of another engine")));
        };
        let volume = file.volume();
        let (_, files) = volumes.entry(Arc::as_ptr(volume)).or_insert_with(|| (volume.clone(), Vec::new()));
        files.push(file.handle());
    }
    let mut parts: Vec<Box<dyn FnOnce() -> io::Result<()> + Send>> = Vec::new();
    for (volume, files) in volumes.into_values() {
        if files.len() >= SYNCFS_FILES_MIN {
            parts.push(Box::new(move || volume.sync()));
        } else {
            parts.extend(files.into_iter().map(|file| Box::new(move || file.sync_data()) as Box<_>));
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
