//! A node's start and ends in a process of its own.

use std::cell::Cell;
use std::os::unix::process::ExitStatusExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{Command, Output};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::BytesMut;
use klamm_env::{Env, Lane, Open};
use klamm_env_tokio::{Node, Options, Signal, run, termination};
use rustix::fs::{Advice, fadvise};
use rustix::process::{Signal as KernelSignal, getpid, kill_process};

const SMALL: Options = Options { lanes: 2, disk_threads: 1, blocking_threads: 1 };

/// Tells a process of this test that it is the one that dies.
const DYING: &str = "KLAMM_TEST_DYING";

/// Runs the test `name` in a process of its own, where [`DYING`] is set.
fn dying(name: &str) -> Output {
    let program = std::env::current_exe().expect("a test has a path");
    let mut command = Command::new(program);
    command.args(["--exact", name, "--nocapture"]).env(DYING, "1").output().expect("the test starts")
}

fn check_death(output: &Output, expected: &[&str]) {
    const SIGABRT: i32 = 6;
    assert_eq!(output.status.signal(), Some(SIGABRT), "{output:?}");
    let stderr = String::from_utf8_lossy(&output.stderr);
    for text in expected {
        assert!(stderr.contains(text), "{text:?} is not in {stderr}");
    }
}

#[test]
fn die_ends_the_process() {
    if std::env::var_os(DYING).is_some() {
        run(SMALL, |env| async move { env.die("two leaders in one epoch") });
    }
    check_death(&dying("die_ends_the_process"), &["klamm ends itself: two leaders in one epoch"]);
}

#[test]
fn a_lane_that_computes_works() {
    const WORK: Duration = Duration::from_millis(100);
    run(SMALL, |env| async move {
        // Where others want the processor too, one turn may get little of it.
        for _ in 0..100 {
            let before = env.busy();
            let began = env.now();
            while env.now() - began < WORK {}
            env.sleep(Duration::from_millis(1)).await;
            let worked = env.busy() - before;
            assert!(worked <= env.now() - began, "{worked:?}");
            if worked >= WORK / 2 {
                return;
            }
        }
        panic!("it never worked for long");
    });
}

#[test]
fn a_panic_in_a_task_ends_the_process() {
    if std::env::var_os(DYING).is_some() {
        run(SMALL, |env| async move {
            env.spawn_on(Lane(1), "replica", || async { panic!("an index went back") });
            env.sleep(Duration::from_secs(60)).await;
        });
    }
    let output = dying("a_panic_in_a_task_ends_the_process");
    check_death(&output, &["an index went back", "node.rs", "klamm ends itself: replica panicked"]);
}

#[test]
fn a_panic_in_the_drop_of_a_task_ends_the_process() {
    struct Fragile;
    impl Drop for Fragile {
        fn drop(&mut self) {
            panic!("it broke");
        }
    }
    if std::env::var_os(DYING).is_some() {
        run(SMALL, |env| async move {
            let fragile = Fragile;
            let task = env.spawn_local("vase", async move {
                let _fragile = fragile;
                std::future::pending::<()>().await;
            });
            env.abort(task);
            env.sleep(Duration::from_secs(60)).await;
        });
    }
    let output = dying("a_panic_in_the_drop_of_a_task_ends_the_process");
    check_death(&output, &["it broke", "klamm ends itself: vase panicked"]);
}

#[test]
fn a_panic_in_a_blocking_job_ends_the_process() {
    if std::env::var_os(DYING).is_some() {
        run(SMALL, |env| async move { env.blocking(Box::new(|| panic!("bad codec"))).await })
            .expect("the process ends before the answer");
    }
    let output = dying("a_panic_in_a_blocking_job_ends_the_process");
    check_death(&output, &["bad codec", "klamm ends itself: blocking panicked"]);
}

#[test]
fn the_output_of_main_is_returned() {
    let lanes = run(SMALL, |env| async move { (env.lanes(), env.lane()) });
    assert_eq!(lanes, (2, Lane(0)));
}

#[test]
fn a_panic_of_main_reaches_the_caller() {
    let panic = catch_unwind(AssertUnwindSafe(|| run(SMALL, |_| async { panic!("main's own") })));
    let panic: &str = panic.expect_err("main panicked").downcast_ref::<&str>().expect("a text");
    assert_eq!(panic, "main's own");
    assert_eq!(run(SMALL, |_| async { 7 }), 7, "the thread can be a lane again");
}

