//! What a seed does, drawn before it runs: knobs, load and an explicit list of faults with their times.
//! Not here: carrying them out.
//!
//! Swarm: each seed draws its own subset of the faults that its scenario offers, so that one fault does not hide behind
//! another. A plan is plain JSON: it can be read, edited and replayed.

use std::hash::Hasher as _;

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;
use serde::{Deserialize, Serialize};

use crate::history::Fold;

/// When a produce request is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Durability {
    /// After the flush.
    Fsync,
    /// After the write.
    Os,
}

/// Everything about a world that is not a fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Knobs {
    /// Lanes of each broker.
    pub lanes: u16,
    /// `klamm.durability`.
    pub durability: Durability,
    /// Size at which a segment is rolled; tiny ones need `internal.segment.bytes`.
    pub segment_bytes: u32,
    /// `index.interval.bytes`.
    pub index_interval_bytes: u32,
    /// Topics of the workload.
    pub topics: u16,
    /// Partitions of each.
    pub partitions: u16,
    /// Producers under load.
    pub producers: u16,
    /// How many of them promise only at-least-once.
    pub producers_at_least_once: u16,
    /// Consumers, each of all partitions.
    pub consumers: u16,
    /// Sends of all producers together.
    pub sends_per_second: u32,
    /// Largest value, in bytes.
    pub value_bytes_max: u32,
    /// `linger.ms` of producers.
    pub linger_ms: u32,
    /// Network latency one way, at least.
    pub latency_us_min: u32,
    /// Network latency one way, at most.
    pub latency_us_max: u32,
}

impl Knobs {
    fn draw(rng: &mut impl Rng) -> Self {
        let producers = rng.random_range(2..=5);
        let latency_us_min = wide(rng, 20, 5_000);
        Self {
            lanes: rng.random_range(1..=4),
            durability: if rng.random_bool(0.7) { Durability::Fsync } else { Durability::Os },
            segment_bytes: wide(rng, 1 << 10, 16 << 20),
            index_interval_bytes: wide(rng, 1, 16 << 10),
            topics: rng.random_range(1..=3),
            partitions: rng.random_range(1..=4),
            producers,
            producers_at_least_once: rng.random_range(0..producers),
            consumers: rng.random_range(2..=4),
            sends_per_second: wide(rng, 12, 40),
            value_bytes_max: wide(rng, 16, 8 << 10),
            linger_ms: if rng.random_bool(0.5) { 0 } else { wide(rng, 1, 100) },
            latency_us_min,
            latency_us_max: latency_us_min * rng.random_range(1..=20),
        }
    }
}

/// Before the first fault the load gets under way.
const LEAD_IN_MS: u64 = 2_000;

/// A pause from here on is longer than every time-out.
const LONG_PAUSE_MS: u64 = 10_000;

/// How far a wall clock is off at most: less than retention by time, even several times over.
const CLOCK_OFF_MS_MAX: u32 = 36 * 3_600_000;

/// A number between `min` and `max`, each order of magnitude as likely as the next.
fn wide(rng: &mut impl Rng, min: u32, max: u32) -> u32 {
    let bits = rng.random_range(min.ilog2()..=max.ilog2());
    let low = 1_u32 << bits;
    rng.random_range(low.max(min)..=max.min(low.saturating_mul(2) - 1))
}

/// Which way a connection is cut, seen from the broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Nothing reaches the broker.
    In,
    /// Nothing leaves it.
    Out,
    /// Both.
    Both,
}

impl Way {
    fn draw(rng: &mut impl Rng) -> Self {
        [Way::In, Way::Out, Way::Both][rng.random_range(0..3)]
    }
}

