//! Reading by offset, by time and by leader epoch, and what an append writes.

use klamm_env::WallMillis;
use klamm_log::{AppendError, EpochEnd, LogConfig, LogDirectory, LogError, LogStart, TimestampQuery};
use klamm_records::{Compression, ProducerState, TimestampType};

use crate::batches::{batch, build, read_all, small, values};
use crate::{on_disk, open, open_new};

#[test]
fn reads_by_offset_stop_at_the_bound() {
    on_disk(async |env, place| {
        let (_directory, log) = open_new(&env, &place, small()).await;
        for number in 0..40 {
            let info = log.append_as_leader(batch(&values(2 * number, 2), 0), 0, WallMillis(0)).await;
            assert_eq!(info.expect("appended").first_offset, 2 * number as i64);
        }
        assert!(log.segment_count() >= 4);
        let expected: Vec<(i64, String)> = (0..).zip(values(0, 80)).collect();
        for from in [0, 1, 7, 38, 79] {
            let from_there: Vec<_> = expected[from..].to_vec();
            assert_eq!(read_all(&log, from as i64, 80).await, from_there, "from {from}");
        }
        let one = log.read(11, 1, true, 80).await.expect("found");
        assert_eq!((one.base_offset, one.len), (10, batch(&values(0, 2), 0).len()), "one whole batch");
        let none = log.read(11, 10, false, 80).await.expect("found");
        assert_eq!(none.len, 0, "no part of a batch");
        for bound in [0, 5, 6, 7, 8, 80] {
            let records = read_all(&log, 0, bound - bound % 2).await;
            assert!(records.iter().all(|(offset, _)| *offset < bound), "bound {bound}");
        }
        let empty = log.read(6, 100, true, 6).await.expect("nothing yet");
        assert_eq!((empty.len, empty.file.is_none()), (0, true));
        assert_eq!(log.read(80, 100, true, 80).await.expect("nothing yet").len, 0);
        assert!(matches!(log.read(81, 1, true, 80).await, Err(LogError::OffsetOutOfRange { .. })));
        assert!(matches!(log.read(-1, 1, true, 80).await, Err(LogError::OffsetOutOfRange { .. })));
    });
}

#[test]
fn the_flushed_end_moves_with_a_barrier() {
    on_disk(async |env, place| {
        let (directory, log) = open_new(&env, &place, LogConfig::default()).await;
        log.append_as_leader(batch(&values(0, 3), 0), 0, WallMillis(0)).await.expect("appended");
        assert_eq!((log.flushed_end_offset(), log.visible_end_offset(), log.log_end_offset()), (0, 0, 3));
        let first = log.flush();
        log.append_as_leader(batch(&values(3, 1), 0), 0, WallMillis(0)).await.expect("appended");
        let second = log.flush();
        assert_eq!(second.await.expect("flushed"), 4);
        assert_eq!(first.await.expect("flushed"), 4);
        log.append_as_leader(batch(&values(4, 1), 0), 0, WallMillis(0)).await.expect("appended");
        assert_eq!(log.visible_end_offset(), 4);
        log.update_config(LogConfig { durability_fsync: false, ..LogConfig::default() });
        assert_eq!(log.visible_end_offset(), 5);
        directory.take_offline("a test says so");
        assert!(log.flush().await.is_err());
        assert_eq!(directory.failed().await, "a test says so");
        assert!(log.append_as_leader(batch(&values(4, 1), 0), 0, WallMillis(0)).await.is_err());
        assert!(matches!(log.read(0, 10, true, 4).await.map(|_| ()), Err(LogError::Offline)));
    });
}

