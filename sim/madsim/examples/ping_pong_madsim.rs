//! Six nodes in ping-pong on madsim. Prints round trips per real second, and nothing without `--cfg madsim`.
#![allow(clippy::print_stdout, reason = "it is what this is for")]

fn main() {
    #[cfg(madsim)]
    {
        let began = std::time::Instant::now();
        let trips = klamm_conformance::ping_pong::run_hosted::<klamm_env_madsim::Madsim>();
        println!("{}", trips.line(began.elapsed()));
    }
}
