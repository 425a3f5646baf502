//! One file's bytes: what its readers see, and what the medium would still have without them.
//! Not here: names, operations and their latency, what a power loss draws (`crash`).

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use klamm_env::WallMillis;

/// Bytes in a page of the cache.
pub(crate) const PAGE: usize = 4096;
/// Bytes in a sector, which is written whole or not at all.
pub(crate) const SECTOR: usize = 512;

/// What pages held before they were changed; shorter than a page where the file ended.
pub(super) type Pages = BTreeMap<u64, Box<[u8]>>;

/// The changes between two barriers, as what was there before them.
#[derive(Default)]
pub(super) struct Layer {
    pub(super) before: Pages,
    pub(super) len_before: usize,
    /// Sealed by the barrier with this number; `None` while it takes changes.
    sealed: Option<u64>,
}

/// A file. `bytes` is the page cache; the layers, oldest first, lead back to what the medium has.
pub(crate) struct FileBytes {
    pub(super) bytes: Vec<u8>,
    pub(super) layers: VecDeque<Layer>,
    /// Pages that read clean though the medium has something else: an fsync of them failed.
    pub(super) lost: Pages,
    /// How far the medium's file reaches, where an fsync of what made it longer failed.
    pub(super) lost_len: Option<usize>,
    /// Pages that the medium cannot read until they are written again.
    unreadable: BTreeSet<u64>,
    pub(crate) modified: WallMillis,
    /// Names that readers see.
    pub(super) names: u32,
    pub(super) handles: u32,
}

