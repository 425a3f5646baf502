//! Carries out the faults of a plan on a world, and heals them. Not here: drawing them; the world's workload.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use klamm_sim::{DiskConfig, Latency, NodeId, World};

use crate::history::{self, Fact, History, Turn};
use crate::plan::{Copied, Fault, Plan, Planned, Way};
use crate::sometimes;

/// How often a write ends its connection while writes break.
const BROKEN_WRITES: f64 = 0.02;

/// Makes so many clients connect at once to the broker of that index.
pub type Storm = Box<dyn Fn(&mut World, u16, u32)>;

/// Looks at a node whose power has just gone.
pub type PowerLost = Box<dyn Fn(&mut World, NodeId)>;

/// Looks at the world when a node's power comes back.
pub type PowerBack = Box<dyn Fn(&World)>;

/// Harms a byte of a node's disk, after a while: of which files, how far along, which bits.
pub type Rot = Box<dyn Fn(&mut World, NodeId, (Copied, u32, u8))>;

/// Who is on stage.
pub struct Cast {
    /// In the order in which a plan counts them.
    pub brokers: Vec<NodeId>,
    /// Every other node.
    pub clients: Vec<NodeId>,
    /// What [`Fault::Storm`] does.
    pub storm: Storm,
    /// What [`Fault::Rot`] does.
    pub rot: Rot,
    /// The brokers' name.
    pub host: &'static str,
    /// Lanes of a broker.
    pub lanes: u16,
    /// What is done when the power of a broker has gone.
    pub power_lost: PowerLost,
    /// How long the power stays away at least, in milliseconds.
    pub power_off_ms_min: u64,
    /// What is done when it is back, before the broker is started again.
    pub power_back: PowerBack,
    /// Brokers whose power is gone.
    pub power_off: RefCell<BTreeSet<u16>>,
    /// Where nodes' turns are noted.
    pub history: History,
    /// Nothing breaks any more.
    pub healed: Rc<Cell<bool>>,
}

impl Cast {
    /// Starts all nodes.
    pub fn start(&self, world: &mut World) {
        for (broker, _) in (0..).zip(&self.brokers) {
            self.revive(world, broker);
        }
        for client in &self.clients {
            world.start(*client);
        }
    }

    /// Sets every fault of `plan` for its time from now on.
    pub fn schedule(self: &Rc<Self>, plan: &Plan, world: &mut World) {
        let began = world.now();
        for planned in plan.faults.iter().copied() {
            let cast = self.clone();
            let at = began + Duration::from_millis(planned.at_ms);
            world.schedule(at, move |world| cast.inflict(world, planned));
        }
    }

    /// Ends every fault that lasts, and starts what is down.
    pub fn heal(&self, world: &mut World) {
        self.healed.set(true);
        tracing::info!("all is healed");
        if !self.power_off.borrow().is_empty() {
            world.run_for(Duration::from_millis(self.power_off_ms_min));
        }
        world.network().heal_all();
        world.network().set_reset_writes(0.0);
        for (broker, node) in (0..).zip(&self.brokers) {
            world.resume(*node);
            world.set_drift(*node, 0);
            let mut disk = world.disk(*node);
            disk.set_capacity(DiskConfig::default().capacity);
            disk.disarm();
            disk.set_slowness(1);
            disk.set_stuck(false);
            self.revive(world, broker);
        }
    }

