//! Pages that the disk cannot read any more: what lies there is told as damage, and all else goes on. Not here: reads that
//! fail by chance in a whole world, which the scenarios draw.

use std::path::Path;
use std::time::Duration;

use klamm_env::WallMillis;
use klamm_log::{DirectoryState, Log, LogConfig, LogDirectory, LogError, LogStart, OffsetCheckpoint};
use klamm_sim::{Config, DiskConfig, NodeConfig, NodeId, World};

use crate::batches::{sent_by, values};
use crate::{CLEAN, UNCLEAN, open, partition};

const LOG: &str = "/data/orders-0/00000000000000000000.log";
const SIDECAR: &str = "/data/orders-0/00000000000000000000.sidecar";
const PAGE: usize = 4096;
const BATCHES: i64 = 30;

fn config() -> LogConfig {
    LogConfig { segment_bytes: 64 * 1024, index_interval_bytes: 100, ..LogConfig::default() }
}

/// A world with a log of one record a batch, all flushed, of a producer that is known; it may have been closed.
fn world(closed: bool) -> (World, NodeId) {
    let mut world = World::new(Config::default());
    let disk = DiskConfig { inline: 1.0, ..DiskConfig::default() };
    let node = world.node("node", NodeConfig { disk, ..NodeConfig::default() }, |_| Box::pin(async {}));
    world.start(node);
    let env = world.env(node);
    world.block_on(node, async move {
        let directory = LogDirectory::open(&env, Path::new("/data")).await.expect("it opens");
        let log = open(&directory, 0, config(), UNCLEAN).await;
        for number in 0..BATCHES {
            append(&log, number).await;
        }
        env.sleep(Duration::from_secs(1)).await;
        append(&log, BATCHES).await;
        env.sleep(Duration::from_secs(1)).await;
        let recovery_points = [(partition(0), BATCHES)].into();
        if closed {
            log.close().await.expect("closed");
        }
        directory.write_checkpoint(OffsetCheckpoint::RecoveryPoint, &recovery_points).await.expect("written");
    });
    (world, node)
}

/// A batch of about 500 bytes.
async fn append(log: &Log, number: i64) {
    let value = values(usize::try_from(number).expect("from 0"), 1).concat().repeat(40);
    let batch = sent_by(9, 0, i32::try_from(number).expect("few"), &[value]);
    let appended = log.append_as_leader(batch, 3, WallMillis(0)).await.expect("it is in turn");
    assert_eq!((appended.first_offset, appended.duplicate), (number, false));
    log.flush().await.expect("the disk takes it");
}

/// Offsets that are refused as damaged; all others are served.
async fn refused(log: &Log) -> Vec<i64> {
    let mut refused = Vec::new();
    for offset in 0..log.log_end_offset() {
        match log.read(offset, 1, true, log.log_end_offset()).await {
            Ok(slice) => assert_eq!(slice.base_offset, offset),
            Err(LogError::Damaged { first_offset, last_offset }) => {
                assert!(
                    (first_offset..=last_offset).contains(&offset),
                    "{offset}: {first_offset} to {last_offset}"
                );
                refused.push(offset);
            }
            Err(error) => panic!("offset {offset}: {error}"),
        }
    }
    refused
}

/// Spoils a page of a file under a log that was killed or closed, and opens it again: so many records are refused, and the next
/// batch of the producer is appended, all on a directory that stays online.
fn check(path: &str, at: usize, expected: usize) {
    for (closed, start) in [(false, UNCLEAN), (true, UNCLEAN), (true, CLEAN)] {
        check_start(closed, start, path, at, expected);
    }
}

fn check_start(closed: bool, start: LogStart, path: &str, at: usize, expected: usize) {
    let (mut world, node) = world(closed);
    if !world.disk(node).spoil(path, at) {
        assert!(!closed, "{path} is written when a log is closed");
        return;
    }
    world.restart(node);
    let (env, what) = (world.env(node), format!("{path} at {at}, {start:?}"));
    world.block_on(node, async move {
        let directory = LogDirectory::open(&env, Path::new("/data")).await.expect("it opens");
        directory.read_checkpoint(OffsetCheckpoint::RecoveryPoint).await.expect("it can be done without");
        let log = open(&directory, 0, config(), start).await;
        assert_eq!(log.latest_epoch(), Some(3), "{what}");
        assert_eq!(refused(&log).await.len(), expected, "{what}");
        append(&log, BATCHES + 1).await;
        assert_eq!(directory.state(), DirectoryState::Online, "{what}");
    });
}

#[test]
fn a_page_that_is_lost_costs_its_records_alone() {
    let batch = sent_by(9, 0, 0, &[values(0, 1).concat().repeat(40)]).len();
    check(LOG, 0, PAGE.div_ceil(batch));
    let (first, last) = (PAGE / batch, (2 * PAGE - 1) / batch);
    check(LOG, PAGE, last - first + 1);
}

#[test]
fn a_page_of_a_file_that_can_be_made_anew_costs_nothing() {
    let indexes = ["00000000000000000000.index", "00000000000000000000.timeindex"];
    for name in indexes.into_iter().chain([
        "00000000000000000031.snapshot",
        "leader-epoch-checkpoint",
        "partition.metadata",
    ]) {
        check(&format!("/data/orders-0/{name}"), 0, 0);
    }
    check(SIDECAR, 0, 0);
    check("/data/recovery-point-offset-checkpoint", 0, 0);
}

#[test]
fn a_read_that_fails_once_is_tried_again() {
    let (mut world, node) = world(false);
    world.restart(node);
    let env = world.env(node);
    let (directory, log) = world.block_on(node, async move {
        let directory = LogDirectory::open(&env, Path::new("/data")).await.expect("it opens");
        let log = open(&directory, 0, config(), UNCLEAN).await;
        (directory, log)
    });
    world.disk(node).fail_next_reads(1);
    world.block_on(node, async move { assert_eq!(refused(&log).await, [0; 0]) });
    assert_eq!(directory.state(), DirectoryState::Online);
}

/// While a log is open: told, and again as long as it cannot be read.
#[test]
fn a_page_that_is_lost_under_an_open_log_is_told() {
    let (mut world, node) = world(false);
    let env = world.env(node);
    let (directory, log) = world.block_on(node, async move {
        let directory = LogDirectory::open(&env, Path::new("/data")).await.expect("it opens");
        let log = open(&directory, 0, config(), UNCLEAN).await;
        assert_eq!(refused(&log).await, [0; 0]);
        (directory, log)
    });
    assert!(world.disk(node).spoil(LOG, 2 * PAGE));
    let read = log.clone();
    let first = world.block_on(node, async move { refused(&read).await });
    assert!(first.len() >= 8 && first.len() <= 10, "{first:?}");
    let read = log.clone();
    assert_eq!(world.block_on(node, async move { refused(&read).await }), first);
    assert_eq!((log.damaged_groups(), directory.state()), (first.len(), DirectoryState::Online));
}
