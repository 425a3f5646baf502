//! The stage of one broker with its producers and consumers, and the run from an empty disk to the last read.
//!
//! ```text
//!   format, start, topics ─▶ load under the plan's faults ─▶ all is healed ─▶ everything is read to its end
//!                            producers, consumers              flushed         and scanned on the disk
//! ```
//!
//! Not here: which faults and knobs a story draws (`stories`).

pub mod anywhere;
mod broker;
mod consuming;
mod disk_scan;
mod load;
mod producing;
mod storm;
mod tap;

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use klamm_client::{Admin, AdminConfig, NewTopic};
use klamm_env::Env;
use klamm_sim::{
    Cause, Config, Deaths, DiskConfig, DiskFaults, Keep, Latency, NetworkConfig, NodeConfig, NodeId, Trace,
    World,
};

use crate::checkers::{Checkers, Violation};
use crate::history::{Fact, History, Partition};
use crate::inflict::Cast;
use crate::plan::{Durability, Fault, Kind, Knobs, Palette, Plan, Planned};
use crate::scenario::{Outcome, Scenario};
use crate::sometimes;
use consuming::{Ends, Reading, Seen};
use load::{LoadEnd, LossesUnderLoad};
use producing::Writing;
use storm::Guests;
use tap::Tap;

/// The broker's host name.
const BROKER: &str = "broker";
const BOOTSTRAP: &str = "broker:9092";
/// Sends that must have been acknowledged, or the load was none.
const ACKNOWLEDGED_MIN: u64 = 500;
/// The name under which a world that does not get on is reported.
const PROGRESS: &str = "Progress";
/// The end of the load, in which it may still be put off.
const LAST_MOMENTS: Duration = Duration::from_secs(1);
/// How long a broker that died of itself stays down.
const DOWN_AFTER_DEATH: Duration = Duration::from_secs(1);
/// How far an eager reader may be behind what was acknowledged; a restart of the broker takes less.
const BEHIND_MAX: Duration = Duration::from_secs(10);
/// More than any answer is under way.
const ANSWERS_ARRIVE_MS: u64 = 500;
/// Records by which a slow reader is behind when the load ends, if it was slow at all.
const SLOW_BEHIND_MIN: u64 = 100;
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
    /// Whether every send must succeed in the end, since nothing that it brings lasts for long.
    pub all_sends_succeed: bool,
}

impl OneBroker {
    /// How often the power must go under load.
    fn power_losses_min(&self) -> u32 {
        let losses = self.palette.offers.iter().filter(|offer| offer.kind == Kind::PowerLoss);
        losses.map(|offer| offer.times_min).sum()
    }
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
        self.perform(plan, Keep::Last).0
    }

    fn run_traced(&self, plan: &Plan) -> (Outcome, Trace) {
        self.perform(plan, Keep::All)
    }
}

