//! What a test does to a disk, and what a node sees of it. Not here: the ways in which power loss takes bytes (`power`).

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use klamm_env::{Env, Open};
use klamm_sim::{Config, DiskConfig, DiskFaults, Loss, NodeConfig, World};

use crate::world;

const EIO: i32 = 5;

async fn write(env: &Env, path: &str, bytes: &'static [u8], sync: bool) {
    let file = env.open(Path::new(path), Open::CREATE).await.expect("opened");
    file.write(0, Bytes::from_static(bytes).into()).await.expect("written");
    if sync {
        env.sync(vec![file]).await.expect("synced");
        env.sync_dir(Path::new("/")).await.expect("synced");
    }
}

#[test]
fn power_loss_takes_what_was_not_synced_and_nothing_else() {
    let mut lost = 0;
    for seed in 0..50 {
        let (mut world, a, _) = world(seed);
        let env = world.env(a);
        world.block_on(a, async move {
            write(&env, "/kept", b"kept", true).await;
            write(&env, "/lost", b"lost", false).await;
        });
        world.power_loss(&[a]);
        world.start(a);
        let env = world.env(a);
        let kept = world.block_on(a, async move {
            let file = env.open(Path::new("/kept"), Open::READ).await.expect("its name was synced");
            file.read(0, 100, BytesMut::new()).await.expect("read")
        });
        assert_eq!(kept, &b"kept"[..], "seed {seed}");
        lost += usize::from(world.disk(a).read("/lost").as_deref() != Some(b"lost"));
    }
    assert!((1..50).contains(&lost), "{lost} of 50 lost it");
}

#[test]
fn a_killed_process_leaves_the_page_cache() {
    let (mut world, a, _) = world(3);
    let env = world.env(a);
    world.block_on(a, async move { write(&env, "/file", b"bytes", false).await });
    world.kill(a);
    world.start(a);
    assert_eq!(world.disk(a).read("/file").as_deref(), Some(&b"bytes"[..]));
    assert!(!world.disk(a).is_durable("/file"));
}

/// A write is under way when its node is killed, after any number of steps: the kernel ends it, and nobody is told.
#[test]
fn a_write_that_its_node_does_not_outlive_is_whole_or_not_there() {
    let mut left: BTreeMap<Option<Vec<u8>>, u32> = BTreeMap::new();
    for steps in 0..60 {
        let mut world = World::new(Config { seed: steps, ..Config::default() });
        let disk = DiskConfig { inline: 0.0, ..DiskConfig::default() };
        let config = NodeConfig { disk, ..NodeConfig::default() };
        let node = world.node("node", config, |_| Box::pin(async {}));
        world.start(node);
        let (env, told) = (world.env(node), Rc::new(Cell::new(0)));
        let count = told.clone();
        world.env(node).spawn_local("writer", async move {
            let file = env.open(Path::new("/file"), Open::CREATE).await.expect("opened");
            for bytes in [b"old", b"new"] {
                file.write(0, Bytes::from_static(bytes).into()).await.expect("written");
                count.set(count.get() + 1);
            }
        });
        (0..steps).for_each(|_| _ = world.step());
        let before = told.get();
        world.kill(node);
        world.start(node);
        world.run_for(Duration::from_secs(1));
        assert_eq!(told.get(), before, "the dead are told nothing");
        let bytes = world.disk(node).read("/file");
        let states: [&[u8]; 3] = [b"", b"old", b"new"];
        let may_be = &states[before..(before + 2).min(3)];
        assert!(may_be.contains(&bytes.as_deref().unwrap_or_default()), "{bytes:?} after {before} writes");
        *left.entry(bytes).or_default() += 1;
    }
    let found: Vec<_> = left.keys().map(|bytes| bytes.as_deref()).collect();
    assert_eq!(found, [None, Some(&b""[..]), Some(b"new"), Some(b"old")], "{left:?}");
}

#[test]
fn a_failed_sync_reads_clean_and_may_be_gone() {
    let mut gone = 0;
    for seed in 0..40 {
        let (mut world, a, _) = world(seed);
        let loss = Loss { all: 0, none: 1, tail: 0, some: 0, torn: 0 };
        world.disk(a).set_faults(DiskFaults { loss, ..DiskFaults::default() });
        let env = world.env(a);
        world.block_on(a, async move { write(&env, "/file", b"old", true).await });
        world.disk(a).fail_next_syncs(1);
        let env = world.env(a);
        world.block_on(a, async move {
            let file = env.open(Path::new("/file"), Open::EDIT).await.expect("there");
            file.write(0, Bytes::from_static(b"new").into()).await.expect("written");
            env.sync(vec![file.clone()]).await.expect_err("told to fail");
            env.sync(vec![file]).await.expect("the pages are clean");
        });
        world.power_loss(&[a]);
        gone += usize::from(world.disk(a).read("/file").as_deref() == Some(b"old"));
    }
    assert!((5..40).contains(&gone), "{gone} of 40");
}

#[test]
fn a_full_disk_stops_writes_and_keeps_what_is_there() {
    let (mut world, a, _) = world(11);
    let env = world.env(a);
    world.block_on(a, async move { write(&env, "/file", b"bytes", true).await });
    world.disk(a).fill(3);
    let env = world.env(a);
    let kind = world.block_on(a, async move {
        let file = env.open(Path::new("/file"), Open::EDIT).await.expect("there");
        file.write(5, Bytes::from_static(b"12345").into()).await.expect_err("full").kind()
    });
    assert_eq!(kind, ErrorKind::StorageFull);
    assert_eq!(world.disk(a).read("/file").expect("there")[..5], b"bytes"[..]);
}

