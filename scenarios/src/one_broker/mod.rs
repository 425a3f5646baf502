//! The stage of one broker with its producers and consumers, and the run from an empty disk to the last read.
//!
//! ```text
//!   format, start, topics ─▶ load under the plan's faults ─▶ all is healed ─▶ everything is read to its end
//!                            producers, consumers              flushed         and scanned on the disk
//! ```
//!
//! Not here: which faults and knobs a story draws (`stories`).

mod broker;
mod consuming;
mod disk_scan;
mod producing;
mod storm;
mod tap;

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use klamm_client::{Admin, AdminConfig, NewTopic};
use klamm_env::Env;
use klamm_sim::{
    Cause, Config, Deaths, DiskConfig, DiskFaults, Latency, NetworkConfig, NodeConfig, NodeId, World,
};

use crate::checkers::{Checkers, Violation};
use crate::history::{History, Partition};
use crate::inflict::Cast;
use crate::plan::{Fault, Knobs, Palette, Plan};
use crate::scenario::{Outcome, Scenario};
use crate::sometimes;
use consuming::{Ends, Reading};
use producing::Writing;
use tap::Tap;

/// The broker's host name.
const BROKER: &str = "broker";
const BOOTSTRAP: &str = "broker:9092";
/// Sends that must have been acknowledged, or the load was none.
const ACKNOWLEDGED_MIN: u64 = 500;
/// How long a broker that died of itself stays down.
const DOWN_AFTER_DEATH: Duration = Duration::from_secs(1);
/// Virtual time in which everything must have come to rest once nothing is broken any more.
const REST_MAX: Duration = Duration::from_secs(180);

/// What a story asks of its consumers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readers {
    /// They poll as fast as they can.
    Eager,
    /// One of them dawdles between polls, behind a narrow line.
    OneSlow,
}

/// A story of one broker.
#[derive(Debug)]
pub struct OneBroker {
    /// Its name on the command line.
    pub name: &'static str,
    /// One line for the list.
    pub describe: &'static str,
    /// Faults and knobs.
    pub palette: Palette,
    /// Marks that must fire across a batch.
    pub marks: &'static [&'static str],
    /// What its consumers are like.
    pub readers: Readers,
}

impl Scenario for OneBroker {
    fn name(&self) -> &'static str {
        self.name
    }

    fn describe(&self) -> &'static str {
        self.describe
    }

    fn palette(&self) -> Palette {
        self.palette
    }

    fn marks(&self) -> &'static [&'static str] {
        self.marks
    }

    fn run(&self, plan: &Plan) -> Outcome {
        let mut stage = Stage::set(plan);
        stage.make_topics();
        stage.hire(self.readers);
        stage.load();
        stage.rest();
        stage.judge()
    }
}

/// The partitions of a plan's topics.
fn partitions(knobs: &Knobs) -> Vec<Partition> {
    let of = |topic| (0..knobs.partitions).map(move |index| Partition { topic, index });
    (0..knobs.topics).flat_map(of).collect()
}

/// The name of a topic.
fn topic_name(topic: u16) -> String {
    format!("t{topic}")
}

struct Stage<'a> {
    plan: &'a Plan,
    world: World,
    history: History,
    broker: NodeId,
    producers: Vec<NodeId>,
    consumers: Vec<NodeId>,
    ends: Ends,
    cast: Option<Rc<Cast>>,
}

impl<'a> Stage<'a> {
    fn set(plan: &'a Plan) -> Self {
        let knobs = &plan.knobs;
        let micros = |micros: u32| Duration::from_micros(micros.into());
        let latency = Latency {
            low: micros(knobs.latency_us_min),
            high: micros(knobs.latency_us_max),
            ..Latency::default()
        };
        let mut world = World::new(Config {
            seed: plan.seed,
            deaths: Deaths::Note,
            network: NetworkConfig { latency, ..NetworkConfig::default() },
            ..Config::default()
        });
        let faults = DiskFaults { write_back: 0.02, ..DiskFaults::default() };
        let node = NodeConfig {
            lanes: knobs.lanes,
            disk: DiskConfig { faults, ..DiskConfig::default() },
            ..NodeConfig::default()
        };
        let config = broker::config(knobs);
        let broker = world.node(BROKER, node, move |env| Box::pin(broker::serve(env, config.clone())));
        let (producers, consumers, ends) = (Vec::new(), Vec::new(), Ends::default());
        let history = History::new(Checkers::all());
        Self { plan, world, history, broker, producers, consumers, ends, cast: None }
    }

