//! What a node asks of its volume by path, and barriers. Not here: reads and writes of an open file (`handle`).

use std::cell::RefCell;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use klamm_env::{Done, Entry, File, FileLock, FileSet, Kind, Open, Space, Stat, WallMillis};

use super::directory::{Child, DirectoryRef, FileRef, not_found, parts};
use super::faults::all_files;
use super::file::{FileBytes, PAGE};
use super::handle::{SimFile, SimLock, files_of};
use super::{Volume, exists, fails, in_cache, input_output, later, wall, with_volume};
use crate::engine::Handle;
use crate::state::State;

impl Volume {
    /// Finds the file `path`, or makes it.
    fn find_or_make(&mut self, path: &Path, how: Open, now: WallMillis) -> io::Result<FileRef> {
        let (directory, name) = self.tree.place(path)?;
        let found = directory.borrow().names.get(&name).cloned();
        match found {
            Some(_) if how.create_new => Err(exists()),
            Some(Child::Directory(_)) => Err(ErrorKind::IsADirectory.into()),
            Some(Child::File(file)) => Ok(file),
            None if !how.create && !how.create_new => Err(not_found(path)),
            None => {
                let file = Rc::new(RefCell::new(FileBytes::new(now)));
                self.tree.link(directory, name, Child::File(file.clone()));
                Ok(file)
            }
        }
    }

    pub(super) fn create_dir(&mut self, path: &Path) -> io::Result<()> {
        let mut directory = self.tree.root.clone();
        for part in parts(path)? {
            let found = directory.borrow().names.get(&part).cloned();
            directory = match found {
                Some(Child::Directory(child)) => child,
                Some(Child::File(_)) => return Err(exists()),
                None => {
                    let child = DirectoryRef::default();
                    self.tree.link(directory, part, Child::Directory(child.clone()));
                    child
                }
            };
        }
        Ok(())
    }

    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        let child = self.tree.find(from)?;
        let (old, new) = (self.tree.place(from)?, self.tree.place(to)?);
        if Rc::ptr_eq(&old.0, &new.0) && old.1 == new.1 {
            return Ok(());
        }
        let replaced = new.0.borrow().names.get(&new.1).cloned();
        match (&child, &replaced) {
            (Child::File(_), Some(Child::Directory(_))) => return Err(ErrorKind::IsADirectory.into()),
            (Child::Directory(_), Some(Child::File(_))) => return Err(ErrorKind::NotADirectory.into()),
            (Child::Directory(_), Some(Child::Directory(there))) if !there.borrow().names.is_empty() => {
                return Err(ErrorKind::DirectoryNotEmpty.into());
            }
            (Child::Directory(_), _) if to.starts_with(from) => return Err(ErrorKind::InvalidInput.into()),
            _ => {}
        }
        self.tree.rename(old, new, child);
        if let Some(Child::File(file)) = replaced {
            self.release(&file);
        }
        Ok(())
    }

    fn remove(&mut self, path: &Path) -> io::Result<()> {
        let child = self.tree.find(path)?;
        if let Child::Directory(directory) = &child
            && !directory.borrow().names.is_empty()
        {
            return Err(ErrorKind::DirectoryNotEmpty.into());
        }
        let (directory, name) = self.tree.place(path)?;
        self.tree.unlink(directory, name);
        if let Child::File(file) = child {
            self.release(&file);
        }
        Ok(())
    }

    pub(super) fn list(&self, path: &Path) -> io::Result<Vec<Entry>> {
        let directory = self.tree.directory(path)?;
        let directory = directory.borrow();
        let entry = |(name, child): (&String, &Child)| Entry { name: name.clone(), kind: kind_of(child) };
        Ok(directory.names.iter().map(entry).collect())
    }

    fn stat(&self, path: &Path) -> io::Result<Stat> {
        let child = self.tree.find(path)?;
        let (len, modified) = match &child {
            Child::File(file) => (file.borrow().len() as u64, file.borrow().modified),
            Child::Directory(_) => (0, WallMillis(0)),
        };
        Ok(Stat { kind: kind_of(&child), len, modified })
    }

    fn take_lock(&mut self, path: &Path, now: WallMillis) -> io::Result<u64> {
        let file = self.find_or_make(path, Open::CREATE, now)?;
        if self.locks.iter().any(|(_, held)| Rc::ptr_eq(held, &file)) {
            return Err(io::Error::new(ErrorKind::WouldBlock, format!("{} is locked", path.display())));
        }
        self.next_lock += 1;
        self.locks.push((self.next_lock, file));
        Ok(self.next_lock)
    }

    fn end_barrier(&mut self, files: &[FileRef], barrier: u64) -> io::Result<()> {
        if !fails(&mut self.fail_next.syncs, self.config.faults.sync_error, &mut self.dice) {
            let astray = self.send_astray(files, barrier);
            for (place, file) in files.iter().enumerate() {
                let page = astray.filter(|(of, _)| *of == place).map(|(_, page)| page);
                file.borrow_mut().make_durable(barrier, page);
            }
            return Ok(());
        }
        for file in files {
            let evict = self.dice.chance(0.25);
            file.borrow_mut().make_lost(barrier, || self.dice.chance(0.7), evict);
        }
        Err(input_output())
    }
}

