//! Configurations of topics, brokers and whatever else has one. Not here: what the keys mean.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use klamm_client_core::{ByVersion, Moment};
use klamm_protocol::{
    AlterConfigsRequest, ApiKey, DescribeConfigsRequest, IncrementalAlterConfigsRequest,
    ListConfigResourcesRequest, alter_configs_request, describe_configs_request, describe_configs_response,
    incremental_alter_configs_request,
};

use super::attempts::{ask_any, nodes_once, retry};
use super::{AlterConfigOp, ConfigEntry, ConfigResource, ConfigResourceType, ConfigSynonym, Each};
use crate::error::Error;
use crate::link::Link;

/// The broker that alone can answer for a resource.
fn broker_of(resource: &ConfigResource) -> Option<i32> {
    use ConfigResourceType::{Broker, BrokerLogger};
    matches!(resource.kind, Broker | BrokerLogger).then(|| resource.name.parse().ok()).flatten()
}

/// Resources by the broker that must be asked; `None` for any.
fn by_broker<T>(
    resources: impl IntoIterator<Item = (ConfigResource, T)>,
) -> BTreeMap<Option<i32>, Vec<(ConfigResource, T)>> {
    let mut groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (resource, value) in resources {
        groups.entry(broker_of(&resource)).or_default().push((resource, value));
    }
    groups
}

/// The node to ask for a group of resources.
async fn node_for(link: &Rc<Link>, broker: Option<i32>, deadline: Moment) -> Result<i32, Error> {
    match broker {
        None => link.any_node(),
        Some(broker) => {
            nodes_once(link, deadline).await?;
            Ok(broker)
        }
    }
}

pub(super) async fn describe(
    link: Rc<Link>,
    resources: BTreeSet<ConfigResource>,
    include_synonyms: bool,
    include_documentation: bool,
) -> Result<Each<ConfigResource, Vec<ConfigEntry>>, Error> {
    let mut outcomes = Each::new();
    for (broker, group) in by_broker(resources.into_iter().map(|resource| (resource, ()))) {
        let resource =
            |(resource, ()): &(ConfigResource, ())| describe_configs_request::DescribeConfigsResource {
                resource_type: resource.kind as i8,
                resource_name: resource.name.clone(),
                configuration_keys: None,
                ..Default::default()
            };
        let request = DescribeConfigsRequest {
            resources: group.iter().map(resource).collect(),
            include_synonyms,
            include_documentation,
            ..DescribeConfigsRequest::default()
        };
        let response = retry(&link, async |deadline| {
            let node = node_for(&link, broker, deadline).await?;
            link.ask::<DescribeConfigsRequest>(node, Box::new(request.clone()), deadline).await
        })
        .await?;
        for result in response.results {
            let Some(resource) = known(result.resource_type, result.resource_name) else { continue };
            let entries = Error::check(result.error_code, result.error_message)
                .map(|()| result.configs.into_iter().map(entry).collect());
            outcomes.insert(resource, entries);
        }
        require(&outcomes, ApiKey::DescribeConfigs, group.iter().map(|(resource, ())| resource))?;
    }
    Ok(outcomes)
}

fn known(kind: i8, name: String) -> Option<ConfigResource> {
    Some(ConfigResource { kind: ConfigResourceType::from_number(kind)?, name })
}

fn require<'a, T>(
    outcomes: &Each<ConfigResource, T>,
    key: ApiKey,
    asked: impl IntoIterator<Item = &'a ConfigResource>,
) -> Result<(), Error> {
    match asked.into_iter().find(|resource| !outcomes.contains_key(resource)) {
        Some(missing) => Err(Error::missing_answer(key, &missing.name)),
        None => Ok(()),
    }
}

fn entry(config: describe_configs_response::DescribeConfigsResourceResult) -> ConfigEntry {
    let synonym = |synonym: describe_configs_response::DescribeConfigsSynonym| ConfigSynonym {
        name: synonym.name,
        value: synonym.value,
        source: synonym.source,
    };
    ConfigEntry {
        name: config.name,
        value: config.value,
        source: config.config_source,
        is_sensitive: config.is_sensitive,
        is_read_only: config.read_only,
        config_type: config.config_type,
        synonyms: config.synonyms.into_iter().map(synonym).collect(),
        documentation: config.documentation,
    }
}

