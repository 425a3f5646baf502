//! Many seeds at once, one world per thread. Not here: what is printed of them.

use std::io::IsTerminal as _;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::seed::{self, Run};
use crate::marks::{self, Marks, SEEDS_TO_JUDGE};
use crate::plan::{Kind, Plan};
use crate::scenario::Scenario;

/// Failures of a batch that are kept whole; of the rest, the line that replays each.
const FAILURES_KEPT: usize = 20;

/// What a batch of seeds came to.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) scenario: &'static str,
    pub(super) jobs: usize,
    /// Of the machine.
    pub(super) cores: usize,
    pub(super) seeds: u64,
    pub(super) failures: u64,
    /// In order of seed.
    pub(super) failed: Vec<Run>,
    /// Lines that replay what failed beyond those.
    pub(super) more: Vec<String>,
    pub(super) simulated: Duration,
    /// Of the shortest run; `None` before the first.
    pub(super) simulated_min: Option<Duration>,
    pub(super) took: Duration,
    /// Of the run with the fewest; `None` before the first.
    pub(super) acknowledged_min: Option<u64>,
    /// Over all seeds' hashes, in no order.
    pub(super) hash: u64,
    /// The lowest seed that broke the invariant at which the batch was to end.
    pub(super) reached: Option<u64>,
    pub(super) marks: Marks,
    pub(super) unfired: Vec<&'static str>,
}

impl Batch {
    /// Before the first seed.
    fn new(scenario: &'static str, jobs: usize, cores: usize) -> Self {
        Self {
            scenario,
            jobs,
            cores,
            seeds: 0,
            failures: 0,
            failed: Vec::new(),
            more: Vec::new(),
            simulated: Duration::ZERO,
            simulated_min: None,
            took: Duration::ZERO,
            acknowledged_min: None,
            hash: 0,
            reached: None,
            marks: Marks::new(),
            unfired: Vec::new(),
        }
    }

    /// Whether nothing failed and, if there were seeds enough to tell, all marks fired.
    pub(super) fn is_green(&self) -> bool {
        self.failures == 0 && !self.lacks_marks()
    }

    /// Whether marks are missing after seeds enough to tell.
    pub(super) fn lacks_marks(&self) -> bool {
        self.seeds >= SEEDS_TO_JUDGE && !self.unfired.is_empty()
    }

    /// Virtual seconds per real second, all jobs together.
    pub(super) fn simulated_per_second(&self) -> f64 {
        self.simulated.as_secs_f64() / self.took.as_secs_f64().max(1e-9)
    }

    /// Seeds that one core gets done in an hour; jobs beyond the cores there are add nothing.
    pub(super) fn seeds_per_core_hour(&self) -> f64 {
        let busy = self.jobs.min(self.cores);
        self.seeds as f64 * 3_600.0 / (self.took.as_secs_f64().max(1e-9) * busy as f64)
    }

    fn add(&mut self, run: Run) {
        self.seeds += 1;
        self.simulated += run.outcome.simulated;
        self.simulated_min = fewer(self.simulated_min, run.outcome.simulated);
        self.acknowledged_min = fewer(self.acknowledged_min, run.outcome.acknowledged);
        let mixed = (run.seed ^ run.outcome.hash.rotate_left(17)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.hash = self.hash.wrapping_add(mixed ^ mixed >> 31);
        marks::merge(&mut self.marks, &run.marks);
        if !run.outcome.violations.is_empty() {
            self.failures += 1;
            self.failed.push(run);
            self.failed.sort_by_key(|run| run.seed);
            let beyond = self.failed.drain(FAILURES_KEPT.min(self.failed.len())..);
            self.more.extend(beyond.map(|run| run.replay_line()));
        }
    }
}

/// Which seeds are run, and how.
pub(super) struct Order<'a> {
    pub(super) seeds: Range<u64>,
    /// Worlds at once.
    pub(super) jobs: Option<NonZeroUsize>,
    /// Time after which none is begun.
    pub(super) limit: Option<Duration>,
    /// Kinds of faults that are left out of all plans.
    pub(super) without: &'a [Kind],
    /// The invariant after whose first failure none is begun.
    pub(super) until: Option<&'a str>,
    pub(super) show_progress: bool,
}

/// Runs seeds in their order.
#[expect(
    clippy::disallowed_methods,
    reason = "the runner is outside the simulation: it measures real time, on real threads"
)]
pub(super) fn run(scenario: &dyn Scenario, order: Order<'_>) -> Batch {
    let Order { seeds, jobs, limit, without, until, show_progress } = order;
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let jobs = jobs.map_or(cores, NonZeroUsize::get);
    let mut batch = Batch::new(scenario.name(), jobs, cores);
    let bar = progress(scenario.name(), &seeds, show_progress);
    let began = std::time::Instant::now();
    let next = AtomicU64::new(seeds.start);
    let palette = scenario.palette();
    let reached = AtomicBool::new(false);
    let work = |results: mpsc::Sender<Run>| {
        while limit.is_none_or(|limit| began.elapsed() < limit) && !reached.load(Ordering::Relaxed) {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds.end {
                break;
            }
            let plan = Plan::draw(scenario.name(), &palette, seed).without(without);
            let run = seed::run(scenario, &plan);
            if results.send(run).is_err() {
                break;
            }
        }
    };
    thread::scope(|scope| {
        let (sender, results) = mpsc::channel();
        for _ in 0..jobs {
            let sender = sender.clone();
            scope.spawn(move || work(sender));
        }
        drop(sender);
        for run in results {
            if let Some(violation) = run.outcome.violations.first() {
                bar.println(format!("{violation}\n  replay: {}", run.replay_line()));
            }
            if until.is_some_and(|invariant| run.breaks(invariant)) {
                // Seeds before it have begun, and are waited for.
                reached.store(true, Ordering::Relaxed);
                batch.reached = Some(batch.reached.map_or(run.seed, |seed| seed.min(run.seed)));
            }
            batch.add(run);
            bar.inc(1);
            bar.set_message(batch.failures.to_string());
        }
    });
    bar.finish_and_clear();
    batch.took = began.elapsed();
    batch.unfired = marks::unfired(scenario.marks(), &batch.marks);
    batch
}

fn fewer<T: Ord>(so_far: Option<T>, next: T) -> Option<T> {
    so_far.into_iter().chain([next]).min()
}

fn progress(name: &'static str, seeds: &Range<u64>, show: bool) -> ProgressBar {
    let endless = seeds.end == u64::MAX;
    let bar = if endless { ProgressBar::no_length() } else { ProgressBar::new(seeds.end - seeds.start) };
    if !show || !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    let template = "{prefix} {wide_bar} {pos}/{len} seeds, {msg} failures, {elapsed}";
    bar.set_style(ProgressStyle::with_template(template).expect("the template is well formed"));
    bar.with_prefix(name).with_message("0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_beyond_the_cores_are_not_counted() {
        let check = |jobs, expected| {
            let batch = Batch { seeds: 10, took: Duration::from_secs(5), ..Batch::new("sound", jobs, 2) };
            assert_eq!(batch.seeds_per_core_hour(), expected, "{jobs} jobs on two cores");
        };
        check(1, 7_200.0);
        check(2, 3_600.0);
        check(8, 3_600.0);
    }

    #[test]
    fn the_least_is_kept() {
        assert_eq!(fewer(None, 3), Some(3));
        assert_eq!(fewer(Some(3), 2), Some(2));
        assert_eq!(fewer(Some(3), 4), Some(3));
    }
}
