//! A disk in memory, which loses nothing. Not here: faults of disks.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::BytesMut;
use klamm_env::{Disk, Done, Entry, File, FileLock, FileSet, IoVec, Kind, Open, Space, Stat, WallMillis};

use crate::{Engine, Host};

/// What a flush takes.
const SYNC_TIME: Duration = Duration::from_millis(2);
const SPACE: Space = Space { total: 1 << 40, usable: 1 << 39 };

/// One node's disk.
#[derive(Clone, Default)]
pub struct MemoryDisk(Arc<Mutex<Names>>);

#[derive(Default)]
struct Names {
    /// Without content: a directory.
    entries: BTreeMap<PathBuf, Option<Arc<Mutex<Content>>>>,
    locks: BTreeSet<PathBuf>,
}

#[derive(Default)]
struct Content {
    bytes: Vec<u8>,
    modified: WallMillis,
}

impl MemoryDisk {
    fn names(&self) -> MutexGuard<'_, Names> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a directory and those above it.
    pub fn make_dir(&self, path: &Path) {
        let mut names = self.names();
        for dir in path.ancestors() {
            names.entries.entry(dir.to_owned()).or_insert(None);
        }
    }
}

impl Names {
    fn entry(&self, path: &Path) -> io::Result<&Option<Arc<Mutex<Content>>>> {
        self.entries.get(path).ok_or_else(|| ErrorKind::NotFound.into())
    }

    fn is_dir(&self, path: &Path) -> bool {
        matches!(self.entries.get(path), Some(None))
    }

    fn parent_of(&self, path: &Path) -> io::Result<()> {
        let there = path.parent().is_some_and(|parent| self.is_dir(parent));
        if there { Ok(()) } else { Err(ErrorKind::NotFound.into()) }
    }

    fn open(&mut self, path: &Path, how: Open, wall: fn() -> WallMillis) -> io::Result<Arc<dyn File>> {
        let content = match self.entries.get(path) {
            Some(_) if how.create_new => return Err(ErrorKind::AlreadyExists.into()),
            Some(None) => return Err(ErrorKind::IsADirectory.into()),
            Some(Some(content)) => Arc::clone(content),
            None if how.create => {
                self.parent_of(path)?;
                let content = Arc::new(Mutex::new(Content { bytes: Vec::new(), modified: wall() }));
                self.entries.insert(path.to_owned(), Some(Arc::clone(&content)));
                content
            }
            None => return Err(ErrorKind::NotFound.into()),
        };
        let file = MemoryFile { content, writable: how.write, wall };
        if how.truncate {
            file.change(|bytes| bytes.clear())?;
        }
        Ok(Arc::new(file))
    }

    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        self.entry(from)?;
        self.parent_of(to)?;
        let below = |path: &&PathBuf| path.starts_with(from);
        let moved: Vec<PathBuf> = self.entries.keys().filter(below).cloned().collect();
        for path in moved {
            let entry = self.entries.remove(&path).expect("it was listed");
            let rest = path.strip_prefix(from).expect("it lies below");
            let path = if rest.as_os_str().is_empty() { to.to_owned() } else { to.join(rest) };
            self.entries.insert(path, entry);
        }
        Ok(())
    }

    fn remove(&mut self, path: &Path) -> io::Result<()> {
        self.entry(path)?;
        if self.entries.keys().any(|other| other.parent() == Some(path)) {
            return Err(ErrorKind::DirectoryNotEmpty.into());
        }
        self.entries.remove(path);
        Ok(())
    }

    fn list(&self, path: &Path) -> io::Result<Vec<Entry>> {
        if !self.is_dir(path) {
            return Err(ErrorKind::NotFound.into());
        }
        let below = self.entries.iter().filter(|(other, _)| other.parent() == Some(path));
        let mut entries: Vec<Entry> = below
            .filter_map(|(other, content)| {
                let kind = if content.is_some() { Kind::File } else { Kind::Directory };
                Some(Entry { name: other.file_name()?.to_str()?.to_owned(), kind })
            })
            .collect();
        entries.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(entries)
    }

    fn stat(&self, path: &Path) -> io::Result<Stat> {
        Ok(match self.entry(path)? {
            None => Stat { kind: Kind::Directory, len: 0, modified: WallMillis(0) },
            Some(content) => {
                let content = content.lock().unwrap_or_else(PoisonError::into_inner);
                Stat { kind: Kind::File, len: content.bytes.len() as u64, modified: content.modified }
            }
        })
    }
}

