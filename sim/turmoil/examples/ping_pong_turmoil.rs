//! Six nodes in ping-pong on turmoil. Prints round trips per real second.
#![allow(clippy::print_stdout, reason = "it is what this is for")]

use std::time::Instant;

use klamm_conformance::ping_pong;
use klamm_env_turmoil::Turmoil;

fn main() {
    let began = Instant::now();
    let trips = ping_pong::run_hosted::<Turmoil>();
    println!("{}", trips.line(began.elapsed()));
}
