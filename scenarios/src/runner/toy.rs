//! A log of one node, without simulator or broker, to try the runner on; and the same with a planted bug.
//! Not here: anything that a real scenario builds on.

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use clap::Parser as _;
use klamm_sim::{Trace, TraceEvent};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha12Rng;

use super::{Args, Runner};
use crate::checkers::Checkers;
use crate::history::{ClientId, Delivery, Fact, History, Offset, Outcome as Sent, Partition, Record};
use crate::plan::{Durability, Fault, Kind, Offer, Palette, Plan};
use crate::scenario::{Outcome, Scenario};
use crate::sometimes;
use crate::value::{Value, ValueId};

/// How many toys ran that look at it.
static RUNS: AtomicU64 = AtomicU64::new(0);

const PARTITION: Partition = Partition { topic: 0, index: 0 };

/// Where a toy goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bug {
    None,
    /// It acknowledges, and flushes some time later.
    LateFlush,
    /// It panics on a reset.
    Panic,
    /// It never polls, so that a mark does not fire.
    NeverPolls,
    /// What it does depends on how many toys ran before.
    Ambient,
}

#[derive(Debug)]
struct Toy(&'static str, Bug);

impl Scenario for Toy {
    fn name(&self) -> &'static str {
        self.0
    }

    fn describe(&self) -> &'static str {
        "a log in memory that loses power"
    }

    fn palette(&self) -> Palette {
        Palette {
            brokers: 1,
            load_s: 10,
            offers: &[
                Offer { kind: Kind::PowerLoss, times_min: 0, times_max: 3 },
                Offer { kind: Kind::Reset, times_min: 0, times_max: 3 },
            ],
            settle: |knobs| knobs.durability = Durability::Fsync,
        }
    }

    fn marks(&self) -> &'static [&'static str] {
        &["the power went", "polled under load"]
    }

    fn run(&self, plan: &Plan) -> Outcome {
        self.run_traced(plan).0
    }

    fn run_traced(&self, plan: &Plan) -> (Outcome, Trace) {
        let runs = if self.1 == Bug::Ambient { RUNS.fetch_add(1, Ordering::Relaxed) } else { 0 };
        let mut world = ToyWorld {
            bug: self.1,
            rng: ChaCha12Rng::seed_from_u64(plan.seed),
            history: History::new(Checkers::all()),
            now: Duration::ZERO,
            log: Vec::new(),
            flushed: 0,
            polled: 0,
            runs,
            events: Vec::new(),
        };
        let mut faults = plan.faults.iter().peekable();
        let interval = Duration::from_secs(1) / plan.knobs.sends_per_second;
        for sequence in 0.. {
            world.now += interval;
            let now_ms = world.now.as_millis();
            if now_ms >= u128::from(plan.load_ms) {
                break;
            }
            while let Some(planned) = faults.next_if(|planned| u128::from(planned.at_ms) <= now_ms) {
                world.suffer(planned.fault);
            }
            world.send(sequence);
            if world.rng.random_bool(0.1) {
                world.poll();
            }
        }
        world.end()
    }
}

struct ToyWorld {
    bug: Bug,
    rng: ChaCha12Rng,
    history: History,
    now: Duration,
    log: Vec<Value>,
    flushed: usize,
    polled: usize,
    runs: u64,
    events: Vec<TraceEvent>,
}

impl ToyWorld {
    fn suffer(&mut self, fault: Fault) {
        match fault {
            Fault::PowerLoss { .. } => {
                sometimes!("the power went");
                self.log.truncate(self.flushed);
                self.polled = self.polled.min(self.log.len());
            }
            Fault::Reset {} if self.bug == Bug::Panic => panic!("a reset was not expected"),
            _ => {}
        }
    }

    fn send(&mut self, sequence: u32) {
        let word = if sequence < 5 { 0 } else { self.runs };
        self.events.push(TraceEvent { at: self.now, node: None, what: "send", word, hash: 0 });
        let (value, _) = Value::encode(ValueId { client: ClientId(0), sequence }, 64);
        self.history
            .record(self.now, Fact::Sent { value, partition: PARTITION, delivery: Delivery::Ordered });
        let offset = Offset(self.log.len() as i64);
        self.log.push(value);
        if self.bug != Bug::LateFlush || self.rng.random_bool(0.2) {
            self.flushed = self.log.len();
        }
        let known = self.rng.random_bool(0.9);
        let outcome = if known { Sent::Acknowledged(Some(offset)) } else { Sent::Unknown };
        self.history.record(self.now, Fact::Ended { value: value.id, partition: PARTITION, outcome });
    }

