//! What survives a loss of power. Not here: what is lost, which is the engine's choice.

use std::time::Duration;

use bytes::Bytes;
use klamm_env::{Entry, Open};

use crate::support::{Here, pattern, run, start, story};
use crate::{Case, Driver, Node};

pub(crate) const CASES: &[Case] = &[
    story!("power", synced_bytes_with_a_synced_name_survive, needs PowerLoss),
    story!("power", one_barrier_covers_every_file_of_its_set, needs PowerLoss),
    story!("power", later_writes_do_not_harm_what_was_synced, needs PowerLoss),
    story!("power", a_name_without_sync_dir_is_whole_or_gone, needs PowerLoss),
    story!("power", a_synced_rename_survives, needs PowerLoss),
    story!("power", a_rename_that_was_not_synced_is_old_or_new, needs PowerLoss),
    story!("power", a_synced_removal_survives, needs PowerLoss),
    story!("power", a_synced_length_survives, needs PowerLoss),
    story!("power", locks_and_tasks_are_gone, needs PowerLoss),
];

const NODE: Node = Node(1);

impl Here {
    async fn sync_names(&self) {
        self.sync_dir(&self.dir()).await.expect("the directory is synced");
    }

    /// A file whose bytes and name are durable.
    async fn durable(&self, name: &str, content: &Bytes) {
        let file = self.file_of(name, content).await;
        self.sync(vec![file]).await.expect("the file is synced");
        self.sync_names().await;
    }

    async fn names(&self) -> Vec<String> {
        let name = |entry: Entry| entry.name;
        self.list(&self.dir()).await.expect("it can be listed").into_iter().map(name).collect()
    }
}

fn synced_bytes_with_a_synced_name_survive(driver: &mut dyn Driver) {
    run(driver, NODE, |here| async move { here.durable("file", &pattern(100_000)).await });
    for _ in 0..2 {
        driver.lose_power(NODE);
        run(driver, NODE, |here| async move {
            assert!(here.content_of("file").await == pattern(100_000));
        });
    }
}

fn one_barrier_covers_every_file_of_its_set(driver: &mut dyn Driver) {
    run(driver, NODE, |here| async move {
        let mut files = Vec::new();
        for number in 0..40 {
            files.push(here.file_of(&format!("file-{number:02}"), &pattern(number * 1000)).await);
        }
        here.sync(files).await.expect("all are synced");
        here.sync_names().await;
    });
    driver.lose_power(NODE);
    run(driver, NODE, |here| async move {
        for number in 0..40 {
            assert!(
                here.content_of(&format!("file-{number:02}")).await == pattern(number * 1000),
                "{number}"
            );
        }
    });
}

fn later_writes_do_not_harm_what_was_synced(driver: &mut dyn Driver) {
    run(driver, NODE, |here| async move {
        here.durable("file", &pattern(5000)).await;
        let file = here.file("file", Open::EDIT).await;
        file.write(5000, pattern(50_000).into()).await.expect("the write succeeds");
        drop(file.write(70_000, pattern(50_000).into()));
    });
    driver.lose_power(NODE);
    run(driver, NODE, |here| async move {
        let content = here.content_of("file").await;
        assert!(content.len() >= 5000 && content[..5000] == pattern(5000), "{} bytes", content.len());
    });
}

fn a_name_without_sync_dir_is_whole_or_gone(driver: &mut dyn Driver) {
    run(driver, NODE, |here| async move {
        let file = here.file_of("file", &pattern(10_000)).await;
        here.sync(vec![file]).await.expect("the file is synced");
    });
    driver.lose_power(NODE);
    run(driver, NODE, |here| async move {
        match here.names().await.as_slice() {
            [] => {}
            [name] => assert!(here.content_of(name).await == pattern(10_000)),
            names => panic!("{names:?}"),
        }
    });
}

fn a_synced_rename_survives(driver: &mut dyn Driver) {
    run(driver, NODE, |here| async move {
        here.durable("file", &pattern(10)).await;
        let new = here.file_of("file.tmp", &pattern(20_000)).await;
        here.sync(vec![new]).await.expect("the file is synced");
        here.rename(&here.path("file.tmp"), &here.path("file")).await.expect("the rename succeeds");
        here.sync_names().await;
    });
    driver.lose_power(NODE);
    run(driver, NODE, |here| async move {
        assert_eq!(here.names().await, ["file"]);
        assert!(here.content_of("file").await == pattern(20_000));
    });
}

fn a_rename_that_was_not_synced_is_old_or_new(driver: &mut dyn Driver) {
    run(driver, NODE, |here| async move {
        here.durable("file", &pattern(10)).await;
        let new = here.file_of("file.tmp", &pattern(20_000)).await;
        here.sync(vec![new]).await.expect("the file is synced");
        here.rename(&here.path("file.tmp"), &here.path("file")).await.expect("the rename succeeds");
    });
    driver.lose_power(NODE);
    run(driver, NODE, |here| async move {
        let content = here.content_of("file").await;
        assert!(content == pattern(10) || content == pattern(20_000), "{} bytes", content.len());
    });
}

fn a_synced_removal_survives(driver: &mut dyn Driver) {
    run(driver, NODE, |here| async move {
        here.durable("file", &pattern(10)).await;
        here.durable("other", &pattern(10)).await;
        here.remove(&here.path("file")).await.expect("the file is removed");
        here.sync_names().await;
    });
    driver.lose_power(NODE);
    run(driver, NODE, |here| async move { assert_eq!(here.names().await, ["other"]) });
}

fn a_synced_length_survives(driver: &mut dyn Driver) {
    run(driver, NODE, |here| async move {
        here.durable("cut", &pattern(10_000)).await;
        here.durable("extended", &pattern(10)).await;
        let (cut, extended) = (here.file("cut", Open::EDIT).await, here.file("extended", Open::EDIT).await);
        cut.set_len(100).await.expect("the file is cut");
        extended.set_len(10_000).await.expect("the file is extended");
        here.sync(vec![cut, extended]).await.expect("both are synced");
    });
    driver.lose_power(NODE);
    run(driver, NODE, |here| async move {
        assert_eq!(here.content_of("cut").await, pattern(10_000)[..100]);
        let extended = here.content_of("extended").await;
        assert_eq!((extended.len(), &extended[..10]), (10_000, &pattern(10)[..]));
        assert!(extended[10..].iter().all(|byte| *byte == 0));
    });
}

fn locks_and_tasks_are_gone(driver: &mut dyn Driver) {
    start(driver, NODE, |here| async move {
        let _lock = here.lock(&here.path(".lock")).await.expect("nobody has it");
        here.sleep(Duration::from_secs(3600)).await;
    });
    run(driver, NODE, |here| async move { here.sleep(Duration::from_millis(10)).await });
    driver.lose_power(NODE);
    run(driver, NODE, |here| async move {
        here.lock(&here.path(".lock")).await.expect("the dead let go");
    });
}
