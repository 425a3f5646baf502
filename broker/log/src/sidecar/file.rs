//! A segment's sidecar on the disk: made, loaded, grown and cut with its log. Not here: what a slot says (`group`).

use std::cell::RefCell;
use std::io;
use std::sync::Arc;

use bytes::Bytes;
use klamm_env::{Env, File, IoVec, Open};
use klamm_records::BatchHeader;

use super::{Decoded, Identity, SIDECAR, Sidecar};
use crate::atomic_file;
use crate::name::Uuid;
use crate::readable;
use crate::scan::{Found, Scan};
use crate::segment::Segment;
use crate::syncer::Dirty;

/// The file grows by so much at a time.
const ROOM_BYTES: u64 = 64 * 1024;

impl Segment {
    pub(crate) fn identity(&self) -> Identity {
        let place = self.place();
        Identity {
            topic_id: place.topic_id.unwrap_or(Uuid([0; 16])),
            partition: place.partition,
            segment_base: self.base_offset,
        }
    }

    /// The file, opened where it is not, made where a broker that knows of none made the segment.
    pub(crate) async fn sidecar_file(&self, env: &Env, dirty: &RefCell<Dirty>) -> io::Result<Arc<dyn File>> {
        let path = self.path(SIDECAR);
        match self.open_files().open(env, &path, self.sidecar_handle()).await {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let file = env.open(&path, Open::CREATE).await?;
                self.open_files().keep(self.sidecar_handle(), &file);
                dirty.borrow_mut().add_directory(self.place().path.to_path_buf());
                Ok(file)
            }
            opened => opened,
        }
    }

    /// Loads the sidecar unless it is; gives what it knows to be flushed. Slots that are damaged among others are made
    /// anew from batches whose own CRC is right.
    pub(crate) async fn load_sidecar(&self, env: &Env) -> io::Result<i64> {
        if self.sidecar().borrow().is_none() {
            let read = readable::read_pieces(env, &self.path(SIDECAR)).await?;
            let (bytes, has_gaps) = read.unwrap_or_default();
            let decoded = Sidecar::decode(self.identity(), &bytes);
            let flushed_offset = decoded.flushed_offset;
            let sidecar = if decoded.damaged > 0 || has_gaps {
                self.repair_sidecar(env, decoded).await?
            } else {
                decoded.sidecar
            };
            self.note_flushed(flushed_offset);
            self.sidecar().borrow_mut().get_or_insert(sidecar);
        }
        Ok(self.known_flushed())
    }

    async fn repair_sidecar(&self, env: &Env, decoded: Decoded) -> io::Result<Sidecar> {
        tracing::error!(sidecar = %self.path(SIDECAR).display(), slots = decoded.damaged,
            "a sidecar is damaged; what it said is taken from the batches again");
        let file = self.file(env).await?;
        let mut whole = Sidecar::new(self.identity());
        for group in decoded.sidecar.groups() {
            let mut scan = Scan::new(file.clone(), whole.covered_to(), u64::from(group.position));
            while let Found::Batch((placed, _)) = scan.next_whole().await? {
                whole.note(&placed.header, placed.at, decoded.flushed_offset, None);
            }
            whole.push(*group);
        }
        let slots = whole.take_unwritten(decoded.flushed_offset).map_or_else(Bytes::new, |(_, slots)| slots);
        atomic_file::replace(env, &self.path(SIDECAR), slots).await?;
        self.sidecar_handle().close();
        Ok(whole)
    }

    /// Takes in batches that were written behind all others; the slots that say so are to be written
    /// ([`Segment::write_slots`]).
    pub(crate) fn note_groups(
        &self,
        batches: impl IntoIterator<Item = BatchHeader>,
        at: u64,
        flushed_offset: i64,
        loads: Option<u64>,
    ) {
        let mut sidecar = self.sidecar().borrow_mut();
        let sidecar = sidecar.as_mut().expect("the sidecar of an active segment is loaded");
        // An append that was given up half-way.
        sidecar.cut(at.max(self.size()));
        let mut at = at;
        for header in batches {
            sidecar.note(&header, at, flushed_offset, loads);
            at += header.batch_size() as u64;
        }
    }

    /// Has the sidecar end where the log is about to be cut, durably; batches that shared a group with what goes are noted
    /// again.
    pub(crate) async fn cut_sidecar(&self, env: &Env, at: u64) -> io::Result<()> {
        let dirty = RefCell::default();
        self.load_sidecar(env).await?;
        let straddling = {
            let sidecar = self.sidecar().borrow();
            let groups = sidecar.as_ref().expect("loaded just now").groups();
            groups.iter().find(|group| group.end() > at && u64::from(group.position) < at).copied()
        };
        let mut kept = Vec::new();
        if let Some(group) = straddling
            && self.read_group(env, &group).await?.is_ok()
        {
            let mut scan = Scan::new(self.file(env).await?, u64::from(group.position), at);
            while let Found::Batch((placed, _)) = scan.next_whole().await? {
                kept.push(placed);
            }
        }
        let _turn = self.writing_slots().lock().await;
        self.load_sidecar(env).await?;
        let (len, slots) = self.with_sidecar(|sidecar| {
            sidecar.cut(at);
            kept.iter().for_each(|placed| sidecar.note(&placed.header, placed.at, 0, None));
            (sidecar.file_len(), sidecar.take_unwritten(0))
        });
        let file = self.sidecar_file(env, &dirty).await?;
        file.set_len(len).await?;
        self.set_sidecar_len(len);
        if let Some((at, slots)) = slots {
            file.write(at, IoVec::from(slots)).await?;
        }
        env.sync(vec![file]).await
    }

    /// Writes the slots of all batches noted so far, into room that was made before: a barrier has no length to write then.
    /// Gives the file if there was one to write.
    pub(crate) async fn write_slots(
        &self,
        env: &Env,
        dirty: &RefCell<Dirty>,
        flushed_offset: i64,
    ) -> io::Result<Option<Arc<dyn File>>> {
        let _turn = self.writing_slots().lock().await;
        if self.sidecar().borrow().as_ref().is_none_or(Sidecar::is_written) {
            return Ok(None);
        }
        let file = self.sidecar_file(env, dirty).await?;
        let Some((at, slots)) = self.with_sidecar(|sidecar| sidecar.take_unwritten(flushed_offset)) else {
            return Ok(None);
        };
        let end = at + slots.len() as u64;
        if end > self.sidecar_len() {
            let len = end.next_multiple_of(ROOM_BYTES);
            file.set_len(len).await?;
            self.set_sidecar_len(len);
        }
        file.write(at, IoVec::from(slots)).await?;
        Ok(Some(file))
    }

    /// Writes what is left of the slots and cuts the file to them: the segment takes no more batches.
    pub(crate) async fn complete_sidecar(
        &self,
        env: &Env,
        dirty: &RefCell<Dirty>,
        flushed_offset: i64,
    ) -> io::Result<()> {
        self.load_sidecar(env).await?;
        self.write_slots(env, dirty, flushed_offset).await?;
        let _turn = self.writing_slots().lock().await;
        let len = self.with_sidecar(|sidecar| sidecar.file_len());
        let file = self.sidecar_file(env, dirty).await?;
        file.set_len(len).await?;
        self.set_sidecar_len(len);
        dirty.borrow_mut().add_file(&file);
        Ok(())
    }

    /// Does something with the sidecar, which is loaded.
    pub(crate) fn with_sidecar<T>(&self, with: impl FnOnce(&mut Sidecar) -> T) -> T {
        with(self.sidecar().borrow_mut().as_mut().expect("the sidecar is loaded"))
    }
}
