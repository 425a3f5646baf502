//! The stage of one broker with its producers and consumers, and the run from an empty disk to the last read.
//!
//! ```text
//!   format, start, topics ─▶ load under the plan's faults ─▶ all is healed ─▶ everything is read to its end
//!                            producers, consumers              flushed         and scanned on the disk
//! ```
//!
//! Not here: which faults and knobs a story draws (`stories`).

pub mod anywhere;
mod atlas;
mod broker;
mod consuming;
mod course;
mod disk_scan;
mod judging;
mod load;
mod producing;
mod stage;
mod storm;
mod tap;

use std::panic::{AssertUnwindSafe, catch_unwind};

use klamm_sim::{Keep, Trace};

use crate::checkers::Violation;
use crate::history::Partition;
use crate::plan::{Kind, Knobs, Palette, Plan};
use crate::scenario::{Outcome, Scenario};
use stage::Stage;

/// The broker's host name.
const BROKER: &str = "broker";
const BOOTSTRAP: &str = "broker:9092";
/// The name under which a world that does not get on is reported.
const PROGRESS: &str = "Progress";

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