/// A fault of one broker. What is taken away comes back when the time given has passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// Its power goes.
    PowerLoss {
        /// How long it stays off.
        off_ms: u64,
        /// In the middle of which flush, counted from the time planned; without it, at that time.
        in_flush: Option<u32>,
    },
    /// Its process is killed.
    Kill {
        /// How long it stays down.
        down_ms: u64,
    },
    /// Its process stands still.
    Pause {
        /// How long.
        for_ms: u64,
    },
    /// It is cut off from all clients.
    Cut {
        /// Which way.
        way: Way,
        /// How long.
        for_ms: u64,
    },
    /// All its connections are reset.
    Reset {},
    /// Now and then a write of anybody's ends its connection, and only a part of it arrives.
    BreakWrites {
        /// How long.
        for_ms: u64,
    },
    /// All its connections are gone at one end, and the other hears nothing until it sends.
    HalfOpen {
        /// Whether it is the broker's end that is gone.
        at_broker: bool,
    },
    /// Its disk is full, or has little room left, into which the last write may get in part.
    DiskFull {
        /// How long.
        for_ms: u64,
        /// Bytes that it still takes.
        room: u32,
    },
    /// Its next write fails.
    FailWrite {},
    /// Its next flush fails.
    FailSync {},
    /// Clients connect all at once, and leave.
    Storm {
        /// How many.
        connections: u32,
    },
    /// Bits of one byte flip on its disk, in a copy of what was flushed. The atlas finds a place that may be harmed.
    Rot {
        /// Of which files.
        copy: Copied,
        /// How far along in all that these files hold, in millionths.
        place: u32,
        /// Which bits.
        bits: u8,
    },
    /// Its page cache is emptied.
    DropCache {},
    /// Its next read fails.
    FailRead {},
    /// Its disk is slow.
    SlowDisk {
        /// How long.
        for_ms: u64,
        /// How many times slower than usual.
        times: u32,
    },
    /// Its disk answers nothing.
    StuckDisk {
        /// How long.
        for_ms: u64,
    },
    /// What is sent is held up on its way, and none of it is lost.
    Clog {
        /// Which way.
        way: Way,
        /// How long.
        for_ms: u64,
    },
    /// What it sends to clients goes through a narrow line.
    Narrow {
        /// How long.
        for_ms: u64,
        /// How narrow.
        bytes_per_second: u32,
    },
    /// Everything that it and clients send each other takes long, connects too.
    Far {
        /// How long this lasts.
        for_ms: u64,
        /// The latency, one way.
        latency_ms: u32,
    },
    /// Its name does not resolve.
    NoName {
        /// How long.
        for_ms: u64,
    },
    /// One of its lanes gets no turn.
    StarveLane {
        /// Which; counted beyond the last, it begins again with the first.
        lane: u16,
        /// How long.
        for_ms: u64,
    },
    /// Its process is killed again whenever it has been up for a while.
    RestartLoop {
        /// How often.
        times: u32,
        /// How long it is up each time.
        up_ms: u64,
    },
    /// Its wall clock jumps, and is set right later.
    JumpWall {
        /// How long it is wrong.
        for_ms: u64,
        /// Into the future, or into the past.
        forward: bool,
        /// How far.
        by_ms: u64,
    },
    /// Its monotonic clock leaps forward, as when a machine was suspended: timers are late.
    LeapTimers {
        /// How far.
        by_ms: u64,
    },
    /// Its clocks and timers run fast or slow.
    Drift {
        /// How long.
        for_ms: u64,
        /// Nanoseconds gained in each second.
        nanos_per_second: i64,
    },
}

/// Files that hold the same truth twice: the atlas lets no segment be harmed in more than one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Copied {
    /// The records themselves.
    Log,
    /// What they are held against.
    Sidecar,
    /// Where they are found by offset.
    Index,
    /// Where they are found by time.
    TimeIndex,
}

impl Fault {
    /// How long it lasts, or how many take part.
    pub fn extent(&self) -> Option<u64> {
        let mut fault = *self;
        fault.extent_mut().map(|extent| extent.get())
    }

    /// Lowers what [`Fault::extent`] tells.
    pub fn lower_extent(&mut self, lower: u64) {
        if let Some(extent) = self.extent_mut() {
            extent.set(lower);
        }
    }

