//! A random run against a plain model, with a power loss or a kill at every step of it and another end soon after; then
//! the log is opened again, compared, and used on. Writes and barriers fail on the way. Not here: disks that lie.

#[path = "../on_disk/batches.rs"]
mod batches;
mod model;

use std::cell::{Cell, RefCell};
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use klamm_env::Env;
use klamm_log::{Log, LogDirectory, LogError, LogStart, OffsetCheckpoint, TopicPartition, Uuid};
use klamm_sim::{Cause, Config, DiskConfig, DiskFaults, NodeConfig, StepResult, World};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use model::{Failed, Model};

/// What the disk does not do meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Writes,
    Syncs,
}

/// How a life of the node ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Power,
    /// What was written is kept.
    Kill,
}

/// One thing done to the log.
#[derive(Clone, Debug)]
enum Op {
    /// A batch of so many records.
    Append(usize),
    /// The same while a barrier runs.
    AppendWhileFlushing(usize),
    /// A batch of an idempotent producer.
    Send(usize),
    /// A barrier, and the recovery point written or not.
    Flush {
        checkpoint: bool,
    },
    Roll,
    /// Cuts so many records.
    Truncate(i64),
    /// Moves the log's start up by so many records, writes it into the checkpoint or not, and removes old segments.
    Delete {
        count: i64,
        checkpoint: bool,
    },
    /// A new leader epoch.
    Epoch,
    /// A clean stop and start.
    Restart,
    /// Another one on a disk that fails, and a start after it.
    Failing(Fault, Box<Op>),
}

fn op() -> impl Strategy<Value = Op> {
    let sound = prop_oneof![
        6 => (1..6_usize).prop_map(Op::Append),
        2 => (1..6_usize).prop_map(Op::AppendWhileFlushing),
        6 => (1..4_usize).prop_map(Op::Send),
        5 => any::<bool>().prop_map(|checkpoint| Op::Flush { checkpoint }),
        1 => Just(Op::Roll),
        1 => (1..12_i64).prop_map(Op::Truncate),
        2 => (1..15_i64, any::<bool>()).prop_map(|(count, checkpoint)| Op::Delete { count, checkpoint }),
        1 => Just(Op::Epoch),
        1 => Just(Op::Restart),
    ];
    (sound, prop::option::weighted(0.06, prop::sample::select(&[Fault::Writes, Fault::Syncs][..]))).prop_map(
        |(op, fault)| match fault {
            Some(fault) => Op::Failing(fault, Box::new(op)),
            None => op,
        },
    )
}

/// A life of the node: what it shares with the run around it.
#[derive(Clone)]
struct Life {
    script: Rc<Vec<Op>>,
    model: Rc<RefCell<Model>>,
    fault: Rc<Cell<Option<Fault>>>,
    done: Rc<Cell<bool>>,
}

async fn open(env: &Env, model: &RefCell<Model>) -> (LogDirectory, Log) {
    let directory = loop {
        match LogDirectory::open(env, Path::new("/data")).await {
            Ok(directory) => break directory,
            // A barrier of before has not ended.
            Err(LogError::Locked(_)) => env.sleep(Duration::from_millis(1)).await,
            Err(error) => panic!("{error}"),
        }
    };
    let partition = TopicPartition::new("orders", 0);
    let clean = directory.take_clean_shutdown().await.expect("read").is_some();
    let mut offsets = [0; 2];
    for (offset, which) in
        offsets.iter_mut().zip([OffsetCheckpoint::RecoveryPoint, OffsetCheckpoint::LogStart])
    {
        let checkpoint = directory.read_checkpoint(which).await.expect("read");
        *offset = checkpoint.get(&partition).copied().unwrap_or(0);
    }
    let [recovery_point, log_start_offset] = offsets;
    let start = LogStart { recovery_point, log_start_offset, clean };
    let config = batches::small();
    let log = Log::open(&directory, &partition, Some(Uuid::METADATA_TOPIC), config, start).await;
    let log = log.expect("the log opens");
    Model::compare(model, &log).await;
    (directory, log)
}

