//! The versions that a node serves, and the highest that both sides know. Not here: features' meaning.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use bytes::Bytes;
use klamm_protocol::{ApiKey, ApiVersionsRequest, ApiVersionsResponse, ErrorCode, Message};

use super::{Body, RequestError};

/// The version in which a node is asked first; 5 would tie the request to one cluster and node.
pub const INTRODUCTION_VERSION_MAX: i16 = 4;

/// What a node answered to ApiVersions.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct NodeVersions {
    /// The answer.
    pub response: ApiVersionsResponse,
    ranges: BTreeMap<i16, (i16, i16)>,
}

impl NodeVersions {
    pub(super) fn new(response: ApiVersionsResponse) -> Self {
        let ranges =
            response.api_keys.iter().map(|api| (api.api_key, (api.min_version, api.max_version))).collect();
        NodeVersions { response, ranges }
    }

    /// The versions of an API that the node serves.
    pub fn range(&self, key: ApiKey) -> Option<RangeInclusive<i16>> {
        self.ranges.get(&(key as i16)).map(|(lowest, highest)| *lowest..=*highest)
    }

    /// The highest version that the node serves and `body` can be asked in.
    ///
    /// # Errors
    /// There is none; the error names both ranges.
    pub fn choose(&self, body: &dyn Body) -> Result<i16, RequestError> {
        let (ours, theirs) = (body.versions(), self.range(body.key()));
        let common = theirs.as_ref().and_then(|theirs| {
            let highest = *ours.end().min(theirs.end());
            (highest >= *ours.start().max(theirs.start())).then_some(highest)
        });
        common.ok_or(RequestError::UnsupportedVersion { key: body.key(), ours, theirs })
    }
}

/// What came of asking for the versions.
pub(super) enum Handshake {
    Done(NodeVersions),
    /// The node does not know the version, but this one.
    AskAgain(i16),
}

/// Reads the answer to ApiVersions. A node that does not know the version answers in version 0, whose first field
/// is where it is in all others.
pub(super) fn read(body: Bytes, asked: i16) -> Result<Handshake, RequestError> {
    let malformed = |error: &dyn std::fmt::Display| RequestError::Malformed(error.to_string());
    let refused = body.get(..2) == Some(&ErrorCode::UNSUPPORTED_VERSION.0.to_be_bytes());
    let version = if refused { 0 } else { asked };
    let (response, _) = ApiVersionsResponse::from_bytes(body, version).map_err(|error| malformed(&error))?;
    if !refused {
        return match response.error_code {
            ErrorCode::NONE => Ok(Handshake::Done(NodeVersions::new(response))),
            code => Err(malformed(&format!("ApiVersions: {code}"))),
        };
    }
    let own = response.api_keys.iter().find(|api| api.api_key == ApiKey::ApiVersions as i16);
    let highest = own.map_or(0, |api| api.max_version.min(INTRODUCTION_VERSION_MAX));
    if highest < 0 || highest >= asked {
        return Err(malformed(&"ApiVersions is refused in every version"));
    }
    Ok(Handshake::AskAgain(highest))
}

/// How this client introduces itself (KIP-511).
pub fn introduction() -> ApiVersionsRequest {
    ApiVersionsRequest {
        client_software_name: "klamm".into(),
        client_software_version: env!("CARGO_PKG_VERSION").into(),
        ..ApiVersionsRequest::default()
    }
}
