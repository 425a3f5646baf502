//! `klamm`, and `klamm broker FILE`: a broker until a signal asks it to stop.
//!
//! Not here: its settings' meaning and its work (`klamm-broker`).

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};
use clap::Args;
use futures_util::future::{Either, select};
use klamm_broker::{Broker, BrokerConfig, Durability, is_everywhere, storage};
use klamm_env::Env;
use klamm_env_tokio::{Options, host_name, raise_open_files_limit, run, termination};
use tracing::{info, warn};

use super::environment;
use crate::called_as::program;
use crate::connection::{key_value, read_text};
use crate::logging::BrokerLog;
use crate::output;

const EXAMPLE: &str = "\
Every key can also be set by an environment variable: KAFKA_LOG_DIRS is log.dirs, with __ for _ and ___ for -.
--override wins over the environment, and that over the file.

Example:
  klamm storage format -t $(klamm storage random-uuid) -c server.properties
  klamm broker server.properties --override log.dirs=/var/lib/klamm";

/// The configuration without a file: a cluster of one node for this machine.
const DEFAULTS: &str = "\
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093
controller.listener.names=CONTROLLER
log.dirs=klamm-data
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
";

/// Lanes of the largest machine there is.
const LANES_MAX: u16 = 1024;

/// Runs a broker
#[derive(Args, Debug, Default)]
#[command(after_help = EXAMPLE)]
pub(crate) struct RunBroker {
    /// Properties file; without it, a broker on localhost:9092 with its data in ./klamm-data
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// A key's value in place of the file's; can be repeated
    #[arg(long = "override", value_name = "KEY=VALUE", value_parser = key_value)]
    overrides: Vec<(String, String)>,
}

impl RunBroker {
    /// Serves until a signal comes.
    pub(crate) fn run(self) -> Result<()> {
        let log = BrokerLog::start();
        let config = super::on_a_lane(|env| async move { self.config(&env).await })?;
        let (mut config, without_file) = config;
        if let Some(limit) = raise_open_files_limit() {
            config.log_files_open_max = usize::try_from(limit / 2).unwrap_or(usize::MAX);
        }
        for key in &config.unknown_keys {
            warn!("the key {key} is unknown and has no effect");
        }
        for key in &config.unsupported_keys {
            warn!("the key {key} has no effect in this release");
        }
        let options = Options { lanes: lanes(&config)?, ..Options::default() };
        run(options, |env| serve(env, config, without_file, log))
    }

    /// The configuration, and whether it has no file.
    async fn config(&self, env: &Env) -> Result<(BrokerConfig, bool)> {
        let text = match &self.file {
            Some(path) => read_text(env, path).await?,
            None => DEFAULTS.to_owned(),
        };
        let config = environment::configuration(&text, &self.overrides)
            .and_then(|config| config.check_open().map(|()| config));
        let place = || {
            self.file.as_ref().map_or_else(|| "configuration".to_owned(), |path| path.display().to_string())
        };
        Ok((config.with_context(place)?, self.file.is_none()))
    }
}

/// A lane per core, and at most as many as `klamm.lanes` says.
fn lanes(config: &BrokerConfig) -> Result<u16> {
    let cores = Options::default().lanes;
    let Some(text) = config.properties.get("klamm.lanes") else { return Ok(cores) };
    match text.trim().parse() {
        Ok(most @ 1..=LANES_MAX) => Ok(cores.min(most)),
        _ => bail!("klamm.lanes cannot be {text}; allowed are numbers from 1 to {LANES_MAX}"),
    }
}

async fn serve(env: Env, mut config: BrokerConfig, without_file: bool, log: BrokerLog) -> Result<()> {
    if without_file {
        format_if_new(&env, &config).await?;
    }
    if config.lacks_host() {
        advertise_this_host(&env, &mut config).await;
    }
    let broker = Broker::start(&env, config.clone()).await?;
    log.follow(&env, broker.log_directives());
    output::print(&banner(&config, &broker))?;
    wait_for_the_end(&broker).await?;
    match select(Box::pin(broker.stop()), Box::pin(termination())).await {
        Either::Left((stopped, _)) => stopped.context("the broker did not stop cleanly")?,
        Either::Right(_) => bail!("stopped by a second signal before everything was written"),
    }
    info!("stopped");
    Ok(())
}

/// Clients are told this host's name, if it stands for an address.
async fn advertise_this_host(env: &Env, config: &mut BrokerConfig) {
    let name = host_name().unwrap_or_default();
    match env.resolve(&name, 0).await {
        Ok(addresses) if !addresses.is_empty() => config.advertise_host(&name),
        _ => warn!(
            "this host's name {name:?} has no address: clients are told localhost; set advertised.listeners for those elsewhere"
        ),
    }
}

/// Waits for a signal. A disk that fails ends the process at once: nothing more is written to it, and it is read again at
/// the next start.
async fn wait_for_the_end(broker: &Broker) -> Result<()> {
    match select(Box::pin(termination()), Box::pin(broker.failed())).await {
        Either::Left((signal, _)) => {
            info!("stopping: {signal}");
            Ok(())
        }
        Either::Right((reason, _)) => Err(anyhow!("a log directory failed: {reason}")),
    }
}

