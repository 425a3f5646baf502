//! Makes a plan that fails smaller while it still fails. Not here: running plans, and what counts as the same failure.
//!
//! Faults are dropped first, by halves, quarters and at last singly; then everything moves up in time and the load is
//! shortened; then what is left lasts less long; then there are fewer clients, partitions and sends. Once a round has
//! nothing to give any more, or the runs are used up, the smallest plan that failed is the answer.

use std::collections::BTreeSet;

use crate::plan::{Fault, Knobs, Plan};

/// The load is shortened in steps of this.
const LOAD_STEP_MS: u64 = 500;
/// Where faults move up to at most, in percent of their times.
const MOVE_UP_PERCENT: u64 = 5;

/// What shrinking came to.
#[derive(Clone, Debug)]
pub struct Shrunk {
    /// The smallest plan that was seen to fail.
    pub plan: Plan,
    /// How many plans were run.
    pub runs: u32,
    /// Whether it ended for lack of runs.
    pub used_up: bool,
}

/// The smallest plan found within `runs_max` runs for which `fails`; `plan` is one itself, and is not run again.
pub fn shrink(plan: &Plan, runs_max: u32, fails: impl FnMut(&Plan) -> bool) -> Shrunk {
    let mut search = Search { plan: plan.clone(), runs: 0, runs_max, tried: BTreeSet::new(), fails };
    loop {
        let before = search.plan.clone();
        search.drop_faults();
        search.move_up();
        search.shorten_load();
        search.ease_faults();
        search.turn_down();
        if search.plan == before || search.runs == runs_max {
            return Shrunk { plan: search.plan, runs: search.runs, used_up: search.runs == runs_max };
        }
    }
}

struct Search<F> {
    /// The smallest that failed.
    plan: Plan,
    runs: u32,
    runs_max: u32,
    tried: BTreeSet<String>,
    fails: F,
}

impl<F: FnMut(&Plan) -> bool> Search<F> {
    /// Whether a smaller plan fails too; if so, it is the one to go on with.
    fn attempt(&mut self, change: impl FnOnce(&mut Plan)) -> bool {
        let mut candidate = self.plan.clone();
        change(&mut candidate);
        if candidate == self.plan || self.runs == self.runs_max || !self.tried.insert(candidate.to_json()) {
            return false;
        }
        self.runs += 1;
        let fails = (self.fails)(&candidate);
        if fails {
            self.plan = candidate;
        }
        fails
    }

    /// Brings a number down from `now` to `least`, or as far as it goes by halving what lies between.
    fn lower(&mut self, now: u64, least: u64, set: impl Fn(&mut Plan, u64)) {
        if now <= least || self.attempt(|plan| set(plan, least)) {
            return;
        }
        let (mut too_low, mut fails) = (least, now);
        while fails - too_low > (fails / 8).max(1) {
            let middle = too_low + (fails - too_low) / 2;
            if self.attempt(|plan| set(plan, middle)) {
                fails = middle;
            } else {
                too_low = middle;
            }
        }
    }

    fn drop_faults(&mut self) {
        let mut size = self.plan.faults.len();
        while size > 0 {
            let mut from = 0;
            while from < self.plan.faults.len() {
                let until = (from + size).min(self.plan.faults.len());
                if !self.attempt(|plan| drop(plan.faults.drain(from..until))) {
                    from = until;
                }
            }
            size /= 2;
        }
    }

    fn move_up(&mut self) {
        let times: Vec<u64> = self.plan.faults.iter().map(|planned| planned.at_ms).collect();
        self.lower(100, MOVE_UP_PERCENT, |plan, percent| {
            for (planned, at_ms) in plan.faults.iter_mut().zip(&times) {
                planned.at_ms = at_ms * percent / 100;
            }
        });
    }

    fn shorten_load(&mut self) {
        self.lower(self.plan.load_ms.div_ceil(LOAD_STEP_MS), 1, |plan, steps| {
            plan.load_ms = plan.load_ms.min(steps * LOAD_STEP_MS);
            plan.faults.retain(|planned| planned.at_ms < plan.load_ms);
        });
    }

    fn ease_faults(&mut self) {
        for at in 0..self.plan.faults.len() {
            let fault = self.plan.faults[at].fault;
            if let Some(now) = fault.extent() {
                self.lower(now, 1, |plan, extent| plan.faults[at].fault.lower_extent(extent));
            }
            for simpler in [None, Some(1)] {
                self.attempt(|plan| {
                    if let Fault::PowerLoss { in_flush: in_flush @ Some(2..), .. } =
                        &mut plan.faults[at].fault
                    {
                        *in_flush = simpler;
                    }
                });
            }
        }
    }

    fn turn_down(&mut self) {
        for dial in DIALS {
            self.lower((dial.get)(&self.plan.knobs), dial.least, |plan, value| {
                let value = u32::try_from(value).expect("it is lower than a knob was");
                (dial.set)(&mut plan.knobs, value);
                let knobs = &mut plan.knobs;
                knobs.producers_at_least_once = knobs.producers_at_least_once.min(knobs.producers);
            });
        }
    }
}

