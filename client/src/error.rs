//! The one error of all clients. Not here: errors of a configuration's text ([`ConfigError`]).

use std::fmt;
use std::io;
use std::time::Duration;

use klamm_client_core::RequestError;
use klamm_protocol::{ApiKey, DecodeError, EncodeError, ErrorCode};
use klamm_records::RecordsError;

use crate::record::TopicPartition;

/// Why an operation of a client failed. Opaque: ask it what to do, and print it.
#[derive(Clone, Debug)]
pub struct Error(Box<Kind>);

#[derive(Clone, Debug)]
enum Kind {
    Code { code: ErrorCode, message: Option<String> },
    Request(RequestError),
    Timeout { what: &'static str, after: Duration },
    Protocol(String),
    Invalid(String),
    TooLarge { size: usize, size_max: usize, key: &'static str },
    Corrupt(String),
    Damaged { at: TopicPartition, offset: i64, why: String },
    NoOffset { topic: String, partition: i32 },
    OutOfRange { topic: String, partition: i32, offset: i64 },
    Full,
    Closed,
    Config(ConfigError),
}

/// A configuration that no client can start with; says what is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// Kafka's property name.
    pub key: String,
    /// The value refused; empty if the key is missing.
    pub value: String,
    /// What is allowed, in words.
    pub allowed: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value.as_str() {
            "" => write!(f, "{} is missing; allowed: {}", self.key, self.allowed),
            value => write!(f, "{} cannot be '{value}'; allowed: {}", self.key, self.allowed),
        }
    }
}

impl std::error::Error for ConfigError {}

impl Error {
    /// Whether the same call may succeed later.
    pub fn is_retriable(&self) -> bool {
        match &*self.0 {
            Kind::Code { code, .. } => code.is_retriable(),
            Kind::Request(error) => error.is_retriable(),
            Kind::Timeout { .. } | Kind::Full => true,
            _ => false,
        }
    }

    /// Whether this client is of no more use: it was closed, fenced, or misconfigured.
    pub fn is_fatal(&self) -> bool {
        match &*self.0 {
            Kind::Code { code, .. } => is_fatal(*code),
            Kind::Closed | Kind::Config(_) => true,
            _ => false,
        }
    }

    /// Whether time ran out before it was known whether the operation took place.
    pub fn is_timeout(&self) -> bool {
        match &*self.0 {
            Kind::Code { code, .. } => *code == ErrorCode::REQUEST_TIMED_OUT,
            Kind::Request(error) => *error == RequestError::TimedOut,
            Kind::Timeout { .. } => true,
            _ => false,
        }
    }

    /// Kafka's error code, where a broker answered with one.
    pub fn code(&self) -> Option<ErrorCode> {
        match &*self.0 {
            Kind::Code { code, .. } => Some(*code),
            _ => None,
        }
    }

    /// Where a consumer met records that are damaged, on the broker's disk or on their way. It goes on behind them if it
    /// is told to: with `seek`, one offset after the other, since nobody knows where they end.
    pub fn damaged_at(&self) -> Option<(&TopicPartition, i64)> {
        match &*self.0 {
            Kind::Damaged { at, offset, .. } => Some((at, *offset)),
            _ => None,
        }
    }

    pub(crate) fn broker(code: ErrorCode, message: Option<String>) -> Self {
        Kind::Code { code, message }.into()
    }

    pub(crate) fn timeout(what: &'static str, after: Duration) -> Self {
        Kind::Timeout { what, after }.into()
    }

    pub(crate) fn protocol(what: impl Into<String>) -> Self {
        Kind::Protocol(what.into()).into()
    }

    pub(crate) fn invalid(what: impl Into<String>) -> Self {
        Kind::Invalid(what.into()).into()
    }

    pub(crate) fn too_large(size: usize, size_max: usize, key: &'static str) -> Self {
        Kind::TooLarge { size, size_max, key }.into()
    }

    pub(crate) fn corrupt(what: impl Into<String>) -> Self {
        Kind::Corrupt(what.into()).into()
    }

    pub(crate) fn damaged(at: TopicPartition, offset: i64, why: impl Into<String>) -> Self {
        Kind::Damaged { at, offset, why: why.into() }.into()
    }

