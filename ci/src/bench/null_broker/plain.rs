//! The null broker on tokio itself: as many current-thread runtimes, as many tasks. Its twin is `seam`.
//!
//! **Not here**: frames and answers.

use std::net::TcpStream;
use std::sync::Arc;

use tokio::runtime::{Builder, LocalOptions, LocalRuntime};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::spawn_local;

use super::answers::Answers;
use super::connection::serve;

pub(super) fn run() -> anyhow::Result<()> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let (inboxes, mut peers): (Vec<_>, Vec<_>) = (0..threads).map(|_| unbounded_channel()).unzip();
    let here = peers.remove(0);
    for there in peers {
        let runtime = runtime;
        std::thread::spawn(move || runtime().map(|runtime| runtime.block_on(open_all(there))));
    }
    runtime()?.block_on(async {
        spawn_local(open_all(here));
        accept(&inboxes).await
    })
}

type Peer = (TcpStream, Arc<Answers>);

fn runtime() -> std::io::Result<LocalRuntime> {
    Builder::new_current_thread().enable_all().build_local(LocalOptions::default())
}

async fn accept(inboxes: &[UnboundedSender<Peer>]) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind(super::ADDRESS).await?;
    let address = listener.local_addr()?;
    super::announce(address)?;
    let answers = Arc::new(Answers::new(address.port()));
    for inbox in inboxes.iter().cycle() {
        let (peer, _) = listener.accept().await?;
        inbox.send((peer.into_std()?, Arc::clone(&answers)))?;
    }
    Ok(())
}

async fn open_all(mut peers: UnboundedReceiver<Peer>) {
    while let Some((peer, answers)) = peers.recv().await {
        let opened = tokio::net::TcpStream::from_std(peer);
        if let Ok(stream) = opened
            && stream.set_nodelay(true).is_ok()
        {
            spawn_local(serve(stream, answers));
        }
    }
}