    /// Starts the broker, and makes the topics.
    fn make_topics(&mut self) {
        self.world.start(self.broker);
        let admin = self.world.node("admin", NodeConfig::default(), |_| Box::pin(async {}));
        self.world.start(admin);
        self.world.run_for(Duration::from_millis(100));
        let (env, knobs) = (self.world.env(admin), self.plan.knobs.clone());
        self.world.block_on(admin, async move { make_topics(&env, &knobs).await });
        self.world.kill(admin);
    }

    /// Makes producers and consumers; they know what time it is.
    fn hire(&mut self, readers: Readers) {
        let knobs = Arc::new(self.plan.knobs.clone());
        let began = self.world.now();
        let until = began + Duration::from_millis(self.plan.load_ms);
        let partitions: Arc<[Partition]> = partitions(&knobs).into();
        for number in 0..knobs.producers {
            let writing =
                Writing { number, until, knobs: Arc::clone(&knobs), partitions: Arc::clone(&partitions) };
            let history = self.history.clone();
            let producer =
                self.world.node(&format!("producer-{number}"), NodeConfig::default(), move |env| {
                    let tap = Tap::new(env, history.clone(), began);
                    Box::pin(producing::produce(tap, writing.clone()))
                });
            self.producers.push(producer);
        }
        for number in 0..knobs.consumers {
            let slow = readers == Readers::OneSlow && number == 0;
            let (partitions, ends) = (Arc::clone(&partitions), self.ends.clone());
            let reading = Reading { number, slow, until, partitions, ends };
            let history = self.history.clone();
            let consumer =
                self.world.node(&format!("consumer-{number}"), NodeConfig::default(), move |env| {
                    let tap = Tap::new(env, history.clone(), began);
                    Box::pin(consuming::consume(tap, reading.clone()))
                });
            self.consumers.push(consumer);
            if slow {
                self.world.network().set_bandwidth(
                    self.broker,
                    consumer,
                    Some(consuming::NARROW_BYTES_PER_SECOND),
                );
            }
        }
        self.direct();
    }

    /// Gathers everybody for the plan.
    fn direct(&mut self) {
        let storm = self.world.node("storm", NodeConfig::default(), |_| Box::pin(async {}));
        self.world.start(storm);
        let clients: Vec<NodeId> = self.producers.iter().chain(&self.consumers).copied().collect();
        for client in &clients {
            self.world.start(*client);
        }
        let history = self.history.clone();
        let cast = Cast {
            brokers: vec![self.broker],
            clients,
            storm: Box::new(move |world, _, connections| storm::break_out(world, storm, connections)),
            power_lost: Box::new(move |world, node| {
                sometimes!("the power went under load", history.acknowledged() > 0);
                let torn = disk_scan::scan(world, node, &history);
                sometimes!("a power loss left half a batch behind", torn);
            }),
            history: self.history.clone(),
        };
        self.cast = Some(Rc::new(cast));
    }

    fn cast(&self) -> Rc<Cast> {
        Rc::clone(self.cast.as_ref().expect("everybody was gathered"))
    }

    /// The load, under the plan's faults.
    fn load(&mut self) {
        let cast = self.cast();
        cast.schedule(self.plan, &mut self.world);
        let until = self.world.now() + Duration::from_millis(self.plan.load_ms);
        while self.world.now() < until {
            let left = until - self.world.now();
            self.world.run_for(left.min(Duration::from_millis(500)));
            self.look_after_broker(&cast);
        }
        cast.heal(&mut self.world);
    }

