//! Directories and names. Not here: bytes of files, barriers over many of them.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

use klamm_env::{Disk, Done, Entry, File, FileLock, FileSet, Kind, Open, Space, Stat};
use rustix::fs::{FlockOperation, fcntl_lock, flock, statvfs};
use rustix::io::Errno;

use crate::barrier;
use crate::clock::wall_millis;
use crate::engine::Engine;
use crate::file::KernelFile;
use crate::page_cache;

impl Disk for Engine {
    fn open(&self, path: &Path, how: Open) -> Done<Arc<dyn File>> {
        let path = path.to_owned();
        let volumes = self.volumes.clone();
        let pool = self.disk.clone();
        self.disk.run(move || {
            let file = fs::OpenOptions::new()
                .read(true)
                .write(how.write)
                .create(how.create)
                .create_new(how.create_new)
                .truncate(how.truncate)
                .open(&path)?;
            let metadata = file.metadata()?;
            if metadata.is_dir() {
                return Err(ErrorKind::IsADirectory.into());
            }
            let volume = volumes.of(&metadata, &path)?;
            Ok(Arc::new(KernelFile::new(file, volume, pool)) as Arc<dyn File>)
        })
    }

    fn sync(&self, set: FileSet) -> Done<()> {
        barrier::sync(&self.barriers, &set)
    }

    fn sync_dir(&self, path: &Path) -> Done<()> {
        let path = path.to_owned();
        self.barriers.run(move || fs::File::open(path)?.sync_all())
    }

    fn create_dir(&self, path: &Path) -> Done<()> {
        let path = path.to_owned();
        self.disk.run(move || fs::create_dir_all(path))
    }

    fn rename(&self, from: &Path, to: &Path) -> Done<()> {
        let (from, to) = (from.to_owned(), to.to_owned());
        self.disk.run(move || fs::rename(from, to))
    }

    fn remove(&self, path: &Path) -> Done<()> {
        let path = path.to_owned();
        self.disk.run(move || match fs::remove_file(&path) {
            Err(error) if error.kind() == ErrorKind::IsADirectory => fs::remove_dir(&path),
            result => result,
        })
    }

    fn list(&self, path: &Path) -> Done<Vec<Entry>> {
        let path = path.to_owned();
        self.disk.run(move || list(&path))
    }

    fn stat(&self, path: &Path) -> Done<Stat> {
        let path = path.to_owned();
        self.disk.run(move || {
            let metadata = fs::metadata(path)?;
            let (kind, len) = match metadata.is_dir() {
                true => (Kind::Directory, 0),
                false => (Kind::File, metadata.len()),
            };
            Ok(Stat { kind, len, modified: wall_millis(metadata.modified()?) })
        })
    }

    fn free_space(&self, path: &Path) -> Done<Space> {
        let path = path.to_owned();
        self.disk.run(move || {
            let volume = statvfs(path)?;
            let bytes = |blocks: u64| blocks.saturating_mul(volume.f_frsize);
            Ok(Space { total: bytes(volume.f_blocks), usable: bytes(volume.f_bavail) })
        })
    }

    fn loads(&self) -> u64 {
        page_cache::loads()
    }

    fn lock(&self, path: &Path) -> Done<Box<dyn FileLock>> {
        let path = path.to_owned();
        self.disk.run(move || Ok(Box::new(KernelLock::take(&path)?) as Box<dyn FileLock>))
    }
}

/// What is neither file nor directory, nor a link to one, is left out as well.
fn list(path: &Path) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let mut kind = entry.file_type()?;
        if kind.is_symlink() {
            let Ok(target) = fs::metadata(entry.path()) else { continue };
            kind = target.file_type();
        }
        if kind.is_dir() {
            entries.push(Entry { name, kind: Kind::Directory });
        } else if kind.is_file() {
            entries.push(Entry { name, kind: Kind::File });
        }
    }
    entries.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    Ok(entries)
}

/// Device and inode of every file that this process has locked. A lock of Java's kind goes when *any* handle of the
/// file is closed, so a file that is locked already is not opened again.
static HELD: Mutex<BTreeSet<(u64, u64)>> = Mutex::new(BTreeSet::new());

fn held() -> MutexGuard<'static, BTreeSet<(u64, u64)>> {
    HELD.lock().expect("nothing panics while it holds the locks")
}

/// Let go by the kernel when the file is closed, which the end of the process does too.
struct KernelLock {
    file: Option<OwnedFd>,
    identity: (u64, u64),
}

impl KernelLock {
    fn take(path: &Path) -> io::Result<Self> {
        let identity = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
        let mut held = held();
        if fs::metadata(path).is_ok_and(|metadata| held.contains(&identity(metadata))) {
            return Err(ErrorKind::WouldBlock.into());
        }
        let file = fs::OpenOptions::new().write(true).create(true).truncate(false).open(path)?;
        let identity = identity(file.metadata()?);
        let file = OwnedFd::from(file);
        flock(&file, FlockOperation::NonBlockingLockExclusive)?;
        // Java's locks are of the other kind, and Kafka must not run on the same directory either.
        fcntl_lock(&file, FlockOperation::NonBlockingLockExclusive).map_err(|error| match error {
            Errno::ACCESS => io::Error::from(ErrorKind::WouldBlock),
            error => error.into(),
        })?;
        held.insert(identity);
        Ok(Self { file: Some(file), identity })
    }
}

impl Drop for KernelLock {
    fn drop(&mut self) {
        let mut held = held();
        held.remove(&self.identity);
        drop(self.file.take());
    }
}

impl FileLock for KernelLock {}
