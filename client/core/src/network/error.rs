//! Why a request has no answer. Not here: error codes inside answers.

use std::fmt;
use std::ops::RangeInclusive;

use klamm_protocol::ApiKey;

/// Why a request has no answer that could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestError {
    /// No connection came about; the request was not sent.
    NotConnected(String),
    /// The connection broke while the request was under way: it may have had its effect.
    Disconnected(String),
    /// No answer within `request.timeout.ms`: it may have had its effect.
    TimedOut,
    /// Node and client have no common version of the API.
    UnsupportedVersion {
        /// The API.
        key: ApiKey,
        /// What this client can speak.
        ours: RangeInclusive<i16>,
        /// What the node says it serves; `None` if it does not have the API.
        theirs: Option<RangeInclusive<i16>>,
    },
    /// The node's bytes make no sense; the connection was closed.
    Malformed(String),
    /// The request cannot be written in the version chosen.
    Unencodable(String),
    /// No such node is known (any more).
    UnknownNode(i32),
    /// The client is closing.
    Closed,
}

impl RequestError {
    /// Whether another attempt may succeed.
    pub fn is_retriable(&self) -> bool {
        match self {
            RequestError::NotConnected(_)
            | RequestError::Disconnected(_)
            | RequestError::TimedOut
            | RequestError::Malformed(_)
            | RequestError::UnknownNode(_) => true,
            RequestError::UnsupportedVersion { .. } | RequestError::Unencodable(_) | RequestError::Closed => {
                false
            }
        }
    }

    /// Whether the node can have acted on the request.
    pub fn may_have_arrived(&self) -> bool {
        matches!(self, RequestError::Disconnected(_) | RequestError::TimedOut | RequestError::Malformed(_))
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let versions = |range: &RangeInclusive<i16>| format!("{} to {}", range.start(), range.end());
        match self {
            RequestError::NotConnected(why) => write!(f, "no connection: {why}"),
            RequestError::Disconnected(why) => write!(f, "the connection broke: {why}"),
            RequestError::TimedOut => f.write_str("no answer within request.timeout.ms"),
            RequestError::UnsupportedVersion { key, ours, theirs: Some(theirs) } => write!(
                f,
                "no common version of {key}: the node serves {}, this client speaks {}",
                versions(theirs),
                versions(ours)
            ),
            RequestError::UnsupportedVersion { key, ours, theirs: None } => write!(
                f,
                "the node does not serve {key}, of which this client speaks versions {}",
                versions(ours)
            ),
            RequestError::Malformed(why) => write!(f, "the node's answer makes no sense: {why}"),
            RequestError::Unencodable(why) => write!(f, "the request cannot be written: {why}"),
            RequestError::UnknownNode(node) => write!(f, "node {node} is not known"),
            RequestError::Closed => f.write_str("the client is closed"),
        }
    }
}

impl std::error::Error for RequestError {}