#[test]
fn offsets_by_time() {
    on_disk(async |env, place| {
        let (_directory, log) = open_new(&env, &place, small()).await;
        let none = log.offset_for_timestamp(TimestampQuery::MaxTimestamp, 0).await.expect("looked");
        assert_eq!(none, None);
        // Times rise by 10, but every fifth batch is early.
        let time = |number: usize| if number % 5 == 4 { 500 } else { 1000 + 10 * number as i64 };
        for number in 0..50 {
            let compression = [Compression::None, Compression::Zstd][number % 2];
            let batch = build(&values(2 * number, 2), time(number), ProducerState::NONE, compression);
            log.append_as_leader(batch, 3, WallMillis(0)).await.expect("appended");
        }
        let check = async |query, expected: Option<(i64, i64, i32)>| {
            let found = log.offset_for_timestamp(query, 100).await.expect("looked");
            let found = found.map(|found| (found.offset, found.timestamp, found.leader_epoch));
            assert_eq!(found, expected, "{query:?}");
        };
        check(TimestampQuery::Earliest, Some((0, -1, 3))).await;
        check(TimestampQuery::Latest, Some((100, -1, 3))).await;
        check(TimestampQuery::MaxTimestamp, Some((97, 1481, 3))).await;
        for target in [0, 500, 1000, 1001, 1002, 1100, 1101, 1102, 1250, 1480, 1481, 1482] {
            let records = (0..100).map(|offset| (offset as i64, time(offset / 2) + (offset % 2) as i64, 3));
            let expected = records.clone().find(|(_, timestamp, _)| *timestamp >= target);
            check(TimestampQuery::At(target), expected).await;
        }
        let bounded = log.offset_for_timestamp(TimestampQuery::At(1480), 90).await.expect("looked");
        assert_eq!(bounded, None, "beyond the bound");
    });
}

#[test]
fn a_leader_stamps_the_time_of_the_append() {
    on_disk(async |env, place| {
        let config = LogConfig { timestamp_type: TimestampType::LogAppendTime, ..small() };
        let (_directory, log) = open_new(&env, &place, config).await;
        let info = log.append_as_leader(batch(&values(0, 3), 0), 0, WallMillis(777)).await.expect("appended");
        assert_eq!(info.log_append_time, 777);
        assert_eq!(read_all(&log, 0, 3).await.len(), 3, "the CRC fits");
        let found = log.offset_for_timestamp(TimestampQuery::MaxTimestamp, 3).await.expect("looked");
        assert_eq!(found.map(|found| (found.offset, found.timestamp)), Some((0, 777)));
        log.update_config(small());
        let info = log.append_as_leader(batch(&values(0, 3), 5), 0, WallMillis(778)).await.expect("appended");
        assert_eq!(info.log_append_time, -1);
    });
}

#[test]
fn segments_roll_by_time_and_by_room_in_the_index() {
    on_disk(async |env, place| {
        let config = LogConfig { segment_bytes: 1 << 20, segment_ms: 100, ..small() };
        let (_directory, log) = open_new(&env, &place, config).await;
        let append = async |timestamp| {
            log.append_as_leader(batch(&values(0, 1), timestamp), 0, WallMillis(0)).await.expect("appended");
            log.segment_count()
        };
        assert_eq!(append(1000).await, 1);
        assert_eq!(append(1100).await, 1);
        assert_eq!(append(1101).await, 2);
        assert_eq!(append(900).await, 2);
        assert_eq!(append(1300).await, 3);
        log.update_config(LogConfig { segment_index_bytes: 64, ..small() });
        let mut counts = Vec::new();
        for _ in 0..40 {
            counts.push(append(1300).await);
        }
        assert!(counts.last() > Some(&4), "{counts:?}");
        log.roll().await.expect("rolled");
        let count = log.segment_count();
        log.roll().await.expect("nothing to roll");
        assert_eq!(log.segment_count(), count);
        let large = log.append_as_leader(batch(&values(0, 100), 0), 0, WallMillis(0)).await;
        assert!(matches!(large, Err(AppendError::LargerThanSegment { .. })));
    });
}

