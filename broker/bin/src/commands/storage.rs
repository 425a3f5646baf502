//! `klamm storage`: formats a node's directories, and tells what is in them.
//! Not here: the bytes that formatting writes (klamm-broker).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::{ArgGroup, Args, Subcommand};
use klamm_broker::{BrokerConfig, storage};
use klamm_env::Env;
use klamm_log::MetaProperties;
use serde_json::json;

use super::environment;
use crate::connection::read_text;
use crate::output;

const EXAMPLE: &str = "\
Example:
  klamm storage format -t $(klamm storage random-uuid) -c server.properties --standalone";

/// Formats a node's directories, and tells what is in them
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(crate) struct Storage {
    #[command(subcommand)]
    command: StorageCommand,
}

#[derive(Subcommand, Debug)]
enum StorageCommand {
    Format(Format),
    Info(Info),
    /// Prints a new cluster id
    #[command(after_help = "Example:\n  klamm storage random-uuid")]
    RandomUuid,
}

/// Writes what a new node needs into its directories
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
#[command(group = ArgGroup::new("quorum").args(["standalone", "no_initial_controllers", "initial_controllers"]))]
struct Format {
    /// The node's properties file
    #[arg(long, short, value_name = "FILE")]
    config: PathBuf,
    /// The cluster's id, as random-uuid prints one
    #[arg(long, short = 't', value_name = "ID")]
    cluster_id: String,
    /// Leave directories alone that are formatted for this cluster and node already
    #[arg(long, short = 'g')]
    ignore_formatted: bool,
    /// The node begins as the only controller
    #[arg(long, short)]
    standalone: bool,
    /// The node joins controllers that are there
    #[arg(long, short = 'N')]
    no_initial_controllers: bool,
    /// The controllers to begin with
    #[arg(long, short = 'I', value_name = "ID@HOST:PORT:DIRECTORY,...")]
    initial_controllers: Option<String>,
    /// The release whose features the cluster begins with
    #[arg(long, short, value_name = "VERSION")]
    release_version: Option<String>,
    /// A feature's level to begin with; can be repeated
    #[arg(long, short, value_name = "NAME=LEVEL")]
    feature: Vec<String>,
    /// Credentials to begin with
    #[arg(long, short = 'S', value_name = "CREDENTIALS")]
    add_scram: Vec<String>,
}

/// Tells what the directories say of themselves
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  klamm storage info -c server.properties")]
struct Info {
    /// The node's properties file
    #[arg(long, short, value_name = "FILE")]
    config: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Storage {
    /// Does what was asked for.
    pub(crate) async fn run(self, env: Env) -> Result<()> {
        match self.command {
            StorageCommand::Format(format) => format.run(&env).await,
            StorageCommand::Info(info) => info.run(&env).await,
            StorageCommand::RandomUuid => output::print(&format!("{}\n", storage::random_cluster_id(&env))),
        }
    }
}

async fn read_config(env: &Env, path: &Path) -> Result<BrokerConfig> {
    let text = read_text(env, path).await?;
    environment::configuration(&text, &[]).with_context(|| path.display().to_string())
}

/// `name=level` of every feature that a cluster begins with.
fn first_levels() -> BTreeMap<String, i16> {
    use klamm_protocol::metadata_records::MetadataRecord;
    let records = klamm_metadata::controller::bootstrap_records();
    let levels = records.into_iter().filter_map(|record| match record {
        MetadataRecord::FeatureLevel(record) => Some((record.name, record.feature_level)),
        _ => None,
    });
    levels.chain([("kraft.version".to_owned(), 1)]).collect()
}

impl Format {
    /// What other releases could begin with, and this one cannot.
    fn check(&self, config: &BrokerConfig) -> Result<()> {
        if self.no_initial_controllers || self.initial_controllers.is_some() {
            bail!("a node begins as the only controller in this release: allowed is --standalone");
        }
        if self.standalone && !config.static_voters.is_empty() {
            bail!("--standalone is for a dynamic quorum; leave it out, or controller.quorum.voters");
        }
        if !self.add_scram.is_empty() {
            bail!("--add-scram: this release has no authentication; leave it out");
        }
        if let Some(release) = self.release_version.as_deref().filter(|release| !release.starts_with("4.4")) {
            bail!("--release-version {release}: allowed is 4.4");
        }
        let levels = first_levels();
        for feature in &self.feature {
            let (name, level) = feature.split_once('=').unwrap_or((feature, ""));
            match levels.get(name) {
                Some(allowed) if level == allowed.to_string() => {}
                Some(allowed) => bail!("--feature {feature}: this release begins with {name}={allowed}"),
                None => bail!(
                    "--feature {feature}: allowed are {}",
                    levels.keys().cloned().collect::<Vec<_>>().join(", ")
                ),
            }
        }
        Ok(())
    }

