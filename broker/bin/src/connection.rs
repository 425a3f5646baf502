//! How tools reach a cluster: the flags they share, and clients made from them. Not here: what is asked then.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use bytes::BytesMut;
use clap::Args;
use klamm_client::{Admin, AdminConfig};
use klamm_env::{Buffers, Env, Open};
use klamm_metadata::config::parse_properties;

/// How long an address may take to accept a connection before the next one is tried.
const PROBE_TIMEOUT: Duration = Duration::from_secs(5);

/// Client properties by name.
pub(crate) type Properties = BTreeMap<String, String>;

/// Where the cluster is.
#[derive(Args, Debug)]
pub(crate) struct Connection {
    /// Brokers to begin with
    #[arg(long, value_name = "HOST:PORT,...")]
    bootstrap_server: String,
}

/// Where the cluster is, for tools that only ask or change something.
#[derive(Args, Debug)]
pub(crate) struct AdminConnection {
    #[command(flatten)]
    connection: Connection,
    /// Properties file of the client
    #[arg(long, value_name = "FILE")]
    command_config: Option<PathBuf>,
}

impl AdminConnection {
    /// A client, once a broker has been reached.
    pub(crate) async fn admin(&self, env: &Env) -> Result<Admin> {
        let mut properties = file_properties(env, self.command_config.as_deref()).await?;
        self.connection.reach(env, &mut properties).await?;
        Ok(Admin::new(env, AdminConfig::from_properties(&properties)?))
    }
}

impl Connection {
    /// Puts the servers into the client's properties, once one of them has accepted a connection: a client would try
    /// for a minute before it gave up.
    pub(crate) async fn reach(&self, env: &Env, properties: &mut Properties) -> Result<()> {
        properties.insert("bootstrap.servers".to_owned(), self.bootstrap_server.clone());
        let mut reason = "name at least one as HOST:PORT".to_owned();
        for server in self.bootstrap_server.split(',').map(str::trim).filter(|server| !server.is_empty()) {
            match probe(env, server).await {
                Ok(()) => return Ok(()),
                Err(error) => reason = format!("{error:#}"),
            }
        }
        bail!("no broker of --bootstrap-server {} can be reached: {reason}", self.bootstrap_server)
    }
}

async fn probe(env: &Env, server: &str) -> Result<()> {
    let port = |port: &str| port.parse::<u16>().ok();
    let Some((host, port)) = server.rsplit_once(':').and_then(|(host, text)| Some((host, port(text)?)))
    else {
        bail!("{server} is not HOST:PORT");
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let mut outcome = Err(anyhow::anyhow!("{host} has no address"));
    for address in env.resolve(host, port).await.with_context(|| format!("{host} is not a known host"))? {
        match env.timeout(PROBE_TIMEOUT, env.connect(address, Buffers::default())).await {
            Ok(Ok(_)) => return Ok(()),
            Ok(Err(error)) => outcome = Err(anyhow::Error::from(error).context(server.to_owned())),
            Err(elapsed) => outcome = Err(anyhow::Error::from(elapsed).context(server.to_owned())),
        }
    }
    outcome
}

/// A file as text.
pub(crate) async fn read_text(env: &Env, path: &Path) -> Result<String> {
    let read = async {
        let file = env.open(path, Open::READ).await?;
        let len = usize::try_from(file.len().await?).unwrap_or(usize::MAX);
        file.read(0, len, BytesMut::with_capacity(len)).await
    };
    let bytes = read.await.with_context(|| format!("cannot read {}", path.display()))?;
    String::from_utf8(bytes.into()).with_context(|| format!("{} is not UTF-8", path.display()))
}

/// The properties of a file, if one was named.
pub(crate) async fn file_properties(env: &Env, path: Option<&Path>) -> Result<Properties> {
    let Some(path) = path else { return Ok(Properties::new()) };
    let text = read_text(env, path).await?;
    parse_properties(&text).with_context(|| path.display().to_string())
}

/// Refuses any value, and says why: for flags of Kafka's tools that nothing here could obey.
pub(crate) fn refused(why: &'static str) -> impl Fn(&str) -> Result<String, String> + Clone {
    move |_| Err(why.to_owned())
}

/// Reads `KEY=VALUE`, for clap.
pub(crate) fn key_value(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').filter(|(key, _)| !key.trim().is_empty());
    let (key, value) = pair.ok_or_else(|| "KEY=VALUE is expected".to_owned())?;
    Ok((key.trim().to_owned(), value.to_owned()))
}