#[test]
fn leader_epochs_and_a_follower() {
    on_disk(async |env, place| {
        let (_directory, log) = open_new(&env, &place, small()).await;
        for (epoch, count) in [(0, 5), (2, 3), (5, 1)] {
            log.append_as_leader(batch(&values(0, count), 0), epoch, WallMillis(0)).await.expect("appended");
        }
        let check = |epoch, leader_epoch, end_offset| {
            assert_eq!(log.end_offset_for_epoch(epoch), EpochEnd { leader_epoch, end_offset });
        };
        check(0, 0, 0);
        check(5, 5, 0);
        log.flush().await.expect("flushed");
        check(0, 0, 5);
        check(1, 0, 5);
        check(2, 2, 8);
        check(5, 5, 9);
        check(6, -1, -1);
        let bytes = log.read_bytes(0, 1 << 20, 9).await.expect("read");
        let other = LogDirectory::open(&env, &place.join("other")).await.expect("another directory");
        let follower = open(&other, small(), LogStart::default()).await;
        let info = follower.append_as_follower(bytes.clone(), WallMillis(0)).await.expect("appended");
        assert_eq!((info.first_offset, info.last_offset, info.record_count), (0, 8, 9));
        assert_eq!(follower.read_bytes(0, 1 << 20, 9).await.expect("read"), bytes);
        follower.flush().await.expect("flushed");
        assert_eq!(follower.end_offset_for_epoch(2), EpochEnd { leader_epoch: 2, end_offset: 8 });
        let again = follower.append_as_follower(bytes, WallMillis(0)).await;
        assert!(matches!(again, Err(AppendError::OldLeaderEpoch { .. })));
        let again =
            follower.append_as_follower(log.read_bytes(8, 1, 9).await.expect("read"), WallMillis(0)).await;
        assert!(matches!(again, Err(AppendError::OffsetsNotMonotonic { .. })));
    });
}

/// A leader that had been replaced wrote on behind its successor; the next check cut its batch, and all behind it.
#[test]
fn an_earlier_leader_appends_nothing() {
    on_disk(async |env, place| {
        let (_directory, log) = open_new(&env, &place, small()).await;
        let append = async |epoch| log.append_as_leader(batch(&values(0, 1), 0), epoch, WallMillis(0)).await;
        append(3).await.expect("appended");
        assert!(matches!(
            append(2).await,
            Err(AppendError::OldLeaderEpoch { leader_epoch: 2, latest_epoch: 3 })
        ));
        log.assign_leader_epoch(5).await.expect("noted");
        assert!(matches!(
            append(3).await,
            Err(AppendError::OldLeaderEpoch { leader_epoch: 3, latest_epoch: 5 })
        ));
        append(5).await.expect("appended");
        assert_eq!((log.log_end_offset(), log.latest_epoch()), (2, Some(5)));
    });
}

#[test]
fn the_largest_time_is_that_of_a_record_that_is_left() {
    on_disk(async |env, place| {
        let (_directory, log) = open_new(&env, &place, small()).await;
        for (number, timestamp) in [9000, 100, 300, 200].into_iter().enumerate() {
            let compression = [Compression::None, Compression::Zstd][number % 2];
            let batch = build(&values(3 * number, 3), timestamp, ProducerState::NONE, compression);
            log.append_as_leader(batch, 0, WallMillis(0)).await.expect("appended");
        }
        let check = async |start, offset, timestamp| {
            log.delete_records_before(start, 12).expect("moved");
            let found = log.offset_for_timestamp(TimestampQuery::MaxTimestamp, 12).await.expect("looked");
            assert_eq!(
                found.map(|found| (found.offset, found.timestamp)),
                Some((offset, timestamp)),
                "{start}"
            );
        };
        check(0, 2, 9002).await;
        check(2, 2, 9002).await;
        check(3, 8, 302).await;
        check(8, 8, 302).await;
        check(9, 11, 202).await;
        check(11, 11, 202).await;
    });
}

#[test]
fn a_batch_that_is_too_large_to_look_into_is_found_whole() {
    on_disk(async |env, place| {
        let (_directory, log) = open_new(&env, &place, small()).await;
        for number in 0..3 {
            let batch = build(&values(0, 5), 100 * number, ProducerState::NONE, Compression::Gzip);
            log.append_as_leader(batch, 0, WallMillis(0)).await.expect("appended");
        }
        let check = async |decompressed_bytes_max, expected| {
            log.update_config(LogConfig { decompressed_bytes_max, ..small() });
            let found = log.offset_for_timestamp(TimestampQuery::At(102), 15).await.expect("looked");
            assert_eq!(found.map(|found| (found.offset, found.timestamp)), Some(expected));
        };
        check(1 << 20, (7, 102)).await;
        check(20, (5, 104)).await;
    });
}
