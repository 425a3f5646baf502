//! What a test does to the network, and what nodes see of it. Not here: faults of disks.

use std::io::ErrorKind;
use std::rc::Rc;
use std::time::Duration;

use klamm_env::{Buffers, Stream};
use klamm_sim::{Latency, NetworkConfig, NodeId, World};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Mutex;

use crate::{accept, connect, echo, world, world_with};

const LONG: Duration = Duration::from_secs(30);
const FRAME: [u8; 1_000] = [7; 1_000];

/// One end of a connection.
struct End {
    node: NodeId,
    stream: Rc<Mutex<Box<dyn Stream>>>,
}

impl End {
    fn new(node: NodeId, stream: Box<dyn Stream>) -> Self {
        Self { node, stream: Rc::new(Mutex::new(stream)) }
    }

    /// Does this on its node.
    fn on<T: 'static>(
        &self,
        world: &mut World,
        work: impl AsyncFnOnce(&mut Box<dyn Stream>) -> T + 'static,
    ) -> T {
        let stream = Rc::clone(&self.stream);
        world.block_on(self.node, async move { work(&mut *stream.lock().await).await })
    }

    fn write(&self, world: &mut World, bytes: &'static [u8]) {
        self.on(world, async move |stream| stream.write_all(bytes).await.expect("the kernel takes it"));
    }

    /// A byte that comes within a long time, or why none does.
    fn read(&self, world: &mut World) -> Result<u8, ErrorKind> {
        let env = world.env(self.node);
        self.on(world, async move |stream| match env.timeout(LONG, stream.read_u8()).await {
            Ok(read) => read.map_err(|error| error.kind()),
            Err(_) => Err(ErrorKind::TimedOut),
        })
    }
}

/// Both ends of a connection that `a` made to `b`.
fn pair(world: &mut World, a: NodeId, b: NodeId) -> (End, End) {
    let (tell, told) = tokio::sync::oneshot::channel();
    let (env, here) = (world.env(b), world.env(a));
    world.env(b).spawn_local("accept", async move {
        assert!(tell.send(accept(env).await).is_ok(), "the test waits");
    });
    let near = world.block_on(a, async move { connect(here, "b").await });
    let far = world.block_on(b, async move { told.await.expect("it accepts") });
    (End::new(a, near), End::new(b, far))
}

/// Whether a byte that is written at one end is read at the other within a long time.
fn passes(world: &mut World, from: &End, to: &End) -> bool {
    from.write(world, b"x");
    to.read(world) == Ok(b'x')
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
fn a_cut_of_one_way_leaves_the_other() {
    let (mut world, a, b) = world(20);
    let (near, far) = pair(&mut world, a, b);
    world.network().cut_one_way(a, b);
    assert!(passes(&mut world, &far, &near));
    assert!(!passes(&mut world, &near, &far));
    world.network().heal(a, b);
    assert_eq!(far.read(&mut world), Ok(b'x'), "what was held up comes through");
}

#[test]
fn sets_of_nodes_are_parted_and_healed_together() {
    let (mut world, a, b) = world(21);
    let (near, far) = pair(&mut world, a, b);
    world.network().partition(&[a], &[b]);
    assert!(!passes(&mut world, &near, &far));
    assert!(!passes(&mut world, &far, &near));
    world.network().heal_all();
    assert!(passes(&mut world, &near, &far));
}

#[test]
fn a_clog_holds_bytes_up_and_loses_none() {
    let (mut world, a, b) = world(22);
    let (near, far) = pair(&mut world, a, b);
    world.network().clog(a, b);
    assert!(!passes(&mut world, &near, &far));
    assert!(passes(&mut world, &far, &near));
    world.network().heal(a, b);
    assert_eq!(far.read(&mut world), Ok(b'x'));
}

#[test]
fn a_reset_in_mid_frame_gives_a_part_and_then_an_error_on_both_sides() {
    let mut parts = 0;
    for seed in 0..20 {
        let (mut world, a, b) = world(seed);
        let (near, far) = pair(&mut world, a, b);
        world.network().set_reset_writes(1.0);
        let taken = near.on(&mut world, async |stream| stream.write(&FRAME).await.expect("a part is taken"));
        let (kind, read) = far.on(&mut world, async |stream| {
            let mut read = Vec::new();
            (stream.read_to_end(&mut read).await.err().map(|error| error.kind()), read)
        });
        assert_eq!(kind, Some(ErrorKind::ConnectionReset));
        assert!(read.len() <= taken && FRAME.starts_with(&read), "{} of {taken}", read.len());
        parts += usize::from((1..FRAME.len()).contains(&read.len()));
        assert_eq!(near.read(&mut world), Err(ErrorKind::ConnectionReset));
    }
    assert!(parts > 5, "{parts} of 20 frames came in part");
}

#[test]
fn a_reset_of_all_connections_is_an_error_at_both_ends() {
    let (mut world, a, b) = world(23);
    let (near, far) = pair(&mut world, a, b);
    assert_eq!(world.network().reset(a, b), 1);
    assert_eq!(near.read(&mut world), Err(ErrorKind::ConnectionReset));
    assert_eq!(far.read(&mut world), Err(ErrorKind::ConnectionReset));
}

#[test]
fn a_half_open_peer_hears_nothing_until_it_sends() {
    let (mut world, a, b) = world(24);
    let (near, far) = pair(&mut world, a, b);
    assert_eq!(world.network().half_open(b, a), 1);
    assert_eq!(far.read(&mut world), Err(ErrorKind::ConnectionReset));
    assert_eq!(near.read(&mut world), Err(ErrorKind::TimedOut), "nobody told it");
    near.write(&mut world, b"x");
    assert_eq!(near.read(&mut world), Err(ErrorKind::ConnectionReset));
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
    assert_eq!(read, Err(ErrorKind::ConnectionReset));
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
        env.connect(addr, Buffers::default()).await.err().map(|error| error.kind())
    });
    assert_eq!(refused, Some(ErrorKind::ConnectionRefused));
}

