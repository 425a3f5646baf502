//! Six nodes as three pairs that send 64 bytes to and fro, 100 µs one way: a load by which engines are compared. Not here:
//! the real time that it takes.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use klamm_env::{Buffers, Env, ListenOptions};
use klamm_env_hosted::{Config, World};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Who serves, and who asks.
pub const PAIRS: [(&str, &str); 3] =
    [("server-1", "client-1"), ("server-2", "client-2"), ("server-3", "client-3")];
/// A message's time one way.
pub const LATENCY: Duration = Duration::from_micros(100);
/// How long the world goes on.
pub const SIMULATED: Duration = Duration::from_secs(60);

const PORT: u16 = 9092;
const LEN: usize = 64;

/// Round trips so far. Clones count together.
#[derive(Clone, Default)]
pub struct RoundTrips(Arc<AtomicU64>);

impl RoundTrips {
    /// How many.
    pub fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// The line that tells how many there were in this much real time.
    pub fn line(&self, real: Duration) -> String {
        let (trips, real) = (self.count(), real.as_secs_f64());
        format!("{trips} round trips in {real:.3} s: {:.0} a second", trips as f64 / real)
    }
}

/// Sends back what one peer sends.
pub async fn serve(env: Env) {
    let addr = SocketAddr::from(([0, 0, 0, 0], PORT));
    let mut listener = env.listen(addr, ListenOptions::default()).await.expect("the port is free");
    let incoming = poll_fn(|cx| listener.poll_accept(cx)).await.expect("a peer comes");
    let mut stream = incoming.open().expect("the peer is there");
    let mut message = [0; LEN];
    while stream.read_exact(&mut message).await.is_ok() {
        stream.write_all(&message).await.expect("the peer reads");
    }
}

/// Sends a message to the node of that name each time the one before has come back.
pub async fn ask(env: Env, to: &'static str, trips: RoundTrips) {
    let addr = env.resolve(to, PORT).await.expect("a node")[0];
    let mut stream = env.connect(addr, Buffers::default()).await.expect("it listens");
    let mut message = [7; LEN];
    loop {
        stream.write_all(&message).await.expect("the peer reads");
        stream.read_exact(&mut message).await.expect("the peer answers");
        trips.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// The whole of it on an engine over somebody else's simulator, which may take a millisecond for each message.
pub fn run_hosted<W: World>() -> RoundTrips {
    let names: Vec<&str> = PAIRS.iter().flat_map(|(server, client)| [*server, *client]).collect();
    let mut world = W::new(Config { seed: 1, latency: (LATENCY, LATENCY), lanes: 1 }, &names);
    let trips = RoundTrips::default();
    for (server, _) in PAIRS {
        world.node(server).start(Box::new(|env| Box::pin(serve(env))));
    }
    world.run_for(Duration::from_millis(100));
    for (server, client) in PAIRS {
        let trips = trips.clone();
        world.node(client).start(Box::new(move |env| Box::pin(ask(env, server, trips))));
    }
    world.run_for(SIMULATED);
    trips
}
