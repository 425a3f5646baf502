//! Names, directories, locks and room. Not here: bytes of files, loss of power.

use std::io::ErrorKind;
use std::time::Duration;

use bytes::Bytes;
use klamm_env::{Entry, Kind, Open};

use crate::Case;
use crate::support::{Here, alone, pattern, read};

pub(crate) const CASES: &[Case] = &[
    alone!("disk", open_does_as_it_is_told),
    alone!("disk", a_file_opened_to_read_is_not_written),
    alone!("disk", directories_are_made_with_those_above),
    alone!("disk", a_list_is_sorted),
    alone!("disk", rename_replaces),
    alone!("disk", rename_moves_directories_and_open_files),
    alone!("disk", a_removed_file_stays_readable),
    alone!("disk", only_empty_directories_are_removed),
    alone!("disk", stat_tells_kind_length_and_time),
    alone!("disk", there_is_room),
    alone!("disk", a_lock_is_held_by_one),
    alone!("disk", what_is_missing_is_not_found),
    alone!("disk", names_are_synced),
];

async fn open_does_as_it_is_told(here: Here) {
    let path = here.path("file");
    let fails = async |how| here.open(&path, how).await.err().map(|error| error.kind());
    assert_eq!(fails(Open::READ).await, Some(ErrorKind::NotFound));
    assert_eq!(fails(Open::EDIT).await, Some(ErrorKind::NotFound));
    assert_eq!(fails(Open::CREATE_NEW).await, None);
    assert_eq!(fails(Open::CREATE_NEW).await, Some(ErrorKind::AlreadyExists));
    here.file_of("file", &pattern(10)).await;
    assert_eq!(fails(Open::READ).await, None);
    assert_eq!(fails(Open::EDIT).await, None);
    assert_eq!(fails(Open::CREATE).await, None);
    assert_eq!(here.content_of("file").await, pattern(10));
    assert_eq!(fails(Open::REPLACE).await, None);
    assert_eq!(here.content_of("file").await, Bytes::new());
    let below = here.path("missing").join("file");
    assert_eq!(
        here.open(&below, Open::CREATE).await.err().map(|error| error.kind()),
        Some(ErrorKind::NotFound)
    );
    assert!(here.open(&here.dir(), Open::READ).await.is_err(), "a directory was opened as a file");
}

async fn a_file_opened_to_read_is_not_written(here: Here) {
    here.file_of("file", &pattern(10)).await;
    let file = here.file("file", Open::READ).await;
    assert!(file.write(0, Bytes::from_static(b"other").into()).await.is_err());
    assert!(file.set_len(0).await.is_err());
    assert_eq!(here.content_of("file").await, pattern(10));
}

async fn directories_are_made_with_those_above(here: Here) {
    let deep = here.path("a").join("b").join("c");
    for _ in 0..2 {
        here.create_dir(&deep).await.expect("the directory is made, or there");
    }
    assert_eq!(here.stat(&deep).await.expect("it is there").kind, Kind::Directory);
    assert_eq!(here.list(&deep).await.expect("it can be listed"), []);
    here.file("a/b/c/file", Open::CREATE_NEW).await;
    assert_eq!(here.list(&deep).await.expect("it can be listed").len(), 1);
}

async fn a_list_is_sorted(here: Here) {
    for name in ["b", "a.10", "c", "a.9", "B"] {
        here.file(name, Open::CREATE).await;
    }
    here.create_dir(&here.path("a")).await.expect("the directory is made");
    let entry = |(name, kind): (&str, Kind)| Entry { name: name.to_owned(), kind };
    let expected = [
        ("B", Kind::File),
        ("a", Kind::Directory),
        ("a.10", Kind::File),
        ("a.9", Kind::File),
        ("b", Kind::File),
        ("c", Kind::File),
    ];
    assert_eq!(here.list(&here.dir()).await.expect("it can be listed"), expected.map(entry));
}

async fn rename_replaces(here: Here) {
    let new = here.file_of("new", &pattern(20)).await;
    let old = here.file_of("old", &pattern(10)).await;
    here.rename(&here.path("new"), &here.path("old")).await.expect("the rename succeeds");
    assert_eq!(here.content_of("old").await, pattern(20));
    assert_eq!(here.list(&here.dir()).await.expect("it can be listed").len(), 1);
    assert_eq!(read(&*new, 0, 100).await, pattern(20));
    assert_eq!(read(&*old, 0, 100).await, pattern(10), "the replaced file is no longer readable");
}