impl<H: Host> Disk for Engine<H> {
    fn open(&self, path: &Path, how: Open) -> Done<Arc<dyn File>> {
        Done::ready(self.site.disk.names().open(path, how, H::wall))
    }

    /// Takes its time, so that others run meanwhile.
    fn sync(&self, _set: FileSet) -> Done<()> {
        let (answer, done) = Done::wait();
        H::spawn(Box::pin(async {
            H::sleep(SYNC_TIME).await;
            let _nobody_waits = answer.send(Ok(()));
        }));
        done
    }

    fn sync_dir(&self, path: &Path) -> Done<()> {
        Done::ready(self.site.disk.names().entry(path).map(drop))
    }

    fn create_dir(&self, path: &Path) -> Done<()> {
        self.site.disk.make_dir(path);
        Done::ready(Ok(()))
    }

    fn rename(&self, from: &Path, to: &Path) -> Done<()> {
        Done::ready(self.site.disk.names().rename(from, to))
    }

    fn remove(&self, path: &Path) -> Done<()> {
        Done::ready(self.site.disk.names().remove(path))
    }

    fn list(&self, path: &Path) -> Done<Vec<Entry>> {
        Done::ready(self.site.disk.names().list(path))
    }

    fn stat(&self, path: &Path) -> Done<Stat> {
        Done::ready(self.site.disk.names().stat(path))
    }

    fn free_space(&self, path: &Path) -> Done<Space> {
        Done::ready(self.site.disk.names().entry(path).map(|_| SPACE))
    }

    fn loads(&self) -> u64 {
        0
    }

    fn lock(&self, path: &Path) -> Done<Box<dyn FileLock>> {
        let mut names = self.site.disk.names();
        let lock = names.open(path, Open::CREATE, H::wall).and_then(|_| {
            if !names.locks.insert(path.to_owned()) {
                return Err(ErrorKind::WouldBlock.into());
            }
            let held = Held { disk: self.site.disk.clone(), path: path.to_owned() };
            Ok(Box::new(held) as Box<dyn FileLock>)
        });
        drop(names);
        Done::ready(lock)
    }
}

struct Held {
    disk: MemoryDisk,
    path: PathBuf,
}

impl FileLock for Held {}

impl Drop for Held {
    fn drop(&mut self) {
        self.disk.names().locks.remove(&self.path);
    }
}

/// An open file.
pub(crate) struct MemoryFile {
    content: Arc<Mutex<Content>>,
    writable: bool,
    wall: fn() -> WallMillis,
}

impl MemoryFile {
    fn content(&self) -> MutexGuard<'_, Content> {
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, what: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
        if !self.writable {
            return Err(ErrorKind::PermissionDenied.into());
        }
        let mut content = self.content();
        what(&mut content.bytes);
        content.modified = (self.wall)();
        Ok(())
    }

    /// A copy of up to `len` bytes from `at` on.
    pub(crate) fn bytes(&self, at: u64, len: usize) -> Vec<u8> {
        let content = self.content();
        let bytes = &content.bytes;
        let at = place(at).min(bytes.len());
        bytes[at..at.saturating_add(len).min(bytes.len())].to_vec()
    }
}

fn place(at: u64) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX)
}

impl File for MemoryFile {
    fn read(&self, at: u64, len: usize, mut into: BytesMut) -> Done<BytesMut> {
        into.extend_from_slice(&self.bytes(at, len));
        Done::ready(Ok(into))
    }

    fn write(&self, at: u64, from: IoVec) -> Done<()> {
        Done::ready(self.change(|bytes| {
            let mut at = place(at);
            for part in from.0 {
                let end = at + part.len();
                if !part.is_empty() && bytes.len() < end {
                    bytes.resize(end, 0);
                }
                if !part.is_empty() {
                    bytes[at..end].copy_from_slice(&part);
                }
                at = end;
            }
        }))
    }

    fn set_len(&self, len: u64) -> Done<()> {
        Done::ready(self.change(|bytes| bytes.resize(place(len), 0)))
    }

    fn is_resident(&self, _at: u64, _len: usize) -> bool {
        true
    }

    fn len(&self) -> Done<u64> {
        Done::ready(Ok(self.content().bytes.len() as u64))
    }
}
