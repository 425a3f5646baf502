//! DescribeConfigs and ListConfigResources. Not here: loggers, which live in one broker's memory.

use std::collections::BTreeSet;

use klamm_protocol::ErrorCode;
use klamm_protocol::describe_configs_request::DescribeConfigsResource;
use klamm_protocol::describe_configs_response::{
    DescribeConfigsResourceResult, DescribeConfigsResult, DescribeConfigsSynonym,
};

use super::{Refusal, config_operation, told};
use crate::config::{Configs, Definition, Definitions, Origin, Source, UpdateMode, is_sensitive};
use crate::image::{ConfigResource, MetadataImage, ResourceType, topic_name_error};

/// Describes one resource.
pub fn describe_config_resource(
    image: &MetadataImage,
    configs: &Configs<'_>,
    asked: &DescribeConfigsResource,
    include_synonyms: bool,
) -> DescribeConfigsResult {
    let described = resource_of(image, configs, asked)
        .map(|resource| describe(configs, &resource, asked, include_synonyms));
    let (error_code, error_message) = told(&described);
    DescribeConfigsResult {
        error_code,
        error_message,
        resource_type: asked.resource_type,
        resource_name: asked.resource_name.clone(),
        configs: described.unwrap_or_default(),
        ..DescribeConfigsResult::default()
    }
}

/// Resources of the given types that can be described.
pub fn list_config_resources(
    image: &MetadataImage,
    node_id: i32,
    types: &BTreeSet<ResourceType>,
) -> Vec<ConfigResource> {
    let mut resources = Vec::new();
    for kind in types {
        match kind {
            ResourceType::Topic => {
                resources
                    .extend(image.topic_ids.keys().map(|name| ConfigResource::new(*kind, name.as_str())));
            }
            ResourceType::Broker | ResourceType::BrokerLogger => {
                let ids: BTreeSet<i32> = image.brokers.keys().copied().chain([node_id]).collect();
                resources.extend(ids.into_iter().map(|id| ConfigResource::new(*kind, id.to_string())));
            }
            ResourceType::ClientMetrics | ResourceType::Group => {
                resources
                    .extend(image.configs.resources().filter(|resource| resource.kind == *kind).cloned());
            }
        }
    }
    resources
}

fn resource_of(
    image: &MetadataImage,
    configs: &Configs<'_>,
    asked: &DescribeConfigsResource,
) -> Result<ConfigResource, Refusal> {
    let refuse = |message: String| Err(Refusal::new(ErrorCode::INVALID_REQUEST, message));
    let name = asked.resource_name.as_str();
    let Some(kind) = ResourceType::from_code(asked.resource_type) else {
        return refuse(format!("Unsupported resource type: {}", asked.resource_type));
    };
    match kind {
        ResourceType::Topic => {
            if let Some(error) = topic_name_error(name) {
                let message = format!("Topic name '{name}' is invalid: {error}");
                return Err(Refusal::new(ErrorCode::INVALID_TOPIC_EXCEPTION, message));
            }
            if image.topic(name).is_none() {
                return Err(Refusal::bare(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION));
            }
        }
        ResourceType::Broker if name.is_empty() => {}
        ResourceType::Broker | ResourceType::BrokerLogger => {
            if name.parse::<i32>().ok() != Some(configs.node_id) {
                return refuse(format!(
                    "Unexpected broker id, expected {} or empty string, but received {name}",
                    configs.node_id
                ));
            }
        }
        ResourceType::Group | ResourceType::ClientMetrics if name.is_empty() => {
            return refuse("The name of this resource must not be empty.".to_owned());
        }
        ResourceType::Group | ResourceType::ClientMetrics => {}
    }
    Ok(ConfigResource::new(kind, name))
}

fn describe(
    configs: &Configs<'_>,
    resource: &ConfigResource,
    asked: &DescribeConfigsResource,
    include_synonyms: bool,
) -> Vec<DescribeConfigsResourceResult> {
    let keys = asked.configuration_keys.as_deref().filter(|keys| !keys.is_empty());
    let keys: Option<BTreeSet<&str>> = keys.map(|keys| keys.iter().map(String::as_str).collect());
    let wanted = |definition: &&Definition| {
        !definition.internal && keys.as_ref().is_none_or(|keys| keys.contains(definition.name))
    };
    let definitions =
        config_operation::definitions(resource.kind).into_iter().flat_map(|definitions| definitions.iter());
    let cluster_wide = resource.kind == ResourceType::Broker && resource.name.is_empty();
    let described = definitions.filter(wanted).filter_map(|definition| {
        let origins = configs.origins(resource, definition);
        let set_for_all = origins.iter().any(|origin| origin.source == Source::DynamicDefaultBroker);
        (!cluster_wide || set_for_all)
            .then(|| describe_key(configs, resource, definition, &origins, include_synonyms))
    });
    described.collect()
}

fn describe_key(
    configs: &Configs<'_>,
    resource: &ConfigResource,
    definition: &Definition,
    origins: &[Origin],
    include_synonyms: bool,
) -> DescribeConfigsResourceResult {
    let hidden = is_sensitive(definition);
    let shown = |value: Option<String>| value.filter(|_| !hidden);
    let set = origins.iter().filter(|origin| origin.source != Source::Default).cloned();
    let synonyms = set.chain(default_synonym(definition)).filter(|_| include_synonyms).map(|origin| {
        DescribeConfigsSynonym {
            name: origin.name.to_owned(),
            value: shown(origin.value),
            source: origin.source as i8,
            ..DescribeConfigsSynonym::default()
        }
    });
    DescribeConfigsResourceResult {
        name: definition.name.to_owned(),
        value: shown(configs.text(resource, definition)),
        read_only: definition.update_mode == UpdateMode::ReadOnly,
        config_source: origins.first().map_or(Source::Default, |origin| origin.source) as i8,
        is_sensitive: hidden,
        synonyms: synonyms.collect(),
        config_type: definition.kind.code(),
        ..DescribeConfigsResourceResult::default()
    }
}

/// The default as it is listed among the synonyms: under the name of the broker's key, where there is one, and only if
/// that key has a default of its own.
fn default_synonym(definition: &Definition) -> Option<Origin> {
    let broker = match definition.update_mode {
        UpdateMode::PerResource => {
            definition.synonyms.first().and_then(|synonym| Definitions::broker().get(synonym.name))
        }
        _ => None,
    };
    let named = broker.unwrap_or(definition);
    let value = named.default?.to_owned();
    Some(Origin { name: named.name, value: Some(value), source: Source::Default })
}