pub(super) async fn alter_incrementally(
    link: Rc<Link>,
    changes: BTreeMap<ConfigResource, Vec<AlterConfigOp>>,
    validate_only: bool,
) -> Result<Each<ConfigResource, ()>, Error> {
    let mut outcomes = Each::new();
    for (broker, group) in by_broker(changes) {
        let resource = |(resource, operations): &(ConfigResource, Vec<AlterConfigOp>)| {
            incremental_alter_configs_request::AlterConfigsResource {
                resource_type: resource.kind as i8,
                resource_name: resource.name.clone(),
                configs: operations.iter().map(alterable).collect(),
                ..Default::default()
            }
        };
        let request = IncrementalAlterConfigsRequest {
            resources: group.iter().map(resource).collect(),
            validate_only,
            ..IncrementalAlterConfigsRequest::default()
        };
        let response = retry(&link, async |deadline| {
            let node = node_for(&link, broker, deadline).await?;
            link.ask::<IncrementalAlterConfigsRequest>(node, Box::new(request.clone()), deadline).await
        })
        .await?;
        for result in response.responses {
            let Some(resource) = known(result.resource_type, result.resource_name) else { continue };
            outcomes.insert(resource, Error::check(result.error_code, result.error_message));
        }
        require(&outcomes, ApiKey::IncrementalAlterConfigs, group.iter().map(|(resource, _)| resource))?;
    }
    Ok(outcomes)
}

fn alterable(operation: &AlterConfigOp) -> incremental_alter_configs_request::AlterableConfig {
    let (number, name, value) = match operation {
        AlterConfigOp::Set(name, value) => (0, name, Some(value)),
        AlterConfigOp::Delete(name) => (1, name, None),
        AlterConfigOp::Append(name, value) => (2, name, Some(value)),
        AlterConfigOp::Subtract(name, value) => (3, name, Some(value)),
    };
    incremental_alter_configs_request::AlterableConfig {
        name: name.clone(),
        config_operation: number,
        value: value.cloned(),
        ..Default::default()
    }
}

pub(super) async fn replace(
    link: Rc<Link>,
    replacements: BTreeMap<ConfigResource, BTreeMap<String, String>>,
    validate_only: bool,
) -> Result<Each<ConfigResource, ()>, Error> {
    let mut outcomes = Each::new();
    for (broker, group) in by_broker(replacements) {
        let config = |(name, value): (&String, &String)| alter_configs_request::AlterableConfig {
            name: name.clone(),
            value: Some(value.clone()),
            ..Default::default()
        };
        let resource = |(resource, configs): &(ConfigResource, BTreeMap<String, String>)| {
            alter_configs_request::AlterConfigsResource {
                resource_type: resource.kind as i8,
                resource_name: resource.name.clone(),
                configs: configs.iter().map(config).collect(),
                ..Default::default()
            }
        };
        let request = AlterConfigsRequest {
            resources: group.iter().map(resource).collect(),
            validate_only,
            ..AlterConfigsRequest::default()
        };
        let response = retry(&link, async |deadline| {
            let node = node_for(&link, broker, deadline).await?;
            link.ask::<AlterConfigsRequest>(node, Box::new(request.clone()), deadline).await
        })
        .await?;
        for result in response.responses {
            let Some(resource) = known(result.resource_type, result.resource_name) else { continue };
            outcomes.insert(resource, Error::check(result.error_code, result.error_message));
        }
        require(&outcomes, ApiKey::AlterConfigs, group.iter().map(|(resource, _)| resource))?;
    }
    Ok(outcomes)
}

pub(super) async fn list(
    link: Rc<Link>,
    types: Vec<ConfigResourceType>,
) -> Result<Vec<ConfigResource>, Error> {
    let resource_types: Vec<i8> = types.iter().map(|kind| *kind as i8).collect();
    // Version 0 knows client metrics only, and cannot name a type.
    let lowest = if types == [ConfigResourceType::ClientMetrics] { 0 } else { 1 };
    let body = || {
        let resource_types = resource_types.clone();
        ByVersion::new(move |version| ListConfigResourcesRequest {
            resource_types: if version == 0 { Vec::new() } else { resource_types.clone() },
            ..Default::default()
        })
        .from(lowest)
        .into()
    };
    let response = ask_any::<ListConfigResourcesRequest>(&link, body).await?;
    Error::check(response.error_code, None)?;
    let mut resources: Vec<ConfigResource> = response
        .config_resources
        .into_iter()
        .filter_map(|resource| known(resource.resource_type, resource.resource_name))
        .collect();
    resources.sort();
    Ok(resources)
}
