//! The conformance suite in simulation, each case under many seeds.

use std::cell::Cell;
use std::net::IpAddr;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use klamm_conformance::{Capability, Case, Driver, Job, Node, Site, run_all};
use klamm_sim::{Cause, Config, Deaths, NodeConfig, NodeId, World};

const SEEDS: u64 = 20;
const CASE_TIME_MAX: Duration = Duration::from_secs(600);

struct Simulated {
    world: World,
    nodes: Vec<NodeId>,
    /// The case has nodes end themselves.
    may_die: bool,
}

impl Simulated {
    fn new(seed: u64, case: &Case) -> Self {
        let mut world = World::new(Config { seed, deaths: Deaths::Note, ..Config::default() });
        let config = || NodeConfig { lanes: 3, ..NodeConfig::default() };
        let nodes = ["zero", "one", "two"].map(|name| world.node(name, config(), |_| Box::pin(async {})));
        for node in nodes {
            world.disk(node).make_dir("/data/case");
        }
        Self { world, nodes: nodes.to_vec(), may_die: case.needs.contains(&Capability::Die) }
    }

    fn id(&self, node: Node) -> NodeId {
        self.nodes[usize::from(node.0)]
    }
}

impl Driver for Simulated {
    fn can(&self, _: Capability) -> bool {
        true
    }

    fn site(&self, node: Node) -> Site {
        let ip: IpAddr = self.world.ip(self.id(node));
        Site { dir: PathBuf::from("/data/case"), ip }
    }

    fn start(&mut self, node: Node, job: Job) {
        let id = self.id(node);
        if !self.world.is_alive(id) {
            self.world.start(id);
        }
        let env = self.world.env(id);
        env.clone().spawn_local("case", job(env));
    }

    fn run(&mut self, node: Node, job: Job) {
        let id = self.id(node);
        let ended = Rc::new(Cell::new(false));
        let end = ended.clone();
        if !self.world.is_alive(id) {
            self.world.start(id);
        }
        let deaths = self.world.deaths(id).len();
        let env = self.world.env(id);
        env.clone().spawn_local("case", async move {
            job(env).await;
            end.set(true);
        });
        let done = |world: &World| ended.get() || world.deaths(id).len() > deaths;
        self.world.try_run_until(CASE_TIME_MAX, done).unwrap_or_else(|halt| panic!("{halt}"));
        assert!(ended.get(), "the node {}", self.world.deaths(id)[deaths].cause);
    }

    fn kill(&mut self, node: Node) {
        let id = self.id(node);
        self.world.kill(id);
    }

    fn lose_power(&mut self, node: Node) {
        let id = self.id(node);
        self.world.power_loss(&[id]);
    }
}

/// A case may begin work on nodes that it does not wait for: what panics there is a failure too.
impl Drop for Simulated {
    fn drop(&mut self) {
        if self.may_die || std::thread::panicking() {
            return;
        }
        for death in self.nodes.iter().flat_map(|node| self.world.deaths(*node)) {
            assert!(!matches!(death.cause, Cause::Panicked { .. }), "{} {}", death.node, death.cause);
        }
    }
}

#[test]
fn every_case_holds_under_every_seed() {
    for seed in 0..SEEDS {
        let mut name = "";
        let all = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            run_all(|case| {
                name = case.name;
                Simulated::new(seed, case)
            })
        }));
        match all {
            Ok(skipped) => assert!(skipped.is_empty(), "{skipped:?}"),
            Err(panic) => {
                let text = panic.downcast_ref::<String>().map_or("", |text| text);
                panic!("case {name}, seed {seed}: {text}");
            }
        }
    }
}