#[test]
fn a_failed_write_leaves_any_part_of_it() {
    let mut parts = Vec::new();
    for seed in 0..40 {
        let (mut world, a, _) = world(seed);
        world.disk(a).fail_next_writes(1);
        let env = world.env(a);
        let (first, second) = world.block_on(a, async move {
            let file = env.open(Path::new("/file"), Open::CREATE).await.expect("opened");
            let first = file.write(0, Bytes::from_static(&[1; 100]).into()).await;
            (
                first.err().and_then(|error| error.raw_os_error()),
                file.write(100, Bytes::from_static(b"next").into()).await,
            )
        });
        assert_eq!(first, Some(EIO));
        second.expect("one write was to fail");
        let bytes = world.disk(a).read("/file").expect("there");
        let written = bytes[..100].iter().take_while(|byte| **byte == 1).count();
        assert!(bytes[written..100].iter().all(|byte| *byte == 0));
        parts.push(written);
    }
    parts.sort_unstable();
    assert!(parts[0] < 20 && parts[39] > 80, "{parts:?}");
}

#[test]
fn a_failed_read_tells_of_it_and_the_next_one_reads() {
    let (mut world, a, _) = world(30);
    let env = world.env(a);
    world.block_on(a, async move { write(&env, "/file", b"bytes", true).await });
    world.disk(a).fail_next_reads(1);
    let env = world.env(a);
    let (first, second) = world.block_on(a, async move {
        let file = env.open(Path::new("/file"), Open::READ).await.expect("there");
        (file.read(0, 5, BytesMut::new()).await, file.read(0, 5, BytesMut::new()).await)
    });
    assert!(first.is_err());
    assert_eq!(second.expect("one read was to fail"), &b"bytes"[..]);
}

/// Two files of a page each, synced once; then the first is written and synced again while a write goes astray.
fn after_a_write_went_astray(seed: u64, fault: fn(&mut klamm_sim::Disk<'_>)) -> (World, klamm_sim::NodeId) {
    let (mut world, a, _) = world(seed);
    let env = world.env(a);
    world.block_on(a, async move {
        write(&env, "/one", &[1; 4096], true).await;
        write(&env, "/two", &[2; 4096], true).await;
    });
    fault(&mut world.disk(a));
    let env = world.env(a);
    world.block_on(a, async move { write(&env, "/one", &[3; 4096], true).await });
    (world, a)
}

#[test]
fn a_lost_write_is_seen_when_the_cache_is_gone() {
    for power in [false, true] {
        let (mut world, a) = after_a_write_went_astray(33, |disk| disk.lose_next_writes(1));
        let loads = world.env(a).loads();
        assert_eq!(world.disk(a).read("/one").as_deref(), Some(&[3; 4096][..]), "the cache has it");
        if power {
            world.power_loss(&[a]);
        } else {
            world.disk(a).drop_cache();
            assert!(world.env(a).loads() > loads, "a page was loaded");
        }
        assert_eq!(world.disk(a).read("/one").as_deref(), Some(&[1; 4096][..]));
        assert_eq!(world.disk(a).read("/two").as_deref(), Some(&[2; 4096][..]));
    }
}

#[test]
fn a_misdirected_write_takes_the_place_of_another() {
    let mut elsewhere = 0;
    for seed in 0..20 {
        let (mut world, a) = after_a_write_went_astray(seed, |disk| disk.misdirect_next_writes(1));
        world.disk(a).drop_cache();
        assert_eq!(world.disk(a).read("/one").as_deref(), Some(&[1; 4096][..]), "it did not come to its own");
        elsewhere += usize::from(world.disk(a).read("/two").as_deref() == Some(&[3; 4096][..]));
    }
    assert!((5..20).contains(&elsewhere), "{elsewhere} of 20 hit the other file");
}

#[test]
fn a_spoiled_page_is_not_read_until_it_is_written_again() {
    let (mut world, a, _) = world(34);
    let env = world.env(a);
    world.block_on(a, async move { write(&env, "/file", &[1; 10_000], true).await });
    assert!(world.disk(a).spoil("/file", 5_000));
    let env = world.env(a);
    let found = world.block_on(a, async move {
        let file = env.open(Path::new("/file"), Open::EDIT).await.expect("there");
        let mut found = Vec::new();
        for (at, len) in [(0, 4_096), (4_000, 200), (8_192, 100)] {
            found.push(file.read(at, len, BytesMut::new()).await.is_ok());
        }
        file.write(4_096, Bytes::from_static(&[2; 4_096]).into()).await.expect("written");
        found.push(file.read(0, 10_000, BytesMut::new()).await.is_ok());
        found
    });
    assert_eq!(found, [true, false, true, true]);
}

#[test]
fn rot_is_read_as_if_nothing_were_wrong() {
    let (mut world, a, _) = world(31);
    let env = world.env(a);
    world.block_on(a, async move { write(&env, "/file", b"bytes", true).await });
    assert!(world.disk(a).rot("/file", 1, 0b11));
    assert!(!world.disk(a).rot("/file", 5, 0b11), "the file ends before");
    world.power_loss(&[a]);
    assert_eq!(world.disk(a).read("/file").as_deref(), Some(&b"bztes"[..]));
}

#[test]
fn another_disk_is_empty() {
    let (mut world, a, _) = world(32);
    let env = world.env(a);
    world.block_on(a, async move { write(&env, "/file", b"bytes", true).await });
    world.power_loss(&[a]);
    world.disk(a).replace();
    world.start(a);
    assert!(world.disk(a).list("/").is_empty() && world.disk(a).used() == 0);
}
