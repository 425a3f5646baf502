//! What a power loss may leave, kind by kind.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bytes::Bytes;
use klamm_env::{Env, Open};
use klamm_sim::{Config, DiskFaults, Loss, NodeConfig, World};

const NOTHING: Loss = Loss { all: 0, none: 0, tail: 0, some: 0, torn: 0 };
const PAGES: usize = 8;
const PAGE: usize = 4096;

/// Eight pages of 1 that were synced, overwritten with 2 that were not, and what a power loss leaves.
fn after(seed: u64, loss: Loss) -> Vec<u8> {
    let mut world = World::new(Config { seed, ..Config::default() });
    let node = world.node("node", NodeConfig::default(), |_| Box::pin(async {}));
    world.disk(node).set_faults(DiskFaults { loss, ..DiskFaults::default() });
    world.start(node);
    let env = world.env(node);
    world.block_on(node, async move {
        let file = env.open(Path::new("/file"), Open::CREATE).await.expect("opened");
        file.write(0, Bytes::from(vec![1; PAGES * PAGE]).into()).await.expect("written");
        env.sync(vec![file.clone()]).await.expect("synced");
        env.sync_dir(Path::new("/")).await.expect("synced");
        file.write(0, Bytes::from(vec![2; PAGES * PAGE]).into()).await.expect("written");
    });
    world.power_loss(&[node]);
    world.disk(node).read("/file").expect("its name was synced")
}

/// The kinds of pages there are: whole old (1), whole new (2), torn (3).
fn kinds(bytes: &[u8]) -> Vec<u8> {
    let kind = |page: &[u8]| page.iter().collect::<BTreeSet<_>>().into_iter().sum::<u8>();
    bytes.chunks(PAGE).map(kind).collect()
}

#[test]
fn all_and_none_are_lost() {
    assert_eq!(kinds(&after(1, Loss { all: 1, ..NOTHING })), [1; PAGES]);
    assert_eq!(kinds(&after(1, Loss { none: 1, ..NOTHING })), [2; PAGES]);
}

#[test]
fn pages_survive_in_any_order() {
    let reordered = (0..20).map(|seed| kinds(&after(seed, Loss { some: 1, ..NOTHING })));
    let late_first = |kinds: &Vec<u8>| kinds.windows(2).any(|pair| pair == [1, 2]);
    let runs: Vec<Vec<u8>> = reordered.collect();
    assert!(runs.iter().any(late_first), "{runs:?}");
    assert!(runs.iter().flatten().all(|kind| *kind < 3), "no page is torn: {runs:?}");
}

#[test]
fn pages_are_torn_between_sectors_and_not_within() {
    let bytes = after(1, Loss { torn: 1, ..NOTHING });
    assert!(kinds(&bytes).contains(&3));
    assert!(bytes.chunks(512).all(|sector| sector.iter().all(|byte| *byte == sector[0])));
}

#[test]
fn the_power_goes_in_the_middle_of_a_barrier() {
    for seed in 0..20 {
        let mut world = World::new(Config { seed, ..Config::default() });
        let flushed = Arc::new(AtomicU32::new(0));
        let counter = flushed.clone();
        let node = world.node("node", NodeConfig::default(), move |env| {
            let counter = counter.clone();
            Box::pin(async move {
                let file = env.open(Path::new("/file"), Open::CREATE).await.expect("opened");
                loop {
                    file.write(0, Bytes::from_static(b"bytes").into()).await.expect("written");
                    env.sync(vec![file.clone()]).await.expect("synced");
                    counter.fetch_add(1, Ordering::Relaxed);
                }
            })
        });
        world.start(node);
        world.in_barrier(node, 3, move |world| world.power_loss(&[node]));
        world.run_for(Duration::from_secs(1));
        assert!(!world.is_alive(node));
        assert_eq!(flushed.load(Ordering::Relaxed), 2, "the third had begun, and did not return");
    }
}

async fn append(env: &Env, path: &str, bytes: Vec<u8>) {
    let file = env.open(Path::new(path), Open::CREATE).await.expect("opened");
    let end = file.len().await.expect("a length");
    file.write(end, Bytes::from(bytes).into()).await.expect("written");
    env.sync(vec![file]).await.expect("synced");
}

#[test]
fn a_name_that_was_not_synced_may_be_gone_with_all_its_bytes() {
    let mut left = BTreeSet::new();
    for seed in 0..40 {
        let mut world = World::new(Config { seed, ..Config::default() });
        let node = world.node("node", NodeConfig::default(), |_| Box::pin(async {}));
        world.disk(node).make_dir("/data");
        world.start(node);
        let env = world.env(node);
        world.block_on(node, async move {
            append(&env, "/data/old", vec![1]).await;
            env.sync_dir(Path::new("/data")).await.expect("synced");
            env.rename(Path::new("/data/old"), Path::new("/data/new")).await.expect("renamed");
            append(&env, "/data/other", vec![2]).await;
        });
        world.power_loss(&[node]);
        let names = world.disk(node).list("/data").into_iter().map(|entry| entry.name);
        left.insert(names.collect::<Vec<_>>().join(" "));
    }
    let all = ["new", "new other", "old", "old other"].map(str::to_owned);
    assert_eq!(left, BTreeSet::from(all), "a rename happens or not, and never half");
}

#[test]
fn a_cut_that_was_not_synced_may_be_undone_whole() {
    let mut left = BTreeSet::new();
    for seed in 0..40 {
        let mut world = World::new(Config { seed, ..Config::default() });
        let node = world.node("node", NodeConfig::default(), |_| Box::pin(async {}));
        world.start(node);
        let env = world.env(node);
        world.block_on(node, async move {
            append(&env, "/file", vec![7; 3 * PAGE]).await;
            env.sync_dir(Path::new("/")).await.expect("synced");
            let file = env.open(Path::new("/file"), Open::EDIT).await.expect("there");
            file.set_len(100).await.expect("cut");
        });
        world.power_loss(&[node]);
        let bytes = world.disk(node).read("/file").expect("there");
        assert!(
            bytes.len() >= 100 && bytes.iter().all(|byte| *byte == 7),
            "seed {seed}: {} bytes",
            bytes.len()
        );
        left.insert(bytes.len());
    }
    assert!(left.contains(&100) && left.contains(&(3 * PAGE)), "{left:?}");
}