#[test]
fn the_end_drops_tasks_and_waits_for_the_pools() {
    struct Count(Arc<AtomicUsize>);
    impl Drop for Count {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    let dropped = Arc::new(AtomicUsize::new(0));
    let done = Arc::new(AtomicUsize::new(0));
    let env = run(SMALL, |env| async {
        for lane in [Lane(0), Lane(1)] {
            let (count, inner) = (Count(dropped.clone()), env.clone());
            env.spawn_on(lane, "waits", move || async move {
                let _count = count;
                inner.sleep(Duration::from_secs(3600)).await;
            });
        }
        for _ in 0..20 {
            let done = done.clone();
            drop(env.blocking(Box::new(move || {
                std::thread::sleep(Duration::from_millis(1));
                done.fetch_add(1, Ordering::SeqCst);
            })));
        }
        env
    });
    assert_eq!((dropped.load(Ordering::SeqCst), done.load(Ordering::SeqCst)), (2, 20));
    after_the_end(&env);
}

/// An `Env` that outlives its node refuses, and neither hangs nor panics.
fn after_the_end(env: &Env) {
    run(SMALL, |other| async move {
        let refused = async {
            assert!(env.blocking(Box::new(|| {})).await.is_err());
            assert!(env.stat(std::path::Path::new("/")).await.is_err());
        };
        other.timeout(Duration::from_secs(20), refused).await.expect("an answer");
        env.abort(env.spawn_on(Lane(1), "never", || async {}));
    });
}

#[test]
fn lanes_of_their_own_threads_leave_the_caller_alone() {
    let (env, node) = Node::start(Options { lanes: 3, ..SMALL });
    let (sender, receiver) = std::sync::mpsc::channel();
    for lane in (0..3).map(Lane) {
        let (env, sender) = (env.clone(), sender.clone());
        env.clone().spawn_on(lane, "tell", move || async move {
            let not_send = Rc::new(Cell::new(env.lane()));
            env.sleep(Duration::from_millis(1)).await;
            sender.send((lane, not_send.get())).expect("the test waits");
        });
    }
    drop(sender);
    let mut lanes: Vec<_> = receiver.iter().collect();
    lanes.sort_unstable();
    assert_eq!(lanes, [0, 1, 2].map(|lane| (Lane(lane), Lane(lane))));
    node.stop();
}

#[test]
fn what_is_not_cached_is_read_beside_the_lane() {
    let dir = tempfile::tempdir().expect("there is room for a directory");
    let path = dir.path().join("cold");
    let content: Vec<u8> = (0..1 << 20).map(|at: u32| at.to_le_bytes()[at as usize % 4]).collect();
    std::fs::write(&path, &content).expect("there is room");
    let handle = std::fs::File::open(&path).expect("it is there");
    handle.sync_all().expect("the disk works");
    run(SMALL, |env| async move {
        let file = env.open(&path, Open::READ).await.expect("it is there");
        for (from, len) in [(0, 1 << 20), (4096 * 7 + 5, 300_000), (1 << 19, 1 << 20)] {
            fadvise(&handle, 0, None, Advice::DontNeed).expect("advice is free");
            // Something in the middle is cached again, so that a read begins or ends beside what is.
            file.read(1 << 19, 10, BytesMut::new()).await.expect("the read succeeds");
            let read = file.read(from as u64, len, BytesMut::new()).await.expect("the read succeeds");
            assert!(read == content[from..content.len().min(from + len)]);
        }
    });
}

#[test]
fn signals_ask_for_an_end() {
    run(SMALL, |env| async move {
        for (sent, expected) in
            [(KernelSignal::TERM, Signal::Terminate), (KernelSignal::INT, Signal::Interrupt)]
        {
            let (tell, told) = tokio::sync::oneshot::channel();
            env.spawn_local("signals", async move {
                let _nobody_waits = tell.send(termination().await);
            });
            env.sleep(Duration::from_millis(20)).await;
            kill_process(getpid(), sent).expect("a process may signal itself");
            assert_eq!(told.await, Ok(expected));
        }
    });
}
