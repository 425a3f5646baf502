//! Time and randomness from outside are caught while a world runs, and only then.
#![cfg(all(feature = "leak-trap", target_os = "linux"))]
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use std::collections::HashMap;
use std::time::{Duration, Instant, SystemTime};

use klamm_sim::{Config, Halt, NodeConfig, World};

/// What a task that does `act` is caught at, on a thread of its own.
fn caught(act: fn()) -> Result<(), Halt> {
    let on_thread = move || {
        let mut world = World::new(Config::default());
        let node = world.node("leaky", NodeConfig::default(), |_| Box::pin(async {}));
        world.start(node);
        world.env(node).spawn_local("culprit", async move { act() });
        world.try_run_until(Duration::from_secs(1), |world| world.main_ended(node)).and_then(|()| match world
            .try_run_until(Duration::from_secs(1), |_| false)
        {
            Err(Halt::Failed(why)) => Err(Halt::Failed(why)),
            _ => Ok(()),
        })
    };
    std::thread::spawn(on_thread).join().expect("it ends")
}

#[track_caller]
fn check(act: fn(), door: &str) {
    let Err(Halt::Failed(why)) = caught(act) else { panic!("{door} was not caught") };
    assert!(why.starts_with(&format!("leaky: task `culprit` called {door}")), "{why}");
    assert!(why.contains("leak::"), "no backtrace: {why}");
}

#[test]
fn time_from_outside_is_caught() {
    check(|| _ = Instant::now(), "clock_gettime");
    check(|| _ = SystemTime::now(), "clock_gettime");
}

#[test]
fn a_random_hash_seed_is_caught() {
    check(|| drop(HashMap::<u8, u8>::new()), "getrandom");
}

/// Asks the kernel without the C library's door.
#[allow(unsafe_code)]
fn ask(number: libc::c_long) {
    let mut answer = [0_u64; 2];
    // SAFETY: both calls write at most sixteen bytes, here to a live array of that size; the rest are numbers.
    let asked = match number {
        libc::SYS_getrandom => unsafe { libc::syscall(number, answer.as_mut_ptr(), 16_usize, 0_u32) },
        _ => unsafe { libc::syscall(number, libc::CLOCK_MONOTONIC, answer.as_mut_ptr()) },
    };
    assert!(asked >= 0 && answer != [0; 2], "the door passes the call on");
}

#[test]
fn a_raw_system_call_is_caught() {
    check(|| ask(libc::SYS_getrandom), "the system call getrandom");
    check(|| ask(libc::SYS_clock_gettime), "the system call clock_gettime");
}

#[test]
fn what_is_the_worlds_own_is_not_caught() {
    assert_eq!(caught(|| drop(std::collections::BTreeMap::<u8, u8>::new())), Ok(()));
    let before = Instant::now();
    assert!(before.elapsed() < Duration::from_secs(60), "the doors pass calls on");
}