    fn extent_mut(&mut self) -> Option<Extent<'_>> {
        Some(match self {
            Self::PowerLoss { off_ms: extent, .. }
            | Self::Kill { down_ms: extent }
            | Self::Pause { for_ms: extent }
            | Self::Cut { for_ms: extent, .. }
            | Self::BreakWrites { for_ms: extent }
            | Self::DiskFull { for_ms: extent, .. }
            | Self::SlowDisk { for_ms: extent, .. }
            | Self::StuckDisk { for_ms: extent }
            | Self::Clog { for_ms: extent, .. }
            | Self::Narrow { for_ms: extent, .. }
            | Self::Far { for_ms: extent, .. }
            | Self::NoName { for_ms: extent }
            | Self::StarveLane { for_ms: extent, .. }
            | Self::JumpWall { for_ms: extent, .. }
            | Self::LeapTimers { by_ms: extent }
            | Self::Drift { for_ms: extent, .. } => Extent::Long(extent),
            Self::Storm { connections: extent } | Self::RestartLoop { times: extent, .. } => {
                Extent::Short(extent)
            }
            Self::Reset {}
            | Self::HalfOpen { .. }
            | Self::FailWrite {}
            | Self::FailSync {}
            | Self::FailRead {}
            | Self::Rot { .. }
            | Self::DropCache {} => return None,
        })
    }
}

enum Extent<'a> {
    Long(&'a mut u64),
    Short(&'a mut u32),
}

impl Extent<'_> {
    fn get(&self) -> u64 {
        match self {
            Self::Long(extent) => **extent,
            Self::Short(extent) => u64::from(**extent),
        }
    }

    fn set(self, lower: u64) {
        match self {
            Self::Long(extent) => *extent = lower,
            Self::Short(extent) => *extent = u32::try_from(lower).expect("it is lower than it was"),
        }
    }
}

impl Fault {
    /// What kind of fault it is.
    pub fn kind(self) -> Kind {
        match self {
            Fault::PowerLoss { .. } => Kind::PowerLoss,
            Fault::Kill { .. } => Kind::Kill,
            Fault::Pause { for_ms: LONG_PAUSE_MS.. } => Kind::LongPause,
            Fault::Pause { .. } => Kind::Pause,
            Fault::Cut { .. } => Kind::Cut,
            Fault::Reset {} => Kind::Reset,
            Fault::BreakWrites { .. } => Kind::BreakWrites,
            Fault::HalfOpen { .. } => Kind::HalfOpen,
            Fault::DiskFull { .. } => Kind::DiskFull,
            Fault::FailWrite {} => Kind::FailWrite,
            Fault::FailSync {} => Kind::FailSync,
            Fault::Storm { .. } => Kind::Storm,
            Fault::Rot { .. } => Kind::Rot,
            Fault::DropCache {} => Kind::DropCache,
            Fault::FailRead {} => Kind::FailRead,
            Fault::SlowDisk { .. } => Kind::SlowDisk,
            Fault::StuckDisk { .. } => Kind::StuckDisk,
            Fault::Clog { .. } => Kind::Clog,
            Fault::Narrow { .. } => Kind::Narrow,
            Fault::Far { .. } => Kind::Far,
            Fault::NoName { .. } => Kind::NoName,
            Fault::StarveLane { .. } => Kind::StarveLane,
            Fault::RestartLoop { .. } => Kind::RestartLoop,
            Fault::JumpWall { .. } => Kind::JumpWall,
            Fault::LeapTimers { .. } => Kind::LeapTimers,
            Fault::Drift { .. } => Kind::Drift,
        }
    }
}

/// A kind of fault, before its parameters are drawn; on the command line it is called as in a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum Kind {
    /// [`Fault::PowerLoss`].
    PowerLoss,
    /// [`Fault::Kill`].
    Kill,
    /// [`Fault::Pause`].
    Pause,
    /// [`Fault::Cut`].
    Cut,
    /// [`Fault::Reset`].
    Reset,
    /// [`Fault::BreakWrites`].
    BreakWrites,
    /// [`Fault::HalfOpen`].
    HalfOpen,
    /// [`Fault::DiskFull`].
    DiskFull,
    /// [`Fault::FailWrite`].
    FailWrite,
    /// [`Fault::FailSync`].
    FailSync,
    /// [`Fault::Storm`].
    Storm,
    /// [`Fault::Rot`].
    Rot,
    /// [`Fault::DropCache`].
    DropCache,
    /// [`Fault::FailRead`].
    FailRead,
    /// [`Fault::SlowDisk`].
    SlowDisk,
    /// [`Fault::StuckDisk`].
    StuckDisk,
    /// [`Fault::Clog`].
    Clog,
    /// [`Fault::Narrow`].
    Narrow,
    /// [`Fault::Far`].
    Far,
    /// [`Fault::NoName`].
    NoName,
    /// [`Fault::StarveLane`].
    StarveLane,
    /// [`Fault::RestartLoop`].
    RestartLoop,
    /// A [`Fault::Pause`] longer than every time-out.
    LongPause,
    /// [`Fault::JumpWall`].
    JumpWall,
    /// [`Fault::LeapTimers`].
    LeapTimers,
    /// [`Fault::Drift`].
    Drift,
}