async fn rename_moves_directories_and_open_files(here: Here) {
    here.create_dir(&here.path("before")).await.expect("the directory is made");
    let file = here.file_of("before/file", &pattern(10)).await;
    here.rename(&here.path("before"), &here.path("after")).await.expect("the rename succeeds");
    file.write(10, Bytes::from_static(b"more").into()).await.expect("the file is still open");
    assert_eq!(here.content_of("after/file").await, [&pattern(10)[..], b"more"].concat());
    assert_eq!(
        here.stat(&here.path("before")).await.err().map(|error| error.kind()),
        Some(ErrorKind::NotFound)
    );
}

async fn a_removed_file_stays_readable(here: Here) {
    let file = here.file_of("file", &pattern(100_000)).await;
    here.remove(&here.path("file")).await.expect("the file is removed");
    assert_eq!(read(&*file, 0, 200_000).await, pattern(100_000));
    here.sync(vec![file.clone()]).await.expect("an open file without a name can be synced");
    here.file_of("file", &pattern(5)).await;
    assert_eq!(read(&*file, 0, 200_000).await, pattern(100_000), "the new file took the old one's place");
}

async fn only_empty_directories_are_removed(here: Here) {
    let dir = here.path("dir");
    here.create_dir(&dir).await.expect("the directory is made");
    here.file("dir/file", Open::CREATE).await;
    assert!(here.remove(&dir).await.is_err(), "a directory was removed with a file in it");
    here.remove(&dir.join("file")).await.expect("the file is removed");
    here.remove(&dir).await.expect("the directory is empty");
    assert_eq!(here.list(&here.dir()).await.expect("it can be listed"), []);
}

async fn stat_tells_kind_length_and_time(here: Here) {
    let before = here.wall();
    let file = here.file_of("file", &pattern(1234)).await;
    let stat = here.stat(&here.path("file")).await.expect("it is there");
    assert_eq!((stat.kind, stat.len), (Kind::File, 1234));
    assert!(
        (before.0 - 1000..=here.wall().0 + 1000).contains(&stat.modified.0),
        "{:?} {before:?}",
        stat.modified
    );
    here.sleep(Duration::from_millis(50)).await;
    file.write(0, pattern(1).into()).await.expect("the write succeeds");
    let later = here.stat(&here.path("file")).await.expect("it is there");
    assert_eq!(later.len, 1234);
    assert!(later.modified > stat.modified);
    let dir = here.stat(&here.dir()).await.expect("it is there");
    assert_eq!((dir.kind, dir.len), (Kind::Directory, 0));
}

async fn there_is_room(here: Here) {
    let space = here.free_space(&here.dir()).await.expect("the volume tells");
    assert!(space.usable > 0 && space.total >= space.usable, "{space:?}");
}

async fn a_lock_is_held_by_one(here: Here) {
    let path = here.path(".lock");
    for _ in 0..3 {
        let held = here.lock(&path).await.expect("nobody has it");
        for _ in 0..2 {
            assert_eq!(here.lock(&path).await.err().map(|error| error.kind()), Some(ErrorKind::WouldBlock));
        }
        let _other = here.lock(&here.path("other")).await.expect("another lock is free");
        drop(held);
    }
    assert_eq!(here.stat(&path).await.expect("the lock file stays").kind, Kind::File);
}

async fn what_is_missing_is_not_found(here: Here) {
    let missing = here.path("missing");
    let kinds = [
        here.stat(&missing).await.err().map(|error| error.kind()),
        here.list(&missing).await.err().map(|error| error.kind()),
        here.remove(&missing).await.err().map(|error| error.kind()),
        here.rename(&missing, &here.path("to")).await.err().map(|error| error.kind()),
        here.sync_dir(&missing).await.err().map(|error| error.kind()),
        here.lock(&missing.join(".lock")).await.err().map(|error| error.kind()),
    ];
    assert_eq!(kinds, [Some(ErrorKind::NotFound); 6]);
}

async fn names_are_synced(here: Here) {
    here.file("file", Open::CREATE).await;
    here.sync_dir(&here.dir()).await.expect("the directory is synced");
    here.rename(&here.path("file"), &here.path("other")).await.expect("the rename succeeds");
    drop(here.sync_dir(&here.dir()));
    here.sync_dir(&here.dir()).await.expect("the directory is synced");
    assert_eq!(here.list(&here.dir()).await.expect("it can be listed").len(), 1);
}
