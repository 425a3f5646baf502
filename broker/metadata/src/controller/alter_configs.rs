//! AlterConfigs (replaces all keys) and IncrementalAlterConfigs (KIP-339). Not here: levels of loggers, which live in one
//! broker's memory.

use std::collections::BTreeMap;

use klamm_protocol::ErrorCode;
use klamm_protocol::alter_configs_request::{AlterConfigsRequest, AlterConfigsResource};
use klamm_protocol::incremental_alter_configs_request as incremental;
use klamm_protocol::metadata_records::MetadataRecord;

use super::config_operation::{self, Operation};
use super::{Named, Outcome, Refusal};
use crate::config::Configs;
use crate::image::{ConfigResource, MetadataImage, ResourceType, topic_name_error};

/// One result for each resource, in the order asked.
pub(super) type Results = Vec<Result<(), Refusal>>;

/// Decides an IncrementalAlterConfigs request; loggers are answered with success here.
pub fn incremental_alter_configs(
    image: &MetadataImage,
    configs: &Configs<'_>,
    request: &incremental::IncrementalAlterConfigsRequest,
) -> Outcome<Results> {
    let name = |resource: &incremental::AlterConfigsResource| {
        (resource.resource_type, resource.resource_name.clone())
    };
    decide(request.validate_only, &request.resources, name, |resource| {
        let target = resource_of(image, configs, resource.resource_type, &resource.resource_name)?;
        let named = Named::count(resource.configs.iter().map(|config| config.name.as_str()));
        let mut changes = Vec::new();
        for config in &resource.configs {
            if named.repeats(&config.name.as_str()) {
                return Err(Refusal::new(
                    ErrorCode::INVALID_REQUEST,
                    format!("Duplicate config key {}", config.name),
                ));
            }
            let value = || {
                let missing = || {
                    Refusal::new(
                        ErrorCode::INVALID_REQUEST,
                        format!("Null value not supported for {}", config.name),
                    )
                };
                config.value.clone().ok_or_else(missing)
            };
            let operation = match config.config_operation {
                0 => Operation::Set(value()?),
                1 => Operation::Delete,
                2 => Operation::Append(value()?),
                3 => Operation::Subtract(value()?),
                _ => return Err(Refusal::bare(ErrorCode::UNKNOWN_SERVER_ERROR)),
            };
            changes.push((config.name.clone(), operation));
        }
        records(configs, &target, changes)
    })
}

/// Decides an AlterConfigs request: keys that it does not name are no longer set.
pub fn alter_configs(
    image: &MetadataImage,
    configs: &Configs<'_>,
    request: &AlterConfigsRequest,
) -> Outcome<Results> {
    let name = |resource: &AlterConfigsResource| (resource.resource_type, resource.resource_name.clone());
    decide(request.validate_only, &request.resources, name, |resource| {
        let target = resource_of(image, configs, resource.resource_type, &resource.resource_name)?;
        if target.kind == ResourceType::BrokerLogger {
            return Err(Refusal::new(
                ErrorCode::INVALID_REQUEST,
                "Levels of loggers are altered with IncrementalAlterConfigs only.",
            ));
        }
        let mut new = BTreeMap::new();
        for config in &resource.configs {
            let Some(value) = &config.value else {
                return Err(Refusal::new(
                    ErrorCode::INVALID_REQUEST,
                    format!("Null value not supported for {}", config.name),
                ));
            };
            if new.insert(config.name.clone(), Operation::Set(value.clone())).is_some() {
                return Err(Refusal::new(
                    ErrorCode::INVALID_REQUEST,
                    format!("Duplicate config key {}", config.name),
                ));
            }
        }
        for name in image.configs.of(&target).into_iter().flatten().map(|(name, _)| name) {
            new.entry(name.clone()).or_insert(Operation::Delete);
        }
        records(configs, &target, new.into_iter().collect())
    })
}

fn decide<R>(
    validate_only: bool,
    resources: &[R],
    name: impl Fn(&R) -> (i8, String),
    change: impl Fn(&R) -> Result<Vec<MetadataRecord>, Refusal>,
) -> Outcome<Results> {
    let mut outcome = Outcome { records: Vec::new(), response: Vec::new() };
    let named = Named::count(resources.iter().map(&name));
    for resource in resources {
        let decided = if named.repeats(&name(resource)) {
            Err(Refusal::new(ErrorCode::INVALID_REQUEST, "Each resource must appear at most once."))
        } else {
            change(resource)
        };
        outcome.response.push(decided.map(|records| {
            if !validate_only {
                outcome.records.extend(records);
            }
        }));
    }
    outcome
}

/// The resource that a request names, if there is such a one.
fn resource_of(
    image: &MetadataImage,
    configs: &Configs<'_>,
    code: i8,
    name: &str,
) -> Result<ConfigResource, Refusal> {
    let refuse = |code: ErrorCode, message: String| Err(Refusal::new(code, message));
    let Some(kind) = ResourceType::from_code(code) else {
        return refuse(
            ErrorCode::INVALID_REQUEST,
            format!(
                "Unexpected resource type {code}; allowed are 2 topic, 4 broker, 8 broker logger, 16 client metrics, 32 group"
            ),
        );
    };
    match kind {
        ResourceType::Topic => {
            if let Some(error) = topic_name_error(name) {
                return refuse(
                    ErrorCode::INVALID_TOPIC_EXCEPTION,
                    format!("Topic name '{name}' is invalid: {error}"),
                );
            }
            if image.topic(name).is_none() {
                return refuse(
                    ErrorCode::UNKNOWN_TOPIC_OR_PARTITION,
                    format!("Topic '{name}' does not exist."),
                );
            }
        }
        ResourceType::Broker if name.is_empty() => {}
        ResourceType::Broker | ResourceType::BrokerLogger => match name.parse::<i32>() {
            Ok(id) if image.brokers.contains_key(&id) || id == configs.node_id => {}
            Ok(id) => return refuse(ErrorCode::INVALID_REQUEST, format!("Broker {id} is not registered.")),
            Err(_) => {
                return refuse(
                    ErrorCode::INVALID_REQUEST,
                    format!("A broker is named by its id in digits, not by '{name}'."),
                );
            }
        },
        ResourceType::Group | ResourceType::ClientMetrics if name.is_empty() => {
            return refuse(
                ErrorCode::INVALID_REQUEST,
                "The name of this resource must not be empty.".to_owned(),
            );
        }
        ResourceType::Group | ResourceType::ClientMetrics => {}
    }
    Ok(ConfigResource::new(kind, name))
}

fn records(
    configs: &Configs<'_>,
    resource: &ConfigResource,
    changes: Vec<(String, Operation)>,
) -> Result<Vec<MetadataRecord>, Refusal> {
    let mut records = Vec::new();
    if resource.kind == ResourceType::BrokerLogger {
        return Ok(records);
    }
    let mut together = configs.image.of(resource).cloned().unwrap_or_default();
    for (name, operation) in changes {
        let value = config_operation::apply(configs, resource, &name, &operation)?;
        let unchanged = configs.image.value(resource, &name) == value.as_deref();
        match &value {
            Some(value) => together.insert(name.clone(), value.clone()),
            None => together.remove(&name),
        };
        if !unchanged {
            records.push(config_operation::record(resource, &name, value)?);
        }
    }
    if resource.kind == ResourceType::Topic {
        config_operation::check_topic_together(&together)?;
    }
    Ok(records)
}
