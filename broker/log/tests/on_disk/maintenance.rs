//! Cutting, retention, DeleteRecords.

use std::fs;
use std::path::Path;
use std::time::Duration;

use klamm_env::WallMillis;
use klamm_log::{Log, LogConfig, LogError, LogStart, TimestampQuery, TopicPartition};

use crate::batches::{batch, read_all, sent_by, small, values};
use crate::dump::{bases, complaints, names};
use crate::{CLEAN, on_disk, open, open_new};

async fn fill(log: &Log, from: usize, count: usize) {
    for number in from..from + count {
        let batch = batch(&values(number, 1), 1000 + number as i64);
        log.append_as_leader(batch, 0, WallMillis(0)).await.expect("appended");
    }
}

#[test]
fn truncation_cuts_records_indexes_and_producers() {
    on_disk(async |env, place| {
        let path = place.join("orders-0");
        let (directory, log) = open_new(&env, &place, small()).await;
        for sequence in 0..60 {
            let batch = sent_by(7, 0, sequence, &values(usize::try_from(sequence).expect("positive"), 1));
            log.append_as_leader(batch, sequence / 20, WallMillis(0)).await.expect("appended");
        }
        log.flush().await.expect("flushed");
        for cut in [70, 60, 59, 45, 30, 29, 12, 1, 0] {
            log.truncate_to(cut).await.expect("cut");
            let end = cut.min(60);
            assert_eq!((log.log_end_offset(), log.flushed_end_offset()), (end, end));
            assert_eq!(read_all(&log, 0, end).await.len(), usize::try_from(end).expect("positive"));
            assert_eq!(complaints(&path), [""; 0], "cut to {cut}");
            assert_eq!(bases(&path).len(), log.segment_count());
            let last =
                log.active_producers().first().map_or(-1, |producer| i64::from(producer.last_sequence));
            assert_eq!(last, end - 1, "cut to {cut}");
            assert_eq!(log.latest_epoch(), (end > 0).then(|| i32::try_from((end - 1) / 20).expect("small")));
        }
        fill(&log, 0, 30).await;
        log.close().await.expect("closed");
        let log = open(&directory, small(), CLEAN).await;
        assert_eq!(read_all(&log, 0, 30).await.len(), 30);
        log.truncate_fully_and_start_at(100).await.expect("emptied");
        assert_eq!((log.log_start_offset(), log.log_end_offset(), log.flushed_end_offset()), (100, 100, 100));
        assert_eq!(bases(&path), [100]);
        fill(&log, 0, 3).await;
        drop(log);
        let log = open(&directory, small(), LogStart { recovery_point: 100, ..LogStart::default() }).await;
        assert_eq!((log.log_start_offset(), log.log_end_offset()), (100, 103));
    });
}

#[test]
fn retention_removes_whole_segments_below_the_high_watermark() {
    on_disk(async |env, place| {
        let path = place.join("orders-0");
        let config = LogConfig { retention_ms: 20, file_delete_delay_ms: 30, ..small() };
        let (directory, log) = open_new(&env, &place, config.clone()).await;
        fill(&log, 0, 60).await;
        let before = log.segment_count();
        assert_eq!(log.delete_old_segments(60, WallMillis(1000)).await.expect("looked"), 0);
        assert_eq!(
            log.delete_old_segments(0, WallMillis(9999)).await.expect("looked"),
            0,
            "high watermark 0"
        );
        // Records up to 1029 are older than 20 ms at 1050.
        let gone = log.delete_old_segments(60, WallMillis(1050)).await.expect("removed");
        assert_eq!(log.log_start_to_remember(), None, "the first segment tells it");
        let start = log.log_start_offset();
        assert!(gone > 0 && start > 10 && start <= 30, "{gone} segments up to {start}");
        assert_eq!(bases(&path)[0], start);
        assert_eq!(names(&path).iter().filter(|name| name.ends_with(".log.deleted")).count(), gone);
        assert!(matches!(
            log.read(start - 1, 10, true, 60).await.map(|_| ()),
            Err(LogError::OffsetOutOfRange { .. })
        ));
        assert_eq!(read_all(&log, start, 60).await.len(), usize::try_from(60 - start).expect("positive"));
        env.sleep(Duration::from_millis(300)).await;
        assert!(!names(&path).iter().any(|name| name.ends_with(".deleted")));
        log.update_config(LogConfig { retention_ms: -1, retention_bytes: 1500, ..config.clone() });
        log.delete_old_segments(60, WallMillis(0)).await.expect("removed");
        assert!(log.size() >= 1500 && log.size() < 2500, "{} bytes are left", log.size());
        log.update_config(LogConfig { retention_ms: 1, ..config.clone() });
        assert!(log.delete_old_segments(60, WallMillis(99_999)).await.expect("removed") < before);
        assert_eq!((log.log_start_offset(), log.log_end_offset(), log.size()), (60, 60, 0));
        assert_eq!(complaints(&path), [""; 0]);
        drop(log);
        let log = open(&directory, config, LogStart { recovery_point: 60, ..LogStart::default() }).await;
        assert_eq!((log.log_start_offset(), log.log_end_offset()), (60, 60));
    });
}

