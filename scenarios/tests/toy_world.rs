//! A one-file log server in a simulated world, sound and with a planted bug: seed to plan to faults to checkers.
#![expect(clippy::disallowed_types, reason = "a seed is also run by a fresh process")]

use std::cell::RefCell;
use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::rc::Rc;
use std::time::Duration;

use bytes::BytesMut;
use klamm_env::{Buffers, Env, IoVec, ListenOptions, Open, Stream};
use klamm_scenarios::checkers::Checkers;
use klamm_scenarios::history::{
    ClientId, Delivery, Fact, History, Offset, Outcome as Sent, Partition, Record,
};
use klamm_scenarios::inflict::Cast;
use klamm_scenarios::plan::{Kind, Offer, Palette, Plan};
use klamm_scenarios::scenario::Outcome;
use klamm_scenarios::value::{Value, ValueId};
use klamm_sim::{Config, Deaths, NodeConfig, World};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

const PARTITION: Partition = Partition { topic: 0, index: 0 };
const VALUE_LEN: usize = 64;
const LOG: &str = "/log";

const PALETTE: Palette = Palette {
    brokers: 1,
    load_s: 10,
    offers: &[
        Offer { kind: Kind::PowerLoss, times_min: 2, times_max: 3 },
        Offer { kind: Kind::Kill, times_min: 0, times_max: 2 },
        Offer { kind: Kind::Pause, times_min: 0, times_max: 1 },
        Offer { kind: Kind::Cut, times_min: 0, times_max: 2 },
        Offer { kind: Kind::Reset, times_min: 0, times_max: 2 },
    ],
    settle: |knobs| knobs.sends_per_second *= 3,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flush {
    BeforeAnswer,
    /// The planted bug.
    Never,
}

/// Appends each value that arrives to its file, and answers with its offset.
async fn serve(env: Env, flush: Flush) -> io::Result<()> {
    let file = env.open(Path::new(LOG), Open::CREATE).await?;
    env.sync_dir(Path::new("/")).await?;
    let found = file.read(0, usize::MAX, BytesMut::new()).await?;
    let mut whole = whole_values(&found).len();
    file.set_len((whole * VALUE_LEN) as u64).await?;
    let mut listener = env.listen(SocketAddr::from(([0, 0, 0, 0], 9000)), ListenOptions::default()).await?;
    loop {
        let Ok(incoming) = poll_fn(|cx| listener.poll_accept(cx)).await else { continue };
        let Ok(mut stream) = incoming.open() else { continue };
        let mut value = [0; VALUE_LEN];
        while let Ok(Ok(_)) = env.timeout(Duration::from_secs(1), stream.read_exact(&mut value)).await {
            let bytes = bytes::Bytes::copy_from_slice(&value);
            file.write((whole * VALUE_LEN) as u64, IoVec::from(bytes)).await?;
            if flush == Flush::BeforeAnswer {
                env.sync(vec![file.clone()]).await?;
            }
            whole += 1;
            if stream.write_u64(whole as u64 - 1).await.is_err() {
                break;
            }
        }
    }
}

fn whole_values(bytes: &[u8]) -> Vec<Value> {
    let values = bytes.chunks_exact(VALUE_LEN).map(Value::decode);
    values.take_while(|value| value.id != ValueId::DAMAGED).collect()
}

/// Sends one value after the other, each once.
async fn produce(env: Env, history: History, server: SocketAddr, pause: Duration) {
    let began = env.now();
    let mut connection: Option<Box<dyn Stream>> = None;
    for sequence in 0.. {
        env.sleep(pause).await;
        if connection.is_none() {
            let connected =
                env.timeout(Duration::from_millis(300), env.connect(server, Buffers::default())).await;
            connection = connected.ok().and_then(Result::ok);
        }
        let Some(stream) = &mut connection else { continue };
        let (value, bytes) = Value::encode(ValueId { client: ClientId(0), sequence }, VALUE_LEN);
        let delivery = Delivery::Ordered;
        history.record(env.now() - began, Fact::Sent { value, partition: PARTITION, delivery });
        let exchange = async {
            stream.write_all(&bytes).await?;
            stream.read_u64().await
        };
        let answer = env.timeout(Duration::from_millis(300), exchange).await;
        let outcome = match answer {
            Ok(Ok(offset)) => Sent::Acknowledged(Some(Offset(offset as i64))),
            _ => Sent::Unknown,
        };
        if outcome == Sent::Unknown {
            connection = None;
        }
        history.record(env.now() - began, Fact::Ended { value: value.id, partition: PARTITION, outcome });
    }
}

fn run(plan: &Plan, flush: Flush) -> Outcome {
    let history = History::new(Checkers::all());
    let mut world = World::new(Config { seed: plan.seed, deaths: Deaths::Fail, ..Config::default() });
    let server = world.node("server", NodeConfig::default(), move |env| {
        Box::pin(async move { serve(env, flush).await.expect("this disk does not fail") })
    });
    let address = SocketAddr::new(world.ip(server), 9000);
    let (told, pause) = (history.clone(), Duration::from_secs(1) / plan.knobs.sends_per_second);
    let client = world.node("client", NodeConfig::default(), move |env| {
        Box::pin(produce(env, told.clone(), address, pause))
    });
    let cast = Cast {
        brokers: vec![server],
        clients: vec![client],
        storm: Box::new(|_, _, _| {}),
        rot: Box::new(|_, _, _| {}),
        host: "server",
        lanes: 1,
        power_lost: Box::new(|_, _| {}),
        power_off: RefCell::default(),
        power_off_ms_min: 0,
        power_back: Box::new(|_| {}),
        history,
        healed: Rc::default(),
    };
    let cast = Rc::new(cast);
    cast.start(&mut world);
    cast.schedule(plan, &mut world);
    world.run_for(Duration::from_millis(plan.load_ms));
    world.kill(client);
    cast.heal(&mut world);
    world.run_for(Duration::from_secs(5));
    read_to_the_end(&mut world, &cast);
    let findings = cast.history.finish(world.now());
    Outcome::new(findings, world.hash(), world.now())
}

/// Everything in the file, as one scan of the disk and one consumer's poll.
fn read_to_the_end(world: &mut World, cast: &Cast) {
    let bytes = world.disk(cast.brokers[0]).read(LOG).unwrap_or_default();
    let record = |(at, value)| Record { offset: Offset(at), value, leader_epoch: 0 };
    let records: Vec<_> = (0..).zip(whole_values(&bytes)).map(record).collect();
    let (consumer, partition) = (ClientId(1), PARTITION);
    cast.history.record(world.now(), Fact::Scanned { partition, from: Offset(0), records: records.clone() });
    cast.history.record(world.now(), Fact::Placed { consumer, partition, offset: Some(Offset(0)) });
    cast.history.record(world.now(), Fact::Polled { consumer, partition, records });
}

fn run_seed(seed: u64, flush: Flush) -> Outcome {
    run(&Plan::draw("toy_world", &PALETTE, seed), flush)
}

#[test]
fn a_sound_server_loses_nothing() {
    for seed in 0..30 {
        let outcome = run_seed(seed, Flush::BeforeAnswer);
        assert_eq!(outcome.violations, [], "seed {seed}");
        assert!(outcome.acknowledged > 20, "seed {seed} acknowledged {}", outcome.acknowledged);
    }
}

#[test]
fn a_server_that_never_flushes_is_caught() {
    let caught = |seed| {
        let violations = run_seed(seed, Flush::Never).violations;
        violations.iter().any(|violation| violation.invariant == "AckedRecordNotLost")
    };
    assert!((0..5).any(caught));
}

#[test]
fn without_power_loss_it_is_not() {
    let mut plan = Plan::draw("toy_world", &PALETTE, 3);
    plan.faults.retain(|planned| !matches!(planned.fault, klamm_scenarios::plan::Fault::PowerLoss { .. }));
    assert_eq!(run(&plan, Flush::Never).violations, []);
}

fn hashes() -> Vec<String> {
    (0..4).map(|seed| format!("toy {seed} {:016x}", run_seed(seed, Flush::BeforeAnswer).hash)).collect()
}

/// What the fresh process of the next test runs.
#[test]
#[ignore = "prints hashes for the_same_in_a_fresh_process"]
fn prints_hashes() {
    println!("\n{}", hashes().join("\n"));
}

#[test]
fn the_same_in_a_fresh_process() {
    let here = hashes();
    assert_eq!(here, hashes());
    let child = Command::new(std::env::current_exe().expect("a test knows its file"))
        .args(["--exact", "prints_hashes", "--ignored", "--nocapture"])
        .env_clear()
        .env("RUST_LOG", "trace")
        .current_dir("/")
        .output()
        .expect("a test can be run");
    let printed = String::from_utf8_lossy(&child.stdout);
    for line in here {
        assert!(printed.lines().any(|printed| printed == line), "{line} is not in {printed}");
    }
}
