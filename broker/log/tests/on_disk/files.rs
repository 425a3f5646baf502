//! The files of a log: their names, sizes and bytes while it runs, after a kill and after a clean stop.

use std::fs;

use bytes::{Bytes, BytesMut};
use klamm_env::WallMillis;
use klamm_log::{AppendError, LogConfig, LogError, LogStart, OffsetCheckpoint, TopicPartition};
use klamm_records::{BATCH_HEADER_LEN, BatchHeader, Stamp};

use crate::batches::{batch, read_all, sent_by, small, values};
use crate::dump::{complaints, names};
use crate::{CLEAN, on_disk, open, open_new, orders};

#[test]
fn the_files_of_a_small_log() {
    on_disk(async |env, place| {
        let (directory, log) = open_new(&env, &place, LogConfig::default()).await;
        let info =
            log.append_as_leader(batch(&values(0, 3), 1000), 4, WallMillis(5)).await.expect("appended");
        assert_eq!((info.first_offset, info.last_offset, info.log_append_time), (0, 2, -1));
        log.close().await.expect("closed");
        assert!(matches!(
            log.append_as_leader(batch(&values(0, 1), 0), 4, WallMillis(5)).await,
            Err(AppendError::Log(LogError::Offline))
        ));
        let path = place.join("orders-0");
        let expected = [
            "00000000000000000000.index",
            "00000000000000000000.log",
            "00000000000000000000.sidecar",
            "00000000000000000000.timeindex",
            "00000000000000000003.snapshot",
            "leader-epoch-checkpoint",
            "partition.metadata",
        ];
        assert_eq!(names(&path), expected);
        let read = |name: &str| fs::read(path.join(name)).expect("a file");
        assert_eq!(read(expected[0]), b"");
        assert_eq!((read(expected[2]).len(), &read(expected[2])[..8]), (64, &b"KLS1\0\0\0\0"[..]));
        assert_eq!(read(expected[3]), [0, 0, 0, 0, 0, 0, 3, 234, 0, 0, 0, 2]);
        assert_eq!(read(expected[4]), [0, 1, 0x48, 0x67, 0x4b, 0xc7, 0, 0, 0, 0]);
        assert_eq!(read(expected[5]), b"0\n1\n4 0\n");
        assert_eq!(read(expected[6]), b"version: 0\ntopic_id: AAAAAAAAAAAAAAAAAAAAAQ");
        let bytes = read(expected[1]);
        let header = BatchHeader::read(bytes.first_chunk::<BATCH_HEADER_LEN>().expect("a header"));
        assert_eq!((header.base_offset, header.partition_leader_epoch), (0, 4));
        assert_eq!(complaints(&path), [""; 0]);
        let log = open(&directory, LogConfig::default(), CLEAN).await;
        assert_eq!((log.log_end_offset(), log.flushed_end_offset(), log.latest_epoch()), (3, 3, Some(4)));
    });
}

#[test]
fn dump_finds_nothing_after_a_kill_and_after_a_clean_stop() {
    on_disk(async |env, place| {
        let path = place.join("orders-0");
        let config = LogConfig { segment_bytes: 100_000, index_interval_bytes: 200, ..LogConfig::default() };
        let (directory, log) = open_new(&env, &place, config.clone()).await;
        for number in 0..1500 {
            let timestamp = 1_000_000 + i64::from((number * 7919) % 1009);
            let batch = batch(&values(number as usize, 1 + number as usize % 3), timestamp);
            log.append_as_leader(batch, 0, WallMillis(0)).await.expect("appended");
            if number % 300 == 0 {
                assert_eq!(complaints(&path), [""; 0], "killed after {number}");
            }
        }
        let end = log.log_end_offset();
        assert!(log.segment_count() > 1);
        let active = crate::dump::bases(&path).pop().expect("a segment");
        let len = |suffix: &str| {
            fs::metadata(path.join(format!("{active:020}.{suffix}")))
                .expect("a file of the active segment")
                .len()
        };
        assert_eq!((len("index"), len("timeindex")), (10_485_760, 10_485_756), "preallocated");
        assert_eq!(complaints(&path), [""; 0], "killed");
        drop(log);
        let log = open(&directory, config.clone(), LogStart::default()).await;
        assert_eq!(complaints(&path), [""; 0], "recovered");
        assert_eq!((log.log_end_offset(), log.flushed_end_offset()), (end, end));
        assert_eq!(read_all(&log, 0, end).await.len(), usize::try_from(end).expect("positive"));
        log.close().await.expect("closed");
        assert_eq!(complaints(&path), [""; 0], "stopped cleanly");
        let log = open(&directory, config, CLEAN).await;
        assert_eq!(log.log_end_offset(), end);
        log.append_as_leader(batch(&values(0, 40), 2_000_000), 0, WallMillis(0)).await.expect("appended");
        log.close().await.expect("closed");
        assert_eq!(complaints(&path), [""; 0], "appended to and stopped again");
    });
}