#[test]
fn a_machine_that_lost_power_answers_nobody_even_if_its_process_had_ended() {
    let (mut world, a, b) = world(12);
    world.kill(b);
    world.power_loss(&[b]);
    let env = world.env(a);
    let kind = world.block_on(a, async move {
        let addr = env.resolve("b", 9092).await.expect("known")[0];
        env.connect(addr, Buffers::default()).await.err().map(|error| error.kind())
    });
    assert_eq!(kind, Some(ErrorKind::TimedOut));
}

#[test]
fn bytes_are_under_way_as_long_as_the_link_says() {
    let (mut world, a, b) = world(25);
    let (near, far) = pair(&mut world, a, b);
    let (low, high) = (Duration::from_millis(30), Duration::from_millis(50));
    let latency = Latency { low, high, slow_chance: 0.0, slow: Duration::ZERO };
    world.network().set_latency(a, b, Some(latency));
    let mut seen = Vec::new();
    for _ in 0..50 {
        let began = world.now();
        assert!(passes(&mut world, &near, &far));
        seen.push(world.now() - began);
    }
    seen.sort_unstable();
    // Beside the link's time stands the moment that tasks take.
    let moment = Duration::from_millis(1);
    assert!(low <= seen[0] && seen[49] < high + moment, "{seen:?}");
    assert!(seen[49] > seen[0] + 5 * moment, "{seen:?}");
}

#[test]
fn a_narrow_link_takes_its_time() {
    let (mut world, a, b) = world(26);
    let (near, far) = pair(&mut world, a, b);
    world.network().set_bandwidth(a, b, Some(1_000));
    let began = world.now();
    near.write(&mut world, &[1; 10_000]);
    far.on(&mut world, async |stream| stream.read_exact(&mut [0; 10_000]).await.map(drop))
        .expect("all of it comes");
    let took = world.now() - began;
    assert!((Duration::from_secs(10)..Duration::from_secs(11)).contains(&took), "{took:?}");
}

#[test]
fn reads_are_split_and_merged() {
    let check = |split_reads, reads_min, reads_max| {
        let network = NetworkConfig { split_reads, split_writes: 0.0, ..NetworkConfig::default() };
        let (mut world, a, b) = world_with(27, network);
        let (near, far) = pair(&mut world, a, b);
        near.write(&mut world, &[1; 50]);
        near.write(&mut world, &[2; 50]);
        world.run_for(LONG);
        let (mut reads, mut read) = (0, 0);
        while read < 100 {
            read +=
                far.on(&mut world, async |stream| stream.read(&mut [0; 1_000]).await.expect("more comes"));
            reads += 1;
        }
        assert!((reads_min..=reads_max).contains(&reads), "{reads} reads at {split_reads}");
    };
    check(0.0, 1, 1);
    check(1.0, 3, 100);
}

#[test]
fn a_write_is_taken_in_part() {
    let network = NetworkConfig { split_writes: 1.0, ..NetworkConfig::default() };
    let (mut world, a, b) = world_with(28, network);
    let (near, _far) = pair(&mut world, a, b);
    let taken = near.on(&mut world, async |stream| stream.write(&FRAME).await.expect("some of it"));
    assert!((1..FRAME.len()).contains(&taken), "{taken}");
}

#[test]
fn names_come_and_go() {
    let (mut world, a, _) = world(29);
    let resolves = |world: &mut World| {
        let env = world.env(a);
        world.block_on(a, async move { env.resolve("b", 9092).await.is_ok() })
    };
    assert!(resolves(&mut world));
    world.network().set_resolvable("b", false);
    assert!(!resolves(&mut world));
    world.network().heal_all();
    assert!(resolves(&mut world));
}
