//! What the seam costs: an answer that is ready, one that is waited for, and the operations under them.
//!
//! Nanoseconds each; the least of several passes.

#![allow(clippy::print_stdout, reason = "the table is what this program is for")]

use std::future::Future;
use std::time::Instant;

use bytes::{Bytes, BytesMut};
use klamm_env::{Done, Env, Lane, Open};
use klamm_env_tokio::Options;
use tokio::sync::mpsc;

const PASSES: usize = 7;

async fn measure<F: Future<Output = ()>>(what: &str, times: u32, mut operation: impl FnMut() -> F) {
    let mut least = f64::INFINITY;
    for _ in 0..PASSES {
        let start = Instant::now();
        for _ in 0..times {
            operation().await;
        }
        least = least.min(start.elapsed().as_nanos() as f64 / f64::from(times));
    }
    println!("{what:<48} {least:>9.0} ns");
}

fn main() {
    let dir = tempfile::tempdir().expect("there is room for a directory");
    let options = Options { lanes: 2, ..Options::default() };
    klamm_env_tokio::run(options, |env| async move {
        answers(&env).await;
        let path = dir.path().join("file");
        let file = env.open(&path, Open::CREATE).await.expect("the file is made");
        let content = Bytes::from(vec![7; 1024]);
        measure("write 1 KiB to the page cache", 100_000, || async {
            file.write(0, content.clone().into()).await.expect("the write succeeds");
        })
        .await;
        measure("read 1 KiB from the page cache", 100_000, || async {
            file.read(0, 1024, BytesMut::with_capacity(1024)).await.expect("the read succeeds");
        })
        .await;
        measure("stat, on the disk pool", 10_000, || async {
            env.stat(&path).await.expect("it is there");
        })
        .await;
        let (ask, mut asked) = mpsc::unbounded_channel();
        let (answer, mut answers) = mpsc::unbounded_channel();
        env.spawn_on(Lane(1), "echo", move || async move {
            while let Some(()) = asked.recv().await {
                answer.send(()).expect("the other lane waits");
            }
        });
        let start = Instant::now();
        for _ in 0..50_000 {
            ask.send(()).expect("the other lane listens");
            answers.recv().await.expect("the other lane answers");
        }
        let each = start.elapsed().as_nanos() / 50_000;
        println!("{:<48} {each:>9} ns", "a message to another lane and back");
    });
}

async fn answers(env: &Env) {
    measure("Done, ready", 10_000_000, || async {
        std::hint::black_box(Done::ready(std::hint::black_box(Ok(1_u64)))).await.expect("an answer");
    })
    .await;
    measure("Done, waited for, sent on the same lane", 3_000_000, || async {
        let (answer, done) = Done::wait();
        answer.send(std::hint::black_box(Ok(1_u64))).expect("somebody waits");
        done.await.expect("an answer");
    })
    .await;
    measure("Done, from a thread of a pool", 20_000, || async {
        env.blocking(Box::new(|| {})).await.expect("an answer");
    })
    .await;
}