    async fn run(self, env: &Env) -> Result<()> {
        let config = read_config(env, &self.config).await?;
        self.check(&config)?;
        let formatted = storage::format(env, &config, &self.cluster_id, self.ignore_formatted).await?;
        let new = formatted.into_iter().filter_map(|each| match each {
            storage::Formatted::New(path) => Some(path),
            storage::Formatted::Already(_) => None,
        });
        let dynamic = config.static_voters.is_empty();
        output::print(&formatted_lines(&new.collect::<Vec<_>>(), &config.metadata_log_dir, dynamic))
    }
}

fn formatted_lines(new: &[PathBuf], metadata_log_dir: &Path, dynamic: bool) -> String {
    if new.is_empty() {
        return "All of the log directories are already formatted.\n".to_owned();
    }
    let level = klamm_metadata::controller::METADATA_VERSION;
    let line = |path: &PathBuf| {
        let what = match (path == metadata_log_dir, dynamic) {
            (true, true) => "dynamic metadata voter",
            (true, false) => "metadata",
            (false, _) => "data",
        };
        format!("Formatting {what} directory {} with metadata.version {level}.\n", path.display())
    };
    new.iter().map(line).collect()
}

type Found = [(PathBuf, Option<MetaProperties>)];

impl Info {
    async fn run(self, env: &Env) -> Result<()> {
        let config = read_config(env, &self.config).await?;
        let found = storage::info(env, &config).await?;
        let problems = problems(&found);
        if self.json {
            output::print(&info_json(&found, &problems))?;
        } else {
            output::print(&info_lines(&found, &problems))?;
        }
        match problems.first() {
            Some(problem) => bail!("{problem}"),
            None => Ok(()),
        }
    }
}

/// What would keep a broker from starting.
fn problems(found: &Found) -> Vec<String> {
    let mut problems: Vec<String> = found
        .iter()
        .filter(|(_, properties)| properties.is_none())
        .map(|(path, _)| format!("{} is not formatted.", path.display()))
        .collect();
    let mut known = found.iter().filter_map(|(path, properties)| Some((path, properties.as_ref()?)));
    if let Some((_, first)) = known.next() {
        let foreign = known
            .filter(|(_, other)| (&other.cluster_id, other.node_id) != (&first.cluster_id, first.node_id));
        problems.extend(foreign.map(|(path, other)| {
            format!("{} belongs to node {} of cluster {}.", path.display(), other.node_id, other.cluster_id)
        }));
    }
    problems
}

fn info_lines(found: &Found, problems: &[String]) -> String {
    let plural = |many: usize| if many == 1 { "" } else { "s" };
    let directories = if found.len() == 1 { "directory" } else { "directories" };
    let mut out = format!("Found log {directories}:\n");
    for (path, _) in found {
        out.push_str(&format!("  {}\n", path.display()));
    }
    out.push('\n');
    if let Some(properties) = found.iter().find_map(|(_, properties)| properties.as_ref()) {
        out.push_str(&format!(
            "Found metadata: {{cluster.id={}, directory.id={}, node.id={}, version=1}}\n\n",
            properties.cluster_id, properties.directory_id, properties.node_id
        ));
    }
    if !problems.is_empty() {
        out.push_str(&format!("Found problem{}:\n", plural(problems.len())));
        for problem in problems {
            out.push_str(&format!("  {problem}\n"));
        }
        out.push('\n');
    }
    out
}

fn info_json(found: &Found, problems: &[String]) -> String {
    let directories: Vec<_> = found
        .iter()
        .map(|(path, properties)| {
            let properties = properties.as_ref();
            json!({
                "path": path.display().to_string(),
                "clusterId": properties.map(|properties| &properties.cluster_id),
                "nodeId": properties.map(|properties| properties.node_id),
                "directoryId": properties.map(|properties| properties.directory_id.to_string()),
            })
        })
        .collect();
    format!("{}\n", json!({ "directories": directories, "problems": problems }))
}

#[cfg(test)]
mod tests {
    use klamm_log::Uuid;

    use super::*;

    fn properties(cluster_id: &str) -> Option<MetaProperties> {
        Some(MetaProperties {
            cluster_id: cluster_id.to_owned(),
            node_id: 1,
            directory_id: Uuid::METADATA_TOPIC,
        })
    }

    fn shown(found: &Found) -> String {
        info_lines(found, &problems(found))
    }

    #[test]
    fn what_is_found() {
        let path = PathBuf::from;
        insta::assert_snapshot!(shown(&[(path("/a"), properties("c"))]), @r#"
        Found log directory:
          /a

        Found metadata: {cluster.id=c, directory.id=AAAAAAAAAAAAAAAAAAAAAQ, node.id=1, version=1}
        "#);
        insta::assert_snapshot!(shown(&[(path("/a"), None)]), @r#"
        Found log directory:
          /a

        Found problem:
          /a is not formatted.
        "#);
        let three = [(path("/a"), properties("c")), (path("/b"), properties("d")), (path("/c"), None)];
        insta::assert_snapshot!(shown(&three), @r#"
        Found log directories:
          /a
          /b
          /c

        Found metadata: {cluster.id=c, directory.id=AAAAAAAAAAAAAAAAAAAAAQ, node.id=1, version=1}

        Found problems:
          /c is not formatted.
          /b belongs to node 1 of cluster d.
        "#);
        insta::assert_snapshot!(info_json(&three[..1], &[]), @r#"{"directories":[{"clusterId":"c","directoryId":"AAAAAAAAAAAAAAAAAAAAAQ","nodeId":1,"path":"/a"}],"problems":[]}"#);
    }

    #[test]
    fn what_was_formatted() {
        let lines = |new: &[&str], dynamic| {
            let new: Vec<PathBuf> = new.iter().map(PathBuf::from).collect();
            formatted_lines(&new, Path::new("/a"), dynamic)
        };
        insta::assert_snapshot!(lines(&["/a", "/b"], true), @r#"
        Formatting dynamic metadata voter directory /a with metadata.version 4.4-IV2.
        Formatting data directory /b with metadata.version 4.4-IV2.
        "#);
        assert!(lines(&["/a"], false).starts_with("Formatting metadata directory /a with metadata.version "));
        assert_eq!(lines(&[], true), "All of the log directories are already formatted.\n");
    }
}
