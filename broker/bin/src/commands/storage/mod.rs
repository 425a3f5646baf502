//! `klamm storage`: formats a node's directories, and tells what is in them. Not here: the bytes that formatting writes
//! (klamm-broker).

mod features;
mod format;
mod info;

use std::path::Path;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use klamm_broker::{BrokerConfig, storage};
use klamm_env::Env;
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
    Format(format::Format),
    Info(info::Info),
    RandomUuid(RandomUuid),
    VersionMapping(features::VersionMapping),
    FeatureDependencies(features::FeatureDependencies),
}

/// Prints a new cluster id
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  klamm storage random-uuid")]
struct RandomUuid {
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
            StorageCommand::RandomUuid(uuid) => {
                let id = storage::random_cluster_id(&env);
                output::print(&if uuid.json { format!("{}\n", json!(id)) } else { format!("{id}\n") })
            }
            StorageCommand::VersionMapping(mapping) => mapping.run(),
            StorageCommand::FeatureDependencies(dependencies) => dependencies.run(),
        }
    }
}

async fn read_config(env: &Env, path: &Path) -> Result<BrokerConfig> {
    let text = read_text(env, path).await?;
    environment::configuration(&text, &[]).with_context(|| path.display().to_string())
}
