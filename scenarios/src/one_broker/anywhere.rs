//! A plan's load over anybody's simulator: one broker, its producers and consumers, and the faults that every engine has.
//! Not here: the engines; what only our own can do or see, its disks among that.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use klamm_env::{Env, LocalTask};
use klamm_env_hosted::{Config, World};

use super::consuming::{self, Ends, Reading, Seen};
use super::course::REST_MAX;
use super::judging::demand_a_load;
use super::load::LoadEnd;
use super::producing::{self, Writing};
use super::stage::make_topics;
use super::tap::Tap;
use super::{BROKER, PROGRESS, broker, partitions};
use crate::checkers::{Checkers, Violation};
use crate::history::{History, Partition};
use crate::plan::{Fault, Plan, Way};
use crate::runner::describe_failure;
use crate::scenario::Outcome;
use crate::stories;

const NODES: [&str; 3] = [BROKER, PRODUCERS, CONSUMERS];
/// All clients of a kind are on one node.
const PRODUCERS: &str = "producers";
const CONSUMERS: &str = "consumers";
const STEP: Duration = Duration::from_millis(50);
const SEEDS: u64 = 20;

/// Tells a story on another engine, under several seeds. Faults that not every engine has are left out.
///
/// # Panics
/// When an invariant is broken or a task panics; the seed was told to `begin` before.
pub fn tell<W: World>(story: &str, mut begin: impl FnMut(u64)) {
    let story = stories::ALL.iter().find(|one| one.name() == story).expect("it is one of them");
    for seed in 0..SEEDS {
        begin(seed);
        let mut plan = Plan::draw(story.name(), &story.palette(), seed);
        plan.faults.retain(|planned| matches!(planned.fault, Fault::Cut { .. }));
        let micros = |micros: u32| Duration::from_micros(micros.into());
        let knobs = &plan.knobs;
        let latency = (micros(knobs.latency_us_min), micros(knobs.latency_us_max));
        let outcome = perform(&plan, &mut W::new(Config { seed, latency, lanes: knobs.lanes }, &NODES));
        assert_eq!(outcome.violations, [], "{}", describe_failure(&plan, None, &outcome));
    }
}

/// Runs a plan of cuts, and says how it ended. The hash is the history's alone.
fn perform(plan: &Plan, world: &mut dyn World) -> Outcome {
    let mut play = Play { plan, world, now: Duration::ZERO, history: History::new(Checkers::all()) };
    match play.run() {
        Ok(()) => play.judge(),
        Err(violation) => {
            let mut outcome = Outcome::new(play.history.break_off(), 0, play.now);
            outcome.violations.push(violation);
            outcome
        }
    }
}

struct Play<'a> {
    plan: &'a Plan,
    world: &'a mut dyn World,
    now: Duration,
    history: History,
}

/// Whether tasks have ended, told across threads that there may be.
#[derive(Clone, Default)]
struct Ended(Arc<AtomicU32>);

impl Ended {
    fn tell(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn count(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Play<'_> {
    fn run(&mut self) -> Result<(), Violation> {
        let knobs = Arc::new(self.plan.knobs.clone());
        let config = broker::config(&knobs);
        self.world.node(BROKER).start(Box::new(|env| Box::pin(broker::serve(env, config))));
        self.go_on(Duration::from_millis(500));
        let made = Ended::default();
        let (told, topics) = (made.clone(), Arc::clone(&knobs));
        let make = move |env: Env| -> LocalTask {
            Box::pin(async move {
                make_topics(&env, &topics).await;
                told.tell();
            })
        };
        self.world.node(PRODUCERS).start(Box::new(make));
        self.wait_for(&made, 1, "topics")?;

        let all: Arc<[Partition]> = partitions(&knobs).into();
        let load_end = LoadEnd::new(self.now + Duration::from_millis(self.plan.load_ms));
        let (written, read, ends) = (Ended::default(), Ended::default(), Ends::default());
        for number in 0..knobs.producers {
            let (knobs, partitions) = (Arc::clone(&knobs), Arc::clone(&all));
            let writing = Writing { number, load_end: load_end.clone(), knobs, partitions };
            self.client(PRODUCERS, &written, move |tap| Box::pin(producing::produce(tap, writing)));
        }
        for number in 0..knobs.consumers {
            let (load_end, partitions, ends) = (load_end.clone(), Arc::clone(&all), ends.clone());
            let seen = Seen::default();
            let reading = Reading { number, slow: false, load_end, partitions, ends, seen };
            self.client(CONSUMERS, &read, move |tap| Box::pin(consuming::consume(tap, reading)));
        }
        self.load(load_end.at());
        self.wait_for(&written, knobs.producers.into(), "producers")?;
        self.client(CONSUMERS, &read, |tap| Box::pin(consuming::read_to_the_end(tap, all, ends)));
        self.wait_for(&read, u32::from(knobs.consumers) + 1, "consumers")
    }

    /// Starts a client, whose clock is told what time it is.
    fn client(&mut self, node: &str, ended: &Ended, main: impl FnOnce(Tap) -> LocalTask + Send + 'static) {
        let (history, now, ended) = (self.history.clone(), self.now, ended.clone());
        let job = move |env: Env| -> LocalTask {
            let task = main(Tap::new(env, history, now));
            Box::pin(async move {
                task.await;
                ended.tell();
            })
        };
        self.world.node(node).start(Box::new(job));
    }

    fn go_on(&mut self, time: Duration) {
        self.world.run_for(time);
        self.now += time;
    }

    /// The load, under the plan's cuts.
    fn load(&mut self, until: Duration) {
        let began = self.now;
        let mut turns = Vec::new();
        for planned in &self.plan.faults {
            let Fault::Cut { way, for_ms } = planned.fault else {
                panic!("not every engine has {:?}", planned.fault)
            };
            let at = began + Duration::from_millis(planned.at_ms);
            turns.extend([(at, way, true), (at + Duration::from_millis(for_ms), way, false)]);
        }
        turns.sort_by_key(|(at, ..)| *at);
        let mut cuts = 0;
        for (at, way, cut) in turns {
            self.go_on(at.min(until).saturating_sub(self.now));
            self.turn(way, cut, &mut cuts);
        }
        self.go_on(until.saturating_sub(self.now));
    }

    /// Cuts a way, or heals all of them once no cut lasts.
    fn turn(&mut self, way: Way, cut: bool, cuts: &mut u32) {
        *cuts = if cut { *cuts + 1 } else { cuts.saturating_sub(1) };
        for client in [PRODUCERS, CONSUMERS] {
            for (from, to, concerned) in [(client, BROKER, way != Way::Out), (BROKER, client, way != Way::In)]
            {
                match cut {
                    true if concerned => self.world.cut(from, to),
                    false if *cuts == 0 => self.world.heal(from, to),
                    _ => {}
                }
            }
        }
    }

    fn wait_for(&mut self, ended: &Ended, count: u32, who: &str) -> Result<(), Violation> {
        let until = self.now + REST_MAX;
        while ended.count() < count {
            if self.now >= until {
                let evidence = format!("{who} did not end {REST_MAX:?} after all was healed");
                return Err(Violation::new(PROGRESS, self.now, evidence));
            }
            self.go_on(STEP);
        }
        Ok(())
    }

    fn judge(&mut self) -> Outcome {
        let mut outcome = Outcome::new(self.history.finish(self.now), 0, self.now);
        demand_a_load(&mut outcome, self.now);
        outcome
    }
}
