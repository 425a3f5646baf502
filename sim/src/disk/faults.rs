//! What a test does to a disk, and what it sees there. Not here: faults of nodes and the network.

use std::path::Path;

use klamm_env::Entry;

use super::directory::{Child, FileRef, Tree};
use super::{DiskFaults, FailNext, Volume, with_volume};
use crate::rng::{Dice, word};
use crate::state::State;

/// A node's disk, for tests and checkers. Nothing here is seen by the node before it looks.
pub struct Disk<'a> {
    state: &'a State,
    node: u32,
}

impl<'a> Disk<'a> {
    pub(crate) fn new(state: &'a State, node: u32) -> Self {
        Self { state, node }
    }

    fn change<T>(&mut self, what: &'static str, word: u64, change: impl FnOnce(&mut Volume) -> T) -> T {
        self.state.note(self.node, what, word);
        with_volume(self.state, self.node, change)
    }

    /// Fails so many of the next writes; any part of each may be written.
    pub fn fail_next_writes(&mut self, count: u32) {
        self.change("fail writes", u64::from(count), |volume| volume.fail_next.writes += count);
    }

    /// Fails so many of the next barriers; their pages read clean, and the medium may not have them.
    pub fn fail_next_syncs(&mut self, count: u32) {
        self.change("fail syncs", u64::from(count), |volume| volume.fail_next.syncs += count);
    }

    /// Fails so many of the next reads.
    pub fn fail_next_reads(&mut self, count: u32) {
        self.change("fail reads", u64::from(count), |volume| volume.fail_next.reads += count);
    }

    /// Loses a page in each of so many of the next barriers: the medium says that it has it, and has what was there before.
    pub fn lose_next_writes(&mut self, count: u32) {
        self.change("lose writes", u64::from(count), |volume| volume.fail_next.lost += count);
    }

    /// Writes a page to a place of another in each of so many of the next barriers, and not to its own.
    pub fn misdirect_next_writes(&mut self, count: u32) {
        self.change("misdirect writes", u64::from(count), |volume| volume.fail_next.misdirected += count);
    }

    /// Empties the page cache, but for what was not flushed: readers get what the medium has.
    pub fn drop_cache(&mut self) {
        self.change("drop cache", 0, |volume| {
            let differ = all_files(&volume.tree).iter().filter(|file| file.borrow_mut().drop_cache()).count();
            volume.loads += differ as u64;
        });
    }

    /// Forgets what was to fail next.
    pub fn disarm(&mut self) {
        self.change("disarm", 0, |volume| volume.fail_next = FailNext::default());
    }

    /// Fails by these probabilities from now on.
    pub fn set_faults(&mut self, faults: DiskFaults) {
        self.change("disk faults", 0, |volume| volume.config.faults = faults);
    }

    /// Bytes that fit from now on; less than is used means that nothing more does.
    pub fn set_capacity(&mut self, capacity: u64) {
        self.change("capacity", capacity, |volume| volume.config.capacity = capacity);
    }

    /// Leaves room for so many bytes and no more.
    pub fn fill(&mut self, room: u64) {
        self.change("fill", room, |volume| volume.config.capacity = volume.used + room);
    }

    /// Bytes in use.
    pub fn used(&self) -> u64 {
        with_volume(self.state, self.node, |volume| volume.used)
    }

    /// Makes every operation so many times slower; 1 for the usual.
    pub fn set_slowness(&mut self, times: u32) {
        self.change("slow disk", u64::from(times), |volume| volume.slowness = times.max(1));
    }

    /// Holds all operations back, or lets them go on.
    pub fn set_stuck(&mut self, stuck: bool) {
        let held = self.change("stuck disk", u64::from(stuck), |volume| {
            volume.stuck = stuck;
            if stuck { Vec::new() } else { std::mem::take(&mut volume.held) }
        });
        for call in held {
            self.state.after(1_000, call);
        }
    }

    /// Puts an empty disk in the place of this one; the node must not run.
    pub fn replace(&mut self) {
        assert!(
            !self.state.nodes.borrow()[self.node as usize].alive,
            "a disk is replaced while its node is off"
        );
        let seed = self.state.config.seed;
        let now = self.state.now.get();
        self.change("replace disk", 0, |volume| {
            let dice = Dice::new(seed, &[word("replaced disk"), now]);
            *volume = Volume::new(volume.config.clone(), dice);
        });
    }

    /// The bytes of a file as readers see them.
    pub fn read(&self, path: impl AsRef<Path>) -> Option<Vec<u8>> {
        with_volume(self.state, self.node, |volume| match volume.tree.find(path.as_ref()) {
            Ok(Child::File(file)) => Some(file.borrow().read(0, usize::MAX).to_vec()),
            _ => None,
        })
    }

    /// The names in a directory as readers see them; empty if it is not there.
    pub fn list(&self, path: impl AsRef<Path>) -> Vec<Entry> {
        with_volume(self.state, self.node, |volume| volume.list(path.as_ref()).unwrap_or_default())
    }

    /// Whether all of a file is on the medium; its name may still be missing there.
    pub fn is_durable(&self, path: impl AsRef<Path>) -> bool {
        with_volume(self.state, self.node, |volume| match volume.tree.find(path.as_ref()) {
            Ok(Child::File(file)) => file.borrow().is_durable(),
            _ => false,
        })
    }

    /// Makes a directory that was always there: it and those above it are on the medium.
    pub fn make_dir(&mut self, path: impl AsRef<Path>) {
        self.change("make dir", 0, |volume| {
            volume.create_dir(path.as_ref()).expect("no file is in the way");
            let latest = volume.tree.latest();
            volume.tree.make_durable(latest, |_| true);
        });
    }

    /// Makes the page of one byte unreadable until it is written again: a latent sector error. False if the file does not reach
    /// there.
    pub fn spoil(&mut self, path: impl AsRef<Path>, at: usize) -> bool {
        self.change("spoil", at as u64, |volume| match volume.tree.find(path.as_ref()) {
            Ok(Child::File(file)) => {
                volume.loads += 1;
                file.borrow_mut().spoil(at)
            }
            _ => false,
        })
    }

    /// Flips bits of one byte on the medium, from which the page is loaded again. False if the file does not reach there.
    pub fn rot(&mut self, path: impl AsRef<Path>, at: usize, bits: u8) -> bool {
        self.change("rot", at as u64, |volume| match volume.tree.find(path.as_ref()) {
            Ok(Child::File(file)) => {
                volume.loads += 1;
                file.borrow_mut().rot(at, bits)
            }
            _ => false,
        })
    }
}

/// Every file that has a name.
pub(super) fn all_files(tree: &Tree) -> Vec<FileRef> {
    let (mut directories, mut files) = (vec![tree.root.clone()], Vec::new());
    while let Some(directory) = directories.pop() {
        for child in directory.borrow().names.values() {
            match child {
                Child::Directory(child) => directories.push(child.clone()),
                Child::File(file) => files.push(file.clone()),
            }
        }
    }
    files
}

/// Bytes of all files in a tree.
pub(super) fn sum_of_lengths(tree: &Tree) -> u64 {
    all_files(tree).iter().map(|file| file.borrow().len() as u64).sum()
}