impl Volume {
    /// Picks a page that the medium takes and does not keep, if one is to be lost or misdirected: its file's place among
    /// `files`, and which it is. A misdirected one takes the place of a page of any file.
    fn send_astray(&mut self, files: &[FileRef], barrier: u64) -> Option<(usize, u64)> {
        if self.fail_next.lost == 0 && self.fail_next.misdirected == 0 {
            return None;
        }
        let pages_of = |(place, file): (usize, &FileRef)| {
            file.borrow().covered(barrier).into_iter().map(move |page| (place, page)).collect::<Vec<_>>()
        };
        let pages: Vec<(usize, u64)> = files.iter().enumerate().flat_map(pages_of).collect();
        if pages.is_empty() {
            return None;
        }
        let picked = pages[self.dice.below(pages.len())];
        if self.fail_next.lost > 0 {
            self.fail_next.lost -= 1;
            return Some(picked);
        }
        self.fail_next.misdirected -= 1;
        let others: Vec<FileRef> =
            all_files(&self.tree).into_iter().filter(|file| file.borrow().len() > 0).collect();
        let other = &others[self.dice.below(others.len())];
        let count = other.borrow().len().div_ceil(PAGE);
        let to = self.dice.below(count) as u64;
        if !Rc::ptr_eq(other, &files[picked.0]) || to != picked.1 {
            let bytes = files[picked.0].borrow().page(picked.1).to_vec();
            other.borrow_mut().overwrite_medium(to, &bytes);
        }
        Some(picked)
    }
}

fn kind_of(child: &Child) -> Kind {
    match child {
        Child::File(_) => Kind::File,
        Child::Directory(_) => Kind::Directory,
    }
}

/// Opens a file.
pub(crate) fn open(state: &State, handle: Handle, path: &Path, how: Open) -> Done<Arc<dyn File>> {
    let (path, now, world) = (path.to_owned(), wall(state, handle.node), state.id);
    in_cache(state, handle, "open", move |volume| {
        if !how.write && (how.create || how.create_new || how.truncate) {
            return Err(io::Error::new(
                ErrorKind::InvalidInput,
                "a file opened to read is neither made nor emptied",
            ));
        }
        let file = volume.find_or_make(&path, how, now)?;
        if how.truncate && file.borrow().len() > 0 {
            volume.set_len(&file, 0, now)?;
        }
        let slot = volume.open_handle(file);
        Ok(Arc::new(SimFile { handle, world, slot, writable: how.write }) as Arc<dyn File>)
    })
}

