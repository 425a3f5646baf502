//! Bytes of files. Not here: names, what survives.

use bytes::{Bytes, BytesMut};
use klamm_env::{IoVec, Open};

use std::time::Duration;

use crate::Case;
use crate::support::{Here, alone, pattern, read};

pub(crate) const CASES: &[Case] = &[
    alone!("file", what_is_written_is_read),
    alone!("file", parts_are_written_back_to_back),
    alone!("file", a_read_appends_to_its_buffer),
    alone!("file", a_read_is_short_only_at_the_end),
    alone!("file", a_gap_reads_as_zeros),
    alone!("file", cut_and_extended_with_zeros),
    alone!("file", handles_see_each_other),
    alone!("file", disjoint_ranges_at_the_same_time),
    alone!("file", a_dropped_write_still_happens),
    alone!("file", dropped_reads_do_no_harm),
    alone!("file", one_barrier_takes_any_set),
];

async fn what_is_written_is_read(here: Here) {
    let content = pattern(3 << 20);
    let file = here.file_of("file", &content).await;
    assert_eq!(file.len().await.expect("a length"), 3 << 20);
    assert!(read(&*file, 0, 3 << 20).await == content);
    assert_eq!(read(&*file, 1_000_001, 77).await, content[1_000_001..1_000_078]);
    file.write(1_000_001, Bytes::from_static(b"over").into()).await.expect("the write succeeds");
    file.write(0, IoVec::default()).await.expect("nothing to write");
    assert_eq!(read(&*file, 1_000_000, 6).await[1..5], b"over"[..]);
    assert_eq!(file.len().await.expect("a length"), 3 << 20);
}

async fn parts_are_written_back_to_back(here: Here) {
    let content = pattern(30_000);
    let parts: Vec<Bytes> = (0..3000).map(|part| content.slice(part * 10..part * 10 + 10)).collect();
    let empty = |at: usize| at.is_multiple_of(7).then(Bytes::new);
    let parts =
        parts.into_iter().enumerate().flat_map(|(at, part)| empty(at).into_iter().chain([part])).collect();
    let parts = IoVec(parts);
    assert_eq!((parts.len(), parts.is_empty()), (30_000, false));
    let file = here.file("file", Open::CREATE).await;
    file.write(0, parts).await.expect("the write succeeds");
    assert!(read(&*file, 0, 30_000).await == content);
}

async fn a_read_appends_to_its_buffer(here: Here) {
    let file = here.file_of("file", &pattern(100)).await;
    let read = file.read(10, 5, BytesMut::from(&b"before"[..])).await.expect("the read succeeds");
    assert_eq!(read, [b"before", &pattern(100)[10..15]].concat());
}

async fn a_read_is_short_only_at_the_end(here: Here) {
    let file = here.file_of("file", &pattern(100)).await;
    for (at, len, expected) in
        [(0, 100, 100), (90, 20, 10), (99, 1, 1), (100, 1, 0), (5000, 10, 0), (3, 0, 0)]
    {
        let read = file.read(at, len, BytesMut::new()).await.expect("the read succeeds");
        assert_eq!(read.len(), expected, "{len} bytes at {at}");
    }
}

async fn a_gap_reads_as_zeros(here: Here) {
    let file = here.file_of("file", &pattern(10)).await;
    file.write(100_000, pattern(3).into()).await.expect("the write succeeds");
    let content = read(&*file, 0, 200_000).await;
    assert_eq!(content.len(), 100_003);
    assert_eq!((&content[..10], &content[100_000..]), (&pattern(10)[..], &pattern(3)[..]));
    assert!(content[10..100_000].iter().all(|byte| *byte == 0));
}

async fn cut_and_extended_with_zeros(here: Here) {
    let file = here.file_of("file", &pattern(10_000)).await;
    file.set_len(5000).await.expect("the file is cut");
    assert_eq!(read(&*file, 0, 20_000).await, pattern(10_000)[..5000]);
    file.set_len(9000).await.expect("the file is extended");
    assert_eq!(file.len().await.expect("a length"), 9000);
    let content = read(&*file, 0, 20_000).await;
    assert_eq!(content[..5000], pattern(10_000)[..5000]);
    assert!(content.len() == 9000 && content[5000..].iter().all(|byte| *byte == 0), "what was cut came back");
    file.set_len(0).await.expect("the file is emptied");
    assert_eq!(here.stat(&here.path("file")).await.expect("it is there").len, 0);
}

async fn handles_see_each_other(here: Here) {
    let one = here.file("file", Open::CREATE).await;
    let other = here.file("file", Open::EDIT).await;
    one.write(0, pattern(50).into()).await.expect("the write succeeds");
    assert_eq!(read(&*other, 0, 100).await, pattern(50));
    other.set_len(20).await.expect("the file is cut");
    assert_eq!(one.len().await.expect("a length"), 20);
}

async fn disjoint_ranges_at_the_same_time(here: Here) {
    const PART: usize = 10_000;
    let content = pattern(PART * 50);
    let file = here.file("file", Open::CREATE).await;
    let slice = |part: usize| content.slice(part * PART..(part + 1) * PART);
    let writes: Vec<_> =
        (0..50).rev().map(|part| file.write((part * PART) as u64, slice(part).into())).collect();
    for write in writes {
        write.await.expect("the write succeeds");
    }
    let reads: Vec<_> = (0..50).map(|part| file.read((part * PART) as u64, PART, BytesMut::new())).collect();
    for (part, read) in reads.into_iter().enumerate() {
        assert!(read.await.expect("the read succeeds") == slice(part));
    }
}

async fn a_dropped_write_still_happens(here: Here) {
    let file = here.file("file", Open::CREATE).await;
    drop(file.write(0, pattern(100_000).into()));
    let there = async {
        while read(&*file, 0, 100_000).await != pattern(100_000) {
            here.sleep(Duration::from_millis(1)).await;
        }
    };
    here.soon("the write", there).await;
    let path = here.path("made");
    drop(here.open(&path, Open::CREATE));
    let there = async {
        while here.stat(&path).await.is_err() {
            here.sleep(Duration::from_millis(1)).await;
        }
    };
    here.soon("the file", there).await;
}

async fn dropped_reads_do_no_harm(here: Here) {
    let file = here.file_of("file", &pattern(100_000)).await;
    for at in 0..50 {
        drop(file.read(at, 50_000, BytesMut::with_capacity(64)));
        drop(file.len());
    }
    assert!(read(&*file, 0, 100_000).await == pattern(100_000));
}

async fn one_barrier_takes_any_set(here: Here) {
    here.sync(Vec::new()).await.expect("nothing to sync");
    let mut files = Vec::new();
    for number in 0..60 {
        files.push(here.file_of(&format!("file-{number}"), &pattern(number)).await);
    }
    files.push(files[0].clone());
    here.sync(files[..3].to_vec()).await.expect("a few are synced");
    for file in &files {
        file.write(0, pattern(7).into()).await.expect("the write succeeds");
    }
    drop(here.sync(files.clone()));
    here.sync(files.clone()).await.expect("many are synced");
    let read_only = here.file("file-1", Open::READ).await;
    here.sync(vec![read_only]).await.expect("a file opened to read can be synced");
}