impl OneBroker {
    fn perform(&self, plan: &Plan, keep: Keep) -> (Outcome, Trace) {
        let mut stage = Stage::set(plan, keep);
        let losses_min = self.power_losses_min();
        let played = catch_unwind(AssertUnwindSafe(|| stage.play(self.readers, losses_min)));
        let at = stage.world.now();
        let played = played.unwrap_or_else(|panic| Err(Violation::of_panic(&*panic, at)));
        let outcome = stage.judge(played, self.all_sends_succeed, losses_min);
        (outcome, stage.world.trace())
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
    /// What each consumer has seen, in their order.
    seen: Vec<Seen>,
    strangers: Option<NodeId>,
    ends: Ends,
    load_began: Duration,
    load_end: LoadEnd,
    losses: Rc<LossesUnderLoad>,
    cast: Option<Rc<Cast>>,
}

impl<'a> Stage<'a> {
    fn set(plan: &'a Plan, keep: Keep) -> Self {
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
            keep,
        });
        let faults = DiskFaults { write_back: 0.02, ..DiskFaults::default() };
        let node = NodeConfig {
            lanes: knobs.lanes,
            disk: DiskConfig { faults, ..DiskConfig::default() },
            ..NodeConfig::default()
        };
        let config = broker::config(knobs);
        let broker = world.node(BROKER, node, move |env| Box::pin(broker::serve(env, config.clone())));
        Self {
            plan,
            world,
            history: History::new(Checkers::all()),
            broker,
            producers: Vec::new(),
            consumers: Vec::new(),
            seen: Vec::new(),
            strangers: None,
            ends: Ends::default(),
            load_began: Duration::ZERO,
            load_end: LoadEnd::new(Duration::ZERO),
            losses: Rc::default(),
            cast: None,
        }
    }

    /// From an empty disk to the last read; `Err` when it cannot go on.
    fn play(&mut self, readers: Readers, losses_min: u32) -> Result<(), Violation> {
        self.make_topics();
        self.hire(readers);
        self.load(readers, losses_min)?;
        self.rest()?;
        self.check_deaths()
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
        self.load_began = began;
        self.load_end = LoadEnd::new(began + Duration::from_millis(self.plan.load_ms));
        let load_end = || self.load_end.clone();
        let partitions: Arc<[Partition]> = partitions(&knobs).into();
        for number in 0..knobs.producers {
            let (knobs, partitions) = (Arc::clone(&knobs), Arc::clone(&partitions));
            let writing = Writing { number, load_end: load_end(), knobs, partitions };
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
            let seen = Seen::default();
            self.seen.push(seen.clone());
            let reading = Reading { number, slow, load_end: load_end(), partitions, ends, seen };
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
        let strangers = self.world.node("strangers", NodeConfig::default(), |_| Box::pin(async {}));
        self.world.start(strangers);
        self.strangers = Some(strangers);
        let guests = Rc::new(Guests::default());
        let clients: Vec<NodeId> = self.producers.iter().chain(&self.consumers).copied().collect();
        for client in &clients {
            self.world.start(*client);
        }
        let (history, losses) = (self.history.clone(), Rc::clone(&self.losses));
        let partitions = partitions(&self.plan.knobs);
        let loses = self.plan.knobs.durability == Durability::Os;
        let may_lose = MayLose {
            history: history.clone(),
            partitions: if loses { partitions.clone() } else { Vec::new() },
        };
        let may_lose_too = may_lose.clone();
        let cast = Cast {
            brokers: vec![self.broker],
            clients,
            storm: Box::new(move |world, _, connections| {
                storm::break_out(world, strangers, &guests, connections);
            }),
            power_off_ms_min: if loses { ANSWERS_ARRIVE_MS } else { 0 },
            power_off: RefCell::default(),
            // What was answered before the loss has reached everybody by now.
            power_back: Box::new(move |world| may_lose_too.note(world)),
            power_lost: Box::new(move |world, node| {
                may_lose.note(world);
                sometimes!("the power went under load", losses.note(history.acknowledged()));
                let died = world.deaths(node).iter().any(|death| matches!(death.cause, Cause::Died(_)));
                sometimes!("the power went some time after the disk had failed", died);
                let torn = disk_scan::scan(world, node, &history, &partitions);
                sometimes!("a power loss left half a batch behind", torn);
            }),
            history: self.history.clone(),
            healed: Cell::new(false),
        };
        self.cast = Some(Rc::new(cast));
    }

    fn cast(&self) -> Rc<Cast> {
        Rc::clone(self.cast.as_ref().expect("everybody was gathered"))
    }

    /// The load, under the plan's faults; it goes on for a while if the power has not gone often enough.
    fn load(&mut self, readers: Readers, losses_min: u32) -> Result<(), Violation> {
        let cast = self.cast();
        cast.schedule(self.plan, &mut self.world);
        let is_loss = |planned: &&Planned| matches!(planned.fault, Fault::PowerLoss { .. });
        let losses_planned = self.plan.faults.iter().filter(is_loss).count() as u32;
        let losses_min = losses_min.min(losses_planned);
        let mut due = 0;
        while self.world.now() < self.load_end.at() {
            let left = self.load_end.at() - self.world.now();
            if left > BEHIND_MAX {
                due = self.history.acknowledged();
            }
            self.world.run_for(left.min(Duration::from_millis(500)));
            self.look_after_broker(&cast);
            if left < LAST_MOMENTS && self.losses.count() < losses_min {
                self.load_end.put_off();
            }
        }
        let kept_up = if readers == Readers::OneSlow { self.check_readers(due) } else { Ok(()) };
        cast.heal(&mut self.world);
        kept_up
    }

    /// Everybody but the slow reader has seen so many records at least.
    fn check_readers(&self, due: u64) -> Result<(), Violation> {
        let [slow, eager @ ..] = &self.seen[..] else {
            unreachable!("a story with a slow reader has others")
        };
        sometimes!("a slow reader fell behind", slow.count() + SLOW_BEHIND_MIN < due);
        match eager.iter().map(Seen::count).min() {
            Some(least) if least < due => {
                let evidence = format!(
                    "{BEHIND_MAX:?} after {due} sends had been acknowledged, a reader had seen {least} records"
                );
                Err(Violation::new(PROGRESS, self.world.now(), evidence))
            }
            _ => Ok(()),
        }
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

    /// Lets producers finish, then reads everything to its end, and looks at what would be left if the power went.
    fn rest(&mut self) -> Result<(), Violation> {
        let cast = self.cast();
        self.wait_for(&cast, &self.producers.clone(), "producers")?;
        let all = partitions(&self.plan.knobs);
        let partitions: Arc<[Partition]> = all.as_slice().into();
        let (history, now, ends) = (self.history.clone(), self.world.now(), self.ends.clone());
        let reader = self.world.node("last-reader", NodeConfig::default(), move |env| {
            let tap = Tap::new(env, history.clone(), now);
            Box::pin(consuming::read_to_the_end(tap, Arc::clone(&partitions), ends.clone()))
        });
        self.world.start(reader);
        let mut readers = self.consumers.clone();
        readers.push(reader);
        self.wait_for(&cast, &readers, "consumers")?;
        if self.plan.knobs.durability == Durability::Fsync {
            cast.cut_power(&mut self.world, 0);
        }
        disk_scan::scan(&mut self.world, self.broker, &self.history, &all);
        Ok(())
    }

    fn wait_for(&mut self, cast: &Cast, nodes: &[NodeId], who: &str) -> Result<(), Violation> {
        let until = self.world.now() + REST_MAX;
        while !nodes.iter().all(|node| self.world.main_ended(*node)) {
            self.check_deaths()?;
            if self.world.now() >= until {
                let evidence = format!("{who} did not end {REST_MAX:?} after all was healed");
                return Err(Violation::new(PROGRESS, self.world.now(), evidence));
            }
            self.world.run_for(Duration::from_millis(100));
            self.look_after_broker(cast);
        }
        Ok(())
    }

    /// Nobody died but by the plan, and a broker of its disk after that had failed.
    fn check_deaths(&self) -> Result<(), Violation> {
        let disk_fails = |fault: &Fault| {
            matches!(fault, Fault::DiskFull { .. } | Fault::FailWrite {} | Fault::FailSync {})
        };
        let failures = self.plan.faults.iter().filter(|planned| disk_fails(&planned.fault));
        let first = failures.map(|planned| self.load_began + Duration::from_millis(planned.at_ms)).min();
        let nodes = [&self.producers[..], &self.consumers[..], &[self.broker]].concat();
        for death in nodes.iter().chain(&self.strangers).flat_map(|node| self.world.deaths(*node)) {
            let expected = match &death.cause {
                Cause::Killed | Cause::PowerLost => true,
                Cause::Died(_) => first.is_some_and(|first| first <= death.at),
                Cause::Panicked { .. } => false,
            };
            if !expected {
                return Err(Violation::new("WorldRuns", death.at, format!("{} {}", death.node, death.cause)));
            }
        }
        Ok(())
    }

    /// What was found, and why the play broke off if it did.
    fn judge(&mut self, played: Result<(), Violation>, all_sends_succeed: bool, losses_min: u32) -> Outcome {
        let now = self.world.now();
        if let Err(violation) = played {
            let mut outcome = Outcome::new(self.history.break_off(), self.world.hash(), now);
            outcome.violations.push(violation);
            return outcome;
        }
        let rolled = disk_scan::segments_max(&mut self.world, self.broker) > 1;
        sometimes!("a segment was rolled", rolled);
        let findings = self.history.finish(now);
        let given_up = findings.given_up;
        let mut outcome = Outcome::new(findings, self.world.hash(), now);
        if all_sends_succeed && given_up > 0 {
            let evidence = format!("{given_up} sends were given up");
            outcome.violations.push(Violation::new(PROGRESS, now, evidence));
        }
        if outcome.acknowledged < ACKNOWLEDGED_MIN {
            let evidence =
                format!("{} sends were acknowledged, fewer than {ACKNOWLEDGED_MIN}", outcome.acknowledged);
            outcome.violations.push(Violation::vacuity(now, evidence));
        }
        let losses = self.losses.count();
        if losses < losses_min {
            let evidence = format!("the power went {losses} times under load, less often than {losses_min}");
            outcome.violations.push(Violation::vacuity(now, evidence));
        }
        outcome
    }
}

/// What may be gone when the power goes, where nothing is flushed before it is acknowledged.
#[derive(Clone)]
struct MayLose {
    history: History,
    partitions: Vec<Partition>,
}

impl MayLose {
    fn note(&self, world: &World) {
        for partition in &self.partitions {
            self.history.record(world.now(), Fact::LossAllowed { partition: *partition });
        }
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
