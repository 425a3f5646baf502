//! Tasks and lanes. Not here: their ends by death.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use klamm_env::{Env, Lane};
use tokio::sync::{mpsc, oneshot};

use crate::Case;
use crate::support::{Here, alone};

pub(crate) const CASES: &[Case] = &[
    alone!("spawn", a_task_runs_on_the_lane_it_was_sent_to),
    alone!("spawn", a_local_task_runs_after_the_caller_yields),
    alone!("spawn", ids_are_never_used_twice),
    alone!("spawn", a_lane_that_waits_does_not_work),
    alone!("spawn", lanes_start_tasks_on_lanes),
    alone!("spawn", lanes_exchange_messages),
    alone!("spawn", abort_drops_a_task_wherever_it_waits),
    alone!("spawn", abort_before_the_first_step_drops_the_task),
    alone!("spawn", abort_of_an_ended_task_does_nothing),
    alone!("spawn", blocking_jobs_run_beside_the_lanes),
    alone!("spawn", more_blocking_jobs_than_threads_all_end),
    alone!("spawn", a_blocking_job_runs_though_nobody_waits),
];

async fn a_task_runs_on_the_lane_it_was_sent_to(here: Here) {
    assert!(here.lanes() >= 2);
    assert_eq!(here.lane(), Lane(0));
    for lane in (0..here.lanes()).map(Lane) {
        let (sender, receiver) = oneshot::channel();
        let env = here.env.clone();
        here.spawn_on(lane, "where", move || async move {
            let _nobody_waits = sender.send(env.lane());
        });
        assert_eq!(here.soon("the task", receiver).await, Ok(lane));
    }
}

async fn a_local_task_runs_after_the_caller_yields(here: Here) {
    let ran = Rc::new(Cell::new(false));
    let seen = ran.clone();
    let end = here.beside(async move { seen.set(true) });
    assert!(!ran.get(), "the task ran inside its caller");
    end.await;
    assert!(ran.get());
}

async fn ids_are_never_used_twice(here: Here) {
    let mut ids = BTreeSet::new();
    for round in 0..100 {
        let lane = Lane(round % here.lanes());
        assert!(ids.insert(here.spawn_on(lane, "short", || async {})));
        assert!(ids.insert(here.spawn_local("short", async {})));
    }
}

async fn a_lane_that_waits_does_not_work(here: Here) {
    const WAIT: Duration = Duration::from_millis(200);
    for lane in (0..here.lanes()).map(Lane) {
        let (sender, receiver) = oneshot::channel();
        let env = here.env.clone();
        here.spawn_on(lane, "waits", move || async move {
            let (began, before) = (env.now(), env.busy());
            env.sleep(WAIT).await;
            let worked = env.busy().checked_sub(before).expect("what was worked stays");
            let _nobody_waits = sender.send((worked, env.now() - began));
        });
        let (worked, passed) = here.soon("the end of the wait", receiver).await.expect("the task ends");
        assert!(worked <= passed.saturating_sub(WAIT / 2), "{worked:?} of {passed:?}");
    }
}

/// Hops over all lanes until `hops` is 0, then tells.
fn hop(env: Env, hops: u16, end: oneshot::Sender<Lane>) {
    let lane = Lane(hops % env.lanes());
    env.clone().spawn_on(lane, "hop", move || async move {
        assert_eq!(env.lane(), lane);
        match hops {
            0 => end.send(lane).expect("the case waits"),
            _ => hop(env, hops - 1, end),
        }
    });
}

async fn lanes_start_tasks_on_lanes(here: Here) {
    let (end, ended) = oneshot::channel();
    hop(here.env.clone(), 50, end);
    assert_eq!(here.soon("the last hop", ended).await, Ok(Lane(0)));
}