/// Formats directories that are new; one that was formatted before gives the cluster its id.
async fn format_if_new(env: &Env, config: &BrokerConfig) -> Result<()> {
    let found = storage::info(env, config).await?;
    if found.iter().all(|(_, properties)| properties.is_some()) {
        return Ok(());
    }
    let known = found.into_iter().find_map(|(_, properties)| properties);
    let cluster_id =
        known.map_or_else(|| storage::random_cluster_id(env), |properties| properties.cluster_id);
    storage::format(env, config, &cluster_id, true).await?;
    Ok(())
}

/// What runs here, and lines to copy that use it.
fn banner(config: &BrokerConfig, broker: &Broker) -> String {
    let bootstrap = config.listeners.first().and_then(|listener| {
        let port = broker.addresses().get(&listener.name)?.port();
        let host = if is_everywhere(&listener.host) { "localhost" } else { &listener.host };
        Some(format!("{host}:{port}"))
    });
    let mut metrics = String::new();
    if let Some(address) = broker.metrics_address() {
        metrics = format!("  metrics     http://{address}/metrics\n");
    }
    let directories: Vec<String> = config.log_dirs.iter().map(|path| absolute(path)).collect();
    describe(&Described {
        program: &program(std::env::args_os().next(), std::env::current_exe().ok()),
        bootstrap: &bootstrap.unwrap_or_default(),
        data: &directories.join(", "),
        cluster_id: broker.cluster_id(),
        durability: config.durability,
        metrics: &metrics,
    })
}

/// What a banner tells.
struct Described<'a> {
    program: &'a str,
    bootstrap: &'a str,
    data: &'a str,
    cluster_id: &'a str,
    durability: Durability,
    metrics: &'a str,
}

fn describe(it: &Described<'_>) -> String {
    let (version, program, bootstrap) = (env!("CARGO_PKG_VERSION"), it.program, it.bootstrap);
    let durability = match it.durability {
        Durability::Fsync => "on the disk before it is acknowledged (klamm.durability=fsync)",
        Durability::Os => "handed to the system before it is acknowledged (klamm.durability=os)",
    };
    format!(
        "Klamm {version}, a Kafka-compatible broker, serves on {bootstrap}\n\
         \x20 data        {}\n\
         \x20 durability  {durability}\n\
         \x20 cluster id  {}\n\
         {}\
         Produce and consume:\n\
         \x20 echo hello | {program} console-producer --bootstrap-server {bootstrap} --topic greetings\n\
         \x20 {program} console-consumer --bootstrap-server {bootstrap} --topic greetings --from-beginning\n\
         \x20 echo hello | kcat -P -b {bootstrap} -t greetings\n\
         \x20 kcat -C -b {bootstrap} -t greetings -o beginning -e\n",
        it.data, it.cluster_id, it.metrics
    )
}

fn absolute(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_configuration_without_a_file_is_sound() {
        let config = BrokerConfig::parse(DEFAULTS, &[]).expect("it is sound");
        assert_eq!(config.unknown_keys, [""; 0]);
        assert_eq!((config.node_id, config.listeners[0].port), (1, 9092));
        assert_eq!(lanes(&config).expect("no limit"), Options::default().lanes);
    }

    #[test]
    fn lanes_have_a_limit() {
        let of = |value: &str| {
            let overrides = [("klamm.lanes".to_owned(), value.to_owned())];
            lanes(&BrokerConfig::parse(DEFAULTS, &overrides).expect("it is sound"))
        };
        assert_eq!(of("1").expect("one"), 1);
        assert!(of("1000").expect("more than there are cores") < 1000);
        let error = of("0").expect_err("refused").to_string();
        assert!(error.contains("allowed are numbers from 1 to 1024"), "{error}");
    }

    #[test]
    fn a_banner_says_what_to_do() {
        let described = Described {
            program: "target/release/klamm",
            bootstrap: "localhost:9092",
            data: "/srv/klamm-data",
            cluster_id: "AAAAAAAAAAAAAAAAAAAAAQ",
            durability: Durability::Fsync,
            metrics: "  metrics     http://127.0.0.1:9100/metrics\n",
        };
        let text = describe(&described).replace(env!("CARGO_PKG_VERSION"), "VERSION");
        insta::assert_snapshot!(text, @r#"
        Klamm VERSION, a Kafka-compatible broker, serves on localhost:9092
          data        /srv/klamm-data
          durability  on the disk before it is acknowledged (klamm.durability=fsync)
          cluster id  AAAAAAAAAAAAAAAAAAAAAQ
          metrics     http://127.0.0.1:9100/metrics
        Produce and consume:
          echo hello | target/release/klamm console-producer --bootstrap-server localhost:9092 --topic greetings
          target/release/klamm console-consumer --bootstrap-server localhost:9092 --topic greetings --from-beginning
          echo hello | kcat -P -b localhost:9092 -t greetings
          kcat -C -b localhost:9092 -t greetings -o beginning -e
        "#);
    }
}
