//! Open files and held locks, as a node has them. Not here: opening them (`operations`).

use std::any::Any;
use std::io::{self, ErrorKind};
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use klamm_env::{Done, File, FileLock, FileSet, IoVec, WallMillis};

use super::directory::FileRef;
use super::{Volume, fails, in_cache, input_output, wall, with_volume};
use crate::engine::{Handle, severed};
use crate::event::Slot;
use crate::state::{State, try_with, with};
use crate::trace::mix_bytes;

/// An open file of one incarnation of a node.
pub(super) struct SimFile {
    pub(super) handle: Handle,
    pub(super) world: u64,
    pub(super) slot: Slot,
    pub(super) writable: bool,
}

impl SimFile {
    fn file(&self, state: &State) -> io::Result<FileRef> {
        if state.id != self.world || !self.handle.lives(state) {
            return Err(severed());
        }
        let volumes = state.volumes.borrow();
        volumes[self.handle.node as usize].opened(self.slot).cloned().ok_or_else(severed)
    }

    fn change<T: 'static>(
        &self,
        what: &'static str,
        effect: impl FnOnce(&mut Volume, &FileRef, WallMillis) -> io::Result<T> + 'static,
    ) -> Done<T> {
        with(|state| {
            if !self.writable {
                return Done::ready(Err(io::Error::new(
                    ErrorKind::PermissionDenied,
                    "the file was opened to read",
                )));
            }
            let file = match self.file(state) {
                Ok(file) => file,
                Err(error) => return Done::ready(Err(error)),
            };
            let now = wall(state, self.handle.node);
            in_cache(state, self.handle, what, move |volume| effect(volume, &file, now))
        })
    }
}

/// The files of a set, as the volume has them.
pub(super) fn files_of(state: &State, set: &FileSet) -> io::Result<Vec<FileRef>> {
    let file = |file: &Arc<dyn File>| {
        let any: &dyn Any = &**file;
        any.downcast_ref::<SimFile>()
            .ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "a foreign file"))?
            .file(state)
    };
    set.iter().map(file).collect()
}

/// Reads a file at this moment, for `sendfile`.
pub(crate) fn read_now(state: &State, file: &Arc<dyn File>, at: u64, len: usize) -> io::Result<Vec<u8>> {
    let any: &dyn Any = &**file;
    let file = any
        .downcast_ref::<SimFile>()
        .ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "a foreign file"))?;
    let bytes = file.file(state)?;
    with_volume(state, file.handle.node, |volume| volume.check_readable(&bytes, at, len))?;
    Ok(bytes.borrow().read(at, len).to_vec())
}

impl Volume {
    fn check_readable(&mut self, file: &FileRef, at: u64, len: usize) -> io::Result<()> {
        if !file.borrow().is_readable(at, len)
            || fails(&mut self.fail_next.reads, self.config.faults.read_error, &mut self.dice)
        {
            return Err(input_output());
        }
        Ok(())
    }

    fn write(&mut self, file: &FileRef, at: u64, parts: &[Bytes], now: WallMillis) -> io::Result<()> {
        let failed = fails(&mut self.fail_next.writes, self.config.faults.write_error, &mut self.dice);
        let total: usize = parts.iter().map(Bytes::len).sum();
        let mut budget = if failed { self.dice.below(total + 1) } else { total };
        let mut file = file.borrow_mut();
        file.modified = now;
        let write_back = self.config.faults.write_back;
        if self.dice.chance(write_back) {
            file.write_back(|| self.dice.chance(0.5));
        }
        let mut at = usize::try_from(at).map_err(|_| ErrorKind::FileTooLarge)?;
        for part in parts {
            let part = &part[..part.len().min(budget)];
            let grows = (at + part.len()).saturating_sub(file.len()) as u64;
            let room = self.room(grows);
            let fits = part.len().saturating_sub(usize::try_from(grows - room).expect("less than the part"));
            let before = file.len();
            file.write(at, &part[..fits]);
            self.used += (file.len() - before) as u64;
            if fits < part.len() {
                return Err(ErrorKind::StorageFull.into());
            }
            at += fits;
            budget -= fits;
        }
        if failed { Err(input_output()) } else { Ok(()) }
    }

    pub(super) fn set_len(&mut self, file: &FileRef, len: u64, now: WallMillis) -> io::Result<()> {
        let mut file = file.borrow_mut();
        let old = file.len() as u64;
        let grows = len.saturating_sub(old);
        if self.room(grows) < grows {
            return Err(ErrorKind::StorageFull.into());
        }
        file.set_len(usize::try_from(len).map_err(|_| ErrorKind::FileTooLarge)?);
        file.modified = now;
        self.used = self.used + grows - old.saturating_sub(len);
        Ok(())
    }
}

impl File for SimFile {
    fn read(&self, at: u64, len: usize, mut into: BytesMut) -> Done<BytesMut> {
        with(|state| match self.file(state) {
            Err(error) => Done::ready(Err(error)),
            Ok(file) => in_cache(state, self.handle, "read", move |volume| {
                volume.check_readable(&file, at, len)?;
                into.extend_from_slice(file.borrow().read(at, len));
                Ok(into)
            }),
        })
    }

    fn write(&self, at: u64, from: IoVec) -> Done<()> {
        with(|state| {
            let hash = from.0.iter().fold(at, |hash, part| mix_bytes(hash, part));
            state.note(self.handle.node, "write bytes", hash);
        });
        self.change("write", move |volume, file, now| volume.write(file, at, &from.0, now))
    }

    fn set_len(&self, len: u64) -> Done<()> {
        self.change("set_len", move |volume, file, now| volume.set_len(file, len, now))
    }

    /// What is on the medium and not as the cache has it counts as loaded when that is noticed ([`Volume::loads`]).
    fn is_resident(&self, _at: u64, _len: usize) -> bool {
        true
    }

    fn len(&self) -> Done<u64> {
        with(|state| Done::ready(self.file(state).map(|file| file.borrow().len() as u64)))
    }
}

impl Drop for SimFile {
    fn drop(&mut self) {
        try_with(|state| {
            if state.id == self.world && self.handle.lives(state) {
                with_volume(state, self.handle.node, |volume| volume.close_handle(self.slot));
            }
        });
    }
}

/// A lock file that a node holds.
pub(super) struct SimLock {
    pub(super) handle: Handle,
    pub(super) world: u64,
    pub(super) number: u64,
}

impl FileLock for SimLock {}

impl Drop for SimLock {
    fn drop(&mut self) {
        try_with(|state| {
            if state.id == self.world && self.handle.lives(state) {
                with_volume(state, self.handle.node, |volume| {
                    volume.locks.retain(|(number, _)| *number != self.number);
                });
            }
        });
    }
}
