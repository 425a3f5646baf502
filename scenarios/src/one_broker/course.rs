//! The course of a run: the load, the heal, and the last read of everything. Not here: what it comes to (`judging`).

use std::sync::Arc;
use std::time::Duration;

use klamm_sim::{Cause, NodeConfig, NodeId};

use super::consuming::Seen;
use super::stage::Stage;
use super::tap::Tap;
use super::{PROGRESS, Readers, consuming, disk_scan, partitions};
use crate::checkers::Violation;
use crate::history::Partition;
use crate::inflict::Cast;
use crate::plan::{Durability, Fault, Planned};
use crate::sometimes;

/// The end of the load, in which it may still be put off.
const LAST_MOMENTS: Duration = Duration::from_secs(1);
/// How long a broker that died of itself stays down.
const DOWN_AFTER_DEATH: Duration = Duration::from_secs(1);
/// How far an eager reader may be behind what was acknowledged; a restart of the broker takes less.
const BEHIND_MAX: Duration = Duration::from_secs(10);
/// Records by which a slow reader is behind when the load ends, if it was slow at all.
const SLOW_BEHIND_MIN: u64 = 100;
/// Virtual time in which everything must have come to rest once nothing is broken any more.
pub(super) const REST_MAX: Duration = Duration::from_secs(180);

impl Stage<'_> {
    /// From an empty disk to the last read; `Err` when it cannot go on.
    pub(super) fn play(&mut self, readers: Readers, losses_min: u32) -> Result<(), Violation> {
        self.make_topics();
        self.hire(readers);
        self.load(readers, losses_min)?;
        self.rest()?;
        self.check_deaths()
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
        disk_scan::scan(&mut self.world, self.broker, &self.history, &self.atlas, &all);
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
}
