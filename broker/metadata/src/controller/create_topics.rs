//! CreateTopics. Not here: topics made because somebody asked for them; logs.

use std::collections::{BTreeMap, BTreeSet};

use klamm_protocol::create_topics_request::{
    CreatableReplicaAssignment, CreatableTopic, CreateTopicsRequest,
};
use klamm_protocol::create_topics_response::{
    CreatableTopicConfigs, CreatableTopicResult, CreateTopicsResponse,
};
use klamm_protocol::metadata_records::MetadataRecord;
use klamm_protocol::{ErrorCode, Uuid};

use super::{
    Named, Outcome, PARTITIONS_PER_REQUEST_MAX, Refusal, config_operation, placement, too_many_partitions,
};
use crate::config::{Configs, Definitions, Source, is_sensitive};
use crate::image::{
    ConfigResource, METADATA_TOPIC, MetadataImage, PartitionImage, ResourceType, TopicImage, topic_name_error,
};

/// What the decision needs besides the request.
pub struct CreateTopics<'a> {
    /// The cluster as it is.
    pub image: &'a MetadataImage,
    /// Configuration as it is.
    pub configs: Configs<'a>,
    /// Partitions of a topic that names no number (`num.partitions`).
    pub partitions_default: i32,
    /// Replicas of a partition that names no number (`default.replication.factor`).
    pub replication_factor_default: i16,
    /// Gives a new topic id at each call.
    pub new_topic_id: &'a mut dyn FnMut() -> Uuid,
}

/// Decides a CreateTopics request.
pub fn create_topics(
    context: &mut CreateTopics<'_>,
    request: &CreateTopicsRequest,
) -> Outcome<CreateTopicsResponse> {
    let too_many = partitions_asked(context, request) > PARTITIONS_PER_REQUEST_MAX;
    let mut outcome = Outcome { records: Vec::new(), response: CreateTopicsResponse::default() };
    let named = Named::count(request.topics.iter().map(|topic| topic.name.as_str()));
    let mut answered = BTreeSet::new();
    let mut metric_names = MetricNames::default();
    let mut directories = placement::Directories::default();
    for topic in &request.topics {
        if !answered.insert(topic.name.as_str()) {
            continue;
        }
        let decided = if named.repeats(&topic.name.as_str()) {
            Err(Refusal::new(ErrorCode::INVALID_REQUEST, "Duplicate topic name."))
        } else if request.timeout_ms <= 0 && !request.validate_only {
            Err(Refusal::bare(ErrorCode::REQUEST_TIMED_OUT))
        } else if too_many {
            Err(too_many_partitions())
        } else {
            create_topic(context, topic, &mut metric_names, &mut directories)
        };
        let result = match decided {
            Ok((records, result)) => {
                metric_names.add(&topic.name);
                if !request.validate_only {
                    outcome.records.extend(records);
                }
                result
            }
            Err(refusal) => CreatableTopicResult {
                name: topic.name.clone(),
                error_code: refusal.code,
                error_message: refusal.message,
                ..CreatableTopicResult::default()
            },
        };
        outcome.response.topics.push(result);
    }
    outcome
}

fn partitions_asked(context: &CreateTopics<'_>, request: &CreateTopicsRequest) -> usize {
    let of = |topic: &CreatableTopic| match topic.num_partitions {
        _ if !topic.assignments.is_empty() => topic.assignments.len(),
        -1 => usize::try_from(context.partitions_default).unwrap_or(0),
        count => usize::try_from(count).unwrap_or(0),
    };
    request.topics.iter().map(of).fold(0, usize::saturating_add)
}

type Created = (Vec<MetadataRecord>, CreatableTopicResult);

fn create_topic(
    context: &mut CreateTopics<'_>,
    topic: &CreatableTopic,
    metric_names: &mut MetricNames,
    directories: &mut placement::Directories,
) -> Result<Created, Refusal> {
    check_name(context.image, &topic.name, metric_names)?;
    let configs = check_configs(topic)?;
    let replicas = replicas(context, topic)?;
    let partitions: Vec<PartitionImage> = replicas
        .into_iter()
        .map(|replicas| placement::new_partition(context.image, directories, replicas))
        .collect();
    let topic = TopicImage { id: (context.new_topic_id)(), name: topic.name.clone(), partitions };
    let mut records = topic.to_records();
    let resource = ConfigResource::new(ResourceType::Topic, topic.name.as_str());
    for (name, value) in &configs {
        records.push(config_operation::record(&resource, name, Some(value.clone()))?);
    }
    let result = CreatableTopicResult {
        name: topic.name.clone(),
        topic_id: topic.id,
        num_partitions: i32::try_from(topic.partitions.len()).expect("bounded per request"),
        replication_factor: i16::try_from(topic.partitions[0].replicas.len()).unwrap_or(i16::MAX),
        configs: Some(described(context, &topic.name, &configs)),
        ..CreatableTopicResult::default()
    };
    Ok((records, result))
}

/// What topics' names become in the names of metrics, and whose they are: filled when the first one is needed.
#[derive(Default)]
struct MetricNames {
    owners: BTreeMap<String, String>,
    has_those_of_image: bool,
}

impl MetricNames {
    fn folded(name: &str) -> Option<String> {
        name.contains(['.', '_']).then(|| name.replace('.', "_"))
    }

