//! Damage that comes while a log is open and has been read: it is found when the bytes come from the disk again. Not here:
//! damage that is there when a log is opened.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use klamm_env::WallMillis;
use klamm_log::{Log, LogDirectory, LogError};
use klamm_sim::{Config, Disk, DiskConfig, NodeConfig, NodeId, World};

use crate::batches::{batch, small, values};
use crate::{UNCLEAN, open};

const FILE: &str = "/data/orders-0/00000000000000000000.log";

/// Whether the fourth record is served, the first of the second batch.
fn is_served(world: &mut World, node: NodeId, log: &Log) -> bool {
    let log = log.clone();
    world.block_on(node, async move {
        match log.read(3, 1, true, log.log_end_offset()).await {
            Ok(slice) => slice.len > 0,
            Err(LogError::Damaged { first_offset: 3, .. }) => false,
            Err(error) => panic!("{error}"),
        }
    })
}

fn first() -> Bytes {
    batch(&values(0, 3), 1000)
}

/// Appends two batches, does something to the disk before the second's flush and something after it, and reads twice.
fn check(before: fn(&mut Disk<'_>), after: fn(&mut Disk<'_>), expected: [bool; 2]) {
    let mut world = World::new(Config::default());
    let disk = DiskConfig { inline: 1.0, ..DiskConfig::default() };
    let node = world.node("node", NodeConfig { disk, ..NodeConfig::default() }, |_| Box::pin(async {}));
    world.start(node);
    let env = world.env(node);
    let (directory, log) = world.block_on(node, async move {
        let directory = LogDirectory::open(&env, Path::new("/data")).await.expect("it opens");
        let log = open(&directory, 0, small(), UNCLEAN).await;
        log.append_as_leader(first(), 0, WallMillis(0)).await.expect("appended");
        log.flush().await.expect("the disk is sound");
        env.sleep(Duration::from_secs(1)).await;
        log.append_as_leader(batch(&values(3, 3), 1000), 0, WallMillis(0)).await.expect("appended");
        (directory, log)
    });
    before(&mut world.disk(node));
    let flushed = log.clone();
    world.block_on(node, async move { flushed.flush().await.expect("the disk says so") });
    let first = is_served(&mut world, node, &log);
    after(&mut world.disk(node));
    assert_eq!([first, is_served(&mut world, node, &log)], expected);
    assert_eq!(log.damaged_groups(), usize::from(!expected[1]));
    drop(directory);
}

#[test]
fn rot_under_a_log_that_was_read_is_not_served() {
    check(|_| (), |_| (), [true, true]);
    check(|_| (), |disk| assert!(disk.rot(FILE, first().len() + 14, 1)), [true, false]);
    check(|_| (), |disk| assert!(disk.rot(FILE, first().len() + 70, 1)), [true, false]);
}

#[test]
fn a_write_that_the_disk_lost_is_not_served_once_the_cache_is_gone() {
    check(|disk| disk.lose_next_writes(1), |_| (), [true, true]);
    check(|disk| disk.lose_next_writes(1), |disk| disk.drop_cache(), [true, false]);
}