#[test]
fn a_torn_tail_is_cut() {
    on_disk(async |env, place| {
        let (directory, log) = open_new(&env, &place, LogConfig::default()).await;
        for number in 0..5 {
            log.append_as_leader(batch(&values(number, 1), 10), 0, WallMillis(0)).await.expect("appended");
        }
        drop(log);
        let file = place.join("orders-0/00000000000000000000.log");
        let sound = fs::read(&file).expect("a log");
        let size = sound.len() / 5;
        for cut in [1, size / 2, size - 1] {
            fs::write(&file, &sound[..4 * size + cut]).expect("written");
            let log = open(&directory, LogConfig::default(), LogStart::default()).await;
            assert_eq!(log.log_end_offset(), 4, "{cut} bytes are left of the last batch");
        }
        let mut rotten = sound.clone();
        rotten[3 * size + 70] ^= 1;
        fs::write(&file, &rotten).expect("written");
        let log = open(&directory, LogConfig::default(), LogStart::default()).await;
        assert_eq!(read_all(&log, 0, 3).await.len(), 3);
        assert_eq!(log.log_end_offset(), 3);
        let mut zeros = sound[..2 * size].to_vec();
        zeros.resize(4096, 0);
        fs::write(&file, &zeros).expect("written");
        let log = open(&directory, LogConfig::default(), LogStart::default()).await;
        assert_eq!(log.log_end_offset(), 2);
        assert_eq!(fs::read(&file).expect("a log").len(), 2 * size);
    });
}

/// What power leaves when a leader of epoch 3 had written two batches, the second was cut off by the one of epoch 5 that
/// took its place, and the power went before the rest of that was on the disk: the batch of epoch 3 behind it is back.
#[test]
fn a_batch_of_an_earlier_leader_behind_a_later_ones_is_cut() {
    on_disk(async |env, place| {
        let (directory, log) = open_new(&env, &place, LogConfig::default()).await;
        let stamped = |number: i64, epoch| {
            let stamp =
                Stamp { base_offset: Some(number), partition_leader_epoch: Some(epoch), ..Stamp::default() };
            let mut bytes = BytesMut::from(&batch(&values(number as usize, 1), 1000)[..]);
            stamp.apply(&mut bytes);
            bytes.freeze()
        };
        for (number, epoch) in [(0, 3), (1, 5)] {
            log.append_as_follower(stamped(number, epoch), WallMillis(0)).await.expect("appended");
        }
        drop(log);
        let file = place.join("orders-0/00000000000000000000.log");
        let bytes = [fs::read(&file).expect("a log"), stamped(2, 3).to_vec()].concat();
        fs::write(&file, bytes).expect("written");
        let log = open(&directory, LogConfig::default(), LogStart::default()).await;
        assert_eq!((log.log_end_offset(), log.latest_epoch()), (2, Some(5)));
        assert_eq!(complaints(&place.join("orders-0")), [""; 0]);
    });
}

#[test]
fn indexes_that_are_missing_or_rotten_are_built_anew() {
    on_disk(async |env, place| {
        let path = place.join("orders-0");
        let (directory, log) = open_new(&env, &place, small()).await;
        for number in 0..60 {
            let batch = batch(&values(number, 1), 100 + number as i64);
            log.append_as_leader(batch, 0, WallMillis(0)).await.expect("appended");
        }
        let expected = read_all(&log, 0, 60).await;
        log.close().await.expect("closed");
        let damages: [&dyn Fn(&std::path::Path); 4] = [
            &|file| fs::remove_file(file).expect("removed"),
            &|file| fs::write(file, b"nonsense").expect("written"),
            &|file| fs::write(file, [255; 240]).expect("written"),
            &|file| fs::write(file, [0, 0, 0, 1, 0, 0, 0, 3]).expect("written"),
        ];
        for (number, damage) in damages.iter().enumerate() {
            for name in names(&path) {
                if name.ends_with("index") {
                    damage(&path.join(name));
                }
            }
            let log = open(&directory, small(), CLEAN).await;
            assert_eq!(read_all(&log, 0, 60).await, expected, "damage {number}");
            let found =
                log.offset_for_timestamp(klamm_log::TimestampQuery::At(131), 60).await.expect("looked");
            assert_eq!(found.map(|found| found.offset), Some(31), "damage {number}");
            log.close().await.expect("closed");
        }
    });
}