/// Files of the log's directory that this process has open.
fn open_files(path: &Path) -> usize {
    let handles = fs::read_dir("/proc/self/fd").expect("Linux");
    let of_log = |target: &std::path::PathBuf| target.starts_with(path) && target.is_file();
    handles.filter_map(|handle| fs::read_link(handle.ok()?.path()).ok()).filter(of_log).count()
}

/// Every segment that was appended to, checked at a start or looked at by time stayed open: a log of a thousand of them
/// took all the handles that a process has by default.
#[test]
fn a_log_of_many_segments_holds_few_files() {
    const FEW: usize = 40;
    on_disk(async |env, place| {
        let path = place.join("orders-0");
        let (directory, log) = open_new(&env, &place, small()).await;
        assert_eq!(open_files(&path), 1, "an idle log");
        fill(&log, 0, 1300).await;
        log.flush().await.expect("flushed");
        assert!(log.segment_count() >= 100, "{}", log.segment_count());
        assert!(open_files(&path) <= FEW, "appended: {}", open_files(&path));
        assert_eq!(read_all(&log, 0, 1300).await.len(), 1300);
        assert!(open_files(&path) <= FEW, "read: {}", open_files(&path));
        for timestamp in 1000..2300 {
            let query = TimestampQuery::At(timestamp);
            let found = log.offset_for_timestamp(query, 1300).await.expect("looked").expect("found");
            assert_eq!(found.offset, timestamp - 1000);
        }
        assert!(open_files(&path) <= FEW, "looked at by time: {}", open_files(&path));
        drop(log);
        let log = open(&directory, small(), LogStart::default()).await;
        assert!(open_files(&path) <= FEW, "checked: {}", open_files(&path));
        log.close().await.expect("closed");
        assert_eq!(open_files(&path), 0, "closed");
    });
}

#[test]
fn idle_logs_give_their_files_to_others() {
    on_disk(async |env, place| {
        let (directory, first) = open_new(&env, &place, LogConfig::default()).await;
        directory.limit_open_files(8);
        fill(&first, 0, 3).await;
        let mut logs = vec![first];
        for partition in 1..40 {
            let partition = TopicPartition::new("orders", partition);
            let start = LogStart::default();
            let log = Log::open(&directory, &partition, None, LogConfig::default(), start).await;
            logs.push(log.expect("opened"));
        }
        assert!(open_files(&place) <= 30, "{}", open_files(&place));
        for log in &logs {
            fill(log, 0, 3).await;
            log.flush().await.expect("flushed");
        }
        fill(&logs[0], 3, 3).await;
        assert_eq!(read_all(&logs[0], 0, 6).await.len(), 6);
        assert!(open_files(&place) <= 30, "{}", open_files(&place));
    });
}

#[test]
fn deleted_records_are_out_of_reach() {
    on_disk(async |env, place| {
        let (directory, log) = open_new(&env, &place, small()).await;
        fill(&log, 0, 60).await;
        assert!(log.delete_records_before(31, 30).is_err());
        log.delete_records_before(30, 60).expect("moved");
        log.delete_records_before(20, 60).expect("nothing to move");
        assert_eq!((log.log_start_offset(), log.log_start_to_remember()), (30, Some(30)));
        assert!(log.read(29, 10, true, 60).await.is_err());
        assert!(log.delete_old_segments(60, WallMillis(0)).await.expect("removed") > 0);
        let first = log.first_segment_offset();
        assert!(first > 0 && first < 30, "{first}");
        assert_eq!(log.log_start_to_remember(), Some(30));
        assert_eq!(read_all(&log, 30, 60).await.len(), 30);
        log.close().await.expect("closed");
        let start = LogStart { recovery_point: 60, log_start_offset: 30, clean: true };
        let log = open(&directory, small(), start).await;
        assert_eq!(log.log_start_offset(), 30);
        drop(log);
        let start = LogStart { recovery_point: 60, log_start_offset: 90, clean: false };
        let log = open(&directory, small(), start).await;
        let kept = (first, 60);
        assert_eq!((log.log_start_offset(), log.log_end_offset()), kept, "nothing can be missing at its end");
        drop(log);
        let unflushed = LogConfig { durability_fsync: false, ..small() };
        let log = open(&directory, unflushed, start).await;
        assert_eq!((log.log_start_offset(), log.log_end_offset()), (90, 90));
        assert_eq!(log.log_start_to_remember(), Some(90), "the segment that tells it is new");
    });
}