    fn inflict(self: &Rc<Self>, world: &mut World, Planned { broker, fault, .. }: Planned) {
        let node = self.brokers[usize::from(broker)];
        tracing::info!(broker, ?fault, "fault");
        match fault {
            Fault::PowerLoss { off_ms, in_flush: None } => self.lose_power(world, broker, off_ms),
            Fault::PowerLoss { off_ms, in_flush: Some(nth) } => {
                let cast = self.clone();
                world.in_barrier(node, nth, move |world| {
                    if !cast.healed.get() {
                        sometimes!("the power went during a flush");
                        cast.lose_power(world, broker, off_ms);
                    }
                });
            }
            Fault::Kill { down_ms } => self.kill(world, broker, down_ms),
            Fault::RestartLoop { times, up_ms } => self.kill_again(world, broker, times, up_ms),
            Fault::Pause { for_ms } => {
                world.pause(node);
                self.later(world, for_ms, move |_, world| world.resume(node));
            }
            Fault::StarveLane { lane, for_ms } => {
                sometimes!("a lane starved");
                let lane = lane % self.lanes;
                world.hold_lane(node, lane, true);
                self.later(world, for_ms, move |_, world| world.hold_lane(node, lane, false));
            }
            Fault::Storm { connections } => (self.storm)(world, broker, connections),
            Fault::JumpWall { for_ms, forward, by_ms } => {
                sometimes!("a wall clock was wrong");
                let by = Duration::from_millis(by_ms);
                world.jump_wall(node, forward, by);
                self.later(world, for_ms, move |_, world| world.jump_wall(node, !forward, by));
            }
            Fault::LeapTimers { by_ms } => {
                sometimes!("timers leapt");
                world.leap(node, Duration::from_millis(by_ms));
            }
            Fault::Drift { for_ms, nanos_per_second } => {
                world.set_drift(node, nanos_per_second);
                self.later(world, for_ms, move |_, world| world.set_drift(node, 0));
            }
            Fault::Cut { .. }
            | Fault::Reset {}
            | Fault::BreakWrites { .. }
            | Fault::HalfOpen { .. }
            | Fault::Clog { .. }
            | Fault::Narrow { .. }
            | Fault::Far { .. }
            | Fault::NoName { .. } => self.inflict_on_network(world, node, fault),
            _ => self.inflict_on_disk(world, broker, fault),
        }
    }

    fn inflict_on_network(self: &Rc<Self>, world: &mut World, node: NodeId, fault: Fault) {
        match fault {
            Fault::Cut { way, for_ms } => {
                for (from, to) in self.ways(node, way) {
                    world.network().cut_one_way(from, to);
                }
                self.later(world, for_ms, move |cast, world| cast.heal_ways(world, node));
            }
            Fault::Clog { way, for_ms } => {
                for (from, to) in self.ways(node, way) {
                    world.network().clog(from, to);
                }
                self.later(world, for_ms, move |cast, world| cast.heal_ways(world, node));
            }
            Fault::Narrow { for_ms, bytes_per_second } => {
                self.set_bandwidth(world, node, Some(bytes_per_second.into()));
                self.later(world, for_ms, move |cast, world| cast.set_bandwidth(world, node, None));
            }
            Fault::Far { for_ms, latency_ms } => {
                let latency = Latency::fixed(Duration::from_millis(latency_ms.into()));
                self.set_latency(world, node, Some(latency));
                self.later(world, for_ms, move |cast, world| cast.set_latency(world, node, None));
            }
            Fault::NoName { for_ms } => {
                sometimes!("a name did not resolve");
                let host = self.host;
                world.network().set_resolvable(host, false);
                self.later(world, for_ms, move |_, world| world.network().set_resolvable(host, true));
            }
            Fault::Reset {} => {
                for client in &self.clients {
                    world.network().reset(*client, node);
                }
            }
            Fault::BreakWrites { for_ms } => {
                world.network().set_reset_writes(BROKEN_WRITES);
                self.later(world, for_ms, |_, world| world.network().set_reset_writes(0.0));
            }
            Fault::HalfOpen { at_broker } => {
                for client in &self.clients {
                    let (gone, other) = if at_broker { (node, *client) } else { (*client, node) };
                    let connections = world.network().half_open(gone, other);
                    sometimes!("a connection was half-open", connections > 0);
                }
            }
            fault => unreachable!("{fault:?} is none of the network"),
        }
    }

    fn inflict_on_disk(self: &Rc<Self>, world: &mut World, broker: u16, fault: Fault) {
        let node = self.brokers[usize::from(broker)];
        match fault {
            Fault::DiskFull { for_ms, room } => {
                world.disk(node).fill(room.into());
                let capacity = DiskConfig::default().capacity;
                self.later(world, for_ms, move |cast, world| {
                    world.disk(node).set_capacity(capacity);
                    cast.start_anew(world, broker);
                });
            }
            Fault::FailWrite {} => world.disk(node).fail_next_writes(1),
            Fault::FailSync {} => world.disk(node).fail_next_syncs(1),
            Fault::FailRead {} => world.disk(node).fail_next_reads(1),
            Fault::DropCache {} => world.disk(node).drop_cache(),
            Fault::Rot { copy, place, bits } => (self.rot)(world, node, (copy, place, bits)),
            Fault::SlowDisk { for_ms, times } => {
                world.disk(node).set_slowness(times);
                self.later(world, for_ms, move |_, world| world.disk(node).set_slowness(1));
            }
            Fault::StuckDisk { for_ms } => {
                sometimes!("a disk was stuck");
                world.disk(node).set_stuck(true);
                self.later(world, for_ms, move |_, world| world.disk(node).set_stuck(false));
            }
            fault => unreachable!("{fault:?} is none of a disk"),
        }
    }

