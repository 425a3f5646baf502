//! `klamm configs`: describe and alter configurations of topics, brokers, groups and client metrics.
//!
//! Not here: how they are printed (`config_lines`); quotas and users, which have no configuration of this kind.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::{Context as _, Result, anyhow, bail};
use clap::{ArgGroup, Args, ValueEnum};
use klamm_client::{Admin, AlterConfigOp, ConfigResource, ConfigResourceType};
use klamm_env::Env;

use super::config_lines::{self, Entity};
use crate::connection::{AdminConnection, file_properties};
use crate::output;

const EXAMPLE: &str = "\
Example:
  klamm configs --bootstrap-server localhost:9092 --entity-type topics --entity-name orders --alter \\
      --add-config retention.ms=86400000
  klamm configs --bootstrap-server localhost:9092 --topic orders --describe --all";

/// What has a configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum EntityType {
    Topics,
    Brokers,
    BrokerLoggers,
    Groups,
    ClientMetrics,
    #[value(hide = true)]
    Users,
    #[value(hide = true)]
    Clients,
    #[value(hide = true)]
    Ips,
}

impl EntityType {
    /// None for what has quotas and credentials, which this release does not have.
    fn kind(self) -> Option<ConfigResourceType> {
        Some(match self {
            Self::Topics => ConfigResourceType::Topic,
            Self::Brokers => ConfigResourceType::Broker,
            Self::BrokerLoggers => ConfigResourceType::BrokerLogger,
            Self::Groups => ConfigResourceType::Group,
            Self::ClientMetrics => ConfigResourceType::ClientMetrics,
            Self::Users | Self::Clients | Self::Ips => return None,
        })
    }
}

/// Kafka's flags for what has quotas and credentials: understood, and refused.
#[derive(Args, Debug)]
struct Quotas {
    #[arg(long, hide = true)]
    user: Option<String>,
    #[arg(long, hide = true)]
    user_defaults: bool,
    #[arg(long, hide = true)]
    client: Option<String>,
    #[arg(long, hide = true)]
    client_defaults: bool,
    #[arg(long, hide = true)]
    ip: Option<String>,
    #[arg(long, hide = true)]
    ip_defaults: bool,
}

impl Quotas {
    fn are_asked_for(&self) -> bool {
        let named = [&self.user, &self.client, &self.ip].iter().any(|name| name.is_some());
        named || self.user_defaults || self.client_defaults || self.ip_defaults
    }
}

