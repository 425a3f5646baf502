//! Everybody on stage: the world with its broker, producers and consumers, and who carries out the plan.
//! Not here: what happens then (`course`).

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use klamm_client::{Admin, AdminConfig, NewTopic};
use klamm_env::Env;
use klamm_sim::{
    Cause, Config, Deaths, DiskConfig, DiskFaults, Keep, Latency, NetworkConfig, NodeConfig, NodeId, World,
};

use super::atlas::Atlas;
use super::consuming::{Ends, Reading, Seen};
use super::load::{LoadEnd, LossesUnderLoad};
use super::producing::Writing;
use super::storm::Guests;
use super::tap::Tap;
use super::{
    BOOTSTRAP, BROKER, Readers, broker, consuming, disk_scan, partitions, producing, storm, topic_name,
};
use crate::checkers::Checkers;
use crate::history::{Fact, History, Partition};
use crate::inflict::{Cast, Rot};
use crate::plan::{Durability, Knobs, Plan};
use crate::sometimes;

/// More than any answer is under way.
const ANSWERS_ARRIVE_MS: u64 = 500;
/// How long what is to be harmed was flushed: longer than a broker outlives its disk.
const FLUSHED_FOR: Duration = Duration::from_secs(3);

pub(super) struct Stage<'a> {
    pub(super) plan: &'a Plan,
    pub(super) world: World,
    pub(super) history: History,
    pub(super) broker: NodeId,
    pub(super) producers: Vec<NodeId>,
    pub(super) consumers: Vec<NodeId>,
    /// What each consumer has seen, in their order.
    pub(super) seen: Vec<Seen>,
    pub(super) strangers: Option<NodeId>,
    pub(super) ends: Ends,
    pub(super) load_began: Duration,
    pub(super) load_end: LoadEnd,
    pub(super) atlas: Rc<Atlas>,
    pub(super) losses: Rc<LossesUnderLoad>,
    pub(super) cast: Option<Rc<Cast>>,
}

impl<'a> Stage<'a> {
    pub(super) fn set(plan: &'a Plan, keep: Keep) -> Self {
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
        let history = History::new(Checkers::all());
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
            atlas: Rc::new(Atlas::new(history.clone())),
            history,
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

    /// Starts the broker, and makes the topics.
    pub(super) fn make_topics(&mut self) {
        self.world.start(self.broker);
        let admin = self.world.node("admin", NodeConfig::default(), |_| Box::pin(async {}));
        self.world.start(admin);
        self.world.run_for(Duration::from_millis(100));
        let (env, knobs) = (self.world.env(admin), self.plan.knobs.clone());
        self.world.block_on(admin, async move { make_topics(&env, &knobs).await });
        self.world.kill(admin);
    }

    /// Makes producers and consumers; they know what time it is.
    pub(super) fn hire(&mut self, readers: Readers) {
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
        let atlas = Rc::clone(&self.atlas);
        let healed = Rc::<Cell<bool>>::default();
        let cast = Cast {
            brokers: vec![self.broker],
            clients,
            storm: Box::new(move |world, _, connections| {
                storm::break_out(world, strangers, &guests, connections);
            }),
            rot: rot(Rc::clone(&self.atlas), Rc::clone(&healed)),
            host: BROKER,
            lanes: self.plan.knobs.lanes,
            power_off_ms_min: if loses { ANSWERS_ARRIVE_MS } else { 0 },
            power_off: RefCell::default(),
            // What was answered before the loss has reached everybody by now.
            power_back: Box::new(move |world| may_lose_too.note(world)),
            power_lost: Box::new(move |world, node| {
                may_lose.note(world);
                sometimes!("the power went under load", losses.note(history.acknowledged()));
                let died = world.deaths(node).iter().any(|death| matches!(death.cause, Cause::Died(_)));
                sometimes!("the power went some time after the disk had failed", died);
                let torn = disk_scan::scan(world, node, &history, &atlas, &partitions);
                sometimes!("a power loss left half a batch behind", torn);
            }),
            history: self.history.clone(),
            healed,
        };
        self.cast = Some(Rc::new(cast));
    }

    pub(super) fn cast(&self) -> Rc<Cast> {
        Rc::clone(self.cast.as_ref().expect("everybody was gathered"))
    }
}

/// Harms what was flushed some time ago, when some time has passed; what is harmed later than everybody reads is told to nobody.
fn rot(atlas: Rc<Atlas>, healed: Rc<Cell<bool>>) -> Rot {
    Box::new(move |world, node, harm| {
        let sighting = Atlas::sight(world, node);
        let (atlas, healed) = (Rc::clone(&atlas), Rc::clone(&healed));
        let at = world.now() + FLUSHED_FOR;
        world.schedule(at, move |world| {
            if !healed.get() {
                atlas.rot(world, node, &sighting, harm);
            }
        });
    })
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

pub(super) async fn make_topics(env: &Env, knobs: &Knobs) {
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
