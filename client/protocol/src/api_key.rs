//! What is known of each API beside its messages: name, versions, header versions, listeners.
//!
//! The enum and its table are generated from `schema/api_keys.schema` and the requests' schemas. Not here: which of
//! them a broker has handlers for.

use std::fmt;
use std::ops::RangeInclusive;

pub use crate::generated::api_keys::ApiKey;

/// A number that is no API, or an API that was removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownApiKey(pub i16);

impl fmt::Display for UnknownApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no API with key {}", self.0)
    }
}

impl std::error::Error for UnknownApiKey {}

impl TryFrom<i16> for ApiKey {
    type Error = UnknownApiKey;

    fn try_from(number: i16) -> Result<Self, UnknownApiKey> {
        Self::from_number(number).ok_or(UnknownApiKey(number))
    }
}

impl From<ApiKey> for i16 {
    fn from(key: ApiKey) -> i16 {
        key as i16
    }
}

impl ApiKey {
    /// The versions that the schema describes, unstable ones included.
    pub fn valid_versions(self) -> RangeInclusive<i16> {
        let description = self.description();
        description.valid.0..=description.valid.1
    }

    /// The versions that Kafka shows in its ApiVersions response. Produce begins with 0 there although 0-2 are
    /// refused: some clients take their absence for a broker that knows no compression (KAFKA-18659).
    pub fn advertised_versions(self) -> RangeInclusive<i16> {
        let description = self.description();
        description.advertised.0..=description.advertised.1
    }

    /// The last version that is not under development.
    pub fn latest_stable_version(self) -> i16 {
        self.description().advertised.1
    }

    /// Whether a request of this version is decoded and answered: valid and stable.
    pub fn is_supported(self, version: i16) -> bool {
        self.valid_versions().contains(&version) && version <= self.latest_stable_version()
    }

    /// Whether the body has compact lengths and tagged fields. Defined for every number, valid or not: the header of
    /// an ApiVersions request of a later version must be understood.
    pub fn is_flexible(self, version: i16) -> bool {
        self.description().flexible_from.is_some_and(|from| version >= from)
    }

    /// Version of the [`RequestHeader`](crate::RequestHeader) before a request of this version.
    pub fn request_header_version(self, version: i16) -> i16 {
        if self.is_flexible(version) { 2 } else { 1 }
    }

    /// Version of the [`ResponseHeader`](crate::ResponseHeader) before a response of this version. That of
    /// ApiVersions is always 0: a client reads it before it knows the broker (KIP-511).
    pub fn response_header_version(self, version: i16) -> i16 {
        i16::from(self != Self::ApiVersions && self.is_flexible(version))
    }

    /// Whether the API belongs to a broker's listeners.
    pub fn on_broker(self) -> bool {
        self.description().on_broker
    }

    /// Whether the API belongs to a controller's listeners.
    pub fn on_controller(self) -> bool {
        self.description().on_controller
    }

    /// Kafka's name.
    pub fn name(self) -> &'static str {
        self.description().name
    }
}

impl fmt::Display for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_versions_have_one_exception() {
        for (key, version, request, response) in [
            (ApiKey::Fetch, 11, 1, 0),
            (ApiKey::Fetch, 12, 2, 1),
            (ApiKey::ApiVersions, 0, 1, 0),
            (ApiKey::ApiVersions, 3, 2, 0),
            (ApiKey::ApiVersions, 99, 2, 0),
            (ApiKey::SaslHandshake, 1, 1, 0),
            (ApiKey::Vote, 0, 2, 1),
        ] {
            assert_eq!(key.request_header_version(version), request, "{key} {version}");
            assert_eq!(key.response_header_version(version), response, "{key} {version}");
        }
    }

    #[test]
    fn versions_shown_differ_from_valid_ones_twice() {
        let differing: Vec<_> =
            ApiKey::ALL.into_iter().filter(|key| key.valid_versions() != key.advertised_versions()).collect();
        assert_eq!(differing, [ApiKey::Produce, ApiKey::InitProducerId]);
        assert_eq!(ApiKey::Produce.advertised_versions(), 0..=13);
        assert!(!ApiKey::Produce.is_supported(2) && ApiKey::Produce.is_supported(3));
        assert!(ApiKey::InitProducerId.is_supported(5) && !ApiKey::InitProducerId.is_supported(6));
    }

    #[test]
    fn removed_keys_are_unknown() {
        for number in [-1, 4, 5, 6, 7, 95, i16::MAX] {
            assert_eq!(ApiKey::try_from(number), Err(UnknownApiKey(number)));
        }
        assert!(ApiKey::ALL.into_iter().all(|key| ApiKey::try_from(key as i16) == Ok(key)));
    }
}