/// Describes and alters configurations
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
#[command(group = ArgGroup::new("action").required(true).args(["alter", "describe"]))]
#[command(group = ArgGroup::new("entity").required(true).args([
    "entity_type", "topic", "broker", "broker_defaults", "broker_logger", "client_metrics", "group_id",
    "user", "user_defaults", "client", "client_defaults", "ip", "ip_defaults",
]))]
#[command(group = ArgGroup::new("change").multiple(true).args(["add_config", "add_config_file", "delete_config"]))]
pub(crate) struct Configs {
    #[command(flatten)]
    connection: AdminConnection,
    /// Change keys
    #[arg(long, requires = "change")]
    alter: bool,
    /// Print keys that were set
    #[arg(long)]
    describe: bool,
    /// With --describe, print all keys
    #[arg(long)]
    all: bool,
    /// What has the configuration
    #[arg(long, value_enum)]
    entity_type: Option<EntityType>,
    /// Its name: a topic, a broker's id, a group
    #[arg(long, requires = "entity_type")]
    entity_name: Option<String>,
    /// The default of all brokers
    #[arg(long, requires = "entity_type", conflicts_with = "entity_name")]
    entity_default: bool,
    /// A topic
    #[arg(long)]
    topic: Option<String>,
    /// A broker's id
    #[arg(long)]
    broker: Option<String>,
    /// The default of all brokers
    #[arg(long)]
    broker_defaults: bool,
    /// The loggers of the broker with this id
    #[arg(long)]
    broker_logger: Option<String>,
    /// A client metrics subscription
    #[arg(long)]
    client_metrics: Option<String>,
    /// A group
    #[arg(id = "group_id", long = "group")]
    group: Option<String>,
    #[command(flatten)]
    quotas: Quotas,
    /// Keys to set; a value with commas stands in brackets
    #[arg(long, value_name = "K=V,K=[A,B],...")]
    add_config: Option<String>,
    /// Properties file with keys to set
    #[arg(long, value_name = "FILE", conflicts_with = "add_config")]
    add_config_file: Option<PathBuf>,
    /// Keys to give their defaults again
    #[arg(long, value_name = "K,K,...", value_delimiter = ',')]
    delete_config: Vec<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Configs {
    /// Does what was asked for.
    pub(crate) async fn run(self, env: Env) -> Result<()> {
        let kind = match self.entity_type {
            Some(entity) => entity.kind(),
            None => (!self.quotas.are_asked_for()).then_some(ConfigResourceType::Broker),
        };
        if kind.is_none() {
            bail!(
                "this release has neither quotas nor credentials: allowed are topics, brokers, broker-loggers, groups and client-metrics"
            );
        }
        let admin = self.connection.admin(&env).await?;
        let outcome = if self.alter { self.alter(&env, &admin).await } else { self.describe(&admin).await };
        outcome.map_err(|error| anyhow!("Error while executing config command: {error:#}"))
    }

    /// The kind, and the name if one was given; the empty name stands for the default of all brokers.
    fn entity(&self) -> (ConfigResourceType, Option<String>) {
        let named = [
            (ConfigResourceType::Topic, &self.topic),
            (ConfigResourceType::Broker, &self.broker),
            (ConfigResourceType::BrokerLogger, &self.broker_logger),
            (ConfigResourceType::ClientMetrics, &self.client_metrics),
            (ConfigResourceType::Group, &self.group),
        ];
        if let Some((kind, name)) = named.into_iter().find(|(_, name)| name.is_some()) {
            return (kind, name.clone());
        }
        let kind = self.entity_type.and_then(EntityType::kind).unwrap_or(ConfigResourceType::Broker);
        let default = self.entity_default || self.broker_defaults;
        (kind, if default { Some(String::new()) } else { self.entity_name.clone() })
    }

    async fn describe(&self, admin: &Admin) -> Result<()> {
        let (kind, name) = self.entity();
        let resources: Vec<ConfigResource> = match name {
            Some(name) => vec![ConfigResource { kind, name }],
            None => every(admin, kind).await?,
        };
        let mut described = admin.describe_configs(resources.iter().cloned().collect(), true, false).await?;
        let mut entities = Vec::new();
        for resource in resources {
            let entries = described.remove(&resource).transpose()?.unwrap_or_default();
            entities.push(Entity { resource, entries });
        }
        output::print(&config_lines::describe(&mut entities, self.all, self.json))
    }

    async fn alter(&self, env: &Env, admin: &Admin) -> Result<()> {
        let (kind, name) = self.entity();
        let name = name.context("--alter needs --entity-name or --entity-default")?;
        let resource = ConfigResource { kind, name };
        let to_set = match &self.add_config {
            Some(text) => parse_pairs(text)?,
            None => file_properties(env, self.add_config_file.as_deref()).await?,
        };
        self.check_deleted(admin, &resource).await?;
        let deletes = self.delete_config.iter().map(|key| AlterConfigOp::Delete(key.trim().to_owned()));
        let sets = to_set.into_iter().map(|(key, value)| AlterConfigOp::Set(key, value));
        let changes = BTreeMap::from([(resource.clone(), sets.chain(deletes).collect())]);
        admin.incremental_alter_configs(changes, false).await?.into_values().collect::<Result<(), _>>()?;
        output::print(&config_lines::altered(&resource))
    }

    /// A key that was not set cannot be deleted: it is probably misspelt.
    async fn check_deleted(&self, admin: &Admin, resource: &ConfigResource) -> Result<()> {
        if self.delete_config.is_empty() {
            return Ok(());
        }
        let mut described = admin.describe_configs(BTreeSet::from([resource.clone()]), true, false).await?;
        let entries = described.remove(resource).transpose()?.unwrap_or_default();
        let set: BTreeSet<&str> =
            config_lines::dynamic(resource, &entries).map(|entry| &*entry.name).collect();
        let unset: Vec<&str> =
            self.delete_config.iter().map(|key| key.trim()).filter(|key| !set.contains(key)).collect();
        if !unset.is_empty() {
            bail!("Invalid config(s): {}: not set on it, so there is nothing to delete", unset.join(","));
        }
        Ok(())
    }
}

/// All of a kind that have, or may have, a configuration.
async fn every(admin: &Admin, kind: ConfigResourceType) -> Result<Vec<ConfigResource>> {
    let names: BTreeSet<String> = match kind {
        ConfigResourceType::Topic => {
            admin.list_topics(true).await?.into_iter().map(|topic| topic.name).collect()
        }
        ConfigResourceType::Broker | ConfigResourceType::BrokerLogger => {
            let nodes = admin.describe_cluster(false).await?.nodes;
            let default = (kind == ConfigResourceType::Broker).then(String::new);
            nodes.into_iter().map(|node| node.id.to_string()).chain(default).collect()
        }
        kind => admin.list_config_resources(vec![kind]).await?.into_iter().map(|found| found.name).collect(),
    };
    Ok(names.into_iter().map(|name| ConfigResource { kind, name }).collect())
}

/// `a=1,b=[x,y]` as pairs.
fn parse_pairs(text: &str) -> Result<BTreeMap<String, String>> {
    let malformed =
        || anyhow!("--add-config {text}: allowed are KEY=VALUE,... with brackets around a value with commas");
    let mut pairs = BTreeMap::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (key, after) = rest.split_once('=').ok_or_else(malformed)?;
        let (value, after) = match after.strip_prefix('[') {
            Some(bracketed) => {
                let (value, after) = bracketed.split_once(']').ok_or_else(malformed)?;
                let rest = after.trim_start();
                (value, rest.strip_prefix(',').or(rest.is_empty().then_some("")).ok_or_else(malformed)?)
            }
            None => after.split_once(',').unwrap_or((after, "")),
        };
        let key = key.trim();
        if key.is_empty() || key.contains(',') {
            return Err(malformed());
        }
        pairs.insert(key.to_owned(), value.trim().to_owned());
        rest = after.trim_start();
    }
    Ok(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs() {
        let check = |text: &str, expected: &[(&str, &str)]| {
            let expected =
                expected.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
            assert_eq!(parse_pairs(text).expect(text), expected);
        };
        check("a=1", &[("a", "1")]);
        check(
            "segment.ms=3, cleanup.policy=[compact,delete],c=",
            &[("segment.ms", "3"), ("cleanup.policy", "compact,delete"), ("c", "")],
        );
        check("a=b=c", &[("a", "b=c")]);
        for text in ["a", "a=1,b", "a=[1", "=1", "a=[1]b=2"] {
            assert!(parse_pairs(text).is_err(), "{text}");
        }
    }
}