    fn records(&self, from: usize) -> Vec<Record> {
        let record = |(at, value): (usize, &Value)| Record {
            offset: Offset((from + at) as i64),
            value: *value,
            leader_epoch: 0,
        };
        self.log[from..].iter().enumerate().map(record).collect()
    }

    fn poll(&mut self) {
        if self.bug != Bug::NeverPolls {
            sometimes!("polled under load");
            let records = self.records(self.polled);
            self.polled = self.log.len();
            self.history
                .record(self.now, Fact::Polled { consumer: ClientId(1), partition: PARTITION, records });
        }
    }

    fn end(self) -> (Outcome, Trace) {
        let (consumer, partition) = (ClientId(2), PARTITION);
        self.history.record(self.now, Fact::Placed { consumer, partition, offset: Some(Offset(0)) });
        self.history.record(self.now, Fact::Polled { consumer, partition, records: self.records(0) });
        let outcome = Outcome::new(self.history.finish(self.now), 0, self.now);
        (outcome, Trace { events: self.events, hash: 0 })
    }
}

const SCENARIOS: &[&dyn Scenario] = &[
    &Toy("sound", Bug::None),
    &Toy("late_flush", Bug::LateFlush),
    &Toy("panics", Bug::Panic),
    &Toy("never_polls", Bug::NeverPolls),
    &Toy("ambient", Bug::Ambient),
];

/// What `cargo sim` prints for a command line, and whether it succeeds.
fn sim(line: &str) -> (bool, String) {
    let args = Args::try_parse_from(["sim"].into_iter().chain(line.split(' ')))
        .expect("the test's line is well formed");
    let mut out = Vec::new();
    let code =
        Runner::new(SCENARIOS).run(&args, &mut out).expect("the scenario is there, and the buffer takes all");
    (code == ExitCode::SUCCESS, String::from_utf8(out).expect("only text is written"))
}

#[test]
fn lists() {
    insta::assert_snapshot!(sim("list").1, @r"
    sound        a log in memory that loses power
    late_flush   a log in memory that loses power
    panics       a log in memory that loses power
    never_polls  a log in memory that loses power
    ambient      a log in memory that loses power

    faults, and the scenarios that draw them
    PowerLoss    sound, late_flush, panics, never_polls, ambient
    Reset        sound, late_flush, panics, never_polls, ambient
    ");
}

#[test]
fn a_sound_node_passes() {
    let (green, text) = sim("run sound --seeds 0..120 --jobs 2");
    assert!(green, "{text}");
    let told: Vec<&str> = text.trim_end().split(", ").collect();
    let [seeds, failures, speed, share, hash] = told[..] else { panic!("{text}") };
    assert_eq!([seeds, failures], ["sound: 120 seeds", "0 failures"]);
    let number = |part: &str, unit| part.strip_suffix(unit).and_then(|number| number.parse::<f64>().ok());
    assert!(number(speed, " simulated seconds per real second") > Some(0.0), "{text}");
    assert!(number(share, " seeds per core-hour") > Some(0.0), "{text}");
    assert_eq!(hash.strip_prefix("hash ").map(str::len), Some(16), "{text}");
}

#[test]
fn every_failure_of_a_batch_has_its_line() {
    let (green, text) = sim("run late_flush --seeds 0..100");
    assert!(!green);
    let replays = text.matches("cargo sim replay late_flush ").count();
    let failures: usize = text
        .lines()
        .find_map(|line| line.split_once(" seeds, ")?.1.split_once(" failures")?.0.parse().ok())
        .expect("the closing line counts them");
    assert!(failures > 20 && replays == failures, "{text}");
}

#[test]
fn a_planted_bug_is_caught_and_replays() {
    let (green, text) = sim("run late_flush --seeds 0..20");
    assert!(!green);
    assert!(text.contains("AckedRecordNotLost at "), "{text}");
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("  replay: cargo sim "))
        .expect("a line that replays it");
    let (green, replayed) = sim(line);
    assert!(!green);
    let first = text.lines().find(|line| line.contains("AckedRecordNotLost")).expect("it was found above");
    assert!(replayed.contains(first), "{first} is not in {replayed}");
}