impl FileBytes {
    pub(super) fn new(modified: WallMillis) -> Self {
        Self {
            bytes: Vec::new(),
            layers: VecDeque::new(),
            lost: Pages::new(),
            lost_len: None,
            unreadable: BTreeSet::new(),
            modified,
            names: 0,
            handles: 0,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Nobody can reach it any more.
    pub(super) fn is_unreachable(&self) -> bool {
        self.names == 0 && self.handles == 0
    }

    pub(crate) fn read(&self, at: u64, len: usize) -> &[u8] {
        let at = usize::try_from(at).unwrap_or(usize::MAX).min(self.bytes.len());
        &self.bytes[at..at.saturating_add(len).min(self.bytes.len())]
    }

    /// The bytes of one page now.
    pub(super) fn page(&self, page: u64) -> &[u8] {
        self.read(page * PAGE as u64, PAGE)
    }

    /// Remembers what the pages from byte `from` up to `to` hold, before they change.
    fn remember(&mut self, from: usize, to: usize) {
        let len = self.bytes.len();
        if self.layers.back().is_none_or(|layer| layer.sealed.is_some()) {
            self.layers.push_back(Layer { len_before: len, ..Layer::default() });
        }
        let layer = self.layers.back_mut().expect("pushed if missing");
        if from >= to {
            return;
        }
        for page in (from / PAGE) as u64..=((to - 1) / PAGE) as u64 {
            let start = (page as usize * PAGE).min(len);
            let bytes = &self.bytes[start..(start + PAGE).min(len)];
            layer.before.entry(page).or_insert_with(|| bytes.into());
        }
    }

    pub(crate) fn write(&mut self, at: usize, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        let end = at + bytes.len();
        self.remember(at.min(self.bytes.len()), end);
        if !self.unreadable.is_empty() {
            self.unreadable.retain(|page| !(at / PAGE..=(end - 1) / PAGE).contains(&(*page as usize)));
        }
        if self.bytes.len() < at {
            self.bytes.resize(at, 0);
        }
        let over = self.bytes.len().min(end) - at;
        self.bytes[at..at + over].copy_from_slice(&bytes[..over]);
        self.bytes.extend_from_slice(&bytes[over..]);
    }

    pub(crate) fn set_len(&mut self, len: usize) {
        let (low, high) = (len.min(self.bytes.len()), len.max(self.bytes.len()));
        self.remember(low, high);
        if len > 2 * self.bytes.len() {
            // Fresh zeros cost nothing until they are written to, and an index is allocated in megabytes.
            let mut grown = vec![0; len];
            grown[..self.bytes.len()].copy_from_slice(&self.bytes);
            self.bytes = grown;
        } else {
            self.bytes.resize(len, 0);
        }
    }

    /// The kernel writes some of the changed pages back on its own: the medium has them as they are now.
    pub(super) fn write_back(&mut self, mut chosen: impl FnMut() -> bool) {
        let Some(mut layer) = self.layers.pop_back() else { return };
        for (page, before) in &mut layer.before {
            if chosen() {
                *before = self.page(*page).into();
            }
        }
        self.layers.push_back(layer);
    }

    /// A barrier begins: it covers all changes up to now.
    pub(super) fn seal(&mut self, barrier: u64) {
        if let Some(layer) = self.layers.back_mut() {
            layer.sealed.get_or_insert(barrier);
        }
    }

    fn take_sealed(&mut self, barrier: u64) -> Vec<Layer> {
        let covered =
            self.layers.iter().take_while(|layer| layer.sealed.is_some_and(|by| by <= barrier)).count();
        self.layers.drain(..covered).collect()
    }

    /// The barrier is done: all that it covers is on the medium, but for a page that went astray.
    pub(super) fn make_durable(&mut self, barrier: u64, astray: Option<u64>) {
        for layer in self.take_sealed(barrier) {
            for (page, before) in layer.before {
                if astray == Some(page) {
                    self.lost.entry(page).or_insert(before);
                } else {
                    self.lost.remove(&page);
                }
                self.reach((page as usize + 1) * PAGE);
            }
        }
        self.reach(0);
    }

    /// The pages that a barrier covers.
    pub(super) fn covered(&self, barrier: u64) -> BTreeSet<u64> {
        let sealed = self.layers.iter().take_while(|layer| layer.sealed.is_some_and(|by| by <= barrier));
        sealed.flat_map(|layer| layer.before.keys().copied()).collect()
    }

    /// The medium has these bytes in a page, and readers do not see it yet.
    pub(super) fn overwrite_medium(&mut self, page: u64, bytes: &[u8]) {
        match self.layers.iter_mut().find_map(|layer| layer.before.get_mut(&page)) {
            Some(before) => *before = bytes.into(),
            None => _ = self.lost.insert(page, bytes.into()),
        }
    }

    /// Pages that nobody has changed since they were written leave the cache: the next reader gets what the medium has. Tells
    /// whether that is something else.
    pub(super) fn drop_cache(&mut self) -> bool {
        let is_clean = |page: &u64| !self.layers.iter().any(|layer| layer.before.contains_key(page));
        let lost: Vec<u64> = self.lost.keys().copied().filter(is_clean).collect();
        for page in &lost {
            let bytes = self.lost.remove(page).expect("listed just now");
            self.put_page(*page, &bytes);
        }
        !lost.is_empty()
    }

    /// The medium has what lies before byte `end`, and so a file that is as long.
    fn reach(&mut self, end: usize) {
        self.lost_len = self.lost_len.map(|len| len.max(end)).filter(|len| *len < self.bytes.len());
    }

    /// The barrier failed: what it covers reads clean, and the pages `gone` picks are not on the medium.
    /// With `evict`, those read as the medium has them at once.
    pub(super) fn make_lost(&mut self, barrier: u64, mut gone: impl FnMut() -> bool, evict: bool) {
        let mut evicted = BTreeSet::new();
        for layer in self.take_sealed(barrier) {
            if layer.len_before < self.bytes.len() && gone() {
                self.lost_len.get_or_insert(layer.len_before);
            }
            for (page, before) in layer.before {
                if !gone() || evicted.contains(&page) {
                    continue;
                }
                // A page that was changed since is dirty, and stays in the cache.
                let changed_since = self.layers.iter().any(|later| later.before.contains_key(&page));
                if evict && !changed_since {
                    self.put_page(page, &before);
                    evicted.insert(page);
                } else {
                    self.lost.entry(page).or_insert(before);
                }
            }
        }
    }

    /// Puts these bytes, and zeros behind them, into a page, as far as the file reaches.
    pub(super) fn put_page(&mut self, page: u64, bytes: &[u8]) {
        let start = (page as usize * PAGE).min(self.bytes.len());
        let end = (start + PAGE).min(self.bytes.len());
        let page = &mut self.bytes[start..end];
        let len = bytes.len().min(page.len());
        page[..len].copy_from_slice(&bytes[..len]);
        page[len..].fill(0);
    }

    /// Flips bits of one byte, on the medium too where it has the byte.
    pub(super) fn rot(&mut self, at: usize, bits: u8) -> bool {
        let (page, offset) = ((at / PAGE) as u64, at % PAGE);
        let before = self.layers.iter_mut().filter_map(|layer| layer.before.get_mut(&page));
        for bytes in before.chain(self.lost.get_mut(&page)) {
            bytes.get_mut(offset).into_iter().for_each(|byte| *byte ^= bits);
        }
        self.bytes.get_mut(at).map(|byte| *byte ^= bits).is_some()
    }

    /// The medium cannot read a page any more. False if the file does not reach there.
    pub(super) fn spoil(&mut self, at: usize) -> bool {
        let there = at < self.bytes.len();
        if there {
            self.unreadable.insert((at / PAGE) as u64);
        }
        there
    }

    /// Whether a range can be read.
    pub(super) fn is_readable(&self, at: u64, len: usize) -> bool {
        let end = at.saturating_add(len as u64).min(self.bytes.len() as u64);
        at >= end || self.unreadable.range(at / PAGE as u64..=(end - 1) / PAGE as u64).next().is_none()
    }

    /// Whether everything that readers see is on the medium.
    pub(crate) fn is_durable(&self) -> bool {
        self.layers.is_empty() && self.lost.is_empty() && self.lost_len.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(bytes: &[u8]) -> FileBytes {
        let mut file = FileBytes::new(WallMillis(0));
        file.write(0, bytes);
        file
    }

    #[test]
    fn a_gap_reads_as_zeros_and_a_cut_forgets() {
        let mut file = file(b"ab");
        file.write(4, b"cd");
        assert_eq!(file.read(0, 9), b"ab\0\0cd");
        file.set_len(1);
        file.set_len(3);
        assert_eq!(file.read(0, 9), b"a\0\0");
    }

    #[test]
    fn a_barrier_covers_only_what_came_before_it() {
        let mut file = file(b"one");
        file.seal(1);
        file.write(0, b"two");
        file.make_durable(1, None);
        assert!(!file.is_durable());
        assert_eq!(&*file.layers[0].before[&0], b"one", "the medium has what the barrier covered");
        file.seal(2);
        file.make_durable(2, None);
        assert!(file.is_durable());
    }

    #[test]
    fn after_a_failed_barrier_the_next_one_says_nothing() {
        let mut file = file(b"one");
        file.seal(1);
        file.make_lost(1, || true, false);
        assert_eq!(file.read(0, 3), b"one", "it reads clean");
        file.seal(2);
        file.make_durable(2, None);
        assert!(!file.is_durable());
        file.write(1, b"x");
        file.seal(3);
        file.make_durable(3, None);
        assert!(file.is_durable(), "written again, the page is on the medium");
    }

    #[test]
    fn what_a_failed_barrier_added_is_not_part_of_the_file_until_it_is_written_again() {
        let mut file = file(&[1; 2 * PAGE]);
        file.seal(1);
        file.make_durable(1, None);
        file.write(2 * PAGE, &[2; 2 * PAGE]);
        file.seal(2);
        file.make_lost(2, || true, false);
        assert_eq!((file.len(), file.lost_len), (4 * PAGE, Some(2 * PAGE)));
        for (barrier, page, expected) in [(3, 0, Some(2 * PAGE)), (4, 2, Some(3 * PAGE)), (5, 3, None)] {
            file.write(page * PAGE, b"again");
            file.seal(barrier);
            file.make_durable(barrier, None);
            assert_eq!(file.lost_len, expected, "page {page}");
        }
        assert!(file.is_durable());
    }
}