impl Kind {
    /// A fault of this kind; one that takes a broker down ends within `slot_ms`.
    fn draw(self, rng: &mut impl Rng, slot_ms: u64) -> Fault {
        let down_ms = rng.random_range(1..=slot_ms.clamp(2, 5_000) / 2);
        let for_ms = u64::from(wide(rng, 10, 8_000));
        match self {
            Kind::PowerLoss => {
                let in_flush = rng.random_bool(0.75).then(|| wide(rng, 1, 16));
                Fault::PowerLoss { off_ms: down_ms, in_flush }
            }
            Kind::Kill => Fault::Kill { down_ms },
            Kind::Pause => Fault::Pause { for_ms },
            Kind::Cut => Fault::Cut { way: Way::draw(rng), for_ms },
            Kind::Reset => Fault::Reset {},
            Kind::BreakWrites => Fault::BreakWrites { for_ms },
            Kind::HalfOpen => Fault::HalfOpen { at_broker: rng.random_bool(0.5) },
            Kind::DiskFull => {
                let room = if rng.random_bool(0.5) { 0 } else { wide(rng, 1, 64 << 10) };
                Fault::DiskFull { for_ms, room }
            }
            Kind::FailWrite => Fault::FailWrite {},
            Kind::FailSync => Fault::FailSync {},
            Kind::Storm => Fault::Storm { connections: wide(rng, 8, 500) },
            Kind::LongPause => Fault::Pause { for_ms: rng.random_range(LONG_PAUSE_MS..20_000) },
            Kind::Clog => Fault::Clog { way: Way::draw(rng), for_ms },
            Kind::Narrow => Fault::Narrow { for_ms, bytes_per_second: wide(rng, 10_000, 1 << 20) },
            Kind::Far => Fault::Far { for_ms, latency_ms: wide(rng, 20, 800) },
            Kind::NoName => Fault::NoName { for_ms },
            Kind::StarveLane => Fault::StarveLane { lane: rng.random_range(0..4), for_ms },
            Kind::RestartLoop => {
                let times = rng.random_range(2..=8);
                let up_ms = u64::from(wide(rng, 1, 2_000)).min(slot_ms / 2 / u64::from(times)).max(1);
                Fault::RestartLoop { times, up_ms }
            }
            Kind::Rot
            | Kind::DropCache
            | Kind::FailRead
            | Kind::SlowDisk
            | Kind::StuckDisk
            | Kind::JumpWall
            | Kind::LeapTimers
            | Kind::Drift => self.draw_of_disk_or_clock(rng, for_ms),
        }
    }

    fn draw_of_disk_or_clock(self, rng: &mut impl Rng, for_ms: u64) -> Fault {
        match self {
            Kind::Rot => Fault::Rot {
                copy: [Copied::Log, Copied::Sidecar, Copied::Index, Copied::TimeIndex]
                    [[0, 0, 0, 1, 1, 2, 3][rng.random_range(0..7)]],
                place: rng.random_range(0..1_000_000),
                bits: if rng.random_bool(0.7) {
                    1 << rng.random_range(0..8)
                } else {
                    rng.random_range(1..=255)
                },
            },
            Kind::DropCache => Fault::DropCache {},
            Kind::FailRead => Fault::FailRead {},
            Kind::SlowDisk => Fault::SlowDisk { for_ms, times: wide(rng, 2, 500) },
            Kind::StuckDisk => Fault::StuckDisk { for_ms },
            Kind::JumpWall => Fault::JumpWall {
                for_ms,
                forward: rng.random_bool(0.5),
                by_ms: u64::from(wide(rng, 1, CLOCK_OFF_MS_MAX)),
            },
            Kind::LeapTimers => Fault::LeapTimers { by_ms: u64::from(wide(rng, 1, 60_000)) },
            _ => Fault::Drift {
                for_ms,
                nanos_per_second: i64::from(wide(rng, 1_000, 500_000_000))
                    * if rng.random_bool(0.5) { 1 } else { -1 },
            },
        }
    }
}