    pub(crate) fn no_offset(topic: &str, partition: i32) -> Self {
        Kind::NoOffset { topic: topic.into(), partition }.into()
    }

    pub(crate) fn out_of_range(topic: &str, partition: i32, offset: i64) -> Self {
        Kind::OutOfRange { topic: topic.into(), partition, offset }.into()
    }

    /// Retriable: partitions can be added.
    pub(crate) fn no_partition(topic: &str, partition: i32, partitions: usize) -> Self {
        let message = match partitions {
            0 => format!("{topic} has no partitions yet"),
            _ => format!("{topic} has partitions 0 to {}, not {partition}", partitions - 1),
        };
        Self::broker(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION, Some(message))
    }

    pub(crate) fn full() -> Self {
        Kind::Full.into()
    }

    pub(crate) fn closed() -> Self {
        Kind::Closed.into()
    }

    /// `Ok` for NONE.
    pub(crate) fn check(code: ErrorCode, message: Option<String>) -> Result<(), Self> {
        if code.is_none() { Ok(()) } else { Err(Self::broker(code, message)) }
    }

    pub(crate) fn missing_answer(key: ApiKey, about: &str) -> Self {
        Self::protocol(format!("the answer to {key} says nothing of {about}"))
    }
}

fn is_fatal(code: ErrorCode) -> bool {
    [
        ErrorCode::CLUSTER_AUTHORIZATION_FAILED,
        ErrorCode::UNSUPPORTED_VERSION,
        ErrorCode::UNSUPPORTED_FOR_MESSAGE_FORMAT,
        ErrorCode::PRODUCER_FENCED,
        ErrorCode::INVALID_PRODUCER_ID_MAPPING,
        ErrorCode::FENCED_INSTANCE_ID,
        ErrorCode::SASL_AUTHENTICATION_FAILED,
    ]
    .contains(&code)
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::Code { code, message: Some(message) } => write!(f, "{code}: {message}"),
            Kind::Code { code, message: None } => write!(f, "{code}"),
            Kind::Request(error) => error.fmt(f),
            Kind::Timeout { what, after } => write!(f, "{what} took longer than {} ms", after.as_millis()),
            Kind::Protocol(what) | Kind::Invalid(what) => f.write_str(what),
            Kind::TooLarge { size, size_max, key } => {
                write!(f, "a record, or its batch, of {size} bytes is larger than {key} = {size_max} allows")
            }
            Kind::Corrupt(what) => write!(f, "corrupt records: {what}"),
            Kind::Damaged { at, offset, why } => {
                write!(f, "the records of {at} at offset {offset} are damaged: {why}")
            }
            Kind::NoOffset { topic, partition } => {
                write!(f, "{topic}-{partition} has no position and auto.offset.reset is none")
            }
            Kind::OutOfRange { topic, partition, offset } => write!(
                f,
                "offset {offset} is out of range in {topic}-{partition} and auto.offset.reset is none"
            ),
            Kind::Full => f.write_str("buffer.memory is used up"),
            Kind::Closed => f.write_str("the client is closed"),
            Kind::Config(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

impl From<Kind> for Error {
    fn from(kind: Kind) -> Self {
        Error(Box::new(kind))
    }
}

impl From<ConfigError> for Error {
    fn from(error: ConfigError) -> Self {
        Kind::Config(error).into()
    }
}

impl From<RequestError> for Error {
    fn from(error: RequestError) -> Self {
        Kind::Request(error).into()
    }
}

impl From<ErrorCode> for Error {
    fn from(code: ErrorCode) -> Self {
        Error::broker(code, None)
    }
}

impl From<DecodeError> for Error {
    fn from(error: DecodeError) -> Self {
        Error::protocol(error.to_string())
    }
}

impl From<EncodeError> for Error {
    fn from(error: EncodeError) -> Self {
        Error::protocol(error.to_string())
    }
}

impl From<RecordsError> for Error {
    fn from(error: RecordsError) -> Self {
        Error::corrupt(error.to_string())
    }
}

impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        io::Error::other(error)
    }
}
