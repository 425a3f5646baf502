//! `klamm topics`: list, describe, create, alter and delete topics. Not here: how they are printed (`topic_lines`).

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, anyhow, bail};
use clap::{ArgGroup, Args};
use klamm_client::{
    Admin, ConfigEntry, ConfigResource, Each, NewPartitions, NewTopic, PARTITIONS_PER_RESPONSE,
    TopicDescription,
};
use klamm_env::Env;
use klamm_protocol::ErrorCode;

use super::pattern::Pattern;
use super::topic_lines::{self, Filter};
use crate::connection::{AdminConnection, key_value};
use crate::output;

const EXAMPLE: &str = "\
Example:
  klamm topics --bootstrap-server localhost:9092 --create --topic orders --partitions 3
  klamm topics --bootstrap-server localhost:9092 --describe --topic orders";

/// Lists, describes, creates, alters and deletes topics
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
#[command(group = ArgGroup::new("action").required(true).args(["list", "describe", "create", "alter", "delete"]))]
pub(crate) struct Topics {
    #[command(flatten)]
    connection: AdminConnection,
    /// List names
    #[arg(long)]
    list: bool,
    /// Describe topics and their partitions
    #[arg(long)]
    describe: bool,
    /// Create a topic
    #[arg(long)]
    create: bool,
    /// Give a topic more partitions
    #[arg(long)]
    alter: bool,
    /// Delete topics
    #[arg(long)]
    delete: bool,
    /// The topic; a regular expression except with --create
    #[arg(long)]
    topic: Option<String>,
    /// The id of the topic to describe
    #[arg(long, conflicts_with = "topic")]
    topic_id: Option<String>,
    /// Partitions in all
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(1..))]
    partitions: Option<i32>,
    /// Replicas of each partition
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i16).range(1..))]
    replication_factor: Option<i16>,
    /// Brokers of each partition: those of one partition joined by ':'
    #[arg(long, value_name = "ID:ID,...", conflicts_with = "replication_factor")]
    replica_assignment: Option<String>,
    /// Configuration of a new topic; can be repeated
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value)]
    config: Vec<(String, String)>,
    /// Not supported, as by Kafka since 3.0; `klamm configs --alter --delete-config` does it
    #[arg(long, value_name = "KEY", hide = true)]
    delete_config: Vec<String>,
    /// Do nothing if the topic is not there
    #[arg(long)]
    if_exists: bool,
    /// Do nothing if the topic is there
    #[arg(long)]
    if_not_exists: bool,
    /// Leave out topics that the cluster uses itself
    #[arg(long)]
    exclude_internal: bool,
    /// Describe only topics with a configuration of their own, without partitions
    #[arg(long)]
    topics_with_overrides: bool,
    /// Describe only partitions without a leader
    #[arg(long)]
    unavailable_partitions: bool,
    /// Describe only partitions with replicas out of sync
    #[arg(long)]
    under_replicated_partitions: bool,
    /// Describe only partitions with fewer replicas in sync than min.insync.replicas
    #[arg(long)]
    under_min_isr_partitions: bool,
    /// Describe only partitions with as many replicas in sync as min.insync.replicas
    #[arg(long)]
    at_min_isr_partitions: bool,
    /// Partitions that a broker describes at once [default: 2000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(1..))]
    partition_size_limit_per_response: Option<i32>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Topics {
    /// Does what was asked for.
    pub(crate) async fn run(self, env: Env) -> Result<()> {
        self.check()?;
        let admin = self.connection.admin(&env).await?;
        self.act(&admin).await.map_err(|error| anyhow!("Error while executing topic command : {error:#}"))
    }

    /// Flags that the action needs or cannot take. Not by clap: it waives what a flag requires once that conflicts with
    /// a flag of its group.
    fn check(&self) -> Result<()> {
        if !self.delete_config.is_empty() {
            bail!("--delete-config: klamm configs --alter --topic NAME --delete-config KEY does that");
        }
        let action = |one: bool, name: &'static str| one.then_some(name);
        let action = [
            action(self.list, "--list"),
            action(self.describe, "--describe"),
            action(self.create, "--create"),
            action(self.alter, "--alter"),
            action(self.delete, "--delete"),
        ];
        let action = action.into_iter().flatten().next().unwrap_or_default();
        if matches!(action, "--create" | "--alter" | "--delete") && self.topic.is_none() {
            bail!("{action} needs --topic");
        }
        if action == "--alter" && self.partitions.is_none() {
            bail!("--alter needs --partitions: the number of partitions is all that it changes");
        }
        let filters = ["--describe"].as_slice();
        let given = [
            ("--config", !self.config.is_empty(), ["--create"].as_slice()),
            ("--replication-factor", self.replication_factor.is_some(), &["--create"]),
            ("--partitions", self.partitions.is_some(), &["--create", "--alter"]),
            ("--replica-assignment", self.replica_assignment.is_some(), &["--create", "--alter"]),
            ("--if-not-exists", self.if_not_exists, &["--create"]),
            ("--if-exists", self.if_exists, &["--alter", "--delete", "--describe"]),
            ("--topic-id", self.topic_id.is_some(), filters),
            ("--exclude-internal", self.exclude_internal, &["--list", "--describe"]),
            ("--topics-with-overrides", self.topics_with_overrides, filters),
            ("--unavailable-partitions", self.unavailable_partitions, filters),
            ("--under-replicated-partitions", self.under_replicated_partitions, filters),
            ("--under-min-isr-partitions", self.under_min_isr_partitions, filters),
            ("--at-min-isr-partitions", self.at_min_isr_partitions, filters),
            (
                "--partition-size-limit-per-response",
                self.partition_size_limit_per_response.is_some(),
                filters,
            ),
        ];
        let misplaced = |(_, given, actions): &(&str, bool, &[&str])| *given && !actions.contains(&action);
        match given.iter().find(|one| misplaced(one)) {
            Some((flag, _, actions)) => bail!("{flag} goes with {} only", actions.join(" and ")),
            None => Ok(()),
        }
    }

    async fn act(&self, admin: &Admin) -> Result<()> {
        if self.create {
            self.create(admin).await
        } else if self.list {
            let names = self.names(admin).await?;
            output::print(&topic_lines::list(&names, self.json))
        } else if self.describe {
            self.describe(admin).await
        } else if self.delete {
            let names = self.existing(admin).await?;
            self.all_done(admin.delete_topics(names).await?, "deleted")
        } else {
            self.alter(admin).await
        }
    }

    /// Names that fit `--topic`, sorted.
    async fn names(&self, admin: &Admin) -> Result<Vec<String>> {
        let pattern = self.topic.as_deref().map(Pattern::new).transpose()?;
        let listings = admin.list_topics(!self.exclude_internal).await?;
        let names = listings.into_iter().map(|listing| listing.name);
        let names: BTreeSet<String> =
            names.filter(|name| pattern.as_ref().is_none_or(|pattern| pattern.fits(name))).collect();
        Ok(names.into_iter().collect())
    }

    /// The same; none at all is an error unless `--if-exists` is there.
    async fn existing(&self, admin: &Admin) -> Result<Vec<String>> {
        let names = self.names(admin).await?;
        match &self.topic {
            Some(topic) if names.is_empty() && !self.if_exists => {
                bail!("topic '{topic}' does not exist; --list tells which do")
            }
            _ => Ok(names),
        }
    }

    async fn create(&self, admin: &Admin) -> Result<()> {
        let name = self.topic.clone().unwrap_or_default();
        let replica_assignment = match &self.replica_assignment {
            Some(text) => (0..).zip(assignments(text)?).collect(),
            None => BTreeMap::new(),
        };
        let topic = NewTopic {
            name: name.clone(),
            num_partitions: self.partitions.filter(|_| replica_assignment.is_empty()),
            replication_factor: self.replication_factor,
            replica_assignment,
            configs: self.config.iter().cloned().collect(),
        };
        let warning = "WARNING: names of metrics do not tell '.' from '_': use one of the two in topic names, not both.\n";
        match name.contains(['.', '_']) {
            true if self.json => output::complain(warning),
            true => output::print(warning)?,
            false => {}
        }
        let outcome = match admin.create_topic(topic).await {
            Ok(_) => "created",
            Err(error) if self.if_not_exists && error.code() == Some(ErrorCode::TOPIC_ALREADY_EXISTS) => {
                "already there"
            }
            Err(error) => return Err(error.into()),
        };
        match outcome {
            _ if self.json => output::print(&topic_lines::outcomes(&[(name, Ok(outcome))])),
            "created" => output::print(&format!("Created topic {name}.\n")),
            _ => Ok(()),
        }
    }

    /// What became of each topic, if that is to be JSON; the first error of any.
    fn all_done(&self, outcomes: Each<String, ()>, done: &'static str) -> Result<()> {
        if self.json {
            let shown = |(name, outcome): (&String, &Result<(), klamm_client::Error>)| {
                (name.clone(), outcome.as_ref().map(|()| done).map_err(ToString::to_string))
            };
            output::print(&topic_lines::outcomes(&outcomes.iter().map(shown).collect::<Vec<_>>()))?;
        }
        for (name, outcome) in outcomes {
            outcome.with_context(|| format!("topic {name}"))?;
        }
        Ok(())
    }

    async fn alter(&self, admin: &Admin) -> Result<()> {
        let assigned = self.replica_assignment.as_deref().map(assignments).transpose()?;
        let total_count = self.partitions.unwrap_or_default();
        let names = self.existing(admin).await?;
        let mut topics = BTreeMap::new();
        for (name, topic) in admin.describe_topics(names).await? {
            let there = topic?.partitions.len();
            let assignments = assigned.as_ref().map(|all| all.iter().skip(there).cloned().collect());
            topics.insert(name, NewPartitions { total_count, assignments });
        }
        self.all_done(admin.create_partitions(topics, false).await?, "altered")
    }

    async fn describe(&self, admin: &Admin) -> Result<()> {
        let mut topics: Vec<TopicDescription> = Vec::new();
        let at_once = self.partition_size_limit_per_response.unwrap_or(PARTITIONS_PER_RESPONSE);
        let names = self.described_names(admin).await?;
        for (_, topic) in admin.describe_topics_in_pages(names, at_once).await? {
            topics.push(topic?);
        }
        let resources = topics.iter().map(|topic| ConfigResource::topic(&topic.name)).collect();
        let mut configs = admin.describe_configs(resources, true, false).await?;
        let mut described: Vec<(TopicDescription, Vec<ConfigEntry>)> = Vec::new();
        for topic in topics {
            let entries = configs.remove(&ConfigResource::topic(&topic.name)).transpose()?;
            described.push((topic, entries.unwrap_or_default()));
        }
        output::print(&topic_lines::describe(&described, self.filter(), self.json))
    }

    async fn described_names(&self, admin: &Admin) -> Result<Vec<String>> {
        let Some(id) = &self.topic_id else { return self.existing(admin).await };
        let listings = admin.list_topics(true).await?;
        let found = listings.into_iter().find(|listing| listing.topic_id.to_string() == *id);
        match found {
            Some(listing) => Ok(vec![listing.name]),
            None if self.if_exists => Ok(Vec::new()),
            None => bail!("no topic has the id {id}; --describe prints them"),
        }
    }

    fn filter(&self) -> Filter {
        Filter {
            overrides: self.topics_with_overrides,
            unavailable: self.unavailable_partitions,
            under_replicated: self.under_replicated_partitions,
            under_min_isr: self.under_min_isr_partitions,
            at_min_isr: self.at_min_isr_partitions,
        }
    }
}