    /// The directions between a broker and its clients that `way` names.
    fn ways(&self, node: NodeId, way: Way) -> Vec<(NodeId, NodeId)> {
        let to = self.clients.iter().filter(|_| way != Way::Out).map(|client| (*client, node));
        let from = self.clients.iter().filter(|_| way != Way::In).map(|client| (node, *client));
        to.chain(from).collect()
    }

    fn heal_ways(&self, world: &mut World, node: NodeId) {
        for client in &self.clients {
            world.network().heal(node, *client);
        }
    }

    fn set_bandwidth(&self, world: &mut World, node: NodeId, bytes_per_second: Option<u64>) {
        for client in &self.clients {
            world.network().set_bandwidth(node, *client, bytes_per_second);
        }
    }

    fn set_latency(&self, world: &mut World, node: NodeId, latency: Option<Latency>) {
        for (from, to) in self.ways(node, Way::Both) {
            world.network().set_latency(from, to, latency);
        }
    }

    fn kill(self: &Rc<Self>, world: &mut World, broker: u16, down_ms: u64) {
        world.kill(self.brokers[usize::from(broker)]);
        self.turn(world, broker, Turn::Killed);
        self.later(world, down_ms, move |cast, world| cast.revive(world, broker));
    }

    /// Kills a broker, starts it at once, and so on.
    fn kill_again(self: &Rc<Self>, world: &mut World, broker: u16, times: u32, up_ms: u64) {
        if times == 0 || self.healed.get() {
            sometimes!("a broker was killed again and again", times == 0);
            return;
        }
        if world.is_alive(self.brokers[usize::from(broker)]) {
            world.kill(self.brokers[usize::from(broker)]);
            self.turn(world, broker, Turn::Killed);
            self.revive(world, broker);
        }
        let again = self.clone();
        self.later(world, up_ms, move |_, world| again.kill_again(world, broker, times - 1, up_ms));
    }

    /// Takes a broker's power away, for good.
    pub fn cut_power(&self, world: &mut World, broker: u16) {
        world.power_loss(&[self.brokers[usize::from(broker)]]);
        self.turn(world, broker, Turn::PowerLost);
    }

    fn lose_power(self: &Rc<Self>, world: &mut World, broker: u16, off_ms: u64) {
        self.cut_power(world, broker);
        (self.power_lost)(world, self.brokers[usize::from(broker)]);
        self.power_off.borrow_mut().insert(broker);
        self.later(world, off_ms.max(self.power_off_ms_min), move |cast, world| cast.revive(world, broker));
    }

    fn later(
        self: &Rc<Self>,
        world: &mut World,
        after_ms: u64,
        action: impl FnOnce(&Cast, &mut World) + 'static,
    ) {
        let cast = self.clone();
        let at = world.now() + Duration::from_millis(after_ms);
        world.schedule(at, move |world| action(&cast, world));
    }

    /// Starts a broker that does not run.
    pub fn revive(&self, world: &mut World, broker: u16) {
        let node = self.brokers[usize::from(broker)];
        if !world.is_alive(node) {
            if self.power_off.borrow_mut().remove(&broker) {
                (self.power_back)(world);
            }
            world.start(node);
            self.turn(world, broker, Turn::Started);
        }
    }

    /// Starts a broker again that outlived a full disk: until then it takes no writes.
    fn start_anew(&self, world: &mut World, broker: u16) {
        let node = self.brokers[usize::from(broker)];
        if world.is_alive(node) {
            sometimes!("a broker outlived a full disk");
            world.kill(node);
            self.turn(world, broker, Turn::Killed);
            self.revive(world, broker);
        }
    }

    fn turn(&self, world: &World, broker: u16, turn: Turn) {
        self.history.record(world.now(), Fact::Node { node: history::NodeId(broker), turn });
    }
}
