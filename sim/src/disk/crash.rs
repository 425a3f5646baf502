//! What is left after a power loss. Not here: how changes are kept until then (`file`, `directory`).

use std::collections::BTreeSet;
use std::rc::Rc;

use super::directory::{Child, DirectoryRef, FileRef, Tree};
use super::file::{FileBytes, PAGE, SECTOR};
use crate::rng::Dice;

/// How a power loss treats what was not synced: how likely each way is, relative to the others. One is drawn for
/// each file, and one for all names.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loss {
    /// All of it is gone.
    pub all: u32,
    /// Nothing is gone.
    pub none: u32,
    /// What was written first survives: bytes up to a point, names up to a moment.
    pub tail: u32,
    /// Each page, or each name, survives or not.
    pub some: u32,
    /// Each sector survives or not, and so pages and writes are torn.
    pub torn: u32,
}

impl Default for Loss {
    fn default() -> Self {
        Self { all: 2, none: 1, tail: 2, some: 2, torn: 3 }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    All,
    None,
    Tail,
    Some,
    Torn,
}

impl Loss {
    fn draw(&self, dice: &mut Dice) -> Way {
        let ways = [
            (self.all, Way::All),
            (self.none, Way::None),
            (self.tail, Way::Tail),
            (self.some, Way::Some),
            (self.torn, Way::Torn),
        ];
        let total: u32 = ways.iter().map(|(weight, _)| weight).sum();
        let mut drawn = dice.below(total as usize);
        for (weight, way) in ways {
            if drawn < weight as usize {
                return way;
            }
            drawn -= weight as usize;
        }
        Way::All
    }
}

/// Brings a tree to what its medium has after a power loss.
pub(super) fn lose_power(tree: &mut Tree, loss: &Loss, dice: &mut Dice) {
    lose_names(tree, loss, dice);
    let mut files = Vec::new();
    settle(&tree.root, &mut files);
    for file in files {
        lose_bytes(&mut file.borrow_mut(), loss.draw(dice), dice);
    }
}

fn lose_names(tree: &mut Tree, loss: &Loss, dice: &mut Dice) {
    let latest = tree.latest();
    match loss.draw(dice) {
        Way::All => {}
        Way::None => tree.make_durable(latest, |_| true),
        Way::Tail => {
            let kept = dice.below(tree.pending.len() + 1);
            if let Some(last) = kept.checked_sub(1).map(|last| tree.pending[last].number) {
                tree.make_durable(last, |_| true);
            }
        }
        Way::Some | Way::Torn => tree.make_durable(latest, |_| dice.chance(0.5)),
    }
    tree.pending.clear();
}

/// Makes the durable names those that readers see; collects the files, each once.
fn settle(root: &DirectoryRef, files: &mut Vec<FileRef>) {
    let mut seen = BTreeSet::new();
    let mut directories = vec![root.clone()];
    while let Some(directory) = directories.pop() {
        let mut directory = directory.borrow_mut();
        directory.names = directory.durable.clone();
        for child in directory.names.values() {
            match child {
                Child::Directory(child) => directories.push(child.clone()),
                Child::File(file) => {
                    let first = seen.insert(Rc::as_ptr(file).cast::<()>());
                    if first {
                        file.borrow_mut().names = 0;
                        files.push(file.clone());
                    }
                    file.borrow_mut().names += 1;
                }
            }
        }
    }
    for file in files {
        file.borrow_mut().handles = 0;
    }
}

/// Draws one version of each unsynced page or sector, and a length.
fn lose_bytes(file: &mut FileBytes, way: Way, dice: &mut Dice) {
    let layers = std::mem::take(&mut file.layers);
    let lost = std::mem::take(&mut file.lost);
    let current = file.bytes.len();
    let before = layers.front().map_or(current, |layer| layer.len_before);
    let durable = file.lost_len.take().map_or(before, |len| len.min(before));
    let len = match way {
        _ if layers.is_empty() => durable,
        Way::All => durable,
        Way::None => current,
        Way::Tail | Way::Some | Way::Torn => draw_len(durable, current, dice),
    };
    let mut pages: BTreeSet<u64> = lost.keys().copied().collect();
    layers.iter().for_each(|layer| pages.extend(layer.before.keys()));
    let mut settled = Vec::with_capacity(pages.len());
    for page in pages {
        let mut now = file.page(page).to_vec();
        let before = layers.iter().filter_map(|layer| layer.before.get(&page));
        let mut versions: Vec<&[u8]> = before.map(|bytes| &**bytes).collect();
        match (lost.get(&page), versions.is_empty()) {
            (Some(gone), true) => {
                settled.push((page, gone.to_vec()));
                continue;
            }
            (Some(gone), false) => versions[0] = gone,
            (None, _) => {}
        }
        if len > current {
            // The file was cut, and that is forgotten: what was cut away is there again.
            now.extend_from_slice(versions[0].get(now.len()..).unwrap_or_default());
        }
        versions.push(&now);
        settled.push((page, choose(&versions, way, dice)));
    }
    file.bytes.resize(len, 0);
    for (page, bytes) in settled {
        file.put_page(page, &bytes);
    }
}

fn draw_len(durable: usize, current: usize, dice: &mut Dice) -> usize {
    let (low, high) = (durable.min(current), durable.max(current));
    match dice.below(4) {
        0 => durable,
        1 => current,
        _ => low + dice.below(high - low + 1),
    }
}

fn choose(versions: &[&[u8]], way: Way, dice: &mut Dice) -> Vec<u8> {
    match way {
        Way::All => versions[0].to_vec(),
        Way::None | Way::Tail => versions[versions.len() - 1].to_vec(),
        Way::Some => versions[dice.below(versions.len())].to_vec(),
        Way::Torn => {
            let mut bytes = vec![0; PAGE];
            for at in (0..PAGE).step_by(SECTOR) {
                let from = versions[dice.below(versions.len())].get(at..).unwrap_or_default();
                let len = from.len().min(SECTOR);
                bytes[at..at + len].copy_from_slice(&from[..len]);
            }
            bytes
        }
    }
}