/// A kind of fault that a scenario offers.
#[derive(Clone, Copy, Debug)]
pub struct Offer {
    /// Which.
    pub kind: Kind,
    /// How often at least; from 1 on it is in every seed.
    pub times_min: u32,
    /// How often at most.
    pub times_max: u32,
}

/// From what a scenario's plans are drawn.
#[derive(Clone, Copy, Debug)]
pub struct Palette {
    /// Brokers in the world.
    pub brokers: u16,
    /// How long the load lasts, in simulated seconds.
    pub load_s: u64,
    /// The faults it may meet.
    pub offers: &'static [Offer],
    /// What the scenario asks of the knobs once they are drawn.
    pub settle: fn(&mut Knobs),
}

/// A fault, when and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    /// Virtual time since the load began.
    pub at_ms: u64,
    /// The broker, counted from 0.
    pub broker: u16,
    /// What happens to it.
    pub fault: Fault,
}

/// What a seed does. With the seed it decides everything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The scenario's name.
    pub scenario: String,
    /// From which the world draws.
    pub seed: u64,
    /// The world.
    pub knobs: Knobs,
    /// How long the load lasts. Whatever is still broken is healed then, and everything is read to its end.
    pub load_ms: u64,
    /// In order of time.
    pub faults: Vec<Planned>,
}

impl Plan {
    /// The plan of a seed. Another scenario draws other knobs from it.
    pub fn draw(scenario: &str, palette: &Palette, seed: u64) -> Plan {
        let mut rng = ChaCha12Rng::seed_from_u64(seed);
        let mut name = Fold::default();
        name.write(scenario.as_bytes());
        rng.set_stream(name.finish());
        let mut knobs = Knobs::draw(&mut rng);
        (palette.settle)(&mut knobs);
        let load_ms = palette.load_s * 1_000;
        let mut kinds = Vec::new();
        for offer in palette.offers {
            let chosen = offer.times_min > 0 || rng.random_bool(0.5);
            let times = if chosen { rng.random_range(offer.times_min.max(1)..=offer.times_max) } else { 0 };
            kinds.extend((0..times).map(|_| offer.kind));
        }
        for last in (1..kinds.len()).rev() {
            kinds.swap(last, rng.random_range(0..=last));
        }
        // One slot of time each, so that a broker is back before the next takes it down; what lasts may overlap.
        let slot_ms = (load_ms - LEAD_IN_MS) / (kinds.len() as u64).max(1);
        let place = |(slot, kind): (u64, Kind)| {
            let at_ms = LEAD_IN_MS + slot * slot_ms + rng.random_range(0..=slot_ms / 2);
            let broker = rng.random_range(0..palette.brokers);
            let mut fault = kind.draw(&mut rng, slot_ms);
            if let Fault::PowerLoss { in_flush: Some(nth), .. } = &mut fault
                && knobs.durability == Durability::Os
            {
                // Flushes are rare then.
                *nth = 1;
            }
            Planned { at_ms, broker, fault }
        };
        let faults = (0..).zip(kinds).map(place).collect();
        Plan { scenario: scenario.to_owned(), seed, knobs, load_ms, faults }
    }

    /// The same without faults of these kinds.
    #[must_use]
    pub fn without(mut self, kinds: &[Kind]) -> Plan {
        self.faults.retain(|planned| !kinds.contains(&planned.fault.kind()));
        self
    }

