//! The world seen from outside: nodes, time, network, disks and their faults.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use klamm_env::{Buffers, Env, Open, Stream};
use klamm_sim::{Cause, Config, Deaths, DiskFaults, Halt, Keep, Loss, NodeConfig, NodeId, World, run};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

fn world(seed: u64) -> (World, NodeId, NodeId) {
    let mut world = World::new(Config { seed, deaths: Deaths::Note, keep: Keep::All, ..Config::default() });
    let a = world.node("a", NodeConfig::default(), |_| Box::pin(async {}));
    let b = world.node("b", NodeConfig::default(), |_| Box::pin(async {}));
    world.start(a);
    world.start(b);
    (world, a, b)
}

async fn accept(env: Env) -> Box<dyn Stream> {
    let mut listener =
        env.listen(SocketAddr::from(([0, 0, 0, 0], 9092)), Buffers::default()).await.expect("free");
    let incoming = std::future::poll_fn(|cx| listener.poll_accept(cx)).await.expect("a peer");
    incoming.open().expect("there")
}

async fn connect(env: Env, host: &str) -> Box<dyn Stream> {
    env.sleep(Duration::from_millis(5)).await;
    let addr = env.resolve(host, 9092).await.expect("a node")[0];
    env.connect(addr).await.expect("it listens")
}

/// Connects `a` to `b`; `b` echoes until the end.
fn echo(world: &mut World, a: NodeId, b: NodeId) -> Box<dyn Stream> {
    let env = world.env(b);
    world.env(b).spawn_local("echo", async move {
        let mut stream = accept(env).await;
        let mut bytes = [0; 100];
        while let Ok(len @ 1..) = stream.read(&mut bytes).await {
            if stream.write_all(&bytes[..len]).await.is_err() {
                break;
            }
        }
    });
    let env = world.env(a);
    world.block_on(a, async move { connect(env, "b").await })
}

#[test]
fn a_paused_node_that_dies_comes_back_running() {
    let (mut world, a, _) = world(3);
    world.pause(a);
    world.kill(a);
    world.start(a);
    let env = world.env(a);
    world.block_on(a, async move { env.sleep(Duration::from_secs(1)).await });
}

#[test]
fn nobody_survives_a_death_by_catching_it() {
    let (mut world, a, _) = world(3);
    let env = world.env(a);
    world.env(a).spawn_local("stubborn", async move {
        let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| env.die("enough")));
        assert!(caught.is_err());
        std::future::pending::<()>().await;
    });
    world.run_for(Duration::from_secs(1));
    assert!(!world.is_alive(a));
    assert_eq!(
        world.deaths(a).last().map(|death| death.cause.clone()),
        Some(Cause::Died("enough".to_owned()))
    );
}

#[test]
fn a_handle_of_a_world_that_is_gone_acts_on_no_other() {
    let (old, a, _) = world(3);
    let env = old.env(a);
    drop(old);
    let (mut new, a, _) = world(3);
    let other = new.env(a);
    let made = new.block_on(a, async move {
        (env.create_dir(Path::new("/x")).await, other.create_dir(Path::new("/y")).await)
    });
    assert!(made.0.is_err() && made.1.is_ok(), "{made:?}");
}

#[test]
fn time_jumps_and_streams_echo() {
    let (mut world, a, b) = world(1);
    let mut stream = echo(&mut world, a, b);
    let text = world.block_on(a, async move {
        stream.write_all(&[5; 10_000]).await.expect("sent");
        stream.shutdown().await.expect("shut");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.expect("read");
        bytes
    });
    assert_eq!(text, [5; 10_000]);
    let before = world.now();
    let env = world.env(a);
    world.block_on(a, async move { env.sleep(Duration::from_secs(3600)).await });
    assert_eq!(world.now() - before, Duration::from_secs(3600));
}

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
fn a_cut_holds_bytes_up_and_a_heal_lets_them_through() {
    let (mut world, a, b) = world(4);
    let mut stream = echo(&mut world, a, b);
    world.network().cut(a, b);
    world.env(a).spawn_local("send", async move {
        stream.write_all(b"hello").await.expect("taken by the kernel");
        let mut answer = [0; 5];
        stream.read_exact(&mut answer).await.expect("healed");
        assert_eq!(&answer, b"hello");
        std::future::pending::<()>().await;
    });
    world.run_for(Duration::from_secs(20));
    let events = world.trace().events.len();
    world.network().heal(a, b);
    world.run_for(Duration::from_secs(2));
    let after = &world.trace().events[events..];
    assert!(after.iter().any(|event| event.what == "echo") && after.iter().any(|event| event.what == "send"));
    assert!(world.deaths(a).is_empty());
}

#[test]
fn power_loss_leaves_the_peer_half_open_until_it_sends() {
    let (mut world, a, b) = world(5);
    let mut stream = echo(&mut world, a, b);
    world.power_loss(&[b]);
    world.run_for(Duration::from_secs(10));
    world.start(b);
    let (read, sent) = world.block_on(a, async move {
        let mut byte = [0];
        let sent = stream.write(b"x").await.is_ok();
        (stream.read(&mut byte).await.map_err(|error| error.kind()), sent)
    });
    assert!(sent, "nobody told the peer");
    assert_eq!(read, Err(std::io::ErrorKind::ConnectionReset));
}

