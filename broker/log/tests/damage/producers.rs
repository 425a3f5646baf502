//! What is known of producers after a kill although a batch was damaged between theirs. Not here: whose batch it was.

use std::path::Path;
use std::time::Duration;

use klamm_env::WallMillis;
use klamm_log::{Log, LogConfig, LogDirectory};
use klamm_sim::{Config, DiskConfig, NodeConfig, World};

use crate::batches::{sent_by, values};
use crate::{UNCLEAN, open};

const FILE: &str = "/data/orders-0/00000000000000000000.log";

/// Whether it was taken as a duplicate, and its offset.
async fn send(log: &Log, producer_id: i64, sequence: i32) -> (bool, i64) {
    let batch = sent_by(producer_id, 0, sequence, &values(0, 1));
    let info = log.append_as_leader(batch, 0, WallMillis(0)).await.expect("it is in turn");
    log.flush().await.expect("the disk is sound");
    (info.duplicate, info.first_offset)
}

/// Damages a byte of the second of many batches, kills the node, and sends one that lies behind it again.
fn check(byte: usize) {
    let mut world = World::new(Config::default());
    let disk = DiskConfig { inline: 1.0, ..DiskConfig::default() };
    let node = world.node("node", NodeConfig { disk, ..NodeConfig::default() }, |_| Box::pin(async {}));
    world.start(node);
    let env = world.env(node);
    world.block_on(node, async move {
        let directory = LogDirectory::open(&env, Path::new("/data")).await.expect("it opens");
        let log = open(&directory, 0, LogConfig::default(), UNCLEAN).await;
        for (producer_id, sequence) in [(9, 0), (8, 0), (9, 1), (9, 2), (7, 0)] {
            send(&log, producer_id, sequence).await;
            env.sleep(Duration::from_secs(1)).await;
        }
    });
    let second = sent_by(9, 0, 0, &values(0, 1)).len();
    assert!(world.disk(node).rot(FILE, second + byte, 0x40));
    world.restart(node);
    let env = world.env(node);
    world.block_on(node, async move {
        let directory = LogDirectory::open(&env, Path::new("/data")).await.expect("it opens");
        let log = open(&directory, 0, LogConfig::default(), UNCLEAN).await;
        assert_eq!(send(&log, 9, 2).await, (true, 3), "byte {byte}");
        assert_eq!(send(&log, 9, 3).await, (false, 5), "byte {byte}");
        assert_eq!(
            send(&log, 8, 1).await,
            (false, 6),
            "byte {byte}: nothing is known of the damaged batch's producer"
        );
    });
}

#[test]
fn a_damaged_header_hides_no_batch_behind_it_and_is_not_believed() {
    // Base offset, length, magic, CRC, last offset delta, producer id, its epoch, base sequence.
    for byte in [0, 4, 8, 10, 11, 16, 17, 23, 43, 50, 51, 52, 53, 56] {
        check(byte);
    }
}
