//! A small log, damaged in every way that one fault can: whoever reads it gets the truth or is told. Not here: faults of a
//! whole broker's disk, which the scenarios draw.

#[path = "../on_disk/batches.rs"]
mod batches;
mod flips;
mod judge;
mod kafka;
mod producers;
mod running;
mod unreadable;
mod writes;

use std::collections::BTreeMap;
use std::path::Path;

use bytes::{Bytes, BytesMut};
use klamm_env::{Env, IoVec, Kind, Open, WallMillis};
use klamm_log::{Log, LogConfig, LogDirectory, LogStart, TopicPartition, Uuid};
use klamm_sim::{Config, DiskConfig, NodeConfig, World};

use batches::{batch, sent_by, small, values};

const CLEAN: LogStart = LogStart { recovery_point: 0, log_start_offset: 0, clean: true };
const UNCLEAN: LogStart = LogStart { recovery_point: 0, log_start_offset: 0, clean: false };

/// Names and bytes in a log's directory.
type Files = BTreeMap<String, Bytes>;

/// A record as it was acknowledged: value, time stamp, leader epoch. Its offset is its place.
type Truth = Vec<(String, i64, i32)>;

/// Runs a test on a node whose disk does everything at once.
fn on_disk<F: Future<Output = ()> + 'static>(test: impl FnOnce(Env) -> F) {
    let mut world = World::new(Config::default());
    let disk = DiskConfig { inline: 1.0, ..DiskConfig::default() };
    let node = world.node("node", NodeConfig { disk, ..NodeConfig::default() }, |_| Box::pin(async {}));
    world.start(node);
    let test = test(world.env(node));
    world.block_on(node, test);
}

fn partition(index: i32) -> TopicPartition {
    TopicPartition::new("orders", index)
}

async fn open(directory: &LogDirectory, index: i32, config: LogConfig, start: LogStart) -> Log {
    let id = Some(Uuid([7; 16]));
    Log::open(directory, &partition(index), id, config, start).await.expect("it opens")
}

async fn contents(env: &Env, path: &Path) -> Files {
    let mut files = Files::new();
    for entry in env.list(path).await.expect("it is there") {
        if entry.kind == Kind::File {
            let file = env.open(&path.join(&entry.name), Open::READ).await.expect("listed");
            let len = file.len().await.expect("it is open");
            let bytes =
                file.read(0, usize::try_from(len).expect("small"), BytesMut::new()).await.expect("read");
            files.insert(entry.name, bytes.freeze());
        }
    }
    files
}

async fn place(env: &Env, path: &Path, files: &Files) {
    env.create_dir(path).await.expect("there is room");
    for (name, bytes) in files {
        let file = env.open(&path.join(name), Open::REPLACE).await.expect("there is room");
        file.write(0, IoVec::from(bytes.clone())).await.expect("there is room");
    }
}

/// A log of three segments with small and large batches, of three leaders, each flushed; how it looks after a clean stop,
/// and how after a kill.
async fn pristine(env: &Env, at: &str, index: i32) -> (Files, Files, Truth) {
    let directory = LogDirectory::open(env, Path::new(at)).await.expect("it opens");
    let log = open(&directory, index, small(), UNCLEAN).await;
    let mut truth = Truth::new();
    for number in 0..18 {
        let leader_epoch = number / 7;
        let count = [1, 3, 2][number as usize % 3];
        let values = values(1000 * index as usize + truth.len(), count);
        let timestamp = 1000 + truth.len() as i64;
        let batch = match number % 4 {
            // The producer's time stamps are all one millisecond apart from 1000 on.
            0 => sent_by(9, 0, number / 4, &values[..1]),
            _ => batch(&values, timestamp),
        };
        let (kept, from) = if number % 4 == 0 { (1, 1000) } else { (count, timestamp) };
        log.append_as_leader(batch, leader_epoch, WallMillis(0)).await.expect("appended");
        log.flush().await.expect("the disk is sound");
        truth.extend(values[..kept].iter().cloned().zip(from..).map(|(value, at)| (value, at, leader_epoch)));
    }
    assert!(log.segment_count() >= 2, "{}", log.segment_count());
    let path = log.path().to_owned();
    let killed = contents(env, &path).await;
    log.close().await.expect("closed");
    (contents(env, &path).await, killed, truth)
}
