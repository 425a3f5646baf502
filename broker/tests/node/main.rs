//! One broker in a world of its own, asked by a client over the simulated network. Not here: random faults and
//! checkers, which are the scenarios' own.

mod acks;
mod connections;
mod deletion;
mod every_version;
mod fetch_waits;
mod flush_rules;
mod full_disk;
mod hostile_changes;
mod internal_topics;
mod log_dirs;
mod metadata_snapshots;
mod metrics_page;
mod new_topics;
mod producer_ids;
mod recreated_topic;
mod registration;
mod stopping;
mod stuck_disk;
mod time_stamps;

use std::collections::BTreeMap;
use std::future::Future;
use std::io;
use std::time::Duration;

use bytes::BytesMut;
use klamm_broker::{Broker, BrokerConfig, storage};
use klamm_client::{Admin, AdminConfig};
use klamm_env::{Buffers, Env, Stream};
use klamm_protocol::{Decoder, Message as _, Piece, Request, decode_response_header, encode_request};
use klamm_sim::{Config, NodeConfig, NodeId, World};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

const BOOTSTRAP: &str = "broker:9092";
const DATA: &str = "/data";

/// A world with a broker that has these properties besides the usual ones, and a machine for clients.
struct Stage {
    world: World,
    broker: NodeId,
    clients: NodeId,
}

impl Stage {
    fn with(properties: &[(&str, &str)]) -> Self {
        Self::running(7, properties, serve)
    }

    /// With a broker whose machine runs `node`, in a world of that seed.
    fn running<F: Future<Output = ()> + 'static>(
        seed: u64,
        properties: &[(&str, &str)],
        node: impl Fn(Env, BrokerConfig) -> F + Send + 'static,
    ) -> Self {
        let usual = [
            ("process.roles", "broker,controller"),
            ("node.id", "1"),
            ("controller.listener.names", "CONTROLLER"),
            ("listeners", "PLAINTEXT://broker:9092,CONTROLLER://broker:9093"),
            ("log.dirs", DATA),
        ];
        let properties: BTreeMap<String, String> =
            usual.iter().chain(properties).map(|(key, value)| ((*key).into(), (*value).into())).collect();
        let config = BrokerConfig::from_properties(properties).expect("a good configuration");
        let mut world = World::new(Config { seed, ..Config::default() });
        let lanes = NodeConfig { lanes: 2, ..NodeConfig::default() };
        let broker = world.node("broker", lanes, move |env| Box::pin(node(env, config.clone())));
        let clients = world.node("clients", NodeConfig::default(), |_| Box::pin(async {}));
        world.start(broker);
        world.start(clients);
        world.run_for(Duration::from_secs(1));
        Self { world, broker, clients }
    }

    /// Does something on the clients' machine.
    fn ask<T: 'static, F: Future<Output = T> + 'static>(&mut self, asking: impl FnOnce(Env) -> F) -> T {
        let asking = asking(self.world.env(self.clients));
        self.world.block_on(self.clients, asking)
    }

    /// Whether the broker left its directory cleanly.
    fn stopped_cleanly(&mut self) -> bool {
        self.files("").contains(&".kafka_cleanshutdown".to_owned())
    }

    /// Names of files in a directory of the broker's.
    fn files(&mut self, directory: &str) -> Vec<String> {
        let entries = self.world.disk(self.broker).list(format!("{DATA}/{directory}"));
        entries.into_iter().map(|entry| entry.name).collect()
    }
}

async fn start(env: &Env, config: BrokerConfig) -> Broker {
    storage::format(env, &config, "c29tZS1jbHVzdGVyLWlkLQ", true).await.expect("an empty disk takes it");
    Broker::start(env, config).await.expect("it starts")
}

async fn serve(env: Env, config: BrokerConfig) {
    let broker = start(&env, config).await;
    let why = broker.failed().await;
    env.die(&why);
}

fn admin(env: &Env) -> Admin {
    Admin::new(env, AdminConfig::new(BOOTSTRAP).expect("a good address"))
}

/// A connection to the broker.
async fn connect(env: &Env) -> Box<dyn Stream> {
    let (host, port) = BOOTSTRAP.split_once(':').expect("host and port");
    let address = env.resolve(host, port.parse().expect("a port")).await.expect("a node")[0];
    env.connect(address, Buffers::default()).await.expect("it listens")
}

/// A request as it is sent, size and all.
fn frame<R: Request>(body: &R, version: i16) -> Vec<u8> {
    frame_of(None, body, version)
}

/// The same, of a client that names itself.
fn frame_of<R: Request>(client_id: Option<&str>, body: &R, version: i16) -> Vec<u8> {
    let pieces = encode_request(1, client_id, body, version).expect("it can be written").into_pieces();
    let bytes = pieces.into_iter().map(|piece| match piece {
        Piece::Bytes(bytes) => bytes,
        Piece::Range { .. } => panic!("nothing of a file was put in"),
    });
    bytes.collect::<Vec<_>>().concat()
}

/// The next answer on a connection.
async fn answer<R: Request>(stream: &mut Box<dyn Stream>, version: i16) -> io::Result<R::Response> {
    let size = stream.read_i32().await?;
    let mut frame = BytesMut::zeroed(usize::try_from(size).expect("positive"));
    stream.read_exact(&mut frame).await?;
    let mut answer = Decoder::new(frame.freeze());
    decode_response_header(&mut answer, R::KEY, version).expect("a header");
    Ok(R::Response::decode(&mut answer, version).expect("a body"))
}

/// Sends a request on a connection of its own, and waits for the answer.
async fn request<R: Request>(env: &Env, body: &R, version: i16) -> R::Response {
    request_of(None, env, body, version).await
}

/// The same, of a client that names itself.
async fn request_of<R: Request>(client_id: Option<&str>, env: &Env, body: &R, version: i16) -> R::Response {
    let mut stream = connect(env).await;
    stream.write_all(&frame_of(client_id, body, version)).await.expect("the broker reads");
    answer::<R>(&mut stream, version).await.expect("a whole answer")
}