#[test]
fn a_plan_without_the_fault_does_not_fail() {
    let (_, text) = sim("run late_flush --seeds 0..20");
    let seed =
        text.lines().find_map(|line| line.strip_prefix("FAILED: late_flush under seed ")).expect("a failure");
    let scenario = SCENARIOS[1];
    let mut plan = Plan::draw("late_flush", &scenario.palette(), seed.parse().expect("a seed is a number"));
    plan.faults.clear();
    let dir = tempfile::tempdir().expect("the temporary directory takes files");
    let file = dir.path().join("plan.json");
    write_file(&file, &plan.to_json());
    let (green, text) = sim(&format!("replay late_flush {seed} --plan {}", file.display()));
    assert!(green, "{text}");
}

#[expect(clippy::disallowed_methods, reason = "the test hands the runner a file as a user would")]
fn write_file(path: &std::path::Path, text: &str) {
    std::fs::write(path, text).expect("the temporary directory takes files");
}

/// The seed of the first failure that a batch tells of.
fn failing_seed(scenario: &str) -> String {
    let (_, text) = sim(&format!("run {scenario} --seeds 0..20"));
    let told = format!("FAILED: {scenario} under seed ");
    text.lines().find_map(|line| line.strip_prefix(&told)).expect("a failure").to_owned()
}

#[test]
fn a_failure_shrinks_to_the_one_fault_that_shows_it() {
    let seed = failing_seed("late_flush");
    let dir = tempfile::tempdir().expect("the temporary directory takes files");
    let file = dir.path().join("plans/shrunk.json");
    let (done, text) = sim(&format!("shrink late_flush {seed} --out {}", file.display()));
    assert!(done, "{text}");
    let replay = text.lines().find_map(|line| line.strip_prefix("replay: cargo sim ")).expect("a last line");
    assert_eq!(replay, format!("replay late_flush {seed} --plan {}", file.display()));
    let (green, replayed) = sim(replay);
    assert!(!green && replayed.contains("  AckedRecordNotLost at "), "{replayed}");
    assert_eq!(replayed.matches("at_ms").count(), 1, "{replayed}");
    assert!(replayed.contains("\"power_loss\":{\"off_ms\":1,"), "{replayed}");
    assert!(replayed.contains("\"producers\": 1,"), "{replayed}");
    assert!(text.contains("\nafter:  1 faults, "), "{text}");
}

#[test]
fn shrinking_ends_when_its_runs_are_used_up() {
    let seed = failing_seed("late_flush");
    let dir = tempfile::tempdir().expect("the temporary directory takes files");
    let file = dir.path().join("shrunk.json");
    let (done, text) = sim(&format!("shrink late_flush {seed} --runs 2 --out {}", file.display()));
    assert!(done && text.contains("\n2 runs, the most that it was allowed, "), "{text}");
}

#[test]
fn what_holds_cannot_be_shrunk() {
    let args = Args::try_parse_from(["sim", "shrink", "sound", "3"]).expect("the line is well formed");
    let error = Runner::new(SCENARIOS).run(&args, &mut Vec::new()).expect_err("seed 3 holds");
    assert_eq!(error.to_string(), "there is nothing to shrink: sound holds under seed 3");
}

#[test]
fn two_runs_that_differ_are_told_apart_by_their_first_event() {
    let (equal, text) = sim("diff sound 3");
    assert!(equal && text.starts_with("sound 3: two runs are equal, "), "{text}");
    let (equal, text) = sim("diff ambient 3");
    assert!(!equal && text.starts_with("ambient 3: two runs differ\n  event 0: "), "{text}");
    let last = text.lines().last().expect("the event that differs");
    assert!(last.starts_with("  event 5: ") && last.contains(" world send 0x0  |  "), "{text}");
}

#[test]
fn a_level_that_is_none_is_refused() {
    let args = Args::try_parse_from(["sim", "replay", "sound", "3", "--log", "debgu"]).expect("it parses");
    let error = Runner::new(SCENARIOS).run(&args, &mut Vec::new()).expect_err("there is no such level");
    assert!(error.to_string().starts_with("--log debgu: expected error, warn, "), "{error}");
}