    /// Starts a broker again that died of itself, as a service's supervisor does.
    fn look_after_broker(&mut self, cast: &Cast) {
        if self.world.is_alive(self.broker) {
            return;
        }
        let deaths = self.world.deaths(self.broker);
        let Some(death) = deaths.last() else { return };
        if matches!(death.cause, Cause::Died(_)) && death.at + DOWN_AFTER_DEATH <= self.world.now() {
            sometimes!("a broker died of its disk and was started again");
            cast.revive(&mut self.world, 0);
        }
    }

    /// Lets producers finish, then reads everything to its end.
    fn rest(&mut self) {
        let cast = self.cast();
        self.wait_for(&cast, &self.producers.clone(), "producers");
        let partitions: Arc<[Partition]> = partitions(&self.plan.knobs).into();
        let (history, now, ends) = (self.history.clone(), self.world.now(), self.ends.clone());
        let reader = self.world.node("last-reader", NodeConfig::default(), move |env| {
            let tap = Tap::new(env, history.clone(), now);
            Box::pin(consuming::read_to_the_end(tap, Arc::clone(&partitions), ends.clone()))
        });
        self.world.start(reader);
        let mut readers = self.consumers.clone();
        readers.push(reader);
        self.wait_for(&cast, &readers, "consumers");
        disk_scan::scan(&mut self.world, self.broker, &self.history);
    }

    fn wait_for(&mut self, cast: &Cast, nodes: &[NodeId], who: &str) {
        let until = self.world.now() + REST_MAX;
        while !nodes.iter().all(|node| self.world.main_ended(*node)) {
            self.check_deaths();
            assert!(
                self.world.now() < until,
                "Progress: {who} did not end {REST_MAX:?} after all was healed"
            );
            self.world.run_for(Duration::from_millis(100));
            self.look_after_broker(cast);
        }
    }

    /// Nobody died but by the plan, and a broker of its disk.
    fn check_deaths(&self) {
        let disk_fails = |fault: &Fault| {
            matches!(fault, Fault::DiskFull { .. } | Fault::FailWrite {} | Fault::FailSync {})
        };
        let may_die = self.plan.faults.iter().any(|planned| disk_fails(&planned.fault));
        let everybody = [&self.producers[..], &self.consumers[..], &[self.broker]].concat();
        for death in everybody.iter().flat_map(|node| self.world.deaths(*node)) {
            let expected = match &death.cause {
                Cause::Killed | Cause::PowerLost => true,
                Cause::Died(_) => may_die,
                Cause::Panicked { .. } => false,
            };
            assert!(expected, "{} {} at {:?}", death.node, death.cause, death.at);
        }
    }

    fn judge(mut self) -> Outcome {
        self.check_deaths();
        let rolled = disk_scan::segments_max(&mut self.world, self.broker) > 1;
        sometimes!("a segment was rolled", rolled);
        let findings = self.history.finish(self.world.now());
        let mut outcome = Outcome::new(findings, self.world.hash(), self.world.now());
        if outcome.acknowledged < ACKNOWLEDGED_MIN {
            let evidence =
                format!("{} sends were acknowledged, fewer than {ACKNOWLEDGED_MIN}", outcome.acknowledged);
            let at_us = u64::try_from(self.world.now().as_micros()).unwrap_or(u64::MAX);
            outcome.violations.push(Violation { invariant: "Progress", at_us, evidence });
        }
        outcome
    }
}

async fn make_topics(env: &Env, knobs: &Knobs) {
    let admin = Admin::new(env, AdminConfig::new(BOOTSTRAP).expect("a good address"));
    for topic in 0..knobs.topics {
        let topic = NewTopic::new(topic_name(topic), knobs.partitions.into(), 1)
            .config("internal.segment.bytes", knobs.segment_bytes.to_string())
            .config("index.interval.bytes", knobs.index_interval_bytes.to_string());
        if let Err(error) = admin.create_topic(topic).await {
            panic!("nothing is broken yet, and a topic cannot be made: {error}");
        }
    }
}
