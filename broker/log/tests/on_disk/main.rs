//! Logs on the real disk: their files' bytes, and every operation. Not here: power losses (see `crash`).
#![allow(clippy::disallowed_methods, reason = "the tests look at files as another program would")]

mod batches;
mod dump;
mod files;
mod leftovers;
mod maintenance;
mod reading;

use std::future::Future;
use std::path::Path;

use klamm_env::Env;
use klamm_env_tokio::Options;
use klamm_log::{Log, LogConfig, LogDirectory, LogStart, TopicPartition, Uuid};

/// Runs a test on one lane with a directory of its own.
fn on_disk<F: Future<Output = ()>>(test: impl FnOnce(Env, std::path::PathBuf) -> F) {
    let place = tempfile::tempdir().expect("a temporary directory");
    let options = Options { lanes: 1, disk_threads: 2, blocking_threads: 1 };
    klamm_env_tokio::run(options, |env| test(env, place.path().to_owned()));
}

fn orders() -> TopicPartition {
    TopicPartition::new("orders", 0)
}

async fn open(directory: &LogDirectory, config: LogConfig, start: LogStart) -> Log {
    Log::open(directory, &orders(), Some(Uuid::METADATA_TOPIC), config, start).await.expect("it opens")
}

async fn open_new(env: &Env, place: &Path, config: LogConfig) -> (LogDirectory, Log) {
    let directory = LogDirectory::open(env, place).await.expect("it opens");
    let log = open(&directory, config, LogStart::default()).await;
    (directory, log)
}

const CLEAN: LogStart = LogStart { recovery_point: 0, log_start_offset: 0, clean: true };
