//! `klamm configs`: describe and alter configurations of topics, brokers, groups and client metrics.
//!
//! Not here: how they are printed (`config_lines`); quotas and users, which have no configuration of this kind.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::{Context as _, Result, anyhow, bail};
use clap::{ArgAction, ArgGroup, Args, ValueEnum};
use klamm_client::{Admin, AlterConfigOp, ConfigResource, ConfigResourceType};
use klamm_env::Env;

use super::config_lines::{self, Entity};
use crate::connection::{AdminConnection, file_properties, refused};
use crate::output;

const EXAMPLE: &str = "\
Example:
  klamm configs --bootstrap-server localhost:9092 --entity-type topics --entity-name orders --alter \\
      --add-config retention.ms=86400000
  klamm configs --bootstrap-server localhost:9092 --topic orders --describe --all";

const NO_CONTROLLERS: &str =
    "controllers take no such requests in this release; --bootstrap-server HOST:PORT names brokers, which do";

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
    /// Refused: controllers are not asked directly
    #[arg(long, value_name = "HOST:PORT,...", hide = true, value_parser = refused(NO_CONTROLLERS))]
    bootstrap_controller: Option<String>,
    /// Change keys
    #[arg(long, requires = "change")]
    alter: bool,
    /// Print keys that were set
    #[arg(long, conflicts_with_all = ["add_config", "add_config_file", "delete_config"])]
    describe: bool,
    /// With --describe, print all keys
    #[arg(long, conflicts_with = "alter")]
    all: bool,
    /// What has the configuration
    #[arg(long, value_enum)]
    entity_type: Vec<EntityType>,
    /// Its name: a topic, a broker's id, a group
    #[arg(long, requires = "entity_type")]
    entity_name: Vec<String>,
    /// The default of all brokers
    #[arg(long, requires = "entity_type", action = ArgAction::Count)]
    entity_default: u8,
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
    #[arg(id = "group_id", long = "group", value_name = "GROUP")]
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
        self.check()?;
        let admin = self.connection.admin(&env).await?;
        let outcome = if self.alter { self.alter(&env, &admin).await } else { self.describe(&admin).await };
        outcome.map_err(|error| anyhow!("Error while executing config command: {error:#}"))
    }

    fn check(&self) -> Result<()> {
        let has_quotas = |entity: &EntityType| entity.kind().is_none();
        if self.quotas.are_asked_for() || self.entity_type.iter().any(has_quotas) {
            bail!(
                "this release has neither quotas nor credentials: allowed are topics, brokers, broker-loggers, groups and client-metrics"
            );
        }
        if self.entity_type.len() > 1 {
            bail!("--entity-type stands there more than once: allowed is one");
        }
        if self.entity_name.len() + usize::from(self.entity_default) > 1 {
            bail!("--entity-name or --entity-default stand there more than once: allowed is one of them");
        }
        if self.entity_default > 0 && self.entity_type != [EntityType::Brokers] {
            bail!("--entity-default goes with --entity-type brokers only");
        }
        Ok(())
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
        let kind = self.entity_type.first().copied().and_then(EntityType::kind);
        let default = self.entity_default > 0 || self.broker_defaults;
        let name = if default { Some(String::new()) } else { self.entity_name.first().cloned() };
        (kind.unwrap_or(ConfigResourceType::Broker), name)
    }

    async fn describe(&self, admin: &Admin) -> Result<()> {
        let (kind, name) = self.entity();
        let resources: Vec<ConfigResource> = match name {
            Some(name) => vec![ConfigResource { kind, name }],
            None => every(admin, kind).await?,
        };
        check_brokers(admin, &resources).await?;
        let mut described = admin.describe_configs(resources.iter().cloned().collect(), true, false).await?;
        let mut entities = Vec::new();
        for resource in resources {
            let entries = described.remove(&resource).transpose();
            let entries = entries.with_context(|| config_lines::title_of(&resource))?.unwrap_or_default();
            entities.push(Entity { resource, entries });
        }
        output::print(&config_lines::describe(&mut entities, self.all, self.json))
    }

    async fn alter(&self, env: &Env, admin: &Admin) -> Result<()> {
        let (kind, name) = self.entity();
        let name = name.context("--alter needs --entity-name or --entity-default")?;
        let resource = ConfigResource { kind, name };
        check_brokers(admin, std::slice::from_ref(&resource)).await?;
        let to_set = match &self.add_config {
            Some(text) => parse_pairs(text)?,
            None => file_properties(env, self.add_config_file.as_deref()).await?,
        };
        self.check_deleted(admin, &resource).await?;
        let keys_set: Vec<String> = to_set.keys().cloned().collect();
        let keys_deleted: Vec<String> = self.delete_config.iter().map(|key| key.trim().to_owned()).collect();
        let deletes = keys_deleted.iter().cloned().map(AlterConfigOp::Delete);
        let sets = to_set.into_iter().map(|(key, value)| AlterConfigOp::Set(key, value));
        let changes = BTreeMap::from([(resource.clone(), sets.chain(deletes).collect())]);
        admin.incremental_alter_configs(changes, false).await?.into_values().collect::<Result<(), _>>()?;
        output::print(&if self.json {
            config_lines::altered_json(&resource, &keys_set, &keys_deleted)
        } else {
            config_lines::altered(&resource)
        })
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

/// Refuses brokers that are not there, which would be waited for.
async fn check_brokers(admin: &Admin, resources: &[ConfigResource]) -> Result<()> {
    let is_broker = |kind| matches!(kind, ConfigResourceType::Broker | ConfigResourceType::BrokerLogger);
    let ids = resources.iter().filter(|resource| is_broker(resource.kind));
    let ids: Vec<i32> = ids.filter_map(|resource| resource.name.parse().ok()).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let nodes: BTreeSet<i32> =
        admin.describe_cluster(false).await?.nodes.into_iter().map(|node| node.id).collect();
    match ids.iter().find(|id| !nodes.contains(id)) {
        Some(id) => {
            let there: Vec<String> = nodes.iter().map(ToString::to_string).collect();
            bail!("broker {id} is not there; allowed are {}", there.join(", "))
        }
        None => Ok(()),
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

    #[derive(Debug, clap::Parser)]
    struct Line {
        #[command(flatten)]
        configs: Configs,
    }

    fn check(flags: &str, refused: Option<&str>) {
        let line = format!("configs --bootstrap-server h:1 {flags}");
        let parsed = <Line as clap::Parser>::try_parse_from(line.split(' ')).map_err(anyhow::Error::from);
        match (parsed.and_then(|line| line.configs.check()), refused) {
            (Ok(()), None) => {}
            (Err(error), Some(part)) => assert!(error.to_string().contains(part), "{error}"),
            (outcome, _) => panic!("{flags}: {outcome:?}"),
        }
    }

    #[test]
    fn nothing_is_passed_over() {
        check("--describe --all --topic t", None);
        check("--entity-type brokers --entity-default --alter --add-config a=b", None);
        check("--describe --topic t --add-config a=b", Some("cannot be used with"));
        check("--describe --topic t --delete-config a", Some("cannot be used with"));
        check("--alter --all --topic t --add-config a=b", Some("cannot be used with"));
        check("--describe --topic t --bootstrap-controller h:2", Some("--bootstrap-server HOST:PORT names"));
        check("--entity-type users --entity-name a --entity-type clients --describe", Some("neither quotas"));
        check("--describe --user-defaults", Some("neither quotas nor credentials"));
        check("--entity-type topics --entity-type groups --describe", Some("allowed is one"));
        check(
            "--entity-type topics --entity-name a --entity-name b --describe",
            Some("allowed is one of them"),
        );
        check("--entity-type topics --entity-default --describe", Some("goes with --entity-type brokers"));
    }

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
