//! `klamm storage format`: what a new node needs, in its directories. Not here: the bytes (klamm-broker).

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::{ArgGroup, Args};
use klamm_broker::storage::Formatted;
use klamm_broker::{BrokerConfig, storage};
use klamm_env::Env;
use serde_json::json;

use super::features::{check_release, first_levels};
use super::{EXAMPLE, read_config};
use crate::output;

/// Writes what a new node needs into its directories
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
#[command(group = ArgGroup::new("quorum").args(["standalone", "no_initial_controllers", "initial_controllers"]))]
pub(super) struct Format {
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
    /// Print JSON
    #[arg(long)]
    json: bool,
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
        check_release(self.release_version.as_deref())?;
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

    pub(super) async fn run(self, env: &Env) -> Result<()> {
        let config = read_config(env, &self.config).await?;
        self.check(&config)?;
        let formatted = storage::format(env, &config, &self.cluster_id, self.ignore_formatted).await?;
        output::print(&if self.json {
            formatted_json(&formatted)
        } else {
            formatted_lines(&formatted, &config.metadata_log_dir, config.static_voters.is_empty())
        })
    }
}

/// As Kafka's tool prints them: only what is new.
fn formatted_lines(formatted: &[Formatted], metadata_log_dir: &Path, dynamic: bool) -> String {
    let new = formatted.iter().filter_map(|each| match each {
        Formatted::New(path) => Some(path),
        Formatted::Already(_) => None,
    });
    let new: Vec<&PathBuf> = new.collect();
    if new.is_empty() {
        return "All of the log directories are already formatted.\n".to_owned();
    }
    let level = klamm_metadata::controller::METADATA_VERSION;
    let line = |path: &&PathBuf| {
        let what = match (path.as_path() == metadata_log_dir, dynamic) {
            (true, true) => "dynamic metadata voter",
            (true, false) => "metadata",
            (false, _) => "data",
        };
        format!("Formatting {what} directory {} with metadata.version {level}.\n", path.display())
    };
    new.iter().map(line).collect()
}

/// Every directory, and whether it was formatted now.
fn formatted_json(formatted: &[Formatted]) -> String {
    let line = |each: &Formatted| match each {
        Formatted::New(path) => json!({ "path": path.display().to_string(), "outcome": "formatted" }),
        Formatted::Already(path) => {
            json!({ "path": path.display().to_string(), "outcome": "already formatted" })
        }
    };
    let level = klamm_metadata::controller::METADATA_VERSION;
    let directories: Vec<_> = formatted.iter().map(line).collect();
    format!("{}\n", json!({ "metadataVersion": level, "directories": directories }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(paths: &[&str]) -> Vec<Formatted> {
        paths.iter().map(|path| Formatted::New(PathBuf::from(path))).collect()
    }

    #[test]
    fn what_was_formatted() {
        let lines = |formatted: &[Formatted], dynamic| formatted_lines(formatted, Path::new("/a"), dynamic);
        insta::assert_snapshot!(lines(&new(&["/a", "/b"]), true), @r#"
        Formatting dynamic metadata voter directory /a with metadata.version 4.4-IV2.
        Formatting data directory /b with metadata.version 4.4-IV2.
        "#);
        let static_quorum = lines(&new(&["/a"]), false);
        assert!(static_quorum.starts_with("Formatting metadata directory /a with metadata.version "));
        let mut both = vec![Formatted::Already(PathBuf::from("/a"))];
        assert_eq!(lines(&both, true), "All of the log directories are already formatted.\n");
        both.extend(new(&["/b"]));
        insta::assert_snapshot!(formatted_json(&both), @r#"{"directories":[{"outcome":"already formatted","path":"/a"},{"outcome":"formatted","path":"/b"}],"metadataVersion":"4.4-IV2"}"#);
    }
}
