//! Formatting a node's directories, and telling what is in them (`kafka-storage`). Not here: printing.

use std::path::{Path, PathBuf};

use klamm_env::Env;
use klamm_log::{LogError, MetaProperties, Uuid as DirectoryId};
use klamm_metadata::METADATA_TOPIC;
use klamm_metadata::controller::bootstrap_records;
use klamm_protocol::voters_record::Endpoint;

use crate::config::BrokerConfig;
use crate::ids::RandomIds;
use crate::metadata_log::{QuorumRecords, voters_of_one};
use crate::metadata_snapshot::{SnapshotName, snapshot_bytes, write_snapshot_file};

/// What became of one directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Formatted {
    /// It was formatted.
    New(PathBuf),
    /// It had been formatted before, for the same cluster and node.
    Already(PathBuf),
}

/// Why directories are not formatted.
#[derive(Debug)]
pub enum FormatError {
    /// It has been formatted before, and that was not to be overlooked.
    AlreadyFormatted(PathBuf),
    /// It belongs to another cluster or node.
    Foreign {
        /// The directory.
        path: PathBuf,
        /// Whom it belongs to.
        found: MetaProperties,
    },
    /// The cluster id is no base64url text of 16 bytes.
    ClusterId(String),
    /// The disk failed, or a file is malformed.
    Log(LogError),
    /// Something that cannot be written.
    Other(String),
}

impl std::fmt::Display for FormatError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AlreadyFormatted(path) => {
                write!(
                    f,
                    "Log directory {} is already formatted. Use --ignore-formatted to ignore this directory and format the others.",
                    path.display()
                )
            }
            Self::Foreign { path, found } => write!(
                f,
                "Log directory {} belongs to node {} of cluster {}; allowed is a directory of this node, or an empty one",
                path.display(),
                found.node_id,
                found.cluster_id
            ),
            Self::ClusterId(id) => write!(
                f,
                "Cluster id {id} is invalid; allowed are 22 characters of base64url, as random-uuid prints"
            ),
            Self::Log(error) => error.fmt(f),
            Self::Other(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for FormatError {}

impl From<LogError> for FormatError {
    fn from(error: LogError) -> Self {
        Self::Log(error)
    }
}

/// A new cluster id.
pub fn random_cluster_id(env: &Env) -> String {
    RandomIds::new(env, "cluster-id").next().to_string()
}

/// All directories of a node, each once.
pub fn directories(config: &BrokerConfig) -> Vec<PathBuf> {
    let mut directories = config.log_dirs.clone();
    if !directories.contains(&config.metadata_log_dir) {
        directories.push(config.metadata_log_dir.clone());
    }
    directories
}

/// Formats the node's directories for `cluster_id`. With `ignore_formatted`, those that are formatted already for the
/// same cluster and node stay as they are.
///
/// # Errors
/// See [`FormatError`]; nothing is written then unless the disk failed half-way.
pub async fn format(
    env: &Env,
    config: &BrokerConfig,
    cluster_id: &str,
    ignore_formatted: bool,
) -> Result<Vec<Formatted>, FormatError> {
    if DirectoryId::parse(cluster_id).is_none() {
        return Err(FormatError::ClusterId(cluster_id.to_owned()));
    }
    let mut plan = Vec::new();
    for path in directories(config) {
        match MetaProperties::read(env, &path).await? {
            None => plan.push((path, true)),
            Some(found) if found.cluster_id != cluster_id || found.node_id != config.node_id => {
                return Err(FormatError::Foreign { path, found });
            }
            Some(_) if ignore_formatted => plan.push((path, false)),
            Some(_) => return Err(FormatError::AlreadyFormatted(path)),
        }
    }
    let mut ids = RandomIds::new(env, "directory-ids");
    let mut done = Vec::new();
    for (path, new) in plan {
        if !new {
            done.push(Formatted::Already(path));
            continue;
        }
        let directory_id = ids.next();
        if path == config.metadata_log_dir {
            write_first_snapshot(env, config, &path, directory_id).await?;
        }
        let directory_id = DirectoryId(directory_id.0);
        // Last, since a directory counts as formatted as soon as this is there.
        MetaProperties { cluster_id: cluster_id.to_owned(), node_id: config.node_id, directory_id }
            .write(env, &path)
            .await?;
        done.push(Formatted::New(path));
    }
    Ok(done)
}

/// The snapshot at offset 0: the features a cluster begins with, and its voters if the quorum is dynamic.
async fn write_first_snapshot(
    env: &Env,
    config: &BrokerConfig,
    path: &Path,
    directory_id: klamm_protocol::Uuid,
) -> Result<(), FormatError> {
    let other = |error: &dyn std::fmt::Display| FormatError::Other(error.to_string());
    let quorum = if config.static_voters.is_empty() {
        let endpoints = config.controller_listeners.iter().map(|listener| Endpoint {
            name: listener.name.clone(),
            host: if listener.host.is_empty() { "localhost".to_owned() } else { listener.host.clone() },
            port: listener.port,
            ..Endpoint::default()
        });
        QuorumRecords {
            kraft_version: 1,
            voters: Some(voters_of_one(config.node_id, directory_id, endpoints.collect())),
        }
    } else {
        QuorumRecords::default()
    };
    let directory = path.join(format!("{METADATA_TOPIC}-0"));
    env.create_dir(&directory).await.map_err(|error| other(&error))?;
    let parts =
        snapshot_bytes(env.wall().0, 0, &quorum, &bootstrap_records()).map_err(|error| other(&error))?;
    write_snapshot_file(env, &directory, SnapshotName { end_offset: 0, epoch: 0 }, parts)
        .await
        .map_err(|error| other(&error))?;
    env.sync_dir(path).await.map_err(|error| other(&error))
}

/// What each directory says of itself.
///
/// # Errors
/// A file cannot be read, or is malformed.
pub async fn info(
    env: &Env,
    config: &BrokerConfig,
) -> Result<Vec<(PathBuf, Option<MetaProperties>)>, LogError> {
    let mut found = Vec::new();
    for path in directories(config) {
        let properties = MetaProperties::read(env, &path).await?;
        found.push((path, properties));
    }
    Ok(found)
}
