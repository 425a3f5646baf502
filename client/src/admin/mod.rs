//! Admin: topics, configurations, offsets, the cluster. Not here: groups, ACLs, quotas.

mod types;

use std::collections::{BTreeMap, BTreeSet};

use klamm_env::{Env, Lane};

use crate::config::AdminConfig;
use crate::error::Error;
use crate::record::TopicPartition;
pub use types::{
    AlterConfigOp, ClusterDescription, ConfigEntry, ConfigResource, ConfigResourceType, ConfigSynonym,
    CreatedTopic, ListedOffset, LogDirDescription, NewPartitions, NewTopic, Node, NodeApiVersions,
    OffsetSpec, PartitionDescription, ReplicaInfo, TopicDescription, TopicListing,
};

/// Outcomes by name: the call as a whole may succeed while some of its parts fail.
type Each<K, T> = BTreeMap<K, Result<T, Error>>;

/// Asks and changes the cluster. Clones share their connections.
#[derive(Clone, Debug)]
pub struct Admin {}

impl Admin {
    /// On lane 0 of `env`. Connects when it is first asked something.
    pub fn new(env: &Env, config: AdminConfig) -> Admin {
        Admin::on_lane(env, Lane(0), config)
    }

    /// On a lane of one's choice.
    pub fn on_lane(_env: &Env, _lane: Lane, _config: AdminConfig) -> Admin {
        Admin {}
    }

    /// Creates topics, or with `validate_only` says what would come of it.
    pub async fn create_topics(
        &self,
        _topics: Vec<NewTopic>,
        _validate_only: bool,
    ) -> Result<Each<String, CreatedTopic>, Error> {
        Err(Error::closed())
    }

    /// Creates one topic.
    pub async fn create_topic(&self, _topic: NewTopic) -> Result<CreatedTopic, Error> {
        Err(Error::closed())
    }

    /// Deletes topics by name.
    pub async fn delete_topics(&self, _names: Vec<String>) -> Result<Each<String, ()>, Error> {
        Err(Error::closed())
    }

    /// Adds partitions to topics.
    pub async fn create_partitions(
        &self,
        _topics: BTreeMap<String, NewPartitions>,
        _validate_only: bool,
    ) -> Result<Each<String, ()>, Error> {
        Err(Error::closed())
    }

    /// Deletes the records below an offset (-1: below the high watermark); returns the new first offsets.
    pub async fn delete_records(
        &self,
        _before: BTreeMap<TopicPartition, i64>,
    ) -> Result<Each<TopicPartition, i64>, Error> {
        Err(Error::closed())
    }

    /// Names of all topics.
    pub async fn list_topics(&self, _include_internal: bool) -> Result<Vec<TopicListing>, Error> {
        Err(Error::closed())
    }

    /// Partitions of topics.
    pub async fn describe_topics(&self, _names: Vec<String>) -> Result<Each<String, TopicDescription>, Error> {
        Err(Error::closed())
    }

    /// The cluster's id, controller and brokers.
    pub async fn describe_cluster(&self, _include_fenced: bool) -> Result<ClusterDescription, Error> {
        Err(Error::closed())
    }

    /// Configurations, with synonyms and documentation if asked for.
    pub async fn describe_configs(
        &self,
        _resources: BTreeSet<ConfigResource>,
        _include_synonyms: bool,
        _include_documentation: bool,
    ) -> Result<Each<ConfigResource, Vec<ConfigEntry>>, Error> {
        Err(Error::closed())
    }

    /// Changes single keys (KIP-339).
    pub async fn incremental_alter_configs(
        &self,
        _changes: BTreeMap<ConfigResource, Vec<AlterConfigOp>>,
        _validate_only: bool,
    ) -> Result<Each<ConfigResource, ()>, Error> {
        Err(Error::closed())
    }

    /// Replaces whole configurations: keys that are not named get their defaults.
    pub async fn alter_configs(
        &self,
        _configs: BTreeMap<ConfigResource, BTreeMap<String, String>>,
        _validate_only: bool,
    ) -> Result<Each<ConfigResource, ()>, Error> {
        Err(Error::closed())
    }

    /// Everything that has a configuration of its own, of these types or of all.
    pub async fn list_config_resources(
        &self,
        _types: Vec<ConfigResourceType>,
    ) -> Result<Vec<ConfigResource>, Error> {
        Err(Error::closed())
    }

    /// Offsets by position or by time.
    pub async fn list_offsets(
        &self,
        _partitions: BTreeMap<TopicPartition, OffsetSpec>,
    ) -> Result<Each<TopicPartition, ListedOffset>, Error> {
        Err(Error::closed())
    }

    /// Log directories of brokers; of these partitions only if some are named.
    pub async fn describe_log_dirs(
        &self,
        _brokers: Vec<i32>,
    ) -> Result<Each<i32, Vec<Result<LogDirDescription, Error>>>, Error> {
        Err(Error::closed())
    }

    /// The versions that every broker serves.
    pub async fn api_versions(&self) -> Result<Each<i32, NodeApiVersions>, Error> {
        Err(Error::closed())
    }

    /// Closes the connections.
    pub fn close(self) {}
}
