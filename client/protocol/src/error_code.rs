//! Error codes as a newtype, so that a code that this version does not know passes through unharmed.
//!
//! The constants and the table are generated from `schema/error_codes.schema`.
//!
//! Not here: errors of decoding (`error`).

use std::fmt;

use crate::generated::error_codes::{self, Description};

/// What a response says about a request or a part of it; [`ErrorCode::NONE`] is success.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ErrorCode(pub i16);

impl ErrorCode {
    fn description(self) -> Option<&'static Description> {
        usize::try_from(i32::from(self.0) + 1).ok().and_then(|index| error_codes::TABLE.get(index))
    }

    /// Kafka's name, or `None` for a code that is not in the table.
    pub fn name(self) -> Option<&'static str> {
        self.description().map(|description| description.name)
    }

    /// The code of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        let index = error_codes::TABLE.iter().position(|description| description.name == name)?;
        i16::try_from(index).ok().map(|index| Self(index - 1))
    }

    /// Whether the same request may succeed later.
    pub fn is_retriable(self) -> bool {
        self.description().is_some_and(|description| description.retriable)
    }

    /// Whether a client should ask for metadata before it tries again.
    pub fn refreshes_metadata(self) -> bool {
        self.description().is_some_and(|description| description.refreshes_metadata)
    }

    /// Whether this is success.
    pub fn is_none(self) -> bool {
        self == Self::NONE
    }

    /// Whether this is an error of whatever kind.
    pub fn is_error(self) -> bool {
        self != Self::NONE
    }

    /// `Ok` for success, or the code as the error.
    pub fn into_result(self) -> Result<(), Self> {
        if self.is_none() { Ok(()) } else { Err(self) }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.pad(name),
            None => write!(f, "UNKNOWN({})", self.0),
        }
    }
}

impl fmt::Debug for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for ErrorCode {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_indexed_by_code() {
        for (code, number, name, retriable, refreshes) in [
            (ErrorCode::UNKNOWN_SERVER_ERROR, -1, "UNKNOWN_SERVER_ERROR", false, false),
            (ErrorCode::NONE, 0, "NONE", false, false),
            (ErrorCode::NOT_LEADER_OR_FOLLOWER, 6, "NOT_LEADER_OR_FOLLOWER", true, true),
            (ErrorCode::THROTTLING_QUOTA_EXCEEDED, 89, "THROTTLING_QUOTA_EXCEEDED", true, false),
            (ErrorCode::CONTROLLER_ID_NOT_REGISTERED, 136, "CONTROLLER_ID_NOT_REGISTERED", false, false),
        ] {
            assert_eq!(code.0, number);
            assert_eq!(code.name(), Some(name));
            assert_eq!(ErrorCode::from_name(name), Some(code));
            assert_eq!((code.is_retriable(), code.refreshes_metadata()), (retriable, refreshes), "{code}");
        }
    }

    #[test]
    fn an_unknown_code_keeps_its_number() {
        for number in [-2, 137, i16::MAX, i16::MIN] {
            assert_eq!(ErrorCode(number).name(), None);
            assert_eq!(ErrorCode(number).to_string(), format!("UNKNOWN({number})"));
        }
    }
}
