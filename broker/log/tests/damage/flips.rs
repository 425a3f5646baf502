//! Single bits, and whole batches that changed places. Not here: writes that went astray.

use bytes::Bytes;
use klamm_log::LogStart;

use crate::judge::{Found, judge};
use crate::{CLEAN, Files, UNCLEAN, on_disk, pristine};

fn flipped(files: &Files, name: &str, at: usize, bit: u8) -> Files {
    let mut files = files.clone();
    let mut bytes = files[name].to_vec();
    bytes[at] ^= 1 << bit;
    files.insert(name.to_owned(), bytes.into());
    files
}

/// Flips one bit in each byte of every file whose name ends so; gives how many flips there were, and those that cost records.
fn flip_all(start: LogStart, suffix: &'static str) -> (usize, usize) {
    let mut counts = (0, 0);
    let told = std::rc::Rc::new(std::cell::Cell::new(counts));
    let tell = told.clone();
    on_disk(|env| async move {
        let (clean, killed, truth) = pristine(&env, "/source", 0).await;
        let files = if start.clean { clean } else { killed };
        let whole = judge(&env, &files, start, &truth, "untouched").await;
        assert_eq!(whole, Found { served: truth.len(), ..Found::default() });
        for (name, bytes) in files.iter().filter(|(name, _)| name.ends_with(suffix)) {
            for at in 0..bytes.len().min(written(bytes) + 70) {
                let bit = (at % 8) as u8;
                let what = format!("bit {bit} of byte {at} of {name}");
                let found = judge(&env, &flipped(&files, name, at, bit), start, &truth, &what).await;
                counts.0 += 1;
                counts.1 += usize::from(found.served < truth.len());
            }
        }
        tell.set(counts);
    });
    told.get()
}

#[test]
fn a_flipped_bit_of_a_log_is_never_served() {
    for start in [CLEAN, UNCLEAN] {
        let (flips, costly) = flip_all(start, ".log");
        assert!(flips > 1_000 && costly == flips, "{costly} of {flips} cost records");
    }
}

#[test]
fn a_flipped_bit_of_an_index_costs_nothing() {
    for start in [CLEAN, UNCLEAN] {
        for suffix in [".index", ".timeindex"] {
            let (flips, costly) = flip_all(start, suffix);
            assert!(flips > 10 && costly == 0, "{costly} of {flips} cost records");
        }
    }
}

#[test]
fn a_flipped_bit_of_a_sidecar_costs_nothing() {
    for start in [CLEAN, UNCLEAN] {
        let (flips, costly) = flip_all(start, ".sidecar");
        assert!(flips > 500 && costly == 0, "{costly} of {flips} cost records");
    }
}

#[test]
fn a_flipped_bit_of_a_checkpoint_or_snapshot_costs_nothing() {
    for start in [CLEAN, UNCLEAN] {
        for suffix in ["leader-epoch-checkpoint", ".snapshot", "partition.metadata"] {
            let (flips, costly) = flip_all(start, suffix);
            assert!(flips > 10 && costly == 0, "{costly} of {flips} of {suffix} cost records");
        }
    }
}

/// It kept the leader from appending, and had the sidecar for another broker's.
#[test]
fn a_leader_epoch_that_no_batch_has_is_not_believed() {
    on_disk(|env| async move {
        let (clean, killed, truth) = pristine(&env, "/source", 0).await;
        for (files, start) in [(&clean, CLEAN), (&killed, UNCLEAN)] {
            let mut files = files.clone();
            let name = "leader-epoch-checkpoint";
            let text = String::from_utf8(files[name].to_vec()).expect("text");
            assert!(text.contains("\n2 "), "{text}");
            files.insert(name.to_owned(), text.replace("\n2 ", "\n6 ").into());
            let found = judge(&env, &files, start, &truth, "a wrong epoch").await;
            assert_eq!(found, Found { served: truth.len(), ..Found::default() });
        }
    });
}

/// Nothing tells a log start that is wrong from one that is right, unless it lies where no log can begin.
#[test]
fn a_log_start_behind_the_end_costs_nothing() {
    on_disk(|env| async move {
        let (clean, killed, truth) = pristine(&env, "/source", 0).await;
        for (files, start) in [(&clean, CLEAN), (&killed, UNCLEAN)] {
            let start = LogStart { log_start_offset: 1_000, ..start };
            let found = judge(&env, files, start, &truth, "a wrong log start").await;
            assert_eq!(found, Found { served: truth.len(), ..Found::default() });
        }
    });
}

/// How far a file was written to; what is behind are zeros.
pub(crate) fn written(bytes: &Bytes) -> usize {
    bytes
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(0, |last| (last + 1).next_multiple_of(64).min(bytes.len()))
}

/// Where the batches of a log's file lie.
pub(crate) fn batches_of(log: &Bytes) -> Vec<std::ops::Range<usize>> {
    let mut ranges = Vec::new();
    let mut at = 0;
    while at + 12 <= log.len() {
        let len = i32::from_be_bytes(*log[at + 8..].first_chunk().expect("checked"));
        let end = at + 12 + usize::try_from(len).expect("a sound log");
        ranges.push(at..end);
        at = end;
    }
    ranges
}

#[test]
fn no_batch_is_served_in_the_place_of_another() {
    on_disk(|env| async move {
        let (clean, killed, truth) = pristine(&env, "/source", 0).await;
        let (other, _, _) = pristine(&env, "/other", 1).await;
        for (files, start) in [(&clean, CLEAN), (&killed, UNCLEAN)] {
            let logs: Vec<&String> = files.keys().filter(|name| name.ends_with(".log")).collect();
            for name in logs {
                let places = batches_of(&files[name]);
                for (place, there) in places.iter().enumerate() {
                    let same_len = |range: &&std::ops::Range<usize>| range.len() == there.len();
                    let own = places[place + 1..]
                        .iter()
                        .filter(same_len)
                        .map(|from| (name, &files[name], from.clone()));
                    let foreign = other.get(name).into_iter().flat_map(|log| {
                        batches_of(log)
                            .into_iter()
                            .filter(|range| range.len() == there.len())
                            .map(move |from| (name, log, from))
                    });
                    for (of, log, from) in own.chain(foreign) {
                        let mut broken = files[name].to_vec();
                        broken[there.clone()].copy_from_slice(&log[from.clone()]);
                        let mut files = files.clone();
                        files.insert(name.clone(), broken.into());
                        let what = format!("{from:?} of {of} at {there:?}");
                        let found = judge(&env, &files, start, &truth, &what).await;
                        assert!(found.served < truth.len() && found.reported, "{what}: {found:?}");
                    }
                }
            }
        }
    });
}
