//! Producer ids across power losses. Not here: their blocks, which are metadata.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use klamm_env::{Buffers, Env};
use klamm_protocol::init_producer_id_request::InitProducerIdRequest;
use tokio::io::AsyncWriteExt as _;

use crate::{Stage, answer, frame, serve};

const VERSION: i16 = 4;

/// Asks for ids one after the other until the connection breaks.
async fn collect(env: &Env, given: &RefCell<Vec<i64>>) -> io::Result<()> {
    let address = env.resolve("broker", 9092).await?[0];
    let mut stream = env.connect(address, Buffers::default()).await?;
    loop {
        let request = InitProducerIdRequest { transactional_id: None, ..Default::default() };
        stream.write_all(&frame(&request, VERSION)).await?;
        let answer = answer::<InitProducerIdRequest>(&mut stream, VERSION).await?;
        if answer.error_code.is_none() {
            given.borrow_mut().push(answer.producer_id);
        }
        env.sleep(Duration::from_micros(100)).await;
    }
}

#[test]
fn no_id_is_given_twice_though_the_power_fails() {
    for seed in 0..12 {
        let mut stage = Stage::running(seed, &[], serve);
        let given: Rc<RefCell<Vec<i64>>> = Rc::default();
        let (env, ids) = (stage.world.env(stage.clients), given.clone());
        stage.world.env(stage.clients).spawn_local("producers", async move {
            loop {
                // A machine without power does not say that it is gone.
                let _broken = env.timeout(Duration::from_millis(500), collect(&env, &ids)).await;
                env.sleep(Duration::from_millis(1)).await;
            }
        });
        let broker = stage.broker;
        for loss in 1..=4 {
            stage.world.run_for(Duration::from_micros(600_000 + 7_919 * loss * (seed + 1) % 400_000));
            stage.world.power_loss(&[broker]);
            stage.world.start(broker);
        }
        stage.world.run_for(Duration::from_secs(2));
        let given = given.borrow();
        let unique: BTreeSet<i64> = given.iter().copied().collect();
        let blocks: BTreeSet<i64> = given.iter().map(|id| id / 1000).collect();
        assert_eq!(unique.len(), given.len(), "seed {seed}: an id was given twice");
        assert!(given.len() > 1_000 && blocks.len() > 4, "seed {seed}: {} ids of {blocks:?}", given.len());
    }
}
