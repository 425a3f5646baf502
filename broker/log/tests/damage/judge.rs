//! Opens a log and holds everything that it serves against what was acknowledged. Not here: what was done to it.

use std::path::{Path, PathBuf};

use klamm_env::{Env, WallMillis};
use klamm_log::{Log, LogDirectory, LogError, LogStart, TimestampQuery, Uuid};
use klamm_records::Batches;

use crate::batches::{batch, records, small, value, values};
use crate::{Files, Truth, partition, place};

/// What became of the records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// Served as they were acknowledged.
    pub(crate) served: usize,
    /// Refused as damaged.
    pub(crate) refused: usize,
    /// Not there any more.
    pub(crate) cut: usize,
    /// The log says that something is wrong.
    pub(crate) reported: bool,
}

/// Opens a log with these files. Panics if it serves anything but the truth, or keeps a loss to itself.
pub(crate) async fn judge(env: &Env, files: &Files, start: LogStart, truth: &Truth, what: &str) -> Found {
    let root = PathBuf::from("/judged");
    let path = root.join(partition(0).directory_name());
    place(env, &path, files).await;
    let directory = LogDirectory::open(env, &root).await.expect("it opens");
    let opened = Log::open(&directory, &partition(0), Some(Uuid([7; 16])), small(), start).await;
    let found = match opened {
        Ok(log) => judge_log(&log, truth, what).await,
        Err(LogError::Malformed { .. }) => Found { refused: truth.len(), reported: true, ..Found::default() },
        Err(error) => panic!("{what}: {error}"),
    };
    drop(directory);
    clear(env, &path).await;
    found
}

async fn clear(env: &Env, path: &Path) {
    for entry in env.list(path).await.expect("it is there") {
        env.remove(&path.join(entry.name)).await.expect("it is there");
    }
    env.remove(path).await.expect("it is empty");
}

async fn judge_log(log: &Log, truth: &Truth, what: &str) -> Found {
    let mut found = Found::default();
    for (offset, expected) in (0..).zip(truth) {
        match served(log, offset).await {
            Ok(None) => found.cut += 1,
            Ok(Some(served)) => {
                assert_eq!(&served, expected, "{what}: offset {offset}");
                found.served += 1;
            }
            Err(LogError::Damaged { first_offset, last_offset }) => {
                assert!(
                    (first_offset..=last_offset).contains(&offset),
                    "{what}: {first_offset} to {last_offset}"
                );
                found.refused += 1;
            }
            Err(error) => panic!("{what}: offset {offset}: {error}"),
        }
    }
    for query in [900, 1003, 1015, 1100] {
        look_up(log, query, truth, &found, what).await;
    }
    let epochs = truth.iter().map(|record| record.2);
    assert!(
        log.latest_epoch() <= epochs.max(),
        "{what}: {:?} keeps the leader from appending",
        log.latest_epoch()
    );
    found.reported = log.damaged_groups() > 0 || log.cut_at_open() > 0;
    let lost = found.refused + found.cut;
    assert!(lost == 0 || found.reported, "{what}: {found:?}, and not a word");
    append(log, what).await;
    found
}

/// The record at an offset; `None` if there is none.
async fn served(log: &Log, offset: i64) -> Result<Option<(String, i64, i32)>, LogError> {
    if offset >= log.log_end_offset() {
        return Ok(None);
    }
    let slice = log.read(offset, 1, true, log.log_end_offset()).await?;
    let bytes = slice.bytes().await?;
    for batch in Batches::new(bytes) {
        let batch = batch.expect("a sound batch");
        batch.check_crc().expect("a CRC that fits");
        for record in records(&batch) {
            if record.offset == offset {
                return Ok(Some((value(&record), record.timestamp, batch.header().partition_leader_epoch)));
            }
        }
    }
    Ok(None)
}

/// The first record that is as late as a time is the true one, unless it is among those that are lost.
async fn look_up(log: &Log, timestamp: i64, truth: &Truth, found: &Found, what: &str) {
    let true_one = truth.iter().position(|record| record.1 >= timestamp).map(|offset| offset as i64);
    let answer = log.offset_for_timestamp(TimestampQuery::At(timestamp), log.log_end_offset()).await;
    match answer {
        Ok(answer) if found.refused + found.cut == 0 => {
            assert_eq!(answer.map(|answer| answer.offset), true_one, "{what}: time {timestamp}");
        }
        Ok(Some(answer)) => {
            let (_, at, leader_epoch) = &truth[usize::try_from(answer.offset).expect("from 0")];
            assert_eq!(
                (answer.timestamp, answer.leader_epoch),
                (*at, *leader_epoch),
                "{what}: time {timestamp}"
            );
        }
        Ok(None) | Err(LogError::Damaged { .. }) => {}
        Err(error) => panic!("{what}: time {timestamp}: {error}"),
    }
}

/// What is appended behind all that is read again.
async fn append(log: &Log, what: &str) {
    let end = log.log_end_offset();
    let appended = log.append_as_leader(batch(&values(777, 2), 5000), 90, WallMillis(0)).await;
    let appended = appended.unwrap_or_else(|error| panic!("{what}: {error}"));
    assert_eq!(appended.first_offset, end, "{what}");
    log.flush().await.expect("the disk is sound");
    for (offset, expected) in (end..).zip(values(777, 2)) {
        let served = served(log, offset).await.unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(served.map(|record| record.0), Some(expected), "{what}");
    }
}
