//! Writes that the disk took and did not make, or made elsewhere. Not here: writes that it refused (`crash`).

use std::ops::Range;

use bytes::Bytes;
use klamm_log::LogStart;

use crate::flips::{batches_of, written};
use crate::judge::judge;
use crate::{CLEAN, Files, UNCLEAN, on_disk, pristine};

const SLOT: usize = 64;

/// The places of all writes of records and slots.
fn writes_of(files: &Files) -> Vec<(String, Range<usize>)> {
    let mut writes = Vec::new();
    for (name, bytes) in files {
        if name.ends_with(".log") {
            writes.extend(batches_of(bytes).into_iter().map(|range| (name.clone(), range)));
        }
        if name.ends_with(".sidecar") {
            let slots = (0..written(bytes) / SLOT).map(|slot| slot * SLOT..(slot + 1) * SLOT);
            writes.extend(slots.map(|range| (name.clone(), range)));
        }
    }
    writes
}

fn change(files: &mut Files, name: &str, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = files[name].to_vec();
    change(&mut bytes);
    files.insert(name.to_owned(), bytes.into());
}

/// Without a write: nothing was there before.
fn without(files: &Files, (name, range): &(String, Range<usize>)) -> Files {
    let mut files = files.clone();
    change(&mut files, name, |bytes| match range.end == bytes.len() {
        true => bytes.truncate(range.start),
        false => bytes[range.clone()].fill(0),
    });
    files
}

/// With these bytes at another place, which a file may end before.
fn with(mut files: Files, (name, range): &(String, Range<usize>), written: &Bytes) -> Files {
    change(&mut files, name, |bytes| {
        let end = range.start + written.len();
        if bytes.len() < end {
            bytes.resize(end, 0);
        }
        bytes[range.start..end].copy_from_slice(written);
    });
    files
}

fn check(
    start: LogStart,
    damaged: impl Fn(&Files, &[(String, Range<usize>)]) -> Vec<(String, Files)> + 'static,
) {
    on_disk(|env| async move {
        let (clean, killed, truth) = pristine(&env, "/source", 0).await;
        let files = if start.clean { clean } else { killed };
        let damaged = damaged(&files, &writes_of(&files));
        assert!(damaged.len() > 20, "{}", damaged.len());
        for (what, files) in damaged {
            judge(&env, &files, start, &truth, &what).await;
        }
    });
}

#[test]
fn a_lost_write_is_told() {
    for start in [CLEAN, UNCLEAN] {
        check(start, |files, writes| {
            writes.iter().map(|write| (format!("without {write:?}"), without(files, write))).collect()
        });
    }
}

#[test]
fn a_misplaced_write_is_told() {
    for start in [CLEAN, UNCLEAN] {
        check(start, |files, writes| {
            let pairs = writes.iter().flat_map(|from| writes.iter().map(move |to| (from, to)));
            let damaged = pairs.filter(|(from, to)| from != to).map(|(from, to)| {
                let written = files[&from.0].slice(from.1.clone());
                (format!("{from:?} at {to:?}"), with(without(files, from), to, &written))
            });
            damaged.collect()
        });
    }
}
