//! Clients that connect all at once, behave badly, and leave. Not here: clients that mean it.

use std::net::SocketAddr;
use std::pin::Pin;
use std::time::Duration;

use klamm_env::{Env, Stream};
use klamm_sim::{NodeId, World};
use rand::RngExt as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::BROKER;
use crate::sometimes;

/// A whole ApiVersions request of version 0 without a client id.
const API_VERSIONS: [u8; 14] = [0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xFF, 0xFF];
const PATIENCE: Duration = Duration::from_secs(5);

/// Makes so many clients connect from `node`.
pub(super) fn break_out(world: &mut World, node: NodeId, connections: u32) {
    let env = world.env(node);
    for _ in 0..connections {
        env.spawn_local("stranger", visit(env.clone()));
    }
}

/// One connection and what it is used for. How it fares is no matter.
async fn visit(env: Env) {
    let mut rng = env.stream("stranger");
    env.sleep(Duration::from_millis(rng.random_range(0..300))).await;
    let Ok(addresses) = env.resolve(BROKER, 9092).await else { return };
    let address: SocketAddr = addresses[0];
    let Ok(Ok(mut stream)) = env.timeout(PATIENCE, env.connect(address)).await else { return };
    let stay = Duration::from_millis(rng.random_range(0..5_000));
    let sent = match rng.random_range(0..5) {
        0 => Ok(()),
        1 => ask(&env, &mut stream).await,
        2 => stream.write_all(b"GET / HTTP/1.1\r\nHost: broker\r\n\r\n").await,
        3 => stream.write_all(&API_VERSIONS[..7]).await,
        _ => stream.write_all(&[0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]).await,
    };
    sometimes!("a stranger's connection was refused", sent.is_err());
    env.sleep(stay).await;
    if rng.random_bool(0.3) {
        Pin::new(&mut *stream).reset();
    }
}

/// Asks for versions, and waits for the answer.
async fn ask(env: &Env, stream: &mut Box<dyn Stream>) -> std::io::Result<()> {
    stream.write_all(&API_VERSIONS).await?;
    let answer = async {
        let len = stream.read_u32().await?;
        let mut answer = vec![0; len.min(1 << 16) as usize];
        stream.read_exact(&mut answer).await
    };
    env.timeout(PATIENCE, answer).await.map_err(std::io::Error::other)??;
    sometimes!("a stranger got an answer");
    Ok(())
}