    /// As JSON, a line per fault.
    pub fn to_json(&self) -> String {
        let scenario = one_line(&self.scenario);
        let knobs =
            serde_json::to_string_pretty(&self.knobs).expect("knobs have string keys").replace('\n', "\n  ");
        let faults: Vec<_> =
            self.faults.iter().map(|planned| format!("\n    {}", one_line(planned))).collect();
        format!(
            "{{\n  \"scenario\": {scenario},\n  \"seed\": {},\n  \"knobs\": {knobs},\n  \"load_ms\": {},\n  \"faults\": [{}\n  ]\n}}",
            self.seed,
            self.load_ms,
            faults.join(","),
        )
    }
}

fn one_line(part: &impl Serialize) -> String {
    serde_json::to_string(part).expect("the parts of a plan have string keys")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PALETTE: Palette = Palette {
        brokers: 1,
        load_s: 60,
        offers: &[
            Offer { kind: Kind::PowerLoss, times_min: 2, times_max: 4 },
            Offer { kind: Kind::Kill, times_min: 0, times_max: 2 },
            Offer { kind: Kind::Cut, times_min: 0, times_max: 3 },
            Offer { kind: Kind::Reset, times_min: 0, times_max: 3 },
        ],
        settle: |knobs| knobs.durability = Durability::Fsync,
    };

    fn down_ms(fault: Fault) -> u64 {
        match fault {
            Fault::PowerLoss { off_ms, .. } => off_ms,
            Fault::Kill { down_ms } => down_ms,
            _ => 0,
        }
    }

    proptest! {
        #[test]
        fn a_plan_keeps_to_its_palette(seed: u64) {
            let plan = Plan::draw("power_loss", &PALETTE, seed);
            let losses = plan.faults.iter().filter(|planned| matches!(planned.fault, Fault::PowerLoss { .. })).count();
            prop_assert!((2..=4).contains(&losses));
            prop_assert_eq!(plan.knobs.durability, Durability::Fsync);
            prop_assert!(plan.knobs.producers_at_least_once < plan.knobs.producers);
            prop_assert!(plan.faults.iter().all(|planned| planned.at_ms + down_ms(planned.fault) < 60_000));
            for pair in plan.faults.windows(2) {
                prop_assert!(pair[0].at_ms + down_ms(pair[0].fault) <= pair[1].at_ms, "{:?}", pair);
            }
            prop_assert_eq!(serde_json::from_str::<Plan>(&plan.to_json()).ok(), Some(plan.clone()));
            prop_assert_eq!(Plan::draw("power_loss", &PALETTE, seed), plan);
        }

        #[test]
        fn wide_stays_in_bounds(seed: u64, min in 1_u32..5_000, more in 0_u32..5_000_000) {
            let drawn = wide(&mut ChaCha12Rng::seed_from_u64(seed), min, min + more);
            prop_assert!((min..=min + more).contains(&drawn));
        }
    }

    #[test]
    fn seeds_choose_different_subsets() {
        let has = |seed, wanted: fn(&Fault) -> bool| {
            Plan::draw("power_loss", &PALETTE, seed).faults.iter().any(|planned| wanted(&planned.fault))
        };
        let kill: fn(&Fault) -> bool = |fault| matches!(fault, Fault::Kill { .. });
        let cut: fn(&Fault) -> bool = |fault| matches!(fault, Fault::Cut { .. });
        for (with_kill, with_cut) in [(false, false), (false, true), (true, false), (true, true)] {
            assert!((0..100).any(|seed| has(seed, kill) == with_kill && has(seed, cut) == with_cut));
        }
    }

    #[test]
    fn one_seed_gives_each_scenario_a_world_of_its_own() {
        let knobs = |scenario, seed| Plan::draw(scenario, &PALETTE, seed).knobs;
        assert!((0..20).all(|seed| knobs("steady", seed) != knobs("power_loss", seed)));
    }

    #[test]
    fn a_plan_reads_well() {
        let plan = Plan {
            faults: Plan::draw("x", &PALETTE, 1).faults[..2].to_vec(),
            ..Plan::draw("x", &PALETTE, 1)
        };
        insta::assert_snapshot!(plan.to_json());
    }
}
