//! Failures of other systems, each a story by name: what broke them does not break this one. Not here: drawn faults.

use klamm_scenarios::marks::{self, Marks};
use klamm_scenarios::plan::{Copied, Durability, Fault, Plan, Planned};
use klamm_scenarios::runner::describe_failure;
use klamm_scenarios::stories;

/// Worlds in which each story takes place.
const SEEDS: u64 = 4;

/// Plays `faults`, each at its time in seconds, in the worlds of `scenario`; all of `expected` must have happened in one of them.
fn check(scenario: &str, faults: &[(u64, Fault)], expected: &[&'static str]) {
    let scenario = stories::ALL.iter().find(|known| known.name() == scenario).expect("it is one of them");
    let mut fired = Marks::new();
    for seed in 0..SEEDS {
        let mut plan = Plan::draw(scenario.name(), &scenario.palette(), seed);
        plan.knobs.durability = Durability::Fsync;
        plan.faults = faults
            .iter()
            .map(|(at_s, fault)| Planned { at_ms: at_s * 1_000, broker: 0, fault: *fault })
            .collect();
        marks::take();
        let mut outcome = scenario.run(&plan);
        marks::merge(&mut fired, &marks::take());
        outcome.violations.retain(|violation| !violation.is_vacuity());
        assert_eq!(outcome.violations, [], "{}", describe_failure(&plan, None, &outcome));
        assert!(outcome.acknowledged >= 500, "seed {seed}: {} sends", outcome.acknowledged);
    }
    assert_eq!(marks::unfired(expected, &fired), [""; 0]);
}

/// Rot that comes to some of these files, a part of the way along.
fn rot(copy: Copied, percent: u32) -> Fault {
    Fault::Rot { copy, place: percent * 10_000, bits: 0x10 }
}

const POWER_LOSS: Fault = Fault::PowerLoss { off_ms: 500, in_flush: None };
const POWER_LOSS_IN_FLUSH: Fault = Fault::PowerLoss { off_ms: 500, in_flush: Some(2) };
const KILL: Fault = Fault::Kill { down_ms: 300 };

/// KAFKA-3919: an index that power left wrong kept a broker from starting. KAFKA-5829: one wrong index made a start slow.
#[test]
fn story_5_a_damaged_index_keeps_no_broker_from_starting() {
    let faults = [
        (5, rot(Copied::Index, 3)),
        (8, rot(Copied::TimeIndex, 40)),
        (12, rot(Copied::Index, 90)),
        (18, POWER_LOSS_IN_FLUSH),
        (25, rot(Copied::TimeIndex, 5)),
        (32, POWER_LOSS),
        (40, KILL),
    ];
    check("rot", &faults, &["an index rotted", "the power went under load"]);
}

/// FAST '17, redundancy is not fault tolerance: one corrupt block made a leader cut its log. The half that one replica shows.
#[test]
fn story_6_one_corrupt_block_costs_no_other_record() {
    let faults = [
        (5, rot(Copied::Log, 30)),
        (10, KILL),
        (14, rot(Copied::Log, 97)),
        (19, KILL),
        (24, rot(Copied::Log, 99)),
        (28, POWER_LOSS),
        (36, rot(Copied::Sidecar, 98)),
        (40, KILL),
    ];
    check("rot", &faults, &["records rotted", "a reader was told of damage", "the power went under load"]);
}

/// ATC '20, can applications recover from fsync failures: the page is clean after EIO, and a second fsync lies.
#[test]
fn story_7_a_flush_that_failed_is_not_tried_again() {
    let faults = [
        (6, Fault::FailSync {}),
        (8, POWER_LOSS),
        (20, Fault::FailSync {}),
        (22, POWER_LOSS_IN_FLUSH),
        (35, Fault::FailSync {}),
        (40, POWER_LOSS),
    ];
    let expected =
        ["a log directory failed under a broker", "the power went some time after the disk had failed"];
    check("fsync_error", &faults, &expected);
}

/// NATS 2.12.1 (Jepsen): it acknowledged before its flush, and one flipped bit lost half a stream.
#[test]
fn story_10_what_is_acknowledged_is_flushed_and_a_bit_costs_its_group() {
    let faults = [
        (6, POWER_LOSS),
        (12, rot(Copied::Log, 10)),
        (18, POWER_LOSS),
        (26, rot(Copied::Log, 60)),
        (32, POWER_LOSS_IN_FLUSH),
    ];
    check(
        "rot",
        &faults,
        &["records rotted", "a reader was told of damage", "the power went during a flush"],
    );
}

/// CVE-2026-35554: a producer's buffer that was used anew while it was in flight put a record on the wrong topic.
#[test]
fn story_13_no_record_gets_into_another_partition() {
    let faults = [
        (4, Fault::BreakWrites { for_ms: 30_000 }),
        (10, Fault::HalfOpen { at_broker: true }),
        (20, Fault::Far { for_ms: 8_000, latency_ms: 700 }),
        (30, Fault::HalfOpen { at_broker: false }),
        (36, Fault::Pause { for_ms: 6_000 }),
        (45, Fault::Reset {}),
    ];
    check("bad_network", &faults, &["a connection was half-open"]);
}