/// One barrier over many files: it covers what was written before the call.
pub(crate) fn sync(state: &State, handle: Handle, set: &FileSet) -> Done<()> {
    let files = match files_of(state, set) {
        Ok(files) => files,
        Err(error) => return Done::ready(Err(error)),
    };
    let (delay, barrier) = with_volume(state, handle.node, |volume| {
        volume.barriers += 1;
        files.iter().for_each(|file| file.borrow_mut().seal(volume.barriers));
        (volume.sync_delay(), volume.barriers)
    });
    state.note(handle.node, "sync", files.len() as u64);
    if !files.is_empty() {
        act_within(state, handle.node, delay);
    }
    later(state, handle, delay, move |volume| volume.end_barrier(&files, barrier))
}

/// Lets the actions that waited for a barrier take place while it runs, which it does for `delay` nanoseconds.
fn act_within(state: &State, node: u32, delay: u64) {
    let reached = with_volume(state, node, |volume| {
        let actions = volume.reached();
        actions
            .into_iter()
            .map(|action| (volume.dice.between(0, delay.saturating_sub(1)), action))
            .collect::<Vec<_>>()
    });
    for (after, action) in reached {
        state.after(after, Box::new(move |state| state.barriers_reached.borrow_mut().push(action)));
    }
}

/// A barrier over the names of one directory.
pub(crate) fn sync_dir(state: &State, handle: Handle, path: &Path) -> Done<()> {
    let begun = with_volume(state, handle.node, |volume| {
        let directory = volume.tree.directory(path)?;
        Ok::<_, io::Error>((directory, volume.tree.latest(), volume.sync_delay()))
    });
    state.note(handle.node, "sync_dir", 0);
    match begun {
        Err(error) => Done::ready(Err(error)),
        Ok((directory, latest, delay)) => later(state, handle, delay, move |volume| {
            if fails(&mut volume.fail_next.syncs, volume.config.faults.sync_error, &mut volume.dice) {
                return Err(input_output());
            }
            volume.tree.make_durable(latest, |change| change.touches(&directory));
            Ok(())
        }),
    }
}

fn by_path<T: 'static>(
    state: &State,
    handle: Handle,
    what: &'static str,
    path: &Path,
    effect: impl FnOnce(&mut Volume, &Path) -> io::Result<T> + 'static,
) -> Done<T> {
    let path: PathBuf = path.to_owned();
    in_cache(state, handle, what, move |volume| effect(volume, &path))
}

/// Makes a directory and those above it.
pub(crate) fn create_dir(state: &State, handle: Handle, path: &Path) -> Done<()> {
    by_path(state, handle, "create_dir", path, |volume, path| volume.create_dir(path))
}

/// Gives a file or directory another name.
pub(crate) fn rename(state: &State, handle: Handle, from: &Path, to: &Path) -> Done<()> {
    let to = to.to_owned();
    by_path(state, handle, "rename", from, move |volume, from| volume.rename(from, &to))
}

/// Removes a file or an empty directory.
pub(crate) fn remove(state: &State, handle: Handle, path: &Path) -> Done<()> {
    by_path(state, handle, "remove", path, |volume, path| volume.remove(path))
}

/// The names in a directory.
pub(crate) fn list(state: &State, handle: Handle, path: &Path) -> Done<Vec<Entry>> {
    by_path(state, handle, "list", path, |volume, path| volume.list(path))
}

/// What is known of a file.
pub(crate) fn stat(state: &State, handle: Handle, path: &Path) -> Done<Stat> {
    by_path(state, handle, "stat", path, |volume, path| volume.stat(path))
}

/// Room on the volume.
pub(crate) fn free_space(state: &State, handle: Handle, path: &Path) -> Done<Space> {
    by_path(state, handle, "free_space", path, |volume, path| {
        volume.tree.find(path)?;
        let total = volume.config.capacity;
        Ok(Space { total, usable: total.saturating_sub(volume.used) })
    })
}

/// Takes a lock file.
pub(crate) fn lock(state: &State, handle: Handle, path: &Path) -> Done<Box<dyn FileLock>> {
    let (now, world) = (wall(state, handle.node), state.id);
    by_path(state, handle, "lock", path, move |volume, path| {
        let number = volume.take_lock(path, now)?;
        Ok(Box::new(SimLock { handle, world, number }) as Box<dyn FileLock>)
    })
}