#[test]
fn duplicates_are_known_after_a_restart() {
    on_disk(async |env, place| {
        let (directory, log) = open_new(&env, &place, small()).await;
        let send = async |log: &klamm_log::Log, sequence| {
            let batch = sent_by(7, 0, sequence, &values(0, 1));
            log.append_as_leader(batch, 0, WallMillis(0)).await
        };
        for sequence in 0..8 {
            assert!(!send(&log, sequence).await.expect("appended").duplicate);
        }
        let check = async |log: &klamm_log::Log, known_from: i32| {
            for sequence in known_from..8 {
                let info = send(log, sequence).await.expect("known");
                let expected = (true, i64::from(sequence), 1000);
                assert_eq!((info.duplicate, info.first_offset, info.log_append_time), expected);
            }
            assert!(matches!(send(log, known_from - 1).await, Err(AppendError::OutOfOrderSequence { .. })));
            assert!(matches!(send(log, 9).await, Err(AppendError::OutOfOrderSequence { .. })));
        };
        check(&log, 3).await;
        log.close().await.expect("closed");
        let log = open(&directory, small(), CLEAN).await;
        check(&log, 3).await;
        drop(log);
        let log = open(&directory, small(), LogStart::default()).await;
        check(&log, 3).await;
        for name in names(&place.join("orders-0")) {
            if name.ends_with(".snapshot") {
                fs::write(place.join("orders-0").join(name), b"rotten").expect("written");
            }
        }
        let log = open(&directory, small(), CLEAN).await;
        check(&log, 3).await;
        assert_eq!(log.active_producers()[0].last_sequence, 7);
    });
}

#[test]
fn a_directory_is_locked_and_keeps_its_small_files() {
    on_disk(async |env, place| {
        let (directory, log) = open_new(&env, &place, LogConfig::default()).await;
        let again = klamm_log::LogDirectory::open(&env, &place).await;
        assert!(matches!(again.map(|_| ()), Err(LogError::Locked(_))));
        assert_eq!(directory.take_clean_shutdown().await.expect("read"), None);
        directory.write_clean_shutdown(12).await.expect("written");
        assert_eq!(
            fs::read(place.join(".kafka_cleanshutdown")).expect("a file"),
            br#"{"version":0,"brokerEpoch":12}"#
        );
        assert_eq!(directory.take_clean_shutdown().await.expect("read"), Some(12));
        assert_eq!(directory.take_clean_shutdown().await.expect("read"), None);
        let offsets = [(orders(), 5), (TopicPartition::new("b", 3), 0)].into();
        for which in
            [OffsetCheckpoint::RecoveryPoint, OffsetCheckpoint::LogStart, OffsetCheckpoint::HighWatermark]
        {
            assert!(directory.read_checkpoint(which).await.expect("read").is_empty());
            directory.write_checkpoint(which, &offsets).await.expect("written");
            assert_eq!(directory.read_checkpoint(which).await.expect("read"), offsets);
        }
        assert_eq!(directory.list().await.expect("listed"), [klamm_log::LogName::Live(orders())]);
        log.update_config(LogConfig { file_delete_delay_ms: 20, ..LogConfig::default() });
        log.append_as_leader(batch(&values(0, 3), 0), 0, WallMillis(0)).await.expect("appended");
        let slice = log.read(0, 1 << 20, true, 3).await.expect("found");
        log.delete().await.expect("deleted");
        assert_eq!(directory.list().await.expect("listed"), [klamm_log::LogName::Deleted(orders())]);
        assert_eq!(slice.bytes().await.expect("an open file stays readable").len(), slice.len);
        assert!(log.append_as_leader(Bytes::new(), 0, WallMillis(0)).await.is_err());
        env.sleep(std::time::Duration::from_millis(200)).await;
        assert!(directory.list().await.expect("listed").is_empty());
        let other = klamm_log::Log::open(&directory, &orders(), None, LogConfig::default(), CLEAN).await;
        assert_eq!(other.expect("a new log").log_end_offset(), 0);
    });
}

#[test]
fn a_foreign_topic_id_is_refused() {
    on_disk(async |env, place| {
        let (directory, log) = open_new(&env, &place, LogConfig::default()).await;
        drop(log);
        let other = klamm_log::Uuid([9; 16]);
        let opened = klamm_log::Log::open(&directory, &orders(), Some(other), LogConfig::default(), CLEAN)
            .await
            .map(|_| ());
        assert!(matches!(opened, Err(LogError::Malformed { .. })));
    });
}
