//! Admin: topics, configurations, offsets, the cluster. Not here: groups, ACLs, quotas.

mod attempts;
mod cluster;
mod configs;
mod topics;
mod types;

use std::collections::{BTreeMap, BTreeSet};

use klamm_env::{Env, Lane};

use crate::config::{AdminConfig, IsolationLevel};
use crate::error::Error;
use crate::link::{Call, Link, Worker};
use crate::offsets;
use crate::record::TopicPartition;
pub use types::{
    AlterConfigOp, ClusterDescription, ConfigEntry, ConfigResource, ConfigResourceType, ConfigSynonym,
    CreatedTopic, ListedOffset, LogDirDescription, NewPartitions, NewTopic, Node, NodeApiVersions,
    OffsetSpec, PartitionDescription, ReplicaInfo, TopicDescription, TopicListing,
};

/// Outcomes by name: a call as a whole may succeed while some of its parts fail.
pub type Each<K, T> = BTreeMap<K, Result<T, Error>>;

/// How many partitions a broker is asked to describe at once, unless the caller says otherwise.
pub const PARTITIONS_PER_RESPONSE: i32 = 2000;

/// Asks and changes the cluster. Clones share their connections, which close with the last of them.
///
/// Every call tries again after failures that may pass, as often as `retries` and for as long as
/// `default.api.timeout.ms` allows.
#[derive(Clone, Debug)]
pub struct Admin {
    worker: Worker<Link>,
}

impl Admin {
    /// On lane 0 of `env`. Connects when it is first asked something.
    pub fn new(env: &Env, config: AdminConfig) -> Admin {
        Admin::on_lane(env, Lane(0), config)
    }

    /// On a lane of one's choice.
    pub fn on_lane(env: &Env, lane: Lane, config: AdminConfig) -> Admin {
        let make = move |env: &Env| Link::start(env, &config.client, false, config.retries);
        Admin { worker: Worker::start(env, lane, "admin", make, |link| async move { link.close() }) }
    }

    /// Creates topics, or with `validate_only` says what would come of it.
    ///
    /// # Errors
    /// No broker could be asked; errors of single topics are in the map.
    pub fn create_topics(
        &self,
        topics: Vec<NewTopic>,
        validate_only: bool,
    ) -> Call<Each<String, CreatedTopic>> {
        self.worker.call(move |link| topics::create(link, topics, validate_only))
    }

    /// Creates one topic.
    ///
    /// # Errors
    /// It could not be created.
    pub async fn create_topic(&self, topic: NewTopic) -> Result<CreatedTopic, Error> {
        let name = topic.name.clone();
        only(self.create_topics(vec![topic], false).await?, &name)
    }

    /// Deletes topics by name.
    ///
    /// # Errors
    /// No broker could be asked; errors of single topics are in the map.
    pub fn delete_topics(&self, names: Vec<String>) -> Call<Each<String, ()>> {
        self.worker.call(move |link| topics::delete(link, names))
    }

    /// Adds partitions to topics, or with `validate_only` says what would come of it.
    ///
    /// # Errors
    /// No broker could be asked; errors of single topics are in the map.
    pub fn create_partitions(
        &self,
        topics: BTreeMap<String, NewPartitions>,
        validate_only: bool,
    ) -> Call<Each<String, ()>> {
        self.worker.call(move |link| topics::create_partitions(link, topics, validate_only))
    }

    /// Deletes the records below an offset (-1: below the high watermark); returns the new first offsets.
    ///
    /// # Errors
    /// No broker could be asked; errors of single partitions are in the map.
    pub fn delete_records(&self, before: BTreeMap<TopicPartition, i64>) -> Call<Each<TopicPartition, i64>> {
        self.worker.call(move |link| offsets::delete_records(link, before))
    }

    /// Names of all topics, sorted.
    ///
    /// # Errors
    /// No broker could be asked.
    pub fn list_topics(&self, include_internal: bool) -> Call<Vec<TopicListing>> {
        self.worker.call(move |link| topics::list(link, include_internal))
    }

    /// Partitions of topics.
    ///
    /// # Errors
    /// No broker could be asked; errors of single topics are in the map.
    pub fn describe_topics(&self, names: Vec<String>) -> Call<Each<String, TopicDescription>> {
        self.describe_topics_in_pages(names, PARTITIONS_PER_RESPONSE)
    }

