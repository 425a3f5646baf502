//! Clients that connect all at once, behave badly, and leave. Not here: clients that mean it.

use std::cell::Cell;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use klamm_env::{Buffers, Env, Stream};
use klamm_sim::{NodeId, World};
use rand::RngExt as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::BROKER;
use super::broker::CONNECTIONS_PER_IP_MAX;
use crate::sometimes;

/// A whole ApiVersions request of version 0 without a client id.
const API_VERSIONS: [u8; 14] = [0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xFF, 0xFF];
const PATIENCE: Duration = Duration::from_secs(5);

/// Strangers that are there at a time.
#[derive(Default)]
pub(super) struct Guests {
    /// Whose connection stands, as far as they know.
    connected: Count,
    /// Who got an answer, and stays.
    served: Count,
}

#[derive(Clone, Default)]
struct Count(Rc<Cell<u32>>);

impl Count {
    /// One more, until what this returns is dropped.
    fn one_more(&self) -> impl Drop + use<> {
        struct One(Count);
        impl Drop for One {
            fn drop(&mut self) {
                self.0.0.set(self.0.0.get() - 1);
            }
        }
        self.0.set(self.0.get() + 1);
        One(self.clone())
    }
}

/// Makes so many clients connect from `node`.
pub(super) fn break_out(world: &mut World, node: NodeId, guests: &Rc<Guests>, connections: u32) {
    let env = world.env(node);
    for _ in 0..connections {
        env.spawn_local("stranger", visit(env.clone(), Rc::clone(guests)));
    }
}

/// One connection and what it is used for. How it fares is no matter, as long as no more are served than are allowed.
async fn visit(env: Env, guests: Rc<Guests>) {
    let mut rng = env.stream("stranger");
    env.sleep(Duration::from_millis(rng.random_range(0..300))).await;
    let Ok(addresses) = env.resolve(BROKER, 9092).await else { return };
    let address: SocketAddr = addresses[0];
    let Ok(Ok(mut stream)) = env.timeout(PATIENCE, env.connect(address, Buffers::default())).await else {
        return;
    };
    let _connected = guests.connected.one_more();
    let mut served = None;
    let stay = Duration::from_millis(rng.random_range(0..5_000));
    let sent = match rng.random_range(0..8) {
        0 => Ok(()),
        1 => stream.write_all(b"GET / HTTP/1.1\r\nHost: broker\r\n\r\n").await,
        2 => stream.write_all(&API_VERSIONS[..7]).await,
        3 => stream.write_all(&[0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]).await,
        _ => {
            let answered = ask(&env, &mut stream).await;
            served = answered.is_ok().then(|| guests.served.one_more());
            answered
        }
    };
    let served_now = guests.served.0.get();
    assert!(served_now <= CONNECTIONS_PER_IP_MAX, "{served_now} strangers are served from one address");
    let crowded = guests.connected.0.get() > CONNECTIONS_PER_IP_MAX;
    sometimes!("a stranger's connection was refused", crowded && sent.is_err_and(|error| is_end(&error)));
    // Who is shown out leaves at once.
    let _left = env.timeout(stay, stream.read_u8()).await;
    drop(served);
    if rng.random_bool(0.3) {
        Pin::new(&mut *stream).reset();
    }
}

fn is_end(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe)
}

/// Asks for versions, and waits for the answer.
async fn ask(env: &Env, stream: &mut Box<dyn Stream>) -> io::Result<()> {
    stream.write_all(&API_VERSIONS).await?;
    let answer = async {
        let len = stream.read_u32().await?;
        let mut answer = vec![0; len.min(1 << 16) as usize];
        stream.read_exact(&mut answer).await
    };
    env.timeout(PATIENCE, answer).await.map_err(io::Error::other)??;
    sometimes!("a stranger got an answer");
    Ok(())
}
