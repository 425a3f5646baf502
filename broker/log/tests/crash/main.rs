//! A random run against a plain model, with a power loss at every step of it; then the log is opened again, compared,
//! and used on. Not here: kills (the page cache survives), failing disks.

#[path = "../on_disk/batches.rs"]
mod batches;
mod model;

use std::cell::{Cell, RefCell};
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use klamm_env::Env;
use klamm_log::{Log, LogDirectory, LogStart, OffsetCheckpoint, TopicPartition, Uuid};
use klamm_sim::{Config, DiskConfig, NodeConfig, StepResult, World};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use model::Model;

/// One thing done to the log.
#[derive(Clone, Debug)]
enum Op {
    /// A batch of so many records.
    Append(usize),
    /// A batch of an idempotent producer.
    Send(usize),
    /// A barrier, and the recovery point written or not.
    Flush {
        checkpoint: bool,
    },
    Roll,
    /// Cuts so many records.
    Truncate(i64),
    /// Moves the log's start up by so many records and removes old segments.
    Delete(i64),
    /// A new leader epoch.
    Epoch,
    /// A clean stop and start.
    Restart,
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        6 => (1..6_usize).prop_map(Op::Append),
        6 => (1..4_usize).prop_map(Op::Send),
        5 => any::<bool>().prop_map(|checkpoint| Op::Flush { checkpoint }),
        1 => Just(Op::Roll),
        1 => (1..12_i64).prop_map(Op::Truncate),
        1 => (1..15_i64).prop_map(Op::Delete),
        1 => Just(Op::Epoch),
        1 => Just(Op::Restart),
    ]
}

async fn open(env: &Env, model: &RefCell<Model>) -> (LogDirectory, Log) {
    let directory = LogDirectory::open(env, Path::new("/data")).await.expect("the directory opens");
    let partition = TopicPartition::new("orders", 0);
    let clean = directory.take_clean_shutdown().await.expect("read").is_some();
    let points = directory.read_checkpoint(OffsetCheckpoint::RecoveryPoint).await.expect("read");
    let recovery_point = points.get(&partition).copied().unwrap_or(0);
    let start = LogStart { recovery_point, log_start_offset: 0, clean };
    let config = batches::small();
    let log = Log::open(&directory, &partition, Some(Uuid::METADATA_TOPIC), config, start).await;
    let log = log.expect("the log opens");
    Model::compare(model, &log).await;
    (directory, log)
}

/// Does what is left of the script; the model tells how far an earlier life came.
async fn live(env: Env, script: Rc<Vec<Op>>, model: Rc<RefCell<Model>>, done: Rc<Cell<bool>>) {
    let (mut directory, mut log) = open(&env, &model).await;
    loop {
        let next = model.borrow_mut().next_op(script.len());
        let Some(op) = next.map(|place| script[place].clone()) else { break };
        match op {
            Op::Append(count) => Model::append(&model, &log, count).await,
            Op::Send(count) => Model::send(&model, &log, count).await,
            Op::Flush { checkpoint } => {
                Model::flush(&model, &log).await;
                if checkpoint {
                    let offsets = [(log.partition().clone(), log.flushed_end_offset())].into();
                    directory
                        .write_checkpoint(OffsetCheckpoint::RecoveryPoint, &offsets)
                        .await
                        .expect("written");
                }
            }
            Op::Roll => log.roll().await.expect("rolled"),
            Op::Truncate(count) => {
                // As in Kafka, the recovery point is written before a log is cut below it.
                let offsets = [(log.partition().clone(), 0)].into();
                directory.write_checkpoint(OffsetCheckpoint::RecoveryPoint, &offsets).await.expect("written");
                Model::truncate(&model, &log, count).await;
            }
            Op::Delete(count) => Model::delete(&model, &log, count).await,
            Op::Epoch => model.borrow_mut().leader_epoch += 1,
            Op::Restart => {
                log.close().await.expect("closed");
                model.borrow_mut().flushed = log.log_end_offset();
                directory.write_clean_shutdown(1).await.expect("written");
                drop((log, directory));
                (directory, log) = open(&env, &model).await;
            }
        }
    }
    Model::compare(&model, &log).await;
    Model::flush(&model, &log).await;
    done.set(true);
}

/// Runs the script with a power loss after so many steps; returns how many steps there were, or would have been.
fn run(seed: u64, script: &Rc<Vec<Op>>, power_loss_at: Option<usize>) -> usize {
    let model = Rc::new(RefCell::new(Model::default()));
    let done = Rc::new(Cell::new(false));
    let mut world = World::new(Config { seed, ..Config::default() });
    let (script, given, end) = (script.clone(), model.clone(), done.clone());
    // No operation is done at once: each is a step of its own, so that power can go between any two.
    let disk = DiskConfig { inline: 0.0, ..DiskConfig::default() };
    let config = NodeConfig { lanes: 1, disk, ..NodeConfig::default() };
    let node = world
        .node("node", config, move |env| Box::pin(live(env, script.clone(), given.clone(), end.clone())));
    world.start(node);
    let mut steps = 0;
    while !done.get() {
        if Some(steps) == power_loss_at {
            world.power_loss(&[node]);
            model.borrow_mut().crashed();
            world.start(node);
        }
        if world.step() == StepResult::Idle {
            break;
        }
        steps += 1;
        assert!(steps < 1_000_000, "the run does not end");
    }
    world.run_for(Duration::from_secs(1));
    assert!(
        world.deaths(node).iter().all(|death| death.cause == klamm_sim::Cause::PowerLost),
        "{:?}",
        world.deaths(node)
    );
    assert!(done.get(), "the run ended early: {:?}", world.deaths(node));
    steps
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn nothing_flushed_is_lost_and_nothing_is_invented(seed: u64, script in prop::collection::vec(op(), 12..40)) {
        let script = Rc::new(script);
        let steps = run(seed, &script, None);
        for power_loss_at in 0..steps {
            run(seed, &script, Some(power_loss_at));
        }
    }
}

/// The name of the active segment was not on the disk yet when the only segment before it was removed.
#[test]
fn the_active_segment_is_there_before_an_old_one_goes() {
    let script = vec![Op::Append(1), Op::Flush { checkpoint: true }, Op::Roll, Op::Delete(1), Op::Append(1)];
    let script = Rc::new(script);
    for seed in 0..40 {
        for power_loss_at in 0..run(seed, &script, None) {
            run(seed, &script, Some(power_loss_at));
        }
    }
}