    /// Partitions of topics, of which a broker tells at most so many at once, if it obeys; other than
    /// [`PARTITIONS_PER_RESPONSE`], that is for clusters with very many.
    ///
    /// # Errors
    /// No broker could be asked; errors of single topics are in the map.
    pub fn describe_topics_in_pages(
        &self,
        names: Vec<String>,
        partitions_per_response: i32,
    ) -> Call<Each<String, TopicDescription>> {
        self.worker.call(move |link| topics::describe(link, names, partitions_per_response))
    }

    /// The cluster's id, controller and brokers; those that are fenced (KIP-1073) if asked for.
    ///
    /// # Errors
    /// No broker could be asked, or none that can show fenced ones.
    pub fn describe_cluster(&self, include_fenced: bool) -> Call<ClusterDescription> {
        self.worker.call(move |link| cluster::describe(link, include_fenced))
    }

    /// Configurations, with synonyms and documentation if asked for.
    ///
    /// # Errors
    /// No broker could be asked; errors of single resources are in the map.
    pub fn describe_configs(
        &self,
        resources: BTreeSet<ConfigResource>,
        include_synonyms: bool,
        include_documentation: bool,
    ) -> Call<Each<ConfigResource, Vec<ConfigEntry>>> {
        self.worker
            .call(move |link| configs::describe(link, resources, include_synonyms, include_documentation))
    }

    /// Changes single keys (KIP-339), or with `validate_only` says what would come of it.
    ///
    /// # Errors
    /// No broker could be asked; errors of single resources are in the map.
    pub fn incremental_alter_configs(
        &self,
        changes: BTreeMap<ConfigResource, Vec<AlterConfigOp>>,
        validate_only: bool,
    ) -> Call<Each<ConfigResource, ()>> {
        self.worker.call(move |link| configs::alter_incrementally(link, changes, validate_only))
    }

    /// Replaces whole configurations: keys that are not named get their defaults.
    ///
    /// # Errors
    /// No broker could be asked; errors of single resources are in the map.
    pub fn alter_configs(
        &self,
        replacements: BTreeMap<ConfigResource, BTreeMap<String, String>>,
        validate_only: bool,
    ) -> Call<Each<ConfigResource, ()>> {
        self.worker.call(move |link| configs::replace(link, replacements, validate_only))
    }

    /// Everything that has a configuration of its own (KIP-1142), of these types or, if none is named, of all.
    ///
    /// # Errors
    /// No broker could be asked, or none that knows these types.
    pub fn list_config_resources(&self, types: Vec<ConfigResourceType>) -> Call<Vec<ConfigResource>> {
        self.worker.call(move |link| configs::list(link, types))
    }

    /// Offsets by position or by time.
    ///
    /// # Errors
    /// No broker could be asked; errors of single partitions are in the map.
    pub fn list_offsets(
        &self,
        partitions: BTreeMap<TopicPartition, OffsetSpec>,
    ) -> Call<Each<TopicPartition, ListedOffset>> {
        self.worker.call(move |link| offsets::list(link, partitions, IsolationLevel::ReadUncommitted))
    }

    /// Log directories of brokers.
    ///
    /// # Errors
    /// No broker could be asked; errors of single brokers and directories are inside.
    pub fn describe_log_dirs(
        &self,
        brokers: Vec<i32>,
    ) -> Call<Each<i32, Vec<Result<LogDirDescription, Error>>>> {
        self.worker.call(move |link| cluster::describe_log_dirs(link, brokers))
    }

    /// The versions that each broker serves.
    ///
    /// # Errors
    /// No broker could be asked; errors of single brokers are in the map.
    pub fn api_versions(&self) -> Call<Each<i32, NodeApiVersions>> {
        self.worker.call(cluster::api_versions)
    }

    /// Closes the connections, unless a clone still uses them.
    pub fn close(self) {}
}

/// The only outcome of a call about one thing.
fn only<T>(mut outcomes: Each<String, T>, name: &str) -> Result<T, Error> {
    outcomes
        .remove(name)
        .unwrap_or_else(|| Err(Error::protocol(format!("the answer says nothing of '{name}'"))))
}