#[test]
fn a_killed_peer_ends_the_stream() {
    let (mut world, a, b) = world(6);
    let mut stream = echo(&mut world, a, b);
    world.kill(b);
    let read = world.block_on(a, async move { stream.read(&mut [0]).await });
    assert_eq!(read.expect("an end, no error"), 0);
    let env = world.env(a);
    let refused = world.block_on(a, async move {
        let addr = env.resolve("b", 9092).await.expect("known")[0];
        env.connect(addr).await.err().map(|error| error.kind())
    });
    assert_eq!(refused, Some(std::io::ErrorKind::ConnectionRefused));
}

#[test]
fn a_machine_that_lost_power_answers_nobody_even_if_its_process_had_ended() {
    let (mut world, a, b) = world(12);
    world.kill(b);
    world.power_loss(&[b]);
    let env = world.env(a);
    let kind = world.block_on(a, async move {
        let addr = env.resolve("b", 9092).await.expect("known")[0];
        env.connect(addr).await.err().map(|error| error.kind())
    });
    assert_eq!(kind, Some(std::io::ErrorKind::TimedOut));
}

#[test]
fn death_is_told_with_its_reason() {
    let (mut world, a, b) = world(7);
    let env = world.env(a);
    world.env(a).spawn_local("judge", async move { env.die("the books do not balance") });
    world.env(b).spawn_local("clumsy", async move { panic!("oops") });
    world.run_for(Duration::from_secs(1));
    assert!(!world.is_alive(a) && !world.is_alive(b));
    assert_eq!(world.deaths(a)[0].cause.to_string(), "died: the books do not balance");
    assert_eq!(world.deaths(b)[0].cause.to_string(), "task `clumsy` panicked: oops");
}

#[test]
fn a_dead_world_and_a_stuck_task_are_told_by_name() {
    let (mut world, a, _) = world(8);
    world.env(a).spawn_local("forgotten", std::future::pending());
    let halt = world.try_run_until(Duration::from_secs(60), |_| false).expect_err("nothing can happen");
    assert_eq!(halt, Halt::Dead("waiting: a/forgotten".to_owned()));
    world.env(a).spawn_local("spinner", async {
        std::future::poll_fn(|cx| {
            cx.waker().wake_by_ref();
            std::task::Poll::<()>::Pending
        })
        .await;
    });
    let halt = world.try_run_until(Duration::from_secs(60), |_| false).expect_err("it spins");
    assert!(halt.to_string().starts_with("a: task `spinner` never yields"), "{halt}");
}

#[test]
fn a_paused_node_does_nothing_and_goes_on() {
    let (mut world, a, _) = world(9);
    let env = world.env(a);
    world.env(a).spawn_local("ticker", async move {
        loop {
            env.sleep(Duration::from_millis(100)).await;
        }
    });
    let ticks = |world: &World| world.trace().events.iter().filter(|event| event.what == "ticker").count();
    world.run_for(Duration::from_secs(1));
    world.pause(a);
    let before = ticks(&world);
    world.run_for(Duration::from_secs(1));
    assert_eq!(ticks(&world), before);
    world.resume(a);
    world.run_for(Duration::from_secs(1));
    assert!(ticks(&world) > before + 8);
}

#[test]
fn clocks_drift_and_jump() {
    let (mut world, a, b) = world(10);
    let (ea, eb) = (world.env(a), world.env(b));
    let (ta, tb, wall) = (ea.now(), eb.now(), ea.wall());
    world.set_drift(a, 100_000_000);
    world.run_for(Duration::from_secs(10));
    assert_eq!(ea.now() - ta, Duration::from_secs(11));
    assert_eq!(eb.now() - tb, Duration::from_secs(10));
    assert_eq!(ea.wall().0 - wall.0, 11_000);
    world.jump_wall(a, false, Duration::from_secs(3600));
    assert_eq!(ea.wall().0 - wall.0, 11_000 - 3_600_000);
    let before = world.now();
    world.block_on(a, async move { ea.sleep(Duration::from_secs(11)).await });
    assert_eq!((world.now() - before).as_millis(), 10_000);
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
    assert_eq!(kind, std::io::ErrorKind::StorageFull);
    assert_eq!(world.disk(a).read("/file").expect("there")[..5], b"bytes"[..]);
}

#[test]
#[should_panic(expected = "seed 77 failed")]
fn run_tells_the_seed() {
    run(77, |_| async { panic!("in the test") });
}

#[test]
fn run_gives_what_the_test_gives() {
    assert_eq!(run(1, |env| async move { env.lanes() }), 2);
}

#[test]
#[should_panic(expected = "tokio runtime")]
fn a_world_refuses_a_tokio_runtime() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("built");
    runtime.block_on(async { drop(World::new(Config::default())) });
}
