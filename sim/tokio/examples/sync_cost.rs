//! What a barrier over many files costs: an `fdatasync` each, side by side, against one `syncfs`.
//!
//! 4 KiB are appended to each file before each barrier; medians, in microseconds. `SYNCFS_FILES_MIN` of the
//! engine follows from this table. Give a directory on the disk to be measured; without one, the system's
//! directory for temporary files is taken.

#![allow(clippy::print_stdout, reason = "the table is what this program is for")]

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use klamm_env::Env;
use klamm_env_tokio::Options;

const ROUNDS: u64 = 15;
const APPEND: [u8; 4096] = [7; 4096];

fn main() -> io::Result<()> {
    let dir = std::env::args_os().nth(1).map_or_else(std::env::temp_dir, PathBuf::from);
    let dir = tempfile::tempdir_in(dir)?;
    println!("{:>6} {:>14} {:>10}", "files", "fdatasync each", "one syncfs");
    let options =
        Options { lanes: 1, blocking_threads: Options::default().disk_threads, ..Options::default() };
    klamm_env_tokio::run(options, |env| async move {
        for count in [1, 2, 3, 4, 6, 8, 12, 16, 32, 64, 200] {
            let files = (0..count)
                .map(|number| File::create(dir.path().join(format!("{count}-{number}"))).map(Arc::new))
                .collect::<io::Result<Vec<_>>>()?;
            let mut each = Vec::new();
            let mut whole = Vec::new();
            for round in 0..ROUNDS {
                each.push(sync_each(&env, &files, round * 2).await?);
                whole.push(sync_whole(&env, &files, round * 2 + 1).await?);
            }
            println!("{count:>6} {:>14} {:>10}", median(each), median(whole));
        }
        Ok(())
    })
}

fn append(files: &[Arc<File>], block: u64) -> io::Result<()> {
    files.iter().try_for_each(|file| file.write_all_at(&APPEND, block * APPEND.len() as u64))
}

async fn sync_each(env: &Env, files: &[Arc<File>], block: u64) -> io::Result<Duration> {
    append(files, block)?;
    let start = Instant::now();
    let barriers: Vec<_> = files
        .iter()
        .map(|file| {
            let file = file.clone();
            env.blocking(Box::new(move || file.sync_data().expect("the disk works")))
        })
        .collect();
    for barrier in barriers {
        barrier.await?;
    }
    Ok(start.elapsed())
}

async fn sync_whole(env: &Env, files: &[Arc<File>], block: u64) -> io::Result<Duration> {
    append(files, block)?;
    let start = Instant::now();
    let file = files[0].clone();
    env.blocking(Box::new(move || rustix::fs::syncfs(&file).expect("the disk works"))).await?;
    Ok(start.elapsed())
}

fn median(mut times: Vec<Duration>) -> u128 {
    times.sort_unstable();
    times[times.len() / 2].as_micros()
}
