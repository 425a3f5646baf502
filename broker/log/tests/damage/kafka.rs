//! What Kafka does to a log whose sidecar it passes over is no damage. Not here: a real Kafka, which `cargo ci interop` runs.

use std::path::PathBuf;

use bytes::Bytes;
use klamm_env::Env;
use klamm_log::{LogConfig, LogDirectory, LogStart};

use crate::batches::{batch, read_all, small, values};
use crate::flips::batches_of;
use crate::judge::judge;
use crate::{CLEAN, Files, Truth, UNCLEAN, on_disk, open, partition, place, pristine};

const LATER: i32 = 7;

/// A batch as Kafka appends it, leading in epoch [`LATER`].
fn appended(base_offset: usize, count: usize) -> (Bytes, Vec<(String, i64, i32)>) {
    let values = values(9_000 + base_offset, count);
    let mut bytes = batch(&values, 2_000).to_vec();
    bytes[..8].copy_from_slice(&(base_offset as i64).to_be_bytes());
    bytes[12..16].copy_from_slice(&LATER.to_be_bytes());
    let records = values.into_iter().zip(2_000..).map(|(value, at)| (value, at, LATER));
    (bytes.into(), records.collect())
}

/// Kafka leads in a later epoch from an offset on.
fn note_epoch(files: &mut Files, start: usize) {
    let name = "leader-epoch-checkpoint";
    let text = String::from_utf8(files[name].to_vec()).expect("text");
    let mut lines: Vec<&str> = text.lines().skip(2).collect();
    lines.retain(|line| {
        line.rsplit_once(' ').is_some_and(|(_, at)| at.parse::<usize>().is_ok_and(|at| at < start))
    });
    let entry = format!("{LATER} {start}");
    lines.push(&entry);
    let text = format!("0\n{}\n{}\n", lines.len(), lines.join("\n"));
    files.insert(name.to_owned(), text.into());
}

fn last_log(files: &Files) -> String {
    files.keys().rfind(|name| name.ends_with(".log")).expect("a log has a segment").clone()
}

/// Cuts so many batches at the end, and appends others.
fn go_on(files: &mut Files, truth: &mut Truth, cut: usize) {
    let name = last_log(files);
    let places = batches_of(&files[&name]);
    let kept = places.len() - cut;
    let end = places.get(kept).map_or(files[&name].len(), |place| place.start);
    let offset = places.get(kept).map_or(truth.len(), |place| {
        let base = files[&name][place.start..].first_chunk().expect("a sound log");
        usize::try_from(i64::from_be_bytes(*base)).expect("from 0")
    });
    truth.truncate(offset);
    note_epoch(files, offset);
    let mut bytes = files[&name][..end].to_vec();
    for count in [2, 1, 3] {
        let (batch, records) = appended(truth.len(), count);
        bytes.extend_from_slice(&batch);
        truth.extend(records);
    }
    for index in [".index", ".timeindex"] {
        files.remove(&name.replace(".log", index));
    }
    files.insert(name, bytes.into());
}

async fn check(env: &Env, files: &Files, start: LogStart, truth: &Truth, what: &str) {
    let found = judge(env, files, start, truth, what).await;
    assert_eq!((found.served, found.reported), (truth.len(), false), "{what}");
}

#[test]
fn what_it_appended_is_served() {
    on_disk(|env| async move {
        let (clean, killed, truth) = pristine(&env, "/source", 0).await;
        for (files, start) in [(&clean, CLEAN), (&killed, UNCLEAN)] {
            for cut in 0..3 {
                let (mut files, mut truth) = (files.clone(), truth.clone());
                go_on(&mut files, &mut truth, cut);
                check(&env, &files, start, &truth, &format!("{cut} cut, clean: {}", start.clean)).await;
            }
        }
    });
}

#[test]
fn a_segment_that_it_began_is_served() {
    on_disk(|env| async move {
        let (clean, _, mut truth) = pristine(&env, "/source", 0).await;
        let mut files = clean.clone();
        note_epoch(&mut files, truth.len());
        let (batch, records) = appended(truth.len(), 4);
        files.insert(format!("{:020}.log", truth.len()), batch);
        truth.extend(records);
        for start in [CLEAN, UNCLEAN] {
            check(&env, &files, start, &truth, "a segment without a sidecar").await;
        }
    });
}

/// Compaction leaves batches out of a segment, whose file takes the old one's place; the sidecar stays.
#[test]
fn what_it_compacted_is_served() {
    on_disk(|env| async move {
        let (clean, _, truth) = pristine(&env, "/source", 0).await;
        let name = clean.keys().find(|name| name.ends_with(".log")).expect("a segment").clone();
        let places = batches_of(&clean[&name]);
        for gone in 0..places.len() {
            let mut files = clean.clone();
            let kept = places.iter().enumerate().filter(|(place, _)| *place != gone);
            let bytes: Vec<u8> =
                kept.flat_map(|(_, range)| clean[&name].slice(range.clone()).to_vec()).collect();
            files.insert(name.clone(), bytes.into());
            for index in [".index", ".timeindex"] {
                files.remove(&name.replace(".log", index));
            }
            let base = clean[&name][places[gone].start..].first_chunk().expect("a sound log");
            let base = i64::from_be_bytes(*base);
            let next = places.get(gone + 1).map_or(truth.len() as i64, |place| {
                i64::from_be_bytes(*clean[&name][place.start..].first_chunk().expect("a sound log"))
            });
            let root = PathBuf::from(format!("/compacted-{gone}"));
            place(&env, &root.join(partition(0).directory_name()), &files).await;
            let directory = LogDirectory::open(&env, &root).await.expect("it opens");
            let config = LogConfig { cleanup_compact: true, ..small() };
            let log = open(&directory, 0, config, CLEAN).await;
            let end = log.log_end_offset();
            let served: Vec<i64> =
                read_all(&log, 0, end).await.into_iter().map(|(offset, _)| offset).collect();
            let next = if gone + 1 == places.len() {
                served.iter().copied().find(|at| *at > base).unwrap_or(end)
            } else {
                next
            };
            let expected: Vec<i64> = (0..end).filter(|at| *at < base || *at >= next).collect();
            assert_eq!((served, log.damaged_groups()), (expected, 0), "without batch {gone}");
        }
    });
}
