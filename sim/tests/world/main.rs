//! The world seen from outside: nodes and time. Not here: what every engine must do (conformance).

mod disk;
mod network;

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use klamm_env::{Buffers, Env, ListenOptions, Stream};
use klamm_sim::{Cause, Config, Deaths, Halt, Keep, NetworkConfig, NodeConfig, NodeId, World, run};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

fn world(seed: u64) -> (World, NodeId, NodeId) {
    world_with(seed, NetworkConfig::default())
}

fn world_with(seed: u64, network: NetworkConfig) -> (World, NodeId, NodeId) {
    let mut world = World::new(Config { seed, deaths: Deaths::Note, keep: Keep::All, network });
    let a = world.node("a", NodeConfig::default(), |_| Box::pin(async {}));
    let b = world.node("b", NodeConfig::default(), |_| Box::pin(async {}));
    world.start(a);
    world.start(b);
    (world, a, b)
}

async fn accept(env: Env) -> Box<dyn Stream> {
    let mut listener =
        env.listen(SocketAddr::from(([0, 0, 0, 0], 9092)), ListenOptions::default()).await.expect("free");
    let incoming = std::future::poll_fn(|cx| listener.poll_accept(cx)).await.expect("a peer");
    incoming.open().expect("there")
}

async fn connect(env: Env, host: &str) -> Box<dyn Stream> {
    env.sleep(Duration::from_millis(5)).await;
    let addr = env.resolve(host, 9092).await.expect("a node")[0];
    env.connect(addr, Buffers::default()).await.expect("it listens")
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

/// Has a task of a node's first lane do something ten times a second.
fn tick(world: &World, node: NodeId) {
    let env = world.env(node);
    world.env(node).spawn_local("ticker", async move {
        loop {
            env.sleep(Duration::from_millis(100)).await;
        }
    });
}

fn ticks(world: &World) -> usize {
    world.trace().events.iter().filter(|event| event.what == "ticker").count()
}

#[test]
fn a_lane_that_starves_no_more_waits_for_its_paused_node() {
    let (mut world, a, _) = world(9);
    tick(&world, a);
    world.run_for(Duration::from_secs(1));
    world.hold_lane(a, 0, true);
    world.pause(a);
    world.hold_lane(a, 0, false);
    let before = ticks(&world);
    world.run_for(Duration::from_secs(1));
    assert_eq!(ticks(&world), before);
    world.hold_lane(a, 0, true);
    world.resume(a);
    world.run_for(Duration::from_secs(1));
    assert_eq!(ticks(&world), before, "it starves");
    world.hold_lane(a, 0, false);
    world.run_for(Duration::from_secs(1));
    assert!(ticks(&world) > before + 8);
}

#[test]
fn a_paused_node_does_nothing_and_goes_on() {
    let (mut world, a, _) = world(9);
    tick(&world, a);
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