async fn lanes_exchange_messages(here: Here) {
    const MESSAGES: u64 = 200;
    let (to_all, mut answers) = mpsc::channel(1);
    let mut doors = Vec::new();
    for lane in (0..here.lanes()).map(Lane) {
        let (door, mut requests) = mpsc::channel::<u64>(1);
        let answer = to_all.clone();
        doors.push(door);
        here.spawn_on(lane, "echo", move || async move {
            while let Some(request) = requests.recv().await {
                answer.send(request).await.expect("the case waits");
            }
        });
    }
    drop(to_all);
    let lanes = doors.len() as u64;
    here.spawn_local("ask", async move {
        for request in 0..MESSAGES {
            for door in &doors {
                door.send(request).await.expect("the lane listens");
            }
        }
    });
    let mut sum = 0;
    while let Some(answer) = here.soon("an answer", answers.recv()).await {
        sum += answer;
    }
    assert_eq!(sum, lanes * MESSAGES * (MESSAGES - 1) / 2);
}

/// Tells when it is dropped.
struct Tell(Option<oneshot::Sender<()>>);

impl Tell {
    fn new() -> (Self, oneshot::Receiver<()>) {
        let (sender, receiver) = oneshot::channel();
        (Self(Some(sender)), receiver)
    }
}

impl Drop for Tell {
    fn drop(&mut self) {
        let _nobody_waits = self.0.take().expect("dropped once").send(());
    }
}

async fn abort_drops_a_task_wherever_it_waits(here: Here) {
    for lane in (0..here.lanes()).map(Lane) {
        let (tell, dropped) = Tell::new();
        let (started, start) = oneshot::channel();
        let env = here.env.clone();
        let task = here.spawn_on(lane, "waits", move || async move {
            let _tell = tell;
            started.send(()).expect("the case waits");
            env.sleep(Duration::from_secs(3600)).await;
        });
        start.await.expect("the task starts");
        let dropped = here.not_yet("the drop", dropped).await;
        here.abort(task);
        assert_eq!(here.soon("the drop", dropped).await, Ok(()));
    }
}

async fn abort_before_the_first_step_drops_the_task(here: Here) {
    for lane in (0..here.lanes()).map(Lane) {
        let (tell, dropped) = Tell::new();
        let task = here.spawn_on(lane, "never ends", move || async move {
            let _tell = tell;
            std::future::pending::<()>().await;
        });
        here.abort(task);
        assert_eq!(here.soon("the drop", dropped).await, Ok(()));
    }
}

async fn abort_of_an_ended_task_does_nothing(here: Here) {
    let (sender, receiver) = oneshot::channel();
    let task = here.spawn_local("short", async {
        let _nobody_waits = sender.send(());
    });
    receiver.await.expect("the task ends");
    here.abort(task);
    here.abort(task);
    here.sleep(Duration::from_millis(1)).await;
}

async fn blocking_jobs_run_beside_the_lanes(here: Here) {
    let (sender, receiver) = oneshot::channel();
    let job = move || {
        let product = (1..=20_u64).product::<u64>();
        sender.send(product).expect("the case waits");
    };
    here.blocking(Box::new(job)).await.expect("the job ends");
    assert_eq!(receiver.await, Ok(2_432_902_008_176_640_000));
}

async fn more_blocking_jobs_than_threads_all_end(here: Here) {
    let sum = Arc::new(AtomicU64::new(0));
    let jobs: Vec<_> = (0..300)
        .map(|value| {
            let sum = sum.clone();
            here.blocking(Box::new(move || {
                sum.fetch_add(value, Ordering::SeqCst);
            }))
        })
        .collect();
    for job in jobs {
        here.soon("a job's end", job).await.expect("the job ends");
    }
    assert_eq!(sum.load(Ordering::SeqCst), 299 * 300 / 2);
}

async fn a_blocking_job_runs_though_nobody_waits(here: Here) {
    let (sender, receiver) = oneshot::channel();
    drop(here.blocking(Box::new(move || sender.send(()).expect("the case waits"))));
    assert_eq!(here.soon("the job", receiver).await, Ok(()));
}
