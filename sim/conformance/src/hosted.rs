//! The driver of every engine over somebody else's simulator. Not here: what such an engine can do.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use klamm_env_hosted::{Config, World};

use crate::{Capability, Driver, Job, Node, Site, Skipped, run_all};

const SEEDS: u64 = 5;
const CASE_TIME_MAX: Duration = Duration::from_secs(600);
const LATENCY: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(10));
const NAMES: [&str; 3] = ["zero", "one", "two"];
const DIR: &str = "/data/case";

struct Hosted<W> {
    world: W,
    can: &'static [Capability],
}

/// Runs every case on an engine that has these capabilities, under several seeds, and returns those that it cannot run.
///
/// # Panics
/// When a case does not hold; its name and seed were told to `tell` before.
pub fn run_all_hosted<W: World>(can: &'static [Capability], mut tell: impl FnMut(u64, &str)) -> Vec<Skipped> {
    let mut skipped = Vec::new();
    for seed in 0..SEEDS {
        skipped = run_all(|case| {
            tell(seed, case.name);
            let world = W::new(Config { seed, latency: LATENCY, lanes: 3 }, &NAMES);
            NAMES.iter().for_each(|name| world.node(name).disk().make_dir(Path::new(DIR)));
            Hosted { world, can }
        });
    }
    skipped
}

fn name(node: Node) -> &'static str {
    NAMES[usize::from(node.0)]
}

impl<W: World> Driver for Hosted<W> {
    fn can(&self, capability: Capability) -> bool {
        self.can.contains(&capability)
    }

    fn site(&self, node: Node) -> Site {
        Site { dir: PathBuf::from(DIR), ip: self.world.node(name(node)).ip() }
    }

    fn start(&mut self, node: Node, job: Job) {
        self.world.node(name(node)).start(job);
    }

    fn run(&mut self, node: Node, job: Job) {
        let ended = Arc::new(AtomicBool::new(false));
        let end = Arc::clone(&ended);
        let watched = move |env| -> klamm_env::LocalTask {
            let task = job(env);
            Box::pin(async move {
                task.await;
                end.store(true, Ordering::Relaxed);
            })
        };
        self.start(node, Box::new(watched));
        let until = self.world.elapsed() + CASE_TIME_MAX;
        while !ended.load(Ordering::Relaxed) {
            assert!(self.world.elapsed() < until, "the case is stuck");
            self.world.run_for(Duration::from_millis(1));
        }
    }

    fn kill(&mut self, node: Node) {
        self.world.kill(name(node));
    }

    fn lose_power(&mut self, _node: Node) {
        unreachable!("a disk in memory loses nothing");
    }
}