#[test]
fn a_panic_is_a_failure_of_its_seed() {
    let (green, text) = sim("run panics --seeds 0..20");
    assert!(!green);
    assert!(text.contains("WorldRuns at 0.000000 s: a reset was not expected"), "{text}");
    assert!(text.contains("panics: 20 seeds, "), "{text}");
}

#[test]
fn a_mark_that_never_fires_fails_a_long_batch() {
    let (green, text) = sim("run never_polls --seeds 0..100");
    assert!(!green);
    assert!(text.contains("FAILED: marks that never fired: polled under load\n"), "{text}");
    let (green, text) = sim("run never_polls --seeds 0..10");
    assert!(green);
    assert!(text.contains("note: marks that never fired: polled under load\n"), "{text}");
}

#[test]
fn json_says_the_same() {
    let (green, text) = sim("run late_flush --seeds 0..20 --json");
    assert!(!green);
    let whole: serde_json::Value = serde_json::from_str(&text).expect("one JSON object");
    assert_eq!(whole["seeds"], 20);
    assert!(whole["failures"].as_u64() > Some(0));
    let violations = whole["failed"][0]["violations"].as_array().expect("violations in order");
    assert!(violations.iter().any(|violation| violation["invariant"] == "AckedRecordNotLost"), "{text}");
    let line = format!("cargo sim replay late_flush {}", whole["failed"][0]["seed"]);
    assert_eq!(whole["failed"][0]["replay"], line);
    assert_eq!(whole["failed"][0]["last_events"].as_array().map(Vec::len), Some(20), "{text}");
}

#[test]
fn jobs_do_not_change_the_hash() {
    let hash = |line| sim(line).1.lines().last().and_then(|line| line.rsplit(' ').next().map(str::to_owned));
    let (one, three) = (hash("run sound --seeds 5..40 --jobs 1"), hash("run sound --seeds 5..40 --jobs 3"));
    assert!(one.is_some() && one == three, "{one:?} {three:?}");
    assert_ne!(hash("run sound --seeds 6..41"), one);
}

#[test]
fn minutes_end_an_endless_batch() {
    let (green, text) = sim("run sound --minutes 0.001");
    assert!(green, "{text}");
}

#[test]
fn bad_command_lines_are_refused() {
    for line in [
        "run sound --seeds 5",
        "run sound --seeds 5..5",
        "run sound --seed 1 --seeds 0..3",
        "run sound --jobs 0",
    ] {
        assert!(Args::try_parse_from(["sim"].into_iter().chain(line.split(' '))).is_err(), "{line}");
    }
    let args = Args::try_parse_from(["sim", "run", "absent"]).expect("well formed");
    let error = Runner::new(SCENARIOS).run(&args, &mut Vec::new()).expect_err("there is no such scenario");
    assert_eq!(
        error.to_string(),
        "no scenario is called absent; there are: sound, late_flush, panics, never_polls, ambient"
    );
}

/// What the fresh process of the next test runs.
#[test]
#[ignore = "prints hashes for a_fresh_process_has_the_same_hashes"]
fn prints_hashes() {
    let mut out = std::io::stdout().lock();
    for seed in 0..5 {
        write!(out, "\n{}", sim(&format!("hash sound {seed}")).1).expect("the parent reads");
    }
}

#[test]
fn a_fresh_process_has_the_same_hashes() {
    let hashes: Vec<_> = (0..5).map(|seed| sim(&format!("hash sound {seed}")).1).collect();
    let again: Vec<_> = (0..5).map(|seed| sim(&format!("hash sound {seed}")).1).collect();
    assert_eq!(hashes, again);
    assert!(hashes.windows(2).all(|pair| pair[0].split(' ').next_back() != pair[1].split(' ').next_back()));
    #[expect(clippy::disallowed_types, reason = "a seed is also run by a fresh process")]
    let child = std::process::Command::new(std::env::current_exe().expect("a test knows its file"))
        .args(["--exact", "runner::toy::prints_hashes", "--ignored", "--nocapture"])
        .env_clear()
        .env("RUST_LOG", "trace")
        .current_dir("/")
        .output()
        .expect("a test can be run");
    let printed = String::from_utf8_lossy(&child.stdout);
    for hash in hashes {
        assert!(printed.contains(&hash), "{hash} is not in {printed}");
    }
}
