//! Six nodes in ping-pong on the simulator. Prints round trips per real second.
#![allow(clippy::print_stdout, reason = "it is what this is for")]

use std::time::Instant;

use klamm_conformance::ping_pong::{LATENCY, PAIRS, RoundTrips, SIMULATED, ask, serve};
use klamm_env::LocalTask;
use klamm_sim::{Config, Latency, NetworkConfig, NodeConfig, World};

fn main() {
    let network = NetworkConfig {
        latency: Latency::fixed(LATENCY),
        split_reads: 0.0,
        split_writes: 0.0,
        ..NetworkConfig::default()
    };
    let mut world = World::new(Config { seed: 1, network, ..Config::default() });
    let trips = RoundTrips::default();
    for (server, client) in PAIRS {
        let one = world.node(server, NodeConfig::default(), |env| Box::pin(serve(env)));
        let trips = trips.clone();
        let ask = move |env| -> LocalTask { Box::pin(ask(env, server, trips.clone())) };
        let other = world.node(client, NodeConfig::default(), ask);
        world.start(one);
        world.start(other);
    }
    let began = Instant::now();
    world.run_for(SIMULATED);
    println!("{}, hash {:#x}", trips.line(began.elapsed()), world.hash());
}
