//! Six nodes as three pairs in ping-pong over streams: 64 bytes, 100 µs one way, 60 simulated seconds.
//! Prints round trips per real second.

#![allow(clippy::print_stdout)]

use std::cell::Cell;
use std::net::SocketAddr;
use std::pin::Pin;
use std::rc::Rc;
use std::time::{Duration, Instant};

use klamm_env::{Buffers, Env, ListenOptions, Stream};
use klamm_sim::{Config, Latency, NetworkConfig, NodeConfig, World};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const SIMULATED: Duration = Duration::from_secs(60);

async fn serve(env: Env) {
    let addr = SocketAddr::from(([0, 0, 0, 0], 9092));
    let mut listener = env.listen(addr, ListenOptions::default()).await.expect("the port is free");
    let incoming = std::future::poll_fn(|cx| listener.poll_accept(cx)).await.expect("a peer comes");
    let mut stream = incoming.open().expect("the peer is there");
    let mut message = [0; 64];
    while stream.read_exact(&mut message).await.is_ok() {
        stream.write_all(&message).await.expect("the peer reads");
    }
}

async fn ask(env: Env, to: &'static str, count: Rc<Cell<u64>>) {
    let addr = env.resolve(to, 9092).await.expect("a node")[0];
    let mut stream: Pin<Box<dyn Stream>> =
        Pin::from(env.connect(addr, Buffers::default()).await.expect("it listens"));
    let mut message = [7; 64];
    loop {
        stream.write_all(&message).await.expect("the peer reads");
        stream.read_exact(&mut message).await.expect("the peer answers");
        count.set(count.get() + 1);
    }
}

fn main() {
    let network = NetworkConfig {
        latency: Latency::fixed(Duration::from_micros(100)),
        split_reads: 0.0,
        split_writes: 0.0,
        ..NetworkConfig::default()
    };
    let mut world = World::new(Config { seed: 1, network, ..Config::default() });
    let count = Rc::new(Cell::new(0));
    for (server, client) in [("server-1", "client-1"), ("server-2", "client-2"), ("server-3", "client-3")] {
        let one = world.node(server, NodeConfig::default(), |env| Box::pin(serve(env)));
        let count = count.clone();
        let ask = move |env| -> klamm_env::LocalTask { Box::pin(ask(env, server, count.clone())) };
        let other = world.node(client, NodeConfig::default(), ask);
        world.start(one);
        world.start(other);
    }
    let began = Instant::now();
    world.run_for(SIMULATED);
    let real = began.elapsed().as_secs_f64();
    let trips = count.get();
    println!(
        "{trips} round trips in {real:.3} s: {:.0} a second, hash {:#x}",
        trips as f64 / real,
        world.hash()
    );
}
