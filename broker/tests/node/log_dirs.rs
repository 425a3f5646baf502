//! A broker with several log directories. Not here: directories that fail.

use std::time::Duration;

use klamm_client::NewTopic;

use crate::{Stage, admin};

impl Stage {
    /// How many logs of topics lie in each directory.
    fn logs(&mut self) -> Vec<usize> {
        let disk = self.world.disk(self.broker);
        let is_log = |name: &str| name.starts_with('t') && !name.contains('.');
        ["/data", "/data-2", "/data-3", "/metadata"]
            .map(|path| disk.list(path).iter().filter(|entry| is_log(&entry.name)).count())
            .into()
    }
}

#[test]
fn partitions_go_where_fewest_are_and_stay_there() {
    let mut stage = Stage::with(&[("log.dirs", "/data,/data-2,/data-3"), ("metadata.log.dir", "/metadata")]);
    for (name, partitions, expected) in
        [("t1", 4, [2, 1, 1, 0]), ("t2", 2, [2, 2, 2, 0]), ("t3", 1, [3, 2, 2, 0])]
    {
        stage.ask(async move |env| {
            admin(&env).create_topic(NewTopic::new(name, partitions, 1)).await.expect("it is new");
        });
        assert_eq!(stage.logs(), expected, "{name}");
    }
    let broker = stage.broker;
    stage.world.restart(broker);
    stage.world.run_for(Duration::from_secs(1));
    stage.ask(async |env| admin(&env).create_topic(NewTopic::new("t4", 5, 1)).await.expect("it is new"));
    assert_eq!(stage.logs(), [4, 4, 4, 0]);
}
