//! Files that a crash left between two names: a Kafka broker's compaction, removals, snapshots being written.

use std::fs;
use std::path::Path;

use klamm_env::WallMillis;
use klamm_log::LogStart;

use crate::batches::{batch, read_all, small, values};
use crate::dump::{bases, complaints, names};
use crate::{CLEAN, on_disk, open, open_new};

fn file(directory: &Path, base_offset: i64, suffix: &str) -> std::path::PathBuf {
    directory.join(format!("{base_offset:020}{suffix}"))
}

/// Opens a log of 60 records after `leave` has left something; both its segments' bases before and the directory are
/// given. Gives the bases that there are then.
fn check(start: LogStart, leave: impl Fn(&[i64], &Path)) -> (Vec<i64>, Vec<i64>) {
    let mut found = None;
    on_disk(async |env, place| {
        let path = place.join("orders-0");
        let (directory, log) = open_new(&env, &place, small()).await;
        for number in 0..60 {
            let batch = batch(&values(number, 1), 1000 + number as i64);
            log.append_as_leader(batch, 0, WallMillis(0)).await.expect("appended");
        }
        let expected = read_all(&log, 0, 60).await;
        log.close().await.expect("closed");
        drop(log);
        let before = bases(&path);
        leave(&before, &path);
        let log = open(&directory, small(), start).await;
        assert_eq!(read_all(&log, 0, 60).await, expected);
        assert_eq!(complaints(&path), [""; 0]);
        let known =
            [".log", ".index", ".timeindex", ".txnindex", ".sidecar", ".snapshot", "checkpoint", ".metadata"];
        let odd = |name: &String| !known.iter().any(|suffix| name.ends_with(suffix));
        assert!(!names(&path).iter().any(odd), "{:?}", names(&path));
        found = Some((before, bases(&path)));
    });
    found.expect("the test ran")
}

/// What merges the segments from `first` to `last` into one.
fn merge(bases: &[i64], path: &Path, suffix: &str) {
    let merged: Vec<u8> =
        bases.iter().flat_map(|base| fs::read(file(path, *base, ".log")).expect("a log")).collect();
    fs::write(file(path, bases[0], &format!(".log{suffix}")), merged).expect("written");
    fs::write(file(path, bases[0], &format!(".index{suffix}")), b"").expect("written");
}

#[test]
fn a_finished_compaction_takes_its_place() {
    for start in [CLEAN, LogStart::default()] {
        let (before, after) = check(start, |bases, path| merge(&bases[1..3], path, ".swap"));
        assert_eq!(after, [&before[..2], &before[3..]].concat());
        // Some of the segments that it replaces were gone already, and the new one had its name.
        let (before, after) = check(start, |bases, path| {
            merge(&bases[1..3], path, ".swap");
            fs::remove_file(file(path, bases[2], ".log")).expect("removed");
            fs::rename(file(path, bases[1], ".log.swap"), file(path, bases[1], ".log")).expect("renamed");
        });
        assert_eq!(after, [&before[..2], &before[3..]].concat());
    }
}

#[test]
fn a_compaction_that_was_cut_short_leaves_all_as_it_was() {
    for start in [CLEAN, LogStart::default()] {
        let (before, after) = check(start, |bases, path| merge(&bases[1..3], path, ".cleaned"));
        assert_eq!(after, before);
        let (before, after) = check(start, |bases, path| {
            merge(&bases[2..3], path, ".swap");
            merge(&bases[1..2], path, ".cleaned");
        });
        assert_eq!(after, before);
    }
}

#[test]
fn what_was_to_go_goes() {
    let (before, after) = check(CLEAN, |bases, path| {
        for suffix in [
            ".log.deleted",
            ".index.deleted",
            ".timeindex.deleted",
            ".txnindex.deleted",
            ".snapshot.deleted",
            ".snapshot.tmp",
        ] {
            fs::write(file(path, bases[1], suffix), b"old").expect("written");
        }
        fs::write(path.join("00000000000000000007-0000000001.checkpoint.part"), b"half").expect("written");
        fs::write(path.join("00000000000000000007-0000000001.checkpoint.deleted"), b"old").expect("written");
    });
    assert_eq!(after, before);
}