/// A knob that makes a world smaller when it is turned down.
struct Dial {
    least: u64,
    get: fn(&Knobs) -> u64,
    set: fn(&mut Knobs, u32),
}

/// Reads and sets a knob whose type is narrower than the dial's.
macro_rules! dial {
    ($knob:ident: $type:ty, $least:literal) => {
        Dial {
            least: $least,
            get: |knobs| knobs.$knob.into(),
            set: |knobs, value| {
                knobs.$knob = <$type>::try_from(value).expect("it is lower than the knob was")
            },
        }
    };
}

const DIALS: &[Dial] = &[
    dial!(producers: u16, 1),
    dial!(producers_at_least_once: u16, 0),
    dial!(consumers: u16, 1),
    dial!(topics: u16, 1),
    dial!(partitions: u16, 1),
    dial!(lanes: u16, 1),
    dial!(sends_per_second: u32, 1),
    dial!(value_bytes_max: u32, 16),
    dial!(linger_ms: u32, 0),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::plan::{Kind, Offer, Palette};

    const PALETTE: Palette = Palette {
        brokers: 1,
        load_s: 60,
        offers: &[
            Offer { kind: Kind::PowerLoss, times_min: 2, times_max: 4 },
            Offer { kind: Kind::Kill, times_min: 1, times_max: 3 },
            Offer { kind: Kind::Reset, times_min: 0, times_max: 4 },
            Offer { kind: Kind::Storm, times_min: 0, times_max: 2 },
        ],
        settle: |_| {},
    };

    fn drawn(seed: u64) -> Plan {
        Plan::draw("any", &PALETTE, seed)
    }

    fn has(plan: &Plan, wanted: fn(&Fault) -> bool) -> bool {
        plan.faults.iter().any(|planned| wanted(&planned.fault))
    }

    const IS_LOSS: fn(&Fault) -> bool = |fault| matches!(fault, Fault::PowerLoss { .. });
    const IS_KILL: fn(&Fault) -> bool = |fault| matches!(fault, Fault::Kill { .. });

    #[test]
    fn only_what_the_failure_needs_is_left() {
        for seed in 0..20 {
            let shrunk = shrink(&drawn(seed), 1_000, |plan| has(plan, IS_LOSS) && has(plan, IS_KILL));
            assert!(!shrunk.used_up);
            let Plan { knobs, load_ms, faults, .. } = shrunk.plan;
            assert_eq!((faults.len(), load_ms <= 3_000), (2, true), "{faults:?} {load_ms}");
            for planned in &faults {
                match planned.fault {
                    Fault::PowerLoss { off_ms, in_flush } => {
                        assert_eq!((off_ms, in_flush.is_none_or(|nth| nth == 1)), (1, true));
                    }
                    fault => assert_eq!(fault, Fault::Kill { down_ms: 1 }),
                }
            }
            let clients = (knobs.producers, knobs.producers_at_least_once, knobs.consumers);
            assert_eq!((clients, knobs.topics, knobs.partitions, knobs.lanes), ((1, 0, 1), 1, 1, 1));
            assert_eq!((knobs.sends_per_second, knobs.value_bytes_max, knobs.linger_ms), (1, 16, 0));
        }
    }

    #[test]
    fn a_number_goes_down_as_far_as_the_failure_goes_along() {
        let mut plan = drawn(1);
        (plan.knobs.producers, plan.knobs.sends_per_second) = (5, 40);
        let fails = |plan: &Plan| {
            plan.knobs.producers >= 3 && plan.load_ms >= 20_000 && plan.knobs.sends_per_second >= 7
        };
        let shrunk = shrink(&plan, 1_000, fails).plan;
        assert_eq!((shrunk.knobs.producers, shrunk.knobs.sends_per_second), (3, 7));
        assert!((20_000..23_000).contains(&shrunk.load_ms), "{}", shrunk.load_ms);
        assert_eq!(shrunk.faults, []);
    }

    #[test]
    fn a_plan_that_cannot_be_smaller_stays() {
        let plan = drawn(2);
        let shrunk = shrink(&plan, 1_000, |candidate| *candidate == plan);
        assert_eq!(shrunk.plan, plan);
        assert!(shrunk.runs > 0 && !shrunk.used_up);
    }

    proptest! {
        #[test]
        fn what_is_left_fails_within_its_runs(seed: u64, needed in 0_usize..6, runs_max in 0_u32..60) {
            let plan = drawn(seed);
            let needed = plan.faults[needed % plan.faults.len()].fault;
            let fails = |plan: &Plan| {
                plan.faults.iter().any(|planned| std::mem::discriminant(&planned.fault) == std::mem::discriminant(&needed))
            };
            let mut runs = 0;
            let shrunk = shrink(&plan, runs_max, |candidate| {
                runs += 1;
                fails(candidate)
            });
            prop_assert!(fails(&shrunk.plan));
            prop_assert_eq!(shrunk.runs, runs);
            prop_assert!(runs <= runs_max && shrunk.used_up == (runs == runs_max));
            prop_assert!(shrunk.plan.faults.len() <= plan.faults.len());
            prop_assert!(shrunk.plan.load_ms <= plan.load_ms);
        }
    }
}
