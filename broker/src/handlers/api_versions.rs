//! ApiVersions (KIP-35, KIP-511, KIP-1242): what is served here, and nothing else.
//! Not here: features' levels, which `klamm-metadata` decides.

use std::rc::Rc;

use klamm_metadata::controller::{FEATURES, finalized_features};
use klamm_protocol::api_versions_request::ApiVersionsRequest;
use klamm_protocol::api_versions_response::{
    ApiVersion, ApiVersionsResponse, FinalizedFeatureKey, SupportedFeatureKey,
};
use klamm_protocol::{ApiKey, ErrorCode};

use crate::dispatch::RequestContext;
use crate::lane::LaneState;

/// The answer to a version that does not exist, in version 0: the versions that do.
pub(crate) fn unsupported() -> ApiVersionsResponse {
    ApiVersionsResponse {
        error_code: ErrorCode::UNSUPPORTED_VERSION,
        api_keys: vec![advertised(ApiKey::ApiVersions)],
        ..ApiVersionsResponse::default()
    }
}

fn advertised(key: ApiKey) -> ApiVersion {
    let versions = key.advertised_versions();
    ApiVersion {
        api_key: key as i16,
        min_version: *versions.start(),
        max_version: *versions.end(),
        ..ApiVersion::default()
    }
}

/// Answers the request.
pub(crate) async fn handle(
    state: Rc<LaneState>,
    context: RequestContext,
    request: ApiVersionsRequest,
) -> ApiVersionsResponse {
    if let Err(error_code) = check(&state, context.version, &request) {
        return ApiVersionsResponse { error_code, ..ApiVersionsResponse::default() };
    }
    let image = state.image();
    // Clients of version 3 choke on features whose minimum is 0 (KIP-584).
    let supported = FEATURES.iter().filter(|(_, min, ..)| *min > 0 || context.version >= 4);
    let finalized = finalized_features(&image, state.node.kraft_version);
    ApiVersionsResponse {
        api_keys: context.connection.listener.apis().iter().copied().map(advertised).collect(),
        supported_features: supported
            .map(|(name, min, max, _)| SupportedFeatureKey {
                name: (*name).to_owned(),
                min_version: *min,
                max_version: *max,
                ..SupportedFeatureKey::default()
            })
            .collect(),
        finalized_features_epoch: if context.version >= 3 { state.metadata_offset() } else { -1 },
        finalized_features: finalized
            .into_iter()
            .map(|(name, level)| FinalizedFeatureKey {
                min_version_level: FEATURES
                    .iter()
                    .find(|(known, ..)| *known == name)
                    .map_or(level, |(_, min, ..)| (*min).max(1)),
                name,
                max_version_level: level,
                ..FinalizedFeatureKey::default()
            })
            .collect(),
        ..ApiVersionsResponse::default()
    }
}

fn check(state: &LaneState, version: i16, request: &ApiVersionsRequest) -> Result<(), ErrorCode> {
    if version >= 3
        && !(is_software_name(&request.client_software_name)
            && is_software_name(&request.client_software_version))
    {
        return Err(ErrorCode::INVALID_REQUEST);
    }
    if version < 5 {
        return Ok(());
    }
    match (&request.cluster_id, request.node_id) {
        (None, -1) => Ok(()),
        (None, _) | (Some(_), -1) => Err(ErrorCode::INVALID_REQUEST),
        (Some(cluster), node) if *cluster == state.node.cluster_id && node == state.node_id() => Ok(()),
        (Some(_), _) => Err(ErrorCode::REBOOTSTRAP_REQUIRED),
    }
}

/// Letters and digits at both ends; `-` and `.` in between as well.
fn is_software_name(name: &str) -> bool {
    let alphanumeric = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = name.as_bytes();
    alphanumeric(bytes.first())
        && alphanumeric(bytes.last())
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
}