/// `1:2,2:3` as brokers by partition.
fn assignments(text: &str) -> Result<Vec<Vec<i32>>> {
    let broker = |id: &str| id.trim().parse().ok().filter(|id| *id >= 0);
    let partition = |part: &str| part.split(':').map(broker).collect::<Option<Vec<i32>>>();
    text.split(',')
        .map(partition)
        .collect::<Option<_>>()
        .ok_or_else(|| anyhow!("--replica-assignment {text}: allowed are broker ids, as in 1:2,2:3"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, clap::Parser)]
    struct Line {
        #[command(flatten)]
        topics: Topics,
    }

    fn check(flags: &str, refused: Option<&str>) {
        let line = format!("topics --bootstrap-server h:1 {flags}");
        let line =
            <Line as clap::Parser>::try_parse_from(line.split(' ')).expect("clap has nothing against it");
        match (line.topics.check(), refused) {
            (Ok(()), None) => {}
            (Err(error), Some(part)) => assert!(error.to_string().contains(part), "{error}"),
            (outcome, _) => panic!("{flags}: {outcome:?}"),
        }
    }

    #[test]
    fn nothing_is_passed_over() {
        check("--alter --topic t --partitions 3", None);
        check("--describe --if-exists --topic t", None);
        check("--create --topic t --if-not-exists --config a=b --partitions 2 --replication-factor 1", None);
        check("--alter --topic t --partitions 3 --config a=b", Some("--config goes with --create only"));
        check(
            "--delete --topic t --partition-size-limit-per-response 9",
            Some("--partition-size-limit-per-response goes with --describe only"),
        );
        check("--list --topic-id x", Some("--topic-id goes with --describe only"));
        check("--describe --if-not-exists", Some("--if-not-exists goes with --create only"));
        check("--delete", Some("--delete needs --topic"));
        check("--alter --topic t", Some("--alter needs --partitions"));
        check("--alter --topic t --delete-config a", Some("klamm configs"));
    }

    #[test]
    fn replica_assignments() {
        assert_eq!(assignments("1:2,2:3").expect("sound"), [[1, 2], [2, 3]]);
        assert_eq!(assignments("7").expect("sound"), [[7]]);
        assert!(assignments("1:x").is_err() && assignments("-1").is_err() && assignments("").is_err());
    }
}