    fn add(&mut self, name: &str) {
        if let Some(folded) = Self::folded(name) {
            self.owners.insert(folded, name.to_owned());
        }
    }

    /// The topic whose metrics' name `name` would share.
    fn owner(&mut self, image: &MetadataImage, name: &str) -> Option<&str> {
        let folded = Self::folded(name)?;
        if !self.has_those_of_image {
            self.has_those_of_image = true;
            image.topic_ids.keys().for_each(|name| self.add(name));
        }
        self.owners.get(&folded).map(String::as_str)
    }
}

/// Names that differ only in `.` and `_` would share their metrics' names.
fn check_name(image: &MetadataImage, name: &str, metric_names: &mut MetricNames) -> Result<(), Refusal> {
    if let Some(error) = topic_name_error(name) {
        return Err(Refusal::new(
            ErrorCode::INVALID_TOPIC_EXCEPTION,
            format!("Topic name '{name}' is invalid: {error}"),
        ));
    }
    if name == METADATA_TOPIC {
        let message = format!("Topic '{name}' is the cluster's own and no client makes it.");
        return Err(Refusal::new(ErrorCode::INVALID_REQUEST, message));
    }
    if image.topic_ids.contains_key(name) {
        return Err(Refusal::new(ErrorCode::TOPIC_ALREADY_EXISTS, format!("Topic '{name}' already exists.")));
    }
    if let Some(other) = metric_names.owner(image, name) {
        let message = format!("Topic '{name}' collides with existing topic: {other}");
        return Err(Refusal::new(ErrorCode::INVALID_TOPIC_EXCEPTION, message));
    }
    Ok(())
}

fn check_configs(topic: &CreatableTopic) -> Result<BTreeMap<String, String>, Refusal> {
    let mut configs = BTreeMap::new();
    for config in &topic.configs {
        let Some(value) = &config.value else {
            let message = format!("Null value not supported for topic configs: {}", config.name);
            return Err(Refusal::new(ErrorCode::INVALID_CONFIG, message));
        };
        config_operation::check_topic(&config.name, value)?;
        configs.insert(config.name.clone(), value.clone());
    }
    config_operation::check_topic_together(&configs)?;
    Ok(configs)
}

fn replicas(context: &CreateTopics<'_>, topic: &CreatableTopic) -> Result<Vec<Vec<i32>>, Refusal> {
    if !topic.assignments.is_empty() {
        return chosen_replicas(context.image, topic);
    }
    let count = match topic.num_partitions {
        -1 => context.partitions_default,
        count if count > 0 => count,
        _ => {
            return Err(Refusal::new(
                ErrorCode::INVALID_PARTITIONS,
                "Number of partitions was set to an invalid non-positive value.",
            ));
        }
    };
    let factor = match topic.replication_factor {
        -1 => context.replication_factor_default,
        factor if factor > 0 => factor,
        _ => {
            let message = "Replication factor must be larger than 0, or -1 to use the default value.";
            return Err(Refusal::new(ErrorCode::INVALID_REPLICATION_FACTOR, message));
        }
    };
    let positive = |number: i32| usize::try_from(number).expect("checked above, and defaults are at least 1");
    placement::place(context.image, 0, positive(count), positive(factor.into()))
}

fn chosen_replicas(image: &MetadataImage, topic: &CreatableTopic) -> Result<Vec<Vec<i32>>, Refusal> {
    if topic.num_partitions != -1 || topic.replication_factor != -1 {
        let message = "A manual partition assignment was specified, but numPartitions or replicationFactor was not set to -1.";
        return Err(Refusal::new(ErrorCode::INVALID_REQUEST, message));
    }
    let mut assignments: Vec<&CreatableReplicaAssignment> = topic.assignments.iter().collect();
    assignments.sort_by_key(|assignment| assignment.partition_index);
    let factor = assignments[0].broker_ids.len();
    for (index, assignment) in (0..).zip(&assignments) {
        if assignment.partition_index != index {
            let message = "Partitions should be a consecutive 0-based integer sequence without duplicates.";
            return Err(Refusal::new(ErrorCode::INVALID_REPLICA_ASSIGNMENT, message));
        }
        placement::check_chosen(image, &assignment.broker_ids, factor)?;
    }
    Ok(assignments.into_iter().map(|assignment| assignment.broker_ids.clone()).collect())
}

fn described(
    context: &CreateTopics<'_>,
    name: &str,
    set: &BTreeMap<String, String>,
) -> Vec<CreatableTopicConfigs> {
    let resource = ConfigResource::new(ResourceType::Topic, name);
    let definitions = Definitions::topic().iter().filter(|definition| !definition.internal);
    let described = definitions.map(|definition| {
        let own = set.get(definition.name).map(|value| (Some(value.clone()), Source::Topic));
        let (value, source) = own.unwrap_or_else(|| {
            let source =
                context.configs.origins(&resource, definition).first().map_or(Source::Default, |o| o.source);
            (context.configs.text(&resource, definition), source)
        });
        CreatableTopicConfigs {
            name: definition.name.to_owned(),
            value,
            read_only: false,
            config_source: source as i8,
            is_sensitive: is_sensitive(definition),
            ..CreatableTopicConfigs::default()
        }
    });
    described.collect()
}
