//! The conformance suite on turmoil, each case under several seeds.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use klamm_conformance::{Capability, Driver, Job, Node, Site, Skipped, run_all};
use klamm_env_turmoil::{Config, World};

const SEEDS: u64 = 5;
const CASE_TIME_MAX: Duration = Duration::from_secs(600);
const NAMES: [&str; 3] = ["zero", "one", "two"];

struct Turmoil(World);

impl Turmoil {
    fn new(seed: u64) -> Self {
        let latency = (Duration::from_millis(1), Duration::from_millis(10));
        let world = World::new(Config { seed, latency, lanes: 3 }, &NAMES);
        NAMES.iter().for_each(|name| world.disk(name).make_dir(Path::new("/data/case")));
        Self(world)
    }
}

fn name(node: Node) -> &'static str {
    NAMES[usize::from(node.0)]
}

impl Driver for Turmoil {
    fn can(&self, capability: Capability) -> bool {
        use Capability::{BackPressure, Backlog, Buffers, Die, HalfClose, Kill, PowerLoss, Reset};
        match capability {
            Kill | HalfClose | BackPressure | Backlog => true,
            PowerLoss | Die | Buffers | Reset => false,
        }
    }

    fn site(&self, node: Node) -> Site {
        Site { dir: PathBuf::from("/data/case"), ip: self.0.ip(name(node)) }
    }

    fn start(&mut self, node: Node, job: Job) {
        self.0.start(name(node), job);
    }

    fn run(&mut self, node: Node, job: Job) {
        let ended = Rc::new(Cell::new(false));
        let end = Rc::clone(&ended);
        let watched: klamm_env_turmoil::Job = Box::new(move |env| {
            let task = job(env);
            Box::pin(async move {
                task.await;
                end.set(true);
            })
        });
        self.0.start(name(node), watched);
        let until = self.0.elapsed() + CASE_TIME_MAX;
        while !ended.get() {
            assert!(self.0.elapsed() < until, "the case is stuck");
            self.0.run_for(Duration::from_millis(1));
        }
    }

    fn kill(&mut self, node: Node) {
        self.0.kill(name(node));
    }

    fn lose_power(&mut self, _node: Node) {
        unreachable!("a disk in memory loses nothing");
    }
}

#[test]
fn every_case_holds_on_turmoil() {
    for seed in 0..SEEDS {
        let skipped = run_all(|case| {
            eprintln!("seed {seed}: {}", case.name);
            Turmoil::new(seed)
        });
        let skipped_for = |name, lacks: &[Capability]| Skipped { name, lacks: lacks.to_vec() };
        let power_loss = |name| skipped_for(name, &[Capability::PowerLoss]);
        let expected = [
            skipped_for("stream::a_reset_is_an_error_to_the_peer", &[Capability::Reset]),
            skipped_for("stream::small_buffers_hold_the_writer_back_earlier", &[Capability::Buffers]),
            skipped_for("death::a_node_ends_itself", &[Capability::Die]),
            skipped_for("death::a_panic_ends_the_node", &[Capability::Die]),
            power_loss("power::synced_bytes_with_a_synced_name_survive"),
            power_loss("power::one_barrier_covers_every_file_of_its_set"),
            power_loss("power::later_writes_do_not_harm_what_was_synced"),
            power_loss("power::a_name_without_sync_dir_is_whole_or_gone"),
            power_loss("power::a_synced_rename_survives"),
            power_loss("power::a_rename_that_was_not_synced_is_old_or_new"),
            power_loss("power::a_synced_removal_survives"),
            power_loss("power::a_synced_length_survives"),
            power_loss("power::locks_and_tasks_are_gone"),
        ];
        assert_eq!(skipped, expected);
    }
}