async fn checkpoint(
    directory: &LogDirectory,
    log: &Log,
    which: OffsetCheckpoint,
    offset: i64,
) -> Result<(), Failed> {
    let offsets = [(log.partition().clone(), offset)].into();
    Ok(directory.write_checkpoint(which, &offsets).await?)
}

/// Does one thing; whether the log has to be opened again.
async fn perform(
    op: &Op,
    directory: &LogDirectory,
    log: &Log,
    model: &RefCell<Model>,
) -> Result<bool, Failed> {
    match op {
        Op::Append(count) => Model::append(model, log, *count).await?,
        Op::AppendWhileFlushing(count) => Model::append_while_flushing(model, log, *count).await?,
        Op::Send(count) => Model::send(model, log, *count).await?,
        Op::Flush { checkpoint: point } => {
            Model::flush(model, log).await?;
            if *point {
                let flushed = log.flushed_end_offset();
                checkpoint(directory, log, OffsetCheckpoint::RecoveryPoint, flushed).await?;
            }
        }
        Op::Roll => log.roll().await?,
        Op::Truncate(count) => {
            // As in Kafka, the recovery point is written before a log is cut below it.
            checkpoint(directory, log, OffsetCheckpoint::RecoveryPoint, 0).await?;
            Model::truncate(model, log, *count).await?;
        }
        Op::Delete { count, checkpoint: point } => {
            let start = Model::move_start(model, log, *count);
            if *point {
                checkpoint(directory, log, OffsetCheckpoint::LogStart, start).await?;
                model.borrow_mut().start_is_durable(start);
            }
            Model::delete_segments(log).await?;
        }
        Op::Epoch => model.borrow_mut().leader_epoch += 1,
        Op::Restart => {
            log.close().await?;
            model.borrow_mut().flushed = log.log_end_offset();
            directory.write_clean_shutdown(1).await?;
            return Ok(true);
        }
        Op::Failing(..) => unreachable!("one fault at a time"),
    }
    Ok(false)
}

/// Does what is left of the script; the model tells how far an earlier life came.
async fn live(env: Env, life: Life) {
    let Life { script, model, fault, done } = life;
    // The fault is the world's to set, before its next step.
    let set = async |to| {
        fault.set(to);
        env.sleep(Duration::from_micros(1)).await;
    };
    let (mut directory, mut log) = open(&env, &model).await;
    loop {
        let next = model.borrow_mut().next_op(script.len());
        let Some(op) = next.map(|place| &script[place]) else { break };
        let reopen = match op {
            Op::Failing(kind, op) => {
                set(Some(*kind)).await;
                let _whatever_came_of_it = perform(op, &directory, &log, &model).await;
                model.borrow_mut().crashed();
                set(None).await;
                true
            }
            op => perform(op, &directory, &log, &model).await.expect("the disk is sound"),
        };
        if reopen {
            drop((log, directory));
            (directory, log) = open(&env, &model).await;
        }
    }
    Model::compare(&model, &log).await;
    Model::flush(&model, &log).await.expect("the disk is sound");
    done.set(true);
}

