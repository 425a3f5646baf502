//! The null broker through the seam. Its twin is `plain`.
//!
//! **Not here**: frames and answers.

use std::future::poll_fn;
use std::sync::Arc;

use klamm_env::{Incoming, Lane, ListenOptions};
use klamm_env_tokio::Options;

use super::answers::Answers;
use super::connection::serve;

pub(super) fn run() -> anyhow::Result<()> {
    klamm_env_tokio::run(Options::default(), |env| async move {
        let mut listener = env.listen(super::ADDRESS, ListenOptions::default()).await?;
        let address = listener.local_addr();
        super::announce(address)?;
        let answers = Arc::new(Answers::new(address.port()));
        for lane in (0..env.lanes()).cycle() {
            let peer = poll_fn(|cx| listener.poll_accept(cx)).await?;
            let answers = Arc::clone(&answers);
            env.spawn_on(Lane(lane), "connection", move || open(peer, answers));
        }
        Ok(())
    })
}

async fn open(peer: Box<dyn Incoming>, answers: Arc<Answers>) {
    if let Ok(stream) = peer.open() {
        serve(stream, answers).await;
    }
}