/// Runs the script with ends after so many steps; returns how many steps there were, or would have been.
fn run(seed: u64, script: &Rc<Vec<Op>>, ends: &[(usize, End)]) -> usize {
    let life = Life {
        script: script.clone(),
        model: Rc::default(),
        fault: Rc::new(Cell::new(None)),
        done: Rc::new(Cell::new(false)),
    };
    let (model, fault, done) = (life.model.clone(), life.fault.clone(), life.done.clone());
    let mut world = World::new(Config { seed, ..Config::default() });
    // No operation is done at once: each is a step of its own, so that power can go between any two.
    let disk = DiskConfig { inline: 0.0, ..DiskConfig::default() };
    let sound = disk.faults.clone();
    let config = NodeConfig { lanes: 1, disk, ..NodeConfig::default() };
    let node = world.node("node", config, move |env| Box::pin(live(env, life.clone())));
    world.start(node);
    let (mut steps, mut failing) = (0, None);
    while !done.get() {
        let end = ends.iter().find(|(step, _)| *step == steps).map(|(_, end)| *end);
        if end == Some(End::Kill) && fault.get().is_none() {
            model.borrow_mut().killed();
        }
        if end.is_some() {
            fault.set(None);
        }
        if failing != fault.get() {
            failing = fault.get();
            let by = |kind| if failing == Some(kind) { 1.0 } else { 0.0 };
            let (write_error, sync_error) = (by(Fault::Writes), by(Fault::Syncs));
            world.disk(node).set_faults(DiskFaults { write_error, sync_error, ..sound.clone() });
        }
        if let Some(end) = end {
            match end {
                End::Power => world.power_loss(&[node]),
                End::Kill => world.kill(node),
            }
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
    let meant = |cause: &Cause| matches!(cause, Cause::PowerLost | Cause::Killed);
    assert!(world.deaths(node).iter().all(|death| meant(&death.cause)), "{:?}", world.deaths(node));
    assert!(done.get(), "the run ended early: {:?}", world.deaths(node));
    steps
}

/// Runs the script to its end, and with each kind of end after each of its steps: behind a power loss comes another end,
/// while the log is opened again, or later.
fn check(seed: u64, script: Vec<Op>) {
    let script = Rc::new(script);
    let steps = run(seed, &script, &[]);
    for first in 0..steps {
        let second = first + [7, 23, 61, 113][first % 4] + first % 11;
        let end = [End::Power, End::Kill][first % 2];
        run(seed, &script, &[(first, End::Power), (second, end)]);
        run(seed, &script, &[(first, End::Kill)]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn nothing_flushed_is_lost_and_nothing_is_invented(seed: u64, script in prop::collection::vec(op(), 12..40)) {
        check(seed, script);
    }
}

/// The name of the active segment was not on the disk yet when the only segment before it was removed.
#[test]
fn the_active_segment_is_there_before_an_old_one_goes() {
    for seed in 0..40 {
        let delete = Op::Delete { count: 1, checkpoint: false };
        check(seed, vec![Op::Append(1), Op::Flush { checkpoint: true }, Op::Roll, delete, Op::Append(1)]);
    }
}

/// The indexes of a segment are completed when it is rolled, after the barrier that made the recovery point: a start did
/// not check it, and no record in it was found by its time any more.
#[test]
fn the_indexes_of_a_rolled_segment_are_built_anew() {
    for seed in 0..10 {
        check(seed, vec![Op::Append(3), Op::Flush { checkpoint: true }, Op::Roll, Op::Append(1)]);
    }
}

/// The log's start had moved up in memory alone, and power brought the records below it back: their epochs were forgotten
/// with the segments before them, or with the records above.
#[test]
fn records_that_come_back_bring_their_epochs() {
    let delete = |count| Op::Delete { count, checkpoint: false };
    let mut script = vec![Op::Append(1), Op::Roll, Op::Append(1), Op::Epoch, Op::Restart, delete(2)];
    script.extend(vec![Op::Append(1); 6]);
    check(0, script);
    let mut script = vec![Op::Append(1), Op::Append(1), delete(1), Op::Roll];
    script.extend(vec![Op::Append(1); 4]);
    script.extend([delete(3), Op::Restart, Op::Append(1), Op::Append(1)]);
    check(0, script);
}

/// Power left the log of a removed segment without its indexes. They were built anew when they were needed, and the next
/// power loss took what no barrier had covered: an empty index looks like that of a segment without time stamps.
#[test]
fn indexes_that_are_built_anew_stay() {
    let flush = || Op::Flush { checkpoint: true };
    let mut script = vec![Op::Send(3), Op::Send(1), flush(), Op::Roll, Op::Append(1), Op::Send(1), flush()];
    script.extend([Op::Restart, Op::Roll, Op::Send(1), flush()]);
    script.extend([Op::Failing(Fault::Writes, Box::new(Op::Append(1))), flush(), Op::Append(1)]);
    script.push(Op::Delete { count: 4, checkpoint: false });
    check(2_928_040_762_129_391_815, script);
}
